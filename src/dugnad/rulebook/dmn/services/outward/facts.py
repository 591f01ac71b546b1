"""Facts as input data and types: what a decision is told, with its source, its unit and its section of law."""

import json
from collections.abc import Iterator, Mapping

from dugnad.rulebook.dmn.model import InformationItem, InputData, ItemDefinition, Raw, UnaryTests
from dugnad.rulebook.dmn.services.names import Names, identifier
from dugnad.rulebook.dmn.services.words import element, texts
from dugnad.rulebook.feel import to_value
from dugnad.rulebook.located import Scalar
from dugnad.rulebook.rules.facts import Fact, FactBook, to_data
from dugnad.rulebook.rules.source import Open

TYPES: Mapping[str, str] = {"text": "string", "number": "number", "boolean": "boolean", "date": "date"}
LIST_OF_TEXTS = "tekster"


def type_of(fact: Fact, names: Names) -> str:
    """Return the name of a fact's type in the model."""
    if fact.kind == "persons":
        return f"{names[fact.name]} liste"
    if fact.of_list is None and allowed(fact) is not None:
        return f"{names[fact.name]} verdi"
    return TYPES.get(fact.kind, LIST_OF_TEXTS)


def allowed(fact: Fact) -> UnaryTests | None:
    """Return the values a text or a number can have, where they are listed; what stands for an unknown one with them."""
    if not fact.one_of or fact.kind not in ("text", "number"):
        return None
    missing = () if fact.if_not_found is None else (fact.if_not_found,)
    values = dict.fromkeys(_feel(one) for one in (*fact.one_of, *missing))
    return UnaryTests(text=", ".join(values))


def _feel(value: Scalar) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else str(to_data(to_value(value)))


def person_type(list_name: str, names: Names) -> str:
    """Return the name of the type of one person in a list."""
    return f"{names[list_name]} oppføring"


def input_of(fact: Fact, names: Names) -> InputData:
    """Return a fact as input data."""
    name = names[fact.name]
    return InputData(
        id=identifier("input", fact.name),
        name=name,
        description=_described(fact),
        extensions=(_said(fact),),
        variable=InformationItem(name=name, type_ref=type_of(fact, names)),
    )


def item_definitions(book: FactBook, names: Names) -> Iterator[ItemDefinition]:
    """Give the types: of each list of persons the list and the person, of texts in a list, and of listed values."""
    texts_id = identifier("type", LIST_OF_TEXTS)
    yield ItemDefinition(id=texts_id, name=LIST_OF_TEXTS, type_ref="string", is_collection=True)
    for fact in book.facts.values():
        if fact.kind == "persons":
            yield from _persons(fact, book, names)
        elif fact.of_list is None and allowed(fact) is not None:
            yield ItemDefinition(
                id=identifier("type", fact.name),
                name=type_of(fact, names),
                type_ref=TYPES[fact.kind],
                allowed_values=allowed(fact),
            )


def _persons(fact: Fact, book: FactBook, names: Names) -> Iterator[ItemDefinition]:
    one = person_type(fact.name, names)
    yield ItemDefinition(
        id=identifier("type", f"{fact.name} person"),
        name=one,
        components=tuple(
            ItemDefinition(
                id=identifier("type", part.name),
                name=names[part.attribute],
                description=_described(part),
                extensions=(_said(part),),
                type_ref=type_of(part, names),
                allowed_values=allowed(part),
            )
            for part in book.attributes(fact.name)
        ),
    )
    whole = type_of(fact, names)
    yield ItemDefinition(id=identifier("type", fact.name), name=whole, type_ref=one, is_collection=True)


def open_type(place: Open, names: Names) -> ItemDefinition:
    """Return the type of a municipality's own value: the choices, or the bounds where they are plain numbers."""
    choices = ", ".join(f'"{one}"' for one in place.one_of)
    return ItemDefinition(
        id=identifier("type", place.name),
        name=f"{names[place.name]} valg",
        type_ref="string" if place.one_of else "number",
        allowed_values=UnaryTests(text=choices) if choices else None,
    )


def _described(fact: Fact) -> str:
    parts = [
        (fact.label or {}).get("nb", ""),
        f"Enhet: {fact.unit}" if fact.unit else "",
        f"Kilde: {fact.source}" if fact.source else "",
        f"Hjemmel: {fact.law}" if fact.law else "",
        f"Står for: {fact.only_when}" if fact.only_when else "",
        f"Hvis registeret ikke vet: {to_data(fact.if_not_found)}" if fact.if_not_found is not None else "",
    ]
    return ". ".join(part for part in parts if part)


def _said(fact: Fact) -> Raw:
    return element(
        "fact",
        children=texts("label", fact.label or {}),
        name=fact.name,
        kind=fact.kind,
        unit=fact.unit,
        from_=fact.source,
        field="" if fact.field == fact.attribute else fact.field,
        law=fact.law,
        kept=fact.kept,
    )
