"""Uploading: any chunking gives the same document, and what is wrong is refused in words."""

import io
from hashlib import sha256
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.conf import settings
from hypothesis import HealthCheck, given
from hypothesis import settings as sampling
from hypothesis import strategies as st

from shanhai.domains.accounts.actor import Actor
from shanhai.domains.files import kinds, services, store
from shanhai.domains.files.models import Document, Upload
from shanhai.kernel.errors import InvalidInputError

pytestmark = pytest.mark.django_db
ME, OTHER = Actor(person="per-me", post="pst-me"), Actor(person="per-other", post="pst-other")
PDF = b"%PDF-1.7\n" + bytes(range(256)) * 40
NOW = 1_780_000_000_000


def begun(data: bytes = PDF, name: str = "模拟.pdf", actor: Actor = ME) -> Upload:
    made = services.upload_start(
        actor=actor, name=name, size=len(data), digest=sha256(data).hexdigest(), now_ms=NOW
    )
    assert isinstance(made, Upload)
    return made


def send(upload: Upload, data: bytes, sizes: list[int]) -> Document:
    at = 0
    while at < len(data):
        size = sizes.pop() if sizes else len(data)
        piece = data[at : at + size]
        services.upload_append(actor=ME, upload=upload.id, offset=at, data=piece)
        at += len(piece)
    return services.upload_finish(actor=ME, upload=upload.id, suite="intl", now_ms=NOW)


def code_of(error: pytest.ExceptionInfo[InvalidInputError]) -> str:
    assert error.value.say("zh")
    assert error.value.say("en")
    return error.value.code


@given(
    tail=st.binary(max_size=3000),
    sizes=st.lists(st.integers(1, 700), max_size=40),
)
@sampling(
    max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
def test_any_chunking_of_any_bytes_gives_the_same_document(tail: bytes, sizes: list[int]) -> None:
    data = b"%PDF-1.7\n" + tail
    Document.objects.all().delete()
    document = send(begun(data), data, sizes)
    assert document.digest == sha256(data).hexdigest()
    assert store.path_of(Path(settings.DATA_DIR), document.digest).read_bytes() == data


def test_an_upload_goes_on_where_it_stopped_when_the_same_file_is_chosen_again() -> None:
    first = begun()
    services.upload_append(actor=ME, upload=first.id, offset=0, data=PDF[:5000])
    again = begun()
    assert (again.id, again.received) == (first.id, 5000)


def test_a_chunk_out_of_step_says_where_to_go_on() -> None:
    upload = begun()
    services.upload_append(actor=ME, upload=upload.id, offset=0, data=PDF[:100])
    with pytest.raises(InvalidInputError) as error:
        services.upload_append(actor=ME, upload=upload.id, offset=0, data=PDF[:100])
    assert code_of(error) == "file.offset"
    assert error.value.facts["expected"] == 100


def test_bytes_that_differ_from_the_hash_are_dropped() -> None:
    upload = begun()
    services.upload_append(actor=ME, upload=upload.id, offset=0, data=PDF[:-1] + b"!")
    with pytest.raises(InvalidInputError) as error:
        services.upload_finish(actor=ME, upload=upload.id, suite="intl", now_ms=NOW)
    assert code_of(error) == "file.hash"
    assert not Upload.objects.exists()
    assert not store.partial_of(Path(settings.DATA_DIR), upload.id).exists()


def test_bytes_gone_from_the_disk_ask_for_the_file_again() -> None:
    upload = begun()
    services.upload_append(actor=ME, upload=upload.id, offset=0, data=PDF)
    store.partial_of(Path(settings.DATA_DIR), upload.id).unlink()
    with pytest.raises(InvalidInputError) as error:
        services.upload_finish(actor=ME, upload=upload.id, suite="intl", now_ms=NOW)
    assert code_of(error) == "file.unknown"


def test_another_officer_cannot_touch_an_upload() -> None:
    upload = begun()
    with pytest.raises(InvalidInputError) as error:
        services.upload_append(actor=OTHER, upload=upload.id, offset=0, data=PDF)
    assert code_of(error) == "file.unknown"
    services.upload_cancel(actor=OTHER, upload=upload.id)
    assert Upload.objects.filter(pk=upload.id).exists()


@pytest.mark.parametrize(
    ("name", "size", "code"),
    [
        ("a.exe", 10, "file.kind"),
        ("a", 10, "file.kind"),
        ("a.pdf", 0, "file.empty"),
        ("a.pdf", services.MAX_BYTES + 1, "file.too_large"),
        ("../a.pdf", 10, "file.name"),
        ("a\n.pdf", 10, "file.name"),
        ("字" * 200 + ".pdf", 10, "file.name"),
    ],
)
def test_what_can_be_refused_before_a_byte_is_sent_is(name: str, size: int, code: str) -> None:
    with pytest.raises(InvalidInputError) as error:
        services.upload_start(actor=ME, name=name, size=size, digest="0" * 64, now_ms=NOW)
    assert code_of(error) == code


def test_a_full_disk_takes_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "SPARE_BYTES", 2**60)
    with pytest.raises(InvalidInputError) as error:
        begun()
    assert code_of(error) == "file.no_space"


