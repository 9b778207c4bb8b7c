"""Officers' own pages: the demonstration's door, enrolling a key, switching posts."""
