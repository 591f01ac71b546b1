"""Registers the module with Django."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """The cases module."""

    name = "dugnad.cases"
    label = "cases"