def test_nobody_leaves_uploads_open_without_end() -> None:
    for number in range(services.MOST_OPEN):
        begun(PDF + bytes([number]))
    with pytest.raises(InvalidInputError) as error:
        begun(PDF + b"more")
    assert code_of(error) == "file.too_many"


def test_the_first_bytes_unmask_a_wrong_name() -> None:
    upload = begun(b"MZ" + bytes(100), "模拟.pdf")
    with pytest.raises(InvalidInputError) as error:
        services.upload_append(actor=ME, upload=upload.id, offset=0, data=b"MZ" + bytes(100))
    assert code_of(error) == "file.mislabelled"


def archive(member: str) -> bytes:
    kept = io.BytesIO()
    with ZipFile(kept, "w") as made:
        made.writestr(member, "模拟")
    return kept.getvalue()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.docx", archive("xl/workbook.xml")),
        ("a.xlsx", archive("word/document.xml")),
        ("a.ofd", archive("evil.exe")),
        ("a.docx", b"PK\x03\x04" + bytes(80)),
    ],
)
def test_a_container_must_hold_what_its_name_says(name: str, data: bytes) -> None:
    upload = begun(data, name)
    with pytest.raises(InvalidInputError) as error:
        send(upload, data, [])
    assert code_of(error) == "file.mislabelled"


@pytest.mark.parametrize(
    ("name", "member"),
    [("a.docx", "word/document.xml"), ("a.xlsx", "xl/workbook.xml"), ("a.ofd", "OFD.xml")],
)
def test_a_sound_container_is_kept(name: str, member: str) -> None:
    data = archive(member)
    assert send(begun(data, name), data, []).name == name


def test_every_kind_says_its_media_type() -> None:
    assert {one for kind in kinds.KINDS for one in kind.endings} == set(kinds.ENDINGS)


def test_a_ledger_of_sm3_hashes_on_the_server_alone() -> None:
    upload = services.upload_start(actor=ME, name="a.pdf", size=len(PDF), digest="", now_ms=NOW)
    assert isinstance(upload, Upload)
    services.upload_append(actor=ME, upload=upload.id, offset=0, data=PDF)
    document = services.upload_finish(actor=ME, upload=upload.id, suite="sm", now_ms=NOW)
    running = store.hasher("sm")
    running.update(PDF)
    assert document.digest == running.hexdigest() != sha256(PDF).hexdigest()


def test_a_document_that_is_here_needs_no_bytes() -> None:
    kept = services.document_keep(actor=ME, name="a.pdf", data=PDF, suite="intl", now_ms=NOW)
    again = services.document_keep(actor=OTHER, name="b.pdf", data=PDF, suite="intl", now_ms=NOW)
    assert again.digest == kept.digest
    assert again.uploader == ME.person


def test_the_scrub_finds_what_changed_and_what_is_gone_and_a_new_upload_mends_it() -> None:
    kept = services.document_keep(actor=ME, name="a.pdf", data=PDF, suite="intl", now_ms=NOW)
    other = services.document_keep(
        actor=ME, name="b.pdf", data=PDF + b"b", suite="intl", now_ms=NOW
    )
    assert services.documents_scrub(suite="intl", now_ms=NOW + 1) == (2, [])
    path = store.path_of(Path(settings.DATA_DIR), kept.digest)
    path.write_bytes(PDF[:-1] + b"?")
    store.path_of(Path(settings.DATA_DIR), other.digest).unlink()
    read, damaged = services.documents_scrub(suite="intl", now_ms=NOW + 2)
    assert (read, sorted(damaged)) == (2, sorted([kept.digest, other.digest]))
    mended = services.document_keep(actor=ME, name="a.pdf", data=PDF, suite="intl", now_ms=NOW + 3)
    assert (mended.digest, mended.damaged) == (kept.digest, False)
    assert path.read_bytes() == PDF


def test_the_scrub_reads_only_what_is_due() -> None:
    services.document_keep(actor=ME, name="a.pdf", data=PDF, suite="intl", now_ms=NOW)
    services.documents_scrub(suite="intl", now_ms=NOW + 10)
    assert services.documents_scrub(suite="intl", now_ms=NOW + 20, before_ms=NOW + 5)[0] == 0
    assert services.documents_scrub(suite="intl", now_ms=NOW + 20, before_ms=NOW + 15)[0] == 1


def test_the_scrub_drops_uploads_given_up_a_day_ago() -> None:
    upload = begun()
    services.upload_append(actor=ME, upload=upload.id, offset=0, data=PDF[:10])
    services.documents_scrub(suite="intl", now_ms=NOW + services.STALE_MS - 1)
    assert Upload.objects.exists()
    services.documents_scrub(suite="intl", now_ms=NOW + services.STALE_MS + 1)
    assert not Upload.objects.exists()
    assert not store.partial_of(Path(settings.DATA_DIR), upload.id).exists()
