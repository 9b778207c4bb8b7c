"""Bytes of the ledger: bodies, entries, signatures, tree, tiles, notes, proofs, files. No rule.

Nothing here reads a clock, a file or a random source: time, keys and file objects are arguments.
The byte-exact specification is `docs/dev/ledger-spec.md`.
"""
