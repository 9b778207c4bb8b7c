"""Addresses of the workbench."""

from django.urls import path

from shanhai.web.workbench import home

urlpatterns = [
    path("workbench", home.workbench, name="workbench"),
    path("workbench/bell", home.bell, name="bell"),
]
