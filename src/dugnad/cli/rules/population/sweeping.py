"""Two versions of a service applied to every household, by the exact evaluator, in processes side by side.

Each process reads the same file of a synthetic Norway through the registers' own simulators: never a real register,
never a database. Another way of sweeping has the same form (`Sweeper`), so that the caller need not know which.
"""

import os
import secrets
import signal
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Protocol

from dugnad.catalogue.types import LoadedService, Outcome, Ruleset, Tailoring
from dugnad.cli.rules.population.households import Household, ordinary_answers
from dugnad.rulebook.rules.facts import from_data

PORTION = 20
WAITING = 3
"""Portions in work for each process: enough that none waits, few enough to stay small."""
_NOON = time(12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Side:
    """One version: the service, and each organisation's tailoring of it by municipality."""

    service: LoadedService
    tailorings: Mapping[str, Tailoring]

    def rules(self, municipality: str) -> Ruleset:
        """Return the rules as the municipality has them."""
        return self.service.ruleset(self.tailorings.get(municipality))


@dataclass(frozen=True, slots=True)
class Question:
    """What a sweep is asked: the old and the new version, the population, the day."""

    old: Side
    new: Side
    population: Path
    on: date


@dataclass(frozen=True, slots=True)
class Result:
    """What one version says of a household: the outcome (None: none), its amount, whether a person must decide."""

    outcome: str | None
    amount: Decimal | None
    stopped: bool


@dataclass(frozen=True, slots=True)
class Compared:
    """A household under both versions. No identity number: only where it lives and how many they are.

    failed names the kind of error where it could not be decided; such a household counts for nothing else.
    """

    municipality: str
    residents: int
    old: Result
    new: Result
    failed: str = ""

    @property
    def changed(self) -> bool:
        """Whether anything differs for this household."""
        return self.old != self.new


class Sweeper(Protocol):
    """Compares every household under both versions; tells how many are done as they are."""

    def __call__(
        self, question: Question, asked: Sequence[Household], told: Callable[[int], None]
    ) -> Iterator[Compared]:
        """Yield one comparison for each household, in any order."""
        ...


def exactly(processes: int) -> Sweeper:
    """Return the sweeper of the exact evaluator over so many processes."""

    def sweep(
        question: Question, asked: Sequence[Household], told: Callable[[int], None]
    ) -> Iterator[Compared]:
        portions = (asked[at : at + PORTION] for at in range(0, len(asked), PORTION))
        pool = ProcessPoolExecutor(
            processes, mp_context=get_context("spawn"), initializer=_begin, initargs=(question,)
        )
        waiting: deque[Future[list[Compared]]] = deque()
        done = 0
        with pool:
            try:
                for portion in portions:
                    waiting.append(pool.submit(_portion, portion))
                    if len(waiting) > processes * WAITING:
                        yield from (compared := waiting.popleft().result())
                        told(done := done + len(compared))
                while waiting:
                    yield from (compared := waiting.popleft().result())
                    told(done := done + len(compared))
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise

    return sweep


_ASKED: list[Question] = []
"""The question a worker process was started with."""


def _begin(question: Question) -> None:
    """Prepare a worker process: the simulated registers read this population, whatever the environment says.

    Who presses Ctrl-C stops the command; its processes end with it, without words of their own.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for name in [name for name in os.environ if name.startswith("DUGNAD_") and name.endswith("_URL")]:
        del os.environ[name]
    os.environ["DUGNAD_NORWAY"] = str(question.population)
    os.environ["DUGNAD_SECRET_KEY"] = secrets.token_hex()  # a sweep signs nothing
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dugnad.config.settings")
    import django  # noqa: PLC0415 - only this command of `dugnad rules` needs what Django wires together

    django.setup()
    _ASKED[:] = [question]


def _portion(asked: Sequence[Household]) -> list[Compared]:
    (question,) = _ASKED
    return [_tried(question, one) for one in asked]


def _tried(question: Question, household: Household) -> Compared:
    """Compare one household; an error is its own result, and stops nobody else's."""
    try:
        return _compared(question, household)
    except Exception as error:  # noqa: BLE001 - whatever it is, it concerns one household
        nothing = Result(None, None, stopped=True)
        return Compared(household.municipality, household.residents, nothing, nothing, type(error).__name__)


def _compared(question: Question, household: Household) -> Compared:
    old, new, on = question.old, question.new, question.on
    values = _gathered(new, household, on)
    same_facts = old.service.files["facts.yaml"] == new.service.files["facts.yaml"]
    earlier = values if same_facts else _gathered(old, household, on)
    before, after = _result(old, household, earlier, on), _result(new, household, values, on)
    return Compared(household.municipality, household.residents, before, after)


def _gathered(side: Side, household: Household, on: date) -> dict[str, Any]:
    from dugnad.facts import commands as facts  # noqa: PLC0415 - its module needs Django ready

    known = {
        **ordinary_answers(side.service),
        "søker": household.applicant,
        "vår kommune": household.municipality,
        "søknadsdato": on,
    }
    at = datetime.combine(on, _NOON)
    found = facts.gather(
        rules=side.rules(household.municipality), applicant=household.applicant, known=known, at=at
    )
    return {**found.values, **known}


def _result(side: Side, household: Household, values: Mapping[str, Any], on: date) -> Result:
    book = side.service.book
    named = {name: value for name, value in values.items() if name in book.facts}
    outcome = side.rules(household.municipality).decide(from_data(book, named), on=on)
    return Result(outcome.outcome, _amount(side, outcome), not outcome.automatic)


def _amount(side: Side, outcome: Outcome) -> Decimal | None:
    name = side.service.source.result.amount
    known = [item.known.get(name) for item in outcome.items] if outcome.items else [outcome.known.get(name)]
    amounts = [value for value in known if isinstance(value, Decimal)]
    return sum(amounts, Decimal(0)) if amounts else None
