"""Addresses of the API; signatures are the authority, so no session is asked for."""

from typing import TYPE_CHECKING, cast

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import path
from ninja import NinjaAPI

from shanhai.api import acts
from shanhai.kernel.errors import ShanhaiError

if TYPE_CHECKING:
    from collections.abc import Callable

api = NinjaAPI(title="Shanhai", version="1", description="Every act and every list of the ledger.")
api.add_router("", acts.router)


@api.exception_handler(ShanhaiError)
def ours(_request: HttpRequest, error: ShanhaiError) -> HttpResponse:
    """Answer an error of ours with both sentences."""
    return acts.failed(error)


_routes, _app, _namespace = api.urls
for route in _routes:
    # The signature is the authority; lists cut to the public.
    login_not_required(cast("Callable[..., HttpResponse]", route.callback))
urlpatterns = [path("", (_routes, _app, _namespace))]
