"""A DMN model as a service: our own export back into the very files it came from, with what was changed in it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from dugnad.rulebook.dmn.model import (
    Context,
    Decision,
    DecisionTable,
    Definitions,
    DrgElement,
    Expression,
    LiteralExpression,
    Part,
    TextAnnotation,
)
from dugnad.rulebook.dmn.services.annotations import with_descriptions
from dugnad.rulebook.dmn.services.inward import tables, yaml_text
from dugnad.rulebook.dmn.services.inward.added import Additions
from dugnad.rulebook.dmn.services.inward.foreign import service_from_model, slug_of
from dugnad.rulebook.dmn.services.inward.marks import told
from dugnad.rulebook.dmn.services.inward.meaning import Meaning, meaning, rule_meaning, unwrapped
from dugnad.rulebook.dmn.services.inward.ranked import carried
from dugnad.rulebook.dmn.services.inward.steps import laws_of, note_of
from dugnad.rulebook.dmn.services.outward.exporting import Exporter
from dugnad.rulebook.dmn.services.parts import ServiceParts, read_parts
from dugnad.rulebook.dmn.services.rounding import boxed, with_boxes
from dugnad.rulebook.dmn.services.words import named
from dugnad.rulebook.feel import FeelSyntaxError
from dugnad.rulebook.located import Finding, Place, UnreadableError
from dugnad.rulebook.rates import Rate
from dugnad.rulebook.rules.source import SECTIONS
from dugnad.rulebook.rules.tabular import TabularError
from dugnad.rulebook.tables import TableError

_BESIDE = (
    "question", "allowed_answers", "supported_objectives", "impacted_indicators", "makers", "owners",
    "using_processes", "using_tasks",
)  # fmt: skip
_SECTION = {scope: section for section, scope in SECTIONS.items()}
_FILE = re.compile(
    r"(service|facts|questions|rules|rates|examples)\.yaml|CHANGELOG\.md|letters/\w[\w -]*\.yaml"
)
_SLUG = re.compile(r"[a-zæøå0-9-]+")
_NEEDED = frozenset({"service.yaml", "facts.yaml", "rules.yaml", "rates.yaml"})


@dataclass(frozen=True, slots=True)
class Imported:
    """A service's name and files, and what of the model has no place in them, with its line and the reason."""

    slug: str
    files: Mapping[str, str]
    findings: tuple[Finding, ...]


def import_model(model: Definitions, *, file: str = "model.dmn") -> Imported:
    """Return the service a model holds: of our own export the same files, of any other a skeleton.

    What was changed in our export by another editor is put in its place in the files: formulas, tables, rates
    and control points; comments stay. Nothing is dropped in silence: the rest is in the findings. File names and
    the slug are only such as a service folder has, whatever the model says.
    """
    files = {name: text for name, text in _files(model) if _FILE.fullmatch(name)}
    strange = [name for name, _ in _files(model) if name not in files]
    wrong = [_refused(file, f"it holds a file '{name[:60]}', which no service has") for name in strange]
    keep = "Keep the model beside the service, if others need it."
    wrong += [
        Finding.at(Place(file, part.line or 1, 1), "dmn-not-carried", what, keep, "warning")
        for part, what in told(model)
    ]
    if files.keys() >= _NEEDED:
        try:
            found = _Merge(files, model, file).done()
        except (UnreadableError, FeelSyntaxError, TabularError, TableError) as error:
            wrong.append(_refused(file, f"the service's own files in it cannot be read: {error}"))
        else:
            slug = found.slug if _SLUG.fullmatch(found.slug) else slug_of(found.slug)
            return Imported(slug, found.files, tuple(sorted((*found.findings, *wrong))))
    slug, made, findings = service_from_model(model, file=file)
    return Imported(slug, made, tuple(sorted((*findings, *wrong))))


def _files(model: Definitions) -> Iterator[tuple[str, str]]:
    for service in named(model.extensions, "service"):
        for one in named(service.children, "file"):
            yield dict(one.attributes).get("name", ""), one.text


def _refused(file: str, what: str) -> Finding:
    return Finding.at(
        Place(file, 1, 1), "dmn-not-carried", what, "Look at where the model comes from.", "warning"
    )


