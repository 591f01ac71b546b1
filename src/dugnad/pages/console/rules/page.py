"""The page of the rules: the decision graph, and all it is made of, for those who must answer for it."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from dugnad.access.types import Right, Staff
from dugnad.catalogue import checking
from dugnad.catalogue import queries as catalogue
from dugnad.design.languages import current_language
from dugnad.design.texts import t
from dugnad.pages.console.entering import show
from dugnad.pages.console.rules.graph import Graph, graph_of
from dugnad.pages.console.rules.reading import Reader
from dugnad.pages.sessions import Request, staff
from dugnad.pages.staffed import entered
from dugnad.rulebook.checks.coverage import Coverage, coverage
from dugnad.rulebook.dmn.services.law import address
from dugnad.rulebook.dmn.services.names import identifier
from dugnad.shared.calendar import oslo

_KEPT = 32


@dataclass(frozen=True, slots=True)
class ExampleLine:
    """An example of the service: its place on the page, what came of it, whether that was expected."""

    anchor: str
    name: str
    source: str
    on: date | None
    outcome: str
    passed: bool


@require_GET
@staff(Right.SEE_CONSOLE)
@entered
def rules_page(request: Request, member: Staff, slug: str) -> HttpResponse:
    """Show the rules of a service as this organisation uses it, on today's date."""
    adopted = catalogue.adopted(member.organisation_id, slug)
    language = current_language()
    examples, covered = _tried(adopted.edition)
    reader = Reader(adopted, language, covered, {one.name: f"#{one.anchor}" for one in examples})
    on = oslo(request.now)
    source = adopted.ruleset.source
    context = {
        "slug": slug,
        "title": adopted.service.info.title[language],
        "law": source.law,
        "law_address": address(source.law),
        "edition": adopted.edition,
        "tailoring": adopted.tailoring,
        "decided_on": _day(adopted.tailoring.decided_by.get("date", "")) if adopted.tailoring else None,
        "graph": _graph(adopted.edition, language),
        "steps": reader.steps(),
        "stops": reader.stops(),
        "rates": reader.rates(on),
        "rates_on": source.rates_on or "",
        "rates_on_href": f"#{identifier('step', source.rates_on)}" if source.rates_on else "",
        "open": reader.open_places(on),
        "facts": reader.facts(),
        "each": source.each_over.text if source.each_over else "",
        "examples": examples,
        "unreached": [one for one in covered.of("row") if not one.reached],
        "on": on,
    }
    return show(request, member, "rules/page.html", context)


def _day(text: str) -> date | None:
    """Return a day as tailoring writes it; None where it is written otherwise."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@lru_cache(maxsize=_KEPT)
def _graph(edition: str, language: str) -> Graph:
    del language  # the words of the boxes for screen readers follow it

    def said(kind: str, name: str, law: str) -> str:
        words = t(f"rules.graph.{kind}", name=name)
        return f"{words}, {law}" if law else words

    return graph_of(catalogue.by_edition(edition).ruleset, said)


@lru_cache(maxsize=_KEPT)
def _tried(edition: str) -> tuple[tuple[ExampleLine, ...], Coverage]:
    """Run the examples of an edition; those of other organisations' tailorings are left out."""
    adopted = catalogue.by_edition(edition)
    service, tailoring = adopted.service, adopted.tailoring
    mine = {tailoring.organisation: tailoring} if tailoring else {}
    report = checking.try_service(service, mine)
    listed = service.examples.get("examples")
    written = {one.place.line: one for one in (listed.elements() if listed else ())}
    lines: list[ExampleLine] = []
    for result in report.results:
        if result.outcome is not None:
            day = written[result.line].get("date")
            on = day.value if day is not None and isinstance(day.value, date) else None
            stops = ", ".join(stop.name for stop in result.outcome.stops)
            lines.append(
                ExampleLine(
                    anchor=identifier("example", result.name),
                    name=result.name,
                    source=written[result.line].text("source") or "",
                    on=on,
                    outcome=f"→ {stops}" if stops else result.outcome.outcome or "",
                    passed=result.passed,
                )
            )
    reached = [(one.name, one.outcome) for one in report.results if one.outcome is not None]
    return tuple(lines), coverage(adopted.ruleset, reached)
