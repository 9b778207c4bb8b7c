"""The rules: nouns, acts, guards, sums and dated parameters. No storage, clock, float or I/O.

Importing `shanhai.acts.book` registers every noun and act.
"""
