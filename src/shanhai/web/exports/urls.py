"""Addresses of exports."""

from django.urls import path

from shanhai.web.exports import views

urlpatterns = [
    path("export/<noun:noun>.<slug:form>", views.export, name="export"),
]
