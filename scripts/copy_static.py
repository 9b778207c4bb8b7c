"""Copy the few front-end files we ship from node_modules into the static folder.

The folder is git-ignored and goes into the wheel; `manifest.json` names versions and hashes, and
`shanhai doctor` and a test compare it with package-lock.json.
"""

import hashlib
import json
import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
TARGET = ROOT / "src/shanhai/web/static/lib"
FILES = (
    ("htmx.org", "dist/htmx.min.js", "htmx.min.js"),
    ("htmx.org", "LICENSE", "LICENSE-htmx"),
    ("bootstrap", "dist/css/bootstrap.min.css", "bootstrap.min.css"),
    ("bootstrap", "LICENSE", "LICENSE-bootstrap"),
    ("echarts", "dist/echarts.min.js", "echarts.min.js"),
    ("echarts", "LICENSE", "LICENSE-echarts"),
    ("echarts", "NOTICE", "NOTICE-echarts"),
    ("bootstrap-icons", "LICENSE", "LICENSE-bootstrap-icons"),
)
ICONS = ROOT / "scripts/icons.txt"
SOURCE_MAP = re.compile(
    rb"(//[#@]\s*sourceMappingURL=.*$|/\*[#@]\s*sourceMappingURL=.*?\*/)", re.MULTILINE
)
SVG = re.compile(r"<svg[^>]*>(?P<body>.*)</svg>", re.DOTALL)


def main() -> int:
    """Rebuild the target folder from nothing, so that no old file survives a version change."""
    shutil.rmtree(TARGET, ignore_errors=True)
    TARGET.mkdir(parents=True)
    hashes = {}
    for package, inside, name in FILES:
        content = SOURCE_MAP.sub(b"", _read(package, inside))
        (TARGET / name).write_bytes(content)
        hashes[name] = hashlib.sha256(content).hexdigest()
    sprite = _sprite(ICONS.read_text("utf-8").split()).encode()
    (TARGET / "icons.svg").write_bytes(sprite)
    hashes["icons.svg"] = hashlib.sha256(sprite).hexdigest()
    packages = sorted({package for package, _, _ in FILES})
    manifest = {"versions": {name: _version(name) for name in packages}, "sha256": hashes}
    (TARGET / "manifest.json").write_text(json.dumps(manifest, indent=2, sort_keys=True) + "\n")
    print(f"copied {len(hashes)} files to {TARGET.relative_to(ROOT)}")
    return 0


def _read(package: str, inside: str) -> bytes:
    path = MODULES / package / inside
    if not path.is_file():
        sys.exit(f"{path.relative_to(ROOT)} is missing: run `npm ci --ignore-scripts` first")
    return path.read_bytes()


def _version(package: str) -> str:
    return str(json.loads(_read(package, "package.json"))["version"])


def _sprite(names: list[str]) -> str:
    """Join the icons we use into one sprite: the whole set weighs a megabyte."""
    symbols = []
    for name in names:
        match = SVG.search(_read("bootstrap-icons", f"icons/{name}.svg").decode())
        if match is None:
            sys.exit(f"icon {name} is no SVG")
        body = "".join(line.strip() for line in match["body"].splitlines())
        symbols.append(f'<symbol id="{name}" viewBox="0 0 16 16">{body}</symbol>')
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>\n'


if __name__ == "__main__":
    sys.exit(main())
