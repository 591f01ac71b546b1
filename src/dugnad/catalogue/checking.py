"""`dugnad check`: everything wrong in a service folder at once, with file, line and how to mend it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path

from dugnad.catalogue.examples import ExampleReport, misspelt_facts, run_examples
from dugnad.catalogue.loading import BrokenServiceError, examine_files, read_folder, service_from_files
from dugnad.catalogue.tailoring import examine_tailoring
from dugnad.catalogue.types import COUNTY_GOVERNOR, OWN_BOARD, Fact, LoadedService, Tailoring, Texts
from dugnad.rulebook.checks.completeness import incomplete_tables
from dugnad.rulebook.checks.measures import known_unit, mixed_units
from dugnad.rulebook.feel import FeelSyntaxError, parse
from dugnad.rulebook.feel.grammar import nodes
from dugnad.rulebook.located import Finding, Node, Place, read, suggest
from dugnad.rulebook.rules.words import placeholders
from dugnad.tenancy.types import STATE_BODIES

FILLED_IN = ("klagefrist", "klageinstans", "kontakt")
"""Placeholders of a letter that no rule gives: the appeal's last day, who decides it, the municipality's contact."""
_OWN_SOURCES = ("case", "applicant", "case worker")


def check_folder(folder: Path, tailoring: Path | None = None) -> list[Finding]:
    """Check a service folder: form, names, words, questions, letters, its examples and its tailorings.

    `tailoring` is the folder of all organisations' tailorings; by default the one beside `services`. Raises
    FileNotFoundError where the folder does not exist.
    """
    try:
        files = read_folder(folder)
    except BrokenServiceError as error:
        return list(error.findings)
    service, found = examine_files(files)
    findings = list(found)
    if service is None:
        return sorted(findings)
    findings.extend(_cross_check(service, folder.name))
    tailorings, wrong = tailorings_of(service, tailoring or folder.parent.parent / "tailoring")
    findings.extend(wrong)
    if not any(one.severity == "error" for one in findings):
        findings.extend(run_examples(service, tailorings).findings)
    return sorted(set(findings))


def load_folder(folder: Path) -> LoadedService:
    """Read a service folder as it stands. Raises BrokenServiceError and FileNotFoundError."""
    return service_from_files(read_folder(folder))


def try_folder(folder: Path, tailoring: Path | None = None) -> ExampleReport:
    """Run the examples of a service folder. Raises BrokenServiceError where it does not load."""
    service, found = examine_files(read_folder(folder))
    errors = tuple(one for one in found if one.severity == "error")
    if service is None or errors:
        raise BrokenServiceError(errors)
    tailorings, wrong = tailorings_of(service, tailoring or folder.parent.parent / "tailoring")
    if wrong:
        raise BrokenServiceError(tuple(wrong))
    return run_examples(service, tailorings)


def tailorings_of(service: LoadedService, folder: Path) -> tuple[dict[str, Tailoring], list[Finding]]:
    """Read every organisation's tailoring of a service: those that fit, and what is wrong with the others."""
    good: dict[str, Tailoring] = {}
    findings: list[Finding] = []
    for path in sorted(folder.glob(f"*/{service.slug}.yaml")):
        name = path.relative_to(folder.parent).as_posix()
        tailoring, found = examine_tailoring(path.read_text(encoding="utf-8"), service, file=name)
        findings.extend(found)
        if tailoring is not None and not found:
            good[path.parent.name] = tailoring
            if tailoring.organisation != path.parent.name:
                what = f"organisation {tailoring.organisation} in the folder of {path.parent.name}"
                findings.append(Finding.at(tailoring.place, "organisation", what, "Make them the same."))
    return good, findings


def format_findings(findings: Iterable[Finding]) -> str:
    """Return findings as text for a terminal: by file, what, how to mend it, and a count."""
    listed = sorted(findings)
    lines: list[str] = []
    for file, group in groupby(listed, key=lambda one: one.file):
        lines.append(file)
        for one in group:
            mark = "error" if one.severity == "error" else "warning"
            lines.append(f"  {one.line}:{one.column}  {mark}  {one.what}  [{one.code}]")
            lines.append(f"      {one.mend}")
    errors = sum(one.severity == "error" for one in listed)
    count = f"{counted_as(errors, 'error')}, {counted_as(len(listed) - errors, 'warning')}"
    lines.append(count if listed else "No findings.")
    return "\n".join(lines)


def counted_as(number: int, thing: str) -> str:
    """Return 1 error, 2 errors."""
    return f"{number} {thing}{'' if number == 1 else 's'}"


