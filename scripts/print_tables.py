"""Print docs/dev/authority.md, rules.md and glossary.md; `--check` fails where they differ."""

import sys
from pathlib import Path

from shanhai.acts import printed

DOCS = Path(__file__).resolve().parent.parent / "docs/dev"


def main() -> int:
    """Write or compare the documents."""
    wrong = []
    made = {
        "authority.md": printed.authority(),
        "rules.md": printed.rules(),
        "glossary.md": printed.glossary(),
    }
    for name, text in made.items():
        path = DOCS / name
        if "--check" in sys.argv:
            if not path.exists() or path.read_text() != text:
                wrong.append(name)
        else:
            path.write_text(text)
    for name in wrong:
        print(
            f"docs/dev/{name} differs from the registry: run scripts/print_tables.py and review it"
        )
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
