"""Ask the registers for what `facts.yaml` names, one call a register and step, whole families at a time.

Nothing is fetched that the rules would not read: an adult at the address counts only where `only when` holds, so a lodger's
income is never asked for, and a cohabitant's only once the applicant has said that they live together.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from dugnad.catalogue.types import Fact, FactBook, Ruleset
from dugnad.facts.ports import REGISTERS, RegisterAnswer, RegisterUnavailableError
from dugnad.facts.types import SOURCES_WITHOUT_REGISTER, Gathered
from dugnad.rulebook.feel.values import Unknown
from dugnad.rulebook.rules.facts import to_data


@dataclass(slots=True)
class _Work:
    """One gathering under way."""

    rules: Ruleset
    on: date
    known: dict[str, Any]
    values: dict[str, Any] = field(default_factory=dict)
    valid_from: dict[str, str] = field(default_factory=dict)
    unavailable: dict[str, str] = field(default_factory=dict)
    looked_up: dict[str, dict[str, None]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    @property
    def book(self) -> FactBook:
        """What may be asked for."""
        return self.rules.book

    def ask(self, register: str, numbers: list[str], fields: set[str]) -> Mapping[str, RegisterAnswer]:
        """Ask one register about many persons; one that is away answers nothing, and is asked no more."""
        if not numbers or register in self.unavailable:
            return {}
        try:
            answers = REGISTERS[register].lookup(numbers, fields=fields, on=self.on)
        except RegisterUnavailableError as error:
            self.unavailable[register] = error.reason
            return {}
        for number in numbers:
            self.looked_up.setdefault(number, {})[register] = None
        for number, answer in answers.items():
            name = answer.values.get("navn")
            if isinstance(name, str):
                self.names[number] = name
        return answers


def gather(rules: Ruleset, *, applicant: str, known: Mapping[str, Any], on: date) -> Gathered:
    """Return what the registers say now.

    applicant: identity number. known: facts that are known without a register (of the case, and the answers so far).
    Never raises for a register that is away: it is named in `unavailable`.
    """
    book = rules.book
    work = _Work(rules, on, dict(known))
    lists = [fact for fact in book.facts.values() if fact.kind == "persons"]
    singles = [
        fact
        for fact in book.facts.values()
        if fact.of_list is None and fact.kind != "persons" and fact.source not in SOURCES_WITHOUT_REGISTER
    ]
    starts = [fact for fact in lists if fact.of is None and fact.source not in SOURCES_WITHOUT_REGISTER]
    answers = _about_applicant(work, applicant, [*singles, *starts])
    for fact in singles:
        _put(work, work.values, fact.name, fact, answers.get(fact.source))
    members: dict[str, dict[str, RegisterAnswer]] = {}
    for fact in lists:
        found, whole = _persons(work, fact, applicant, answers, members)
        later = {child.field for child in lists if child.of == fact.name and child.source == fact.source}
        members[fact.name] = _describe(work, fact, found, later)
        if whole:  # a list that may lack someone is unknown, never shorter than it is
            work.values[fact.name] = found
    return Gathered(
        values=to_data(work.values),  # type: ignore[arg-type]  # a mapping stays a mapping
        valid_from=work.valid_from,
        unavailable=work.unavailable,
        looked_up={number: tuple(registers) for number, registers in work.looked_up.items()},
        names=work.names,
    )


def would_change(book: FactBook, *, before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Say whether new answers may change whom a list holds, so that the registers must be asked again.

    What is not answered counts nobody in, just as a "no".
    """
    wanted = {
        name
        for fact in book.facts.values()
        if fact.only_when
        for name in book.facts
        if name in fact.only_when and book.facts[name].source == "applicant"
    }
    return any((before.get(name) or False) != (after.get(name) or False) for name in wanted)


def _about_applicant(work: _Work, applicant: str, facts: list[Fact]) -> dict[str, RegisterAnswer]:
    fields: dict[str, set[str]] = {}
    for fact in facts:
        fields.setdefault(fact.source, set()).add(fact.field)
    found: dict[str, RegisterAnswer] = {}
    for register, wanted in fields.items():
        answer = work.ask(register, [applicant], wanted).get(applicant)
        if answer is not None:
            found[register] = answer
    return found


def _persons(
    work: _Work,
    fact: Fact,
    applicant: str,
    answers: Mapping[str, RegisterAnswer],
    members: Mapping[str, Mapping[str, RegisterAnswer]],
) -> tuple[list[dict[str, Any]], bool]:
    """Return the entries of a list of persons, each with `person`, and whether the register told of all of them.

    It does not when it is away, nor for one whose address is protected: then it keeps silent on who lives there.
    Nor where it does not say what `only when` asks of an entry; an answer the applicant has yet to give counts as “no”.
    """
    if fact.of is None:
        answer = answers.get(fact.source)
        raw = [answer.values.get(fact.field) if answer is not None else None]
    else:
        raw = [one.values.get(fact.field) for one in members.get(fact.of, {}).values()]
    whole = bool(raw) and not any(part is None for part in raw) and fact.source not in work.unavailable
    included = {"person": applicant, **fact.included_as}
    entries: dict[str, dict[str, Any]] = {applicant: included} if fact.includes else {}
    for entry in (entry for part in raw for entry in _entries(part)):
        number = entry["person"]
        counts = number not in entries and work.rules.counts(fact.name, entry, {**work.values, **work.known})
        if counts is True:
            entries[number] = entry
        elif isinstance(counts, Unknown) and not _asked_of_applicant(work.book, counts.names):
            whole = False
    return list(entries.values()), whole


def _asked_of_applicant(book: FactBook, names: Collection[str]) -> bool:
    return any(name in book.facts and book.facts[name].source == "applicant" for name in names)


def _entries(raw: object) -> list[dict[str, Any]]:
    if not isinstance(raw, list | tuple):
        return []
    return [dict(entry) if isinstance(entry, Mapping) else {"person": entry} for entry in raw]


def _describe(
    work: _Work, fact: Fact, entries: list[dict[str, Any]], later: set[str]
) -> dict[str, RegisterAnswer]:
    """Look up every attribute of the listed persons; returns the answers of the list's own register, for later lists."""
    numbers = [entry["person"] for entry in entries]
    attributes = [one for one in work.book.attributes(fact.name) if not one.in_entry]
    fields: dict[str, set[str]] = {fact.source: set(later)} if later else {}
    for one in attributes:
        if one.source not in SOURCES_WITHOUT_REGISTER:
            fields.setdefault(one.source, set()).add(one.field)
    answers = {register: work.ask(register, numbers, wanted) for register, wanted in fields.items()}
    for index, entry in enumerate(entries):
        for one in attributes:
            answer = answers.get(one.source, {}).get(entry["person"])
            _put(work, entry, one.attribute, one, answer, path=f"{fact.name}.{index}.{one.attribute}")
    return dict(answers.get(fact.source, {}))


def _put(
    work: _Work, into: dict[str, Any], key: str, fact: Fact, answer: RegisterAnswer | None, *, path: str = ""
) -> None:
    """Put a register's value; where it answered and does not know, `if not found`; where it was away, nothing."""
    value = answer.values.get(fact.field) if answer is not None else None
    if value is None and fact.source not in work.unavailable:
        value = fact.if_not_found
    if value is None:
        return
    into[key] = value
    if answer is not None and fact.field in answer.valid_from:
        work.valid_from[path or fact.name] = answer.valid_from[fact.field].isoformat()
