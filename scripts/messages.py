"""The English catalogue of the pages: find, fill, check and compile messages (no msgfmt needed).

Message ids are Chinese and stand in templates and Python; `locale/en` translates them.

    messages.py check      fail when a message has no English, or an entry is unused or malformed
    messages.py update     add what is missing (empty) and drop what is unused
    messages.py fill       read `中文<TAB>English` lines from standard input into the catalogue
    messages.py compile    write django.mo beside django.po
"""

import ast
import fcntl
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import polib
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src/shanhai"
CATALOGUE = SOURCE / "locale/en/LC_MESSAGES/django.po"
NAMES = frozenset({"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"})
PLURALS = frozenset({"ngettext", "ngettext_lazy"})
STRING = r"""u?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|'''.*?'''|\"\"\".*?\"\"\")"""
IN_TEMPLATE = re.compile(
    rf"""\b_?(?:gettext|ngettext)?\(\s*{STRING}(?:\s*,\s*{STRING})?""",
    re.DOTALL,
)
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}")
METADATA = {
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Transfer-Encoding": "8bit",
    "Language": "en",
    "Plural-Forms": "nplurals=2; plural=(n != 1);",
}


def wanted() -> dict[str, str]:
    """Return every message id with its plural id, "" where it has none."""
    found: dict[str, str] = {}
    for path in sorted(SOURCE.rglob("*.py")):
        if "migrations" not in path.parts:
            found.update(_in_python(path.read_text("utf-8")))
    for path in sorted(SOURCE.rglob("templates/**/*")):
        if path.suffix in {".html", ".txt"}:
            found.update(_in_template(path.read_text("utf-8")))
    return found


def _in_python(source: str) -> Iterator[tuple[str, str]]:
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        name = node.func.id
        texts = [
            a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)
        ]
        if name in NAMES and texts:
            yield texts[0], texts[1] if name in PLURALS else ""


def _in_template(source: str) -> Iterator[tuple[str, str]]:
    for match in IN_TEMPLATE.finditer(templatize(source)):
        plural = str(ast.literal_eval(match[2])) if match[2] else ""
        yield str(ast.literal_eval(match[1])), plural


@contextmanager
def catalogue() -> Iterator[polib.POFile]:
    """Open the catalogue alone; save it sorted, and compiled."""
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    with (CATALOGUE.parent / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        po = (
            polib.pofile(str(CATALOGUE), wrapwidth=0)
            if CATALOGUE.exists()
            else polib.POFile(wrapwidth=0)
        )
        po.metadata = METADATA
        yield po
        po.sort(key=lambda entry: entry.msgid)
        po.save(str(CATALOGUE))
        po.save_as_mofile(str(CATALOGUE.with_suffix(".mo")))


def check() -> int:
    """Print what is missing, unused or malformed; return 1 if there is any."""
    po = polib.pofile(str(CATALOGUE))
    ids, have = wanted(), {entry.msgid: entry for entry in po}
    problems = [
        f"no English: {text}" for text in ids if text not in have or not _translated(have[text])
    ]
    problems += [f"unused: {text}" for text in have if text not in ids]
    problems += [f"placeholders differ: {entry.msgid}" for entry in po if not _same_holes(entry)]
    print("\n".join(problems) or f"messages: {len(ids)} translated, OK")
    return 1 if problems else 0


def _translated(entry: polib.POEntry) -> bool:
    texts = entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]
    return all(texts) and "fuzzy" not in entry.flags


def _same_holes(entry: polib.POEntry) -> bool:
    texts = [text for text in (entry.msgstr, *entry.msgstr_plural.values()) if text]
    holes = set(PLACEHOLDER.findall(entry.msgid))
    return all(set(PLACEHOLDER.findall(text)) == holes for text in texts)


def update() -> int:
    """Add missing entries and drop unused ones."""
    ids = wanted()
    with catalogue() as po:
        for entry in [entry for entry in po if entry.msgid not in ids]:
            po.remove(entry)
        for text, plural in ids.items():
            if po.find(text) is None:
                po.append(_entry(text, plural))
    return 0


def _entry(text: str, plural: str) -> polib.POEntry:
    if plural:
        return polib.POEntry(msgid=text, msgid_plural=plural, msgstr_plural={0: "", 1: ""})
    return polib.POEntry(msgid=text)


def fill() -> int:
    """Set the English of each `中文<TAB>English` line; a third column is the plural form."""
    with catalogue() as po:
        for line in sys.stdin.read().splitlines():
            if not line.strip():
                continue
            text, english, *plural = line.split("\t")
            entry = po.find(text) or _entry(text, text if plural else "")
            if entry not in po:
                po.append(entry)
            if plural:
                entry.msgid_plural = entry.msgid_plural or text
                entry.msgstr_plural = {0: english, 1: plural[0]}
            else:
                entry.msgstr = english
    return 0


def compile_() -> int:
    """Write the binary catalogue that gettext reads."""
    polib.pofile(str(CATALOGUE)).save_as_mofile(str(CATALOGUE.with_suffix(".mo")))
    return 0


COMMANDS: dict[str, Callable[[], int]] = {
    "check": check,
    "update": update,
    "fill": fill,
    "compile": compile_,
}

if __name__ == "__main__":
    settings.configure(USE_I18N=True)
    if len(sys.argv) != 2 or sys.argv[1] not in COMMANDS:  # noqa: PLR2004 - script and command
        sys.exit(__doc__)
    sys.exit(COMMANDS[sys.argv[1]]())
