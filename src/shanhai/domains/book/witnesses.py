"""Witnesses of this ledger: the checkpoint offered to them, what they cosigned, and what that makes final.

The policy is the log's own, by size; a ledger that was founded without one takes the file `witnesses.toml` in the data
folder, and without that nothing here is offered or final.
"""

from typing import Any

from shanhai.acts.witness_policy import policies_of
from shanhai.domains.book.handle import data_dir, node
from shanhai.domains.clock import machine_ms
from shanhai.kernel.errors import InvalidInputError
from shanhai.kernel.text import TEXTS, Text
from shanhai.ledger.certificate import Certificate, certify
from shanhai.ledger.checkpoint import VKey, parse_checkpoint, parse_note
from shanhai.ledger.policy import Policies, Policy
from shanhai.node.seal import Sealer
from shanhai.node.together import Together
from shanhai.node.witness import folder, letter
from shanhai.node.witness.gather import Gathering

TEXTS["witness.none"] = Text(
    "本账本没有见证规则（数据目录中的 witnesses.toml），不收联署",
    "This ledger has no witness policy (witnesses.toml in the data folder) and takes no cosignatures",
)


def gathering() -> Gathering | None:
    """Return what gathers cosignatures, None where there is no policy."""
    found = node()
    policies = policies_of(found.storage, found.constants.ledger)
    return folder.gathering(data_dir(), policies)


def checkpoint(sealer: Sealer) -> bytes:
    """Return the checkpoint to serve: the one offered for cosigning where there is a policy, else the head's."""
    found, book = gathering(), node()
    if found is None:
        return sealer.checkpoint(book)
    return found.offered(book.head().size, lambda: sealer.checkpoint(book), machine_ms())


def cosigned(size: int, sealer: Sealer) -> bytes:
    """Return this node's cosigned checkpoint of a size, b"" where it has none; only a consortium's node has one."""
    found = Together(node(), sealer, folder.shelf(data_dir()))
    return found.signed(size, machine_ms() // 1000) or b""


def take(raw: bytes) -> Certificate:
    """Take a cosigned checkpoint that a witness delivers.

    Raises:
        InvalidInputError: `witness.none`.
        ProofError: `note.…`, `gather.…`.
    """
    found, book = gathering(), node()
    if found is None:
        raise InvalidInputError("witness.none")
    return found.take(raw, book.root_at, book.head().size)


def may_read(letter_text: str, path: str) -> bool:
    """Return whether a letter lets a witness of this ledger read entries.

    Args:
        letter_text: The header that came with the request, "" for none.
        path: What is read.
    """
    found = gathering() if letter_text else None
    return found is not None and letter.holds(letter_text, path, machine_ms() // 1000, found.policy)


def final_note() -> bytes:
    """Return the newest final checkpoint, b"" for none."""
    found = gathering()
    return (found.final() or b"") if found is not None else b""


def shown(index: int, sealer: Sealer) -> Certificate | None:
    """Return what the cosignatures show of an entry: by the newest final checkpoint, if it covers the entry.

    None where there is no policy.
    """
    found = gathering()
    if found is None:
        return None
    note = parse_note(found.final() or checkpoint(sealer))
    if parse_checkpoint(note.text).size <= index:
        note = parse_note(checkpoint(sealer))
    return certify(note, found.policies)


def addresses() -> list[str]:
    """Return where the witnesses of the log's own policy listen: there objections may be handed in."""
    found = node()
    policies = policies_of(found.storage, found.constants.ledger)
    return [one.url for one in policies.newest.witnesses if one.url] if policies else []


def trust(policies: Policies, own: VKey) -> dict[str, Any]:
    """Return what a client counts cosignatures with: the newest policy, and each with the size it counts beyond.

    Args:
        policies: Of the log.
        own: This site's key, which signs a consortium's checkpoints as well as any other node's.
    """
    steps = [{"since": since, **_counted(policy, own)} for since, policy in policies.steps]
    return {**_counted(policies.newest, own), "policies": steps}


def _counted(policy: Policy, own: VKey) -> dict[str, Any]:
    """Return each domain's keys, how many are needed, who may act as one, and whose log it is."""
    return {
        "vkey": (own if own in policy.logs else policy.log).line,
        "origin": policy.log.name,
        "witnesses": [[one.vkey.line for one in domain.witnesses] for domain in policy.domains],
        "domains": [domain.name for domain in policy.domains],
        "quorum": policy.quorum,
        "faults": policy.faults,
        "interests": [{"name": one.name, "domains": list(one.domains)} for one in policy.interests],
    }
