"""The language of schemes: exact formulas over the units' columns, parameters and earlier results."""

from shanhai.engines.fiscal.formula.compile import Env, Formula, Kind, compile_formula

__all__ = ["Env", "Formula", "Kind", "compile_formula"]
