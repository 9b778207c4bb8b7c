"""The risk score: honest splits, the stored model against the library's, abstention, a list that only grows."""

import csv
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, roc_auc_score
from typer.testing import CliRunner

from shanhai.cli.screen import app
from shanhai.engines.screening.risk import evaluate, measures, model
from shanhai.engines.screening.risk.history import History, fit_history
from shanhai.engines.screening.risk.panel import build, clean
from shanhai.engines.screening.risk.score import score
from shanhai.engines.screening.risk.spec import Covariate, Spec, load_spec
from shanhai.engines.screening.risk.train import Model, load, train
from shanhai.kernel.errors import InvalidInputError

SPEC = Spec(
    covariates=(Covariate("persons", zh="人口"), Covariate("crop", "category", "作物", "crop")),
    groups=("woman_headed",),
    folds=2,
    test_years=1,
    bags=1,
    rounds=20,
    draws=100,
)


def rows_of(count: int = 240) -> list[dict[str, Any]]:
    """Return a generated panel (模拟) of five years."""
    random = np.random.default_rng(1)
    level = random.normal(0.35, 0.4, count)
    income = 8000 * np.exp(level[:, None] + random.normal(0, 0.3, (count, 5)))
    return [
        {
            "household_id": f"h{unit:03}",
            "year": 2020 + at,
            "income": round(float(income[unit, at])),
            "line": 8000,
            "persons": 1 + unit % 6,
            "crop": ("rice", "maize")[unit % 2],
            "woman_headed": unit % 3 == 0,
        }
        for unit in range(count)
        for at in range(5)
    ]


@pytest.fixture(scope="module")
def trained() -> Model:
    """Return a model trained on the generated panel."""
    return train(rows_of(), SPEC)[0]


def test_a_model_is_the_same_whatever_the_order_of_rows_and_survives_its_file(
    trained: Model,
) -> None:
    again = train(rows_of()[::-1], SPEC)[0]
    assert msgspec.json.encode(again) == msgspec.json.encode(trained)
    assert load(msgspec.json.encode(trained)) == trained


@pytest.mark.filterwarnings("ignore:Missing values detected")
def test_the_stored_terms_say_what_the_library_says() -> None:
    from interpret.glassbox import ExplainableBoostingClassifier  # noqa: PLC0415 - slow

    random = np.random.default_rng(3)
    x = random.normal(size=(300, 9))
    x[:, :3][random.random((300, 3)) < 0.1] = np.nan
    y = (np.nan_to_num(x[:, 0]) + random.normal(size=300) > 0).astype(int)
    machine = ExplainableBoostingClassifier(
        feature_types=["continuous"] * 9,
        outer_bags=2,
        max_rounds=50,
        interactions=2,
        n_jobs=1,
        random_state=1,
    )
    machine.fit(x, y)
    stored = model.Additive(
        History(model.Line(0, 0), 0.0, (0.0,) * 3, (0.0,) * 3),
        float(machine.intercept_[0]),
        tuple(model._terms(machine)),  # noqa: SLF001
    )
    x[:, 0] = np.abs(x[:, 0])
    x = x[~np.isnan(x[:, 0])]
    assert stored.margin(x) == pytest.approx(machine.decision_function(x), abs=1e-9)


def test_prediction_looks_neither_ahead_nor_at_the_household_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    panel = build(clean(rows_of(60), SPEC)[0], SPEC)
    folds, seen = evaluate.fold_of(panel.units, SPEC), []

    def spy(panel: Any, spec: Spec, task: Any, past: Any, here: Any) -> dict[str, Any]:
        assert not (here & ~task).any()
        seen.append((past, here))
        return {"ebm": np.zeros(here.sum())}

    monkeypatch.setattr(evaluate, "_predict", spy)
    evaluate.crossfit(panel, SPEC)
    assert len(seen) == SPEC.folds
    for past, here in seen:
        assert panel.years[past].max() < panel.years[here].min()
        assert not set(folds[past]) & set(folds[here])


def test_the_card_shows_persistence_beside_the_score(trained: Model) -> None:
    card = trained.card
    assert set(card.models) == {"ebm", "lightgbm", "persistence"}
    gap = card.ap_minus_persistence["ebm"]
    assert gap["low"] <= gap["value"] <= gap["high"]
    assert {one["group"] for one in card.subgroups} == {"True", "False"}
    assert card.tested_years == (2024,)


