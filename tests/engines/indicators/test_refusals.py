"""Bad input is refused with its place and how to mend it, in both languages; nothing is computed by guess."""

import pytest

from engines.indicators.schemes import HEAD, ran, read, scheme_text, table_text
from shanhai.engines.indicators import read_scheme
from shanhai.engines.indicators.output import plain, result
from shanhai.kernel.errors import InvalidInputError

DATA = table_text({"unit": ["a", "b", "c"], "x": [1, 2, 4], "y": [3, 0, -1]})
NODES = '[[nodes]]\ncode = "top"\n[[nodes]]\ncode = "p"\nparent = "top"\n'
X = '[[indicators]]\ncode = "x"\nparent = "p"\n'
STEP = '[[steps]]\nstep = "normalise"\nmethod = "minmax"\n'


def refused(scheme: str, data: str = DATA) -> InvalidInputError:
    with pytest.raises(InvalidInputError) as refusal:
        ran(scheme, data)
    for lang in ("zh", "en"):
        assert "{" not in refusal.value.say(lang)
        assert "—" not in refusal.value.say(lang).split("（")[0]
    return refusal.value


@pytest.mark.parametrize(
    ("text", "place", "name", "nearest"),
    [
        (HEAD + "[weight]\n" + X, "scheme", "weight", "weights"),
        (HEAD + NODES + X + "directon = 1\n", "indicators[0]", "directon", "direction"),
        (HEAD + NODES + X + '[[steps]]\nstep = "normalize"\nmethod = "minmax"\n', "steps[0].step", "normalize", "normalise"),
        (HEAD + NODES + X + '[[steps]]\nstep = "normalise"\nmethod = "min-max"\n', "steps[0].method", "min-max", "minmax"),
        (HEAD + NODES + X + STEP + "hihg = 1\n", "steps[0]", "hihg", "high"),
        (HEAD + NODES + X + STEP + 'only = ["X"]\n', "steps[0].only", "X", "x"),
        (HEAD + NODES + X + STEP + 'by = "time"\n', "steps[0].by", "time", "—"),
        (HEAD + NODES + X + '[aggregate]\nmethod = "geometrik"\n', "aggregate.method", "geometrik", "geometric"),
        (HEAD + NODES + X + '[weights.levels.4]\nmethod = "equal"\n', "weights.levels", "4", "2, 3"),
        (HEAD + NODES + '[[indicators]]\ncode = "x"\nparent = "q"\n', "indicators[0].parent", "q", "top, p"),
        (HEAD + NODES + X + '[[rules]]\nkind = "minimum"\nof = "pp"\nleast = 1\n', "rules[0].of", "pp", "p"),
        (HEAD + NODES + X + '[[derive]]\ncolumn = "z"\nformula = "sqr(x)"\n', "derive[0] (z)", "sqr", "sqrt"),
        (HEAD + NODES + X + 'treat = { method = "winsorize" }\n', "", "winsorize", "winsorise"),
        (HEAD + NODES + X + '[[steps]]\nstep = "treat"\nmethod = "clip"\nthen = "log_ct"\n', "steps[0].then.method", "log_ct", "log_CT"),
        (HEAD + NODES + X + '[[steps]]\nstep = "impute"\nmethod = "group_mean"\ngroup = "g"\n', "steps[0].group", "g", "—"),
        (HEAD + NODES + X + "[sensitivity]\nreplication = 5\n", "sensitivity", "replication", "replications"),
    ],
)  # fmt: skip
def test_a_wrong_name_is_refused_with_place_and_nearest(
    text: str, place: str, name: str, nearest: str
) -> None:
    if "winsorize" in text:
        text += '[[steps]]\nstep = "treat"\nmethod = "none"\n'
    with pytest.raises(InvalidInputError) as refusal:
        read_scheme(text)
    facts = refusal.value.facts
    assert (facts["name"], facts["nearest"]) == (name, nearest)
    assert str(facts["place"]).startswith(place)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[scheme", "toml"),
        (HEAD, "required"),
        (X.replace('parent = "p"\n', ""), "required"),
        (HEAD + NODES.replace('code = "top"\n', 'code = "top"\nparent = "p"\n') + X, "cycle"),
        (HEAD + NODES + '[[nodes]]\ncode = "q"\n' + X + X.replace('"x"', '"y"').replace('"p"', '"q"'), "roots"),
        (HEAD + NODES + '[[nodes]]\ncode = "q"\nparent = "top"\n' + X, "childless"),
        (HEAD + NODES + X + X, "duplicate_code"),
        (HEAD + NODES + X.replace('parent = "p"\n', ""), "required"),
        (HEAD + NODES + X + "weight = -1\n", "weights_negative"),
        (HEAD + NODES + X + "weight = 0\n", "weights_zero"),
        (HEAD + NODES + X + "weight = 0.5\n" + X.replace('"x"', '"y"') + "weight = 0.3\n", "weights_sum"),
        (HEAD + NODES + X + "weight = 0.5\n" + X.replace('"x"', '"y"'), "required"),
        (HEAD + NODES + X + "weight = 0.6\n" + X.replace('"x"', '"y"') + "weight = 0.6\n", "weights_sum"),
        (HEAD + NODES + X + "weight = nan\n", "value"),
        (HEAD + NODES + X + "goalposts = [0, inf]\n", "value"),
        (HEAD + NODES + X + STEP + STEP, "value"),
        (HEAD + NODES + X + "direction = 2\n", "value"),
        (HEAD + NODES + X + '[grades]\ngrades = [{ name = "a", from = 1 }, { name = "b", from = 2 }, { name = "c" }]\n', "value"),
        (HEAD + NODES + X + '[[rules]]\nkind = "veto"\nwhen = "x > 1"\n', "required"),
    ],
)  # fmt: skip
def test_a_wrong_scheme_is_refused(text: str, code: str) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        read_scheme(text)
    assert refusal.value.code == f"indicators.{code}"
    assert refusal.value.say("zh") != refusal.value.say("en")


