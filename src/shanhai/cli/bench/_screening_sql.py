"""R01–R20 as one would write them by hand for DuckDB, thresholds in fen, line 8,500 yuan."""

RULES = (
    "income_12m < 850000 * persons",
    "income_prev_12m > 0 AND (income_prev_12m - income_12m) * 10 >= income_prev_12m * 3",
    "was_poor AND oop_ytd >= 500000",
    "NOT was_poor AND oop_ytd >= 2000000",
    "outpatient_month >= 50000",
    "major_disease_new",
    "dropout_children > 0",
    "school_fees_net > 1000000",
    "only_house AND house_grade IN ('C', 'D') OR house_problem",
    "water_outage_days > 30 OR water_quality_fail OR water_fetch_long",
    "labour > 0 AND idle_months >= 3",
    "labour = 0 AND income_12m * 2 < 3 * 850000 * persons",
    "disabled_severe_new OR disabled_persons > 0 AND income_12m * 2 < 3 * 850000 * persons",
    "assets_destroyed OR disaster_loss >= 500000",
    "left_assistance AND income_12m * 2 < 3 * 850000 * persons",
    "uninsured_persons > 0",
    "debt > 2 * income_12m OR loan_overdue",
    "worker_lost",
    "income_12m - oop_ytd - school_fees_net - disaster_loss < 850000 * persons",
    "area_event",
)


def plain(data: str, fields: tuple[str, ...]) -> str:
    """Return the query: households with a rule that fires or is unknown, their inputs and both masks."""
    truths = ", ".join(f"({rule}) AS r{k}" for k, rule in enumerate(RULES))
    kept = ", ".join(("household_id", "region", *fields))
    return (
        f"SELECT * FROM (SELECT {kept}, {_masks()} "  # noqa: S608 - constants
        f"FROM (SELECT {kept}, {truths} FROM read_parquet('{data}'))) "
        "WHERE fired0 <> 0 OR unknown0 <> 0"
    )


def filtered(data: str, fields: tuple[str, ...]) -> str:
    """Return the same query as one who has profiled it writes it: first who is not quiet, then the masks."""
    truths = ", ".join(f"({rule}) AS r{k}" for k, rule in enumerate(RULES))
    kept = ", ".join(("household_id", "region", *fields))
    some = " OR ".join(f"({rule})" for rule in RULES)
    return (
        f"WITH loud AS MATERIALIZED (SELECT {kept}, {truths} FROM read_parquet('{data}') "  # noqa: S608 - constants
        f"WHERE coalesce({some}, true)) SELECT {kept}, {_masks()} FROM loud"
    )


HANDS = {"plain": plain, "filtered": filtered}


def _masks() -> str:
    fired = " + ".join(f"CASE WHEN r{k} THEN {1 << k} ELSE 0 END" for k in range(len(RULES)))
    unknown = " + ".join(
        f"CASE WHEN r{k} IS NULL THEN {1 << k} ELSE 0 END" for k in range(len(RULES))
    )
    return f"{fired} AS fired0, {unknown} AS unknown0"
