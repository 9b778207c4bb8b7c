"""Bad schemes and bad data: refused with place and nearest right name, never a silent default."""

import re
from pathlib import Path

import pytest

from engines.fiscal.fiscal_world import HEAD, LINEAR, by_unit, go, table
from shanhai import cli
from shanhai.engines import fiscal
from shanhai.kernel.errors import InvalidInputError
from shanhai.kernel.text import TEXTS

HERE = Path(fiscal.__file__).parent
COMMAND = Path(cli.__file__).parent / "fiscal.py"

GOOD = [("a", 100, 1), ("b", 300, 1), ("c", 200, 1)]
DATA = table("u,cap,pop", GOOD)


def refused(body: str, data: str = DATA, sets: dict[str, str] | None = None) -> InvalidInputError:
    with pytest.raises(InvalidInputError) as error:
        go(body, data, sets)
    for lang in ("zh", "en"):
        assert "{" not in error.value.say(lang)
    return error.value


@pytest.mark.parametrize(
    ("old", "new", "code", "facts"),
    [
        ("[[transfer]]", "[[transfr]]", "unknown", {"name": "transfr", "nearest": "transfer"}),
        ("capacity =", "capasity =", "unknown", {"name": "capasity", "nearest": "capacity"}),
        ('method = "gap"', 'method = "gaps"', "unknown", {"nearest": "gap"}),
        ('method = "gap"', "method = []", "unknown", {}),
        ("balance =", "balanse =", "unknown", {"nearest": "balance"}),
        ('balance = "exact"', 'balance = "exakt"', "unknown", {"nearest": "exact"}),
        ('kind = "money", unit = "fen"', 'kind = "mony", unit = "fen"', "field", {}),
        ('unit = "fen"', 'unit = "fenn"', "unit", {"nearest": "fen"}),
        ('value = "60%", article = "a1"', 'value = "60%"', "lacking", {"name": "article"}),
        ('value = "60%"', 'value = "sixty %"', "number", {}),
        ('value = "60%"', 'value = "60%", most = "0.5"', "range", {}),
        ('rate = "rate" }\nrec', 'rate = "rat" }\nrec', "formula.name", {"nearest": "rate"}),
        ('name = "standard"', 'name = "total"', "name.form", {"name": "total"}),
        ('name = "standard"', 'name = "pop"', "twice", {"name": "pop"}),
        ('formula = "pop *', 'formula = "t + pop *', "cycle", {}),
        ("pop = {}", 'pop = { column = "popp" }', "data.column", {"nearest": "pop"}),
        ("pop = {}", "pop = { least = 2 }", "range", {"value": "1"}),
        ("pop = {}", 'pop = { missing = "zero" }', "lacking", {"name": "reason"}),
        ("pop = {}", 'pop = { unit = "元" }', "field", {}),
        (
            '[data.columns]\ncap = { kind = "money", unit',
            "[data.columns]\ncap = { unit",
            "field",
            {},
        ),
        ("[report]", "[report]\nbesides = []", "unknown", {"nearest": "beside"}),
        ('need = "pop"', 'need = "pop - 1"', "negative", {"unit": "a"}),
        ("[parameters]", "[parameters", "toml", {}),
        ('target = "standard", rate = "rate" }\nrec', 'rate = "rate" }\nrec', "lacking", {}),
        ('capacity = "cap", target', 'capacity = "pop", target', "formula.kind", {}),
    ],
)
def test_a_wrong_word_is_refused_with_its_place(
    old: str, new: str, code: str, facts: dict[str, object]
) -> None:
    assert old in LINEAR
    error = refused(LINEAR.replace(old, new, 1))
    assert error.code == f"fiscal.{code}"
    assert facts.items() <= error.facts.items()


