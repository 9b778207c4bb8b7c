"""Pages that serve every noun: its list and one object with its timeline."""
