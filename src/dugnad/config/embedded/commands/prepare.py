"""`dugnad prepare`: what has to be in the database before the first page; cheap when it is there."""

import argparse
import os

from dugnad.config import preparation
from dugnad.config.embedded.places import home
from dugnad.config.embedded.progress import ConsoleReporter


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No arguments."""


def run(arguments: argparse.Namespace) -> int:
    """Prepare as the owner of the tables, and leave a text on how to log in for whoever starts the run."""
    del arguments
    preparation.prepare(ConsoleReporter())
    draft = home() / f"welcome.{os.getpid()}"
    draft.write_text(preparation.welcome(), encoding="utf-8")
    draft.replace(home() / "welcome.txt")
    return 0
