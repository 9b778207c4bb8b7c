"""Verification of a log file: it holds as exported, and one changed byte anywhere is named."""

import io
import subprocess
import sys
from pathlib import Path

import pytest

from node.world import World
from shanhai.acts.genesis import Clock
from shanhai.kernel.errors import ProofError
from shanhai.kernel.suite import SM
from shanhai.ledger.proof import verify_proof
from shanhai.ledger.signing import Ed25519Signer, Sm2Signer
from shanhai.node.anchor import Anchor, parse_anchor
from shanhai.node.export import export_log, prove, serve
from shanhai.node.memory import Memory
from shanhai.node.records import Storage
from shanhai.node.seal import Sealer
from shanhai.node.verify import BadEntryError, Trust, verify_log


class Sealed:
    """A world whose node signs and anchors."""

    def __init__(self, storage: Storage, folder: Path) -> None:
        self.world = World(storage)
        self.node = self.world.node
        self.anchor = Anchor(folder / "anchors", self.node.constants.ledger)
        self.sealer = Sealer(Ed25519Signer(b"\x09" * 32), self.anchor)
        self.sealer.start(self.node)
        self.node.publisher = self.sealer

    def export(self) -> bytes:
        """Return the log file."""
        file = io.BytesIO()
        export_log(self.node, self.sealer, file)
        return file.getvalue()

    def trust(self) -> Trust:
        """Return everything a verifier may bring."""
        anchored = parse_anchor(self.anchor.path.read_bytes())
        return Trust(self.node.constants.ledger, anchored)


@pytest.fixture
def sealed(storage: Storage, tmp_path: Path) -> Sealed:
    made = Sealed(storage, tmp_path)
    made.node.submit_many(made.world.organisations(0, 20), made.world.now)
    return made


def test_an_export_verifies(sealed: Sealed) -> None:
    report = verify_log(io.BytesIO(sealed.export()), sealed.trust())
    head = sealed.node.head()
    assert report.line == f"21 entries, root {head.root.hex()}, OK"
    assert report.flags == ("UNWITNESSED",)
    assert report.simulated


def test_what_was_not_shown_is_named(sealed: Sealed) -> None:
    report = verify_log(io.BytesIO(sealed.export()), Trust())
    assert report.flags == ("SELF-ASSERTED", "UNANCHORED", "UNWITNESSED")


def test_a_shorter_log_than_the_anchor_is_refused(sealed: Sealed) -> None:
    early = sealed.export()
    sealed.node.submit_many(sealed.world.organisations(30, 2), sealed.world.now)
    with pytest.raises(ProofError, match=r"anchor\.ahead"):
        verify_log(io.BytesIO(early), sealed.trust())
    assert verify_log(io.BytesIO(early), Trust()).entries == 21


def test_another_ledger_is_refused(sealed: Sealed) -> None:
    with pytest.raises(ProofError, match=r"verify\.ledger"):
        verify_log(io.BytesIO(sealed.export()), Trust("ab" * 32))


def test_the_first_bad_entry_is_named(sealed: Sealed) -> None:
    raw = bytearray(sealed.export())
    at = raw.index("模拟合作社7".encode()) + 3
    raw[at] ^= 1
    with pytest.raises(BadEntryError) as caught:
        verify_log(io.BytesIO(bytes(raw)), sealed.trust())
    assert caught.value.index == 8
    assert caught.value.say("zh")


def test_a_proof_file_verifies(sealed: Sealed) -> None:
    raw = prove(sealed.node, sealed.sealer, 5)
    vkey = sealed.sealer.vkey(sealed.node)
    known = sealed.node.constants
    checked = verify_proof(known.suite, raw, [vkey], known.origin, known.web)
    assert (checked.index, checked.signer_checked) == (5, True)


def test_the_ledger_s_files_are_served(sealed: Sealed) -> None:
    node, sealer = sealed.node, sealed.sealer
    checkpoint = serve(node, sealer, "checkpoint")
    tile = serve(node, sealer, "tile/0/000.p/21")
    bundle = serve(node, sealer, "tile/entries/000.p/21")
    assert checkpoint is not None
    assert tile is not None
    assert bundle is not None
    assert checkpoint.body.startswith(b"example.org/moni\n21\n")
    assert len(tile.body) == 21 * 32
    assert tile.immutable
    assert len(bundle.body) == sum(2 + len(one) for one in node.storage.packed(0, 21))
    assert serve(node, sealer, "tile/0/000.p/22") is None
    assert serve(node, sealer, "tile/0/000") is None
    assert serve(node, sealer, "../keys/log") is None


def test_an_sm_ledger_verifies(tmp_path: Path) -> None:
    world = World(Memory(), SM)
    world.node.submit_many(world.organisations(0, 3), world.now)
    sealer = Sealer(Sm2Signer(b"\x09" * 32), None)
    file = io.BytesIO()
    export_log(world.node, sealer, file)
    trust = Trust(vkeys=(sealer.vkey(world.node),))
    assert verify_log(io.BytesIO(file.getvalue()), trust).entries == 4


def test_a_real_clock_is_told_from_a_simulated_one() -> None:
    world = World(Memory(), clock=Clock.REAL)
    file = io.BytesIO()
    export_log(world.node, Sealer(Ed25519Signer(b"\x09" * 32), None), file)
    assert not verify_log(io.BytesIO(file.getvalue()), Trust()).simulated


def test_verify_loads_no_django(sealed: Sealed, tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(sealed.export())
    code = (
        "import sys\n"
        "class Refuse:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.partition('.')[0] in {'django', 'ninja', 'psycopg'}:\n"
        "            raise ImportError(name)\n"
        "sys.meta_path.insert(0, Refuse())\n"
        "from shanhai.cli.main import app\n"
        f"app(['verify', {str(path)!r}, '--anchor', {str(sealed.anchor.path)!r}])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    last = done.stdout.strip().splitlines()
    assert last[-1] == f"21 entries, root {sealed.node.head().root.hex()}, OK"
    assert last[-2] == "SELF-ASSERTED UNWITNESSED"
