"""The `shanhai` command: one module a sub-command, loaded when it is called.

A module `shanhai/cli/<name>.py` that has an `app` (a Typer) is the command `<name>`; nothing else is
registered, but for `_MODULES`. Loading late keeps `shanhai verify` free
of Django and of every engine.
"""

import importlib
import pkgutil
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperGroup

from shanhai import cli
from shanhai.cli._failures import kinds, told
from shanhai.kernel.errors import ShanhaiError
from shanhai.kernel.text import Text

if TYPE_CHECKING:
    from typer._click import Command, Context

_NO_COMMANDS = frozenset({"main", "__main__"})
_MODULES = {"import": "imports", "drill": "drills", "bench": "bench"}
"""Commands found elsewhere: Python keeps the word for itself, or a package holds the parts."""


MISSING = Text(
    "这条命令需要未安装的库 {name}：请运行 uv sync（含全部引擎），或安装引擎的附加包，如 shanhai[matching]",
    "This command needs the library {name}, which is not installed: run uv sync (all engines), or install an "
    "engine's extra, such as shanhai[matching]",
)


class LateCommands(TyperGroup):
    """Find sub-commands among the modules of `shanhai.cli`."""

    def list_commands(self, ctx: "Context") -> list[str]:  # noqa: ARG002 - click's signature
        """Name every module that is a command."""
        modules = {m.name for m in pkgutil.iter_modules(cli.__path__) if not m.ispkg} - _NO_COMMANDS
        plain = {m.replace("_", "-") for m in modules.difference(_MODULES.values()) if m[0] != "_"}
        return sorted(plain | _MODULES.keys())

    def get_command(self, ctx: "Context", cmd_name: str) -> "Command | None":
        """Import one command's module."""
        if cmd_name not in self.list_commands(ctx):
            return None
        name = _MODULES.get(cmd_name, cmd_name.replace("-", "_"))
        module = importlib.import_module(f"shanhai.cli.{name}")
        module.app._add_completion = False  # noqa: SLF001 - completion belongs to the whole command
        command = typer.main.get_command(module.app)
        command.name = cmd_name
        return command

    def invoke(self, ctx: "Context") -> Any:
        """Run the command; an error of our own is one clear line in both languages, exit 1."""
        try:
            return super().invoke(ctx)
        except ShanhaiError as error:
            _say(error)
            raise typer.Exit(1) from error
        except ModuleNotFoundError as error:
            if (error.name or "shanhai").partition(".")[0] == "shanhai":
                raise
            typer.echo(
                f"{MISSING.zh.format(name=error.name)}\n{MISSING.en.format(name=error.name)}",
                err=True,
            )
            raise typer.Exit(1) from error
        except kinds() as error:
            failure = told(error)
            if failure is None:
                raise
            _say(failure)
            raise typer.Exit(1) from error


def _say(error: ShanhaiError) -> None:
    typer.echo(error.told, err=True)


app = typer.Typer(
    cls=LateCommands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="山海 Shanhai: 东西部协作，可签名、可验证 East-West collaboration, signed and provable.",
)


@app.callback()
def shanhai() -> None:
    """山海 Shanhai: 东西部协作，可签名、可验证 East-West collaboration, signed and provable."""
