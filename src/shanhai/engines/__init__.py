"""Engines: pure libraries over frozen structs, each worth installing alone; none knows another."""
