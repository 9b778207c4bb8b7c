"""The story's documents are files that anybody can open and hash."""

import hashlib
import struct
import zlib
from pathlib import Path

from demo_world import DemoDatabase
from shanhai.domains import names
from shanhai.domains.demo.cast import VILLAGE
from shanhai.domains.demo.papers import HEIGHT, WIDTH, Papers, pdf, png
from shanhai.domains.files.kinds import HEAD_BYTES, kind_of
from shanhai.domains.files.models import Document
from shanhai.domains.files.store import path_of
from shanhai.kernel.suite import INTL


def test_a_page_is_a_pdf_whose_table_points_at_its_objects() -> None:
    data = pdf("一份很长的标题" * 8)
    start = int(data.rsplit(b"startxref\n", 1)[1].split()[0])
    assert data[start : start + 4] == b"xref"
    rows = data[start:].splitlines()[3:-5]
    for number, row in enumerate(rows, 1):
        assert data[int(row[:10]) :].startswith(b"%d 0 obj" % number)
    assert "模拟材料".encode("utf-16-be").hex().upper().encode() in data


def test_a_photograph_is_a_png_of_its_size_and_every_seed_another() -> None:
    one, other = png(b"\x00a"), png(b"\x00b")
    assert struct.unpack(">II", one[16:24]) == (WIDTH, HEIGHT)
    pixels = one[one.index(b"IDAT") + 4 : one.index(b"IEND") - 8]
    assert len(zlib.decompress(pixels)) == HEIGHT * (WIDTH + 1)
    assert one != other


def test_a_title_is_one_document_kept_under_its_hash(tmp_path: Path) -> None:
    papers = Papers(tmp_path, INTL, "per")
    digest = papers.keep("村务公示照片", 1)
    assert papers.keep("村务公示照片", 2) == digest
    data = path_of(tmp_path, digest).read_bytes()
    assert hashlib.sha256(data).hexdigest() == digest
    (kept,) = papers.made.values()
    assert kind_of(kept.name, data[:HEAD_BYTES]).media_type == kept.media_type
    assert kept.public


def test_every_document_of_the_story_is_there(demo_db: DemoDatabase) -> None:
    documents = Document.objects.all()
    assert len(documents) > 500
    for document in documents:
        path = path_of(demo_db.folder.data, document.digest)
        assert path.stat().st_size == document.size
        assert "（模拟）" in document.name


def test_simulated_places_lie_in_no_real_province(demo_db: DemoDatabase) -> None:
    assert names.region(VILLAGE).zh == "石桥村（模拟）"
