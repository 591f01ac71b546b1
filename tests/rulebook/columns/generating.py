"""Typed FEEL expressions over the facts of `alike`, of every form a column may have to follow, grown by Hypothesis."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from dugnad.rulebook.feel import parse
from dugnad.rulebook.tables import Cell, HitPolicy, Input, Output, Row, Table
from rulebook.columns.alike import NAMES

ROUNDINGS = ("decimal", "round up", "round down", "round half up", "round half down", "floor", "ceiling")
ORDERS = ("<", "<=", ">", ">=", "=", "!=")
NUMBERS = (
    "0", "1", "2", "-1", "3", "0.5", "-0.5", "1.5", "2.5", "-2.5", "0.005", "7", "12", "100", "-100", "6 %", "0.01",
    "1000", "45", "11", "99999999.99", "1/3", "20/45",
)  # fmt: skip
TEXTS = (
    '"a"',
    '"b"',
    '""',
    '"æøå"',
    '"B"',
    '"none"',
    '"Å"',
    '"😀"',
    '"it\'s"',
    '"a\\"b"',
    '"zz"',
    '"  "',
    '"a%_"',
)
DATES = (
    '@"2020-02-29"', '@"2020-01-31"', '@"2021-12-31"', '@"1700-01-01"', '@"2300-01-01"', '@"2000-06-15"', "date(2024, 2, 29)",
)  # fmt: skip
RANGED = (
    "before", "after", "meets", "met by", "overlaps", "overlaps before", "overlaps after", "includes", "during", "starts",
    "started by", "finishes", "finished by", "coincides",
)  # fmt: skip
POINTED = ("before", "after", "during", "starts", "finishes")
RANGES = {
    "number": (("0", "1", "n", "-5"), ("1", "5", "100", "m")),
    "date": (('@"2020-01-01"', "day", '@"2019-12-31"'), ('@"2021-12-31"', "then", "day")),
    "text": (('"a"', "word", '""'), ('"b"', "other", '"zz"')),
}
MONTHS = ('@"P1M"', '@"P1Y"', '@"P18Y"', '@"-P1M"', '@"P0M"', '@"P13M"', '@"-P4Y"')
DAYS = ('@"P1D"', '@"P0D"', '@"-P30D"', '@"P365D"', '@"P7D"')
Make = Callable[[], str]


@dataclass(frozen=True, slots=True)
class Grower:
    """Grows one expression. `people` are the loop variables at hand with the list each runs over, `inside` the
    list whose filter this stands in, `written` variables that are numbers, `depth` how many levels may still follow.
    """

    draw: DrawFn
    depth: int
    people: tuple[tuple[str, str], ...] = ()
    inside: str | None = None
    written: tuple[str, ...] = ()
    count: list[int] = field(default_factory=lambda: [0])

    def one(self, leaves: Sequence[str], makes: Sequence[Make]) -> str:
        """Pick a leaf or, while there is depth left, something made of parts."""
        if not self.depth or not makes or self.draw(st.integers(0, 5)) == 0:
            return self.pick(leaves)
        return makes[self.draw(st.integers(0, len(makes) - 1))]()

    def pick(self, of: Sequence[str]) -> str:
        return self.draw(st.sampled_from(of))

    @property
    def down(self) -> "Grower":
        return replace(self, depth=max(0, self.depth - 1))

    def fresh(self) -> str:
        self.count[0] += 1
        return f"x{self.count[0]}"

    def attributes(self, folk: Sequence[str], ting: Sequence[str]) -> list[str]:
        """Give the attributes of these kinds that can be read here."""
        of = {"folk": folk, "ting": ting}
        found = [f"{name}.{key}" for name, kind in self.people for key in of[kind]]
        return found + list(of[self.inside] if self.inside else ())

    # ── Values by type ────────────────────────────────────────────────────────────────────────────────────────

    def number(self) -> str:
        down = self.down
        n, b, d, t = down.number, down.boolean, down.date, down.text
        return self.one(
            ["n", "m", "whole", *self.written, *self.written, *self.attributes(["sum"], ["value"]), *NUMBERS],
            [
                lambda: f"({n()} {self.pick(['+', '-', '*', '+', '-', '*', '/'])} {n()})",
                lambda: f"({n()} {self.pick(['+', '-'])} {n()})",
                lambda: f"({n()} ** {self.pick(['0', '1', '2', '3'])})",
                lambda: f"(-{n()})",
                lambda: f"{{a: {n()}, b: a * 2}}.{self.pick(['a', 'b'])}",
                lambda: f"(if {b()} then {n()} else {n()})",
                lambda: f"(if {b()} then {n()} else null)",
                lambda: f"abs({n()})",
                lambda: f"{self.pick(['floor', 'ceiling'])}({n()})",
                lambda: f"{self.pick(ROUNDINGS)}({n()}, {self.pick(['0', '1', '2', '-1', '-2'])})",
                lambda: f"modulo({n()}, {n()})",
                lambda: f"{self.pick(['min', 'max', 'sum', 'mean'])}({n()}, {n()}, {n()})",
                lambda: f"{self.pick(['min', 'max', 'sum', 'mean', 'product', 'median'])}([{n()}, {n()}])",
                lambda: f"count({down.rows()})",
                lambda: (
                    f"{self.pick(['sum', 'min', 'max', 'mean', 'sum', 'max', 'count', 'median'])}({down.numbers()})"
                ),
                lambda: f"{d()}.{self.pick(['year', 'month', 'day', 'weekday'])}",
                lambda: f"{down.months()}.{self.pick(['years', 'months'])}",
                lambda: f"({down.days()}).days",
                lambda: f"({down.days()} / {down.days()})",
                lambda: f"{self.pick(['day of year', 'week of year'])}({d()})",
                lambda: f"string length({t()})",
                lambda: down.at("sum", "value"),
                lambda: f"(sort({down.numbers()})[{self.pick(['1', '-1'])}])",
                lambda: f"count(distinct values({down.numbers()}))",
                lambda: f"count(distinct values({down.texts()}))",
                lambda: f"sum({down.unrolled(Grower.number)})",
                lambda: f"{self.pick(['min', 'max'])}({down.unrolled(Grower.number)})",
                lambda: f"count({down.words()})",
            ],
        )

    def boolean(self) -> str:
        down = self.down
        n, b, d, t = down.number, down.boolean, down.date, down.text
        return self.one(
            ["yes", "no", *self.attributes(["here"], []), "true", "false"],
            [
                lambda: f"({n()} {self.pick(ORDERS)} {n()})",
                lambda: f"({t()} {self.pick(ORDERS)} {t()})",
                lambda: f"({d()} {self.pick(ORDERS)} {d()})",
                lambda: f"({down.months()} {self.pick(ORDERS)} {down.months()})",
                lambda: f"({down.days()} {self.pick(ORDERS)} {down.days()})",
                lambda: f"({b()} {self.pick(['=', '!='])} {b()})",
                lambda: f"({b()} and {b()})",
                lambda: f"({b()} or {b()})",
                lambda: f"({b()} or {b()} and {b()})",
                lambda: f"not({b()})",
                lambda: f"({n()} between {n()} and {n()})",
                lambda: f"({d()} between {d()} and {d()})",
                lambda: (
                    f"({n()} in {self.pick('[(')}{self.pick(['0', '1', '-5'])}..{self.pick(['5', '100'])}{self.pick('])')})"
                ),
                lambda: f"({n()} in (> {n()}, {n()}, <= {n()}))",
                lambda: f"({n()} in [{n()}..{n()}])",
                lambda: f"({t()} in ({t()}, {t()}))",
                lambda: f"({t()} in [{t()}, {t()}])",
                lambda: f"({t()} in {down.words()})",
                lambda: f'({d()} in [@"2020-01-01"..@"2020-12-31"])',
                lambda: f"({self.thing()} is {self.pick(['known', 'unknown'])})",
                lambda: f"({self.thing()} {self.pick(['=', '!='])} null)",
                lambda: f"(if {b()} then {b()} else {b()})",
                lambda: f"(if {b()} then {b()} else null)",
                lambda: (
                    f"({self.pick([down.rows(), down.texts(), down.words()])} {self.pick(['=', '!='])} [])"
                ),
                lambda: f"{self.pick(['starts with', 'ends with', 'contains'])}({t()}, {t()})",
                lambda: f"{self.pick(['odd', 'even'])}({n()})",
                lambda: f"list contains({down.words()}, {t()})",
                lambda: f"{self.pick(RANGED)}({down.range(self.pick(['number', 'date', 'text']))})",
                lambda: (
                    f"{self.pick(POINTED)}({down.point_and_range(self.pick(['number', 'date', 'text']))})"
                ),
                lambda: f"list contains({down.numbers()}, {n()})",
                lambda: f"{self.pick(['all', 'any'])}([{b()}, {b()}])",
                lambda: f"{self.pick(['all', 'any'])}({b()}, {b()})",
                down.quantified,
                down.quantified,
                down.quantified,
                down.of_words,
                lambda: f"{self.pick(['all', 'any'])}({down.booleans()})",
                lambda: f"({n()} in {down.numbers()})",
                lambda: down.at("here", ""),
                lambda: f"{self.pick(['all', 'any'])}({down.unrolled(Grower.boolean)})",
                down.over_values,
                down.over_written,
            ],
        )

    def text(self) -> str:
        down = self.down
        n, b, d, t = down.number, down.boolean, down.date, down.text
        return self.one(
            ["word", "other", "settled", *self.attributes(["kin", "person"], ["word", "person"]), *TEXTS],
            [
                lambda: f"({t()} + {t()})",
                lambda: f"(if {b()} then {t()} else {t()})",
                lambda: f"(if {b()} then {t()} else null)",
                lambda: f"{self.pick(['min', 'max'])}({t()}, {t()})",
                lambda: f"{self.pick(['min', 'max'])}({down.texts()})",
                lambda: f"substring({t()}, {self.pick(['1', '2', '-1', '3'])}, {self.pick(['1', '2'])})",
                lambda: f"substring({t()}, {self.pick(['1', '2', '-2'])})",
                lambda: f"{self.pick(['upper case', 'lower case'])}({t()})",
                lambda: f"{self.pick(['day of week', 'month of year'])}({d()})",
                lambda: f"{self.pick(['substring before', 'substring after'])}({t()}, {t()})",
                lambda: f"string({n()})",
                lambda: down.at("kin", "word"),
                lambda: f"(sort({down.texts()})[{self.pick(['1', '-1'])}])",
            ],
        )

    def date(self) -> str:
        down = self.down
        d, b = down.date, down.boolean
        return self.one(
            ["day", "then", *self.attributes(["born"], []), *DATES],
            [
                lambda: f"({d()} {self.pick(['+', '-'])} {down.months()})",
                lambda: f"({d()} {self.pick(['+', '-'])} {down.days()})",
                lambda: f"(if {b()} then {d()} else {d()})",
                lambda: f"(if {b()} then null else {d()})",
                lambda: f"{self.pick(['min', 'max'])}({d()}, {d()})",
                lambda: f"{self.pick(['min', 'max'])}({down.dates()})",
                lambda: down.at("born", ""),
                lambda: f"(sort({down.dates()})[{self.pick(['1', '-1'])}])",
                lambda: f"date({d()}.year, {d()}.month, {self.pick(['1', '28', '29', '31'])})",
                lambda: f"date({d()}.year + whole, {self.pick(['1', '2', '4'])}, {d()}.day)",
                lambda: f"date(2020, {down.number()}, {down.number()})",
            ],
        )

    def months(self) -> str:
        down = self.down
        return self.one(
            MONTHS,
            [
                lambda: f"years and months duration({down.date()}, {down.date()})",
                lambda: f"years and months duration({down.date()}, {down.date()})",
                lambda: f"({down.months()} {self.pick(['+', '-'])} {down.months()})",
                lambda: f"(-{down.months()})",
                lambda: f"abs({down.months()})",
                lambda: f"({down.months()} * {self.pick(['2', '3', 'whole'])})",
                lambda: f"(if {down.boolean()} then {down.months()} else {down.months()})",
            ],
        )

    def days(self) -> str:
        down = self.down
        return self.one(
            DAYS,
            [
                lambda: f"({down.date()} - {down.date()})",
                lambda: f"({down.date()} - {down.date()})",
                lambda: f"({down.days()} {self.pick(['+', '-'])} {down.days()})",
                lambda: f"(-{down.days()})",
                lambda: f"abs({down.days()})",
                lambda: f"({down.days()} * {self.pick(['2', '7', 'whole'])})",
                lambda: f"(if {down.boolean()} then {down.days()} else {down.days()})",
            ],
        )

    def thing(self) -> str:
        """Something of any type."""
        down = self.down
        makes = [down.number, down.boolean, down.text, down.date, down.months]
        return (
            makes[self.draw(st.integers(0, len(makes) - 1))]()
            if self.depth
            else self.pick(["n", "word", "day"])
        )

    # ── Lists ─────────────────────────────────────────────────────────────────────────────────────────────────

    def source(self, kind: str) -> str:
        """A list of persons of this kind, whole or chosen from."""
        if not self.depth or self.draw(st.booleans()):
            return kind
        inner = replace(self.down, inside=kind)
        once = f"{kind}[{inner.boolean()}]"
        return once if self.draw(st.integers(0, 3)) else f"{once}[{inner.boolean()}]"

    def rows(self) -> str:
        return self.source(self.pick(["folk", "ting"]))

    def values(self, folk: Sequence[str], ting: Sequence[str], grow: Callable[["Grower"], str]) -> str:
        kind = self.pick(["folk", "ting"] if ting else ["folk"])
        attribute = self.pick(folk if kind == "folk" else ting)
        if not self.depth or self.draw(st.booleans()):
            return f"{self.source(kind)}.{attribute}"
        name = self.fresh()
        source = self.source(kind)
        body = grow(replace(self.down, people=(*self.people, (name, kind))))
        return f"(for {name} in {source} return {body})"

    def numbers(self) -> str:
        return self.values(["sum"], ["value"], Grower.number)

    def dates(self) -> str:
        return self.values(["born"], [], Grower.date)

    def texts(self) -> str:
        return self.values(["kin", "person"], ["word"], Grower.text)

    def booleans(self) -> str:
        return self.values(["here"], [], Grower.boolean)

    def words(self) -> str:
        """A list of texts."""
        own = ["words", *self.attributes(["kin of"], [])]
        return self.pick(own) if self.draw(st.booleans()) else self.texts()

    def at(self, folk: str, ting: str) -> str:
        """An attribute of the first or last person, or of one in between."""
        kind = self.pick(["folk", "ting"] if ting else ["folk"])
        place, attribute = self.pick(["1", "-1", "2"]), folk if kind == "folk" else ting
        form = self.pick(["{0}[{1}].{2}", "({0}.{2})[{1}]"])
        return f"({form.format(self.source(kind), place, attribute)})"

    def range(self, kind: str) -> str:
        """Give two ranges of one kind, as arguments."""
        return f"{self.interval(kind)}, {self.interval(kind)}"

    def interval(self, kind: str) -> str:
        """Give a range, most often one that begins before it ends."""
        if self.draw(st.booleans()):
            low, high = RANGES[kind]
            return f"{self.pick('[(')}{self.pick(low)}..{self.pick(high)}{self.pick('])')}"
        low_end: str = getattr(self, kind)()
        high_end: str = getattr(self, kind)()
        return f"{self.pick('[(')}min({low_end}, {high_end})..max({low_end}, {high_end}){self.pick('])')}"

    def point_and_range(self, kind: str) -> str:
        """Give a point and a range, as arguments."""
        point: str = getattr(self, kind)()
        return f"{point}, {self.interval(kind)}"

    def unrolled(self, grow: Callable[["Grower"], str]) -> str:
        """Give a loop over written values."""
        name, down = self.fresh(), self.down
        inner = replace(down, written=(*self.written, name))
        source = self.pick(["1..3", "2..0", f"[{down.number()}, {down.number()}]"])
        return f"(for {name} in {source} return {grow(inner)})"

    def over_written(self) -> str:
        name = self.fresh()
        inner = replace(self.down, written=(*self.written, name))
        source = self.pick(["1..3", f"[{self.number()}, {self.number()}]"])
        return f"({self.pick(['some', 'every'])} {name} in {source} satisfies {inner.boolean()})"

    def over_values(self) -> str:
        """Say something of the values of a list, or of some of them."""
        name, down = self.fresh(), self.down
        inner = replace(down, written=(*self.written, name))
        source = down.numbers()
        if self.draw(st.booleans()):
            source = f"{source}[item {self.pick(ORDERS)} {down.number()}]"
        return f"({self.pick(['some', 'every'])} {name} in {source} satisfies {inner.boolean()})"

    def quantified(self) -> str:
        kind, name = self.pick(["folk", "ting"]), self.fresh()
        source = self.source(kind)
        people = (*self.people, (name, kind))
        more = ""
        if self.depth and not self.draw(st.integers(0, 4)):
            other, second = self.pick(["folk", "ting"]), self.fresh()
            more = f", {second} in {replace(self, people=people).source(other)}"
            people = (*people, (second, other))
        body = replace(self, people=people).boolean()
        return f"({self.pick(['some', 'every'])} {name} in {source}{more} satisfies {body})"

    def of_words(self) -> str:
        name = self.fresh()
        tests = [f"{name} in {self.words()}", f"{name} = {self.text()}", f"{self.text()} != {name}"]
        test = self.pick([*tests, f'{name} in ("a", "æøå", "zz")', f'{name} in ["b"]'])
        test = test if self.draw(st.booleans()) else f"not({test})"
        return f"({self.pick(['some', 'every'])} {name} in {self.words()} satisfies {test})"


@st.composite
def expressions(draw: DrawFn, depth: int = 3) -> str:
    """Grow an expression of any type."""
    grower = Grower(draw, draw(st.integers(1, depth)))
    makes = [
        grower.number,
        grower.boolean,
        grower.boolean,
        grower.text,
        grower.date,
        grower.months,
        grower.days,
    ]
    return makes[draw(st.integers(0, len(makes) - 1))]()


SINGLE, ADDED = ("U", "A", "P", "F"), ("C+", "C<", "C>", "C#")
LITERALS = {
    "number": ("0", "1", "-2.5", "100", "45"),
    "boolean": ("true", "false"),
    "text": ('"a"', '"b"', '"æøå"', '""'),
    "date": ('@"2020-02-29"', '@"2021-01-01"'),
}


@st.composite
def tables(draw: DrawFn) -> Table:
    """Grow a decision table of any hit policy that gives one value."""
    policy = draw(st.sampled_from((*SINGLE, *SINGLE, *ADDED)))
    inputs = draw(st.lists(st.sampled_from(tuple(LITERALS)), min_size=1, max_size=3))
    single = policy in SINGLE
    kinds = ("number", "text", "date", "boolean") if single else ("number",)
    outputs = draw(st.lists(st.sampled_from(kinds), min_size=1, max_size=2 if single else 1))
    grower = Grower(draw, 1)
    rows = tuple(
        Row(
            tuple(Cell(_test(grower, kind)) for kind in inputs),
            tuple(Cell(_output(grower, kind, ranked=policy == "P")) for kind in outputs),
        )
        for _ in range(draw(st.integers(1, 4)))
    )
    heads = [getattr(grower, kind)() for kind in inputs]
    return Table(
        tuple(_input(grower, text, kind) for text, kind in zip(heads, inputs, strict=True)),
        tuple(_head(grower, f"o{at}", kind, policy) for at, kind in enumerate(outputs)),
        rows,
        HitPolicy.named(policy),
    )


def _input(grower: Grower, text: str, kind: str) -> Input:
    allowed = Cell(", ".join(LITERALS[kind])) if grower.draw(st.integers(0, 19)) == 0 else None
    return Input(text, parse(text, names=NAMES, dialect="dugnad"), allowed)


def _head(grower: Grower, name: str, kind: str, policy: str) -> Output:
    stated = policy == "P" or grower.draw(st.integers(0, 19)) == 0
    values = Cell(", ".join(LITERALS[kind])) if stated else None
    default = Cell(grower.pick((*LITERALS[kind], "null"))) if grower.draw(st.integers(0, 3)) == 0 else None
    return Output(name, values, default)


def _test(grower: Grower, kind: str) -> str:
    """A cell that asks something of an input."""
    literals = LITERALS[kind]
    one = grower.pick
    forms = [
        "-",
        one(literals),
        one(literals),
        f"{one(literals)}, {one(literals)}",
        f"not({one(literals)})",
        "null",
    ]
    forms.append({"number": "n", "text": "word", "date": "day", "boolean": "yes"}[kind])
    if kind != "boolean":
        forms += [
            f"{one(ORDERS[:4])} {one(literals)}",
            f"? != {one(literals)}",
            f"not({one(ORDERS[:4])} {one(literals)})",
        ]
    if kind == "number":
        forms += ["[0..45]", "(0..100]", "< 0, > 10", "? * 2 > m", "[0..n]"]
    return one(forms)


def _output(grower: Grower, kind: str, *, ranked: bool) -> str:
    if ranked or grower.draw(st.booleans()):
        return grower.pick(LITERALS[kind])
    made: str = getattr(grower, kind)()
    return made


def formulas() -> SearchStrategy[str]:
    """Give expressions of every size that a person might write."""
    return expressions()
