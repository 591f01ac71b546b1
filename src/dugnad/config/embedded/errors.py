"""The one kind of error whose text is meant for whoever typed the command."""


class SayError(Exception):
    """Something outside stands in the way. The text says what, and what to do; no trace is shown."""
