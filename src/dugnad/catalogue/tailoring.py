"""An organisation's typed patch on the open places of a service: never a copy, always within the bounds."""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from dugnad.catalogue.loading import BrokenServiceError, fit
from dugnad.catalogue.types import Adopted, LoadedService, PlaceSet, RateConfirmed, Tailoring
from dugnad.rulebook.checks.measures import tailored_units
from dugnad.rulebook.located import Finding, Node, UnreadableError, read, suggest, texts_by_language
from dugnad.rulebook.rates import Confirmation
from dugnad.rulebook.rules.compiling import Patch
from dugnad.rulebook.rules.source import Text
from dugnad.rulebook.ruleset import bounds_of, compile_ruleset


def tailoring_from_text(text: str, service: LoadedService, *, file: str = "tailoring.yaml") -> Tailoring:
    """Read a tailoring of `service` and try it on. Raises BrokenServiceError with every finding."""
    tailoring, findings = examine_tailoring(text, service, file=file)
    errors = tuple(one for one in findings if one.severity == "error")
    if tailoring is None or errors:
        raise BrokenServiceError(errors)
    return tailoring


def load_tailoring(path: Path, service: LoadedService) -> Tailoring:
    """Read a tailoring file. Raises BrokenServiceError with every finding."""
    return tailoring_from_text(path.read_text(encoding="utf-8"), service, file=str(path))


def examine_tailoring(
    text: str, service: LoadedService, *, file: str = "tailoring.yaml"
) -> tuple[Tailoring | None, tuple[Finding, ...]]:
    """Read a tailoring as far as it goes, with everything wrong in it: form, names, bounds, rates, rules."""
    try:
        node = read(text, file=file)
    except UnreadableError as error:
        return None, (error.finding,)
    findings = fit(node, "tailoring")
    if findings:
        return None, tuple(sorted(findings))
    tailoring = _tailoring(node, text)
    findings.extend(_names(node, service))
    findings.extend(_confirmations(node, service))
    if not findings:
        rules, wrong = compile_ruleset(service.source, service.book, service.rates, tailoring.patch)
        findings.extend(wrong)
        if rules is not None:
            findings.extend(tailored_units(rules))
            findings.extend(bounds_of(rules))
    return tailoring, tuple(sorted(findings))


def _tailoring(node: Node, text: str) -> Tailoring:
    start = _day(node.get("valid from"))
    texts, confirms = node.get("texts"), node.get("confirms")
    return Tailoring(
        service=node.text("service") or "",
        organisation=node.text("organisation") or "",
        decided_by={key: child.text() or "" for key, child in (node.get("decided by") or node).items()},
        valid_from=start,
        invented=node.text("invented") == "true",
        patch=Patch(
            open={name: tuple(_dated(child, start)) for name, child in _section(node, "open")},
            confirms=frozenset(map(_confirmation, confirms.elements())) if confirms else frozenset(),
        ),
        texts={name: texts_by_language(child) for name, child in texts.items()} if texts else {},
        contact=texts_by_language(node.get("contact")),
        seen={_confirmation(one): one.text("source") or "" for one in confirms.elements()}
        if confirms
        else {},
        digest=hashlib.sha256(text.encode()).hexdigest(),
        text=text,
        place=node.place,
    )


def _section(node: Node, key: str) -> Iterator[tuple[str, Node]]:
    section = node.get(key)
    return section.items() if section else iter(())


def _day(node: Node | None) -> date:
    return node.value if node is not None and isinstance(node.value, date) else date.min


def _dated(node: Node, start: date) -> Iterator[tuple[date, Text]]:
    if not isinstance(node.value, list):
        yield start, Text(node.text() or "", node.place, node.block, node.indent)
        return
    for child in node.elements():
        value = child.get("value")
        if value is not None:
            yield _day(child.get("from")), Text(value.text() or "", value.place, value.block, value.indent)


def _confirmation(node: Node) -> Confirmation:
    return node.text("rate") or "", _day(node.get("from"))


