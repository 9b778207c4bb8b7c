"""Uploading in chunks, keeping by hash, scrubbing."""

import secrets
import shutil
from pathlib import Path

from django.conf import settings
from django.db import transaction

from shanhai.domains.accounts.actor import Actor
from shanhai.domains.files import store
from shanhai.domains.files.kinds import HEAD_BYTES, FileKind, check_content, kind_named, kind_of
from shanhai.domains.files.models import Document, Upload
from shanhai.kernel.canonical import from_hex
from shanhai.kernel.errors import InvalidInputError
from shanhai.kernel.text import TEXTS, Text

MAX_BYTES = 200 * 1024 * 1024
MAX_NAME = 200
MAX_CHUNK = 4 * 1024 * 1024
SPARE_BYTES = 512 * 1024 * 1024
STALE_MS = 24 * 3_600_000
MOST_OPEN = 20
HEAD_ENOUGH = 16
TEXTS |= {
    "file.too_large": Text(
        "文件超过 {limit} MB，请压缩或拆分", "The file exceeds {limit} MB; compress or split it"
    ),
    "file.chunk": Text(
        "这一块超过 {limit} MB，请用较小的块上传",
        "This chunk exceeds {limit} MB; send smaller ones",
    ),
    "file.no_space": Text(
        "服务器存储空间不足，暂不能接收文件；请联系平台维护人员",
        "The server is short of space and takes no files now; call the maintainers",
    ),
    "file.too_many": Text(
        "您有 {count} 个未完成的上传，请先完成或取消其中一些",
        "You have {count} unfinished uploads; finish or cancel some first",
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


def _check(name: str, size: int) -> None:
    if not name or len(name) > MAX_NAME or "/" in name or "\\" in name or not name.isprintable():
        raise InvalidInputError("file.name")
    if size <= 0:
        raise InvalidInputError("file.empty")
    if size > MAX_BYTES:
        raise InvalidInputError("file.too_large", limit=MAX_BYTES >> 20)
    kind_named(name)
    if shutil.disk_usage(_data()).free < size + SPARE_BYTES:
        raise InvalidInputError("file.no_space")


def upload_start(
    *, actor: Actor, name: str, size: int, digest: str, now_ms: int
) -> Upload | Document:
    """Begin an upload, go on with the same one, or return the document that already has this hash.

    Args:
        actor: Who uploads.
        name: The file's own name, without folders.
        size: Its size in bytes, 1 to 200 MiB.
        digest: Its hash as the browser computed it; "" where only the server can (an SM3 ledger).
        now_ms: Epoch milliseconds.

    Raises:
        InvalidInputError: For a bad name, kind, size or hash, a full disk, or too many open uploads.
    """
    _check(name, size)
    if digest:
        from_hex(digest, 32)
        known = Document.objects.filter(pk=digest, damaged=False).first()
        if known is not None and store.path_of(_data(), digest).exists():
            return known
    mine = Upload.objects.filter(uploader=actor.person)
    same = mine.filter(digest=digest, size=size, name=name).first() if digest else None
    if same is not None:
        return same
    if (count := mine.count()) >= MOST_OPEN:
        raise InvalidInputError("file.too_many", count=count)
    return Upload.objects.create(
        id=secrets.token_hex(16),
        uploader=actor.person,
        name=name,
        size=size,
        digest=digest,
        started_ms=now_ms,
    )


def upload_of(actor: Actor, upload: str) -> Upload:
    """Return an actor's own upload.

    Raises:
        InvalidInputError: `file.unknown` where there is none, or it is another's.
    """
    found = Upload.objects.filter(pk=upload, uploader=actor.person).first()
    if found is None:
        raise InvalidInputError("file.unknown")
    return found


def upload_append(*, actor: Actor, upload: str, offset: int, data: bytes) -> Upload:
    """Take the next chunk; a chunk sent twice is taken once, and no lock is held while it is written.

    Raises:
        InvalidInputError: If the offset is not where the upload stands, too much arrives, or the
            first bytes are not what the name says.
    """
    found = upload_of(actor, upload)
    if offset != found.received:
        raise InvalidInputError("file.offset", expected=found.received)
    if len(data) > MAX_CHUNK:
        raise InvalidInputError("file.chunk", limit=MAX_CHUNK >> 20)
    if found.received + len(data) > found.size:
        raise InvalidInputError("file.offset", expected=found.received)
    if offset == 0 and len(data) >= min(HEAD_ENOUGH, found.size):
        kind_of(found.name, data[:HEAD_BYTES])
    store.append(store.partial_of(_data(), found.id), offset, data)
    found.received += len(data)
    Upload.objects.filter(pk=found.id, received=offset).update(received=found.received)
    return found


def upload_cancel(*, actor: Actor, upload: str) -> None:
    """Drop an upload and what came of it; dropping it twice is no error."""
    if Upload.objects.filter(pk=upload, uploader=actor.person).delete()[0]:
        store.partial_of(_data(), upload).unlink(missing_ok=True)


def _checked(found: Upload, partial: Path, suite: str) -> tuple[str, FileKind]:
    if not partial.exists():
        raise InvalidInputError("file.unknown")
    digest = store.digest_of(partial, suite)
    if found.digest not in ("", digest):
        raise InvalidInputError("file.hash")
    with partial.open("rb") as file:
        kind = kind_of(found.name, file.read(HEAD_BYTES))
    check_content(kind, found.name, partial)
    return digest, kind


def upload_finish(*, actor: Actor, upload: str, suite: str, now_ms: int) -> Document:
    """Check the whole against its hash and keep it.

    Raises:
        InvalidInputError: If bytes are missing; if the hash differs or the content is not what the
            name says, the upload is dropped.
    """
    found = upload_of(actor, upload)
    if found.received != found.size:
        raise InvalidInputError("file.offset", expected=found.received)
    partial = store.partial_of(_data(), found.id)
    try:
        digest, kind = _checked(found, partial, suite)
    except InvalidInputError:
        upload_cancel(actor=actor, upload=upload)
        raise
    store.keep(partial, store.path_of(_data(), digest))
    with transaction.atomic():
        found.delete()
        document, _ = Document.objects.update_or_create(
            digest=digest,
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


def documents_scrub(
    *, suite: str, now_ms: int, limit: int = 500, before_ms: int | None = None
) -> tuple[int, list[str]]:
    """Re-hash the documents not scrubbed longest, and drop uploads given up a day ago.

    Args:
        suite: The ledger's suite.
        now_ms: Epoch milliseconds.
        limit: How many documents at most.
        before_ms: Only those last scrubbed before this time; None takes every document.

    Returns:
        How many were read, and the hashes of those damaged or gone.
    """
    damaged, read = [], 0
    rows = Document.objects.order_by("scrubbed_ms", "digest")
    if before_ms is not None:
        rows = rows.filter(scrubbed_ms__lt=before_ms)
    for document in rows[:limit]:
        path = store.path_of(_data(), document.digest)
        good = path.exists() and store.digest_of(path, suite) == document.digest
        document.scrubbed_ms, document.damaged = now_ms, not good
        document.save(update_fields=["scrubbed_ms", "damaged"])
        read += 1
        if not good:
            damaged.append(document.digest)
    _drop_stale(now_ms)
    return read, damaged


def _drop_stale(now_ms: int) -> None:
    for upload in Upload.objects.filter(started_ms__lt=now_ms - STALE_MS):
        store.partial_of(_data(), upload.id).unlink(missing_ok=True)
        upload.delete()
