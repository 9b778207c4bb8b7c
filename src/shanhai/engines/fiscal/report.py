"""What a run writes: `result.csv`, `result.json`, `trace.json`, `flows.csv`, `earmark.csv`; same input, same bytes."""

import csv
import hashlib
import io
from itertools import pairwise
from typing import Any

import msgspec

from shanhai.engines.fiscal.exact import Number, by_size, divide, show, tame, total
from shanhai.engines.fiscal.level import gini
from shanhai.engines.fiscal.prepare import RATIOS, TOTALS, Ratios
from shanhai.engines.fiscal.run import Result
from shanhai.engines.fiscal.settling import instalments_csv
from shanhai.engines.fiscal.trace import encoded, shown, steps_of, texts


def _csv(rows: list[list[Any]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def figure_columns(result: Result) -> list[tuple[str, list[str]]]:
    """Return heading and cells of every figure: money as `<name>_fen`, blank where unknown."""
    names = [t.name for t in result.scheme.transfers]
    names += [step.name for step in result.scheme.steps]
    names += [name for name in RATIOS if name in result.values]
    names += result.scheme.report.beside if result.scheme.report else []
    found = []
    for name in names:
        values, kind = result.values[name], result.kinds[name]
        money = kind.what == "number" and kind.money == 1
        cells = texts(values, len(result.units))
        found.append((f"{name}_fen" if money else name, cells))
    return found


def result_csv(result: Result) -> str:
    """Return the result: unit, label, paid_fen, received_fen, net_fen, topup_fen, total_fen, then every figure.

    `paid_fen` and `received_fen` are ≥ 0 and of all transfers but top-ups; `net_fen` = received − paid.
    """
    figures = figure_columns(result)
    heading = ["unit", "label", *(f"{name}_fen" for name in TOTALS), *(name for name, _ in figures)]
    columns = [result.units, result.labels, *(result.at(name) for name in TOTALS)]
    columns += [cells for _, cells in figures]
    return _csv([heading, *map(list, zip(*columns, strict=True))])


def flows_csv(result: Result) -> str:
    """Return who gives to whom: transfer, donor, recipient, amount_fen; of transfers with pairs."""
    rows: list[list[Any]] = [["transfer", "donor", "recipient", "amount_fen"]]
    for name, outcome in result.transfers.items():
        for (donor, recipient), amount in sorted(outcome.flows.items()):
            rows.append([name, result.units[donor], result.units[recipient], amount])
    return _csv(rows)


def earmark_csv(result: Result) -> str:
    """Return purposes: unit, purpose, amount_fen."""
    rows: list[list[Any]] = [["unit", "purpose", "amount_fen"]]
    for at, unit in enumerate(result.units):
        rows += [[unit, purpose, parts[at]] for purpose, parts in result.purposes.rows.items()]
    return _csv(rows)


def trace_of(result: Result, unit: str) -> list[dict[str, Any]]:
    """Return one unit's steps; `unit` is its code.

    Raises:
        ValueError: If there is no such unit.
    """
    return steps_of(result.lines, result.units.index(unit))


def trace_json(result: Result) -> bytes:
    """Return the trace of every unit: `{"scheme", "title", "date", …, "units": {unit: [step …]}}`."""
    head = result.scheme.head
    body = {
        "scheme": head.id,
        "title": head.title_zh,
        "date": str(result.ready.day),
        "status": head.status,
        "source": head.source,
        "articles": result.scheme.articles,
    }
    opening = msgspec.json.encode(body)[:-1] + b',"units":'
    return opening + encoded(result.lines, result.units) + b"}"


def measures(result: Result) -> dict[str, Any]:
    """Return totals, and with `[report]` equality before and after and the heaviest burden."""
    found: dict[str, Any] = {f"{name}_fen": sum(result.at(name)) for name in TOTALS}
    found["units"] = len(result.units)
    found["payers"] = sum(1 for net in result.at("net") if net < 0)
    found["recipients"] = sum(1 for net in result.at("net") if net > 0)
    if "after" in result.values:
        found |= equality(result)
    return found


def equality(result: Result) -> dict[str, Any]:
    """Return Gini, lowest and highest ratio before and after, the heaviest burden and changed places."""
    before, after = result.values["before"], result.values["after"]
    ratios = next(op for op in result.ready.ops if isinstance(op, Ratios))
    given = ratios.given.values(result.env)
    need, base = given["need"], given["burden"]
    found: dict[str, Any] = {}
    for name, values in (("before", before), ("after", after)):
        if min(values) >= 0:
            found[f"gini_{name}"] = show(gini(values, need))
        found[f"lowest_{name}"], found[f"highest_{name}"] = show(min(values)), show(max(values))
    burdens: list[Number] = [
        divide(-net, own) for net, own in zip(result.at("net"), base, strict=True) if net < 0 < own
    ]
    found["highest_burden"] = show(max(burdens, default=0))
    found["rank_changes"] = rank_changes(before, after)
    return found


def rank_changes(before: list[Number], after: list[Number]) -> int:
    """Count the neighbours in the order before that stand the other way after."""
    order = sorted(range(len(before)), key=lambda at: (*by_size(before[at]), *by_size(after[at])))
    return sum(1 for low, high in pairwise(order) if after[low] > after[high])


def transfer_totals(result: Result) -> dict[str, Any]:
    """Return for each transfer what is paid, received and by whom else, and its figures (level, scale …)."""
    found = {}
    for transfer in result.scheme.transfers:
        outcome = result.transfers[transfer.name]
        paid, received = sum(outcome.paid), sum(outcome.received)
        found[transfer.name] = {
            "article": transfer.article,
            "kind": transfer.kind,
            "payer": transfer.payer,
            "paid_fen": paid,
            "received_fen": received,
            "payer_fen": received - paid if transfer.payer else 0,
            "zero_sum": bool(transfer.payer) or paid == received,
            "figures": {key: shown(value) for key, value in outcome.figures.items()},
        }
    return found


def scalars(result: Result) -> dict[str, Any]:
    """Return every figure that is one value for all units: parameters and steps."""
    return {
        name: shown(tame(value) if not isinstance(value, str) else value)
        for name, value in sorted(result.values.items())
        if not isinstance(value, list)
    }


def outputs(result: Result, *inputs: bytes) -> dict[str, bytes]:
    """Return the files of a run by name: `result.csv`, `result.json`, `trace.json`, and `flows.csv`, `earmark.csv` if any.

    Args:
        result: The run, traced.
        inputs: The bytes of scheme and data, hashed into `result.json`.
    """
    text = result_csv(result).encode()
    found = {
        "result.csv": text,
        "result.json": result_json(result, text, *inputs),
        "trace.json": trace_json(result),
    }
    if any(outcome.flows for outcome in result.transfers.values()):
        found["flows.csv"] = flows_csv(result).encode()
    if result.scheme.settlement is not None:
        found["instalments.csv"] = instalments_csv(result).encode()
    if result.purposes.rows:
        found["earmark.csv"] = earmark_csv(result).encode()
    return found


def result_json(result: Result, text: bytes, *inputs: bytes) -> bytes:
    """Return the summary: scheme, date, totals, measures, transfers, one-value figures, hashes of what went in and out.

    Args:
        result: The run.
        text: Its `result.csv`.
        inputs: The bytes of scheme and data.
    """
    head = result.scheme.head
    totals = transfer_totals(result)
    body = {
        "scheme": head.id,
        "title_zh": head.title_zh,
        "title_en": head.title_en,
        "status": head.status,
        "source": head.source,
        "currency": head.currency,
        "date": str(result.ready.day),
        "zero_sum": all(one["zero_sum"] for one in totals.values()),
        "measures": measures(result),
        "transfers": totals,
        "figures": scalars(result),
        "unconfirmed": [n for n, p in result.scheme.parameters.items() if p.status != "confirmed"],
        "input_sha256": [hashlib.sha256(raw).hexdigest() for raw in inputs],
        "result_sha256": hashlib.sha256(text).hexdigest(),
    }
    return msgspec.json.format(msgspec.json.encode(body), indent=1) + b"\n"


def outside(result: Result) -> dict[str, int]:
    """Return what each payer outside the units gives, fen."""
    found: dict[str, int] = {}
    for transfer in result.scheme.transfers:
        if transfer.payer:
            given = total(result.transfers[transfer.name].received)
            found[transfer.payer] = found.get(transfer.payer, 0) + int(given)
    return found