def _names(node: Node, service: LoadedService) -> Iterator[Finding]:
    if node.text("service") != service.slug:
        place = node.keys.get("service", node.place)
        what = f"this tailors '{node.text('service')}', not '{service.slug}'"
        yield Finding.at(place, "service", what, f"Write service: {service.slug}.")
    section = node.get("open")
    for name, child in _section(node, "open"):
        if name not in service.source.open:
            place = section.keys[name] if section else child.place
            mend = suggest(name, service.source.open)
            yield Finding.at(place, "not-open", f"'{name}' is not open to tailoring", mend)
        days = [_day(one.get("from")) for one in child.elements()]
        if days != sorted(set(days)):
            yield Finding.at(child.place, "order", f"the dates of '{name}' are out of order", "Oldest first.")


def _confirmations(node: Node, service: LoadedService) -> Iterator[Finding]:
    section = node.get("confirms")
    for child in section.elements() if section else ():
        name, start = _confirmation(child)
        rate = service.rates.rates.get(name)
        if rate is None:
            mend = suggest(name, service.rates.rates)
            yield Finding.at(child.place, "unknown-rate", f"there is no rate '{name}'", mend)
            continue
        value = next((one for one in rate.values if one.start == start), None)
        if value is None:
            known = ", ".join(str(one.start) for one in rate.values)
            yield Finding.at(
                child.place, "rate-date", f"'{name}' has no value from {start}", f"It has: {known}."
            )
        elif value.value != _number(child):
            what = f"the shared rate is {value.value}, not {_number(child)}"
            mend = "Confirm the shared value, or ask the service's owner to correct it."
            yield Finding.at(child.place, "rate-differs", what, mend)


def _number(node: Node) -> Decimal | None:
    value = node.get("value")
    return value.value if value is not None and isinstance(value.value, Decimal) else None


def amended(adopted: Adopted, change: RateConfirmed | PlaceSet, *, organisation: str, on: date) -> str:
    """Return the text of the organisation's tailoring with one change more. organisation: its code.

    Comments of a file are not carried along: they stand in the file. Raises LookupError for a rate, a date or an
    open place that is not there.
    """
    tailoring, service = adopted.tailoring, adopted.service
    found: dict[str, Any] = yaml.safe_load(tailoring.text) if tailoring else {}
    found = {"service": service.slug, "organisation": organisation, **found}
    if isinstance(change, RateConfirmed):
        value = next(
            (one for one in service.rates.rates[change.rate].values if one.start == change.start), None
        )
        if value is None:
            raise LookupError(change.rate)
        number = int(value.value) if value.value == value.value.to_integral_value() else float(value.value)
        others = [one for one in found.get("confirms", ()) if _confirms(one) != (change.rate, change.start)]
        new = {"rate": change.rate, "from": change.start, "value": number, "source": change.source}
        found["confirms"] = [*others, new]
        found.setdefault("decided by", {"body": "administrator", "date": on})
        found.setdefault("valid from", change.start)
    else:
        if change.place not in service.source.open:
            raise LookupError(change.place)
        found.setdefault("valid from", change.start)
        found["decided by"] = {"body": change.body, "date": on} | (
            {"case": change.case} if change.case else {}
        )
        places = dict(found.get("open", {}))
        places[change.place] = _with_value(places.get(change.place), change, found["valid from"])
        found["open"] = places
    return yaml.dump(found, Dumper=_Plain, allow_unicode=True, sort_keys=False, width=120)


class _Plain(yaml.SafeDumper):
    """Writes what is there twice, twice: our files have no anchors."""

    def ignore_aliases(self, data: object) -> bool:
        del data
        return True


def _confirms(one: Mapping[str, Any]) -> Confirmation:
    return str(one["rate"]), one["from"]


def _with_value(before: object, change: PlaceSet, start: date) -> list[dict[str, object]]:
    """Put a value among the dated values of a place, oldest first; a value of the same day is replaced."""
    if before is None:
        dated: list[dict[str, object]] = []
    elif isinstance(before, list):
        dated = [dict(one) for one in before]
    else:
        dated = [{"from": start, "value": before}]
    kept = [one for one in dated if one["from"] != change.start]
    return sorted([*kept, {"from": change.start, "value": change.value}], key=lambda one: str(one["from"]))
