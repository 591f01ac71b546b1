"""Registers the module with Django."""

from django.apps import AppConfig


class DispatchConfig(AppConfig):
    """The dispatch module."""

    name = "dugnad.dispatch"
    label = "dispatch"
