"""Profiles: eligibility, parts, quotas, families, decisions, lottery, posted prices, explanations."""

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from shanhai.cli.main import app
from shanhai.engines.matching.loaded import Inputs, load
from shanhai.engines.matching.profile import SHIPPED, read_profile
from shanhai.engines.matching.run import run
from shanhai.engines.matching.scan import best_offers, parts_of
from shanhai.kernel.errors import InvalidInputError

PROFILE = """
name = "test"
version = "1"
zh = "试"
en = "Test"
mode = "optimal"
{top}

[[predicates]]
name = "region"
test = "inside"
need = "regions"
offer = "region"
zh = "地区不合"
en = "region"

[[predicates]]
name = "wage"
test = "at_least"
need = "min_wage"
offer = "wage"
type = "wage"
unknown = "pass"
zh = "工资不够"
en = "wage"

[[components]]
name = "occupation"
points = "prefix"
need = "occupation"
offer = "occupation"
weight = 400
zh = "职业 {{part}}/{{weight}}"
en = "occupation {{part}}/{{weight}}"

[[components]]
name = "pay"
points = "more"
need = "min_wage"
offer = "wage"
type = "wage"
scale = 2000
weight = 100
zh = "工资 {{part}}"
en = "pay {{part}}"
{more}
"""
NEEDS = """id,regions,min_wage,occupation,group,family
a,330000,4000,4-01-02-01,,f
b,330000|320000,200/天,4-01-02-04,监测户,f
c,510000,4000,4-01-02-01,,
d,,4000,4-01-02-01,,
"""
OFFERS = """id,region,wage,occupation,capacity,county
x,330106,5000-6000/月,4-01-02-01,1,杭州
y,330106,4500,4-01-02-04,1,杭州
z,320100,9000,6-05-01-03,5,南京
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(needs=NEEDS, offers=OFFERS)


def write(top: str = "", more: str = "", needs: str = "", offers: str = "") -> None:
    Path("p.toml").write_text(PROFILE.format(top=top, more=more), encoding="utf-8")
    if needs:
        Path("needs.csv").write_text(needs, encoding="utf-8")
    if offers:
        Path("offers.csv").write_text(offers, encoding="utf-8")


def made(*args: str) -> list[dict[str, str]]:
    files = ["p.toml", "needs.csv", "offers.csv", "--out", "f.csv"]
    result = CliRunner().invoke(app, ["match", "run", *files, *args])
    assert result.exit_code == 0, result.output
    with Path("f.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def pairs(*args: str) -> set[tuple[str, str]]:
    return {(row["need"], row["offer"]) for row in made(*args)}


def report() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Path("f.csv.report.json").read_text(encoding="utf-8"))
    return found


def test_the_best_matching_is_made_with_parts_that_sum_and_reasons() -> None:
    rows = made()
    assert {(row["need"], row["offer"]) for row in rows} == {("a", "x"), ("b", "y")}
    for row in rows:
        assert int(row["score"]) == int(row["occupation"]) + int(row["pay"])
    assert rows[0]["reason_zh"] == "职业 400/400；工资 50"
    assert report()["certificate"]["gap"] == 0


def test_rejections_are_counted_for_both_sides_and_the_smallest_relaxation_is_named() -> None:
    made()
    region, wage = report()["rejections"]
    assert (region["predicate"], region["pairs"], region["needs_shut_out"]) == ("region", 7, 2)
    assert (wage["pairs"], wage["offers_shut_out"]) == (0, 0)
    advice = {one["id"]: one for one in report()["unserved"]}
    assert advice.keys() == {"c", "d"}
    assert advice["c"]["relax"] == ["region"]
    assert advice["c"]["gains"] == 3


def test_a_number_says_how_far_it_must_give_way() -> None:
    needs = "id,regions,min_wage,occupation\na,330000,6000,4-01-02-01\n"
    write(needs=needs, offers=OFFERS.replace("z,320100", "z,330106").replace("9000", "3000"))
    assert pairs() == set()
    (advice,) = report()["unserved"]
    assert (advice["relax"], advice["by"]) == (["wage"], 100_000)  # 1,000 yuan, in fen


def test_one_eligible_offer_among_a_hundred_thousand_is_found() -> None:
    rows = "".join(f"o{k},110101,9000,4-01-02-01,1,京\n" for k in range(100_000))
    write(needs="id,regions,min_wage,occupation\na,330000,4000,6-05-01-03\n")
    write(offers=OFFERS.splitlines()[0] + "\n" + rows + "rare,330106,4000,1-01-00-01,1,杭州\n")
    assert pairs("--mode", "top-k") == {("a", "rare")}


def drawn_files() -> None:
    """Write 40 needs and 90 offers drawn at random (模拟)."""
    rng, regions = np.random.default_rng(1), ["330106", "320100", "510100", ""]
    codes = ["4-01-02-01", "4-01-02-04", "4-02-01-01", "6-05-01-03"]
    wanted = ["330000", "320000|510000", ""]
    needs = [
        f"n{k},{rng.choice(wanted)},{rng.integers(30, 60)}00,{rng.choice(codes)}" for k in range(40)
    ]
    offers = [
        f"o{k},{rng.choice(regions)},{rng.integers(30, 90)}00,{rng.choice(codes)},1,"
        for k in range(90)
    ]
    write(
        needs="\n".join(["id,regions,min_wage,occupation", *needs]),
        offers="\n".join([OFFERS.splitlines()[0], *offers]),
    )


def slow_score(need: dict[str, str], offer: dict[str, str]) -> int | None:
    """Return the score straight from the profile's words; None where not eligible."""
    inside = any(offer["region"].startswith(c[:2]) for c in need["regions"].split("|") if c)
    pay = int(offer["wage"]) - int(need["min_wage"])
    if not inside or pay < 0:
        return None
    one, other = need["occupation"].split("-"), offer["occupation"].split("-")
    return 100 * sum(one[:k] == other[:k] for k in (1, 2, 3, 4)) + min(100, pay * 100 // 2000)


def test_the_scan_finds_what_brute_force_finds() -> None:
    drawn_files()
    needs, offers = (
        list(csv.DictReader(Path(name).read_text(encoding="utf-8").splitlines()))
        for name in ("needs.csv", "offers.csv")
    )
    loaded = load(Inputs("p.toml", Path("needs.csv"), Path("offers.csv")))
    best = best_offers(loaded.program, 5)
    for k, need in enumerate(needs):
        every = [slow_score(need, offer) for offer in offers]
        expected = sorted((one for one in every if one is not None), reverse=True)[:5]
        found = [o for o in best.offer[k].tolist() if o >= 0]
        assert best.points[k, : len(found)].tolist() == expected
        assert [every[o] for o in found] == expected
        assert [int(parts_of(loaded.program, k, o).sum()) for o in found] == expected


@pytest.mark.parametrize("mode", ["top-k", "greedy", "optimal", "stable", "lottery"])
def test_the_order_of_rows_never_matters(mode: str) -> None:
    made("--mode", mode)
    first = Path("f.csv").read_bytes()
    for name, text in (("needs.csv", NEEDS), ("offers.csv", OFFERS)):
        head, *rows = text.splitlines()
        Path(name).write_text("\n".join([head, *reversed(rows)]) + "\n", encoding="utf-8")
    made("--mode", mode)
    assert Path("f.csv").read_bytes() == first


def test_locks_and_exclusions_are_respected() -> None:
    Path("l.csv").write_text("need,offer,decision\na,x,exclude\nc,z,lock\n", encoding="utf-8")
    assert pairs("--locks", "l.csv") == {("a", "y"), ("b", "x"), ("c", "z")}


def test_a_family_stays_together() -> None:
    together = 'family = "family"\ntogether = "county"'
    write(top=together, offers=OFFERS.replace("x,330106", "x,320100").replace("杭州\ny", "南京\ny"))
    write(top=together, needs=NEEDS.replace("a,330000", "a,330000|320000"))
    rows = {row["need"]: row["offer"] for row in made()}
    county = {"x": "南京", "y": "杭州", "z": "南京"}
    assert {county[rows[one]] for one in ("a", "b")} == {"南京"}


QUOTA = '\n[[quotas]]\nname = "q"\nneed = "group"\nvalue = "监测户"\n'


def test_a_floor_and_a_ceiling_hold() -> None:
    write(more=QUOTA + "high = 0\n")
    assert pairs() == {("a", "x")}
    write(more=QUOTA + "low = 1\n")
    assert "b" in {need for need, _ in pairs()}


def test_a_floor_that_cannot_be_met_is_explained() -> None:
    write(more=QUOTA + "low = 3\n")
    with pytest.raises(InvalidInputError) as refused:
        run(Inputs("p.toml", Path("needs.csv"), Path("offers.csv")), Path("f.csv"))
    assert refused.value.code == "match.infeasible"
    assert "q" in str(refused.value.facts["detail"])
    assert "2" in str(refused.value.facts["detail"])
    assert not Path("f.csv").exists()


def test_a_contradictory_quota_is_refused() -> None:
    write(more=QUOTA + "low = 3\nhigh = 1\n")
    with pytest.raises(InvalidInputError, match=r"match\.contradiction"):
        read_profile("p.toml")


def test_reserved_posts_go_to_their_group() -> None:
    reserve = '\n[[reserves]]\nneed = "group"\nvalue = "监测户"\noffer = "kept"\n'
    offers = "id,region,wage,occupation,capacity,kept\nx,330106,6000,4-01-02-01,1,1\n"
    write(more=reserve, offers=offers)
    assert pairs() == {("b", "x")}


def test_a_priority_is_shown_and_must_have_a_basis() -> None:
    priority = (
        '\n[[priorities]]\nname = "first"\nneed = "group"\nvalue = "监测户"\npoints = 500\n'
        'basis = "示例"\nzh = "优先 {{part}}"\nen = "first"\n'
    )
    write(
        more=priority.replace("{{", "{").replace("}}", "}"),
        offers="\n".join(OFFERS.splitlines()[:2]) + "\n",
    )
    rows = made()
    assert [(row["need"], row["offer"], row["first"]) for row in rows] == [("b", "x", "500")]
    assert "优先 500" in rows[0]["reason_zh"]


def test_a_sensitive_attribute_may_not_enter_a_score() -> None:
    hidden = '\n[[components]]\nname = "h"\npoints = "value"\noffer = "ethnicity"\nweight = 10\nzh = "x"\nen = "x"\n'
    write(more=hidden)
    with pytest.raises(InvalidInputError, match=r"match\.sensitive"):
        read_profile("p.toml")


def test_a_lottery_serves_by_draw_and_the_seed_decides() -> None:
    needs = "id,regions,min_wage,occupation\n" + "".join(
        f"n{k},330000,4000,4-01-02-01\n" for k in range(6)
    )
    write(needs=needs, offers=OFFERS.replace("y,330106", "y,110101"))
    winners = {next(iter(pairs("--mode", "lottery", "--seed", str(seed))))[0] for seed in range(8)}
    assert len(winners) > 2


def test_posted_prices_are_taken_off() -> None:
    Path("prices.csv").write_text("right,price\nx,450\n", encoding="utf-8")
    rows = made("--mode", "online", "--prices", "prices.csv")
    assert [(row["offer"], row["score"]) for row in rows if row["need"] == "a"] == [("y", "325")]


def test_explain_says_what_was_given_and_what_not() -> None:
    made()
    result = CliRunner().invoke(app, ["match", "explain", "f.csv", "--id", "b", "--json"])
    found = json.loads(result.output)
    assert found["result"][0]["offer"] == "y"
    assert {one["offer"] for one in found["others"]} == {"x", "z"}
    assert all(one["why_zh"] and one["why_en"] for one in found["others"])
    shut = CliRunner().invoke(app, ["match", "explain", "f.csv", "--id", "c"])
    assert "地区不合" in shut.output
    assert CliRunner().invoke(app, ["match", "explain", "f.csv", "--id", "q"]).exit_code == 1


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_profiles_are_sound(name: str) -> None:
    profile = read_profile(name)
    assert profile.name == name
    assert "示例" in profile.version


@pytest.mark.parametrize(
    ("needs", "code"),
    [
        ("id,min_wage\na,plenty\n", "match.value"),
        ("id\na\na\n", "match.twice"),
        ("name\na\n", "match.columns"),
        ("id,regions\n,1\n", "match.empty_id"),
    ],
)
def test_bad_rows_are_refused(needs: str, code: str) -> None:
    write(needs=needs)
    with pytest.raises(InvalidInputError) as refused:
        run(Inputs("p.toml", Path("needs.csv"), Path("offers.csv")), Path("f.csv"))
    assert refused.value.code == code


def test_empty_sides_give_an_explained_empty_result() -> None:
    for name, head in (("needs.csv", "id,regions\n"), ("offers.csv", "id,region\n")):
        Path("p.toml").write_text(PROFILE.format(top="", more=""), encoding="utf-8")
        before = Path(name).read_text(encoding="utf-8")
        Path(name).write_text(head, encoding="utf-8")
        assert pairs() == set()
        assert report()["certificate"]["notes"]
        Path(name).write_text(before, encoding="utf-8")


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (["run", "p.toml", "needs.csv", "offers.csv", "--out", "f.csv", "--mode", "best"], "match.mode_unknown"),
        (["run", "none.toml", "needs.csv", "offers.csv", "--out", "f.csv"], "match.no_profile"),
        (["explain", "needs.csv", "--id", "a"], "match.no_report"),
    ],
)  # fmt: skip
def test_a_wrong_name_is_refused_with_the_right_ones(args: list[str], code: str) -> None:
    write()
    result = CliRunner().invoke(app, ["match", *args])
    assert (result.exit_code, code in result.output) == (1, True), result.output


def test_columns_that_a_file_lacks_are_named() -> None:
    write(needs="id,regions\na,510000\n")
    result = CliRunner().invoke(
        app, ["match", "run", "p.toml", "needs.csv", "offers.csv", "--out", "f.csv"]
    )
    assert result.exit_code == 0, result.output
    assert report()["absent"]["needs"] == ["min_wage", "occupation"]
    assert "columns that needs lack: min_wage, occupation" in result.output
