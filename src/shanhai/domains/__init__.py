"""Domains: tables, selectors and services around the acts."""
