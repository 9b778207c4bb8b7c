"""Readmes and guides lead to what exists: files, pictures, anchors, commands with their options."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from shanhai.cli.main import app

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("README*.md"), *(ROOT / "docs").rglob("*.md")])
GUIDES = [*sorted((ROOT / "docs/guide").glob("*.md")), *sorted(ROOT.glob("README*.md"))]
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"^```sh\n(.*?)^```|`([^`\n]+)`", re.MULTILINE | re.DOTALL)
READERS = {"officials", "auditors", "village", "public", "operators"}


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def links(text: str) -> Iterator[str]:
    """Yield what a page links to, without addresses of other sites."""
    for target in LINK.findall(FENCE.sub("", text)):
        if not re.match(r"[a-z]+:", target):
            yield target


def anchors(text: str) -> set[str]:
    """Return the anchors of a page's headings, as GitHub makes them."""
    heads = re.findall(r"^#+ (.+)$", FENCE.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def commands(text: str) -> Iterator[list[str]]:
    """Yield the words of every `shanhai …` command that a page shows."""
    for block, word in CODE.findall(text):
        for line in (block or word).replace("\\\n", " ").splitlines():
            for part in re.split(r"&&|\|(?!\w)", line.split(" #")[0]):
                words = shlex.split(part)
                if words and words[0].rsplit("/", 1)[-1] == "shanhai":
                    yield words[1:]


def wrong(words: list[str]) -> str:
    """Say what of a command is not registered, "" if nothing."""
    command: Any = typer.main.get_command(app)
    while words and hasattr(command, "get_command"):
        if words[0] == "--help":
            return ""
        usual = getattr(command, "usual", "")
        if usual and words[0] not in command.commands:
            words = [usual, *words]
        found = command.get_command(None, words[0])
        if found is None:
            return f"no command {words[0]}"
        command, words = found, words[1:]
    known = {"--help"} | {option for one in command.params for option in one.opts}
    unknown = [word for word in words if word.startswith("--") and word not in known]
    return f"{command.name} has no {', '.join(unknown)}" if unknown else ""


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_and_picture_leads_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target in links(text):
        path, _, anchor = target.partition("#")
        found = (page.parent / path).resolve() if path else page
        assert found.exists(), f"{target} is missing"
        assert found.is_relative_to(ROOT), f"{target} lies outside"
        if anchor and found.suffix == ".md":
            assert anchor in anchors(found.read_text(encoding="utf-8")), f"no heading {target}"


@pytest.mark.parametrize("page", GUIDES, ids=name_of)
def test_every_command_shown_exists(page: Path) -> None:
    shown = list(commands(page.read_text(encoding="utf-8")))
    assert [said for said in map(wrong, shown) if said] == []


def test_the_check_of_commands_finds_what_is_not_registered() -> None:
    text = "`shanhai ledger exprot F`\n```sh\n.venv/bin/shanhai verify F --anker A  # no\n```\n"
    assert [wrong(words) for words in commands(text)] == [
        "no command exprot",
        "verify has no --anker",
    ]


def test_both_readmes_lead_each_reader_to_a_guide_in_both_languages() -> None:
    for readme in ("README.md", "README.zh.md"):
        led = set(links((ROOT / readme).read_text(encoding="utf-8")))
        assert {f"docs/guide/{name}.md" for name in READERS} <= led
    for name in READERS:
        text = (ROOT / f"docs/guide/{name}.md").read_text(encoding="utf-8")
        chinese, english = text.split("\n---\n")
        assert chinese.count("\n## ") == english.count("\n## "), f"{name}.md: unequal halves"


def test_pictures_are_small_and_made_by_the_script() -> None:
    script = (ROOT / "scripts/take_pictures.py").read_text(encoding="utf-8")
    pictures = sorted((ROOT / "docs/img").glob("*.png"))
    assert pictures
    for picture in pictures:
        assert f'"{picture.name}"' in script
        assert picture.stat().st_size < 250_000, f"{picture.name} is large"
