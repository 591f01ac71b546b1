"""Two versions of a service run over everybody: each by column where it can be, and exactly where that is in doubt.

Both stand in one DuckDB, with a schema for each version; what they come to is compared there too, so that memory does
not grow with the population. Nobody's register is asked, and no case is decided.
"""

import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb

from dugnad.catalogue.types import LoadedService, Ruleset, Tailoring
from dugnad.cli.progress import Show
from dugnad.cli.rules.asked.refused import RefusedError
from dugnad.cli.rules.population.exactly import Told, decided_again
from dugnad.cli.rules.population.people import ordinary_answers
from dugnad.connectors.norway.binding import NotBoundError, bind
from dugnad.connectors.norway.columns import about
from dugnad.rulebook.checks.reading import read_parts
from dugnad.rulebook.checks.usage import used_names
from dugnad.rulebook.columns import DUCKDB, Asked, Layout, NotCompiled, compile_service
from dugnad.rulebook.columns.relations import APPLICANTS
from dugnad.rulebook.feel.values import Value

MEMORY = "1GB"
PORTION = 250_000
"""Dwellings in one statement: enough that it pays, few enough to stay small and to tell how far it is."""
VERSIONS = ("gammel", "ny")
Bars = Callable[[str], AbstractContextManager[Show]]
_WITHIN = "k BETWEEN getvariable('fra') AND getvariable('til') AND k IN (SELECT k FROM memory.main.utvalg)"
_WANTED = frozenset({"utfall", "stoppet", "øre"})
_ANSWER = "k BIGINT, tvil BOOLEAN, utfall TEXT, stoppet BOOLEAN, øre BIGINT, feil TEXT"


@dataclass(frozen=True, slots=True)
class Side:
    """One version: the service, and each organisation's tailoring of it by municipality."""

    service: LoadedService
    tailorings: Mapping[str, Tailoring]

    def rules(self, municipality: str) -> Ruleset:
        """Return the rules as the municipality has them."""
        return self.service.ruleset(self.tailorings.get(municipality))

    def asked(self, on: date) -> Asked:
        """Return what is asked of the columns."""
        patches = {code: one.patch for code, one in self.tailorings.items()}
        return Asked(self.service.ruleset(), on, patches, given=self.given(on), wants=_WANTED)

    def given(self, on: date) -> dict[str, Value]:
        """Return the facts that are the same for everybody: the day, and what only an applicant could tell."""
        return {"søknadsdato": on, **ordinary_answers(self.service)}


@dataclass(frozen=True, slots=True)
class Question:
    """What a sweep is asked: both versions, the population by column, the day, how many households (None: all)."""

    old: Side
    new: Side
    population: Path
    on: date
    most: int | None = None
    processes: int = 1


@dataclass(slots=True)
class Account:
    """How a sweep was done, to be told with its figures.

    as_of: the day the registers describe. exactly: households in doubt by column, decided exactly. unknown: facts that
    the rules read and nobody here can tell. reason: by version, why it could not be calculated by column.
    """

    as_of: date
    persons: int
    answers: Mapping[str, Value]
    unknown: tuple[str, ...] = ()
    exactly: int = 0
    seconds: float = 0.0
    reasons: dict[str, str] = field(default_factory=dict)


class Swept:
    """Both versions' answers for everybody, to be counted: `connection` has the view `begge`."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, account: Account) -> None:
        self.connection = connection
        self.account = account


@contextmanager
def swept(question: Question, bars: Bars, say: Callable[[str], None]) -> Iterator[Swept]:
    """Run both versions over the population. Raises RefusedError where that cannot be done.

    bars: makes a bar with a title. say: tells whoever waits why something takes long.
    """
    began = time.monotonic()
    found = about(question.population)
    if found is None:
        raise RefusedError(f"{question.population} is no population by column of this version.")
    account = Account(found.as_of, found.persons, ordinary_answers(question.new.service))
    with tempfile.TemporaryDirectory(prefix="dugnad-diff-") as room, duckdb.connect() as connection:
        _prepare(connection, question, Path(room))
        work = _Work(connection, question, account, bars, say)
        for version, side in zip(VERSIONS, (question.old, question.new), strict=True):
            work.version(version, side)
        with bars("Comparing"):
            connection.execute(_BOTH)
        account.seconds = time.monotonic() - began
        yield Swept(connection, account)


_BOTH = """
CREATE TABLE begge AS SELECT kommune, beboere, før.utfall AS før, etter.utfall AS etter, før.øre AS før_øre,
  etter.øre AS etter_øre, før.stoppet AS før_stoppet, etter.stoppet AS etter_stoppet,
  coalesce(før.feil, etter.feil) AS feil
