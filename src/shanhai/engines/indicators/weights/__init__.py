"""Weights of the children of a node: given, from the data, from experts, or optimised."""
