"""Registers the module with Django."""

from django.apps import AppConfig


class EventsConfig(AppConfig):
    """The events module."""

    name = "dugnad.events"
    label = "events"
