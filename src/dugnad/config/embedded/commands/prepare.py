"""`dugnad prepare`: what has to be in the database before the first page; cheap when it is there."""

import argparse
import os

from django.core.management import call_command

from dugnad.config import preparation
from dugnad.config.embedded.places import home
from dugnad.config.embedded.progress import ConsoleReporter


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take no arguments."""


def run(arguments: argparse.Namespace) -> int:
    """Migrate and prepare as the tables' owner; leave a text on whom to log in as."""
    del arguments
    reporter = ConsoleReporter()
    with reporter.step("Database tables"):
        call_command("migrate", interactive=False, verbosity=0)
    preparation.prepare(reporter)
    draft = home() / f"welcome.{os.getpid()}"
    draft.write_text(preparation.welcome(), encoding="utf-8")
    draft.replace(home() / "welcome.txt")
    return 0
