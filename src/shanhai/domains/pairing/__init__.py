"""Pairs of regions and their annual agreements."""
