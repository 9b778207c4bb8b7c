"""Addresses of the API; signatures are the authority for writing, the reader's scope for reading."""

from django.urls import path

from shanhai.api import acts, log, nouns, openapi
from shanhai.api.endpoints import endpoint

urlpatterns = [
    path("", endpoint(get=openapi.index), name="api"),
    path("openapi.json", endpoint(get=openapi.document), name="api_openapi"),
    path("docs", endpoint(get=openapi.page), name="api_docs"),
    path("acts", endpoint(get=acts.listed, post=acts.submit_many), name="api_acts"),
    path("acts/<str:act>", endpoint(get=acts.shown, post=acts.submit), name="api_act"),
    path("acts/<str:act>/check", endpoint(post=acts.check), name="api_check"),
    path("acts/<str:act>/schema", endpoint(get=acts.schema), name="api_schema"),
    path("nouns", endpoint(get=nouns.described), name="api_nouns"),
    path("head", endpoint(get=log.head), name="api_head"),
    path("entries", endpoint(get=log.entries), name="api_entries"),
    path("entries/<str:ref>", endpoint(get=log.entry), name="api_entry"),
    path("<str:noun>", endpoint(get=nouns.listed), name="api_list"),
    path("<str:noun>/<path:id>", endpoint(get=nouns.shown), name="api_object"),
]
