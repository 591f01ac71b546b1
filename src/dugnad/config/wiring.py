"""Puts connectors into ports and handlers into the job queue: the one place that knows both sides."""


def wire() -> None:
    """Connect every port."""
