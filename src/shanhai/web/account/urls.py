"""Addresses of an officer's own account."""

from django.urls import path

from shanhai.web.account.views import account_page

urlpatterns = [path("account", account_page, name="account")]
