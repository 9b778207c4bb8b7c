"""Who votes in a consortium, as the ledger says: at the chain's beginning, after each block, and at a peer's call.

Source: frozen decision 26; ABCI 2.0 (InitChain, FinalizeBlock's validator updates, `/p2p/filter/id/…`).
"""

from collections.abc import Sequence

from shanhai.acts.machine.view import Reads
from shanhai.acts.validator import VALIDATORS, Seat, Validators
from shanhai.kernel.canonical import from_base64
from shanhai.kernel.errors import InvalidInputError
from shanhai.kernel.text import TEXTS, Text
from shanhai.node.abci_messages import PublicKey, ValidatorUpdate

ADDRESS, NODE = "/p2p/filter/addr/", "/p2p/filter/id/"
TEXTS["consensus.validators"] = Text(
    "genesis.json 中的记账节点与账本创世所列不同，文件被改过：请向发起单位重新索取",
    "The validators in genesis.json are not those that the ledger's genesis names, so the file was changed: ask the founding "
    "organisation for it again",
)


def check_founders(said: Sequence[ValidatorUpdate], reads: Reads) -> None:
    """Refuse a genesis file whose validators are others than the ledger's; a ledger without any says nothing.

    Raises:
        InvalidInputError: `consensus.validators`.
    """
    held = reads.find(Validators, VALIDATORS)
    if held is None:
        return
    ours = sorted((from_base64(one.public), one.power) for one in held.live().values())
    if ours != sorted((one.pub_key.ed25519, one.power) for one in said):
        raise InvalidInputError("consensus.validators")


def updates(before: Reads, after: Reads, height: int) -> list[ValidatorUpdate]:
    """Return what a block answers the network about validators; a change holds two blocks later.

    Args:
        before: The state before the block.
        after: The state after it.
        height: The block's.
    """
    held: Validators | None = after.find(Validators, VALIDATORS)
    if held is None:
        return []
    return [_update(one) for one in held.changes(before.find(Validators, VALIDATORS), height)]


def _update(seat: Seat) -> ValidatorUpdate:
    return ValidatorUpdate(PublicKey(from_base64(seat.public)), seat.power)


def lets_in(path: str, reads: Reads) -> bool:
    """Answer whether a peer may connect: every address, and of the node ids those that the ledger knows.

    Args:
        path: As the consensus node asks.
        reads: The committed state; while it holds no validators yet, everybody may.
    """
    held: Validators | None = reads.find(Validators, VALIDATORS)
    if held is None or path.startswith(ADDRESS):
        return True
    return path.removeprefix(NODE) in {one.node for one in held.live().values()}
