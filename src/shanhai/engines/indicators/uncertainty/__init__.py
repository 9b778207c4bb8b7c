"""Uncertainty and sensitivity: what the scores would be had something been decided otherwise."""
