"""Intake: a delivery becomes a table that keeps the contract; what does not is set aside row by row with its reason."""
