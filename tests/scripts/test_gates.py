"""The gates notice what they are there for: each is given a planted fault."""

from pathlib import Path

import polib
import pytest

import coverage_gate
import determinism_gate
import messages
import size_gate


def offences(tmp_path: Path, source: str) -> list[str]:
    module = tmp_path / "rule.py"
    module.write_text(source, encoding="utf-8")
    return list(determinism_gate.check(module))


@pytest.mark.parametrize(
    "source",
    [
        "rate = 0.5",
        "half = whole / 2",
        "whole /= 2",
        "import time",
        "from random import choice",
        "import os.path",
        "for x in {1, 2}: print(x)",
        "rows = [x for x in set(names)]",
        "rows = list(frozenset(names))",
        "key = hash(name)",
        "key = id(name)",
        "now = datetime.now(zone)",
        "import sys",
        "from decimal import Decimal",
        "seen = set()\nfor x in seen: print(x)",
        "seen = {x for x in names}\nrows = list(seen)",
        "seen = set[str]()\nrows = [x for x in seen]",
        "seen: set[str] = set()\nrows = tuple(seen)",
    ],
)
def test_determinism_gate_refuses(tmp_path: Path, source: str) -> None:
    assert len(offences(tmp_path, source)) == 1


@pytest.mark.parametrize(
    "source",
    [
        "half = whole // 2",
        "rows = sorted({1, 2})",
        "from datetime import date",
        "seen = set()\nrows = sorted(seen)",
        "seen = [1]\nfor x in seen: print(x)",
        'path = folder / "log"  # determinism: joins a path',
    ],
)
def test_determinism_gate_lets_pass(tmp_path: Path, source: str) -> None:
    assert offences(tmp_path, source) == []


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    package = tmp_path / "src/shanhai/acts"
    package.mkdir(parents=True)
    monkeypatch.setattr(size_gate, "ROOT", tmp_path)
    return package


def test_size_gate_names_a_long_module(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (checkout / "long.py").write_text("x = 1\n" * 401)
    assert size_gate.main() == 1
    assert "long.py: 401 lines, at most 400" in capsys.readouterr().out


def test_size_gate_names_a_long_function_without_counting_its_docstring(
    checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = '    """' + "\n    word" * 10 + '"""\n'
    (checkout / "good.py").write_text("def good():\n" + words + "    x = 1\n" * 39)
    assert size_gate.main() == 0
    (checkout / "bad.py").write_text("def bad():\n" + words + "    x = 1\n" * 40)
    assert size_gate.main() == 1
    assert "bad.py:1: bad has 41 lines" in capsys.readouterr().out


@pytest.fixture
def catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> polib.POFile:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates/page.html").write_text(
        "{% translate '提交' %}{% blocktranslate %}第 {{ n }} 条{% endblocktranslate %}",
        encoding="utf-8",
    )
    (tmp_path / "views.py").write_text("label = _('退回')", encoding="utf-8")
    monkeypatch.setattr(messages, "SOURCE", tmp_path)
    monkeypatch.setattr(messages, "CATALOGUE", tmp_path / "locale/django.po")
    with messages.catalogue() as po:
        for text, english in (
            ("提交", "Submit"),
            ("第 %(n)s 条", "Entry %(n)s"),
            ("退回", "Return"),
        ):
            po.append(polib.POEntry(msgid=text, msgstr=english))
    return po


def test_messages_are_found_in_templates_and_python(catalogue: polib.POFile) -> None:
    assert set(messages.wanted()) == {"提交", "第 %(n)s 条", "退回"}
    assert messages.check() == 0


@pytest.mark.parametrize(
    ("msgid", "english", "complaint"),
    [
        ("提交", "", "no English: 提交"),
        ("第 %(n)s 条", "Entry", "placeholders differ: 第 %(n)s 条"),
        ("没人用", "Unused", "unused: 没人用"),
    ],
)
def test_message_check_fails_on_each_kind_of_fault(
    catalogue: polib.POFile,
    capsys: pytest.CaptureFixture[str],
    msgid: str,
    english: str,
    complaint: str,
) -> None:
    with messages.catalogue() as po:
        entry = po.find(msgid) or polib.POEntry(msgid=msgid)
        entry.msgstr = english
        if entry not in po:
            po.append(entry)
    assert messages.check() == 1
    assert complaint in capsys.readouterr().out


def test_coverage_is_counted_apart_where_money_is_decided() -> None:
    full = {"covered_lines": 8, "covered_branches": 2, "num_statements": 8, "num_branches": 2}
    half = {"covered_lines": 5, "covered_branches": 0, "num_statements": 8, "num_branches": 2}
    files = {"src/shanhai/acts/payment.py": half, "src/shanhai/web/http.py": full}
    assert coverage_gate.shares(files) == (50.0, 100.0)
