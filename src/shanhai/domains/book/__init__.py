"""The ledger's own tables, and the one service that judges and submits acts."""
