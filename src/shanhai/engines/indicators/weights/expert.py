"""Weights from experts: pairwise comparison (AHP) with its consistency ratio, and budget allocation.

Source: Saaty 1980; OECD/JRC Handbook 2008, step 6. Random indices as in Saaty, 1.41 for eight children.
"""

from fractions import Fraction
from typing import Literal

import numpy as np

from shanhai.engines.indicators.arrays import Floats
from shanhai.engines.indicators.errors import refused
from shanhai.engines.indicators.methods import Params, method
from shanhai.engines.indicators.siblings import Siblings

RANDOM_INDEX = (0, 0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59)
ROUNDED = 0.05
"""How far a_ij · a_ji may be from 1: matrices are printed with 0.33 for 1/3."""

Row = tuple[float | str, ...]
Matrix = tuple[Row, ...]


class Ahp(Params, frozen=True, kw_only=True):
    """One matrix, or one an expert; how priorities are taken; from which ratio on the scheme is refused."""

    matrix: Matrix = ()
    matrices: tuple[Matrix, ...] = ()
    priority: Literal["eigenvector", "geometric"] = "eigenvector"
    refuse_above: float | None = None


class Budget(Params, frozen=True, kw_only=True):
    """Each expert's points for the children in the scheme's order, and what they must sum to."""

    experts: tuple[tuple[float, ...], ...]
    points: float = 100.0
    average: Literal["mean", "median"] = "mean"


@method("weights", "ahp", params=Ahp)
def ahp(of: Siblings, params: Ahp) -> Floats:
    """Take priorities of a pairwise comparison matrix; tells λ, CI and CR.

    Raises:
        InvalidInputError: If a matrix is not square, positive and reciprocal, or too inconsistent.
    """
    written = params.matrices or ((params.matrix,) if params.matrix else ())
    if not written:
        raise refused("required", place=of.place, name="matrix")
    matrices = np.array([_matrix(one, of) for one in written])
    together = np.exp(np.log(matrices).mean(axis=0))
    weights, principal, ratio = priorities(together, params.priority)
    n = len(together)
    index = (principal - n) / (n - 1) if n > 1 else 0.0
    of.told["ahp"] = {"lambda_max": principal, "ci": index, "cr": ratio, "consistent": ratio <= 0.1}  # noqa: PLR2004
    if params.refuse_above is not None and ratio > params.refuse_above:
        detail = f"CR = {ratio:.4f} > {params.refuse_above:g}"
        raise refused("weights_undefined", node=of.node, method="ahp", detail=detail)
    return weights


def priorities(matrix: Floats, priority: str = "eigenvector") -> tuple[Floats, float, float]:
    """Return weights, the principal eigenvalue and the consistency ratio of a matrix (k, k)."""
    n = len(matrix)
    values, vectors = np.linalg.eig(matrix)
    at = int(np.argmax(values.real))
    weights = np.abs(vectors[:, at].real)
    if priority == "geometric":
        weights = np.exp(np.log(matrix).mean(axis=1))
    principal = float(values[at].real)
    random = RANDOM_INDEX[min(n, len(RANDOM_INDEX)) - 1]
    ratio = (principal - n) / (n - 1) / random if random else 0.0
    return weights / weights.sum(), principal, float(ratio)


def _matrix(written: Matrix, of: Siblings) -> Floats:
    n = len(of.codes)
    if len(written) != n or any(len(row) != n for row in written):
        raise refused(
            "value",
            place=f"{of.place}.matrix",
            detail=f"expected {n} × {n}, children {', '.join(of.codes)}",
        )
    try:
        a = np.array(
            [
                [float(Fraction(v)) if isinstance(v, str) else float(v) for v in row]
                for row in written
            ]
        )
    except (ValueError, ZeroDivisionError) as error:
        raise refused("value", place=f"{of.place}.matrix", detail=str(error)) from error
    wrong = (a <= 0) | (np.abs(a * a.T - 1) > ROUNDED)
    if wrong.any():
        i, j = np.argwhere(wrong)[0]
        detail = f"[{i + 1}][{j + 1}] = {a[i, j]:g}, [{j + 1}][{i + 1}] = {a[j, i]:g}: not positive and reciprocal"
        raise refused("value", place=f"{of.place}.matrix", detail=detail)
    return a


@method("weights", "budget", params=Budget)
def budget(of: Siblings, params: Budget) -> Floats:
    """Average the points that experts allotted; tells how far they are apart.

    Raises:
        InvalidInputError: If an expert's points are not one a child, negative, or do not sum.
    """
    for at, points in enumerate(params.experts):
        place = f"{of.place}.experts[{at}]"
        if len(points) != len(of.codes):
            raise refused(
                "value", place=place, detail=f"{len(points)} numbers for {len(of.codes)} children"
            )
        if min(points) < 0 or abs(sum(points) - params.points) > 1e-6 * params.points:
            raise refused(
                "value",
                place=place,
                detail=f"sums to {sum(points):g}, not {params.points:g}, or is negative",
            )
    if not params.experts:
        raise refused("required", place=of.place, name="experts")
    all_ = np.array(params.experts)
    average = all_.mean(axis=0) if params.average == "mean" else np.median(all_, axis=0)
    apart = all_.std(axis=0, ddof=1) if len(all_) > 1 else np.zeros(all_.shape[1])
    of.told["budget"] = {
        "experts": len(all_),
        "sd": dict(zip(of.codes, apart.tolist(), strict=True)),
    }
    return np.asarray(average / average.sum())
