"""`dugnad check`: everything wrong in a service folder at once, with file, line and how to mend it."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path

from dugnad.catalogue.checks.examples import expected_names, misspelt
from dugnad.catalogue.checks.facts import clashes, facts, result, units
from dugnad.catalogue.checks.questions import choices_of, questions, shown_names
from dugnad.catalogue.checks.wordings import letter_names, letters, sentences
from dugnad.catalogue.examples import ExampleReport, run_examples
from dugnad.catalogue.loading import BrokenServiceError, examine_files, read_folder, service_from_files
from dugnad.catalogue.tailoring import examine_tailoring
from dugnad.catalogue.types import COUNTY_GOVERNOR, OWN_BOARD, LoadedService, Tailoring
from dugnad.rulebook.checks.reading import read_parts
from dugnad.rulebook.checks.service import check_rules, check_tailored
from dugnad.rulebook.located import Finding, Node, Place, Severity, read, suggest
from dugnad.tenancy.types import STATE_BODIES

_HOLE = re.compile("no row of '(.*)' decides")
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "information")


def check_folder(folder: Path, tailoring: Path | None = None, *, information: bool = False) -> list[Finding]:
    """Check a service folder: form, names, types, units, tables, words, questions, letters, examples, tailorings.

    `tailoring` is the folder of all organisations' tailorings; by default the one beside `services`. With
    `information` also what is only good to know. Sorted by file and line. Raises FileNotFoundError where the
    folder does not exist.
    """
    wanted = SEVERITIES if information else SEVERITIES[:2]
    try:
        files = read_folder(folder)
    except BrokenServiceError as error:
        return list(error.findings)
    service, found = examine_files(files)
    findings = list(found)
    if service is not None:
        findings.extend(_cross_check(service, folder.name))
        if not any(one.severity == "error" for one in findings):
            tailorings, wrong = tailorings_of(service, tailoring or folder.parent.parent / "tailoring")
            findings.extend(wrong)
        if not any(one.severity == "error" for one in findings):
            holes = [_HOLE.match(one.what) for one in findings if one.code == "gap"]
            report = run_examples(service, tailorings)
            findings.extend(report.beside({found[1] for found in holes if found}))
            if information:
                findings.extend(_not_by_column(service))
    return sorted({one for one in findings if one.severity in wanted})


def _not_by_column(service: LoadedService) -> tuple[Finding, ...]:
    """Say what a sweep over everyone cannot do in SQL."""
    from dugnad.rulebook.columns import reasons  # noqa: PLC0415 - what writes SQL takes half a second to load

    return reasons(service.ruleset())


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


def try_service(service: LoadedService, tailorings: Mapping[str, Tailoring]) -> ExampleReport:
    """Run the examples of a service that is loaded, those of the organisations whose tailoring is given."""
    return run_examples(service, tailorings)


def tailorings_of(service: LoadedService, folder: Path) -> tuple[dict[str, Tailoring], list[Finding]]:
    """Read every organisation's tailoring of a service: those that fit, and what is wrong with the others."""
    good: dict[str, Tailoring] = {}
    findings: list[Finding] = []
    for path in sorted(folder.glob(f"*/{service.slug}.yaml")):
        name = path.relative_to(folder.parent).as_posix()
        tailoring, found = examine_tailoring(path.read_text(encoding="utf-8"), service, file=name)
        if tailoring is not None and not found:
            found = tuple(
                check_tailored(read_parts(service.source, service.book, service.rates, tailoring.patch))
            )
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
            lines.append(f"  {one.line}:{one.column}  {one.severity}  {one.what}  [{one.code}]")
            lines.append(f"      {one.mend}")
    lines.append(count_of(listed) if listed else "No findings.")
    return "\n".join(lines)


def count_of(findings: Iterable[Finding]) -> str:
    """Return 1 error, 2 warnings; and what is only information, where there is any."""
    by_severity = Counter(one.severity for one in findings)
    count = f"{counted_as(by_severity['error'], 'error')}, {counted_as(by_severity['warning'], 'warning')}"
    return f"{count}, {by_severity['information']} good to know" if by_severity["information"] else count


def counted_as(number: int, thing: str) -> str:
    """Return 1 error, 2 errors."""
    return f"{number} {thing}{'' if number == 1 else 's'}"


def _cross_check(service: LoadedService, folder: str) -> Iterator[Finding]:
    nodes = {name: read(text, file=name) for name, text in service.files.items() if name.endswith(".yaml")}
    if service.slug != folder:
        what = f"the service is '{service.slug}', its folder '{folder}'"
        yield Finding.at(Place("service.yaml", 1, 1), "slug", what, "Make them the same.")
    asked = nodes["questions.yaml"]
    reading = read_parts(service.source, service.book, service.rates)
    elsewhere = {*letter_names(nodes), *shown_names(asked)}
    yield from _appeal(service, nodes["service.yaml"])
    yield from facts(service, reading, elsewhere)
    yield from questions(service, asked, reading)
    yield from clashes(service)
    yield from result(service)
    yield from units(service)
    yield from sentences(service, reading)
    yield from letters(service, nodes, reading)
    yield from check_rules(
        reading, choices=choices_of(service), elsewhere=elsewhere, tried=expected_names(service)
    )
    yield from misspelt(service)


def _appeal(service: LoadedService, node: Node) -> Iterator[Finding]:
    known = [COUNTY_GOVERNOR, OWN_BOARD, *STATE_BODIES]
    to, where = service.info.appeal_to, (node.get("appeal") or node).get("to")
    if to not in known:
        place = where.place if where else node.place
        yield Finding.at(place, "appeal-body", f"'{to}' is no appeal body", suggest(to, known))
