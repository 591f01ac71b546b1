"""`dugnad rules explain SERVICE`: decide one case and say why, step by step."""

import argparse

from dugnad.cli.rules import case
from dugnad.cli.rules.run import STOPPED, show
from dugnad.cli.rules.terminal import console
from dugnad.rulebook.rules.explaining import explain


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the case."""
    case.add_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the steps in words; 1 where automation stops. Raises RefusedError."""
    with case.decided(arguments) as found:
        show(found, arguments.lang)
        paper = console()
        for step in explain(found.rules, found.outcome, arguments.lang):
            paper.print(f"{step.title}: {step.sentence} {step.numbers} {step.law}", markup=False)
        return 0 if found.outcome.automatic else STOPPED
