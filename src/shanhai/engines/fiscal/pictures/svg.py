"""A small SVG canvas: the same input gives the same bytes, text is escaped, every picture has a title."""

from xml.sax.saxutils import escape

from shanhai.engines.fiscal.exact import Number

WIDTH, HEIGHT = 960, 540
FONT = "'Noto Sans CJK SC','Noto Sans SC','Source Han Sans SC','Microsoft YaHei',sans-serif"
PAY, GET, TOP, INK, GRID = "#b45309", "#1d6fa5", "#3f7d4e", "#1f2933", "#d5dbe1"
"""Colours of what is paid, received, topped up, of text and of lines; told apart without colour by their labels too."""


def yuan(amount_fen: Number) -> str:
    """Return an amount short: 亿 or 万 of the currency's unit."""
    value = float(amount_fen) / 100
    for size, word in ((1e8, "亿"), (1e4, "万")):
        if abs(value) >= size:
            return f"{value / size:,.2f} {word}"
    return f"{value:,.2f}"


class Canvas:
    """Collects shapes; coordinates in pixels from the upper left."""

    def __init__(self, title: str, height: int = HEIGHT) -> None:
        self.title, self.height = title, height
        self.shapes: list[str] = []

    def box(
        self, x: float, y: float, size: tuple[float, float], colour: str, title: str = ""
    ) -> None:
        """Draw a filled box of (width, height); its title shows on hover."""
        told = f"<title>{escape(title)}</title>" if title else ""
        self.shapes.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{size[0]:.1f}" height="{size[1]:.1f}"'
            f' fill="{colour}">{told}</rect>'
        )

    def text(self, x: float, y: float, words: str, anchor: str = "start", size: int = 13) -> None:
        """Write words; `anchor` is start, middle or end."""
        self.shapes.append(
            f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}">{escape(words)}</text>'
        )

    def line(
        self, points: list[tuple[float, float]], colour: str, width: float = 2, dash: str = ""
    ) -> None:
        """Draw a line through points."""
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        self.shapes.append(
            f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{width}"{dashed}/>'
        )

    def dot(self, x: float, y: float, colour: str, title: str) -> None:
        """Draw a dot whose title shows on hover."""
        self.shapes.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}"><title>{escape(title)}</title></circle>'
        )

    def band(
        self, left: tuple[float, float], right: tuple[float, float], width: float, told: str
    ) -> None:
        """Draw a flowing band of a width from a point to a point."""
        (x0, y0), (x1, y1) = left, right
        middle = (x0 + x1) / 2
        self.shapes.append(
            f'<path d="M{x0:.1f},{y0:.1f} C{middle:.1f},{y0:.1f} {middle:.1f},{y1:.1f} {x1:.1f},{y1:.1f}'
            f" V{y1 + width:.1f} C{middle:.1f},{y1 + width:.1f} {middle:.1f},{y0 + width:.1f}"
            f' {x0:.1f},{y0 + width:.1f} Z" fill="{GET}" fill-opacity="0.35"><title>{escape(told)}</title></path>'
        )

    def svg(self) -> bytes:
        """Return the picture."""
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {self.height}" role="img"'
            f' font-family="{FONT}" fill="{INK}"><title>{escape(self.title)}</title>'
            f'<rect width="{WIDTH}" height="{self.height}" fill="#fff"/>'
            f'<text x="24" y="34" font-size="18">{escape(self.title)}</text>'
        )
        return (head + "".join(self.shapes) + "</svg>\n").encode()