@settings(max_examples=20, deadline=None)
@given(st.sets(st.sampled_from([f"h{n:03}" for n in range(12)])), st.floats(0, 1))
def test_nobody_leaves_the_visit_list(trained: Model, visits: set[str], capacity: float) -> None:
    found, _ = score(rows_of(8), trained, visits, capacity)
    kept = {one.household_id for one in found if one.visit in {"rules", "both"}}
    assert kept == visits


def test_what_is_unknown_or_out_of_range_gets_no_score(trained: Model) -> None:
    rows = rows_of(4)
    by_place = {(row["household_id"], row["year"]): row for row in rows}
    by_place["h000", 2024]["income"] = None
    by_place["h001", 2024]["persons"] = 60
    by_place["h002", 2024]["crop"] = "opium"
    states = {one.household_id: one for one in score(rows, trained)[0]}
    for unit in ("h000", "h001", "h002"):
        assert (states[unit].state, states[unit].probability) == ("abstain", None)
    assert "人口" in states["h001"].reason_zh
    assert states["h003"].state == "scored"
    assert "收入是线的" in states["h003"].reason_zh


def test_numbers_as_people_write_them_are_read() -> None:
    (row,) = rows_of(1)[:1]
    written = row | {"income": "￥９，６００元", "line": "8,000 元", "year": "2020年"}
    (found,), rejected, _ = clean([written], SPEC)
    assert (found.rel, found.year, rejected) == (1.2, 2020, [])


def test_rows_that_cannot_be_read_are_set_aside_with_the_reason() -> None:
    rows = rows_of(2)
    bad: list[dict[str, Any]] = [
        {"income": -1},
        {"year": "last"},
        {"household_id": " "},
        {"persons": "many"},
    ]
    rows += [{**rows[0], "year": 2010, **one} for one in bad]
    rows += [dict(rows[0]), {**rows[1], "income": 5}]
    kept, rejected, repeated = clean(rows, SPEC)
    assert (len(kept), repeated) == (9, 1)
    assert [one.row for one in rejected] == [2, 11, 12, 13, 14, 16]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.booleans(), st.integers(0, 5)), min_size=2, max_size=40).filter(
        lambda rows: 0 < sum(y for y, _ in rows) < len(rows)
    )
)
def test_measures_agree_with_scikit_learn(rows: list[tuple[bool, int]]) -> None:
    y, p = np.array([float(y) for y, _ in rows]), np.array([p / 5 for _, p in rows])
    assert measures.average_precision(y, p) == pytest.approx(average_precision_score(y, p))
    assert measures.auc(y, p) == pytest.approx(roc_auc_score(y, p))


def test_history_is_fitted_on_what_persistence_leaves_and_says_what_each_part_adds() -> None:
    panel = build(clean(rows_of(), SPEC)[0], SPEC)
    known = model.usable(panel.x, panel.y)
    found = fit_history(panel.x[known], panel.y[known])
    parts = found.parts(panel.x[known])
    assert parts.mean(axis=0) == pytest.approx(0, abs=1e-9)
    base = found.now.at(np.log1p(panel.x[known, 0])) + found.start
    assert found.margin(panel.x[known]) == pytest.approx(base + parts.sum(axis=1))
    assert found.slopes[0] < 0  # a better past than present means less risk
    chance = 1 / (1 + np.exp(-found.margin(panel.x[known])))
    assert chance.mean() == pytest.approx(panel.y[known].mean(), abs=1e-4)


def test_households_below_the_line_teach_an_entry_score_but_are_not_scored() -> None:
    entry = msgspec.structs.replace(SPEC, task="entry")
    made = train(rows_of(), entry)[0]
    rows = rows_of(120)
    below = {row["household_id"] for row in rows if row["year"] == 2024 and row["income"] < 8000}
    found = {one.household_id: one.state for one in score(rows, made)[0]}
    assert below
    assert {one for one, state in found.items() if state == "below"} == below
    span = made.ranges[0]
    assert span is not None
    assert span[0] < 1


def test_calibration_error_by_chance_shrinks_with_rows() -> None:
    p = np.linspace(0.01, 0.6, 400)
    y = (np.random.default_rng(5).random(400) < p).astype(float)
    few, many = (measures.error_by_chance(np.tile(y, n), np.tile(p, n), 100, 7) for n in (1, 25))
    assert few.mean > 3 * many.mean
    assert few.high > few.mean
    assert (few.goal, many.goal) == (0.0, 1.0)
    assert few.p > 0.05
    sure = np.array([0.0, 1.0])
    assert measures.error_by_chance(sure, sure, 99, 7) == measures.Chance(0.0, 0.0, 1.0, 1.0)


