"""Registers the module with Django."""

from django.apps import AppConfig


class ApplicationsConfig(AppConfig):
    """The applications module."""

    name = "dugnad.applications"
    label = "applications"