def test_a_circle_is_told_by_its_path() -> None:
    with pytest.raises(InvalidInputError) as refusal:
        read_scheme(HEAD + NODES.replace('code = "top"\n', 'code = "top"\nparent = "p"\n') + X)
    assert refusal.value.facts["path"] == "top → p → top"


@pytest.mark.parametrize(
    ("data", "code", "facts"),
    [
        ("unit,x,y\na,1,2\na,2,3\n", "unit_twice", {"unit": "a", "first": 2, "second": 3}),
        ("unit,x,y\na,1,2\n,2,3\n", "unit_blank", {"line": 3}),
        ("unit,x,x\na,1,2\n", "column_twice", {"first": 2, "second": 3}),
        ("unit,x,z\na,1,2\n", "column", {"column": "y"}),
        ("unit,x,y\na,1\n", "cells", {"line": 2, "found": 2, "wanted": 3}),
        ("unit,x,y\na,1,85%\n", "number", {"line": 2, "column": "y", "text": "85%"}),
        ("unit,x,y\na,inf,1\n", "number", {"unit": "a", "text": "inf"}),
        ("unit,x,y\n", "empty", {}),
        (f'unit,x,y\na,1,"{"9" * 140_000}"\n', "csv", {"line": 2}),
    ],
)
def test_wrong_data_is_refused_with_line_and_column(
    data: str, code: str, facts: dict[str, object]
) -> None:
    found = refused(scheme_text(["x", "y"]), data)
    assert found.code == f"indicators.{code}"
    assert facts.items() <= found.facts.items()


def test_a_value_outside_the_range_and_another_unit_are_refused() -> None:
    scheme = scheme_text(["x"], own='unit = "%"\nrange = [0, 100]\n')
    assert refused(scheme, "unit,x\na,50\nb,150\n").facts["line"] == 3
    assert refused(scheme, "unit,x(万元)\na,50\n").code == "indicators.column_unit"
    assert read(scheme, "unit,x(%)\na,50\n").numbers["x"].tolist() == [50]


