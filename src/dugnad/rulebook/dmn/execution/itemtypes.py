"""Item definitions → FEEL types (DMN 1.5, 7.3.3 and 10.3.2.9).

``allowedValues`` narrow each item of a collection, ``typeConstraint`` the whole value.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from dugnad.rulebook.dmn.execution.library import Library, dmn_imports
from dugnad.rulebook.dmn.model import Definitions, ItemDefinition, LiteralExpression, UnaryTests
from dugnad.rulebook.dmn.namespaces import FEEL, current
from dugnad.rulebook.feel.compiler import compile_expression
from dugnad.rulebook.feel.diagnostics import FeelSyntaxError
from dugnad.rulebook.feel.grammar.parser import parse_type, parse_unary_tests
from dugnad.rulebook.feel.grammar.scope import Shape
from dugnad.rulebook.feel.typed import (
    ANY,
    PLAIN_TYPES,
    Constrained,
    ContextType,
    FeelType,
    FunctionType,
    ListType,
    RangeType,
    resolve,
)
from dugnad.rulebook.feel.values import Value, kind_of

MAX_LEVELS = 100
"""Types that one can be made of, each of the next."""
Report = Callable[[int, str, str], None]
"""Takes a problem: line, what, how to mend it."""


@dataclass(frozen=True, slots=True)
class AnyOf(FeelType):
    """All contexts, or all functions: types that an element may name and an expression may not."""

    name: str

    def holds(self, value: Value) -> bool:
        """Tell whether the value is of this kind."""
        return kind_of(value) == self.name

    def __str__(self) -> str:
        return self.name


@dataclass(slots=True, eq=False)
class Later(FeelType):
    """A type that speaks of itself, as a person with children who are persons; known when all are."""

    name: str
    kind: FeelType | None = None

    def holds(self, value: Value) -> bool:
        """Tell whether the value is one of the type named."""
        return self.kind is not None and self.kind.holds(value)

    def __str__(self) -> str:
        return self.name


_LOOSE: dict[str, FeelType] = {
    "context": AnyOf("context"),
    "function": AnyOf("function"),
    "list": ListType(ANY),
    "range": RangeType(ANY),
    "any": ANY,
}


@dataclass(slots=True)
class Types:
    """The types of one model: its own, and those it imports as ``name.type``."""

    model: Definitions
    report: Report
    imported: list[tuple[str, "Types"]] = field(default_factory=list)
    made: dict[str, FeelType] = field(default_factory=dict)
    open: dict[str, Later] = field(default_factory=dict)
    items: dict[str, ItemDefinition] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Index the item definitions; a component is one too, as ``type.component``."""
        for item in self.model.item_definitions:
            self._index(item.name, item)

    def _index(self, name: str, item: ItemDefinition) -> None:
        self.items.setdefault(name, item)
        for component in item.components:
            self._index(f"{name}.{component.name}", component)

    def named(self, ref: str | None, line: int = 0) -> FeelType:
        """Give the type an element names; Any where it names none or, reported, an unknown one."""
        if not ref or not ref.strip():
            return ANY
        found = self._find(ref.strip())
        if found is None:
            self.report(line, f"There is no type “{ref.strip()}”.", "Define it, or correct the name.")
            return ANY
        return found

    def visible(self) -> dict[str, FeelType]:
        """Give the types an expression may name after ``instance of`` and for its parameters."""
        return dict(_Named(self))

    def names(self) -> Iterator[str]:
        """Give the names of the model's own types, and of those it imports."""
        yield from self.items
        for prefix, types in self.imported:
            yield from (f"{prefix}.{name}" if prefix else name for name in types.items)

    def owner(self, name: str) -> tuple["Types", str] | None:
        """Tell whose a type is, and what it is called there."""
        if name in self.items:
            return self, name
        for prefix, types in self.imported:
            lead = f"{prefix}." if prefix else ""
            if name.startswith(lead) and name[len(lead) :] in types.items:
                return types, name[len(lead) :]
        return None

    def _find(self, ref: str) -> FeelType | None:
        name = self._unprefixed(ref)
        if name not in self.items and (name in PLAIN_TYPES or name in _LOOSE):
            return PLAIN_TYPES.get(name) or _LOOSE[name]
        found = self.owner(name)
        return found[0]._item(found[1]) if found else self._written(name)  # noqa: SLF001 - same class

    def definition(self, ref: str) -> ItemDefinition | None:
        """Give the item definition a name leads to, here or in an imported model."""
        found = self.owner(self._unprefixed(ref.strip()))
        return found and found[0].items[found[1]]

    def values(self, ref: str | None, column: str = "") -> UnaryTests | None:
        """Give the values a type allows, its own or those of the type it is made of; ``column`` asks for a part of
        it.
        """
        seen: set[str] = set()
        while ref and ref not in seen:
            seen.add(ref)
            item = self.definition(ref)
            if item is None:
                return None
            part = next((each for each in item.components if column and each.name == column), None)
            if part is not None:
                return part.allowed_values or self.values(part.type_ref)
            if item.allowed_values is not None and not column:
                return item.allowed_values
            ref = item.type_ref
        return None

    def _unprefixed(self, ref: str) -> str:
        """Take off a namespace prefix, as DMN 1.1 wrote ``feel:string``."""
        prefix, colon, name = ref.partition(":")
        known = dict(self.model.prefixes)
        if not colon or ref in self.items or prefix not in known:
            return ref
        if current(known[prefix]) in (FEEL, self.model.namespace):
            return name
        for lead, types in self.imported:
            if types.model.namespace == known[prefix] and lead:
                return f"{lead}.{name}"
        return name

    def _written(self, text: str) -> FeelType | None:
        """Read a type written out, as ``list<number>``."""
        try:
            return resolve(parse_type(text, types=tuple(self.names())), _Named(self))
        except FeelSyntaxError:
            return None

    def _item(self, name: str) -> FeelType:
        if name in self.made:
            return self.made[name]
        if name in self.open:
            return self.open[name]
        if len(self.open) >= MAX_LEVELS:
            what = f"The type “{name}” stands more than {MAX_LEVELS} types deep in others."
            self.report(self.items[name].line, what, "Make it of fewer.")
            return Constrained(ANY, lambda _value: None, name)
        later = self.open[name] = Later(name)
        later.kind = self.made[name] = self._type(self.items[name], name)
        del self.open[name]
        return self.made[name]

    def _type(self, item: ItemDefinition, name: str) -> FeelType:
        kind: FeelType
        if item.components:
            entries = {each.name: self._item(f"{name}.{each.name}") for each in item.components}
            kind = ContextType(entries, name=name)
        elif item.function is not None:
            function = item.function
            parameters = (self.named(each.type_ref, each.line) for each in function.parameters)
            kind = FunctionType(tuple(parameters), self.named(function.output_type_ref, function.line))
        else:
            kind = self.named(item.type_ref, item.line)
        itself = isinstance(kind, Later) and kind.name == name and kind.kind is None
        if itself and not item.is_collection:
            self.report(item.line, f"The type “{name}” is defined by itself.", "Say what it is made of.")
            return ANY
        kind = self.narrowed(kind, item.allowed_values, name)
        if item.is_collection:
            kind = ListType(kind)
        return self.narrowed(kind, item.type_constraint, name)

    def language(self, box: LiteralExpression | UnaryTests) -> str:
        """Give the language a text stands in; empty for FEEL of any version."""
        language = box.expression_language or self.model.expression_language or FEEL
        return "" if current(language) == FEEL or language.strip().lower() == "feel" else language

    def narrowed(self, kind: FeelType, tests: UnaryTests | None, name: str) -> FeelType:
        """Narrow a type by unary tests; broken ones are reported, and then no value conforms."""
        if tests is None or not tests.text.strip():
            return kind
        language = self.language(tests)
        if language:
            self.report(tests.line, f"The values of “{name}” stand in {language}.", "Write them in FEEL.")
            return Constrained(kind, lambda _value: None, name)
        shape: dict[str, Shape | None] = {"?": kind.shape()}
        try:
            code = compile_expression(
                parse_unary_tests(tests.text, names=shape, dialect="dmn"), missing="null"
            )
        except FeelSyntaxError as error:
            self.report(tests.line, f"The values of “{name}” are not FEEL: {error}", "Write unary tests.")
            return Constrained(kind, lambda _value: None, name)
        return Constrained(kind, lambda value: code({"?": value}), name)


@dataclass(frozen=True, slots=True, eq=False)
class _Named(Mapping[str, FeelType]):
    """The types of a model by name, each made when it is asked for: one may speak of another further down."""

    types: Types

    def __getitem__(self, name: str) -> FeelType:
        found = self.types.owner(name)
        if found is None:
            raise KeyError(name)
        return found[0]._item(found[1])  # noqa: SLF001 - of this file

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(self.types.names()))

    def __len__(self) -> int:
        return len(set(self.types.names()))


def types_of(library: Library, report: Callable[[str, int, str, str], None]) -> Mapping[str, Types]:
    """Give the types of every model of a library, by namespace. ``report`` takes file, line, what, mend."""

    def reporter(file: str) -> Report:
        return lambda line, what, mend: report(file, line, what, mend)

    found = {
        namespace: Types(model, reporter(library.files[namespace]))
        for namespace, model in library.models.items()
    }
    for types in found.values():
        types.imported = [(each.name, found[each.namespace]) for each in dmn_imports(types.model)]
    return found
