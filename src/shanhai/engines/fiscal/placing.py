"""A transfer's pairs: read from the scheme, checked against the units, placed to the fen."""

from collections.abc import Callable, Mapping, Sequence

from shanhai.engines.fiscal.exact import Number, Vector, whole
from shanhai.engines.fiscal.pairs import Edge, Flows, PairError, Pairing, by_flow, by_ras
from shanhai.engines.fiscal.scheme import Transfer
from shanhai.engines.fiscal.units import parse_money, parse_number
from shanhai.engines.fiscal.words import refuse
from shanhai.kernel.errors import InvalidInputError

SOLVERS: dict[str, Callable[[Pairing], Flows]] = {"flow": by_flow, "ras": by_ras}


def place(
    transfer: Transfer, units: Sequence[str], paid: list[int], wants: Vector, currency: str
) -> tuple[Flows, list[int]]:
    """Place what donors pay with their partners.

    Args:
        transfer: The transfer, whose `pair` tables say who helps whom.
        units: Unit codes.
        paid: What each unit pays, whole fen, shape (n,).
        wants: What the recipient rule gives each, shape (n,).
        currency: The scheme's currency code.

    Returns:
        Whole fen a pair, and what each unit receives.

    Raises:
        InvalidInputError: If a pair names no unit, stands twice, or its minimum cannot be paid.
    """
    edges = _edges(transfer, units, currency)
    pays = {at: amount for at, amount in enumerate(paid) if amount}
    for donor, _ in edges:
        pays.setdefault(donor, 0)
    try:
        flows = SOLVERS[transfer.fit](
            Pairing(pays, {r: wants[r] for _, r in edges}, edges, _weights(transfer, edges))
        )
    except PairError as error:
        detail = "上解单位没有结对 it pays but has no partner"
        if error.lacking:
            detail = (
                f"最低额合计超出上解额 {error.lacking} 分"
                f" the minimums exceed what it pays by {error.lacking} fen"
            )
        raise _bad(transfer, units[error.donor], "…", detail) from error
    received = [0] * len(paid)
    for (_, recipient), amount in flows.items():
        received[recipient] += amount
    return flows, received


def _bad(transfer: Transfer, donor: str, recipient: str, detail: str) -> InvalidInputError:
    return refuse(
        "pair",
        place=f"[[transfer]] {transfer.name}",
        donor=donor,
        recipient=recipient,
        detail=detail,
    )


def _edges(transfer: Transfer, units: Sequence[str], currency: str) -> dict[Edge, int]:
    where = {unit: at for at, unit in enumerate(units)}
    edges: dict[Edge, int] = {}
    for pair in transfer.pairs:
        for name in (pair.donor, pair.recipient):
            if name not in where:
                detail = f"数据没有单位 the data have no unit {name}"
                raise _bad(transfer, pair.donor, pair.recipient, detail)
        edge = where[pair.donor], where[pair.recipient]
        if edge in edges:
            raise _bad(transfer, pair.donor, pair.recipient, "写了两次 written twice")
        edges[edge] = whole(
            _minimum(transfer, pair.donor, pair.recipient, str(pair.minimum), currency)
        )
    both = {d for d, _ in edges} & {r for _, r in edges}
    if both:
        unit = units[min(both)]
        detail = "既是帮扶方又是受援方 donor and recipient at once"
        raise _bad(transfer, unit, unit, detail)
    return edges


def _weights(transfer: Transfer, edges: Mapping[Edge, int]) -> dict[Edge, Number]:
    """Return the pairs' weights, in the order of the pairs."""
    found = dict[Edge, Number]()
    for edge, pair in zip(edges, transfer.pairs, strict=True):
        place = f"[[transfer]] {transfer.name} › pair {pair.donor}→{pair.recipient}"
        found[edge] = parse_number(str(pair.weight), place)
        if found[edge] <= 0 or (transfer.fit != "ras" and found[edge] != 1):
            detail = 'weight 须大于 0，且只用于 fit = "ras" must be above 0, and is for fit = "ras"'
            raise _bad(transfer, pair.donor, pair.recipient, detail)
    return found


def _minimum(transfer: Transfer, donor: str, recipient: str, text: str, currency: str) -> Number:
    place_ = f"[[transfer]] {transfer.name} › pair {donor}→{recipient}"
    money = parse_money(text, currency, place_)
    if money is None:
        if parse_number(text, place_):
            detail = "minimum 要写单位，如 30000 万元 write the unit"
            raise _bad(transfer, donor, recipient, detail)
        return 0
    return money