@pytest.mark.parametrize(
    ("rest", "code"),
    [
        ('[aggregate]\nmethod = "geometric"\n', "nonpositive"),
        ('[aggregate]\nmethod = "harmonic"\n', "nonpositive"),
        ('[aggregate]\nmethod = "generalised"\npower = 0\n', "value"),
        ('[aggregate]\nmethod = "bod"\nlow = 0.6\n', "bounds"),
        ('[aggregate]\nmethod = "bod"\n', "nonpositive"),
        ('[weights]\nmethod = "entropy"\n', "nonpositive"),
        ('[weights]\nmethod = "ahp"\nmatrix = [[1, 2], [2, 1]]\n', "value"),
        ('[weights]\nmethod = "budget"\nexperts = [[50, 60]]\n', "value"),
        ('[aggregate]\nmethod = "formula"\nformula = "1 / (y + 1)"\n', "formula_value"),
        ('[[steps]]\nstep = "treat"\nmethod = "log"\n', "nonpositive"),
        ('[[steps]]\nstep = "normalise"\nmethod = "goalposts"\n', "required"),
        ('[[steps]]\nstep = "normalise"\nmethod = "minmax"\nlow = 5\nhigh = 5\n', "bounds"),
        (
            '[[steps]]\nstep = "treat"\nmethod = "boxcox"\nlambda = 2000\nalways = true\n',
            "not_finite",
        ),
        ('[[steps]]\nstep = "impute"\nmethod = "panel"\n', "required"),
        ('[[steps]]\nstep = "screen"\navailability = 2.0\n', "nothing_left"),
        ('[[steps]]\nstep = "impute"\nmethod = "em"\n', "few"),
    ],
)
def test_data_that_does_not_suit_a_method_is_refused(rest: str, code: str) -> None:
    assert refused(scheme_text(["x", "y"], rest)).code == f"indicators.{code}"


def test_a_geometric_mean_names_unit_child_and_value() -> None:
    facts = refused(scheme_text(["x", "y"], '[aggregate]\nmethod = "geometric"\n')).facts
    assert (facts["unit"], facts["child"], facts["value"]) == ("b", "y", "0")


def test_a_direction_that_no_step_turned_is_refused_by_a_mean() -> None:
    assert refused(scheme_text(["x", "y"], directions="+-")).code == "indicators.direction"


def test_constant_columns_are_noted_or_refused_and_never_nan() -> None:
    data = table_text({"unit": ["a", "b", "c"], "x": [1, 2, 4], "y": [5, 5, 5]})
    found = ran(scheme_text(["x", "y"], STEP), data)
    assert [note.code for note in found.notes] == ["constant"]
    assert found.judged.scores.tolist() == pytest.approx([0, 100 / 3, 100])
    assert "NaN" not in str(plain(result(found, {})))
    assert (
        refused(scheme_text(["x", "y"], '[weights]\nmethod = "critic"\n'), data).code
        == "indicators.constant"
    )


def test_a_gap_is_told_and_refused_where_a_method_cannot_do_with_it() -> None:
    data = table_text({"unit": ["a", "b"], "x": [1, None], "y": [2, 3]})
    table = read(scheme_text(["x", "y"]), data)
    assert table.gaps == ((3, "b", "x"),)
    facts = refused(scheme_text(["x", "y"], '[aggregate]\nmethod = "topsis"\n'), data).facts
    assert (facts["unit"], facts["child"]) == ("b", "x")


@pytest.mark.parametrize("weight", ["1", "0.33", "0.333", "33.3"])
def test_equal_weights_may_be_rounded(weight: str) -> None:
    text = "".join(X.replace('"x"', f'"{code}"') + f"weight = {weight}\n" for code in "abc")
    assert len(read_scheme(HEAD + NODES + text).indicators) == 3


def test_a_column_without_data_and_a_unit_without_score_are_told() -> None:
    data = table_text({"unit": ["a", "b", "c"], "x": [1, None, 4], "y": [None, None, None]})
    found = ran(scheme_text(["x", "y"], STEP), data)
    assert [(note.code, note.place) for note in found.notes] == [
        ("no_data", "y"),
        ("no_score", "b"),
    ]


@pytest.mark.parametrize("method", ["topsis", "moora"])
def test_a_column_of_zeros_is_refused_by_its_code_where_it_has_no_length(method: str) -> None:
    data = table_text({"unit": ["a", "b"], "x": [1, 2], "y": [0, 0]})
    rest = f'[aggregate]\nmethod = "{method}"\n'
    assert refused(scheme_text(["x", "y"], rest), data).facts["child"] == "y"
