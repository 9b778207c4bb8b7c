"""A file is written whole or not at all, whatever happens meanwhile."""

import os
from pathlib import Path
from stat import S_IMODE

import pytest

from shanhai.kernel.files import replacing, write_bytes


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_takes_its_name_only_when_it_is_whole(tmp_path: Path) -> None:
    out = tmp_path / "结果.csv"
    with replacing(out) as passing:
        passing.write_text("half", "utf-8")
        assert not out.exists()
        assert (passing.parent, passing.suffix) == (tmp_path, ".csv")
    assert out.read_text("utf-8") == "half"
    assert _names(tmp_path) == ["结果.csv"]


def _stop_halfway(out: Path, end: type[BaseException]) -> None:
    with replacing(out) as passing:
        passing.write_bytes(b"half")
        raise end


@pytest.mark.parametrize("end", [ValueError, KeyboardInterrupt, SystemExit])
def test_what_stood_there_stays_and_nothing_is_left(
    tmp_path: Path, end: type[BaseException]
) -> None:
    out = tmp_path / "f.csv"
    write_bytes(out, b"before")
    with pytest.raises(end):
        _stop_halfway(out, end)
    assert (out.read_bytes(), _names(tmp_path)) == (b"before", ["f.csv"])


def test_two_writers_do_not_meet_and_the_last_wins(tmp_path: Path) -> None:
    out = tmp_path / "f.csv"
    with replacing(out) as one, replacing(out) as two:
        one.write_bytes(b"one")
        two.write_bytes(b"two")
    assert (out.read_bytes(), _names(tmp_path)) == (b"one", ["f.csv"])


def test_missing_folders_are_made_and_long_names_fit(tmp_path: Path) -> None:
    out = tmp_path / "a" / "b" / ("山" * 83 + ".json")
    write_bytes(out, b"{}")
    assert out.read_bytes() == b"{}"


def test_permissions_are_kept_and_private_files_are_private_from_the_start(tmp_path: Path) -> None:
    out = tmp_path / "f"
    out.write_bytes(b"")
    out.chmod(0o640)
    write_bytes(out, b"1")
    assert S_IMODE(out.stat().st_mode) == 0o640
    with replacing(out, private=True) as passing:
        assert S_IMODE(passing.stat().st_mode) == 0o600
    assert S_IMODE(out.stat().st_mode) == 0o600


def test_a_new_file_has_the_permissions_that_open_gives(tmp_path: Path) -> None:
    (tmp_path / "plain").write_bytes(b"")
    write_bytes(tmp_path / "ours", b"")
    modes = {S_IMODE((tmp_path / name).stat().st_mode) for name in ("plain", "ours")}
    assert len(modes) == 1


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    write_bytes(tmp_path / "file", b"old")
    (tmp_path / "link").symlink_to("file")
    write_bytes(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "file").read_bytes() == b"new"


def test_a_folder_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError), replacing(tmp_path):
        raise AssertionError("not reached")
    assert _names(tmp_path) == []


def test_a_device_is_written_and_stays_one(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("/dev/null")
    write_bytes(tmp_path / "link", b"gone")
    assert (tmp_path / "link").is_char_device()


def test_data_are_synced_before_the_name_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []

    def sync(handle: int) -> None:
        done.append("sync")
        was_sync(handle)

    def replace(passing: Path, target: Path) -> Path:
        done.append("name")
        return was_replace(passing, target)

    was_sync, was_replace = os.fsync, Path.replace
    monkeypatch.setattr(os, "fsync", sync)
    monkeypatch.setattr(Path, "replace", replace)
    write_bytes(tmp_path / "f", b"1")
    assert done == ["sync", "name", "sync"]
