"""The `shanhai` command: one module a sub-command, loaded when it is called.

A module `shanhai/cli/<name>.py` that has an `app` (a Typer) is the command `<name>`; nothing else is
registered, but for `_MODULES`. Loading late keeps `shanhai verify` free
of Django and of every engine.
"""

import errno
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


UNREACHABLE = {
    errno.ENOENT: Text("没有这个文件或文件夹", "there is no such file or folder"),
    errno.EISDIR: Text("这是文件夹，不是文件", "it is a folder, not a file"),
    errno.ENOTDIR: Text("路径里有一段不是文件夹", "a part of the path is no folder"),
    errno.EEXIST: Text("路径里有一段不是文件夹", "a part of the path is no folder"),
    errno.EACCES: Text("没有权限", "permission is missing"),
    errno.EPERM: Text("没有权限", "permission is missing"),
    errno.EROFS: Text("所在的盘只能读", "its disk can only be read"),
    errno.ENOSPC: Text("盘已写满", "the disk is full"),
    errno.EDQUOT: Text("配额已用完", "the quota is used up"),
    errno.ENAMETOOLONG: Text("名字太长", "the name is too long"),
    errno.EIO: Text("盘读写出错", "the disk fails"),
}
"""What the system says of a file, in words; other errors of the system are no matter of files."""
PATH = Text(
    "{file}：{what}，没有写出；请换一个路径或检查后重试",
    "{file}: {what}; nothing was written there, give another path or mend this one",
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
        except OSError as error:
            said = _said(error)
            if not said:
                raise
            typer.echo(said, err=True)
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
    typer.echo(f"{error.code}: {error.say('zh')}\n{error.say('en')}", err=True)


def _said(error: OSError) -> str:
    """Return in both languages what is wrong with a file; nothing where the error is of another kind."""
    what = UNREACHABLE.get(error.errno or 0)
    file = str(error.filename2 or error.filename or "—")
    if what is None:
        return ""
    return "\n".join(
        PATH.say(lang, {"file": file, "what": what.say(lang)}) for lang in ("zh", "en")
    )


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
