"""Addresses: the health answer, accounts, the API, and the pages."""

from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language

from shanhai.config.health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("i18n/setlang/", login_not_required(set_language), name="set_language"),
    path("accounts/", include("allauth.urls")),
    path("api/", include("shanhai.api.urls")),
    path("", include("shanhai.web.urls")),
]
