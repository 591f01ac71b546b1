"""`dugnad migrate`: bring the tables up to date, as their owner."""

import argparse

from django.core.management import call_command


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take no arguments."""


def run(arguments: argparse.Namespace) -> int:
    """Apply every migration that is missing."""
    del arguments
    call_command("migrate", interactive=False, verbosity=1)
    return 0
