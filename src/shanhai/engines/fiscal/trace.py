"""The trace of a run: for every number its article, formula, inputs and value, by unit.

A line stands for one named figure of all units; `steps_of` turns the lines into the tree of one unit.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import msgspec

from shanhai.engines.fiscal.exact import show
from shanhai.engines.fiscal.formula import Env, Formula

FEN = "fen"


class Line(NamedTuple):
    """A traced figure.

    Attributes:
        name: Its name in formulas, or a part of a transfer such as `ausgleich.due`.
        stage: Which of the eight stages, or data, parameter, total.
        article: The article it follows.
        method: The method's name.
        formula: Its formula, or what was done.
        unit: `fen` where values are money, else empty.
        inputs: Label and values of what it was made of: a list where each unit has its own, else one value.
        values: A list of shape (n units,), or one value for all.
    """

    name: str
    stage: str
    article: str
    method: str
    formula: str
    unit: str
    inputs: tuple[tuple[str, Any], ...]
    values: Any


def unit_of(*, money: bool) -> str:
    """Return the unit that a line shows."""
    return FEN if money else ""


def inputs_of(formulas: Sequence[tuple[str, Formula]], env: Env) -> tuple[tuple[str, Any], ...]:
    """Return what formulas read: names with their values, and the figures over all units inside them."""
    found = dict[str, Any]()
    for _, formula in formulas:
        for name in formula.names:
            found[name] = env.values[name]
        for part in formula.parts:
            found.setdefault(part.text, part.run(env, env.all))
    return tuple(found.items())


def labelled(formulas: Sequence[tuple[str, Formula]]) -> str:
    """Return the formulas of a method's arguments as one line."""
    if len(formulas) == 1:
        return formulas[0][1].text
    return "; ".join(f"{label} = {formula.text}" for label, formula in formulas)


def shown(value: Any) -> Any:
    """Return a value as it stands in JSON: whole numbers as they are, others as decimal text, unknown as null."""
    if value is None or isinstance(value, int | str):
        return value
    return show(value)


def texts(values: Any, count: int) -> list[str]:
    """Return the cells of a column: numbers as decimals, unknown as blank; one value for all is repeated."""
    if not isinstance(values, list):
        return texts([values], 1) * count
    return ["" if v is None else show(v) if type(v) is Fraction else str(v) for v in values]


class _Columns:
    """Columns as JSON texts, each written once however often it is an input."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.kept: dict[int, list[str]] = {}

    def of(self, values: Any) -> list[str]:
        if not isinstance(values, list):
            return [_json(values)] * self.count
        key = id(values)
        if key not in self.kept:
            self.kept[key] = [_json(value) for value in values]
        return self.kept[key]


def _json(value: Any) -> str:
    kind = type(value)
    if kind is int:
        return str(value)
    if kind is Fraction:
        return f'"{show(value)}"'
    return msgspec.json.encode(value).decode()


def encoded(lines: Sequence[Line], units: Sequence[str]) -> bytes:
    """Return every unit's steps as one JSON object, keyed by unit, as `steps_of` would give them."""
    columns, cells, patterns = _Columns(len(units)), list[list[str]](), list[str]()
    for line in lines:
        opening = {
            "name": line.name,
            "stage": line.stage,
            "article": line.article,
            "method": line.method,
            "formula": line.formula,
            "unit": line.unit,
        }
        pattern = msgspec.json.encode(opening).decode()[:-1].replace("%", "%%") + ',"inputs":{'
        labels = [
            msgspec.json.encode(label).decode().replace("%", "%%") for label, _ in line.inputs
        ]
        patterns.append(pattern + ",".join(f"{label}:%s" for label in labels) + '},"value":%s}')
        cells += [columns.of(values) for _, values in line.inputs]
        cells.append(columns.of(line.values))
    whole = "%s:[" + ",".join(patterns) + "]"
    names = [msgspec.json.encode(unit).decode() for unit in units]
    bodies = [whole % row for row in zip(names, *cells, strict=True)]
    return ("{" + ",".join(bodies) + "}").encode()


def at_unit(values: Any, at: int) -> Any:
    """Return one unit's value of what may differ between units."""
    return shown(values[at] if isinstance(values, list) else values)


def steps_of(lines: Sequence[Line], at: int) -> list[dict[str, Any]]:
    """Return one unit's steps: name, stage, article, method, formula, unit, inputs, value."""
    return [
        {
            "name": line.name,
            "stage": line.stage,
            "article": line.article,
            "method": line.method,
            "formula": line.formula,
            "unit": line.unit,
            "inputs": {label: at_unit(values, at) for label, values in line.inputs},
            "value": at_unit(line.values, at),
        }
        for line in lines
    ]


def sentence(step: Mapping[str, Any]) -> str:
    """Return a step as one line of text: name = value, with article, formula and inputs."""
    given = {k: "未填 unknown" if v is None else v for k, v in step["inputs"].items()}
    inputs = ", ".join(f"{name}={value}" for name, value in given.items())
    value = step["value"]
    if step["unit"] and isinstance(value, int):
        value = (
            f"{value} fen ({'-' if value < 0 else ''}{abs(value) // 100:,}.{abs(value) % 100:02})"
        )
    body = f"  = {step['formula']}" if step["formula"] else ""
    lines = [f"{step['name']} = {value}  [{step['stage']}, {step['article']}]"]
    if body:
        lines.append(body)
    if inputs:
        lines.append(f"  ← {inputs}")
    return "\n".join(lines)
