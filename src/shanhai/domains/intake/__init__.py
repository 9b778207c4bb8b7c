"""What people hand in: complaints and objections, protected, with a receipt that proves it was received."""
