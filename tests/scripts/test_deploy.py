"""What lies in `deploy/` is read as its readers do, and names only what there is: commands, options, files, metrics."""

import json
import re
import shlex
import shutil
import subprocess
from configparser import ConfigParser
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from shanhai.cli.main import app
from shanhai.config.metrics import KINDS

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
INSTRUCTIONS = {
    "ARG",
    "FROM",
    "RUN",
    "COPY",
    "ENV",
    "USER",
    "VOLUME",
    "EXPOSE",
    "HEALTHCHECK",
    "ENTRYPOINT",
    "CMD",
}
KNOWN = re.compile(r"SHANHAI_[A-Z_]+|MAP_APPROVAL_NO|DATABASE_URL")


def unit(path: Path) -> ConfigParser:
    parser = ConfigParser(strict=False, interpolation=None, comment_prefixes=("#", ";"))
    parser.optionxform = str  # type: ignore[assignment, method-assign]  # systemd's names have capitals
    parser.read_string(path.read_text())
    return parser


def check_command(words: list[str]) -> None:
    """Fail unless the command exists and knows each of its options."""
    said = CliRunner().invoke(app, [words[0], "--help"], env={"COLUMNS": "200"})
    assert said.exit_code == 0, words
    for option in (one for one in words if one.startswith("--")):
        assert option in said.output, (words, option)


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_units_start_commands_that_exist(path: Path) -> None:
    found = unit(path)
    assert found["Unit"]["Description"]
    if path.suffix == ".timer":
        assert path.with_suffix(".service").exists()
        assert found["Install"]["WantedBy"] == "timers.target"
        return
    service = found["Service"]
    assert service["User"] == "shanhai"
    assert service["NoNewPrivileges"] == "yes"
    words = shlex.split(service["ExecStart"].replace("%%", "%"))
    if words[0] == "/bin/sh":
        words = shlex.split(words[2])[1:]
    assert words[0] == "/opt/shanhai/venv/bin/shanhai"
    check_command(words[1:])


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="SKIPPED: no systemd here")
def test_systemd_finds_nothing_to_say_but_what_is_not_installed() -> None:
    command = ["systemd-analyze", "verify", "--man=no", *map(str, UNITS)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    ours = [line for line in done.stderr.splitlines() if "shanhai" in line]
    assert [
        line for line in ours if "is not executable" not in line and "Failed to" not in line
    ] == []


def steps() -> list[tuple[str, str]]:
    text = re.sub(r"\\\n\s*", "", (DEPLOY / "Containerfile").read_text())
    lines = (line for line in text.splitlines() if line and not line.startswith("#"))
    return [(word, rest) for word, _, rest in (line.partition(" ") for line in lines)]


def test_the_container_file_is_pinned_runs_as_nobody_and_starts_a_command_that_exists() -> None:
    found = steps()
    assert {word for word, _ in found} <= INSTRUCTIONS
    base = next(rest for word, rest in found if word == "ARG")
    assert re.fullmatch(r"BASE=python:3\.\d+-slim-\w+", base)
    assert [word for word, _ in found[-2:]] == ["ENTRYPOINT", "CMD"]
    assert json.loads(found[-2][1]) == ["shanhai"]
    check_command(json.loads(found[-1][1]))
    places = [place for place, (word, _) in enumerate(found) if word in {"USER", "RUN"}]
    assert found[places[-1]] == ("USER", "10001")
    assert not any("apt-get upgrade" in rest or "curl" in rest for _, rest in found)
    volumes = json.loads(next(rest for word, rest in found if word == "VOLUME"))
    named = dict(one.split("=", 1) for one in next(r for w, r in found if w == "ENV").split())
    assert set(volumes) <= set(named.values())


def test_the_compose_file_holds_together() -> None:
    found: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    web, database = found["services"]["web"], found["services"]["database"]
    assert (DEPLOY / web["build"]["context"] / web["build"]["dockerfile"]).resolve().exists()
    assert web["depends_on"] == {"database": {"condition": "service_healthy"}}
    mounted = [one.split(":")[0] for s in (web, database) for one in s["volumes"]]
    assert sorted(mounted) == sorted(found["volumes"])
    inside = {one.split(":")[1] for one in web["volumes"]}
    assert inside == set(json.loads(next(rest for word, rest in steps() if word == "VOLUME")))
    assert database["secrets"] == list(found["secrets"])
    assert all(not one.endswith("latest") for one in [database["image"]])
    assert web["ports"] == ["127.0.0.1:8000:8000"]
    assert "synchronous_commit=on" in database["command"]


def test_alerts_ask_for_metrics_that_are_measured() -> None:
    found = yaml.safe_load((DEPLOY / "alerts.yaml").read_text())
    rules = [rule for group in found["groups"] for rule in group["rules"]]
    asked = {name for rule in rules for name in re.findall(r"shanhai_\w+", rule["expr"])}
    assert asked
    assert asked <= KINDS.keys()
    assert all(rule["annotations"]["summary"] for rule in rules)


def test_settings_named_in_deploy_are_read_somewhere() -> None:
    code = "".join(path.read_text() for path in (ROOT / "src/shanhai").rglob("*.py"))
    for path in (one for one in DEPLOY.rglob("*") if one.is_file()):
        for name in KNOWN.findall(path.read_text()):
            assert f'"{name}"' in code, (path.name, name)
