"""The tile grid as shapes: 34 tiles, the lines between paired provinces, and a box for the islands.

Units are those of the drawing; a tile is 100 wide. Nothing covers a tile: lines are drawn below them, the
islands' box keeps a corner of its own (web reference §5.3).
"""

from typing import NamedTuple

from shanhai.domains.portal.pairs import Pair
from shanhai.domains.portal.provinces import COLUMNS, PROVINCES, ROWS, Province
from shanhai.kernel.text import Text

TILE, SIDE, MARGIN = 100, 90, 6
WIDTH, HEIGHT = COLUMNS * TILE + MARGIN, ROWS * TILE + MARGIN
ISLANDS = (MARGIN + 6 * TILE, MARGIN + 7 * TILE, TILE + SIDE, SIDE)
"""The islands' box: x, y, width, height; it lies on no tile and on no line."""
ISLANDS_MIDDLE = (ISLANDS[0] + ISLANDS[2] // 2, ISLANDS[1] + ISLANDS[3] // 2 + 7)
ROLE = {
    "donor": Text("支援方", "donor"),
    "recipient": Text("受援方", "recipient"),
    "both": Text("既是支援方也是受援方", "donor and recipient"),
    "none": Text("本轮未列入省际结对", "not in a provincial pair of this scheme"),
}


class Tile(NamedTuple):
    """One province as drawn."""

    province: Province
    role: str
    partners: tuple[Text, ...]
    codes: tuple[str, ...]
    x: int
    y: int

    @property
    def middle(self) -> tuple[int, int]:
        """Return where the letter stands: the middle, higher where a sign stands below it."""
        return self.x + SIDE // 2, self.y + SIDE // 2 - (0 if self.role == "none" else 7)

    @property
    def sea(self) -> str:
        """Return a donor's sign, three waves."""
        left = self.x + (8 if self.role == "both" else 27)
        return f"M{left} {self.y + 75}q6-8 12 0t12 0t12 0"

    @property
    def mountain(self) -> str:
        """Return a recipient's sign, two peaks."""
        left = self.x + (48 if self.role == "both" else 27)
        return f"M{left} {self.y + 79}l13-16 8 9 5-5 10 12"

    @property
    def words(self) -> Text:
        """Return what a screen reader says of the tile."""
        role, name = ROLE[self.role], self.province.name
        if not self.partners:
            return Text(f"{name.zh}：{role.zh}", f"{name.en}: {role.en}")
        zh = "、".join(one.zh for one in self.partners)
        en = ", ".join(one.en for one in self.partners)
        return Text(f"{name.zh}：{role.zh}，结对 {zh}", f"{name.en}: {role.en}, paired with {en}")


class Link(NamedTuple):
    """A line from donor to recipient, bent a little so that crossing lines can be told apart."""

    donor: str
    recipient: str
    path: str


def tiles(pairs: list[Pair]) -> list[Tile]:
    """Return all 34 tiles with their part in the scheme."""
    return [_tile(province, pairs) for province in PROVINCES.values()]


def _tile(province: Province, pairs: list[Pair]) -> Tile:
    gives = [pair.recipient_code for pair in pairs if pair.donor_code == province.code]
    takes = [pair.donor_code for pair in pairs if pair.recipient_code == province.code]
    role = {(True, True): "both", (True, False): "donor", (False, True): "recipient"}.get(
        (bool(gives), bool(takes)), "none"
    )
    codes = tuple(code for code in dict.fromkeys(gives + takes) if code)
    partners = tuple(PROVINCES[code].name for code in codes)
    x, y = MARGIN + province.column * TILE, MARGIN + province.row * TILE
    return Tile(province, role, partners, codes, x, y)


def links(pairs: list[Pair]) -> list[Link]:
    """Return a line for each two provinces that are paired."""
    ends = dict.fromkeys((p.donor_code, p.recipient_code) for p in pairs)
    return [Link(a, b, _path(a, b)) for a, b in ends if a and b]


def _path(donor: str, recipient: str) -> str:
    (x1, y1), (x2, y2) = _middle(donor), _middle(recipient)
    bend_x, bend_y = (x1 + x2) // 2 + (y2 - y1) // 6, (y1 + y2) // 2 - (x2 - x1) // 6
    return f"M{x1} {y1}Q{bend_x} {bend_y} {x2} {y2}"


def _middle(code: str) -> tuple[int, int]:
    province = PROVINCES[code]
    half = MARGIN + SIDE // 2
    return half + province.column * TILE, half + province.row * TILE
