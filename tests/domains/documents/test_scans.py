"""Stamped scans: read however they lie, matched to their document, refused in words."""

import io
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from PIL import Image, ImageDraw, ImageFilter

import documents_world
from shanhai.acts.project import Project, ProjectState
from shanhai.domains.documents import codes, pdf, reading, services
from shanhai.domains.documents.kinds import KINDS, Asked
from shanhai.domains.documents.models import Scan
from shanhai.domains.documents.paper import Paper
from shanhai.kernel.errors import InvalidInputError
from web.workbench.village_world import World

pytestmark = pytest.mark.django_db
WHITE = 255
Spoil = Callable[[Image.Image], Image.Image]


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), documents_world.founded() as made:
        yield made


@pytest.fixture(scope="module")
def paper(world: World) -> Paper:
    project = world.object(Project, world.reach(ProjectState.APPROVED))
    return KINDS["approval"].build(project, Asked("", world.now))


@pytest.fixture(scope="module")
def printed(paper: Paper) -> bytes:
    return pdf.render(paper)


@pytest.fixture(scope="module")
def sheet(printed: bytes) -> Image.Image:
    """One page at 200 dpi, grey."""
    page: Image.Image = pypdfium2.PdfDocument(printed)[0].render(scale=200 / 72).to_pil()
    return page.convert("L")


def turned(degrees: float) -> Spoil:
    return lambda page: page.rotate(degrees, expand=True, fillcolor=WHITE)


def skewed(page: Image.Image) -> Image.Image:
    size = (page.width + 200, page.height)
    shear = (1, 0.08, -60, 0.03, 1, -20)
    return page.transform(
        size, Image.Transform.AFFINE, shear, Image.Resampling.BICUBIC, fillcolor=WHITE
    )