FROM gammel.svar AS før JOIN ny.svar AS etter USING (k) JOIN norge.husstand USING (k)
"""


def _prepare(connection: duckdb.DuckDBPyConnection, question: Question, room: Path) -> None:
    for setting, value in (
        ("memory_limit", MEMORY),
        ("temp_directory", str(room)),
        ("preserve_insertion_order", "false"),
        ("enable_progress_bar", "false"),
    ):
        connection.execute(f"SET {setting} = '{value}'")
    connection.execute(f"SET threads = {question.processes}")
    connection.execute(
        f"ATTACH '{str(question.population).replace(chr(39), chr(39) * 2)}' AS norge (READ_ONLY)"
    )
    (there,) = connection.execute("SELECT count(*) FROM norge.husstand").fetchone() or (0,)
    if not there:
        raise RefusedError(f"{question.population} has no households.")
    most = min(question.most or there, there)
    # Evenly chosen: the household where the share of those before it passes a whole number.
    connection.execute(
        f"CREATE TABLE utvalg AS SELECT k FROM (SELECT k, row_number() OVER (ORDER BY k) AS i FROM norge.husstand)"  # noqa: S608 - whole numbers
        f" WHERE (i * {most}) // {there} > ((i - 1) * {most}) // {there}"
    )


class _Work:
    """One sweep under way."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        question: Question,
        account: Account,
        bars: Bars,
        say: Callable[[str], None],
    ) -> None:
        self.connection = connection
        self.question = question
        self.account = account
        self.bars = bars
        self.say = say
        row = connection.execute("SELECT count(*), max(k) FROM utvalg").fetchone()
        self.households, self.last = row or (0, 0)

    def version(self, version: str, side: Side) -> None:
        """Answer for everybody by one version, in the table `svar` of its schema."""
        self.connection.execute(f"CREATE SCHEMA {version}")
        self.connection.execute(f"SET schema = '{version}'")
        self.connection.execute(f"CREATE TABLE svar ({_ANSWER})")
        self._bind(side)
        self._answer(version, self._statement(version, side))
        doubtful = self.connection.execute("SELECT count(*) FROM svar WHERE tvil").fetchone()
        if doubtful and doubtful[0]:
            self._again(version, side, doubtful[0])

    def _bind(self, side: Side) -> None:
        """Make the views of the service's facts, and note what they leave unknown."""
        rules, given = side.service.ruleset(), side.given(self.question.on)
        try:
            bound = bind(side.service.book, rules.counts, self.connection, answers=given, within=_WITHIN)
        except NotBoundError as error:
            raise RefusedError(f"{side.service.slug} cannot be run on this population: {error}.") from None
        for view in bound.views:
            self.connection.execute(view)
        read = used_names(read_parts(rules.source, rules.book, rules.rates))
        facts = side.service.book.facts
        missing = [name for name in bound.unknown if facts[name].attribute in read or name in read]
        self.account.unknown = tuple(dict.fromkeys([*self.account.unknown, *missing]))

    def _statement(self, version: str, side: Side) -> str:
        """Return what gives each applicant's answer: by column, or that everybody is in doubt."""
        try:
            columns = compile_service(side.asked(self.question.on), DUCKDB)
        except NotCompiled as reason:
            self.account.reasons[version] = (
                f"“{reason.name}”: {reason.reason}" if reason.name else reason.reason
            )
            return f'SELECT k, TRUE, NULL, FALSE, NULL, NULL FROM "{APPLICANTS}"'  # noqa: S608 - our own name
        return (
            "SELECT k, bool_or(tvil), any_value(utfall), any_value(stopp) <> 0, CAST(sum(øre) AS BIGINT), NULL"  # noqa: S608 - compiled
            f" FROM ({columns.sql}) GROUP BY k"
        )

    def _answer(self, version: str, statement: str) -> None:
        done = 0
        with self.bars(f"By column, {_WHICH[version]}") as show:
            for start in range(0, self.last + 1, PORTION):
                self.within(start, start + PORTION - 1)
                self.connection.execute(f"INSERT INTO svar {statement}")
                (done,) = self.connection.execute("SELECT count(*) FROM svar").fetchone() or (0,)
                show(done, self.households)

    def within(self, first: int, last: int) -> None:
        """Let the views show these dwellings only."""
        self.connection.execute(f"SET VARIABLE fra = {first}")
        self.connection.execute(f"SET VARIABLE til = {last}")

    def _again(self, version: str, side: Side, total: int) -> None:
        """Decide exactly those in doubt, and put that in place of what the columns say."""
        reason = self.account.reasons.get(version)
        if reason is None:
            self.account.exactly += total
        layout = Layout(side.service.book, side.given(self.question.on))
        with self.bars(f"Exactly, {_WHICH[version]}") as show:
            long = None if reason is None else lambda words: self.say(_SLOWLY[version].format(reason, words))
            decided_again(
                self.connection, layout, side.rules, self.question.on,
                last=self.last, total=total, processes=self.question.processes, told=Told(show, long),
            )  # fmt: skip


_WHICH = {"gammel": "the old", "ny": "the new"}
_SLOWLY = {
    version: f"The {which} version cannot be calculated by column ({{0}}). Each household is decided exactly instead,"
    " which takes about {1}; --households N asks only so many."
    for version, which in (("gammel", "old"), ("ny", "new"))
}
