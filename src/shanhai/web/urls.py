"""Addresses of the pages."""

from django.urls import path

from shanhai.web import preferences, styleguide

urlpatterns = [
    path("preferences/text", preferences.text_size, name="text_size"),
    path("styleguide", styleguide.gallery, name="styleguide"),
]
