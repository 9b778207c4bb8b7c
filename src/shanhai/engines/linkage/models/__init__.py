"""Trained models, one JSON file each."""
