"""Holds, findings and corrections."""
