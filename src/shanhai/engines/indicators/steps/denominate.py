"""Denominators: x / (denominator / scale), per indicator as its metadata says (COINr, `Denominate`)."""

import numpy as np

from shanhai.engines.indicators.errors import refused
from shanhai.engines.indicators.frame import Frame, Note
from shanhai.engines.indicators.methods import Params, method


@method("denominate", "divide")
def divide(frame: Frame, params: Params, only: tuple[str, ...]) -> Frame:  # noqa: ARG001 - one signature
    """Divide each indicator that has a denominator by it.

    Args:
        frame: Raw data.
        params: None.
        only: Codes to divide, all where empty.

    Raises:
        InvalidInputError: If a denominator is zero or negative where the indicator has a value.
    """
    x, notes = frame.x.copy(), []
    for j, one in enumerate(frame.indicators):
        if not one.denominator or (only and one.code not in only):
            continue
        below = frame.table.numbers[one.denominator]
        wrong = (below <= 0) & ~np.isnan(x[:, j])
        if wrong.any():
            row = int(np.argmax(wrong))
            unit, value = frame.table.row_name(row), float(below[row])
            raise refused(
                "zero_denominator", unit=unit, place=one.code, column=one.denominator, value=value
            )
        lost = np.isnan(below) & ~np.isnan(x[:, j])
        if lost.any():
            units = "、".join(frame.table.row_name(int(r)) for r in np.flatnonzero(lost)[:10])
            notes.append(
                Note(
                    "denominator_missing",
                    one.code,
                    f"分母“{one.denominator}”缺失，{one.code} 随之缺失：{units}",
                    f"{one.code} is missing where its denominator {one.denominator!r} is: {units}",
                )
            )
        x[:, j] = x[:, j] / (np.where(below > 0, below, np.nan) / one.scale)
    return frame.with_x(x).noting(*notes)
