"""Wires the house together once Django is ready."""

from django.apps import AppConfig


class HouseConfig(AppConfig):
    """Puts connectors into ports and handlers into the job queue."""

    name = "dugnad.config"
    label = "house"

    def ready(self) -> None:
        """Wire, when all modules are loaded."""
        from dugnad.config import wiring  # noqa: PLC0415 - needs the models

        wiring.wire()
