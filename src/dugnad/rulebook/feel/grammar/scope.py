"""Names in scope, found by longest match: ``barn nr.`` and ``husholdningens inntekt`` are one name each.

FEEL lets names hold spaces and symbols, so where a name ends depends on which names exist (DMN 1.5 section
10.3.1.2).
A scope also knows the *shape* of what a name holds: the properties that can follow a dot.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Literal, Union

from dugnad.rulebook.feel.diagnostics import FeelSyntaxError
from dugnad.rulebook.feel.grammar.tokens import Token, tokenize

Dialect = Literal["feel", "dmn", "dugnad"]
"""``feel``: names are checked where some are given. ``dmn``: names are always checked, properties never (a
missing one is null). ``dugnad``: as ``feel``, with units, percentages and ``is known``."""
Shape = Mapping[str, Union["Shape", None]]
"""Property name → shape of the property; None where nothing is known."""


def shape_of_names(names: Collection[str]) -> dict[str, Shape | None]:
    """Turn names and dotted paths into shapes.

    ``barn.alder`` is a path where ``barn`` itself is among the names; otherwise the dot belongs to the
    name, as in ``barn nr.``
    """
    tree: dict[str, dict[str, Shape | None] | None] = {}
    for name in sorted(names, key=len):
        root = next(
            (
                name[:at]
                for at in range(len(name))
                if name[at] == "." and name[:at] in tree and name[at + 1 :]
            ),
            None,
        )
        if root is None:
            tree[name] = None
            continue
        held = tree[root]
        if held is None:
            held = tree[root] = {}
        _grow(held, name[len(root) + 1 :])
    return dict(tree)


def _grow(shape: dict[str, Shape | None], path: str) -> None:
    head, dot, rest = path.partition(".")
    if dot and rest and head in shape:
        inner = dict(shape[head] or {})
        _grow(inner, rest)
        shape[head] = inner
    else:
        shape.setdefault(path, None)


def words_of(name: str) -> tuple[str, ...]:
    """Cut a name into its tokens; nothing for a text that can be no name, as one with a lone quotation mark."""
    try:
        return tuple(token.text for token in tokenize(name)[:-1])
    except FeelSyntaxError:
        return ()


class Scope:
    """One level of names, with the level outside it.

    ``closed``: a name not found is an error. ``of_item``: the names are properties of a filter's item.
    """

    def __init__(
        self,
        names: Mapping[str, Shape | None],
        outer: "Scope | None" = None,
        *,
        closed: bool = False,
        of_item: bool = False,
    ) -> None:
        self.outer = outer
        self.closed: bool = closed if outer is None else closed and outer.closed
        self.of_item = of_item
        self.names: dict[str, Shape | None] = {}
        self.by_first: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for name, shape in names.items():
            self.add(name, shape)

    def add(self, name: str, shape: Shape | None = None) -> None:
        """Bring one more name into this level."""
        words = words_of(name)
        if not words:
            return
        if name not in self.names:
            known = self.by_first.setdefault(words[0], [])
            known.append((words, name))
            known.sort(key=lambda entry: -len(entry[0]))
        self.names[name] = shape

    def match(self, tokens: Sequence[Token], at: int) -> tuple[str, int] | None:
        """Find the longest name that starts at token ``at``; gives the name and how many tokens it took."""
        best: tuple[str, int] | None = None
        scope: Scope | None = self
        first = tokens[at].text
        while scope is not None:
            for words, name in scope.by_first.get(first, ()):
                size = len(words)
                if best is not None and size <= best[1]:
                    break
                if at + size < len(tokens) and (
                    size == 1 or words == tuple([token.text for token in tokens[at : at + size]])
                ):
                    best = (name, size)
                    break
            scope = scope.outer
        return best

    def shape(self, name: str) -> Shape | None:
        """Give the shape of the innermost thing with this name."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names:
                return scope.names[name]
            scope = scope.outer
        return None

    def has(self, name: str) -> bool:
        """Tell whether the name is declared at this level or outside it."""
        return name in self.names or (self.outer is not None and self.outer.has(name))

    def is_of_item(self, name: str) -> bool:
        """Tell whether a name is a property of a filter's item; one found nowhere inside a filter is taken
        for one.
        """
        scope: Scope | None = self
        in_filter = False
        while scope is not None:
            in_filter = in_filter or scope.of_item
            if name in scope.names:
                return scope.of_item and name != "item"
            scope = scope.outer
        return in_filter

    def all_names(self) -> Iterator[str]:
        """Give every name that could be used here."""
        scope: Scope | None = self
        while scope is not None:
            yield from scope.names
            scope = scope.outer


Names = Scope | Mapping[str, Shape | None] | Collection[str]
"""What may be used: names alone, names with what is known of their properties, or a scope made of them once."""


def scope_of(names: Mapping[str, Shape | None], dialect: Dialect = "dmn") -> Scope:
    """Make a scope to hand to ``parse`` many times, as for all cells of a table."""
    return Scope(names, closed=bool(names) or dialect == "dmn")


def type_scope(types: Scope | Collection[str]) -> Scope:
    """Make a scope of the names of a model's own types."""
    return types if isinstance(types, Scope) else _type_scope(frozenset(types))


@lru_cache(maxsize=64)
def _type_scope(types: frozenset[str]) -> Scope:
    return Scope(dict.fromkeys(types))


def root_scope(names: Names, dialect: Dialect) -> Scope:
    """Make the outermost scope of the names that are given."""
    if isinstance(names, Scope):
        return names
    if isinstance(names, Mapping):
        return scope_of(names, dialect)
    return _scope(frozenset(names), closed=bool(names) or dialect == "dmn")


@lru_cache(maxsize=64)
def _scope(names: frozenset[str], *, closed: bool) -> Scope:
    """Make the outermost scope; the cells of a table all share one, and nothing is ever added to it."""
    return Scope(shape_of_names(names), closed=closed)
