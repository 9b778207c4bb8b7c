"""Properties: any amount and any grouping of rows is read exactly; totals agree with a slow sum."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from shanhai.data.regions import load
from shanhai.domains.imports.amounts import Rule, read_amount
from shanhai.domains.imports.book import Sheet
from shanhai.domains.imports.reading import read_sheets
from shanhai.domains.imports.totals import Event, check_totals
from shanhai.domains.imports.workbook import text_of

TABLE = load()
WAN = 1_000_000
fens = st.integers(min_value=1, max_value=10**11)


@given(fens)
def test_every_amount_up_to_a_billion_yuan_survives_a_spreadsheet_number(fen: int) -> None:
    assert read_amount(text_of(fen / WAN), Rule("万元")) == fen


@given(fens, st.sampled_from(["元", "千元", "万元", "亿元"]))
def test_every_amount_survives_as_text_with_its_unit(fen: int, unit: str) -> None:
    factor = {"元": 100, "千元": 100_000, "万元": WAN, "亿元": 10_000 * WAN}[unit]
    text = format(Decimal(fen) / factor, "f")
    assert read_amount(f"{text}{unit}", Rule("")) == fen


@given(st.lists(fens, min_size=1, max_size=12), fens)
def test_a_true_total_holds_and_a_false_one_does_not(amounts: list[int], wrong: int) -> None:
    rows = [Event("project", fen, row) for row, fen in enumerate(amounts)]
    assert check_totals([*rows, Event("total", sum(amounts), 99)]) == []
    verdicts = check_totals([*rows, Event("total", sum(amounts) + wrong, 99)])
    assert [verdict.sum_fen for verdict in verdicts] == [sum(amounts)]


@given(st.lists(st.text(max_size=12), min_size=1, max_size=40))
def test_no_cell_makes_the_reader_fall_over(cells: list[str]) -> None:
    rows = [["县", "项目名称", "投资(万元)", "开工时间", "受益户数"]]
    rows += [cells[at : at + 5] for at in range(0, len(cells), 5)]
    result = read_sheets([Sheet("表", hidden=False, rows=rows)], TABLE).result
    assert result.accepted == len(result.projects)
    assert all(problem.zh and problem.en for problem in result.errors)
