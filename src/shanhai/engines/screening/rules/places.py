"""Find the line of a TOML file that a mistake is on: tomllib gives values without their places."""

import re

_HEADER = re.compile(r"^\s*\[\[?\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"^\s*([\w-]+)\s*=")
_STEP = re.compile(r"\.?([^.\[\]]+)|\[(\d+|\.\.\.)\]")


class Places:
    """The headers and keys of a file with their lines."""

    def __init__(self, text: str, name: str) -> None:
        """Read the lines.

        Args:
            text: The file.
            name: How the file is called in a refusal.
        """
        self.name = name
        self.lines: dict[tuple[str, int, str], int] = {}
        counts: dict[str, int] = {}
        header, index = "", 0
        for number, line in enumerate(text.splitlines(), 1):
            if match := _HEADER.match(line):
                header = match.group(1).replace('"', "").replace(" ", "")
                index = counts.get(header, 0)
                counts[header] = index + 1
                self.lines[header, index, ""] = number
            elif match := _KEY.match(line):
                self.lines.setdefault((header, index, match.group(1)), number)

    def of(self, header: str, index: int = 0, key: str = "") -> str:
        """Return `file:line` of a key, of its table where the key has no line, or the file's name."""
        line = self.lines.get((header, index, key)) or self.lines.get((header, index, ""))
        return f"{self.name}:{line}" if line else self.name

    def at_path(self, path: str) -> str:
        """Return the place of a path such as `$.rules[3].severity`."""
        steps = [(a, b) for a, b in _STEP.findall(path.removeprefix("$"))]
        for cut in range(len(steps), 0, -1):
            names = [a for a, _ in steps[:cut] if a]
            numbers = [int(b) for _, b in steps[:cut] if b.isdigit()]
            index = numbers[-1] if numbers else 0
            for header, key in (
                (".".join(names), ""),
                (".".join(names[:-1]), names[-1] if names else ""),
            ):
                if line := self.lines.get((header, index, key)):
                    return f"{self.name}:{line}"
        return self.name
