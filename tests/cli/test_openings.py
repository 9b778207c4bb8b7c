"""`shanhai ledger openings` and `shanhai verify --openings`, as an auditor runs them."""

from pathlib import Path

from demo_world import DemoFolder


def test_every_commitment_of_the_demonstration_opens(
    demo_folder: DemoFolder, tmp_path: Path
) -> None:
    log, openings = tmp_path / "l.log", tmp_path / "o.bin"
    assert demo_folder.run("ledger", "export", str(log)).returncode == 0
    written = demo_folder.run("ledger", "openings", str(openings))
    assert "0 missing or erased" in written.stdout
    assert openings.stat().st_mode & 0o077 == 0
    done = demo_folder.run("verify", str(log), "--openings", str(openings))
    assert done.returncode == 0, done.stdout
    assert "commitments match, 0 missing or erased" in done.stdout
    assert done.stdout.rstrip().endswith("OK")
    changed = openings.read_bytes().replace("模拟".encode(), "模似".encode(), 1)
    openings.write_bytes(changed)
    refused = demo_folder.run("verify", str(log), "--openings", str(openings))
    assert refused.returncode == 1
    assert "openings.stray" in refused.stdout
    assert "OK" not in refused.stdout
