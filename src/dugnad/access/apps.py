"""Registers the module with Django."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """The access module."""

    name = "dugnad.access"
    label = "access"
