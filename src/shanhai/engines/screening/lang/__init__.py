"""The rule language: small, typed, with units, and three-valued (a missing item is unknown).

`parse` makes the syntax tree, `check` refuses what has a wrong name, type or unit and lowers the rest to whole
numbers, `evaluate` is the slow meaning of a tree, straight from the definition. `docs/guide/screening.md`
describes the language for those who write rules.
"""
