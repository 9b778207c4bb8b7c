"""`shanhai drill NAME`: prove a reliability claim by breaking things on purpose.

A drill is a module of this package with `COUNT` (its usual size) and `run(plan) -> Result`. It counts the
faults that really fired, fails if none did, and has a planted fault (`--plant`) that must make it fail.
"""

import importlib
import pkgutil
from typing import Annotated

import typer

from shanhai.cli.drills.result import Plan, Result

app = typer.Typer()
Name = Annotated[str, typer.Argument(help="Which drill.")]
Count = Annotated[int, typer.Option("--n", help="How many faults; 0 takes the drill's own number.")]
Seed = Annotated[int, typer.Option(help="Seed of every random choice.")]
Plant = Annotated[
    bool, typer.Option(help="Plant a fault that the drill must find: it has to fail.")
]
_HELPERS = frozenset(
    {"authz_world", "books", "cables", "nodes", "result", "upgraded", "witnesses", "world"}
)


def names() -> list[str]:
    """Return the drills there are."""
    found = (module.name for module in pkgutil.iter_modules(__path__))
    return sorted(name.replace("_", "-") for name in found if name not in _HELPERS)


@app.command()
def drill(name: Name, n: Count = 0, seed: Seed = 1, plant: Plant = False) -> None:
    """Run one drill; exit 1 if anything failed or no fault fired."""
    if name not in names():
        typer.echo(f"no drill {name}; there are {', '.join(names())}", err=True)
        raise typer.Exit(2)
    module = importlib.import_module(f"shanhai.cli.drills.{name.replace('-', '_')}")
    result: Result = module.run(Plan(n or module.COUNT, seed, plant))
    for note in result.notes:
        typer.echo(note)
    if result.skipped:
        typer.echo(f"{name}: SKIPPED {result.skipped}")
        return
    typer.echo(f"{name}: {result.passed} passed, {result.failed} failed, {result.fired} fired")
    if result.failed or not result.fired:
        raise typer.Exit(1)