def _cross_check(service: LoadedService, folder: str) -> Iterator[Finding]:
    nodes_by_file = {
        name: read(text, file=name) for name, text in service.files.items() if name.endswith(".yaml")
    }
    if service.slug != folder:
        place = Place("service.yaml", 1, 1)
        yield Finding.at(
            place, "slug", f"the service is '{service.slug}', its folder '{folder}'", "Make them the same."
        )
    yield from _appeal(service, nodes_by_file["service.yaml"])
    yield from _facts(service)
    yield from _questions(service, nodes_by_file["questions.yaml"])
    yield from _clashes(service)
    yield from _results(service)
    yield from _units(service)
    yield from _sentences(service)
    yield from _letters(service, nodes_by_file)
    yield from misspelt_facts(service)


def _appeal(service: LoadedService, node: Node) -> Iterator[Finding]:
    known = [COUNTY_GOVERNOR, OWN_BOARD, *STATE_BODIES]
    to, where = service.info.appeal_to, (node.get("appeal") or node).get("to")
    if to not in known:
        place = where.place if where else node.place
        yield Finding.at(place, "appeal-body", f"'{to}' is no appeal body", suggest(to, known))


def _facts(service: LoadedService) -> Iterator[Finding]:
    said = "\n".join(
        text for name, text in service.files.items() if name != "facts.yaml" and "examples" not in name
    )
    said += "\n".join(
        text
        for fact in service.book.facts.values()
        for text in (fact.only_when, fact.of, fact.includes)
        if text
    )
    for fact in service.book.facts.values():
        if fact.source not in _OWN_SOURCES and not fact.in_entry and not (fact.law and fact.kept):
            what = f"'{fact.name}' is fetched about a person without law or kept"
            yield Finding.at(fact.place, "legal-basis", what, "Say on which law, and how long it is kept.")
        for other in (fact.of, fact.includes):
            if other is not None and other not in service.book.facts:
                mend = suggest(other, service.book.facts)
                yield Finding.at(fact.place, "unknown-name", f"'{fact.name}' refers to '{other}'", mend)
        if not fact.in_entry and not _mentioned(fact.attribute, said):
            what = f"'{fact.name}' is used nowhere"
            yield Finding.at(
                fact.place, "unused", what, "Remove it: what is not needed is not fetched.", "warning"
            )


