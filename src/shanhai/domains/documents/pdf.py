"""A paper as PDF/A, laid out by typst to GB/T 9704; data enters as JSON, never as markup.

The same paper gives the same bytes: the creation date is the act's, the file's id follows from the content.
"""

from pathlib import Path
from typing import Any

import msgspec

from shanhai.domains.documents import fonts, qr
from shanhai.domains.documents.paper import Paper

TEMPLATE = Path(__file__).with_name("paper.typ")
STANDARD = "a-2b"


def _inputs(paper: Paper) -> dict[str, str]:
    data = msgspec.to_builtins(paper) | {"qr": qr.svg(paper.url), "fonts": fonts.chosen()}
    return {"paper": msgspec.json.encode(data).decode()}


def _job(paper: Paper) -> dict[str, Any]:
    return {"template": TEMPLATE.read_text(encoding="utf-8"), "inputs": _inputs(paper)}


def render(paper: Paper) -> bytes:
    """Return the PDF of a paper."""
    dated = {"time_s": paper.time_ms // 1000, "standard": STANDARD}
    return fonts.press(_job(paper) | dated)


def picture(paper: Paper, ppi: float = 100) -> bytes:
    """Return the first page of a paper as PNG."""
    return fonts.press(_job(paper) | {"ppi": ppi})
