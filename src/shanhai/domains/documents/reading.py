"""Reading QR codes from a scan: PDF or picture, turned, skewed, grey, small or noisy. Knows no Django.

Scans come from strangers' machines, so `services` runs this file as a process of its own with a limit on
memory and time: a file that crashes or stalls the reader costs that process and nothing else.
"""

import json
import resource
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from PIL import Image, ImageFilter, ImageOps

DPI, POINTS = 200, 72
MAX_PAGES = 20
MAX_PIXELS = 36_000_000
MAX_BYTES = 2 * 2**30
MAX_SECONDS = 45
SMALL = 1600
UNREADABLE = 3
WHITE = 255


class Found(NamedTuple):
    """A code's text and the page it stands on, from 1."""

    text: str
    page: int


def pages(path: Path) -> Iterator[Image.Image]:
    """Yield the pages of a scan as grey pictures of a sane size.

    Raises:
        OSError: If the file is no picture or PDF that can be opened.
    """
    with path.open("rb") as file:
        is_pdf = file.read(5) == b"%PDF-"
    if is_pdf:
        yield from _pdf_pages(path)
        return
    with Image.open(path) as picture:
        if picture.width * picture.height > 4 * MAX_PIXELS:
            raise OSError("too many pixels")
        picture.draft("L", (6000, 6000))
        yield _sane(ImageOps.exif_transpose(picture).convert("L"))


def _pdf_pages(path: Path) -> Iterator[Image.Image]:
    import pypdfium2  # noqa: PLC0415 - pictures need none

    try:
        document: Any = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        raise OSError(str(error)) from error
    for number in range(min(len(document), MAX_PAGES)):
        page = document[number]
        area = max(1.0, page.get_width() * page.get_height())
        scale = min(DPI / POINTS, (MAX_PIXELS / area) ** 0.5)
        yield page.render(scale=scale, grayscale=True).to_pil().convert("L")


def _sane(picture: Image.Image) -> Image.Image:
    area = picture.width * picture.height
    if area <= MAX_PIXELS:
        return picture
    share = (MAX_PIXELS / area) ** 0.5
    return picture.resize((int(picture.width * share), int(picture.height * share)))


def tries(picture: Image.Image) -> Iterator[Image.Image]:
    """Yield a picture as it is, then in ways that help a poor scan, the cheap ones first."""
    yield picture
    clear = ImageOps.autocontrast(picture, cutoff=2)
    yield clear
    yield clear.filter(ImageFilter.MedianFilter(3))
    if max(picture.size) < SMALL * 2:
        large = clear.resize((picture.width * 2, picture.height * 2), Image.Resampling.BICUBIC)
        yield large
        yield large.filter(ImageFilter.GaussianBlur(1.5))
    else:
        yield clear.resize((picture.width // 2, picture.height // 2), Image.Resampling.LANCZOS)
    for angle in (12, -12, 30, -30, 45):
        yield clear.rotate(angle, expand=True, fillcolor=WHITE)


def codes_in(picture: Image.Image) -> list[str]:
    """Return the texts of the QR codes in a picture, from the first try that finds one."""
    import zxingcpp  # noqa: PLC0415 - with its only caller

    for attempt in tries(picture):
        found = zxingcpp.read_barcodes(
            attempt, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
        )
        texts = [one.text for one in found if one.valid and one.text]
        if texts:
            return texts
    return []


def read(path: Path) -> list[Found]:
    """Return every QR code of a scan, page by page.

    Raises:
        OSError: If the file cannot be opened.
    """
    return [
        Found(text, number)
        for number, picture in enumerate(pages(path), 1)
        for text in codes_in(picture)
    ]


def main(path: str) -> int:
    """Print the codes of a scan as JSON; exit 3 where it cannot be read."""
    resource.setrlimit(resource.RLIMIT_AS, (MAX_BYTES, MAX_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_SECONDS, MAX_SECONDS))
    try:
        found = read(Path(path))
    except (OSError, ValueError, MemoryError, Image.DecompressionBombError):
        return UNREADABLE
    sys.stdout.write(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
