"""The OECD/JRC Handbook's table 15: mean years of schooling of 23 countries, normalised in twelve ways."""

from collections.abc import Sequence

import numpy as np
import pytest

from engines.indicators.schemes import ran, scheme_text, table_text

TABLE = """
Finland|10.0|15|0.26|0.59|1.04|0.83|1.41|0.04|0.41|0|65.2|60
United States|12.0|23|1.52|1.00|1.25|1.00|1.69|0.25|0.69|1|100.0|100
Sweden|11.4|19|1.14|0.88|1.19|0.95|1.61|0.19|0.61|0|82.6|60
Japan|9.5|12|-0.06|0.49|0.99|0.79|1.34|-0.01|0.34|0|52.2|50
Korea, Rep. of|10.8|17|0.76|0.76|1.13|0.90|1.52|0.13|0.52|0|73.9|60
Netherlands|9.4|9|-0.12|0.47|0.98|0.78|1.32|-0.02|0.32|0|39.1|50
United Kingdom|9.4|9|-0.12|0.47|0.98|0.78|1.32|-0.02|0.32|0|39.1|50
Canada|11.6|20|1.27|0.92|1.21|0.97|1.63|0.21|0.63|1|87.0|80
Australia|10.9|18|0.83|0.78|1.14|0.91|1.54|0.14|0.54|0|78.3|60
Singapore|7.1|1|-1.58|0.00|0.74|0.59|1.00|-0.26|0.00|-1|4.3|0
Germany|10.2|16|0.38|0.63|1.06|0.85|1.44|0.06|0.44|0|69.6|60
Norway|11.9|22|1.46|0.98|1.24|0.99|1.68|0.24|0.68|1|95.7|100
Ireland|9.4|9|-0.12|0.47|0.98|0.78|1.32|-0.02|0.32|0|39.1|50
Belgium|9.3|8|-0.19|0.45|0.97|0.78|1.31|-0.03|0.31|0|34.8|40
New Zealand|11.7|21|1.33|0.94|1.22|0.98|1.65|0.22|0.65|1|91.3|80
Austria|8.4|6|-0.76|0.27|0.88|0.70|1.18|-0.12|0.18|0|26.1|40
France|7.9|5|-1.08|0.16|0.82|0.66|1.11|-0.18|0.11|0|21.7|40
Israel|9.6|14|0.00|0.51|1.00|0.80|1.35|0.00|0.35|0|60.9|50
Spain|7.3|4|-1.46|0.04|0.76|0.61|1.03|-0.24|0.03|-1|17.4|40
Italy|7.2|3|-1.52|0.02|0.75|0.60|1.01|-0.25|0.01|-1|13.0|20
Czech Republic|9.5|12|-0.06|0.49|0.99|0.79|1.34|-0.01|0.34|0|52.2|50
Hungary|9.1|7|-0.31|0.41|0.95|0.76|1.28|-0.05|0.28|0|30.4|40
Slovenia|7.1|1|-1.58|0.00|0.74|0.59|1.00|-0.26|0.00|-1|4.3|0
"""
ROWS = [line.split("|") for line in TABLE.strip().splitlines()]
METHODS = {
    "rank": (2, 0.0),
    "zscore": (3, 0.0051),
    "minmax": (4, 0.0051),
    "ratio_mean": (5, 0.0051),
    "fracmax": (6, 0.0051),
    "ratio_min": (7, 0.0051),
    "diff_mean": (8, 0.0051),
    "diff_min": (9, 0.0051),
    "above_mean": (10, 0.0),
    "percentile": (11, 0.051),
    "categorical": (12, 0.0),
}


@pytest.mark.parametrize("method", METHODS)
def test_table_15_comes_out(method: str) -> None:
    column, tolerance = METHODS[method]
    step = f'[[steps]]\nstep = "normalise"\nmethod = "{method}"\n'
    if method == "minmax":
        step = '[[steps]]\nstep = "normalise"\nmethod = "minmax"\nlow = 0\nhigh = 1\n'
    data = table_text({"unit": [row[0] for row in ROWS], "years": [row[1] for row in ROWS]})
    found = ran(scheme_text(["years"], step), data)
    scores = dict(zip(found.table.units, found.combined.scores, strict=True))
    for row in ROWS:
        assert abs(scores[row[0]] - float(row[column])) <= tolerance, row[0]


