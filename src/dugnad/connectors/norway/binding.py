"""A service's facts from the population by column: views that answer as the registers would, for everybody at once.

What `facts.yaml` names (`from`, `field`, `entries`, `only when`) decides each view, so a service needs nothing of its
own here. What no register tells is answered the same for all (`answers`) or stays unknown.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import duckdb

from dugnad.rulebook.columns.relations import APART, APPLICANTS
from dugnad.rulebook.feel import free_names, parse
from dugnad.rulebook.feel.values import Unknown, Value
from dugnad.rulebook.rules.facts import Fact, FactBook

Counts = Callable[[str, Mapping[str, Value], Mapping[str, Value]], bool | Unknown]
"""Tells whether an entry of a list counts: `Ruleset.counts`."""
MOST_KINDS = 1_000
_HIDDEN = "skjerming IN ('fortrolig', 'strengtFortrolig')"
_TYPES = {
    "number": "BIGINT",
    "boolean": "BOOLEAN",
    "text": "TEXT",
    "date": "DATE",
    "list": "TEXT[]",
}
_TAX = {
    "personinntekt": "lønn",
    "kapitalinntekt": "kapital",
    "inntektsår": "år",
    "fastsatt": "lønn IS NOT NULL",
}
_PERSON = {
    "fødselsdato": "født",
    "adressebeskyttelse": "skjerming",
    "sivilstand": "sivilstand",
    "bostedsadresse fra": f"CASE WHEN NOT {_HIDDEN} THEN bosatt_fra END",
}
_CHILD = {"fødselsdato": "født", "adressebeskyttelse": "skjerming", "foreldre": "foreldre"}
_SINGLE: Mapping[str, Mapping[str, str]] = {
    "folkeregisteret": {
        **_PERSON,
        "kommune": "CASE WHEN skjerming <> 'strengtFortrolig' THEN kommune END",
        "ektefelle": "ektefelle",
    },
    "skattegrunnlaget": _TAX,
    "case": {"søker": "person", "vår kommune": "kommune"},
}
_PLACE = {
    "har plass": "har_plass",
    "kommune": "barnehagekommune",
    "avtalt tid": "timer",
    "plass fra": "plass_fra",
    "skolestart": "make_date(year(født) + 6, 8, 1)",
}


@dataclass(frozen=True, slots=True)
class _List:
    """What a register's list of persons is here: its table, what stands in it, what is looked up of each person."""

    table: str
    entries: Mapping[str, str]
    looked_up: Mapping[str, Mapping[str, str]]


_ADULTS = _List(
    "voksen",
    {
        "person": "person",
        "relasjon": "relation",
        "felles barn": "felles_barn",
        "nær slekt": "nær_slekt",
        "bostedsadresse fra": "bosatt_fra",
    },
    {"folkeregisteret": _PERSON, "skattegrunnlaget": _TAX},
)
_CHILDREN = _List(
    "barn",
    {
        "person": "person",
        "fødselsdato": "født",
        "foreldre": "foreldre",
        "foreldreansvar": "foreldreansvar",
        "delt bosted": "delt",
        "bor på adressen": "hjemme",
    },
    {"folkeregisteret": _CHILD, "barnehageregisteret": _PLACE},
)
_LISTS: Mapping[tuple[str, str], _List] = {
    ("folkeregisteret", "voksne på adressen"): _ADULTS,
    ("folkeregisteret", "barn"): _CHILDREN,
}


class NotBoundError(ValueError):
    """The population by column cannot answer as the registers would. Says which fact, and why; no personal data."""


@dataclass(frozen=True, slots=True)
class Bound:
    """The views of a service, to be made in this order, and the facts that stay unknown for everybody."""

    views: tuple[str, ...]
    unknown: tuple[str, ...]


def bind(
    book: FactBook,
    counts: Counts,
    connection: duckdb.DuckDBPyConnection,
    *,
    answers: Mapping[str, Value],
    within: str = "TRUE",
) -> Bound:
    """Return the views for a service's facts.

    connection: the population is attached to it as `norge`. answers: the facts that are the same for everybody, and
    stand in no view. within: a condition on `k` that limits every view. Raises NotBoundError.
    """
    return _Binding(book, counts, connection, answers, within).made()


