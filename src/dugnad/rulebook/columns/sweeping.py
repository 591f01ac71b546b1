"""Everyone by the exact evaluator, in parallel processes: for what no column can follow, and for rows in doubt.

Applicants come in a stream and go out in the same order, with only a few portions in memory. Whatever goes wrong
with one is kept as that one's result, a case for a person, and stops nobody else's.
"""

import multiprocessing
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import TypeAlias

from dugnad.rulebook.feel.values import Unknown, Value
from dugnad.rulebook.ruleset import Outcome, Ruleset

PORTION = 500
WAITING = 3
"""Portions in work for each process: enough that none waits, few enough to stay small."""
HUNDREDTHS = 100
Applicant: TypeAlias = tuple[int, Mapping[str, Value]]
Chooses: TypeAlias = Callable[[Mapping[str, Value]], Ruleset]
"""Gives the rules that hold for an applicant: those of the organisation that decides."""
Item: TypeAlias = tuple[str, int | None, date | None, date | None]
Progress: TypeAlias = Callable[[int, int | None], None]


@dataclass(frozen=True, slots=True)
class Swept:
    """What the rules say of one applicant, as far as a sweep keeps it.

    `items` are (key, amount in øre, from, to) in the order of the list; the key of the whole is empty. `failed`
    names the kind of error where the rules could not be run: such a one goes to a person.
    """

    key: int
    outcome: str | None
    stops: tuple[str, ...]
    items: tuple[Item, ...]
    failed: str | None = None


def sweep(
    prepare: Callable[[], Chooses],
    applicants: Iterable[Applicant],
    on: date,
    *,
    processes: int = 1,
    total: int | None = None,
    progress: Progress | None = None,
) -> Iterator[Swept]:
    """Decide every applicant exactly, in order.

    `prepare` is called once in each process and gives what chooses the rules; with more than one process it must
    be picklable, as must facts. `progress(done, total)` is called after each portion.
    """
    done = 0
    for portion in _decided(prepare, _portions(applicants), on, processes):
        done += len(portion)
        if progress is not None:
            progress(done, total)
        yield from portion


def left(seconds: float, done: int, total: int) -> float:
    """Give the seconds still to go after so many seconds for `done` of `total`."""
    return seconds / done * (total - done) if done else float("inf")


def _portions(applicants: Iterable[Applicant]) -> Iterator[list[Applicant]]:
    stream = iter(applicants)
    while portion := list(islice(stream, PORTION)):
        yield portion


def _decided(
    prepare: Callable[[], Chooses], portions: Iterator[list[Applicant]], on: date, processes: int
) -> Iterator[list[Swept]]:
    if processes <= 1:
        chooses = prepare()
        yield from ([decide(chooses, one, on) for one in portion] for portion in portions)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context, initializer=_begin, initargs=(prepare,)) as pool:
        waiting: deque[Future[list[Swept]]] = deque()
        for portion in portions:
            waiting.append(pool.submit(_work, portion, on))
            if len(waiting) > processes * WAITING:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


_CHOOSES: list[Chooses] = []


def _begin(prepare: Callable[[], Chooses]) -> None:
    _CHOOSES[:] = [prepare()]


def _work(portion: list[Applicant], on: date) -> list[Swept]:
    return [decide(_CHOOSES[0], one, on) for one in portion]


def decide(chooses: Chooses, applicant: Applicant, on: date) -> Swept:
    """Decide one applicant; an error is their result, not everybody's."""
    key, facts = applicant
    try:
        rules = chooses(facts)
        outcome = rules.decide(facts, on=on)
        stops = tuple(sorted(stop.name for stop in outcome.stops))
        return Swept(key, outcome.outcome, stops, tuple(_items(rules, outcome)))
    except Exception as error:  # noqa: BLE001 - whatever it is, it concerns one applicant
        return Swept(key, None, (), (), type(error).__name__)


def _items(rules: Ruleset, outcome: Outcome) -> Iterator[Item]:
    result = rules.source.result
    places = [(item.key, item.values) for item in outcome.items]
    if rules.source.each_over is None:
        places = [("", outcome.values)]
    for key, values in places:
        amount, start, end = (
            _read(values, outcome.values, name) for name in (result.amount, result.start, result.end)
        )
        yield (key, None if amount is None else int(amount * HUNDREDTHS), start, end)


def _read(values: Mapping[str, Value], known: Mapping[str, Value], name: str) -> Value:
    value = values.get(name, known.get(name)) if name else None
    return None if type(value) is Unknown else value
