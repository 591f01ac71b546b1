"""What `run` and `explain` share: which case, decided once."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from dugnad.catalogue.types import Outcome, Ruleset
from dugnad.cli.rules.asked.chosen import Chosen, chosen
from dugnad.cli.rules.asked.given import Given, from_example, from_file, with_facts
from dugnad.cli.rules.asked.refused import RefusedError
from dugnad.rulebook.rules.words import LANGUAGES


@dataclass(frozen=True, slots=True)
class Decided:
    """A case and what the rules say of it."""

    chosen: Chosen
    rules: Ruleset
    given: Given
    outcome: Outcome


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the service and the case."""
    parser.add_argument(
        "service", help="a service folder or its name; x@REVISION as git has it, x#3 as published"
    )
    case = parser.add_mutually_exclusive_group()
    case.add_argument(
        "--facts",
        type=Path,
        metavar="FILE",
        help="JSON: name of each fact and its value; - reads from a pipe",
    )
    case.add_argument("--example", metavar="NAME", help="an example of the service, or a part of its name")
    parser.add_argument(
        "--fact",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help='one fact, alone or in place of what the file or example has: --fact "barna stemmer=nei"; may be repeated',
    )
    parser.add_argument(
        "--on", type=day, metavar="DATE", help="the day of the decision (default: the example's, or today)"
    )
    parser.add_argument("--as-in", metavar="NUMBER", help="with the tailoring of this organisation")
    parser.add_argument("--lang", choices=LANGUAGES, default="nb", help="language of the words")
    parser.add_argument("--json", action="store_true", help="write data instead of words")


@contextmanager
def decided(arguments: argparse.Namespace) -> Iterator[Decided]:
    """Decide the case asked for. Raises RefusedError."""
    with chosen(arguments.service) as found:
        given = with_facts(found, _given(found, arguments), arguments.fact)
        rules = found.rules(given.organisation)
        try:
            outcome = rules.decide(given.facts, on=given.on, disputed=given.disputed)
        except (TypeError, ValueError, ArithmeticError, AttributeError) as error:
            what = f"The rules could not be run on these facts ({type(error).__name__})."
            raise RefusedError(f"{what} Compare them with {found.folder / 'facts.yaml'}.") from None
        yield Decided(found, rules, given, outcome)


def _given(found: Chosen, arguments: argparse.Namespace) -> Given:
    """Return the case asked for: an example, a file, or nothing known as yet."""
    if arguments.example is not None:
        return from_example(found, arguments.example, arguments.on, arguments.as_in)
    on = arguments.on or datetime.now(UTC).date()
    if arguments.facts is not None:
        return from_file(found, arguments.facts, on, arguments.as_in)
    if not arguments.fact:
        message = (
            "Say which case: --example NAME, --facts FILE, or --fact NAME=VALUE.\n"
            f"The facts and their kinds: dugnad rules show {found.shown}\n"
            f"The examples: dugnad rules test {found.shown}"
        )
        raise RefusedError(message)
    return Given({}, on, arguments.as_in)


def day(text: str) -> date:
    """Read a day given on the command line."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        message = f"{text[:20]!r} is no day; write it as 2026-08-01"
        raise argparse.ArgumentTypeError(message) from None


def whole(text: str) -> int:
    """Read a number of things given on the command line: one or more."""
    if not text.isdecimal() or len(text) > 9 or int(text) < 1:  # noqa: PLR2004 - a thousand million is no number of things
        message = f"{text[:20]!r} is no whole number from 1 up"
        raise argparse.ArgumentTypeError(message)
    return int(text)
