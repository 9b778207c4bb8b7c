"""`shanhai network`: a consortium of several organisations on this machine, for trying out, drills and measurements."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shanhai.cli._members import Plan

app = typer.Typer(
    no_args_is_help=True, help="联盟网络 A consortium of several nodes on this machine."
)
DataDir = Annotated[Path, typer.Option("--data-dir", help="Folder of the whole network.")]
Nodes = Annotated[int, typer.Option(help="How many organisations; from four on one may fail.")]
PortBase = Annotated[
    int,
    typer.Option(help="First of three ports a node: peers, questions, pages; 0 takes free ones."),
]
Web = Annotated[bool, typer.Option(help="Whether each node serves pages.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Rate = Annotated[float, typer.Option(help="Acts a second.")]
Seconds = Annotated[float, typer.Option(help="How long acts are sent.")]
READY = "ready"


@app.command()
def up(data_dir: DataDir, nodes: Nodes = 4, port_base: PortBase = 0, web: Web = True) -> None:
    """启动网络 Start the network, making it where there is none; runs until SIGTERM, writes D/ready when it serves."""
    from shanhai.acts import book  # noqa: F401 - registers every noun and act
    from shanhai.cli import _members
    from shanhai.node import comet
    from shanhai.node.supervisor import Supervisor

    program = comet.program()
    folder = data_dir.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / READY).unlink(missing_ok=True)
    made = _members.read_plan(folder)
    if made is None:
        made = _members.plan(nodes, port_base, web=web)
        if web:
            prepare_pages(folder, made)
        _members.found(folder, made)
    for name, ports in zip(made.names, made.ports, strict=True):
        typer.echo(
            f"{name}  rpc http://127.0.0.1:{ports[1]}"
            + (f"  http://localhost:{ports[2]}" if ports[2] else "")
        )
    supervisor = Supervisor(_members.pairs(folder, made, program))
    code = supervisor.run(lambda: serves(folder), (folder / READY).touch)
    (folder / READY).unlink(missing_ok=True)
    raise typer.Exit(code)


def prepare_pages(data_dir: Path, made: "Plan") -> None:
    """Make tables and static files once, and copy them to every node's folder."""
    import shutil

    from shanhai.cli import _members

    first = made.folder(data_dir, 0)
    prepare_folder(first, _members.environment(data_dir, made.names[0]))
    for at in range(1, len(made.names)):
        folder = made.folder(data_dir, at)
        shutil.copytree(first, folder, ignore=shutil.ignore_patterns("keys"))


PREPARE = """\
import sys
from pathlib import Path
from shanhai.cli import _stamp, serve
from shanhai.cli._django import choose
folder = choose(Path(sys.argv[1]), environ=serve.MANIFEST)
serve.make_ready(folder, _stamp.inputs())
"""


def prepare_folder(folder: Path, environ: "Mapping[str, str]") -> None:
    """Make a folder's tables and static files in a process of its own: this one stays without Django."""
    import subprocess
    import sys

    kept = {k: v for k, v in environ.items() if k != "DJANGO_SETTINGS_MODULE"}
    subprocess.run([sys.executable, "-c", PREPARE, str(folder)], check=True, env=kept)


def serves(data_dir: Path) -> bool:
    """Return whether every node has executed a block and answers, its pages too."""
    from shanhai.node.status import state_of

    time.sleep(0.2)
    plan = _plan(data_dir)
    for at in range(len(plan.names)):
        state = state_of(plan.folder(data_dir, at))
        if not state["height"] or state["peers"] is None:
            return False
        if state["web"] and not _answers(state["web"]):
            return False
    return True


def _answers(url: str) -> bool:
    from http.client import HTTPConnection, HTTPException

    connection = HTTPConnection(url.removeprefix("http://"), timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200  # noqa: PLR2004 - OK
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _plan(data_dir: Path) -> "Plan":
    from shanhai.cli import _members
    from shanhai.kernel.errors import InvalidInputError

    found = _members.read_plan(data_dir)
    if found is None:
        raise InvalidInputError("node.settings", path=str(data_dir / _members.NETWORK))
    return found


@app.command()
def status(data_dir: DataDir, json: Json = False) -> None:
    """查看网络 Print how every node stands."""
    import msgspec

    from shanhai.acts import book  # noqa: F401 - registers every noun and act
    from shanhai.node.status import state_of

    plan, folder = _plan(data_dir), data_dir.resolve()
    states = [state_of(plan.folder(folder, at)) for at in range(len(plan.names))]
    if json:
        typer.echo(msgspec.json.encode(states).decode())
        return
    for one in states:
        root = (one["root"] or "-")[:16]
        typer.echo(
            f"{one['node']}  height {one['height']}  size {one['size']}  root {root}  peers {one['peers']}  "
            f"catching up {one['catching_up']}  {one['pids']}"
        )


@app.command()
def load(data_dir: DataDir, rate: Rate = 100, seconds: Seconds = 10, json: Json = False) -> None:
    """施加负载 Send real acts at a steady rate and wait until each is final or refused; exit 1 if any was lost."""
    import msgspec

    from shanhai.acts import book  # noqa: F401 - registers every noun and act
    from shanhai.cli import _members
    from shanhai.cli._load import Load
    from shanhai.cli._load_acts import Acts

    plan = _plan(data_dir)
    source = Acts(plan.folder(data_dir.resolve(), 0), _members.read_officers(data_dir))
    result = Load(plan.rpcs, source).run(rate, seconds)
    if json:
        typer.echo(msgspec.json.encode(result).decode())
    else:
        for name, value in result.items():
            typer.echo(f"{name}: {value}")
    raise typer.Exit(1 if result["lost"] else 0)