class _Binding:
    """One service being bound."""

    def __init__(
        self,
        book: FactBook,
        counts: Counts,
        connection: duckdb.DuckDBPyConnection,
        answers: Mapping[str, Value],
        within: str,
    ) -> None:
        self.book = book
        self.counts = counts
        self.connection = connection
        self.answers = answers
        self.within = within
        self.unknown: list[str] = []

    def made(self) -> Bound:
        facts = self.book.facts.values()
        lists = [fact for fact in facts if fact.kind == "persons"]
        views = [self._entries(fact) for fact in lists]
        columns = ["k", f"FALSE AS {APART}"]
        for fact in facts:
            if fact.of_list is None and fact.name not in self.answers:
                known = self._known(fact) if fact in lists else self._column(fact, _SINGLE)
                columns.append(f"{known} AS {quoted(fact.name)}")
        return Bound((*views, self._view(APPLICANTS, columns, "husstand", "TRUE")), tuple(self.unknown))

    def _view(self, name: str, columns: Sequence[str], table: str, where: str) -> str:
        return (
            f"CREATE VIEW {quoted(name)} AS SELECT {', '.join(columns)} FROM norge.{table}"  # noqa: S608 - names quoted, tables our own
            f" WHERE {self.within} AND {where}"
        )

    def _column(self, fact: Fact, fields: Mapping[str, Mapping[str, str]]) -> str:
        found = fields.get(fact.source, {}).get(fact.field)
        if found is None and fact.if_not_found is None:
            self.unknown.append(fact.name)
        return found or f"CAST(NULL AS {_TYPES[fact.kind]})"

    def _entries(self, fact: Fact) -> str:
        """Return the view of a list: whom the register lists and `only when` counts, the applicant as included."""
        source = self._list(fact)
        columns = ["k", "p"]
        for one in self.book.attributes(fact.name):
            if source is None:
                read = f"CAST(NULL AS {_TYPES[one.kind]})"
            elif one.in_entry or one.attribute == "person":
                read = self._in_entry(fact, one, source)
            else:
                read = self._column(one, source.looked_up)
            columns.append(f"{read} AS {quoted(one.attribute)}")
        if source is None:
            return self._view(fact.name, columns, "husstand CROSS JOIN (SELECT 1 AS p)", "FALSE")
        return self._view(fact.name, columns, source.table, self._whom(fact, source))

    def _in_entry(self, fact: Fact, one: Fact, source: _List) -> str:
        found = source.entries.get(one.attribute)
        if found is None:
            self.unknown.append(one.name)
        read = found or f"CAST(NULL AS {_TYPES[one.kind]})"
        if source is not _ADULTS or one.attribute == "person":
            return read
        return f"CASE WHEN p > 1 THEN {read} ELSE {_literal(fact.included_as.get(one.attribute), one)} END"

    def _whom(self, fact: Fact, source: _List) -> str:
        own = "TRUE"
        if source is _ADULTS:
            own = "TRUE" if fact.includes is not None else "p > 1"
        elif fact.of is None:
            own = "av = 1"
        return f"{own} AND {self._counted(fact, source)}"

    def _counted(self, fact: Fact, source: _List) -> str:
        """Return the condition that `only when` is, from what it says of every kind of entry there is."""
        rest = source is _ADULTS and list(self._kinds(fact, "annen_voksen", source))
        if rest and any(self._counts(fact, kind) for kind in rest):
            raise NotBoundError(f"'{fact.name}' counts other adults than spouse and cohabitant")
        kinds = list(self._kinds(fact, source.table, source))
        kept = [kind for kind in kinds if self._counts(fact, kind)]
        if len(kept) == len(kinds):
            return "TRUE"
        if any(other.of == fact.name for other in self.book.facts.values()):
            raise NotBoundError(f"'{fact.name}' leaves out spouses or cohabitants, and has lists of its own")
        return f"({' OR '.join(self._told(fact, source, kind) for kind in kept) or 'FALSE'})"

    def _told(self, fact: Fact, source: _List, kind: Mapping[str, Value]) -> str:
        """Return the condition that an entry is of a kind."""
        parts = (
            f"{source.entries[name]} IS NOT DISTINCT FROM "
            f"{_literal(value, self.book.facts[f'{fact.name}.{name}'])}"
            for name, value in kind.items()
        )
        return f"({' AND '.join(parts) or 'TRUE'})"

    def _counts(self, fact: Fact, kind: Mapping[str, Value]) -> bool:
        return self.counts(fact.name, kind, self.answers) is True

    def _kinds(self, fact: Fact, table: str, source: _List) -> Iterator[Mapping[str, Value]]:
        """Give every combination there is of what `only when` reads in an entry; one of nothing where it reads none."""
        wanted = self._read_by(fact, source)
        read = ", ".join(source.entries[name] for name in wanted) or "1"
        where = "p > 1" if source is _ADULTS else "TRUE"
        query = f"SELECT DISTINCT {read} FROM norge.{table} WHERE {where} LIMIT {MOST_KINDS + 1}"  # noqa: S608 - own names
        rows = self.connection.execute(query).fetchall()
        if len(rows) > MOST_KINDS:
            raise NotBoundError(f"'only when' of '{fact.name}' tells too many kinds of entries apart")
        for row in rows:
            yield dict(zip(wanted, row, strict=False))

    def _read_by(self, fact: Fact, source: _List) -> list[str]:
        if fact.only_when is None:
            return []
        entry = {one.attribute: one for one in self.book.attributes(fact.name)}
        singles = {one.name: one for one in self.book.facts.values() if one.of_list is None}
        read = free_names(parse(fact.only_when, names=[*entry, *singles]))
        for name in sorted(read - entry.keys() - self.answers.keys()):
            if name in singles and singles[name].source not in ("applicant", "case worker"):
                raise NotBoundError(f"'only when' of '{fact.name}' reads '{name}'")
        return sorted(read & source.entries.keys())

    def _list(self, fact: Fact) -> _List | None:
        """Return what the registers list; None where they have no such list, or it is of a list they have not."""
        if fact.of is not None and self._list(self.book.facts[fact.of]) is not _ADULTS:
            return None
        return _LISTS.get((fact.source, fact.field))

    def _known(self, fact: Fact) -> str:
        """Return where a list is known: nobody is told who lives with somebody whose address is protected."""
        source = self._list(fact)
        if source is None:
            self.unknown.append(fact.name)
            return "FALSE"
        parent = self.book.facts[fact.of] if fact.of else None
        if source is _ADULTS:
            return "familie_kjent"
        return "TRUE" if parent is None or parent.includes is not None else "familie_kjent"


def quoted(name: str) -> str:
    """Return a name as SQL."""
    return '"' + name.replace('"', '""') + '"'


def _literal(value: Value, fact: Fact) -> str:
    kind = _TYPES[fact.kind]
    if value is None:
        return f"CAST(NULL AS {kind})"
    if isinstance(value, bool):
        return str(value).upper()
    return "CAST('" + str(value).replace("'", "''") + f"' AS {kind})"
