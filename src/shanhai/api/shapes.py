"""Shapes that several answers of the API share, as JSON Schema 2020-12."""

from typing import Any

TEXT: dict[str, Any] = {"type": "string"}
WHOLE: dict[str, Any] = {"type": "integer", "minimum": 0}
HEX: dict[str, Any] = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
OPEN: dict[str, Any] = {"type": "object"}


def part(name: str) -> dict[str, Any]:
    """Return a reference to a part of this module."""
    return {"$ref": f"#/components/schemas/{name}"}


def thing(more: dict[str, Any] | None = None, /, **properties: Any) -> dict[str, Any]:
    """Return an object's shape with every property required but those in `more`."""
    return {
        "type": "object",
        "required": list(properties),
        "properties": properties | (more or {}),
    }


def rows(item: dict[str, Any]) -> dict[str, Any]:
    """Return a list's shape."""
    return {"type": "array", "items": item}


WORDS = thing(zh=TEXT, en=TEXT)
NAMES = {"type": "object", "additionalProperties": WORDS}
_EVENT: dict[str, Any] = {
    "index": WHOLE,
    "act": TEXT,
    "act_id": HEX,
    "text": WORDS,
    "by": WORDS,
    "time_ms": WHOLE,
    "subject": TEXT,
    "proof_url": TEXT,
}
_REASON: dict[str, Any] = {"code": TEXT, "zh": TEXT, "en": TEXT, "facts": OPEN}
PARTS: dict[str, Any] = {
    "Problem": thing(
        {"act_id": HEX},
        type=TEXT,
        title=TEXT,
        status=WHOLE,
        **_REASON,
        changed={"type": "boolean"},
        checks=rows(thing(**_REASON)),
    ),
    "Body": thing(
        {"post": TEXT, "seen": thing(root=HEX, size=WHOLE)},
        act=TEXT,
        kid=HEX,
        ledger=HEX,
        made_ms=WHOLE,
        nonce={"type": "string", "pattern": "^[0-9a-f]{32}$"},
        not_after_ms=WHOLE,
        on=HEX,
        payload=OPEN,
        subject=TEXT,
    ),
    "Signature": {
        "type": "object",
        "required": ["alg", "sig"],
        "properties": {
            "alg": {"enum": ["ed25519", "p256", "webauthn-p256", "sm2-sm3"]},
            "sig": TEXT,
            "auth": TEXT,
            "client": TEXT,
            "index": WHOLE,
            "size": WHOLE,
            "path": rows(HEX),
        },
    },
    "SignedAct": {
        "type": "object",
        "required": ["body", "signature"],
        "additionalProperties": False,
        "properties": {"body": TEXT, "signature": part("Signature")},
    },
    "Receipt": thing(
        index=WHOLE,
        rules=WHOLE,
        time_ms=WHOLE,
        touched=rows(
            {"type": "array", "prefixItems": [TEXT, TEXT, HEX], "minItems": 3, "maxItems": 3}
        ),
    ),
    "Receipted": thing(
        act_id=HEX, duplicate={"type": "boolean"}, receipt=part("Receipt"), proof_url=TEXT
    ),
    "Refused": thing(
        act_id=HEX, **_REASON, changed={"type": "boolean"}, checks=rows(thing(**_REASON))
    ),
    "Results": thing(results=rows({"anyOf": [part("Receipted"), part("Refused")]})),
    "Tried": thing(
        accepted={"type": "boolean"},
        checks=rows(thing(code=TEXT, ok={"type": "boolean"}, zh=TEXT, en=TEXT, source=TEXT)),
    ),
    "Page": thing(
        noun=TEXT,
        items=rows(OPEN),
        names=NAMES,
        count={"type": ["integer", "null"]},
        next=TEXT,
        previous=TEXT,
    ),
    "Found": thing(
        noun=TEXT, id=TEXT, digest=HEX, object=OPEN, names=NAMES, timeline=rows(part("Event"))
    ),
    "Event": thing(**_EVENT),
    "Entries": thing(
        entries=rows(part("Event")), older={"type": "boolean"}, newer={"type": "boolean"}
    ),
    "Entry": thing(
        **_EVENT, body=TEXT, entry=TEXT, leaf=HEX, touched=rows(rows(TEXT)), voided_by=WHOLE
    ),
    "Head": thing(
        size=WHOLE,
        root=HEX,
        time_ms=WHOLE,
        rules=WHOLE,
        now_ms=WHOLE,
        checkpoint=TEXT,
        vkey=TEXT,
        origin=TEXT,
        ledger=HEX,
        suite={"enum": ["intl", "sm"]},
        web=thing(rp_id=TEXT, origins=rows(TEXT)),
        simulated={"type": "boolean"},
        publication={"enum": ["open", "members"]},
    ),
}
