"""`shanhai scrub`: what is whole, what was changed and what is gone; and the daily round beside the server."""

from hashlib import sha256
from pathlib import Path

import pytest

from demo_world import DemoFolder
from shanhai.cli import _daily

PDF = b"%PDF-1.7\n" + bytes(range(256)) * 20


def kept(folder: DemoFolder, data: bytes) -> Path:
    """Keep a document in a folder, as an upload would."""
    digest = sha256(data).hexdigest()
    path = folder.data / "files" / digest[:2] / digest
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    folder.ask(
        "INSERT INTO files_document (digest, name, size, media_type, uploader, uploaded_ms,"  # noqa: S608 - our own numbers
        " public, scrubbed_ms, damaged)"
        f" VALUES ('{digest}', 'a.pdf', {len(data)}, 'application/pdf', 'per', 1, FALSE, 0, FALSE)"
    )
    return path


def test_a_whole_folder_is_whole(demo_folder: DemoFolder) -> None:
    kept(demo_folder, PDF)
    done = demo_folder.run("scrub", "--data-dir", str(demo_folder.data))
    assert done.returncode == 0, done.stderr
    read, _, rest = done.stdout.splitlines()[-1].partition(" ")
    assert int(read) > 1  # the story's own papers too
    assert rest == "documents read, 0 damaged or missing"


def test_what_was_changed_and_what_is_gone_are_named(demo_folder: DemoFolder) -> None:
    changed, gone = kept(demo_folder, PDF + b"1"), kept(demo_folder, PDF + b"2")
    changed.write_bytes(PDF + b"!")
    gone.unlink()
    done = demo_folder.run("scrub", "--data-dir", str(demo_folder.data))
    assert done.returncode == 1
    assert {f"damaged {changed.name}", f"damaged {gone.name}"} <= set(done.stdout.splitlines())


def test_what_was_read_today_is_read_again_only_when_asked(demo_folder: DemoFolder) -> None:
    kept(demo_folder, PDF)
    where = ("scrub", "--data-dir", str(demo_folder.data))
    first = demo_folder.run(*where).stdout
    assert demo_folder.run(*where).stdout.startswith("0 documents read")
    assert demo_folder.run(*where, "--all").stdout == first


class EnoughError(Exception):
    """Two rounds are enough to see."""


def test_the_server_scrubs_again_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Path] = []

    def note(folder: Path) -> int:
        seen.append(folder)
        if len(seen) == 2:
            raise EnoughError
        return 1  # a damaged document does not end the rounds

    monkeypatch.setattr(_daily, "intake", lambda _folder: 1)  # nor does a missing node key
    monkeypatch.setattr(_daily, "scrub", note)
    with pytest.raises(EnoughError):
        _daily.rounds(Path("x"), first_s=0, every_s=0)
    assert seen == [Path("x"), Path("x")]


def test_a_round_is_the_command_itself(
    demo_folder: DemoFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DJANGO_SETTINGS_MODULE", raising=False)
    for name, value in demo_folder.environ.items():
        monkeypatch.setenv(name, value)
    kept(demo_folder, PDF)
    assert _daily.scrub(demo_folder.data) == 0
