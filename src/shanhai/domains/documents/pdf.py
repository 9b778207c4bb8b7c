"""A paper as PDF/A, laid out by typst to GB/T 9704; data enters as JSON, never as markup.

The same paper gives the same bytes: the creation date is the act's, the file's id follows from the content.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import msgspec

from shanhai.domains.documents import fonts, qr
from shanhai.domains.documents.paper import Paper

TEMPLATE = Path(__file__).with_name("paper.typ")
STANDARD: Literal["a-2b"] = "a-2b"


def _inputs(paper: Paper) -> dict[str, str]:
    data = msgspec.to_builtins(paper) | {"qr": qr.svg(paper.url), "fonts": fonts.chosen()}
    return {"paper": msgspec.json.encode(data).decode()}


def render(paper: Paper) -> bytes:
    """Return the PDF of a paper."""
    import typst  # noqa: PLC0415 - heavy, and only printing needs it

    made: bytes = typst.compile(
        TEMPLATE.read_bytes(),
        font_paths=fonts.installed(),
        sys_inputs=_inputs(paper),
        timestamp=datetime.fromtimestamp(paper.time_ms // 1000, UTC),
        pdf_standards=STANDARD,
    )
    return made


def picture(paper: Paper, ppi: float = 100) -> bytes:
    """Return the first page of a paper as PNG."""
    import typst  # noqa: PLC0415 - heavy, and only printing needs it

    made: bytes | list[bytes] = typst.compile(
        TEMPLATE.read_bytes(),
        font_paths=fonts.installed(),
        sys_inputs=_inputs(paper),
        format="png",
        ppi=ppi,
    )
    return made[0] if isinstance(made, list) else made
