"""Projects, their notices and lots, from declaration to archive."""