@pytest.mark.parametrize(
    ("data", "code", "facts"),
    [
        ("u,cap,pop\n", "data.empty", {}),
        ("u,cap,pop\na,1,1\na,2,1\n", "data.twice", {"unit": "a", "row": 3, "other": 2}),
        ("u,cap,pop\n ,1,1\n", "data.unit", {"row": 2}),
        ("u,cap,pop\na,,1\n", "data.blank", {"row": 2, "unit": "a", "column": "cap"}),
        ("u,cap,pop\na,—,1\n", "data.blank", {"row": 2}),
        ("u,cap,pop\na,1,ten\n", "data.number", {"value": "ten", "column": "pop"}),
        ("u,cap,pop\na,inf,1\n", "data.number", {"value": "inf"}),
        ("u,cap,pop\na,1e999,1\n", "data.number", {"value": "1e999"}),
        (f"u,cap,pop\na,{'9' * 5000},1\n", "data.number", {}),
        ("u,cap,pop,pop\na,1,1,1\n", "data.heading", {"column": "pop"}),
        ("u,cap,pop\na,1\n", "data.csv", {"row": 2}),
        ("u,capp,pop\na,1,1\n", "data.column", {"column": "cap", "nearest": "capp"}),
        ("u,cap,pop\na,1,0\nb,1,0\n", "zero", {}),
        ("u,cap(亿元),pop\na,1,1\n", "data.heading_unit", {"found": "亿元", "column": "cap"}),
        ("u,cap (head),pop\na,1,1\n", "data.heading_unit", {"found": "head"}),
    ],
)
def test_bad_data_are_refused_with_row_and_column(
    data: str, code: str, facts: dict[str, object]
) -> None:
    error = refused(LINEAR, data)
    assert error.code == f"fiscal.{code}"
    assert facts.items() <= error.facts.items()


def test_a_heading_may_state_the_unit_of_its_column() -> None:
    plain = table("u,cap,pop", [("a", 5, 2), ("b", 1, 2)])
    stated = table("u,cap（分）,pop (heads)", [("a", 5, 2), ("b", 1, 2)])
    assert by_unit(go(LINEAR, plain), "net") == by_unit(go(LINEAR, stated), "net")


def test_every_refusal_in_the_code_has_its_sentences_and_every_sentence_its_use() -> None:
    used = set()
    for path in [*HERE.rglob("*.py"), COMMAND]:
        used |= set(re.findall(r"refuse\(\s*\"([a-z_.]+)\"", path.read_text(encoding="utf-8")))
    told = {code.removeprefix("fiscal.") for code in TEXTS if code.startswith("fiscal.")}
    assert used == told


def test_an_unknown_parameter_is_refused_with_the_nearest() -> None:
    error = refused(LINEAR, DATA, {"rte": "1"})
    assert error.facts == {"name": "rte", "nearest": "rate"}


def test_sides_that_do_not_balance_are_refused() -> None:
    body = LINEAR.replace(
        'recipient = { method = "gap", capacity = "cap", target = "standard", rate = "rate" }',
        'recipient = { method = "gap", capacity = "cap", target = "standard", rate = "0.5" }',
    )
    error = refused(body)
    assert error.code == "fiscal.unbalanced"
    assert error.facts["gap_fen"] == 10


def bounded(*bounds: str, balance: str = "recipients") -> str:
    lines = ", ".join(bounds)
    return LINEAR.replace('balance = "exact"', f'balance = "{balance}"\nbounds = [{lines}]')


def test_bounds_that_cannot_hold_together_are_refused() -> None:
    floor = '{ method = "floor", capacity = "cap", floor = "500 fen" }'
    error = refused(bounded(floor))
    assert error.code == "fiscal.infeasible"
    assert error.facts["low_fen"] == 900
    assert error.facts["total_fen"] == 60
    cap = '{ method = "ceiling", capacity = "cap", ceiling = "150 fen" }'
    assert refused(bounded(floor, cap)).code == "fiscal.crossed"


def external(line: str) -> str:
    donor = LINEAR[LINEAR.index("donor =") : LINEAR.index("recipient =")]
    body = LINEAR.replace(donor, f'payer = "上级"\n{line}\n')
    return body.replace('balance = "exact"', 'balance = "none"')


