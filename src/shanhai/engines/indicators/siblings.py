"""What a method of weights or aggregation sees: the children of one node, their numbers and what they are called."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from shanhai.engines.indicators.errors import refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from shanhai.engines.indicators.arrays import Floats


@dataclass(frozen=True, slots=True)
class Siblings:
    """The children of a node.

    Attributes:
        node: Code of the parent.
        codes: Codes of the children, shape (k,).
        x: Their numbers, shape (..., n, k); leading axes are draws.
        directions: 1 or -1 each, shape (k,); all 1 after a normalise step.
        given: Weights as the scheme states them, shape (k,).
        row_name: What a row is called.
        place: Where the scheme asks for the method.
        told: What a method wants told in the result; it may add to it.
    """

    node: str
    codes: tuple[str, ...]
    x: Floats
    directions: Floats
    given: Floats
    row_name: Callable[[int], str]
    place: str
    told: dict[str, Any] = field(default_factory=dict)

    def some(self, columns: Any) -> Siblings:
        """Return these children only, telling into the same result."""
        return replace(
            self,
            codes=tuple(np.array(self.codes, dtype=object)[columns]),
            x=self.x[..., columns],
            directions=self.directions[columns],
            given=self.given[columns],
        )

    def signed(self) -> Floats:
        """Return x times direction: more is better."""
        return np.asarray(self.x * self.directions)

    def without_gaps(self, method: str) -> Floats:
        """Return x, refusing a missing value.

        Raises:
            InvalidInputError: Naming the first unit and child.
        """
        self.refuse_where(np.isnan(self.x), "gap", method)
        return self.x

    def positive(self, method: str) -> Floats:
        """Return x, refusing what is zero or less; gaps pass.

        Raises:
            InvalidInputError: Naming the first unit and child.
        """
        self.refuse_where(self.x <= 0, "nonpositive", method)
        return self.x

    def refuse_where(self, wrong: Any, code: str, method: str) -> None:
        """Refuse with `code` at the first cell where `wrong` is true."""
        if wrong.any():
            at = tuple(np.argwhere(wrong)[0])
            facts = {"value": float(self.x[at])} if code != "gap" else {}
            unit, child = self.row_name(int(at[-2])), self.codes[int(at[-1])]
            raise refused(code, unit=unit, place=self.node, method=method, child=child, **facts)

    def apart(self, method: str) -> Floats:
        """Return x without gaps, refusing a child that is the same for every unit.

        Raises:
            InvalidInputError: Naming the child.
        """
        x = self.without_gaps(method)
        same = (x == x[..., :1, :]).all(axis=-2)
        if same.any():
            j = int(np.argwhere(same)[0][-1])
            value = float(x[..., 0, j].ravel()[0])
            raise refused(
                "constant", child=self.codes[j], place=self.node, method=method, value=value
            )
        return x