def _mentioned(name: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None


def _questions(service: LoadedService, node: Node) -> Iterator[Finding]:
    facts = service.book.facts
    asked: set[str] = set()
    for page in (node.get("pages") or node).elements():
        for child in (page.get("shows") or node).elements():
            yield from _shown(child, facts)
        for child in (page.get("asks") or node).elements():
            asked.add(child.text("fact") or "")
            yield from _asked(child, facts)
    for fact in facts.values():
        if fact.source == "applicant" and fact.name not in asked:
            what = f"'{fact.name}' comes from the applicant, but no question asks it"
            yield Finding.at(fact.place, "not-asked", what, "Ask it in questions.yaml.")


def _shown(node: Node, facts: Mapping[str, Fact]) -> Iterator[Finding]:
    name = str(node.value)
    fact = facts.get(name)
    if fact is None:
        yield Finding.at(node.place, "unknown-name", f"there is no fact '{name}'", suggest(name, facts))
    elif not fact.shown:
        yield Finding.at(node.place, "never-shown", f"'{name}' may never be shown", "Remove it here.")
    elif not fact.label:
        mend = "Give it a label in facts.yaml, in nb, nn and en."
        yield Finding.at(node.place, "no-label", f"'{name}' is shown, but has no words", mend)


def _asked(node: Node, facts: Mapping[str, Fact]) -> Iterator[Finding]:
    name = node.text("fact") or ""
    place = (node.get("fact") or node).place
    if name not in facts:
        yield Finding.at(place, "unknown-name", f"there is no fact '{name}'", suggest(name, facts))
    elif facts[name].source != "applicant":
        what = f"'{name}' is asked, but {facts[name].source} knows it"
        yield Finding.at(place, "asks-known", what, "Show it instead: put it under shows.")
    when = node.get("when")
    if when is not None:
        try:
            parse(when.text() or "", names=frozenset(facts), dialect="dugnad")
        except FeelSyntaxError as error:
            mend = "Use the names of facts.yaml."
            yield Finding.at(when.place, "feel", str(error), mend)


def _clashes(service: LoadedService) -> Iterator[Finding]:
    """Find names that mean two things."""
    taken: dict[str, str] = dict.fromkeys(service.book.facts, "a fact")
    taken |= dict.fromkeys(service.rates.rates, "a rate")
    places: tuple[tuple[str, str, Place], ...] = (
        *((name, "an open place", one.place) for name, one in service.source.open.items()),
        *((name, "a step", one.place) for name, one in service.source.steps.items()),
    )
    for name, kind, place in places:
        if name in taken:
            what = f"'{name}' is {taken[name]} and {kind}"
            yield Finding.at(place, "clash", what, "Give one of them another name.")
        taken[name] = kind


def _results(service: LoadedService) -> Iterator[Finding]:
    source, result = service.source, service.source.result
    known = [*source.steps, *(fact.attribute for fact in service.book.facts.values() if fact.of_list)]
    for name in (result.outcome, result.amount, result.start, result.end, result.key, result.name):
        if name and name not in known:
            yield Finding.at(
                source.place, "unknown-name", f"result: there is no '{name}'", suggest(name, known)
            )
    if source.rates_on and source.rates_on not in source.steps:
        mend = suggest(source.rates_on, source.steps)
        yield Finding.at(
            source.place, "unknown-name", f"rates on: there is no step '{source.rates_on}'", mend
        )


def _units(service: LoadedService) -> Iterator[Finding]:
    named = [(one.unit, one.place) for one in service.book.facts.values()]
    named += [(one.unit, one.place) for one in service.rates.rates.values()]
    named += [(one.unit, one.place) for one in service.source.steps.values()]
    named += [(one.unit, one.place) for one in service.source.open.values()]
    wrong = [(unit, place) for unit, place in named if not _is_unit(unit)]
    for unit, place in wrong:
        yield Finding.at(
            place, "unknown-unit", f"'{unit}' is no unit", "Write kr/måned, kr/år, timer/uke, %, …"
        )
    if not wrong and _compiles(service):
        yield from mixed_units(service.ruleset())
        yield from incomplete_tables(service.ruleset())


def _is_unit(name: str) -> bool:
    try:
        known_unit(name)
    except ValueError:
        return False
    return True


def _sentences(service: LoadedService) -> Iterator[Finding]:
    words = service.ruleset().words if _compiles(service) else None
    for step in service.source.steps.values() if words else ():
        for says in step.says:
            names = words.by_scope[step.scope] if words else frozenset()
            yield from _unknown_places(says.words, names, says.place)


def _compiles(service: LoadedService) -> bool:
    try:
        service.ruleset()
    except ValueError:
        return False
    return True


def _unknown_places(texts: Texts, names: Iterable[str], place: Place) -> Iterator[Finding]:
    known = {*names, *FILLED_IN}
    for language, text in texts.items():
        for name in placeholders(text):
            if name not in known:
                what = f"{{{name}}} in the text ({language}) is no known name"
                yield Finding.at(place, "placeholder", what, suggest(name, known))


def _letters(service: LoadedService, files: Mapping[str, Node]) -> Iterator[Finding]:
    outcomes = set(_outcomes(service))
    step = service.source.steps.get(service.source.result.outcome)
    for name in sorted(outcomes - set(service.letters)):
        place = step.place if step else service.source.place
        yield Finding.at(
            place, "no-letter", f"the outcome '{name}' has no letter", f"Write letters/{name}.yaml."
        )
    for name in sorted(set(service.letters) - outcomes if outcomes else ()):
        place = Place(f"letters/{name}.yaml", 1, 1)
        yield Finding.at(
            place, "no-outcome", f"no rule gives the outcome '{name}'", suggest(name, outcomes), "warning"
        )
    if not _compiles(service):
        return
    words = service.ruleset().words
    for file, node in files.items():
        if file.startswith("letters/"):
            for key, child in node.items():
                names = words.by_scope["each" if key == "for each child" else "after"]
                texts = {language: str(text.value) for language, text in child.items()}
                yield from _unknown_places(texts, names, child.place)


def _outcomes(service: LoadedService) -> Iterator[str]:
    """Give the outcomes the rules can come to: the texts in the last step's table or formula."""
    rules = service.ruleset() if _compiles(service) else None
    for op in rules.operations("after") if rules else ():
        if op.step.name == service.source.result.outcome and op.table is not None:
            for row in op.table.table.rows:
                node = parse(row.outputs[0].text)
                if isinstance(node, nodes.Literal) and isinstance(node.value, str):
                    yield node.value
