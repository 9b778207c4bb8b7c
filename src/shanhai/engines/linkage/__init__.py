"""Find the same person in two files, or twice in one, and say why."""
