"""Registers the module with Django."""

from django.apps import AppConfig


class DecisionsConfig(AppConfig):
    """The decisions module."""

    name = "dugnad.decisions"
    label = "decisions"
