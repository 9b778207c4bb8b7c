"""What happens around every request: its log line, its language, and refusals made into pages."""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_vary_headers

from shanhai.kernel.errors import ShanhaiError
from shanhai.web.http import status_of

Next = Callable[[HttpRequest], HttpResponse]
LOG = logging.getLogger("shanhai.web")
POLICY = "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()"


def request_log(get_response: Next) -> Next:
    """Log each request by its route pattern: no path, address or person."""

    def middleware(request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        response = get_response(request)
        match = request.resolver_match
        fields = {
            "method": request.method,
            "route": match.route if match else "",
            "status": response.status_code,
            "ms": round((time.perf_counter() - started) * 1000),
        }
        LOG.info("request", extra={"fields": fields})
        response.setdefault("Permissions-Policy", POLICY)
        return response

    return middleware


class SignInUnlessPublic(LoginRequiredMiddleware):
    """Ask who is there only where a view is not public.

    Django asks first, which reads the session and ties every public file to the visitor's cookies.
    """

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., Any],
        view_args: tuple[Any, ...],
        view_kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        """Let public views pass unasked."""
        if not getattr(view_func, "login_required", True):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)


def chosen_language(get_response: Next) -> Next:
    """Speak Chinese, or the language chosen at the switch; what the browser asks for is no choice."""
    known = dict(settings.LANGUAGES)

    def middleware(request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in known else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = get_response(request)
        if getattr(response, "same_for_all", False):  # a file of the ledger speaks no language
            return response
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ("Cookie",))
        return response

    return middleware


class Refusals:
    """Answer a refusal of our own with a page that says how to mend it."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Render `ShanhaiError`; let everything else pass."""
        if not isinstance(error, ShanhaiError):
            return None
        sentence = error.say(language())
        context = {"error": error, "sentence": sentence}
        return render(request, "errors/refused.html", context, status=status_of(error))


def language() -> str:
    """Return the page's language as the kernel names it, `zh` or `en`."""
    return "en" if (translation.get_language() or "").startswith("en") else "zh"
