"""Settlement of whole runs: `instalments.csv` of one, `settlement.csv` of a provisional and a final one."""

import csv
import io
from datetime import date

import msgspec

from shanhai.engines.fiscal.run import Result
from shanhai.engines.fiscal.scheme import Scheme, Settlement
from shanhai.engines.fiscal.stages.settlement import Settled, instalments, settle, shares
from shanhai.engines.fiscal.words import refuse


def same_units(first: Result, second: Result) -> None:
    """Refuse runs over different units.

    Raises:
        InvalidInputError: If the units differ; names some.
    """
    other = set(first.units) ^ set(second.units)
    if other:
        raise refuse("settle.units", units="、".join(sorted(other)[:8]))


def rule_of(scheme: Scheme) -> Settlement:
    """Return the scheme's `[settlement]`.

    Raises:
        InvalidInputError: If it has none.
    """
    if scheme.settlement is None or not scheme.settlement.instalment:
        raise refuse("settle.none")
    return scheme.settlement


def instalments_csv(result: Result) -> str:
    """Return unit, instalment, due, amount_fen (positive to the unit, negative from it); every instalment balances."""
    rule = rule_of(result.scheme)
    parts = instalments(result.at("total"), shares(rule))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["unit", "instalment", "due", "amount_fen"])
    for at, unit in enumerate(result.units):
        for one, amounts in zip(rule.instalment, parts, strict=True):
            writer.writerow([unit, one.name, one.due, amounts[at]])
    return out.getvalue()


def settled(provisional: Result, final: Result, day: date | None = None) -> Settled:
    """Settle a provisional run against the final one.

    Args:
        provisional: The run on provisional data.
        final: The run on certified data.
        day: The day of the settlement; the scheme's `settled` if None.

    Raises:
        InvalidInputError: If units differ, or the scheme has no settlement or no day.
    """
    same_units(provisional, final)
    rule = rule_of(final.scheme)
    when = day or rule.settled
    if when is None:
        raise refuse("lacking", place="[settlement]", name="settled")
    return settle(provisional.at("total"), final.at("total"), rule, when)


def settlement_csv(final: Result, found: Settled) -> str:
    """Return unit, label, provisional_fen, final_fen, difference_fen, interest_fen, cash_fen, carried_fen."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["unit", "label", *(f"{name}_fen" for name in Settled._fields)])
    for at, unit in enumerate(final.units):
        writer.writerow([unit, final.labels[at], *(column[at] for column in found)])
    return out.getvalue()


def settlement_json(final: Result, found: Settled) -> bytes:
    """Return the sums of each column and the article."""
    sums = {f"{name}_fen": sum(column) for name, column in found._asdict().items()}
    body = {"scheme": final.scheme.head.id, "article": rule_of(final.scheme).article, **sums}
    return msgspec.json.format(msgspec.json.encode(body), indent=1) + b"\n"
