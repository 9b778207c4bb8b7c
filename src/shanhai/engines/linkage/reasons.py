"""Why two records are taken for one person, in words, from the answers to the model's questions."""

from shanhai.engines.linkage.choose import clashing
from shanhai.engines.linkage.exact import agreeing, sided
from shanhai.engines.linkage.model import Comparison, Model

LANGUAGES = ("both", "zh", "en")
NUMBER = ("身份证号有效且相同", "same valid number")
CLASH = ("同号异名，须人工核实", "same number but another name: a person decides")


def quoted(text: str) -> str:
    """Return a string literal of SQL."""
    return "'" + text.replace("'", "''") + "'"


def _said(zh: str, en: str, language: str) -> str:
    return {"zh": zh, "en": en}.get(language, f"{zh} {en}")


def of_exact(model: Model, language: str) -> str:
    """Return the SQL expression over `level` for pairs of the exact stage."""
    words = [
        _said(f"{NUMBER[0]}，{level.zh}", f"{NUMBER[1]}, {level.en}", language)
        for level in agreeing(model)
    ]
    cases = " ".join(f"WHEN {at} THEN {quoted(text)}" for at, text in enumerate(words))
    return f"CASE level {cases} END" if words else "''"


def of_scored(model: Model, language: str) -> str:
    """Return the SQL expression over `l` and `r` for pairs that the model scored.

    What says nothing (a value is missing) is left out.
    """
    parts = [_answer(comparison, language) for comparison in model.comparisons]
    clash = f"CASE WHEN {clashing(model)} THEN {quoted(_said(*CLASH, language))} END"
    return f"concat_ws({quoted('; ' if language == 'en' else '；')}, {', '.join([clash, *parts])})"


def _answer(comparison: Comparison, language: str) -> str:
    cases = [
        f"WHEN {sided(level.sql)} THEN "
        + ("NULL" if level.null else quoted(_said(level.zh, level.en, language)))
        for level in comparison.levels[:-1]
    ]
    last = comparison.levels[-1]
    return f"CASE {' '.join(cases)} ELSE {quoted(_said(last.zh, last.en, language))} END"
