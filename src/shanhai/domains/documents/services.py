"""Matching a stamped scan to the document whose QR code it bears."""

import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import msgspec
from django.conf import settings
from django.db import transaction

from shanhai.domains.accounts.actor import Actor
from shanhai.domains.documents import codes
from shanhai.domains.documents.kinds import KINDS
from shanhai.domains.documents.models import Scan
from shanhai.domains.documents.selectors import Named, named_by
from shanhai.domains.files import store
from shanhai.domains.files.models import Document
from shanhai.domains.rows import row_of
from shanhai.domains.scope import within
from shanhai.kernel.errors import InvalidInputError
from shanhai.kernel.text import TEXTS, Text

SECONDS = 60
READER = Path(__file__).with_name("reading.py")
PICTURES = frozenset({"application/pdf", "image/jpeg", "image/png"})
TEXTS |= {
    "scan.kind": Text(
        "扫描件请用 PDF、JPG 或 PNG", "A scan is a PDF, JPG or PNG; upload one of these"
    ),
    "scan.unreadable": Text(
        "“{name}”打不开或已损坏（也可能设了密码），请重新扫描后上传",
        "“{name}” cannot be opened: it is damaged or has a password; scan it again",
    ),
    "scan.no_code": Text(
        "“{name}”里没有找到二维码。请把整页放平，连同页脚的二维码一起扫描（200 dpi 以上），避免印章盖住二维码",
        "No QR code was found in “{name}”. Lay the whole page flat and scan it with the code at its foot,"
        " at 200 dpi or more; the seal must not cover the code",
    ),
    "scan.foreign": Text(
        "“{name}”上的二维码不是本账本出具的文件，请核对是否拿错了文件",
        "The QR code on “{name}” is of no document of this ledger; check whether it is the right paper",
    ),
    "scan.mixed": Text(
        "“{name}”里有 {count} 份不同文件的二维码，请分开扫描，一份文件一个扫描件",
        "“{name}” holds the codes of {count} different documents; scan each by itself",
    ),
    "scan.other": Text(
        "这是“{found}”的扫描件（校验码 {shown}），不是当前这份；请到那份文件的页面登记，或换成当前文件的扫描件",
        "This is a scan of “{found}” (check code {shown}), not of the document shown; register it on that"
        " document's page, or choose the right scan",
    ),
    "scan.scope": Text(
        "这份文件不在您的管辖范围，请由经办单位上传扫描件",
        "The document lies outside your region; let the office concerned upload its scan",
    ),
}


class Found(NamedTuple):
    """What the reader prints of a code: its text and the page it stands on, from 1."""

    text: str
    page: int


def _read(path: Path, name: str) -> list[Found]:
    command = [sys.executable, "-P", str(READER), str(path)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603 - our own file and a path of ours
    except subprocess.TimeoutExpired as error:
        raise InvalidInputError("scan.unreadable", name=name) from error
    if done.returncode:
        raise InvalidInputError("scan.unreadable", name=name)
    return msgspec.json.decode(done.stdout, type=list[Found])


def _named(found: list[Found], name: str) -> tuple[Named, str, int]:
    if not found:
        raise InvalidInputError("scan.no_code", name=name)
    ours: dict[str, int] = {}
    for one in found:
        try:
            kind, prefix = codes.parse(one.text)
        except InvalidInputError:
            continue
        ours.setdefault(codes.code_of(kind, prefix), one.page)
    if len(ours) > 1:
        raise InvalidInputError("scan.mixed", name=name, count=len(ours))
    for code, page in ours.items():
        named = named_by(code)
        if named is not None:
            return named, code, page
    raise InvalidInputError("scan.foreign", name=name)


def scan_match(*, actor: Actor, digest: str, now_ms: int, expected: str = "") -> Scan:
    """Match an uploaded scan to its document by QR code: 待盖章 becomes 已盖章.

    Args:
        actor: Who registers it; the object must lie in the officer's region.
        digest: Hash of the uploaded scan.
        now_ms: Epoch milliseconds.
        expected: The code of the document the officer had open, "" to take whichever it is.

    Raises:
        InvalidInputError: In words, when the scan cannot be read, bears no code, another ledger's or
            several, or belongs to another document or region.
    """
    document = Document.objects.filter(pk=digest, uploader=actor.person).first()
    if document is None:
        raise InvalidInputError("file.unknown")
    if document.media_type not in PICTURES:
        raise InvalidInputError("scan.kind")
    path = store.path_of(Path(settings.DATA_DIR), digest)
    named, code, page = _named(_read(path, document.name), document.name)
    kind = KINDS[named.kind]
    if expected and code != expected:
        shown = codes.grouped(code)
        raise InvalidInputError("scan.other", found=kind.text.zh, shown=shown)
    rows = row_of(kind.noun).objects.filter(within(kind.noun, actor), pk=named.event.subject)
    if not rows.exists():
        raise InvalidInputError("scan.scope")
    with transaction.atomic():
        scan, _ = Scan.objects.get_or_create(
            code=code,
            digest=digest,
            defaults={
                "kind": kind.name,
                "noun": kind.noun.noun,
                "object_id": named.event.subject,
                "act_id": named.event.act_id,
                "page": page,
                "person": actor.person,
                "post": actor.post,
                "matched_ms": now_ms,
            },
        )
    return scan
