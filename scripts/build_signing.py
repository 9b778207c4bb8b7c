"""Join the signing modules into the static bundle that a `release` act names by its hash.

No bundler, no minifier: modules are joined in order of import, their `import` and `export` words
taken away, so that a reader finds the source again line by line. The same source gives the same
bytes. `--record` writes the hashes to `signing/HASHES`; without it a difference is an error.
"""

import base64
import hashlib
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src/shanhai/web/signing"
TARGET = ROOT / "src/shanhai/web/static/signing"
HASHES = SOURCE / "HASHES"
IMPORT = re.compile(r'^import \{[^}]*\} from "\./([a-z0-9-]+\.js)";\n', re.MULTILINE)
EXPORT = re.compile(
    r"^export (?=(?:async function|function|class|const|let) ([A-Za-z0-9_]+))", re.MULTILINE
)
REEXPORT = re.compile(r'^export \{([^}]*)\} from "\./([a-z0-9-]+\.js)";\n', re.MULTILINE)
TOP = re.compile(
    r"^(?:export )?(?:async function|function|class|const|let) ([A-Za-z0-9_]+)", re.MULTILINE
)


def write() -> dict[str, bytes]:
    """Put what is built in place and return it; a file that holds it already is not touched."""
    TARGET.mkdir(parents=True, exist_ok=True)
    built = build()
    for name, content in built.items():
        path = TARGET / name
        if not path.is_file() or path.read_bytes() != content:
            path.write_bytes(content)
    return built


def main(arguments: list[str]) -> int:
    """Build the three files, print their hashes and compare (or, with --record, write) them."""
    lines = [f"{hashlib.sha256(raw).hexdigest()}  {name}" for name, raw in sorted(write().items())]
    print("\n".join(lines))
    text = "\n".join(lines) + "\n"
    if "--record" in arguments:
        HASHES.write_text(text, "ascii")
    elif not HASHES.is_file() or HASHES.read_text("ascii") != text:
        print("these are not the hashes in signing/HASHES: review, then --record", file=sys.stderr)
        return 1
    return 0


def build() -> dict[str, bytes]:
    """Return the bundle: file name → content."""
    return {
        "sign.js": _bundle("page-sign.js").encode(),
        "proof.js": _bundle("page-proof.js").encode(),
        "verify.html": _page().encode(),
    }


def _bundle(entry: str) -> str:
    """Join a module and all it imports; its exports are the bundle's."""
    order: list[str] = []
    _visit(entry, order)
    owners: dict[str, str] = {}
    parts = []
    for name in order:
        text = _read(name)
        for top in TOP.findall(text):
            if top in owners:
                sys.exit(f"{top} stands in {owners[top]} and {name}: one name, one module")
            owners[top] = name
        body = EXPORT.sub("", REEXPORT.sub("", IMPORT.sub("", text)))
        if re.search(r"^(import|export)\b", body, re.MULTILINE):
            sys.exit(f"{name}: only named imports and exports can be joined")
        parts.append(f"/* ---- {name} ---- */\n{body.strip()}\n")
    exports = ", ".join(sorted(_exports(entry)))
    return (
        "/* Shanhai signing bundle; source beside it, Apache-2.0. */\n\n"
        + "\n".join(parts)
        + (f"\nexport {{ {exports} }};\n" if exports else "")
    )


def _visit(name: str, order: list[str]) -> None:
    text = _read(name)
    for needed in [*IMPORT.findall(text), *(module for _, module in REEXPORT.findall(text))]:
        if needed not in order:
            _visit(needed, order)
    order.append(name)


def _exports(name: str) -> list[str]:
    text = _read(name)
    named = [word.strip() for words, _ in REEXPORT.findall(text) for word in words.split(",")]
    return [*EXPORT.findall(text), *(word for word in named if word)]


def _page() -> str:
    """Return verify.html: script and style inside, allowed by their hashes alone."""
    script, style = _bundle("page-verify.js"), _read("verify.css")
    page = _read("verify.html")
    for mark, text in (("SCRIPT", script), ("STYLE", style)):
        page = page.replace(f"{mark}_HASH", _csp_hash("\n" + text)).replace(f"/*{mark}*/", text)
    return page


def _csp_hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _read(name: str) -> str:
    return (SOURCE / name).read_text("utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
