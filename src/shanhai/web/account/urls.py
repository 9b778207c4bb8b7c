"""Addresses of an officer's own account."""

from django.urls import path

from shanhai.web.account.rotate import rotate_page
from shanhai.web.account.views import account_page

urlpatterns = [
    path("account", account_page, name="account"),
    path("key/<id:id>/rotate", rotate_page, name="rotate"),
]
