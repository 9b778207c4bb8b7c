"""Documents behind the story: each a real file by its hash, that says 模拟 on its face.

A paper is one page of PDF in a font that viewers bring themselves; a photograph is a drawn landscape.
"""

import struct
import zlib
from functools import cache
from math import sin
from pathlib import Path

from shanhai.domains.files.models import Document
from shanhai.domains.files.store import path_of
from shanhai.kernel.suite import Suite

PICTURES = ("照片", "影像")
PUBLIC = ("公示", "公告")
WIDTH, HEIGHT, DRAWINGS = 320, 200, 12
LINE = 26
"""Characters of a title in one line of the page."""


def pdf(title: str) -> bytes:
    """Return one page that names a document and says that it is simulated."""
    lines = [title[at : at + LINE] for at in range(0, len(title), LINE)]
    shown = [(20, "模拟材料"), *((14, line) for line in lines)]
    shown.append((10, "山海演示账本自动生成，不代表任何真实单位或文件"))
    text, height = [], 760
    for size, line in shown:
        height -= size * 2
        written = line.encode("utf-16-be").hex().upper()
        text.append(f"BT /F1 {size} Tf 72 {height} Td <{written}> Tj ET")
    stream = "\n".join(text)
    return _assemble(
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        "/Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
        "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H "
        "/DescendantFonts [6 0 R] >>",
        "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light "
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> /DW 1000 "
        "/FontDescriptor 7 0 R >>",
        "<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] "
        "/ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>",
    )


def _assemble(*objects: str) -> bytes:
    """Return a PDF file of these objects, numbered from 1; the first is its root."""
    parts, places, at = ["%PDF-1.4\n"], [], len("%PDF-1.4\n")
    for number, body in enumerate(objects, 1):
        places.append(at)
        parts.append(f"{number} 0 obj\n{body}\nendobj\n")
        at += len(parts[-1])
    rows = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    parts.append(f"xref\n0 {size}\n0000000000 65535 f \n{rows}")
    parts.append(f"trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{at}\n%%EOF\n")
    return "".join(parts).encode("ascii")


def png(seed: bytes) -> bytes:
    """Return a drawn landscape that no other seed gives: sky, two ranges of hills, a field.

    Args:
        seed: At least 1 byte, which chooses the drawing and stands in the file.
    """
    palette, pixels = _landscape(seed[0] % DRAWINGS)
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            _chunk(b"IHDR", struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 3, 0, 0, 0)),
            _chunk(b"PLTE", palette),
            _chunk(b"tEXt", b"Comment\x00simulated " + seed.hex().encode()),
            _chunk(b"IDAT", pixels),
            _chunk(b"IEND", b""),
        )
    )


@cache
def _landscape(drawing: int) -> tuple[bytes, bytes]:
    """Return a palette of four colours and the compressed rows of indexes into it."""
    tint, shift = drawing * 3 % 24, drawing * 1.7
    colours = (200 - tint, 221, 240 - tint, 125, 150 + tint, 160, 78, 112 + tint, 92)
    far = [88 + 18 * sin(x / 38 + shift) + 8 * sin(x / 13 - shift) for x in range(WIDTH)]
    near = [126 + 14 * sin(x / 51 - shift) + 6 * sin(x / 17 + shift) for x in range(WIDTH)]
    rows = bytearray()
    for y in range(HEIGHT):
        rows.append(0)
        rows += bytes(_colour(y, far[x], near[x], 160 + drawing) for x in range(WIDTH))
    return bytes((*colours, 196, 178 - tint, 118)), zlib.compress(bytes(rows), 9)


def _colour(y: int, far: float, near: float, field: int) -> int:
    if y >= field:
        return 3
    return 2 if y >= near else int(y >= far)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


class Papers:
    """The documents of one story, written to the data folder as they are named."""

    def __init__(self, data_dir: Path, suite: Suite, uploader: str) -> None:
        self.data_dir, self.suite, self.uploader = data_dir, suite, uploader
        self.made: dict[str, Document] = {}

    def keep(self, title: str, now_ms: int) -> str:
        """Write a document and return its hash; the same title is the same document."""
        drawn = any(word in title for word in PICTURES)
        data = png(self.suite.hash(title.encode())) if drawn else pdf(title)
        digest = self.suite.digest(data)
        if digest not in self.made:
            path = path_of(self.data_dir, digest)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            self.made[digest] = Document(
                digest=digest,
                name=f"{title}（模拟）.{'png' if drawn else 'pdf'}",
                size=len(data),
                media_type="image/png" if drawn else "application/pdf",
                uploader=self.uploader,
                uploaded_ms=now_ms,
                public=any(word in title for word in PUBLIC),
            )
        return digest

    def register(self) -> None:
        """Write down what is known of every document."""
        Document.objects.bulk_create(self.made.values(), batch_size=200)
