"""Inputs of a profile's run: files, read and compiled."""

from pathlib import Path
from typing import NamedTuple

import msgspec

from shanhai.engines.matching import tables
from shanhai.engines.matching.places import Point, point_of
from shanhai.engines.matching.profile import MODES, Profile, read_profile
from shanhai.engines.matching.program import Compiled, Maker, Program
from shanhai.engines.matching.rows import Rows, read_rows
from shanhai.kernel.errors import InvalidInputError


class Inputs(NamedTuple):
    """Files of a run.

    Attributes:
        profile: A TOML file, or the name of a shipped profile.
        needs: CSV or Parquet with a column of ids.
        offers: Likewise.
        wishes: Locks and exclusions: need,offer,decision.
        centres: Places: code,longitude,latitude.
        prices: right,price of an earlier run, for online mode.
    """

    profile: str
    needs: Path
    offers: Path
    wishes: Path | None = None
    centres: Path | None = None
    prices: Path | None = None


class Loaded(NamedTuple):
    """Inputs, read and compiled."""

    profile: Profile
    needs: Rows
    offers: Rows
    compiled: Compiled

    @property
    def program(self) -> Program:
        """Return the program."""
        return self.compiled.program

    def absent(self) -> dict[str, list[str]]:
        """Return the columns that predicates and components name and a file has not, by side."""
        named = [*self.profile.predicates, *self.profile.components]
        return {
            side: sorted(
                {
                    name
                    for one in named
                    for name in map(str.strip, getattr(one, side.removesuffix("s")).split(","))
                    if name and name not in rows.columns
                }
            )
            for side, rows in (("needs", self.needs), ("offers", self.offers))
        }


def load(inputs: Inputs, mode: str = "", seed: int | None = None) -> Loaded:
    """Read and compile a run's inputs.

    Raises:
        InvalidInputError: As `read_profile`, `read_rows` and `Maker.compile`; or there is no such mode.
    """
    profile = read_profile(inputs.profile)
    if mode and mode not in MODES:
        raise InvalidInputError("match.mode_unknown", mode=mode, known=", ".join(MODES))
    if mode or seed is not None:
        profile = msgspec.structs.replace(
            profile, mode=mode or profile.mode, seed=profile.seed if seed is None else seed
        )
    needs, offers = read_rows(inputs.needs, profile.id), read_rows(inputs.offers, profile.id)
    compiled = Maker(profile, needs, offers, read_centres(inputs.centres)).compile()
    return Loaded(profile, needs, offers, compiled)


def read_centres(path: Path | None) -> dict[str, Point]:
    """Read centres of places: code,longitude,latitude.

    Raises:
        InvalidInputError: The file cannot be read, or a place is none.
    """
    if path is None:
        return {}
    table = tables.read_table(path, ("code", "longitude", "latitude"))
    found: dict[str, Point] = {}
    rows = zip(*(table[name].to_pylist() for name in table.column_names), strict=True)
    for number, (code, longitude, latitude) in enumerate(rows):
        point = point_of(f"{longitude},{latitude}", {})
        if point is None:
            raise InvalidInputError(
                "match.value", file=path.name, row=number + 2, column="longitude",
                value=f"{longitude},{latitude}"[:40], wanted="104.06, 30.67",
            )  # fmt: skip
        found[str(code)] = point
    return found
