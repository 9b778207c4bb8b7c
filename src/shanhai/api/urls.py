"""Addresses of the API."""

from django.urls import path
from ninja import NinjaAPI

api = NinjaAPI(title="Shanhai", description="Every act and every list of the ledger.")
urlpatterns = [path("", api.urls)]
