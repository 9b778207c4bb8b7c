"""Python source made from a declaration: written once by a machine, compiled once, run many times.

As `dataclasses` does for `__init__`: what a declaration fixes (which field, which noun, which state) stands
in the code as a constant, so that nothing is looked up in it while an act is judged. Only declarations
enter the source, never data.
"""

import linecache
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


class Source:
    """One function in the making: its lines and the constants that they name."""

    def __init__(self, name: str, parameters: str) -> None:
        """Begin `def name(parameters):`."""
        self.name = name
        self._lines = [f"def {name}({parameters}):"]
        self._constants: dict[str, Any] = {}
        self._depth = 1

    def add(self, *lines: str) -> None:
        """Add lines at the depth reached."""
        self._lines += ["    " * self._depth + line for line in lines]

    @contextmanager
    def block(self, line: str) -> Iterator[None]:
        """Add a line that opens a block; what is added meanwhile stands inside."""
        self.add(line)
        self._depth += 1
        yield
        self._depth -= 1

    def name_of(self, value: Any, hint: str) -> str:
        """Return the name under which the code knows a constant; the same object keeps its first."""
        for known, held in self._constants.items():
            if held is value:
                return known
        made = f"{hint}_{len(self._constants)}"
        self._constants[made] = value
        return made

    @property
    def text(self) -> str:
        """Return the source as it stands."""
        return "\n".join(self._lines) + "\n"

    def compiled(self, of: str) -> Callable[..., Any]:
        """Return the function; `of` names in tracebacks what it was made from."""
        place = f"<{self.name} of {of}>"
        linecache.cache[place] = len(self.text), None, self.text.splitlines(keepends=True), place
        names = dict(self._constants)
        exec(compile(self.text, place, "exec"), names)  # noqa: S102 - made of declarations alone
        made: Callable[..., Any] = names[self.name]
        return made
