"""Write `tests/golden/ledger_vectors.json`: the ledger's bytes from fixed keys, for other languages.

Run `uv run scripts/make_vectors.py`; `--check` only compares. SM2 signatures are randomised, so
those of the stored file are kept as long as their messages stay the same.
"""

import json
import sys
from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec

from shanhai.kernel.canonical import encode, to_base64
from shanhai.kernel.suite import INTL, SM, Suite
from shanhai.ledger.body import Body, Seen, act_id, ledger_id, signed_bytes
from shanhai.ledger.checkpoint import Checkpoint, make_vkey, sign_note
from shanhai.ledger.commitment import commit, make_opening, salt
from shanhai.ledger.entry import (
    Entry,
    FounderSignature,
    SignatureBlock,
    make_founders,
    make_receipt,
    pack,
)
from shanhai.ledger.logfile import log_chunks, make_header
from shanhai.ledger.merkle import Tree, consistency_path, inclusion_path, leaf_hash, root_at
from shanhai.ledger.proof import Proof, Status, make_extra, write_proof
from shanhai.ledger.signing import Ed25519Signer, P256Signer, Signer, Sm2Signer, kid_of
from shanhai.ledger.witness import cosign, make_witness_vkey

FILE = Path(__file__).parent.parent / "tests" / "golden" / "ledger_vectors.json"
MADE, ORIGIN, PASSKEY = 1_790_000_000_000, "shanhai.example/vectors", "webauthn-p256"
WEB = {"rp_id": "localhost", "origins": ["http://localhost:8000"]}
SECRETS = {
    "founder": "01",
    "ed25519": "02",
    "p256": "03",
    PASSKEY: "04",
    "sm2-sm3": "05",
    "checkpoint": "06",
    "witness": "07",
}


class Kept:
    """SM2 signatures of the stored file, by key and message."""

    def __init__(self, old: dict[str, str]) -> None:
        self.old, self.new = old, dict[str, str]()

    def sign(self, signer: Signer, message: bytes) -> bytes:
        """Sign, but give a stored SM2 signature of this key and message again."""
        if signer.alg != "sm2-sm3":
            return signer.sign(message)
        name = sha256(signer.public_key + message).hexdigest()
        self.new[name] = self.old.get(name) or signer.sign(message).hex()
        return bytes.fromhex(self.new[name])


class Stable:
    """A signer whose signatures stay the same from run to run."""

    def __init__(self, signer: Signer, kept: Kept) -> None:
        self.alg, self.public_key = signer.alg, signer.public_key
        self._signer, self._kept = signer, kept

    def sign(self, message: bytes) -> bytes:
        """Return the raw signature, 64 bytes."""
        return self._kept.sign(self._signer, message)


def signer_of(suite: Suite, role: str, kept: Kept) -> Stable:
    """Return the fixed key of a role; an `sm` ledger has SM2 keys only."""
    secret = bytes.fromhex(SECRETS[role]) * 32
    if suite is SM or role == "sm2-sm3":
        return Stable(Sm2Signer(secret), kept)
    return Stable(P256Signer(secret) if "p256" in role else Ed25519Signer(secret), kept)


