"""Organisations, officers, keys, parameters and releases."""
