"""Real facts with their sources, as data files, and the structs that read them."""
