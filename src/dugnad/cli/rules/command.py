"""`dugnad rules …`: the rules of a service for people at a terminal, without database or server."""

import argparse
import importlib
import sys
from collections.abc import Callable

from dugnad.cli import check, test
from dugnad.cli.rules.asked.refused import RefusedError

_SUMMARIES = {
    "show": "the tables and formulas of a service, in working order",
    "run": "decide one case and say what came of it",
    "explain": "decide one case and say why, and what would have changed it",
    "cover": "which rows the examples reach, and which none does",
    "diff": "what changed between two versions, and for whom",
    "bench": "decisions a second, and what each step costs",
}
_SHARED = {"check": (check, "every error of a service folder at once"), "test": (test, "run the examples")}
WRONGLY_ASKED, STOPPED = 2, 130


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the subcommand and its own arguments."""
    chosen = parser.add_subparsers(
        dest="command", metavar="COMMAND", required=True, help=", ".join([*_SUMMARIES, *_SHARED])
    )
    for name, summary in _SUMMARIES.items():
        module = importlib.import_module(f"dugnad.cli.rules.{name}")
        _add(chosen, name, summary, module.add_arguments, module.run)
    for name, (shared, summary) in _SHARED.items():
        _add(chosen, name, summary, shared.add_arguments, shared.run)


def _add(
    chosen: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    summary: str,
    add: Callable[[argparse.ArgumentParser], None],
    run: Callable[[argparse.Namespace], int],
) -> None:
    own = chosen.add_parser(name, help=summary, description=f"{summary[0].upper()}{summary[1:]}.")
    add(own)
    own.set_defaults(rules_run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the subcommand: 0 done, 1 not, 2 wrongly asked (said in a sentence), 130 stopped by Ctrl-C."""
    try:
        return int(arguments.rules_run(arguments))
    except RefusedError as error:
        print(error, file=sys.stderr)
        return WRONGLY_ASKED
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return STOPPED