def test_a_score_that_is_off_is_told_from_chance() -> None:
    p = np.tile(np.linspace(0.05, 0.5, 100), 20)
    y = (np.random.default_rng(5).random(len(p)) < p).astype(float)
    units = [str(at // 4) for at in range(len(p))]
    assert measures.error_by_chance(y, p + 0.1, 99, 7).p == 0.01
    right, off = (measures.error_interval(y, q, units, 100, 7) for q in (p, p + 0.1))
    assert right.low < 0.01
    assert off.low > 0.05
    assert off.low <= off.value <= off.high


@given(st.integers(0, 10**6))
@settings(max_examples=30, deadline=None)
def test_a_small_year_moves_the_level_a_little_and_the_slope_hardly(seed: int) -> None:
    random = np.random.default_rng(seed)
    margin = random.normal(-2, 1, 300)
    y = (random.random(300) < 1 / (1 + np.exp(-margin - 1))).astype(float)
    found = model.calibration(margin, y)
    assert found.slope == pytest.approx(1, abs=0.1)
    shift = found.at(margin).mean() - margin.mean()
    assert shift < 1.2
    whole = model.calibration(np.tile(margin, 500), np.tile(y, 500))
    p = whole.probability(margin)
    assert p.mean() == pytest.approx(y.mean(), abs=0.002)


def test_other_households_of_all_years_predict_a_household(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    panel = build(clean(rows_of(60), SPEC)[0], SPEC)
    folds = evaluate.fold_of(panel.units, SPEC)

    def spy(panel: Any, spec: Spec, task: Any, past: Any, here: Any) -> dict[str, Any]:
        assert not set(folds[past]) & set(folds[here])
        return {"ebm": np.zeros(here.sum())}

    monkeypatch.setattr(evaluate, "_predict", spy)
    found = evaluate.grouped(panel, SPEC)
    assert len(found.rows) == evaluate.learnable(panel, SPEC).sum()


def test_calibration_error_of_a_known_table() -> None:
    y, p = np.array([1.0, 0, 0, 0, 1, 1]), np.array([0.25, 0.25, 0.25, 0.25, 0.95, 0.95])
    assert measures.calibration_error(y, p) == pytest.approx(0.1 / 6)


def test_too_little_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="risk_few"):
        train(rows_of(5), SPEC)
    with pytest.raises(InvalidInputError, match="risk_years"):
        train([row for row in rows_of() if row["year"] > 2022], SPEC)
    with pytest.raises(InvalidInputError, match="risk_empty"):
        train([], SPEC)
    with pytest.raises(InvalidInputError, match="risk_column"):
        train([{"household_id": "a"}], SPEC)
    with pytest.raises(InvalidInputError, match="risk_spec"):
        load_spec("capacity = 2")
    with pytest.raises(InvalidInputError, match="risk_spec"):
        load_spec("zh = '线'".encode("gb18030"))
    with pytest.raises(InvalidInputError, match="risk_model"):
        load(b"{}")


def test_the_commands_write_model_card_and_scores(tmp_path: Path) -> None:
    panel, spec, made = (tmp_path / name for name in ("p.csv", "s.toml", "m.json"))
    rows = rows_of(160)
    with panel.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    spec.write_text("folds = 2\ntest_years = 1\nbags = 1\nrounds = 20\ndraws = 100\n")
    run = CliRunner().invoke
    done = run(app, ["train", str(panel), "--spec", str(spec), "--out", str(made)])
    assert done.exit_code == 0, done.output
    assert "persistence" in (tmp_path / "m.card.md").read_text("utf-8")
    (tmp_path / "v.csv").write_text("household_id\nh001\nelsewhere\n")
    out = tmp_path / "f.csv"
    more = ["--out", str(out), "--visits", str(tmp_path / "v.csv")]
    done = run(app, ["score", str(panel), "--model", str(made), *more])
    assert done.exit_code == 0, done.output
    with out.open(encoding="utf-8-sig", newline="") as file:
        found = {row["household_id"]: row for row in csv.DictReader(file)}
    assert len(found) == 161
    assert found["elsewhere"]["visit"] == "rules"
    scored = sum(row["state"] == "scored" for row in found.values())
    added = sum(row["visit"] in {"score", "both"} for row in found.values())
    assert 100 < scored <= 160
    assert added == -(-scored // 10)