class Vectors:
    """One ledger of fixed keys in one suite, and everything that can be derived from it."""

    def __init__(self, suite: Suite, kept: Kept) -> None:
        self.suite, self.kept = suite, kept
        founder = signer_of(suite, "founder", kept)
        genesis = self._body("", "genesis/1", "", 0, {"origin": ORIGIN, "suite": suite.name})
        self.ledger = ledger_id(suite, genesis)
        kid = kid_of(suite, founder.public_key)
        message = signed_bytes("", founder.alg, kid, genesis)
        sig = to_base64(founder.sign(message))
        founders = make_founders([FounderSignature(founder.alg, kid, sig)])
        self.keys = [self._key("founder", founder.alg, founder.public_key)]
        self.acts = [self._act(genesis, founder.alg, kid, message, founders)]
        self.entries = [pack(Entry(genesis, founders, self._receipt(0)))]
        self.opening = make_opening(
            self.ledger, "clm" + "1" * 26, "per" + "1" * 26, "payee", "张三（模拟）", self._salt()
        )

    def build(self) -> dict[str, Any]:
        """Return the whole suite's vectors."""
        for alg in ("ed25519", "p256", "sm2-sm3") if self.suite is INTL else ("sm2-sm3",):
            self._plain(alg)
        if self.suite is INTL:
            self._gesture(1)
            self._gesture(3)
        self._plain("sm2-sm3")
        return {
            "ledger": self.ledger,
            "keys": self.keys,
            "acts": self.acts,
            "commitment": self._commitment(),
            "entries": [self._entry(raw) for raw in self.entries],
            **self._tree(),
        }

    def _salt(self) -> bytes:
        return salt(b"\x09" * 32, "payee", self.suite)

    def _commitment(self) -> dict[str, Any]:
        one = self.opening
        names = (one.ledger, one.object, one.committer, one.label)
        value = json.loads(bytes(one.value))
        return {
            "secret": "09" * 32,
            "opening": encode(one).decode(),
            "commitment": commit(self.suite, *names, value, self._salt()),
        }

    def _body(self, ledger: str, act: str, kid: str, number: int, payload: object) -> bytes:
        body = Body(
            act=act,
            kid=kid,
            ledger=ledger,
            made_ms=MADE + number,
            nonce=f"{number:032x}",
            not_after_ms=MADE + number + 600_000,
            on=self.suite.digest(b"[]"),
            payload=msgspec.Raw(encode(payload)),
            post="pst" + "0" * 26 if ledger else "",
            seen=Seen(1, "ab" * 32) if number == 1 else None,
            subject=f"clm{number:026}" if ledger else "ledger",
        )
        return encode(body)

    def _receipt(self, index: int) -> bytes:
        touched = [("claim", f"clm{index:026}", self.suite.digest(b"%d" % index))]
        return make_receipt(index, 1, MADE + index, touched)

    def _key(self, role: str, alg: str, public_key: bytes) -> dict[str, str]:
        return {
            "role": role,
            "alg": alg,
            "secret": SECRETS[role] * 32,
            "public_key": public_key.hex(),
            "kid": kid_of(self.suite, public_key),
        }

    def _act(self, body: bytes, alg: str, kid: str, message: bytes, part: bytes) -> dict[str, str]:
        return {
            "body": body.decode(),
            "act_id": act_id(self.suite, body),
            "alg": alg,
            "kid": kid,
            "signed_bytes": message.hex(),
            "signature": part.decode(),
        }

    def _entry(self, raw: bytes) -> dict[str, str]:
        return {"entry": raw.hex(), "leaf_hash": leaf_hash(self.suite, raw).hex()}

    def _signing(self, alg: str) -> tuple[Stable, str]:
        signer = signer_of(self.suite, alg, self.kept)
        kid = kid_of(self.suite, signer.public_key)
        if all(key["kid"] != kid for key in self.keys):
            self.keys.append(self._key(alg, alg, signer.public_key))
        return signer, kid

    def _next_body(self, kid: str, number: int) -> bytes:
        names = (self.opening.ledger, self.opening.object, self.opening.committer)
        payee = commit(self.suite, *names, "payee", "张三（模拟）", self._salt())
        payload = {"amount_fen": 100 * number, "payee": payee, "reason": "验收合格"}
        return self._body(self.ledger, "claim.submit/1", kid, number, payload)

    def _add(self, body: bytes, alg: str, kid: str, block: SignatureBlock) -> None:
        part, index = encode(block), len(self.entries)
        message = signed_bytes(self.ledger, alg, kid, body)
        self.acts.append(self._act(body, alg, kid, message, part))
        self.entries.append(pack(Entry(body, part, self._receipt(index))))

    def _plain(self, alg: str) -> None:
        signer, kid = self._signing(alg)
        body = self._next_body(kid, len(self.entries))
        sig = signer.sign(signed_bytes(self.ledger, alg, kid, body))
        self._add(body, alg, kid, SignatureBlock(alg, to_base64(sig)))

    def _gesture(self, count: int) -> None:
        """Sign `count` acts with one gesture of an invented authenticator."""
        kid = self._signing(PASSKEY)[1]
        start = len(self.entries)
        bodies = [self._next_body(kid, start + offset) for offset in range(count)]
        messages = [signed_bytes(self.ledger, PASSKEY, kid, body) for body in bodies]
        tree, fetch = self._grow(messages)
        client = json.dumps(
            {
                "type": "webauthn.get",
                "challenge": to_base64(tree.root()),
                "origin": WEB["origins"][0],
                "crossOrigin": False,
                "other_keys_can_be_added_here": "do not compare with a template",
            }
        ).encode()
        auth = sha256(str(WEB["rp_id"]).encode()).digest() + b"\x05" + (1).to_bytes(4, "big")
        secret = P256Signer(bytes.fromhex(SECRETS[PASSKEY]) * 32)
        sig = to_base64(secret.sign_der(auth + sha256(client).digest()))
        block = SignatureBlock(PASSKEY, sig, to_base64(auth), to_base64(client))
        for at, body in enumerate(bodies):
            path = tuple(h.hex() for h in inclusion_path(self.suite, at, count, fetch))
            place = {"index": at, "size": count, "path": path} if count > 1 else {}
            self._add(body, PASSKEY, kid, msgspec.structs.replace(block, **place))

    def _grow(self, leaves: list[bytes]) -> tuple[Tree, Any]:
        tree, nodes = Tree(self.suite), dict[tuple[int, int], bytes]()
        for at, raw in enumerate(leaves):
            nodes[0, at] = leaf_hash(self.suite, raw)
            nodes |= {(level, up): node for level, up, node in tree.append(nodes[0, at])}
        return tree, lambda level, index: nodes[level, index]

    def _tree(self) -> dict[str, Any]:
        suite, size = self.suite, len(self.entries)
        tree, fetch = self._grow(self.entries)
        note_key = signer_of(suite, "checkpoint", self.kept)
        witness = signer_of(suite, "witness", self.kept)
        note = sign_note(Checkpoint(ORIGIN, size, tree.root()).text, ORIGIN, note_key)
        note = note.with_signature(cosign(note.text, "witness.example", witness, MADE // 1000))
        paths = [inclusion_path(suite, index, size, fetch) for index in range(size)]
        steps = [consistency_path(suite, old, size, fetch) for old in range(1, size + 1)]
        extra = make_extra(
            self.entries[1],
            bytes.fromhex(self.keys[1]["public_key"]),
            (self.opening,),
            Status(size),
        )
        header = make_header(suite, ORIGIN, self.entries[0])
        return {
            "roots": [root_at(suite, count, fetch).hex() for count in range(size + 1)],
            "inclusion": [[part.hex() for part in path] for path in paths],
            "consistency": [[part.hex() for part in path] for path in steps],
            "vkey": make_vkey(ORIGIN, note_key).line,
            "witness_vkey": make_witness_vkey("witness.example", witness).line,
            "note": note.encode().decode(),
            "proof": write_proof(Proof(1, tuple(paths[1]), note.encode(), extra)).decode(),
            "log": b64encode(b"".join(log_chunks(header, self.entries, note.encode()))).decode(),
        }


def make(old: dict[str, Any]) -> dict[str, Any]:
    """Return all vectors; SM2 signatures of `old` are kept where they still fit."""
    kept = Kept(old.get("sm2_signatures", {}))
    suites = {suite.name: Vectors(suite, kept).build() for suite in (INTL, SM)}
    return {
        "about": "Invented keys and acts (模拟); made by scripts/make_vectors.py. inclusion[i] is the "
        "path of entry i, consistency[n-1] proves size n, both in the tree of all entries.",
        "origin": ORIGIN,
        "web": WEB,
        **suites,
        "sm2_signatures": kept.new,
    }


def main() -> int:
    """Write the file, or with `--check` compare it; return the exit code."""
    old = FILE.read_text() if FILE.exists() else "{}"
    new = json.dumps(make(json.loads(old)), ensure_ascii=False, indent=1) + "\n"
    if "--check" in sys.argv:
        print("same" if new == old else "differs")
        return int(new != old)
    FILE.write_text(new)
    return 0


if __name__ == "__main__":
    sys.exit(main())
