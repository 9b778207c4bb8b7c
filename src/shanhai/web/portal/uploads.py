"""Files of a submission are kept in memory until they are sealed: nothing plain ever touches the disk."""

from typing import Any

from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import HttpRequest

from shanhai.domains.intake.services import MOST_BYTES, MOST_FILES, Attached
from shanhai.kernel.errors import InvalidInputError

MOST_REQUEST = MOST_FILES * MOST_BYTES + 2**20


class InMemory(MemoryFileUploadHandler):
    """Hold files in memory; a request that is too large leaves none, and says so."""

    def handle_raw_input(self, *given: Any) -> None:
        """Decide by the request's length."""
        self.activated = given[2] <= MOST_REQUEST
        if self.request is not None:
            self.request.too_large = not self.activated  # type: ignore[attr-defined]  # read by `attached`


def hold(request: HttpRequest) -> None:
    """Let this request's files stay in memory; call it before anything reads the form."""
    request.upload_handlers = [InMemory(request)]


def attached(request: HttpRequest) -> list[Attached]:
    """Return the files that came with the form.

    Raises:
        InvalidInputError: `intake.files` where the request was too large.
    """
    files = request.FILES.getlist("files")
    if getattr(request, "too_large", False) or len(files) > MOST_FILES:
        raise InvalidInputError("intake.files", count=MOST_FILES, limit=MOST_BYTES >> 20)
    return [Attached(one.name or "", one.read()) for one in files]
