"""What `rules.yaml` says, as plain records: nothing is compiled here, every record knows its place."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from dugnad.rulebook.located import Node, Place, texts_by_language

Scope: TypeAlias = Literal["common", "each", "after"]
SECTIONS: Mapping[str, Scope] = {"calculate": "common", "calculate each": "each", "conclude": "after"}
_NOWHERE = Place("rules.yaml", 1, 1)
ROUNDINGS = ("hele kroner ned", "hele kroner nærmeste", "hele kroner opp", "øre ned", "øre nærmeste")


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of FEEL (or a table) and where it stands."""

    text: str
    place: Place
    block: bool = False
    indent: int = 0


@dataclass(frozen=True, slots=True)
class Says:
    """A sentence for people, by language; used where `when` (FEEL) holds, or always."""

    when: Text | None
    words: Mapping[str, str]
    place: Place


@dataclass(frozen=True, slots=True)
class Step:
    """One calculation: a formula or a table, with its section of law and its words."""

    name: str
    scope: Scope
    place: Place
    law: str
    unit: str
    formula: Text | None
    table: Text | None
    round: Text | None
    title: Mapping[str, str]
    says: tuple[Says, ...]


@dataclass(frozen=True, slots=True)
class Stop:
    """A control point: where `when` holds, automation stops and a person decides."""

    name: str
    place: Place
    when: Text
    law: str
    why: Mapping[str, str]
    todo: str


@dataclass(frozen=True, slots=True)
class Open:
    """An open place: what a municipality may set, how far, and what holds otherwise."""

    name: str
    place: Place
    unit: str
    law: str
    at_least: Text | None
    at_most: Text | None
    one_of: tuple[str, ...]
    otherwise: Text
    verified: bool


@dataclass(frozen=True, slots=True)
class Result:
    """Which names carry the result: of each item the amount, the period and what it is called.

    `refusals` are the outcomes that are refusals, None where it is not said; `better` is which way the amount is
    better for the resident, `lower` for a price or `higher` for a benefit, empty where it is not said.
    """

    list: str = "vedtak"
    outcome: str = "utfall"
    amount: str = ""
    start: str = ""
    end: str = ""
    key: str = "person"
    name: str = ""
    refusals: tuple[Text, ...] | None = None
    better: str = ""
    place: Place = _NOWHERE

    def refuses(self, outcome: str | None) -> bool:
        """Tell whether this outcome is a refusal."""
        return outcome is not None and any(outcome == one.text for one in self.refusals or ())


@dataclass(frozen=True, slots=True)
class RuleSource:
    """A whole `rules.yaml`."""

    place: Place
    law: str
    rates_on: str | None
    stops: tuple[Stop, ...]
    open: Mapping[str, Open]
    steps: Mapping[str, Step]
    each_over: Text | None
    called: str | None
    result: Result


def read_rules(node: Node) -> RuleSource:
    """Read `rules.yaml`. The file's form is checked by its schema; what is absent here stays empty."""
    steps = {
        step.name: step for section, scope in SECTIONS.items() for step in _steps(node.get(section), scope)
    }
    stops = node.get("stop")
    opened = node.get("open")
    return RuleSource(
        place=node.place,
        law=node.text("law") or "",
        rates_on=node.text("rates on"),
        stops=tuple(_stop(name, child) for name, child in stops.items()) if stops else (),
        open={name: _open(name, child) for name, child in opened.items()} if opened else {},
        steps=steps,
        each_over=_text(node.get("decide for each")),
        called=node.text("called"),
        result=_result(node.get("result")),
    )


def _text(node: Node | None) -> Text | None:
    if node is None or node.value is None or isinstance(node.value, list | dict):
        return None
    shown = str(node.value).lower() if isinstance(node.value, bool) else str(node.value)
    return Text(shown, node.place, node.block, node.indent)


def _steps(section: Node | None, scope: Scope) -> Iterator[Step]:
    for name, node in section.items() if section else ():
        yield Step(
            name=name,
            scope=scope,
            place=section.keys[name] if section else node.place,
            law=node.text("law") or "",
            unit=node.text("unit") or "",
            formula=_text(node.get("is")),
            table=_text(node.get("table")),
            round=_text(node.get("round")),
            title=texts_by_language(node.get("title")),
            says=tuple(_says(node.get("says"))),
        )


def _says(node: Node | None) -> Iterator[Says]:
    if node is None:
        return
    for child in node.elements() if isinstance(node.value, list) else (node,):
        words = {language: text for language, text in texts_by_language(child).items() if language != "when"}
        yield Says(_text(child.get("when")), words, child.place)


def _stop(name: str, node: Node) -> Stop:
    when = _text(node.get("when")) or Text("false", node.place)
    why = texts_by_language(node.get("why"))
    return Stop(name, node.place, when, node.text("law") or "", why, node.text("do") or "")


def _open(name: str, node: Node) -> Open:
    listed = node.get("one of")
    return Open(
        name=name,
        place=node.place,
        unit=node.text("unit") or "",
        law=node.text("law") or "",
        at_least=_text(node.get("at least")),
        at_most=_text(node.get("at most")),
        one_of=tuple(str(child.value) for child in listed.elements()) if listed else (),
        otherwise=_text(node.get("otherwise")) or Text("null", node.place),
        verified=node.text("verified") != "false",
    )


def _result(node: Node | None) -> Result:
    if node is None:
        return Result()
    refusals = node.get("refusals")
    return Result(
        list=node.text("list") or "vedtak",
        outcome=node.text("outcome") or "utfall",
        amount=node.text("amount") or "",
        start=node.text("from") or "",
        end=node.text("to") or "",
        key=node.text("key") or "person",
        name=node.text("name") or "",
        refusals=None if refusals is None else tuple(filter(None, map(_text, refusals.elements()))),
        better=node.text("better") or "",
        place=node.place,
    )
