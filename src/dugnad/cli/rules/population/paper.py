"""A sweep on paper: a map of the municipalities as SVG, and a page of HTML with the map and the figures."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any

from dugnad.cli.rules.population.tally import Place, Tally
from dugnad.rulebook.rules.words import format_amount, format_date, format_value

PER = {"måned": "i måneden", "år": "i året", "uke": "i uka"}
_CLASSES = 5
_BELOW = 300
_BORDERS_FROM = "Kommunegrenser: Kartverket, CC BY 4.0, forenklet."
_MAP_STYLE = """
text { font: 250px system-ui, sans-serif; fill: #1b1f23 } path, rect { stroke: #51606e; stroke-width: 8; fill: #f2f4f6 }
.s1 { fill: #dbe7f3 } .s2 { fill: #a9c7e5 } .s3 { fill: #6ea1d1 } .s4 { fill: #3a78b3 } .s5 { fill: #154a80 }
.from { font-size: 190px } path:hover { stroke: #c2410c; stroke-width: 40 }
"""
_STYLE = """
:root { color-scheme: light dark; --text: #1b1f23; --back: #fff; --line: #ccd3da }
@media screen and (prefers-color-scheme: dark) { :root { --text: #e6e9ec; --back: #14181c; --line: #3a424a }
  svg text { fill: #e6e9ec } svg path, svg rect { stroke: #0f1419; fill: #2a3138 }
  svg .s1 { fill: #1f4468 } svg .s2 { fill: #2c6296 } svg .s3 { fill: #4a8ac6 } svg .s4 { fill: #86b8e2 }
  svg .s5 { fill: #d2e6f7 } }
body { font: 1rem/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem;
  color: var(--text); background: var(--back); overflow-wrap: break-word }
h1 { line-height: 1.2; font-size: clamp(1.5rem, 5vw, 2rem) }
table { border-collapse: collapse; width: 100% } caption { text-align: left; font-weight: 600; padding: .5rem 0 }
th, td { padding: .3rem .6rem; border-bottom: 1px solid var(--line); text-align: left }
td.n, th.n { text-align: right; white-space: nowrap } thead th { vertical-align: bottom; white-space: normal }
figure { margin: 1rem 0 } svg { display: block; width: 100%; height: auto; max-height: 85vh }
.scroll { overflow-x: auto } .scroll:focus-visible { outline: 3px solid #1f6fb2 }
@page { margin: 15mm }
@media print { body { margin: 0; max-width: none; font-size: 9pt } svg { max-height: 170mm } tr, figure { break-inside: avoid }
  th, td { padding: .1rem .3rem } .scroll { overflow: visible } }
"""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the page is about: the two versions, the day, the names of municipalities, what an amount is per."""

    title: str
    old: str
    new: str
    day: date
    per: str
    names: Mapping[str, str]


@cache
def borders() -> Mapping[str, Any]:
    """Return {width, height, paths: {municipality: SVG path}}."""
    found: Mapping[str, Any] = json.loads(
        (files("dugnad.cli.rules.population.borders") / "borders.json").read_text(encoding="utf-8")
    )
    return found


def drawn(sheet: Sheet, tally: Tally) -> str:
    """Return the map: each municipality shaded by how many of its residents have a change, told in its title too."""
    drawing, limits = borders(), _limits(tally)
    parts = [
        _area(path, _shade(tally.places.get(code), limits), _told(sheet, code, tally))
        for code, path in drawing["paths"].items()
    ]
    label = f"Kart: andel av innbyggerne med endring, {sheet.title}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {drawing["width"]} {drawing["height"] + _BELOW}" role="img" '
        f'aria-label="{escape(label)}"><style>{_MAP_STYLE}</style>'
        f"<desc>{_BORDERS_FROM}</desc><g>{''.join(parts)}</g>{''.join(_legend(drawing['width'], limits))}"
        f'<text class="from" x="0" y="{drawing["height"] + _BELOW - 60}">{_BORDERS_FROM}</text></svg>'
    )


def page(sheet: Sheet, tally: Tally) -> str:
    """Return the whole page, in Norwegian, without scripts."""
    whole = tally.whole
    return f"""<!doctype html>
<html lang="nb"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(sheet.title)}: hva en ny versjon endrer</title><style>{_STYLE}</style></head><body><main>
<h1>{escape(sheet.title)}: hva en ny versjon endrer</h1>
<p>Fra {escape(sheet.old)} til {escape(sheet.new)}, for søknader {escape(_day(sheet.day))}.</p>
<p><strong>{_number(whole.changed)} av {_number(whole.residents)} innbyggere</strong> bor i en husholdning der noe endres:
{_number(whole.outcome)} får et annet utfall ({_number(whole.refused)} får avslag og fikk det ikke før,
{_number(whole.granted)} får ikke lenger avslag), {_number(whole.amount)} et annet beløp ({_number(whole.better)} et
bedre, {_number(whole.worse)} et dårligere), {_number(whole.to_person)} må nå til en saksbehandler.
Summen går fra {_money(whole.before)} til {_money(whole.after)} {escape(sheet.per)}: <strong>{_signed(whole)}</strong>.</p>
<figure>{drawn(sheet, tally)}
<figcaption>Andel av innbyggerne i kommunen med endring. Tabellen under har de samme tallene.</figcaption></figure>
{_moves(tally)}
{_places(sheet, tally)}
{_basis(tally)}
</main></body></html>
"""


def _basis(tally: Tally) -> str:
    """Return what the figures rest on: whose they are, what was assumed, what nobody knew, how they were found."""
    account, whole = tally.account, tally.whole
    answers = "; ".join(f"{name}: {format_value(value, '', 'nb')}" for name, value in account.answers.items())
    lines = [
        (
            f"Regnet ut for {_number(whole.households)} husholdninger i et syntetisk Norge med {_number(account.persons)}"
            f" levende personer. Ingen av personene finnes. Familier og inntekter er som {_day(account.as_of)}."
        ),
        f"Alle er tenkt å svare det samme på det bare en søker vet: {answers}." if answers else "",
        f"Ingen av registrene her vet {', '.join(account.unknown)}; det er ukjent for alle."
        if account.unknown
        else "",
        f"{_number(account.exactly)} svar som var i tvil kolonnevis, er regnet ut nøyaktig."
        if not account.reasons
        else "Hver husholdning er regnet ut for seg.",
        f"{_number(sum(tally.failed.values()))} husholdninger kunne ikke regnes ut, og er holdt utenfor."
        if tally.failed
        else "",
    ]
    return (
        "<h2>Slik er det regnet ut</h2><ul>"
        + "".join(f"<li>{escape(one)}</li>" for one in lines if one)
        + "</ul>"
    )


def _area(path: str, shade: str, told: str) -> str:
    return f'<path d="{path}"{shade}><title>{escape(told)}</title></path>'


def _limits(tally: Tally) -> list[float]:
    """Return the upper ends of classes with about as many municipalities each, of those with a change."""
    shares = sorted(place.share for place in tally.places.values() if place.changed)
    ends = (shares[len(shares) * part // _CLASSES - 1] for part in range(1, _CLASSES + 1) if shares)
    return list(dict.fromkeys(ends))


def _shade(place: Place | None, limits: list[float]) -> str:
    if place is None or not place.changed:
        return ""
    at = next(at for at, end in enumerate(limits) if place.share <= end)
    return f' class="s{_class(at, len(limits))}"'


def _class(at: int, count: int) -> int:
    """Return which of the shades: the last is the darkest, however few there are."""
    return _CLASSES - count + at + 1


def _legend(width: int, limits: list[float]) -> Iterator[str]:
    """Draw what the shades mean, in the empty corner of the sea to the south-east."""
    left, top, size = round(width * 0.62), 6_700, 320
    yield f'<text x="{left}" y="{top - 160}">Andel med endring</text>'
    low, lines = "", [("", "ingen endring")]
    for at, end in enumerate(limits):
        lines.append(
            (
                f' class="s{_class(at, len(limits))}"',
                f"{low}–{_share(end)} %" if at else f"til {_share(end)} %",
            )
        )
        low = _share(end)
    for at, (shade, words) in enumerate(lines):
        y = top + at * (size + 60)
        yield f'<rect x="{left}" y="{y}" width="{size}" height="{size}"{shade}/>'
        yield f'<text x="{left + size + 120}" y="{y + 250}">{words}</text>'


def _share(share: float) -> str:
    return f"{share * 100:.1f}".replace(".", ",")


def _told(sheet: Sheet, code: str, tally: Tally) -> str:
    name, place = sheet.names.get(code, code), tally.places.get(code)
    if place is None or not place.changed:
        return f"{name}: ingen endring"
    return f"{name}: {_number(place.changed)} av {_number(place.residents)} innbyggere, {_signed(place)} {sheet.per}"


def _moves(tally: Tally) -> str:
    if not tally.moves:
        return "<p>Ingen får et annet utfall.</p>"
    rows = "".join(
        f'<tr><td>{escape(old)}</td><td>{escape(new)}</td><td class="n">{_number(count)}</td></tr>'
        for (old, new), count in tally.moves.most_common()
    )
    head = (
        '<tr><th scope="col">Fra</th><th scope="col">Til</th><th scope="col" class="n">Innbyggere</th></tr>'
    )
    return f"<table><caption>Utfall som endres</caption><thead>{head}</thead><tbody>{rows}</tbody></table>"


def _places(sheet: Sheet, tally: Tally) -> str:
    columns = ("Innbyggere", "Med endring", "Annet utfall", "Annet beløp", "Før", "Etter", "Forskjell")
    head = "".join(f'<th scope="col" class="n">{column}</th>' for column in columns)
    rows = "".join(_row(sheet.names.get(code, code), place) for code, place in tally.by_change())
    caption = f"Kommuner med endring, beløp {escape(sheet.per)}"
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{caption}"><table><caption>{caption}</caption>'
        f'<thead><tr><th scope="col">Kommune</th>{head}</tr></thead><tbody>{rows}</tbody></table></div>'
    )


def _row(name: str, place: Place) -> str:
    figures = (
        *map(_number, (place.residents, place.changed, place.outcome, place.amount)),
        _money(place.before),
        _money(place.after),
        _signed(place),
    )
    cells = "".join(f'<td class="n">{figure}</td>' for figure in figures)
    return f'<tr><th scope="row">{escape(name)}</th>{cells}</tr>'


def _day(day: date) -> str:
    return format_date(day, "nb")


def _number(number: int) -> str:
    return f"{number:,}".replace(",", "\u00a0")


def _money(amount: Any) -> str:
    return format_amount(amount, "nb")


def _signed(place: Place) -> str:
    sign = "+" if place.difference > 0 else ""
    return f"{sign}{_money(place.difference)}".replace("-", "−")
