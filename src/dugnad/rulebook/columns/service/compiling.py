"""The steps of a service by column: each worked out once, in the frame where it belongs.

Two passes may be needed, as in the exact evaluator: one in which what nobody has confirmed is unknown, to see
whether it matters, and one with the unconfirmed values. What does not depend on them is the same column in both.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from dugnad.rulebook.columns.cells.sql import Flag, Sql, any_flag, certain, is_null, truth
from dugnad.rulebook.columns.cells.target import Target
from dugnad.rulebook.columns.cells.whole import NotByColumn
from dugnad.rulebook.columns.expressions import Scope, Translator, functions, lists, logic
from dugnad.rulebook.columns.expressions.cell import Cell, Each, Entry, Kind, Rows, Several, Thing
from dugnad.rulebook.columns.expressions.tables import TableTranslation
from dugnad.rulebook.columns.plan.frames import Frame, Plan
from dugnad.rulebook.columns.relations import APPLICANTS, Layout
from dugnad.rulebook.columns.service.opening import BASE, Opening, Settings
from dugnad.rulebook.feel import parse
from dugnad.rulebook.feel.values import Value
from dugnad.rulebook.rules.compiling import Patch, StepOp, inside
from dugnad.rulebook.rules.source import ROUNDINGS, Open, Step, Text
from dugnad.rulebook.rules.source import Scope as Section
from dugnad.rulebook.ruleset import Ruleset

_WAYS = {
    "hele kroner ned": (0, "floor"),
    "hele kroner nærmeste": (0, "half up"),
    "hele kroner opp": (0, "ceiling"),
    "øre ned": (2, "floor"),
    "øre nærmeste": (2, "half up"),
}


WANTED = frozenset({"utfall", "stopp", "øre", "fra", "til"})
"""The columns of the result that may be asked for; key, doubt and position are always there."""


class NotCompiled(Exception):  # noqa: N818 - a finding on its way, no error of the program
    """A place in the rules that no column can follow: where, and why."""

    def __init__(self, name: str, text: Text | None, start: int, reason: str) -> None:
        super().__init__(reason)
        self.name = name
        self.text = text
        self.start = max(start, 0)
        self.reason = reason


@dataclass(frozen=True)
class Asked:
    """What is asked of a service: which organisations with which tailoring, on which day, what is the same for all.

    `by` is the fact that names the organisation that decides. `given` may hold it, if it is one for all.
    Without `everyone`, those are left out who have nothing to be decided for: most, where a service is for parents;
    nobody, where it decides for the applicant as a whole. `wants` are the columns of the result that are worked
    out; the others are NULL. `stoppet` instead of `stopp` asks only whether the bits are zero: which of them are
    set is then not sure, and fewer rows are in doubt. Raises ValueError for a column there is not.
    """

    rules: Ruleset
    on: date
    patches: Mapping[str, Patch] = field(default_factory=dict)
    by: str = "vår kommune"
    given: Mapping[str, Value] = field(default_factory=dict)
    everyone: bool = True
    wants: frozenset[str] = WANTED

    def __post_init__(self) -> None:
        unknown = self.wants - WANTED - {"stoppet"}
        if unknown:
            raise ValueError(
                f"no column of the result: {', '.join(sorted(unknown))}; there are {', '.join(sorted(WANTED))}"
            )


class Compiler:
    """Turns one service into columns; gives out things by name. Raises NotCompiled."""

    def __init__(self, asked: Asked, target: Target) -> None:
        self.asked = asked
        self.rules = asked.rules
        self.source = asked.rules.source
        self.layout = Layout(asked.rules.book, asked.given)
        patches = self._patches()
        self.settings = Settings(patches, asked.by)
        self.plan = Plan(BASE)
        self.translator = Translator(self.plan, target, self)
        self.opening = {
            soft: Opening(self.translator, patches, self.settings, asked.on, self._day_of(soft))
            for soft in (False, True)
        }
        sections: tuple[Section, ...] = ("common", "each", "after")
        self.ops: dict[str, StepOp] = {
            op.name: op for section in sections for op in self.rules.operations(section)
        }
        self._known: dict[tuple[str, bool], Thing] = {}
        self._items: Frame | None = None
        self.choosing: list[tuple[Frame, Sql]] = []

    def _patches(self) -> dict[str, Patch]:
        """Give the tailorings that can differ here; the one of the service's own ruleset holds for all others."""
        if self.rules.patch.open or self.rules.patch.confirms:
            raise NotCompiled("", None, 0, "the rules are already tailored: give the tailorings as `patches`")
        one = self.asked.given.get(self.asked.by)
        if one is not None:
            return {str(one): self.asked.patches[str(one)]} if str(one) in self.asked.patches else {}
        return dict(self.asked.patches)

    # ── What names mean ───────────────────────────────────────────────────────────────────────────────────────

    def lookup(self, section: Section, *, soft: bool) -> Any:
        """Give what resolves a name in a section."""

        def find(name: str) -> Thing | None:
            return self._find(name, section, soft=soft)

        return find

    def _find(self, name: str, section: Section, *, soft: bool) -> Thing | None:
        names = self.rules.words.by_scope[section]
        if name not in names:
            return None
        step = self.source.steps.get(name)
        if section == "each":
            if step is not None and step.scope == "each":
                return self.thing(name, soft=soft)
            if name == self.source.called or name in self.rules.words.item:
                item = self._item()
                return (
                    item if name == self.source.called else self.layout.attribute(self.translator, item, name)
                )
        if section == "after" and name == self.source.result.list and self.source.each_over is not None:
            return self._results(soft=soft)
        return self.thing(name, soft=soft)

    def thing(self, name: str, *, soft: bool = False) -> Thing:
        """Give a fact, a rate, an open place or a step by its name."""
        key = (name, soft)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._made(name, soft=soft)
        return found

    def _made(self, name: str, *, soft: bool) -> Thing:
        if name in self.ops:
            return self._step(self.ops[name], soft=soft)
        if name in self.source.open:
            return self._open(self.source.open[name], soft=soft)
        rates = self.rules.rates.rates
        if name in rates:
            return self.translator.settle(self.opening[soft].rate(rates[name], soft=soft))
        if name in self.rules.book.facts:
            return self.layout.fact(self.translator, name)
        raise NotByColumn(f"“{name}” is not known to the columns")

    def _day_of(self, soft: bool) -> Any:  # noqa: FBT001 - which pass
        def day() -> Cell:
            chosen = self.source.rates_on
            if chosen is None:
                return self.translator.literal(self.asked.on)
            found = self.thing(chosen, soft=soft)
            if not isinstance(found, Cell) or found.kind is not Kind.DATE:
                raise NotByColumn("the day whose rates count is no date")
            if found.frame is not None and found.frame is not self.plan.main:
                raise NotByColumn("the day whose rates count depends on the item")
            return found

        return day

    def scope(self, section: Section, *, soft: bool) -> Scope:
        """Give the scope of a section's formulas."""
        frame = self._item().frame if section == "each" and self.source.each_over else self.plan.main
        return Scope(frame, self.lookup(section, soft=soft))

    def formula(self, text: Text, section: Section, *, soft: bool) -> Thing:
        """Translate a formula."""
        node = parse(text.text, names=self.rules.words.by_scope[section], dialect="dugnad")
        return self.translator.thing(node, self.scope(section, soft=soft))

    def placed(self, name: str, text: Text | None, run: Any) -> Any:
        """Run a translation; what cannot be translated is named with its place."""
        try:
            return run()
        except NotByColumn as reason:
            raise NotCompiled(name, text, reason.start, reason.reason) from None

    # ── Steps and open places ─────────────────────────────────────────────────────────────────────────────────

    def _step(self, op: StepOp, *, soft: bool) -> Thing:
        step = op.step

        def run() -> Thing:
            if op.table is not None:
                names = self.rules.words.by_scope[step.scope]
                scope = self.scope(step.scope, soft=soft)
                made = TableTranslation(self.translator, op.table.table, names, scope).run()
            elif step.formula is not None:
                made = self.formula(step.formula, step.scope, soft=soft)
            else:
                raise NotByColumn("a step without formula and table")
            if isinstance(made, Cell):
                return self.translator.settle(self._rounded(step, made, soft=soft))
            return made

        found: Thing = self.placed(step.name, step.table or step.formula, run)
        return found

    def _rounded(self, step: Step, cell: Cell, *, soft: bool) -> Cell:
        if step.round is None or cell.kind is not Kind.NUMBER:
            return cell
        name = step.round.text
        if name in _WAYS:
            return self._rounded_so(cell, name)
        chosen = self.thing(name, soft=soft)
        if not isinstance(chosen, Cell) or chosen.kind is not Kind.TEXT:
            raise NotByColumn("a rounding that is no choice")
        if chosen.literal is not None:
            return self._rounded_so(cell, chosen.literal)
        ways = [way for way in self.source.open[name].one_of if way in ROUNDINGS]
        cells = [self._rounded_so(cell, way) for way in ways]
        tests = [logic.compared(self.translator, "=", chosen, self.translator.literal(way)) for way in ways]
        frame, met = self.translator.meet(*tests, *cells)
        pairs = [(met[at].sql, met[len(ways) + at]) for at in range(len(ways))]
        return self.translator.choose(pairs, None, frame)

    def _rounded_so(self, cell: Cell, name: str) -> Cell:
        places, way = _WAYS[name]
        made = functions.rounded(self.translator, cell.doubted(None), places, way)
        edge = made.doubt if cell.null is None else None
        return replace(made, null=cell.null, doubt=any_flag(cell.doubt, edge))

    def _open(self, place: Open, *, soft: bool) -> Cell:
        opening = self.opening[soft]

        def read(text: Text) -> Cell:
            if place.one_of:
                return self.translator.literal(text.text)
            cell = self.placed(place.name, text, lambda: self.formula(text, "each", soft=soft))
            if not isinstance(cell, Cell):
                raise NotByColumn("an open place that is a list")
            return cell

        def otherwise() -> Cell:
            cell = read(place.otherwise)
            if place.verified or not soft:
                return cell
            nobody: dict[str, Any] = {}
            return opening.where_confirmed(cell, nobody, opening.not_set(place))

        def limits() -> list[tuple[str, Cell]]:
            bounds = (("<", place.at_least), (">", place.at_most))
            return [(op, read(text)) for op, text in bounds if text is not None]

        early = place.name in self._upstream()
        made = opening.place(place, early=early, otherwise=otherwise, read=read, limits=limits)
        # Its errors count only where it is used: they stay with it.
        doubt, settled = made.doubt, self.translator.settle(made.doubted(None))
        return settled.doubted(doubt)

    def _upstream(self) -> set[str]:
        """Give what the day of the rates itself depends on."""
        found: set[str] = set()
        todo = [self.source.rates_on] if self.source.rates_on else []
        while todo:
            name = todo.pop()
            if name in found:
                continue
            found.add(name)
            if name in self.ops:
                todo.extend(self.ops[name].reads)
            elif name in self.source.open:
                place = self.source.open[name]
                texts = [place.otherwise, *(t for t in (place.at_least, place.at_most) if t)]
                texts += [t for patch in self.asked.patches.values() for _, t in patch.open.get(name, ())]
                if not place.one_of:
                    todo.extend(read for text in texts for read in self._reads(text))
        return found

    def _reads(self, text: Text) -> set[str]:
        from dugnad.rulebook.feel import free_names  # noqa: PLC0415 - the one use

        names = self.rules.words.by_scope["each"]
        return free_names(parse(text.text, names=names, dialect="dugnad"))

    # ── The items decided for ─────────────────────────────────────────────────────────────────────────────────

    def _item(self) -> Entry:
        over = self.source.each_over
        if over is None:
            raise NotByColumn("there are no items to decide for")
        listed = self.placed("decide for each", over, lambda: self.formula(over, "common", soft=False))
        if not isinstance(listed, Rows) or listed.owner is not self.plan.main:
            raise NotCompiled("decide for each", over, 0, "the items are no list of persons")
        if self._items is None:
            keep = None
            if listed.keep is not None:
                made = listed.frame.define(certain(listed.keep))
                keep = self.plan.columns[made.name]
            self._items = self.plan.chosen(listed.frame, keep)
            self.choosing = [(frame, flag) for frame in self.plan.frames for flag in frame.doubts]
            self.choosing += [*listed.gaps, (listed.frame, keep.read() if keep else truth(True))]
            # A list nobody knows has no items: those rows are the exact evaluator's.
            self.plan.main.doubt(listed.lost)
        base = self.layout.entry(listed)
        return Entry(self._items, base.origin, base.name, base.names)

    def _results(self, *, soft: bool) -> Rows:
        item = self._item()
        name = f"\0{soft:d}"
        return Rows(item.frame, None, self.plan.main, item.frame, name, None)

    def attribute(self, translator: Translator, entry: Entry, name: str) -> Thing:
        """Read an attribute of an entry; of a result also the steps worked out for it."""
        if not entry.name.startswith("\0"):
            return self.layout.attribute(translator, entry, name)
        step = self.source.steps.get(name)
        item = self._item()
        if step is not None and step.scope == "each":
            made = self.thing(name, soft=entry.name == "\x001")
        else:
            made = self.layout.attribute(translator, item, name)
        if not isinstance(made, Cell):
            raise NotByColumn(f"“{name}” of a result is a list")
        return made if entry.frame is item.frame else translator.bring(made, entry.frame)

    def entry(self, rows: Rows) -> Entry:
        """Give the entry of each row of a list."""
        if not rows.name.startswith("\0"):
            return self.layout.entry(rows)
        item = self._item()
        steps = {name for name, step in self.source.steps.items() if step.scope == "each"}
        return Entry(rows.frame, item.frame, rows.name, frozenset(item.names | steps))

    @property
    def item_frame(self) -> Frame | None:
        """Give the frame of the items, where there are any."""
        return self._item().frame if self.source.each_over is not None else None


def missing(thing: Thing) -> list[tuple[Frame, Flag]]:
    """Give where a step's value is unknown, or a value in its list."""
    if isinstance(thing, Cell):
        return [(thing.frame, thing.unknown)] if thing.frame is not None else []
    if isinstance(thing, Rows):
        return [(thing.owner, thing.lost)]
    if isinstance(thing, Each):
        rows, cell = thing.rows, thing.cell
        found = None if cell.sure else lists.found(rows, is_null(cell.sql))
        return [(rows.owner, any_flag(rows.lost, found))]
    if isinstance(thing, Several):
        return [one for cell in thing.cells for one in missing(cell)]
    return []


__all__ = ["APPLICANTS", "Asked", "Compiler", "NotCompiled", "inside", "missing"]
