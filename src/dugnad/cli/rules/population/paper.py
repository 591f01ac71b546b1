"""A sweep on paper: a map of the municipalities as SVG, and a page of HTML with the map and the figures."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any

from dugnad.cli.rules.population.tally import Place, Tally
from dugnad.rulebook.rules.words import format_amount

PER = {"måned": "i måneden", "år": "i året", "uke": "i uka"}
_NOTHING, _STEPS = "#f2f4f6", ("#dbe7f3", "#a9c7e5", "#6ea1d1", "#3a78b3", "#154a80")
_BORDER = "#51606e"
_BORDERS_FROM = "Kommunegrenser: Kartverket, CC BY 4.0, forenklet."
_STYLE = """
body { font: 1rem/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; color: #1b1f23 }
table { border-collapse: collapse; width: 100% } caption { text-align: left; font-weight: 600; padding: .5rem 0 }
th, td { padding: .3rem .6rem; border-bottom: 1px solid #ccd3da; text-align: left }
td.n, th.n { text-align: right; white-space: nowrap }
figure { margin: 1rem 0 } svg { width: 100%; height: auto; max-height: 60rem } .scroll { overflow-x: auto }
"""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the page is about: the two versions, the day, the names of municipalities, what an amount is per."""

    title: str
    old: str
    new: str
    day: str
    persons: str
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
    drawing = borders()
    most = max((place.share for place in tally.places.values()), default=0.0)
    parts = [
        _area(path, _shade(tally.places.get(code), most), _told(sheet, code, tally))
        for code, path in drawing["paths"].items()
    ]
    legend = "".join(_legend(drawing["width"], most)) if most else ""
    label = f"Kart: andel av innbyggerne med endring, {sheet.title}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {drawing["width"]} {drawing["height"]}" role="img" '
        f'aria-label="{escape(label)}">'
        f'<desc>{_BORDERS_FROM}</desc><g stroke="{_BORDER}" stroke-width="8">{"".join(parts)}</g>{legend}</svg>'
    )


def page(sheet: Sheet, tally: Tally) -> str:
    """Return the whole page, in Norwegian, without scripts."""
    whole = tally.whole
    return f"""<!doctype html>
<html lang="nb"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(sheet.title)}: hva en ny versjon endrer</title><style>{_STYLE}</style></head><body><main>
<h1>{escape(sheet.title)}: hva en ny versjon endrer</h1>
<p>Fra {escape(sheet.old)} til {escape(sheet.new)}, per {escape(sheet.day)}.
{escape(sheet.persons)} Ingen av personene finnes.</p>
<p><strong>{_number(whole.changed)} av {_number(whole.residents)} innbyggere</strong> bor i en husholdning der noe endres:
{_number(whole.outcome)} får et annet utfall, {_number(whole.amount)} et annet beløp,
{_number(whole.to_person)} må nå til en saksbehandler.
Summen går fra {_money(whole.before)} til {_money(whole.after)} {escape(sheet.per)}: <strong>{_signed(whole)}</strong>.</p>
<figure>{drawn(sheet, tally)}<figcaption>Andel av innbyggerne i kommunen med endring.
{_BORDERS_FROM}</figcaption></figure>
{_moves(tally)}
{_places(sheet, tally)}
</main></body></html>
"""


def _area(path: str, shade: str, told: str) -> str:
    return f'<path d="{path}" fill="{shade}"><title>{escape(told)}</title></path>'


def _shade(place: Place | None, most: float) -> str:
    if place is None or not place.changed or not most:
        return _NOTHING
    return _STEPS[min(len(_STEPS) - 1, int(place.share / most * len(_STEPS)))]


def _legend(width: int, most: float) -> Iterator[str]:
    """Draw what the shades mean, in the empty corner of the sea to the south-east."""
    left, top, size = round(width * 0.62), 7_200, 320
    for at, shade in enumerate(_STEPS):
        low, high = (round(most * part / len(_STEPS) * 100, 1) for part in (at, at + 1))
        y = top + at * (size + 60)
        words = f"{low:g}–{high:g} %".replace(".", ",")
        yield f'<rect x="{left}" y="{y}" width="{size}" height="{size}" fill="{shade}" stroke="{_BORDER}" stroke-width="8"/>'
        yield f'<text x="{left + size + 120}" y="{y + 250}" font-size="270" font-family="system-ui, sans-serif">{words}</text>'


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


def _number(number: int) -> str:
    return f"{number:,}".replace(",", "\u00a0")


def _money(amount: Any) -> str:
    return format_amount(amount, "nb")


def _signed(place: Place) -> str:
    sign = "+" if place.difference > 0 else ""
    return f"{sign}{_money(place.difference)}".replace("-", "−")
