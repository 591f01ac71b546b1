"""A static type: which kinds of value an expression can have, and what is known of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from dugnad.rulebook.feel.values import Value

MOST_VALUES = 40
"""Beyond so many possible constants a type no longer lists them."""
_WORDS = {
    "number": "a number",
    "string": "a text",
    "boolean": "true or false",
    "date": "a date",
    "time": "a time",
    "date and time": "a date and time",
    "days and time duration": "a duration in days",
    "years and months duration": "a duration in months",
    "list": "a list",
    "context": "an entry with attributes",
    "range": "an interval",
    "function": "a function",
    "null": "missing (null)",
}


@dataclass(frozen=True, slots=True)
class Type:
    """The kinds of value possible; of none, nothing is known.

    `item` is what a list or an interval holds, `fields` the attributes of an entry (None: not known), `values`
    all it can be where they can be listed, `low`, `high` and `whole` what is known of a number, `parameters` and
    `result` a function's.
    """

    kinds: frozenset[str] = frozenset()
    item: "Type | None" = None
    fields: tuple[tuple[str, "Type"], ...] | None = None
    values: frozenset[Value] | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    whole: bool = False
    parameters: tuple[str, ...] | None = None
    result: "Type | None" = None

    @property
    def known(self) -> bool:
        """True where anything is known."""
        return bool(self.kinds)

    @property
    def present(self) -> frozenset[str]:
        """The kinds but for null."""
        return self.kinds - {"null"}

    @property
    def nullable(self) -> bool:
        """True where the value may be missing, as far as is known."""
        return "null" in self.kinds

    def is_only(self, kind: str) -> bool:
        """Tell whether it can only be of this kind (or missing)."""
        return self.present == {kind}

    def can_be(self, kinds: Iterable[str]) -> bool:
        """Tell whether it can be of one of these kinds; True where nothing is known."""
        return not self.kinds or bool(self.present & set(kinds))

    def attribute(self, name: str) -> "Type | None":
        """Return the type of an entry's attribute; None where there is no such one, ANY where none are known."""
        if self.fields is None:
            return ANY
        return next((type_ for key, type_ in self.fields if key == name), None)

    def words(self) -> str:
        """Return it in words: a number, a list of texts."""
        if not self.kinds:
            return "something"
        if self.is_only("list") and self.item is not None and len(self.item.present) == 1:
            (kind,) = self.item.present
            return f"a list of {_PLURALS.get(kind, kind + 's')}"
        named = [words for kind, words in _WORDS.items() if kind in self.present]
        if self.present >= {"days and time duration", "years and months duration"}:
            named = [one for one in named if "duration" not in one] + ["a duration"]
        return " or ".join(named) or _WORDS["null"]


_PLURALS = {
    "number": "numbers",
    "string": "texts",
    "boolean": "true and false",
    "date": "dates",
    "context": "entries",
    "list": "lists",
}
ANY = Type()


def of(*kinds: str) -> Type:
    """Make a type of these kinds."""
    return Type(frozenset(kinds))


NUMBER, TEXT, BOOLEAN, DATE, TIME, NULL = map(of, ("number", "string", "boolean", "date", "time", "null"))
DATE_TIME = of("date and time")
DAYS, MONTHS = of("days and time duration"), of("years and months duration")
LIST, FUNCTION, RANGE, CONTEXT = of("list"), of("function"), of("range"), of("context")


def number(*, low: int | None = None, high: int | None = None, whole: bool = True) -> Type:
    """Make the type of numbers between two limits, both included."""
    return Type(
        NUMBER.kinds,
        low=None if low is None else Decimal(low),
        high=None if high is None else Decimal(high),
        whole=whole,
    )


COUNT = number(low=0)


def list_of(item: Type) -> Type:
    """Make the type of a list."""
    return Type(LIST.kinds, item=item)


def entry(fields: Mapping[str, Type]) -> Type:
    """Make the type of an entry with these attributes."""
    return Type(CONTEXT.kinds, fields=tuple(fields.items()))


def texts(values: Iterable[str]) -> Type:
    """Make the type of a text that is one of these."""
    return Type(TEXT.kinds, values=frozenset(values))


def nullable(type_: Type) -> Type:
    """Return the same type, which may also be missing."""
    return replace(type_, kinds=type_.kinds | {"null"}) if type_.kinds else type_


def present(type_: Type) -> Type:
    """Return the same type, never missing."""
    return replace(type_, kinds=type_.present) if type_.present else type_


def either(left: Type, right: Type) -> Type:
    """Return what is known of a value that is one or the other."""
    if not left.kinds or not right.kinds:
        return ANY
    if not left.present or not right.present:
        return nullable(left if left.present else right)
    both = left.present == right.present
    return Type(
        left.kinds | right.kinds,
        item=_together(left.item, right.item),
        fields=_fields(left, right),
        values=_values(left, right),
        low=min(left.low, right.low) if both and left.low is not None and right.low is not None else None,
        high=max(left.high, right.high)
        if both and left.high is not None and right.high is not None
        else None,
        whole=both and left.whole and right.whole,
        parameters=left.parameters if left.parameters == right.parameters else None,
        result=_together(left.result, right.result),
    )


def _together(left: Type | None, right: Type | None) -> Type | None:
    return either(left, right) if left is not None and right is not None else None


def _fields(left: Type, right: Type) -> tuple[tuple[str, Type], ...] | None:
    """Return the attributes of both; one that only one side has may be there."""
    if left.fields is None or right.fields is None:
        return None
    made = dict(left.fields)
    for name, type_ in right.fields:
        made[name] = either(made[name], type_) if name in made else type_
    return tuple(made.items())


def _values(left: Type, right: Type) -> frozenset[Value] | None:
    if left.values is None or right.values is None or len(left.values | right.values) > MOST_VALUES:
        return None
    return left.values | right.values
