"""Backup and restore of a data folder: what Django's tables and the vault add to `shanhai.node.backup`."""
