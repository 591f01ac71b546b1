"""Addresses of the console pages."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
