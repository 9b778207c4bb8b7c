"""What a sensitivity analysis writes: bands.csv, effects.csv, remove_one.csv and result.json."""

from collections.abc import Mapping
from pathlib import Path

import msgspec

from shanhai.engines.indicators.output import VERSION, write_json, write_rows
from shanhai.engines.indicators.scheme import Scheme
from shanhai.engines.indicators.uncertainty.analyse import Analysis


def write_analysis(found: Analysis, scheme: Scheme, out: Path, inputs: Mapping[str, str]) -> None:
    """Write an analysis into a folder, made where it is not there."""
    write_rows(out / "bands.csv", found.units)
    effects = [{"output": name, **row} for name, rows in found.effects.items() for row in rows]
    write_rows(out / "effects.csv", effects)
    write_rows(out / "remove_one.csv", found.removed)
    about = {**msgspec.to_builtins(scheme.about), "sha256": inputs.get("scheme", "")}
    told = {
        "format": VERSION,
        "scheme": about,
        "data": {"sha256": inputs.get("data", "")},
        "settings": msgspec.to_builtins(scheme.sensitivity),
        "method": found.method,
        "runs": found.runs,
        "rank_shift_mean": found.rank_shift,
        "effects": found.effects,
        "remove_one": found.removed,
        "units": found.units,
    }
    write_json(out / "result.json", told)