def at_dpi(dpi: int) -> Spoil:
    return lambda page: page.resize((page.width * dpi // 200, page.height * dpi // 200))


def noisy(page: Image.Image) -> Image.Image:
    grain = random.Random(7)  # noqa: S311 - the same noise each time
    spoilt = page.copy()
    for _ in range(60_000):
        at = grain.randrange(page.width), grain.randrange(page.height)
        spoilt.putpixel(at, grain.choice((0, WHITE)))
    return spoilt


def blurred(page: Image.Image) -> Image.Image:
    return page.filter(ImageFilter.GaussianBlur(1.6))


def pale(page: Image.Image) -> Image.Image:
    return page.point(lambda value: 150 + value * 70 // WHITE)


def sealed(page: Image.Image) -> Image.Image:
    """A seal whose edge touches the code."""
    spoilt = page.copy()
    draw = ImageDraw.Draw(spoilt)
    x, y = page.width * 330 // 2100, page.height * 2700 // 2970
    draw.ellipse((x, y - 150, x + 320, y + 170), outline=90, width=6)
    return spoilt


SPOILT: dict[str, Spoil] = {
    "as it is": lambda page: page,
    "a quarter turn": turned(90),
    "upside down": turned(180),
    "3 degrees": turned(3),
    "-8 degrees": turned(-8),
    "37 degrees": turned(37),
    "skewed": skewed,
    "100 dpi": at_dpi(100),
    "noise": noisy,
    "blur": blurred,
    "pale": pale,
    "a seal's edge": sealed,
}


@pytest.mark.parametrize("how", SPOILT)
def test_the_code_is_read_however_the_paper_lay(sheet: Image.Image, paper: Paper, how: str) -> None:
    assert reading.codes_in(SPOILT[how](sheet)) == [paper.url]


def test_the_code_is_read_from_every_page_of_a_pdf(
    printed: bytes, paper: Paper, tmp_path: Path
) -> None:
    path = tmp_path / "scan.pdf"
    path.write_bytes(printed)
    found = reading.read(path)
    assert [one.page for one in found] == list(range(1, len(found) + 1))
    assert {one.text for one in found} == {paper.url}


def jpeg(page: Image.Image) -> bytes:
    kept = io.BytesIO()
    page.save(kept, "JPEG", quality=70)
    return kept.getvalue()


def match(world: World, name: str, data: bytes, by: str = "leaders", expected: str = "") -> Scan:
    digest = documents_world.keep(world, name, data, by)
    who = documents_world.actor(world, by)
    return services.scan_match(actor=who, digest=digest, now_ms=world.now, expected=expected)


def refused(code: str, *args: Any, **more: Any) -> InvalidInputError:
    with pytest.raises(InvalidInputError) as error:
        match(*args, **more)
    assert error.value.code == code
    assert error.value.say("zh")
    assert error.value.say("en")
    return error.value


def test_a_scan_is_matched_to_its_document_once(
    world: World, sheet: Image.Image, paper: Paper
) -> None:
    scan = match(world, "扫描.jpg", jpeg(sheet))
    again = match(world, "扫描.jpg", jpeg(sheet))
    assert scan.pk == again.pk
    assert codes.grouped(scan.code) == paper.code
    assert (scan.kind, scan.noun, scan.page) == ("approval", "project", 1)


def test_a_page_without_code_says_how_to_scan_it(world: World) -> None:
    blank = Image.new("L", (1200, 1700), WHITE)
    assert "200 dpi" in refused("scan.no_code", world, "空白.jpg", jpeg(blank)).say("zh")


def test_another_ledgers_code_is_not_ours(world: World, paper: Paper) -> None:
    from shanhai.domains.documents import qr  # noqa: PLC0415 - its only use here

    foreign = codes.code_of("approval", "ab" * 32)
    code = Image.open(io.BytesIO(qr.png(f"https://elsewhere.example/p/{foreign}")))
    refused("scan.foreign", world, "别处.jpg", jpeg(code.convert("L")))
    plain = Image.open(io.BytesIO(qr.png("https://example.com/")))
    refused("scan.foreign", world, "网址.jpg", jpeg(plain.convert("L")))


def test_several_documents_in_one_scan_are_to_be_split(
    world: World, sheet: Image.Image, paper: Paper
) -> None:
    from shanhai.domains.documents import qr  # noqa: PLC0415 - its only use here

    page = sheet.copy()
    other = codes.code_of("notice", "cd" * 32)
    code = Image.open(io.BytesIO(qr.png(f"http://localhost:8000/p/{other}"))).convert("L")
    page.paste(code, (900, 60))
    refused("scan.mixed", world, "两份.jpg", jpeg(page))


def test_a_scan_of_another_document_names_it(world: World, sheet: Image.Image) -> None:
    wrong = codes.code_of("notice", "cd" * 32)
    error = refused("scan.other", world, "拿错.jpg", jpeg(sheet), expected=wrong)
    assert "项目审批表和批复" in error.say("zh")


@pytest.mark.parametrize(
    "data",
    [b"%PDF-1.7\nnothing of a PDF", b"\xff\xd8\xff\xe0 broken", b"\x89PNG\r\n\x1a\n broken"],
)
def test_a_file_that_cannot_be_opened_says_so(world: World, data: bytes) -> None:
    ending = {b"%": "pdf", b"\xff": "jpg", b"\x89": "png"}[data[:1]]
    refused("scan.unreadable", world, f"坏.{ending}", data)


def test_an_officer_of_another_place_registers_nothing(world: World, sheet: Image.Image) -> None:
    digest = documents_world.keep(world, "外地.jpg", jpeg(turned(1)(sheet)), "office")
    elsewhere = documents_world.actor(world, "office")._replace(region="110101")
    with pytest.raises(InvalidInputError, match=r"scan\.scope"):
        services.scan_match(actor=elsewhere, digest=digest, now_ms=world.now)


def test_only_ones_own_upload_is_matched(world: World, sheet: Image.Image) -> None:
    digest = documents_world.keep(world, "扫描.jpg", jpeg(turned(2)(sheet)), "leaders")
    other = documents_world.actor(world, "finance")
    with pytest.raises(InvalidInputError, match=r"file\.unknown"):
        services.scan_match(actor=other, digest=digest, now_ms=world.now)


def test_a_picture_of_too_many_points_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "huge.png"
    Image.new("1", (20_000, 20_000)).save(path)
    with pytest.raises((OSError, Image.DecompressionBombError)):
        list(reading.pages(path))