class _Merge:
    """Compares a model with what we would export now, and carries the differences over."""

    def __init__(self, files: Mapping[str, str], model: Definitions, file: str) -> None:
        self.files = dict(files)
        self.file = file
        self.findings: list[Finding] = []
        self.parts: ServiceParts = read_parts(files)
        self.exporter = Exporter(self.parts)
        self.ours = self.exporter.definitions()
        self.model = with_boxes(model, self.ours)

    def done(self) -> Imported:
        ours = {one.id: one for one in self.ours.drg}
        theirs = {one.id: one for one in self.model.drg}
        for key, one in theirs.items():
            if key in ours:
                self._element(ours[key], one)
        self._new([one for key, one in theirs.items() if key not in ours])
        for key, mine in ours.items():
            if key not in theirs:
                self.note(
                    self.model,
                    f"'{mine.name}' was taken out of the model",
                    "Take it out of the files, if that is meant.",
                )
        self._rest()
        return Imported(self.parts.slug, self.files, tuple(sorted(self.findings)))

    def note(self, part: Part, what: str, mend: str) -> None:
        self.take(part, f"'{part.name}' {what}" if isinstance(part, DrgElement) else what, mend)

    def take(self, part: Part, what: str, mend: str) -> None:
        place = Place(self.file, part.line or 1, 1)
        self.findings.append(Finding.at(place, "dmn-not-carried", what, mend, "warning"))

    def _new(self, new: list[DrgElement]) -> None:
        """Carry what was added into rules.yaml, where that can say it."""
        additions = Additions(self.exporter, self.model, self.take, self._ours)
        try:
            self.files["rules.yaml"] = additions.into(self.files["rules.yaml"], new)
        except KeyError as error:
            for one in new:
                self.note(
                    one, f"is new, and {error} in rules.yaml is no list of steps", "Write it there by hand."
                )

    def _element(self, mine: DrgElement, theirs: DrgElement) -> None:
        if isinstance(mine, Decision) and isinstance(theirs, Decision):
            theirs = replace(theirs, expression=_as_ours(mine.expression, theirs.expression))
            if meaning(mine.expression) != meaning(theirs.expression):
                self._changed(mine, theirs)
            self._around(mine, theirs)
        elif type(mine) is not type(theirs):
            self.note(theirs, "is another kind of element now", "Change the files instead.")
            return
        for field, file in (("name", "rules.yaml or facts.yaml"), ("description", "its texts in the files")):
            if getattr(mine, field) != getattr(theirs, field):
                self.note(theirs, f"has another {field}", f"Change {file} instead.")
        if (mine.extensions or ()) != (theirs.extensions or ()):
            self.note(
                theirs, "has other words of Dugnad's own", "Change title, says and why in rules.yaml instead."
            )
        if not isinstance(mine, Decision) and meaning(mine) != meaning(theirs):
            self.note(theirs, "was changed", "Change facts.yaml or rules.yaml instead.")

    def _around(self, mine: Decision, theirs: Decision) -> None:
        """Say what was changed beside a decision's logic: its type, its law, and what only other tools speak of."""
        kinds = [one.variable.type_ref if one.variable else None for one in (mine, theirs)]
        if kinds[0] != kinds[1]:
            what = f"has the type {kinds[1] or 'Any'}; it was {kinds[0] or 'Any'}"
            self.note(theirs, what, "The type follows from the formula and its unit: change those.")
        laws = [set(laws_of(model, one)) for model, one in ((self.ours, mine), (self.model, theirs))]
        if laws[0] != laws[1]:
            what = f"rests on {', '.join(sorted(laws[1])) or 'no law'}"
            self.note(
                theirs, what, "Write that as law: at its step in rules.yaml, or in the row it speaks for."
            )
        more = [name for name in _BESIDE if getattr(theirs, name)]
        if more:
            self.note(theirs, f"has {', '.join(more).replace('_', ' ')}", "A service has no place for it.")

    def _changed(self, mine: Decision, theirs: Decision) -> None:
        """Carry a changed expression to where its original stands."""
        kind, _, _ = (mine.id or "").partition("_")
        key = next((key for key, one in self.exporter.written.items() if one.decision.id == mine.id), "")
        try:
            if kind == "decision" and key in self.parts.source.steps:
                self._step(key, mine, theirs)
            elif kind == "stop" and isinstance(theirs.expression, LiteralExpression):
                name = key.removeprefix("stop ")
                self._put(
                    "rules.yaml",
                    ("stop", name, "when"),
                    self._ours(theirs.expression.text or ""),
                    block=False,
                )
            elif kind == "rate":
                self._rate(self.parts.rates.rates[key], mine, theirs)
            else:
                self.note(
                    theirs, "was changed, and is worked out from other things", "Change rules.yaml instead."
                )
        except (_CannotCarryError, KeyError, FeelSyntaxError) as error:
            self.note(
                theirs,
                f"was changed, but not in a way rules.yaml can say: {error}",
                "Change rules.yaml instead.",
            )

    def _step(self, key: str, mine: Decision, theirs: Decision) -> None:
        step = self.parts.source.steps[key]
        path = (_SECTION[step.scope], key)
        old, new = self._core(mine.expression, theirs.expression)
        if isinstance(new, DecisionTable) and isinstance(old, DecisionTable) and step.table is not None:
            spelt = self._spellings(step.table.text, old)
            text = tables.written(
                carried(new, note_of(self.model, theirs, self.take)),
                output=key,
                spelling=lambda at, cell: spelt.get((at, cell)) or self._ours(cell),
            )
            self._put("rules.yaml", (*path, "table"), text, block=True)
        elif isinstance(new, LiteralExpression) and step.formula is not None:
            self._put("rules.yaml", (*path, "is"), self._ours(new.text or "null"), block=False)
        else:
            raise _CannotCarryError("a formula became a table, or a table a formula")

    def _core(
        self, mine: Expression | None, theirs: Expression | None
    ) -> tuple[Expression | None, Expression | None]:
        """Take the rounding off both; it must be the same."""
        if isinstance(mine, Context):
            if not isinstance(theirs, Context) or meaning(mine.entries[-1].expression) != meaning(
                theirs.entries[-1].expression
            ):
                raise _CannotCarryError("the rounding is said by 'round'")
            return unwrapped(mine), unwrapped(theirs)
        if not isinstance(mine, LiteralExpression) or not isinstance(theirs, LiteralExpression):
            return mine, theirs
        for before, after in (("floor(", ", 0)"), ("ceiling(", ", 0)"), ("round half up(", ", 0)"),
                              ("floor(", ", 2)"), ("round half up(", ", 2)")):  # fmt: skip
            texts = (mine.text or "", theirs.text or "")
            if self._rounds(mine) and texts[0].startswith(before) and texts[0].endswith(after):
                if not (texts[1].startswith(before) and texts[1].endswith(after)):
                    raise _CannotCarryError("the rounding is said by 'round'")
                return mine, LiteralExpression(text=texts[1][len(before) : -len(after)])
        return mine, theirs

    def _rounds(self, mine: Part) -> bool:
        steps = self.parts.source.steps
        written = self.exporter.written
        return any(
            written[name].decision.expression == mine and step.round is not None
            for name, step in steps.items()
        )

    def _spellings(self, markdown: str, table: DecisionTable) -> dict[tuple[int, str], str]:
        """Return how each cell of our export is spelt in our own table, by column."""
        rows = tables.cells_of(markdown)
        texts = [[one.expression.text if one.expression else "" for one in table.inputs]]
        texts += [
            [*(one.text for one in rule.inputs), *(one.text or "" for one in rule.outputs)]
            for rule in table.rules
        ]
        return {
            (column, " ".join((text or "").split())): cell
            for row, said in zip(reversed(rows), reversed(texts), strict=True)
            for column, (text, cell) in enumerate(zip(said, row[1:], strict=False))
        }

    def _rate(self, rate: Rate, mine: Decision, theirs: Decision) -> None:
        old, new = mine.expression, theirs.expression
        if not isinstance(old, DecisionTable) or not isinstance(new, DecisionTable):
            raise _CannotCarryError("a rate is a table by date")
        before: list[Meaning] = [rule_meaning(rule) for rule in old.rules]
        items: list[int | str] = []
        for rule in new.rules:
            said = rule_meaning(rule)
            items.append(before.index(said) if said in before else tables.rate_value(rule))
            if said not in before and any(f"from: {value.start}," in str(items[-1]) for value in rate.values):
                what = f"has another value from a day it had one: {items[-1]}"
                self.note(
                    theirs, what, "A rate is never overwritten: was it an error, or should it be a new line?"
                )
        if len(old.rules) == len(rate.values):
            self.files["rates.yaml"] = yaml_text.put_items(
                self.files["rates.yaml"], (rate.name, "values"), items
            )

    def _put(self, file: str, path: tuple[str, ...], value: str, *, block: bool) -> None:
        self.files[file] = yaml_text.put(self.files[file], path, value, block=block)

    def _ours(self, text: str) -> str:
        """Give names their own spelling again."""
        for name, spelt in self.exporter.names.changed().items():
            text = text.replace(spelt, name)
        return text

    def _rest(self) -> None:
        remarks = {one.id: meaning(one) for one in self.ours.artifacts}
        others = [one for one in self.model.artifacts if remarks.get(one.id) != meaning(one)]
        for part in (*self.model.imports, *self.model.collections, *self.model.business, *others):
            said = f": {part.text}" if isinstance(part, TextAnnotation) else ""
            self.note(part, f"{type(part).__name__} has no place in a service{said}", "Keep it in the model.")
        mine = {one.id: meaning(one) for one in self.ours.item_definitions}
        for one in self.model.item_definitions:
            if mine.get(one.id) != meaning(one):
                self.note(one, f"the type '{one.name}' was changed", "Change facts.yaml instead.")
        if self.model.drawings not in (
            self.ours.drawings,
            self.exporter.definitions(for_bpmn_io=True).drawings,
        ):
            self.note(
                self.model, "the drawing was changed; Dugnad makes its own", "Nothing needs to be done."
            )


def _as_ours(mine: Expression | None, theirs: Expression | None) -> Expression | None:
    """Return what stands in the place of ours as we would write it: a formula in the box that rounds it, a table, also
    one that is rounded, with what its rows' descriptions say as annotations.
    """
    theirs = boxed(mine, theirs)
    if isinstance(theirs, DecisionTable) and isinstance(mine, DecisionTable):
        return with_descriptions(theirs, mine)
    table, old = unwrapped(theirs), unwrapped(mine)
    if isinstance(theirs, Context) and isinstance(table, DecisionTable) and isinstance(old, DecisionTable):
        first = replace(theirs.entries[0], expression=with_descriptions(table, old))
        return replace(theirs, entries=(first, *theirs.entries[1:]))
    return theirs


class _CannotCarryError(Exception):
    """A change that the files cannot hold; the text says why."""
