"""The money chain: transfers, allocations, lines, budgets, contracts, claims and payments."""
