"""What an officer saw when the form was opened, so that a change made meanwhile can be shown.

The form carries the subject's bytes, sealed with the site's secret: they are shown, never judged.
"""

import msgspec
from django.core import signing

from shanhai.acts.machine import Object
from shanhai.kernel.canonical import encode, from_base64, to_base64
from shanhai.kernel.errors import InvalidInputError
from shanhai.web.objects.diff import Change, differences

SALT = "shanhai.seen"


def snapshot(subject: Object | None) -> str:
    """Return the subject as the form will carry it, "" for a new one."""
    if subject is None:
        return ""
    return signing.dumps(to_base64(encode(subject)), salt=SALT, compress=True)


def changes(token: str, subject: Object | None) -> list[Change]:
    """Return what changed since the form was opened; [] where nothing did or no snapshot came."""
    if subject is None or not token:
        return []
    try:
        raw = from_base64(signing.loads(token, salt=SALT))
        seen = msgspec.json.decode(raw, type=type(subject))
    except (signing.BadSignature, msgspec.MsgspecError, InvalidInputError):
        return []
    return differences(seen, subject) if seen.id == subject.id else []
