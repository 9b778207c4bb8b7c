"""Risk of being below the line next year: a score beside the rules, which only ever adds to the visit list."""