def test_a_uniform_share_needs_a_total_to_raise() -> None:
    body = LINEAR.replace('method = "linear"', 'method = "uniform"').replace(
        ', rate = "rate" }\nrec', " }\nrec"
    )
    assert refused(body).code == "fiscal.field"
    assert sum(go(body.replace('"exact"', '"donors"'), DATA).at("t_paid")) == 60


def test_sharing_without_a_pool_is_refused() -> None:
    body = external("").replace('method = "gap", ', 'method = "gap_share", ')
    error = refused(body.replace(', rate = "rate" }', " }"))
    assert (error.code, error.facts["method"]) == ("fiscal.rule", "gap_share")


def test_bounds_on_payers_where_nobody_pays_are_refused() -> None:
    cap = '{ method = "donor_cap", base = "cap", rate = "1" }'
    assert refused(external(f"bounds = [{cap}]")).facts["method"] == "donor_cap"


def test_a_grant_from_outside_never_turns_into_a_payment() -> None:
    data = table("u,cap,pop,prev", [(u, cap, pop, -50) for u, cap, pop in GOOD])
    rule = '{ method = "phase_in", previous = "given(prev, 0)", share = "10%" }'
    error = refused(external(f"transition = [{rule}]"), data)
    assert (error.code, error.facts["method"]) == ("fiscal.rule", "phase_in")


def test_order_that_breaks_a_bound_is_refused() -> None:
    body = bounded(
        '{ method = "floor", capacity = "cap", floor = "260 fen" }',
        '{ method = "donor_cap", base = "cap", rate = "0.7" }',
        '{ method = "no_rank_reversal", capacity = "cap", need = "pop" }',
        balance="donors",
    )
    data = table("u,cap,pop", [("a", 100, 1), ("b", 500, 1), ("c", 270, 1)])
    assert go(body, data).values["t"] == [160, -172, 12]
    tight = body.replace("260 fen", "330 fen")
    assert refused(tight, data).code == "fiscal.broken"


def test_numbers_that_grow_without_end_are_refused() -> None:
    nested = "pop" + " ** 9" * 1
    for _ in range(6):
        nested = f"({nested}) ** 9"
    body = LINEAR.replace(
        'formula = "pop * (sum(cap) / sum(pop))"', f'formula = "cap * ({nested})"'
    )
    assert refused(body, table("u,cap,pop", [("a", 100, 7)])).code == "fiscal.too_large"


def test_a_negative_due_is_refused_with_its_unit() -> None:
    body = LINEAR.replace(
        'method = "linear", capacity = "cap", target = "standard", rate = "rate"',
        'amount = "cap - 150 fen"',
    )
    error = refused(body)
    assert (error.code, error.facts["unit"]) == ("fiscal.negative", "a")


def test_money_without_anyone_to_take_it_is_refused() -> None:
    body = LINEAR.replace('balance = "exact"', 'balance = "recipients"').replace(
        'method = "gap", capacity = "cap", target = "standard", rate = "rate"', 'amount = "0"'
    )
    assert refused(body).code == "fiscal.no_base"


def test_criteria_must_add_up_to_one() -> None:
    body = LINEAR.replace('balance = "exact"', 'balance = "recipients"').replace(
        'method = "gap", capacity = "cap", target = "standard", rate = "rate"',
        'method = "criteria", criteria = [{ weight = "50%", by = "pop" }]',
    )
    error = refused(body)
    assert (error.code, error.facts["method"]) == ("fiscal.rule", "criteria")


def test_a_scheme_without_a_payer_is_refused() -> None:
    body = HEAD + '[[transfer]]\nname = "t"\narticle = "a"\nrecipient = { amount = "0" }\n'
    assert refused(body).code == "fiscal.lacking"


def test_a_lookup_without_its_key_is_refused() -> None:
    body = LINEAR.replace(
        "[parameters]",
        'kind = { kind = "text", column = "u" }\n'
        '[lookup.w]\nkey = "kind"\narticle = "a"\nvalues = { a = 1, b = 2 }\n[parameters]',
    )
    error = refused(body)
    assert (error.code, error.facts["key"]) == ("fiscal.lookup", "c")
