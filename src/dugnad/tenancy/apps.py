"""Registers the module with Django."""

from django.apps import AppConfig


class TenancyConfig(AppConfig):
    """The tenancy module."""

    name = "dugnad.tenancy"
    label = "tenancy"
