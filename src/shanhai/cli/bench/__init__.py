"""`shanhai bench NAME --json`: measure against a peer or a limit in the same run, and print the ratio.

A benchmark is a module of this package with `run(scale) -> dict`; names ending in `_us` are microseconds
of CPU, `_s` per second.
"""

import importlib
import pkgutil
from typing import Annotated, Any

import msgspec
import typer

app = typer.Typer()
Name = Annotated[str, typer.Argument(help="Which benchmark.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
Scale = Annotated[str, typer.Option(help="How large: small, or full.")]


@app.command()
def bench(name: Name, json: Json = False, scale: Scale = "small") -> None:
    """Run one benchmark."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    if name not in names or name.startswith("_"):
        typer.echo(f"no benchmark {name}", err=True)
        raise typer.Exit(2)
    found: dict[str, Any] = importlib.import_module(f"shanhai.cli.bench.{name}").run(scale)
    if json:
        typer.echo(msgspec.json.encode(found).decode())
        return
    for key, value in found.items():
        typer.echo(f"{key}: {value}")
