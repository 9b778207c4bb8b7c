"""Official documents to GB/T 9704 from the objects as they stand and their acts, and the stamped scans of them."""
