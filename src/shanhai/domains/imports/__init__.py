"""Reading other people's announcement tables: generous in layout, strict in meaning."""
