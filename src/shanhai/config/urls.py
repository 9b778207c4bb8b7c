"""Addresses: the answers to machines, accounts, the API, and the pages."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.views.i18n import set_language

from shanhai.config.health import healthz
from shanhai.config.metrics import metrics
from shanhai.web.late import late

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("health", healthz, name="health"),
    path("metrics", metrics, name="metrics"),
    path("i18n/setlang/", login_not_required(set_language), name="set_language"),
    late("accounts/", "allauth.urls"),
    late("api/", "shanhai.api.urls"),
    late("", "shanhai.web.urls"),
]