OUTRANKING: dict[str, Sequence[object]] = {
    "unit": ["Fin", "US", "Swe", "Jpn", "Kor"],
    "patents": [187, 289, 271, 994, 779],
    "royalties": [125.6, 130.0, 156.6, 64.6, 9.8],
    "internet": [200.2, 179.1, 125.8, 49.0, 4.8],
    "exports": [50.7, 66.2, 59.7, 80.8, 66.7],
    "telephones": [3.080, 2.997, 3.096, 3.003, 2.972],
    "electricity": [4.150, 4.073, 4.145, 3.865, 3.653],
    "schooling": [10.0, 12.0, 11.4, 9.5, 10.8],
    "university": [27.4, 13.9, 15.3, 10.0, 23.2],
}


def test_the_outranking_matrix_and_its_three_tied_orders_come_out() -> None:
    codes = [name for name in OUTRANKING if name != "unit"]
    found = ran(scheme_text(codes, '[aggregate]\nmethod = "kemeny"\n'), table_text(OUTRANKING))
    told = found.combined.told["index"]
    at = [told["outranking"]["units"].index(unit) for unit in OUTRANKING["unit"]]
    matrix = np.array(told["outranking"]["matrix"])[np.ix_(at, at)]
    assert matrix.tolist() == [
        [0, 0.5, 0.375, 0.75, 0.625],
        [0.5, 0, 0.5, 0.625, 0.625],
        [0.625, 0.5, 0, 0.75, 0.625],
        [0.25, 0.375, 0.25, 0, 0.75],
        [0.375, 0.375, 0.375, 0.25, 0],
    ]
    assert told["kemeny"]["sum"] == pytest.approx(6.375, abs=1e-12)
    assert told["kemeny"]["proved"]
    assert {"-".join(order) for order in told["kemeny"]["orders"]} == {
        "US-Swe-Fin-Jpn-Kor",
        "Swe-Fin-US-Jpn-Kor",
        "Swe-US-Fin-Jpn-Kor",
    }


def profile(text: str, method: str) -> "tuple[dict[str, float], dict[str, object]]":
    """Run a voting profile such as `3:abc 2:bca`: voters are criteria, places are data, fewer is better."""
    votes = [part.split(":") for part in text.split()]
    units = sorted(votes[0][1])
    columns: dict[str, list[object]] = {"unit": list(units)}
    rows = []
    for at, (count, order) in enumerate(votes):
        columns[f"v{at}"] = [order.index(unit) + 1 for unit in units]
        rows.append(f'[[indicators]]\ncode = "v{at}"\ndirection = -1\nweight = {count}\n')
    rest = f'[weights]\nsum = "relative"\n[aggregate]\nmethod = "{method}"\nvotes = true\n'
    if method == "copeland":
        rest = rest.replace("votes = true\n", "")
    found = ran('[scheme]\nname = "votes"\n' + "".join(rows) + rest, table_text(columns))
    scores = dict(zip(found.table.units, found.combined.scores.tolist(), strict=True))
    return scores, found.combined.told["index"]


@pytest.mark.parametrize(
    ("votes", "expected"),
    [
        ("3:abcd 5:acbd 7:bdca 6:cbda", {"a": 24, "b": 44, "c": 38, "d": 20}),
        ("23:abc 17:bca 2:bac 10:cab 8:cba", {"a": 58, "b": 69, "c": 53}),
        ("3:cbad 2:badc 2:adcb", {"a": 13, "b": 12, "c": 11, "d": 6}),
        ("3:cba 2:bac 2:acb", {"a": 6, "b": 7, "c": 8}),
    ],
)
def test_borda_counts_come_out_and_turn_without_the_last(
    votes: str, expected: dict[str, float]
) -> None:
    assert profile(votes, "borda")[0] == expected


def test_the_condorcet_order_comes_out() -> None:
    scores = profile("3:abcd 5:acbd 7:bdca 6:cbda", "copeland")[0]
    assert sorted(scores, key=lambda unit: -scores[unit]) == ["c", "b", "d", "a"]


def test_kemeny_finds_bca_with_104() -> None:
    told = profile("23:abc 17:bca 2:bac 10:cab 8:cba", "kemeny")[1]["kemeny"]
    assert told == {"sum": 104.0, "orders": [["b", "c", "a"]], "proved": True}


def test_kemeny_reports_the_cycle_as_three_ties() -> None:
    told = profile("1:abc 1:cab 1:bca", "kemeny")[1]["kemeny"]
    assert isinstance(told, dict)
    assert {"".join(order) for order in told["orders"]} == {"abc", "bca", "cab"}
