"""Shanhai (山海): signed, checked and provable East-West collaboration."""
