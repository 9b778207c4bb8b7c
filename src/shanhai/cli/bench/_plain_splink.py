"""The peer of `bench linkage`: Splink as its documentation shows it, on all records, trained in the same run.

Run as a module with two files to link and one to write; prints the seconds of training as JSON.
"""

import logging
import sys
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import Any

import msgspec


def prepared(path: Path) -> Any:
    """Return a file's records, cleaned as our own linkage cleans them."""
    from shanhai.engines.linkage.model import load
    from shanhai.engines.linkage.prepare import Reading, prepare
    from shanhai.engines.linkage.spec import Side
    from shanhai.engines.linkage.tables import read

    reading = Reading(path.name, Side(), load("persons"), date(2026, 1, 1))
    return prepare(read(path), reading).table


def settings() -> Any:
    """Return the settings that the reference found to work for Chinese persons."""
    import splink.comparison_level_library as levels
    import splink.comparison_library as compare
    from splink import SettingsCreator, block_on

    region = [levels.NullLevel("region"), levels.ExactMatchLevel("region")]
    region += [
        levels.CustomLevel(f"substr(region_l,1,{n}) = substr(region_r,1,{n})") for n in (9, 6)
    ]
    return SettingsCreator(
        link_type="link_only",
        unique_id_column_name="uid",
        comparisons=[
            compare.LevenshteinAtThresholds("name", [1]).configure(term_frequency_adjustments=True),
            compare.DamerauLevenshteinAtThresholds("id_no", [1, 2]),
            compare.DamerauLevenshteinAtThresholds("birth", [1, 2]),
            compare.ExactMatch("sex"),
            compare.CustomComparison([*region, levels.ElseLevel()], output_column_name="region"),
            compare.ExactMatch("phone"),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("id_no"),
            block_on("name", "birth"),
            block_on("birth", "region"),
            block_on("name", "region"),
            block_on("phone"),
            block_on("substr(id_no, 1, 14)", "name_surname"),
        ],
        retain_matching_columns=False,
    )


def main(left: Path, right: Path, out: Path) -> float:
    """Link, write the pairs, and return the seconds that training took."""
    from splink import DuckDBAPI, Linker, block_on

    logging.getLogger("splink").setLevel(logging.ERROR)
    api = DuckDBAPI()
    inputs = [
        api.register(prepared(path), dataset_display_name=name)
        for path, name in ((left, "side_0"), (right, "side_1"))
    ]
    linker = Linker(inputs, settings(), log_level=logging.ERROR)
    started = perf_counter()
    rules: list[Any] = [block_on("id_no"), block_on("name", "birth", "region")]
    linker.training.estimate_probability_two_random_records_match(rules, recall=0.85)
    linker.training.estimate_u_using_random_sampling(max_pairs=2_000_000)
    for rule in (block_on("name", "birth"), block_on("region", "birth")):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    training = perf_counter() - started
    found = linker.inference.predict(threshold_match_weight=-5).physical_name
    names = [one.physical_name for one in inputs]
    best = "row_number() OVER (PARTITION BY {} ORDER BY match_weight DESC, uid_l, uid_r) = 1"
    api.duckdb_con.execute(
        f"COPY (SELECT a.id AS id_left, b.id AS id_right FROM {found} p "  # noqa: S608 - Splink's names
        f"JOIN {names[0]} a ON a.uid = uid_l JOIN {names[1]} b ON b.uid = uid_r "
        f"WHERE match_probability >= 0.5 "
        f"QUALIFY {best.format('uid_l')} AND {best.format('uid_r')}) TO '{out}'"
    )
    return training


if __name__ == "__main__":
    spent = main(*map(Path, sys.argv[1:]))
    sys.stdout.write(msgspec.json.encode({"training": spent}).decode() + "\n")
