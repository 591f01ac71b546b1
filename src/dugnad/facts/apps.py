"""Registers the module with Django."""

from django.apps import AppConfig


class FactsConfig(AppConfig):
    """The facts module."""

    name = "dugnad.facts"
    label = "facts"
