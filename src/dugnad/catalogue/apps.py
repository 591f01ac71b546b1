"""Registers the module with Django."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    """The catalogue module."""

    name = "dugnad.catalogue"
    label = "catalogue"
