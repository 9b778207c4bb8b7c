"""Exports: the rows shown, in their order and scope, safe in a spreadsheet, with the ledger's checkpoint."""

import csv
import io
import json
from collections.abc import Callable

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from acts.money_world import MoneyWorld
from shanhai.acts.payment import Payment
from shanhai.acts.project import Project
from shanhai.domains.rows import row_of
from web.funds.conftest import money, officer, told
from web.funds.money_rows import load

__all__ = ["money", "officer", "told"]
Officer = Callable[[str], Client]


def rows_of(response: object) -> list[list[str]]:
    text = b"".join(response.streaming_content).decode()  # type: ignore[attr-defined]
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:])))


def payments(world: MoneyWorld) -> list[Payment]:
    return [one for one in world.store.objects.values() if isinstance(one, Payment)]


def test_a_csv_holds_what_the_filters_keep_and_ends_with_the_checkpoint(
    money: MoneyWorld, officer: Officer
) -> None:
    response = officer("west_finance").get("/export/payment.csv?state=proposed")
    rows = rows_of(response)
    body = [row for row in rows[1:] if not row[0].startswith("#")]
    assert [row[0] for row in body] == [p.id for p in payments(money) if not p.ordered_ms]
    assert "支付金额(元) Amount" in rows[0]
    assert "100000.00" in body[0]
    assert any("root" in row[0] for row in rows[-3:])
    assert response.headers["Content-Disposition"].endswith('"shanhai-payment.csv"')


def test_the_order_is_the_one_shown(money: MoneyWorld, officer: Officer) -> None:
    rows = rows_of(officer("west_finance").get("/export/payment.csv?sort=amount_fen"))
    body = [row for row in rows[1:] if not row[0].startswith("#")]
    by_amount = sorted(payments(money), key=lambda p: (p.amount_fen, p.id))
    assert [row[0] for row in body] == [p.id for p in by_amount]


@pytest.mark.usefixtures("money")
def test_an_export_is_cut_to_its_readers_side(officer: Officer, client: Client) -> None:
    for reader in (officer("finance"), client):
        body = [r for r in rows_of(reader.get("/export/payment.csv"))[1:] if r[0][:1] != "#"]
        assert body == []


def test_a_workbook_holds_numbers_and_notes(
    money: MoneyWorld, officer: Officer, tmp_path: object
) -> None:
    response = officer("west_finance").get("/export/payment.xlsx")
    path = tmp_path / "out.xlsx"  # type: ignore[operator]
    path.write_bytes(b"".join(response.streaming_content))  # type: ignore[attr-defined]
    book = CalamineWorkbook.from_path(str(path))
    assert book.sheet_names == ["支付", "说明 Notes"]
    rows = book.get_sheet_by_name("支付").to_python()
    assert len(rows) == 1 + len(payments(money))
    assert any(isinstance(cell, float) for cell in rows[1])
    notes = book.get_sheet_by_name("说明 Notes").to_python()
    assert "root" in str(notes)


def test_no_cell_runs_as_a_formula(money: MoneyWorld, client: Client) -> None:
    project = next(o for o in money.store.objects.values() if isinstance(o, Project))
    other = MoneyWorld()
    other.store.objects.clear()
    other.store.write([project.but(name="=1+1|模拟")])
    load(other)
    text = "".join(",".join(row) for row in rows_of(client.get("/export/project.csv")))
    assert "'=1+1|模拟" in text


@pytest.mark.usefixtures("money")
def test_unknown_forms_and_lists_are_not_found(client: Client) -> None:
    assert client.get("/export/project.exe").status_code == 404
    assert client.get("/export/nothing.csv").status_code == 404


@pytest.mark.usefixtures("money")
def test_json_is_an_array_of_rows(client: Client) -> None:
    response = client.get("/export/project.json")
    found = json.loads(b"".join(response.streaming_content))  # type: ignore[attr-defined]
    assert row_of(Project).objects.count() == len(found)
