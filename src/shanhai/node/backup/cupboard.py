"""The key cupboard: a ledger's secrets and person keys, outside the data folder and outside every backup.

`SHANHAI_CUPBOARD`, else `keys` beside the anchors' folder of the user's state directory; one folder a ledger, mode 0700.
`log`, `vault`, `secret`, `node` and a demonstration's seed are kept as they are in `D/keys`. `persons` holds each
record's wrapped secret; it exists once, in its newest state, so that who is erased here is erased from every backup.
"""

from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from pathlib import Path

from shanhai.kernel.errors import ProofError
from shanhai.kernel.files import write_bytes
from shanhai.node.backup import texts
from shanhai.node.founders import FOLDER

KEYS = ("log", "vault", "secret", "node", "demo-seed")
PERSONS = "persons"
FOUNDERS_NODE = FOLDER / "node"
SENTENCES = texts.__name__


def default_cupboard(environ: Mapping[str, str]) -> Path:
    """Return the user's folder of cupboards."""
    if named := environ.get("SHANHAI_CUPBOARD"):
        return Path(named)
    state = environ.get("XDG_STATE_HOME") or str(Path.home() / ".local/state")
    return Path(state) / "shanhai/keys"


class Cupboard:
    """One ledger's cupboard."""

    def __init__(self, folder: Path, ledger: str) -> None:
        self.path = folder / ledger

    def take_in(self, data_dir: Path) -> list[str]:
        """Copy a data folder's keys here; return the names that are here afterwards.

        Raises:
            ProofError: `cupboard.differs`, if another key lies here under a name.
        """
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name in KEYS:
            source = data_dir / "keys" / name
            if name == "node" and not source.exists():
                source = data_dir / FOUNDERS_NODE
            if source.is_file():
                self._take(name, source.read_bytes())
        return self.names()

    def _take(self, name: str, raw: bytes) -> None:
        here = self.path / name
        if here.exists():
            if here.read_bytes() != raw:
                raise ProofError("cupboard.differs", name=name)
            return
        write_bytes(here, raw, private=True)

    def names(self) -> list[str]:
        """Return which keys lie here."""
        return [name for name in KEYS if (self.path / name).is_file()]

    def hand_out(self, data_dir: Path) -> list[str]:
        """Copy the keys into a data folder; return which."""
        folder = data_dir / "keys"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name in self.names():
            write_bytes(folder / name, (self.path / name).read_bytes(), private=True)
        return self.names()

    def persons(self) -> dict[str, bytes]:
        """Return each record's wrapped secret."""
        try:
            lines = (self.path / PERSONS).read_text().splitlines()
        except FileNotFoundError:
            return {}
        pairs = (line.partition("\t") for line in lines)
        return {name: b64decode(wrapped) for name, _, wrapped in pairs}

    def keep_persons(self, wraps: Mapping[str, bytes], erased: Iterable[str]) -> None:
        """Put the person keys in place of those that lie here, without those of the erased."""
        kept = {**self.persons(), **wraps}
        for one in erased:
            kept.pop(one, None)
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        lines = (f"{one}\t{b64encode(kept[one]).decode()}\n" for one in sorted(kept))
        write_bytes(self.path / PERSONS, "".join(lines).encode(), private=True)

    def forget_persons(self, erased: Iterable[str]) -> None:
        """Drop person keys, if there are any here."""
        if (self.path / PERSONS).exists():
            self.keep_persons({}, erased)
