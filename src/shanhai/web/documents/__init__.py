"""Printing official documents, matching their stamped scans, and checking a paper by its code."""
