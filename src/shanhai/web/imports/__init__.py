"""Importing spreadsheets: upload, mapping, preview, signing in one gesture."""
