"""What a struct's field says of itself: kind, labels, limits, unit and reference.

A field is written once, as an annotation; form field, table column, JSON Schema, table heading and
field difference derive from `fields_of`. Every integer is bounded, so that JavaScript keeps each digit.
"""

import types
from enum import StrEnum
from functools import cache
from typing import Any, NamedTuple, Union, get_args, get_origin

import msgspec

from shanhai.kernel.canonical import MAX_INT
from shanhai.kernel.text import Choice, Text

ID_LENGTH = 80
HASH = r"^[0-9a-f]{64}$"
REGION = r"^[0-9]{6}([0-9]{3}([0-9]{3})?)?$"


class Kind(StrEnum):
    """How a value is entered, stored and shown."""

    WORD = "word"
    AMOUNT = "amount"  # fen
    COUNT = "count"
    PERMILLE = "permille"
    MOMENT = "moment"  # epoch ms
    REGION = "region"
    DIGEST = "digest"  # hash of a document
    COMMITMENT = "commitment"  # hash of a value kept in the vault
    REF = "ref"
    REFS = "refs"
    CHOICE = "choice"
    FLAG = "flag"
    ROWS = "rows"  # a tuple of structs
    WORDS = "words"  # a tuple of strings


class Field(NamedTuple):
    """One field: `type` without annotation, both labels, and what its meta says."""

    name: str
    kind: Kind
    text: Text
    type: Any
    required: bool
    default: Any
    meta: msgspec.Meta
    ref: "type[msgspec.Struct] | None" = None
    hint: Text | None = None

    @property
    def scalar(self) -> bool:
        """Return whether the field is a column of its noun's table."""
        return self.kind not in (Kind.ROWS, Kind.REFS, Kind.WORDS)

    @property
    def integer(self) -> bool:
        """Return whether the value is an integer."""
        return self.kind in (Kind.AMOUNT, Kind.COUNT, Kind.PERMILLE, Kind.MOMENT)


def _meta(kind: Kind, zh: str, en: str, hint: Text | None = None, **limits: Any) -> msgspec.Meta:
    extra: dict[str, Any] = {"en": en, "kind": kind, "ref": limits.pop("of", None), "hint": hint}
    return msgspec.Meta(
        title=zh, extra=extra, extra_json_schema={"x-en": en, "x-kind": kind.value}, **limits
    )


def word(zh: str, en: str, *, hint: Text | None = None, **limits: Any) -> msgspec.Meta:
    """An open short text, 1 to 200 characters unless limits say otherwise."""
    return _meta(Kind.WORD, zh, en, hint, **{"min_length": 1, "max_length": 200, **limits})


def amount(zh: str, en: str, *, hint: Text | None = None) -> msgspec.Meta:
    """Money in fen, 0 to 2**53 − 1; name the field `…_fen`."""
    return _meta(Kind.AMOUNT, zh, en, hint, ge=0, le=MAX_INT)


def count(zh: str, en: str, *, hint: Text | None = None, **limits: int) -> msgspec.Meta:
    """A whole number, 0 to 2**53 − 1 unless limits say otherwise."""
    return _meta(Kind.COUNT, zh, en, hint, **{"ge": 0, "le": MAX_INT, **limits})


def permille(zh: str, en: str, *, hint: Text | None = None) -> msgspec.Meta:
    """A share in ‰, 0 to 1000."""
    return _meta(Kind.PERMILLE, zh, en, hint, ge=0, le=1000)


def moment(zh: str, en: str, *, hint: Text | None = None) -> msgspec.Meta:
    """A time in epoch ms; name the field `…_ms`."""
    return _meta(Kind.MOMENT, zh, en, hint, ge=0, le=MAX_INT)


def region(zh: str = "地区", en: str = "Region") -> msgspec.Meta:
    """An adcode of 6, 9 or 12 digits."""
    return _meta(Kind.REGION, zh, en, pattern=REGION)


def digest(zh: str, en: str, *, hint: Text | None = None) -> msgspec.Meta:
    """The hash of a document in the file store, 64 hex digits."""
    return _meta(Kind.DIGEST, zh, en, hint, pattern=HASH)


def commitment(zh: str, en: str, *, hint: Text | None = None) -> msgspec.Meta:
    """A commitment to a personal value or free text; the vault holds the opening."""
    return _meta(Kind.COMMITMENT, zh, en, hint, pattern=HASH)


def ref(
    noun: type[msgspec.Struct] | None, zh: str, en: str, *, hint: Text | None = None
) -> msgspec.Meta:
    """The id of another object; the signature then covers that object's state too."""
    return _meta(Kind.REF, zh, en, hint, of=noun, min_length=1, max_length=ID_LENGTH)


def refs(noun: type[msgspec.Struct], zh: str, en: str, *, most: int = 64) -> msgspec.Meta:
    """Several ids, 1 to `most`."""
    return _meta(Kind.REFS, zh, en, of=noun, min_length=1, max_length=most)


def rows(zh: str, en: str, *, least: int = 0, most: int = 64) -> msgspec.Meta:
    """A list of structs whose own fields are declared the same way."""
    return _meta(Kind.ROWS, zh, en, min_length=least, max_length=most)


def label(zh: str, en: str, *, hint: Text | None = None) -> msgspec.Meta:
    """Labels alone, for a choice, a flag or a tuple of words."""
    return _meta(Kind.CHOICE, zh, en, hint)


flag = label


def _unwrap(declared: Any) -> tuple[Any, msgspec.Meta | None]:
    meta = None
    if hasattr(declared, "__metadata__"):
        meta = next((m for m in declared.__metadata__ if isinstance(m, msgspec.Meta)), None)
        declared = get_args(declared)[0]
    if get_origin(declared) in (Union, types.UnionType):
        declared = next(a for a in get_args(declared) if a is not type(None))
    return declared, meta


def _kind(kind: Any, extra: dict[str, Any]) -> Kind:
    if kind is bool:
        return Kind.FLAG
    if isinstance(kind, type) and issubclass(kind, Choice):
        return Kind.CHOICE
    if get_origin(kind) is tuple and extra.get("kind") not in (Kind.ROWS, Kind.REFS):
        return Kind.WORDS
    found = extra.get("kind")
    return found if isinstance(found, Kind) else Kind.COUNT if kind is int else Kind.WORD


@cache
def fields_of(struct: type[msgspec.Struct]) -> tuple[Field, ...]:
    """Return the fields of a noun, an act or a row struct, in declaration order, `id` included."""
    found = []
    for field in msgspec.structs.fields(struct):
        kind, meta = _unwrap(field.type)
        meta = meta or msgspec.Meta()
        extra = meta.extra or {}
        name = field.name
        text = Text(meta.title or name, extra.get("en", name))
        default = None if field.required else field.default
        found.append(
            Field(
                name,
                _kind(kind, extra),
                text,
                kind,
                field.required,
                default,
                meta,
                extra.get("ref"),
                extra.get("hint"),
            )
        )
    return tuple(found)


def row_type(field: Field) -> type[msgspec.Struct]:
    """Return the struct that a ROWS field lists."""
    found: type[msgspec.Struct] = get_args(field.type)[0]
    return found
