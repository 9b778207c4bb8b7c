"""A ledger with its cast, its data desk signed in, and spreadsheets to upload."""

from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter
from django.test import Client

from web.workbench.village_world import World

Cell = str | float | None
HEAD: list[Cell] = ["序号", "项目名称", "县", "投资（万元）"]
GOOD: list[list[Cell]] = [
    HEAD,
    [1, "模拟大棚", "平武县", 120],
    [2, "模拟冷库", "平武县", 80.5],
    ["合计", None, None, 200.5],
]


@pytest.fixture
def world(db: None) -> World:
    """Found a fresh ledger with its cast."""
    return World.found()


@pytest.fixture
def officer(world: World) -> Callable[[str], Client]:
    """Return a function that signs one of the cast in."""

    def sign_in(name: str) -> Client:
        world.set_clock()
        client = Client()
        client.force_login(world.user(name))
        return client

    return sign_in


@pytest.fixture
def sheet(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes rows as an .xlsx."""

    def write(rows: list[list[Cell]] = GOOD, name: str = "公告.xlsx") -> Path:
        path = tmp_path / name
        with xlsxwriter.Workbook(str(path)) as book:
            target = book.add_worksheet("项目")
            for at, row in enumerate(rows):
                target.write_row(at, 0, list(row))
        return path

    return write
