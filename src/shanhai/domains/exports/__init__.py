"""Writing tables for people and programs: spreadsheets, CSV, JSON, and templates to fill in."""
