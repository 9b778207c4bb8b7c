"""Push negation down to columns: `not (a < b or c)` becomes `a >= b and c = false`, exact for unknowns too.

Engines then never see NOT in front of anything larger, which one SQL compiler printed without the brackets that
`(not x) is null` needs.
"""

from shanhai.engines.screening.lang import core

_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "=": "!=", "!=": "="}


def normal(piece: core.Core, *, holds: bool = True) -> core.Core:
    """Return a truth, or its negation, in which `No` stands only before columns, rules, texts and `Present`.

    Args:
        piece: A lowered truth.
        holds: False for its negation.
    """
    if isinstance(piece, core.No):
        return normal(piece.of, holds=not holds)
    if isinstance(piece, core.Both | core.Either):
        both = isinstance(piece, core.Both) == holds
        left, right = normal(piece.left, holds=holds), normal(piece.right, holds=holds)
        return core.Both(left, right) if both else core.Either(left, right)
    if isinstance(piece, core.Yes):
        return core.Yes(piece.value == holds)
    if isinstance(piece, core.Ordered) and not holds:
        return core.Ordered(_OPPOSITE[piece.op], piece.left, piece.right)
    return piece if holds else core.No(piece)
