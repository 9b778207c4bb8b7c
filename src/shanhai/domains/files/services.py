"""Uploading in chunks, keeping by hash, scrubbing."""

import secrets
from pathlib import Path

from django.conf import settings
from django.db import transaction

from shanhai.domains.accounts.actor import Actor
from shanhai.domains.files import store
from shanhai.domains.files.kinds import HEAD_BYTES, kind_of
from shanhai.domains.files.models import Document, Upload
from shanhai.kernel.canonical import from_hex
from shanhai.kernel.errors import InvalidInputError
from shanhai.kernel.text import TEXTS, Text

MAX_BYTES = 200 * 1024 * 1024
MAX_NAME = 200
MAX_CHUNK = 8 * 1024 * 1024
TEXTS |= {
    "file.too_large": Text(
        "文件超过 {limit} MB，请压缩或拆分", "The file exceeds {limit} MB; compress or split it"
    ),
    "file.empty": Text("文件是空的，请重新选择", "The file is empty; choose it again"),
    "file.name": Text("文件名不合格，请改名后重传", "The file name is not acceptable; rename it"),
    "file.offset": Text(
        "上传进度不符，请从第 {expected} 字节继续",
        "The upload is out of step; continue from byte {expected}",
    ),
    "file.hash": Text(
        "收到的文件与浏览器计算的哈希不一致，请重新上传",
        "What arrived differs from the hash your browser computed; upload it again",
    ),
    "file.unknown": Text(
        "没有这个上传任务，请重新选择文件", "There is no such upload; choose the file again"
    ),
}


def _data() -> Path:
    return Path(settings.DATA_DIR)


def upload_start(
    *, actor: Actor, name: str, size: int, digest: str, now_ms: int
) -> Upload | Document:
    """Begin an upload, or return the document that already has this hash.

    Args:
        actor: Who uploads.
        name: The file's own name, without folders.
        size: Its size in bytes, 1 to 200 MiB.
        digest: Its hash as the browser computed it.
        now_ms: Epoch milliseconds.

    Raises:
        InvalidInputError: For a bad name, size or hash.
    """
    if not name or len(name) > MAX_NAME or "/" in name or "\\" in name or not name.isprintable():
        raise InvalidInputError("file.name")
    if size <= 0:
        raise InvalidInputError("file.empty")
    if size > MAX_BYTES:
        raise InvalidInputError("file.too_large", limit=MAX_BYTES >> 20)
    from_hex(digest, 32)
    known = Document.objects.filter(pk=digest).first()
    if known is not None and store.path_of(_data(), digest).exists():
        return known
    return Upload.objects.create(
        id=secrets.token_hex(16),
        uploader=actor.person,
        name=name,
        size=size,
        digest=digest,
        started_ms=now_ms,
    )


def _mine(actor: Actor, upload: str) -> Upload:
    found = Upload.objects.select_for_update().filter(pk=upload, uploader=actor.person).first()
    if found is None:
        raise InvalidInputError("file.unknown")
    return found


@transaction.atomic
def upload_append(*, actor: Actor, upload: str, offset: int, data: bytes) -> Upload:
    """Take the next chunk; a chunk sent twice is taken once.

    Raises:
        InvalidInputError: If the offset is not where the upload stands, or too much arrives.
    """
    found = _mine(actor, upload)
    if offset != found.received:
        raise InvalidInputError("file.offset", expected=found.received)
    if len(data) > MAX_CHUNK or found.received + len(data) > found.size:
        raise InvalidInputError("file.too_large", limit=MAX_CHUNK >> 20)
    if offset == 0:
        kind_of(found.name, data[:HEAD_BYTES])
    store.append(store.partial_of(_data(), found.id), offset, data)
    found.received += len(data)
    found.save(update_fields=["received"])
    return found


def upload_finish(*, actor: Actor, upload: str, suite: str, now_ms: int) -> Document:
    """Check the whole against its hash and keep it.

    Raises:
        InvalidInputError: If bytes are missing or the hash differs; the upload is then dropped.
    """
    with transaction.atomic():
        found = _mine(actor, upload)
    if found.received != found.size:
        raise InvalidInputError("file.offset", expected=found.received)
    partial = store.partial_of(_data(), found.id)
    with partial.open("rb") as file:
        kind = kind_of(found.name, file.read(HEAD_BYTES))
    if store.digest_of(partial, suite) != found.digest:
        partial.unlink()
        found.delete()
        raise InvalidInputError("file.hash")
    store.keep(partial, store.path_of(_data(), found.digest))
    found.delete()
    document, _ = Document.objects.update_or_create(
        digest=found.digest,
        defaults={
            "name": found.name,
            "size": found.size,
            "media_type": kind.media_type,
            "uploader": actor.person,
            "uploaded_ms": now_ms,
            "damaged": False,
        },
    )
    return document


def document_keep(*, actor: Actor, name: str, data: bytes, suite: str, now_ms: int) -> Document:
    """Keep bytes made or received in one piece (a scan, a generated document)."""
    running = store.hasher(suite)
    running.update(data)
    begun = upload_start(
        actor=actor, name=name, size=len(data), digest=running.hexdigest(), now_ms=now_ms
    )
    if isinstance(begun, Document):
        return begun
    for offset in range(0, len(data), MAX_CHUNK):
        upload_append(
            actor=actor, upload=begun.id, offset=offset, data=data[offset : offset + MAX_CHUNK]
        )
    return upload_finish(actor=actor, upload=begun.id, suite=suite, now_ms=now_ms)


def documents_scrub(*, suite: str, now_ms: int, limit: int = 500) -> tuple[int, list[str]]:
    """Re-hash the documents not scrubbed longest; return how many were read and which are damaged or gone."""
    damaged, read = [], 0
    for document in Document.objects.order_by("scrubbed_ms", "digest")[:limit]:
        path = store.path_of(_data(), document.digest)
        good = path.exists() and store.digest_of(path, suite) == document.digest
        document.scrubbed_ms, document.damaged = now_ms, not good
        document.save(update_fields=["scrubbed_ms", "damaged"])
        read += 1
        if not good:
            damaged.append(document.digest)
    return read, damaged
