"""The answer to "are you well": 200 when the database answers, with the state of the stored documents."""

from importlib.metadata import version

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from shanhai.domains.files.selectors import health

VERSION = version("shanhai")


@login_not_required
@require_safe
def healthz(_request: HttpRequest) -> JsonResponse:
    """Ask the database for one row, and how many documents the last scrub found damaged."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        documents = health()
    except DatabaseError:
        return JsonResponse({"status": "database", "version": VERSION}, status=503)
    return JsonResponse({"status": "ok", "version": VERSION, "documents": documents})
