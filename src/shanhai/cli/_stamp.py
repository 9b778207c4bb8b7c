"""Whether a data folder stands as this code needs it, told without Django: a second start is quick.

The stamp `.ready` in the data folder says for which code the tables, and for which files the static folder, were
made. What can be asked is asked each time, not remembered: which migrations the database says it has (so another
database in its place is noticed), and what the ledger is. A stamp that is missing, broken or of anything
else counts as none, and the whole way is gone.
"""

import sys
from collections.abc import Iterator
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

import msgspec

import shanhai
from shanhai.kernel.files import write_bytes

NAME = ".ready"
PACKAGE = Path(shanhai.__file__).parent
COLLECTED = "static/staticfiles.json"
SETTINGS = "config/settings.py"
TABLES = ("domains/*/apps.py", "domains/*/migrations/*.py")


class Inputs(msgspec.Struct, frozen=True):
    """What tables and static files are made from: digests of the code, and of files and packages."""

    tables: str
    static: str


class Stamp(msgspec.Struct, frozen=True):
    """What a data folder was made from, and what came of it."""

    inputs: Inputs
    applied: str
    collected: str


def _digest(parts: Iterator[bytes]) -> str:
    whole = sha256()
    for part in parts:
        whole.update(len(part).to_bytes(8, "big") + part)
    return whole.hexdigest()


def inputs(package: Path = PACKAGE) -> Inputs:
    """Return what stands now.

    Args:
        package: The package's folder.
    """
    return Inputs(_digest(_code(package)), _digest(_files(package)))


def _packages() -> Iterator[bytes]:
    """Yield Python's version and every installed package with its own: they bring migrations and files too."""
    yield sys.version.encode()
    spec = find_spec("django")
    if spec is not None and spec.origin is not None:
        beside = Path(spec.origin).parent.parent
        yield from sorted(path.name.encode() for path in beside.glob("*.dist-info"))


def _code(package: Path) -> Iterator[bytes]:
    yield from _packages()
    yield (package / SETTINGS).read_bytes()
    for pattern in TABLES:
        for path in sorted(package.glob(pattern)):
            yield path.relative_to(package).as_posix().encode()
            yield path.read_bytes()


def _files(package: Path) -> Iterator[bytes]:
    """Yield every static file by name, size and time; reading their content would cost more than it tells."""
    yield from _packages()
    for folder in sorted((*package.glob("*/static"), *package.glob("domains/*/static"))):
        for path in sorted(folder.rglob("*")):
            found = path.stat()
            if path.is_file():
                yield f"{path.relative_to(package)} {found.st_size} {found.st_mtime_ns}".encode()


def applied(folder: Path) -> str | None:
    """Return the digest of the migrations that the folder's database says it has; None where there are no tables."""
    from shanhai.kernel.errors import InvalidInputError
    from shanhai.node.folder import open_storage

    try:
        storage = open_storage(folder)
    except InvalidInputError:
        return None
    statement = 'SELECT "app", "name" FROM "django_migrations"'
    try:
        rows = storage.connection.execute(statement).fetchall()
    except storage.errors:
        return None
    finally:
        storage.connection.close()
    return _digest(f"{app}.{name}".encode() for app, name in sorted(rows))


def collected(folder: Path) -> str | None:
    """Return which collection of static files the folder holds; None for none."""
    try:
        found = (folder / COLLECTED).stat()
    except OSError:
        return None
    return f"{found.st_size} {found.st_mtime_ns}"


def read(folder: Path) -> Stamp | None:
    """Return the folder's stamp, None where it is missing or broken."""
    try:
        return msgspec.json.decode((folder / NAME).read_bytes(), type=Stamp)
    except (OSError, ValueError):  # msgspec's errors are ValueErrors
        return None


def write(folder: Path, made_from: Inputs) -> None:
    """Say that the folder's tables and static files are those of `made_from`.

    Args:
        folder: The data folder, made ready.
        made_from: What stood before it was made ready, so that a change meanwhile is noticed.
    """
    tables, files = applied(folder), collected(folder)
    if tables is None or files is None:
        return
    write_bytes(folder / NAME, msgspec.json.encode(Stamp(made_from, tables, files)))


def static_fits(folder: Path, made_from: Inputs) -> bool:
    """Return whether the static folder was collected from what stands now."""
    found = read(folder)
    return (
        found is not None
        and found.inputs.static == made_from.static
        and found.collected == collected(folder)
    )


def fits(folder: Path, made_from: Inputs) -> bool:
    """Return whether tables and static files are those of what stands now."""
    found = read(folder)
    return (
        found is not None
        and static_fits(folder, made_from)
        and found.inputs.tables == made_from.tables
        and found.applied == applied(folder)
    )
