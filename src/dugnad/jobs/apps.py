"""Registers the module with Django."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """The jobs module."""

    name = "dugnad.jobs"
    label = "jobs"
