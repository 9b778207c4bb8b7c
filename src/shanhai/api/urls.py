"""Addresses of the API; signatures are the authority, so no session is asked for."""

from django.http import HttpRequest, HttpResponse
from django.urls import path
from ninja import NinjaAPI

from shanhai.api import acts
from shanhai.kernel.errors import ShanhaiError

api = NinjaAPI(title="Shanhai", version="1", description="Every act and every list of the ledger.")
api.add_router("", acts.router)


@api.exception_handler(ShanhaiError)
def ours(_request: HttpRequest, error: ShanhaiError) -> HttpResponse:
    """Answer an error of ours with both sentences."""
    return acts.failed(error)


_routes, _app, _namespace = api.urls
for route in _routes:
    route.callback.login_required = False  # the signature is the authority; lists cut to the public
urlpatterns = [path("", (_routes, _app, _namespace))]
