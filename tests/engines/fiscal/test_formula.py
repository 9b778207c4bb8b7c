"""The language of formulas: known values, refusals that name the place, lazy branches."""

from fractions import Fraction

import pytest

from engines.fiscal.fiscal_world import LINEAR, by_unit, go, table
from shanhai.engines.fiscal.formula import Env, Kind, compile_formula
from shanhai.kernel.errors import InvalidInputError

SCOPE = {
    "x": Kind("number", 1, vector=True),
    "p": Kind("number", 0, vector=True),
    "g": Kind("text", 0, vector=True),
    "hole": Kind("number", 1, vector=True, gaps=True),
    "rate": Kind(),
}


def world() -> Env:
    env = Env(["a", "b", "c"])
    env.values |= {
        "x": [100, 200, 300],
        "p": [1, 2, 0],
        "g": ["m", "n", "m"],
        "hole": [5, None, 7],
        "rate": Fraction(63, 100),
    }
    return env


def values(text: str) -> list[object]:
    return compile_formula(text, "here", SCOPE).values(world())


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("x * rate", [63, 126, 189]),
        ("-x + 2 元", [100, 0, -100]),
        ("x ** 2 / x", [100, 200, 300]),
        ("1 + 2 * 3 - 4 / 2", [5] * 3),
        ("50% * x", [50, 100, 150]),
        ("sum(x, by=g)", [400, 200, 400]),
        ("sum(x, where=p > 0)", [300] * 3),
        ("sum(x, by=g, where=g == 'n')", [0, 200, 0]),
        ("mean(x)", [200] * 3),
        ("weighted_mean(x, p)", [Fraction(500, 3)] * 3),
        ("count(where=p>0)", [2] * 3),
        ("lowest(x) + highest(x)", [400] * 3),
        ("share(x)", [Fraction(1, 6), Fraction(1, 3), Fraction(1, 2)]),
        ("share(x, where=p>0)", [Fraction(1, 3), Fraction(2, 3), 0]),
        ("rank(x)", [3, 2, 1]),
        ("z_sample(p)", [0, 1, -1]),
        ("sd_sample(x)", [100] * 3),
        ("if(p > 0, x / p, 0)", [100, 100, 0]),
        ("p > 0 and x / p > 1 元", [0, 0, 0]),
        ("not p > 0 or x ≥ 2 元", [0, 1, 1]),
        ("g in ('n', “q”)", [0, 1, 0]),
        ("if(g == 'm', 1, 2)", [1, 2, 1]),
        ("tariff(x, 0, 10%, 150 fen, 50%)", [10, 40, 90]),
        ("clip(x, 150 fen, 2.5 元)", [150, 200, 250]),
        ("min(x, 1 million) - max(x, 0)", [0, 0, 0]),
        ("round(x / 7, -1)", [10, 30, 40]),
        ("floor(7/2) + ceil(7/2, 0)", [7] * 3),
        ("abs(-p)", [1, 2, 0]),
        ("sqrt(p * p)", [1, 2, 0]),
        ("given(hole, 0)", [5, 0, 7]),
        ("known(hole)", [1, 0, 1]),
        ("fill_level(x, p + 1, 5 元)", [260] * 3),
        ("gini(p)", [Fraction(4, 9)] * 3),
        ('at(x, "b")', [200] * 3),
        ("sum（x） × 2", [1200] * 3),
        ("min(x, 1.5 EUR) + 0 million CHF", [100, 150, 150]),
    ],
)
def test_formulas_give_known_values(text: str, found: list[object]) -> None:
    assert values(text) == found


@pytest.mark.parametrize(
    ("text", "code", "facts"),
    [
        ("x + 1", "formula.unit", {}),
        ("x > 5", "formula.unit", {}),
        ("x + p", "formula.unit", {}),
        ("sun(x)", "formula.function", {"nearest": "sum"}),
        ("rete * x", "formula.name", {"name": "rete", "nearest": "rate"}),
        ("x * (1", "syntax", {"at": 7}),
        ("x $ 2", "syntax", {"at": 3, "found": "“$”"}),
        ("x * * 2", "syntax", {"at": 5}),
        ("min(x)", "formula.arguments", {"name": "min"}),
        ("sum(x, of=g)", "formula.arguments", {"name": "sum"}),
        ("max(x, by=g, 3)", "syntax", {}),
        ("x / p", "zero", {"unit": "c"}),
        ("hole * 2", "unknown.value", {"unit": "b", "name": "hole"}),
        ("x and p", "formula.kind", {}),
        ("g < 'm'", "formula.kind", {}),
        ("g + 1", "formula.kind", {}),
        ("z_sample(p * 0)", "formula.fold", {}),
        ("share(p * 0)", "formula.fold", {}),
        ("mean(x, where=p > 9)", "formula.empty", {}),
        ('at(x, "zz")', "formula.at", {"unit": "zz"}),
        ("sqrt(p - 1)", "negative", {"unit": "c"}),
        ("sqrt(x)", "formula.kind", {}),
        ("if(p, 1, 2)", "formula.kind", {}),
        ("tariff(x, 0, 1, 2)", "formula.arguments", {}),
        ("(" * 3000 + "1" + ")" * 3000, "syntax", {}),
    ],
)
def test_refusals_name_what_is_wrong(text: str, code: str, facts: dict[str, object]) -> None:
    with pytest.raises(InvalidInputError) as error:
        values(text)
    assert error.value.code == f"fiscal.{code}"
    assert facts.items() <= error.value.facts.items()
    assert "—" not in error.value.say("zh")
    assert "—" not in error.value.say("en")


def test_a_branch_not_taken_is_not_computed() -> None:
    assert values("if(known(hole), hole, 0 + given(hole, 3 fen))") == [5, 3, 7]


def test_the_kind_of_a_formula_carries_its_power_of_money() -> None:
    kinds = [compile_formula(t, "here", SCOPE).kind.money for t in ("x", "x*x", "x/x", "p/x", "0")]
    assert kinds == [1, 2, 0, -1, None]


def test_figures_over_all_units_are_traced() -> None:
    made = compile_formula("x / sum(x) + mean(p, by=g)", "here", SCOPE)
    assert [part.text for part in made.parts] == ["sum(x)", "mean(p, by=g)"]
    assert made.names == ("x", "p", "g")


def test_a_parameter_may_be_called_as_a_function_is() -> None:
    body = (
        LINEAR.replace("rate = {", "share = {")
        .replace('"rate"', '"share"')
        .replace(
            "pop * (sum(cap) / sum(pop))",
            "pop * sum(cap) / sum(pop) + 0 * cap * share(cap) / share",
        )
    )
    data = table("u,cap,pop", [("a", 100, 1), ("b", 300, 1)])
    assert by_unit(go(body, data), "net") == by_unit(go(LINEAR, data), "net")
