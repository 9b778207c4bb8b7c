"""Stage 7, earmarks: what is received, split by purpose, each unit's parts adding up to the fen.

Source: 财预 rules that bind shares to purposes; a scheme names its own article. Shares of a negative list are refused.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from shanhai.engines.fiscal.exact import Number, share_out, tame, total
from shanhai.engines.fiscal.formula import Env
from shanhai.engines.fiscal.trace import FEN, Line
from shanhai.engines.fiscal.units import parse_number
from shanhai.engines.fiscal.words import refuse

if TYPE_CHECKING:
    from shanhai.engines.fiscal.scheme import Earmark, Scheme

REST = "未指定用途 not earmarked"


class Purposes(NamedTuple):
    """Amounts by purpose: `rows[purpose]` has shape (n units,), whole fen; empty where a scheme earmarks nothing."""

    rows: dict[str, list[int]]


def split(received: list[int], shares: Mapping[str, Number]) -> dict[str, list[int]]:
    """Split what each unit receives by purpose, by largest remainder.

    Args:
        received: Whole fen ≥ 0, shape (n,).
        shares: Purpose → share; they add up to 1.
    """
    found: dict[str, list[int]] = {purpose: [] for purpose in shares}
    for amount in received:
        parts = share_out([tame(amount * share) for share in shares.values()], amount)
        for purpose, part in zip(shares, parts, strict=True):
            found[purpose].append(part)
    return found


def earmark(
    scheme: "Scheme", env: Env, outcomes: Mapping[str, Any], lines: list[Line] | None
) -> Purposes:
    """Split what units receive by the scheme's purposes.

    Args:
        scheme: The scheme, whose `[[earmark]]` say purpose, share and, if not all receipts, the transfer.
        env: The run's figures.
        outcomes: The transfers.
        lines: Where the trace goes, or None.

    Raises:
        InvalidInputError: If shares exceed 1, a transfer is unknown, or a purpose is on the negative list.
    """
    rows: dict[str, list[int]] = {}
    names = dict.fromkeys(one.transfer for one in scheme.earmarks)
    for name in names:
        own = [one for one in scheme.earmarks if one.transfer == name]
        if name and name not in outcomes:
            place = f"[[earmark]] {own[0].purpose} › transfer"
            raise refuse("unknown", place=place, name=name, nearest="、".join(outcomes))
        received = env.values[f"{name}_received"] if name else _all(env)
        shares = _shares(scheme, own)
        for purpose, amounts in split(received, shares).items():
            label = f"{name}·{purpose}" if name else purpose
            rows[label] = amounts
            if lines is not None:
                article = next((o.article for o in own if o.purpose == purpose), own[0].article)
                text = f"{shares[purpose]} × received"
                inputs = (("received", received),)
                lines.append(Line(label, "earmark", article, "split", text, FEN, inputs, amounts))
    return Purposes(rows)


def _all(env: Env) -> list[int]:
    both = zip(env.values["received"], env.values["topup"], strict=True)
    return [received + topup for received, topup in both]


def _shares(scheme: "Scheme", own: "list[Earmark]") -> dict[str, Number]:
    forbidden = scheme.report.forbidden_purposes if scheme.report else []
    found: dict[str, Number] = {}
    for one in own:
        place = f"[[earmark]] {one.purpose}"
        if one.purpose in forbidden:
            detail = "在负面清单（forbidden_purposes）内 it is on the negative list"
            raise refuse("earmark", place=place, detail=detail)
        if one.purpose in found:
            raise refuse("twice", place=place, name=one.purpose)
        found[one.purpose] = parse_number(str(one.share), place)
    across = total(list(found.values()))
    if across > 1 or min(found.values()) < 0:
        raise refuse("weights", place="[[earmark]]", sum=f"{float(across):.6g}")
    return found | ({REST: tame(1 - across)} if across < 1 else {})
