"""Documents on the web: who may read which, how they are served, and uploading by HTTP."""

from collections.abc import Callable
from hashlib import sha256
from typing import Any

import pytest
from django.test import Client

import databases
import documents_world
from shanhai.acts.notice import Channel, Stage
from shanhai.acts.notice_run import OpenNotice
from shanhai.domains.files.mentions import catch_up, mentions_of
from shanhai.domains.files.models import Document, Mention, Reading
from web.workbench.village_world import World

pytestmark = pytest.mark.django_db
Officer = Callable[[str], Client]
PDF = b"%PDF-1.7\n" + bytes(range(256)) * 20


def pdf(mark: str) -> bytes:
    return PDF + mark.encode()


@pytest.fixture
def papers(world: World) -> dict[str, str]:
    """Documents that a declared project and its notice name."""
    names = ("application", "targets", "linkage", "page", "photo")
    kept = {
        name: documents_world.keep(world, f"{name}.pdf", pdf(name), "village") for name in names
    }
    project = world.declare(
        **{name: kept[name] for name in ("application", "targets", "linkage")}, name="模拟：文件"
    )
    given: dict[str, Any] = {
        "channel": Channel.BOARD,
        "place": "模拟公示栏",
        "organ": world.body("town"),
    }
    act = OpenNotice(
        project=project, stage=Stage.VILLAGE, page=kept["page"], photo=kept["photo"], **given
    )
    world.do("village", act)
    return kept


def test_the_log_says_which_entries_name_a_document(papers: dict[str, str]) -> None:
    [mention] = mentions_of(papers["page"])
    assert (mention.act, mention.field, mention.noun) == ("notice.open/1", "page", "notice")
    assert mentions_of(papers["application"])[0].act == "project.declare/1"


def test_reading_on_costs_one_look_and_reading_again_gives_the_same(
    papers: dict[str, str], django_assert_num_queries: Any
) -> None:
    catch_up()
    with django_assert_num_queries(2):
        assert catch_up() == 0
    before = set(Mention.objects.values_list("digest", "index", "field"))
    Mention.objects.all().delete()
    Reading.objects.all().delete()
    catch_up()
    assert set(Mention.objects.values_list("digest", "index", "field")) == before


def test_what_is_publicised_is_public_and_nothing_else(
    client: Client, papers: dict[str, str]
) -> None:
    assert client.get(f"/files/{papers['page']}").status_code == 200
    saved = client.get(f"/files/{papers['page']}/download")
    assert b"".join(saved.streaming_content) == pdf("page")  # type: ignore[attr-defined]
    for name in ("application", "photo", "targets"):
        for end in ("", "/open", "/download"):
            assert client.get(f"/files/{papers[name]}{end}").status_code == 404


@pytest.mark.parametrize(
    ("part", "status"),
    [
        ("village", 200),
        ("town", 200),
        ("finance", 200),
        ("auditor", 200),
        ("east_office", 200),
        ("admin", 404),
        ("node", 404),
        ("registrar", 404),
    ],
)
def test_officers_read_what_lies_in_their_region(
    officer: Officer, papers: dict[str, str], part: str, status: int
) -> None:
    assert officer(part).get(f"/files/{papers['application']}").status_code == status


def test_a_document_nobody_named_is_its_uploaders_alone(world: World, officer: Officer) -> None:
    kept = documents_world.keep(world, "draft.pdf", pdf("mine"), "village")
    assert officer("village").get(f"/files/{kept}").status_code == 200
    assert officer("town").get(f"/files/{kept}").status_code == 404
    assert "还没有账本记录" in officer("village").get(f"/files/{kept}").text


def test_bytes_are_served_under_their_name_and_run_nothing(
    officer: Officer, papers: dict[str, str]
) -> None:
    village = officer("village")
    saved = village.get(f"/files/{papers['application']}/download")
    assert b"".join(saved.streaming_content) == pdf("application")  # type: ignore[attr-defined]
    assert saved.headers["Content-Disposition"] == 'attachment; filename="application.pdf"'
    shown = village.get(f"/files/{papers['application']}/open")
    assert shown.headers["Content-Disposition"].startswith("inline")
    for answer in (saved, shown):
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        with databases.kept_open():
            answer.close()


def test_a_damaged_document_warns_and_the_operator_and_the_health_answer_know(
    client: Client, officer: Officer, papers: dict[str, str]
) -> None:
    Document.objects.filter(pk=papers["page"]).update(damaged=True)
    assert "请勿采信这份文件" in client.get(f"/files/{papers['page']}").text
    assert papers["page"] in officer("admin").get("/files/").text
    assert papers["page"] not in officer("town").get("/files/").text
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json()["documents"]["damaged"] == 1


def begin(client: Client, name: str, data: bytes, **more: Any) -> Any:
    told = {"name": name, "size": len(data), "digest": sha256(data).hexdigest(), **more}
    return client.post("/files/uploads", told, content_type="application/json")


def test_a_file_goes_up_in_pieces_and_comes_back_by_its_hash(officer: Officer) -> None:
    village, data = officer("village"), pdf("pieces")
    told = begin(village, "模拟.pdf", data).json()
    for at in range(0, len(data), 2000):
        piece = data[at : at + 2000]
        answer = village.put(f"{told['href']}?offset={at}", piece, "application/octet-stream")
        assert answer.json()["received"] == at + len(piece)
    assert village.get(told["href"]).json()["received"] == len(data)
    assert village.head(told["href"]).status_code == 200
    kept = village.post(told["finish"]).json()
    assert kept["digest"] == sha256(data).hexdigest()
    assert village.get(kept["page"]).status_code == 200
    assert begin(village, "again.pdf", data).json()["digest"] == kept["digest"]


def test_refusals_come_as_sentences_in_the_page_language(officer: Officer) -> None:
    village = officer("village")
    answer = begin(village, "virus.exe", b"MZ")
    assert answer.status_code == 422
    assert "请上传 PDF" in answer.json()["sentence"]
    village.cookies["django_language"] = "en"
    assert "is not accepted" in begin(village, "virus.exe", b"MZ").json()["sentence"]
    assert begin(village, "a.pdf", b"x", size=10**12).json()["code"] == "file.too_large"
    assert begin(village, "a.pdf", pdf("no hash"), digest="").json()["code"] == "file.hash"
    assert begin(village, "a.pdf", b"x", size="many").json()["code"] == "bytes.invalid"


def test_a_piece_out_of_step_says_where_to_go_on(officer: Officer) -> None:
    village, data = officer("village"), pdf("step")
    told = begin(village, "a.pdf", data).json()
    for offset in ("7", "x", ""):
        answer = village.put(f"{told['href']}?offset={offset}", data, "application/octet-stream")
        assert (answer.status_code, answer.json()["expected"]) == (422, 0)


def test_cancelling_drops_the_upload(officer: Officer) -> None:
    village = officer("village")
    told = begin(village, "a.pdf", pdf("cancel")).json()
    assert village.delete(told["href"]).status_code == 200
    assert village.get(told["href"]).json()["code"] == "file.unknown"
    assert village.delete(told["href"]).status_code == 200


def test_visitors_upload_nothing(client: Client, world: World) -> None:
    assert begin(client, "a.pdf", PDF).status_code in (302, 403)


def test_the_page_of_ones_own_files_lists_them_and_what_is_unfinished(officer: Officer) -> None:
    village = officer("village")
    begin(village, "半份.pdf", pdf("half"))
    page = village.get("/files/").text
    assert "半份.pdf" in page
    assert village.get("/files/").status_code == 200
