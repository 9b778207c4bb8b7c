"""Accounts: which officer a signed-in user is, and in which post they act now."""
