"""Backups of a ledger's folder: one signed file, verified when it is made and before it is used.

The file holds the log, from which every object is made again, the tables beside it and the documents. Keys are not in
it: they lie in the cupboard, outside the data folder and outside backups, so that erasing a person's key erases that
person from every backup too. Source: reliability reference §5 G14, §6 T9.
"""
