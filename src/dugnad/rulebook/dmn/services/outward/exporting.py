"""A service as a DMN model: facts in, decisions for the whole, a decision service for each person, control points."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from dugnad.rulebook.dmn.model import (
    Artifact,
    Association,
    AuthorityRequirement,
    Decision,
    DecisionService,
    Definitions,
    DrgElement,
    InformationItem,
    InformationRequirement,
    InputData,
    ItemDefinition,
    KnowledgeRequirement,
    KnowledgeSource,
    LiteralExpression,
    Reference,
    TextAnnotation,
)
from dugnad.rulebook.dmn.services.law import address, sections
from dugnad.rulebook.dmn.services.names import Names, identifier
from dugnad.rulebook.dmn.services.outward.drawing import drawings
from dugnad.rulebook.dmn.services.outward.facts import (
    LIST_OF_TEXTS,
    input_of,
    item_definitions,
    open_type,
    person_type,
)
from dugnad.rulebook.dmn.services.outward.standard import Translator
from dugnad.rulebook.dmn.services.outward.steps import Writer, Written
from dugnad.rulebook.dmn.services.parts import ServiceParts, read_parts
from dugnad.rulebook.dmn.services.rounding import without_boxes
from dugnad.rulebook.dmn.services.words import NAMESPACE, PREFIX, element

STOPPING = "stopping_all"
REMARK = "remark_each"
FEEL = "https://www.omg.org/spec/DMN/20230324/FEEL/"


def export_service(files: Mapping[str, str], *, for_bpmn_io: bool = False) -> Definitions:
    """Return a service as a DMN 1.5 model with its drawing.

    `for_bpmn_io`: as the editors of that family can show it: the decision service is in the model and not in the
    drawing, where they have an empty frame for it; a formula and its rounding are one formula, since they open no box.

    `files` are those of a service folder that `dugnad check` accepts. Raises FeelSyntaxError or TabularError
    where a rule cannot be read, UnreadableError for broken YAML.
    """
    return Exporter(read_parts(files)).definitions(for_bpmn_io=for_bpmn_io)


class Exporter:
    """Writes one service."""

    def __init__(self, parts: ServiceParts) -> None:
        source, book, rates = parts.source, parts.book, parts.rates
        self.parts = parts
        self.over = source.each_over.text if source.each_over else ""
        attributes = [fact.attribute for fact in book.facts.values() if fact.of_list is not None]
        plain = [name for name, fact in book.facts.items() if fact.of_list is None]
        self.names = Names([*plain, *source.steps, *source.open, *rates.rates, *attributes])
        self.person = self._name_of_person()
        self.day = source.rates_on or self.names.new("vedtaksdato")
        self.service = self.names.new(f"beregning for {self.person}")
        self.stopping = self.names.new("må vurderes fordi")
        self.results = self.names.add(source.result.list)
        alone = parts.words.item - {name for name, step in source.steps.items() if step.scope == "each"}
        self.translator = Translator(self.names, parts.words.by_scope, self.person, alone)
        self.writer = Writer(source, self.names, self.translator)
        self.local = {name: self.names.new(f"lokal verdi av {self.names[name]}") for name in source.open}
        self.written = self._write()

    def definitions(self, *, for_bpmn_io: bool = False) -> Definitions:
        """Return the whole model."""
        parts = self.parts
        drg = (*self._sources(), *self._inputs(), *self._decisions())
        if for_bpmn_io:
            drg = without_boxes(drg)
        model = Definitions(
            name=parts.title,
            id=identifier("model", parts.slug),
            namespace=f"https://dugnad.example/services/{parts.slug}",
            description=parts.about.text("summary", "nb"),
            expression_language=FEEL,
            type_language=FEEL,
            exporter="Dugnad",
            exporter_version="1",
            prefixes=((PREFIX, NAMESPACE),),
            extensions=(
                element(
                    "service",
                    children=[element("file", text, name=name) for name, text in parts.files.items()],
                    slug=parts.slug,
                ),
            ),
            item_definitions=tuple(self._types()),
            drg=drg,
            artifacts=tuple(self._remark()),
        )
        return replace(model, drawings=drawings(model, services=not for_bpmn_io))

    @property
    def person_id(self) -> str:
        """The id of the person decided for, as input data."""
        return identifier("input", self.person)

    def _name_of_person(self) -> str:
        called = self.parts.source.called
        return self.names.add(called) if called else self.names.new("den det gjelder")

    def _write(self) -> dict[str, Written]:
        """Write every decision; the keys are our names, control points with `stop ` before them."""
        parts = self.parts
        made = {step.name: self.writer.step(step) for step in parts.source.steps.values()}
        for name, place in parts.source.open.items():
            made[name] = self.writer.open(place, self.local[name])
        made |= {rate.name: self.writer.rate(rate, self.day) for rate in parts.rates.rates.values()}
        made |= {f"stop {stop.name}": self.writer.stop(stop) for stop in parts.source.stops}
        local = parts.words.local
        return {
            name: replace(one, scope="common") if name in parts.source.open and not one.reads & local else one
            for name, one in made.items()
        }

    def target(self, name: str, scope: str) -> str:
        """Return the id of what a name of ours stands for in a scope; empty for none."""
        source = self.parts.source
        step = source.steps.get(name)
        of_person = scope == "each" and (name == source.called or name in self.parts.words.item)
        if step is not None and (step.scope != "each" or scope == "each"):
            return identifier("decision", name)
        if of_person:
            return self.person_id
        kinds = (
            ("open", name in source.open),
            ("rate", name in self.parts.rates.rates),
            ("decision", name == source.result.list and bool(self.over)),
            ("input", name in self.parts.book.facts or name == self.day),
        )
        return next((identifier(kind, name) for kind, is_one in kinds if is_one), "")

    def targets(self, key: str) -> list[str]:
        """Return the ids of what a decision of ours needs, each once, in the order of the model."""
        one = self.written[key]
        found = {self.target(name, one.scope) for name in one.reads} - {""}
        if key in self.local:
            found.add(identifier("input", self.local[key]))
        return sorted(found)

    def _types(self) -> Iterator[ItemDefinition]:
        yield from item_definitions(self.parts.book, self.names)
        for place in self.parts.source.open.values():
            yield open_type(place, self.names)

    def _sources(self) -> Iterator[KnowledgeSource]:
        laws = dict.fromkeys(law for one in self.written.values() for law in self._laws(one))
        for law in laws:
            where = address(law, self.parts.law)
            yield KnowledgeSource(
                id=identifier("law", law), name=law, type="lov eller forskrift", location=where or None
            )

    def _laws(self, one: Written) -> list[str]:
        act = self.parts.law
        return [
            f"{act} {part}" if part.startswith("§") else part for law in one.laws for part in sections(law)
        ]

    def _inputs(self) -> Iterator[InputData]:
        book, names = self.parts.book, self.names
        yield from (input_of(fact, names) for fact in book.facts.values() if fact.of_list is None)
        if self.over:
            yield _input(self.person, person_type(self._list_of_persons(), names), f"En av: {self.over}")
        if self.parts.source.rates_on is None and self.parts.rates.rates:
            yield _input(self.day, "date", "Dagen satsene gjelder")
        for name, local in self.local.items():
            said = f"Kommunens egen verdi av {name}; tom der kommunen ikke har bestemt noe"
            yield _input(local, f"{names[name]} valg", said)

    def _list_of_persons(self) -> str:
        lists, book = self.parts.words.lists, self.parts.book
        mine = lists.get(self.over)
        found = [name for name, fact in book.facts.items() if fact.kind == "persons" and lists[name] == mine]
        return found[0] if found else self.over

    def _decisions(self) -> Iterator[DrgElement]:
        for key, one in self.written.items():
            yield self._required(one, self.targets(key))
        if self.over:
            yield self._service()
            yield self._results()
        yield self._stopping()

    def _required(self, one: Written, needed: Iterable[str]) -> Decision:
        me = one.decision.id or ""
        laws = [identifier("law", law) for law in dict.fromkeys(self._laws(one))]
        return replace(
            one.decision,
            information=tuple(_information(me, other) for other in needed),
            authority=tuple(
                AuthorityRequirement(
                    id=f"authority_{me}__{law}", required_authority=Reference(href=f"#{law}")
                )
                for law in laws
            ),
        )

    def _each(self) -> list[str]:
        return [key for key, one in self.written.items() if one.scope == "each"]

    def _outside(self) -> list[str]:
        """Return the ids of what the decisions for each person need that is the same for all of them."""
        inside = {self.written[key].decision.id for key in self._each()} | {self.person_id}
        return sorted({one for key in self._each() for one in self.targets(key)} - inside)

    def _service(self) -> DecisionService:
        steps = self.parts.source.steps
        outside = self._outside()
        inputs = [self.person_id, *(one for one in outside if one.startswith("input_"))]
        ids = {key: self.written[key].decision.id for key in self._each()}
        return DecisionService(
            id=identifier("service", self.service),
            name=self.service,
            description=f"Regnes ut for hver av: {self.over}",
            variable=InformationItem(name=self.service),
            output_decisions=tuple(Reference(href=f"#{id_}") for key, id_ in ids.items() if key in steps),
            encapsulated_decisions=tuple(
                Reference(href=f"#{id_}") for key, id_ in ids.items() if key not in steps
            ),
            input_decisions=tuple(Reference(href=f"#{one}") for one in outside if one not in inputs),
            input_data=tuple(Reference(href=f"#{one}") for one in inputs),
        )

    def _remark(self) -> Iterator[Artifact]:
        """Say beside the results, for people, what the decision service does for each."""
        if not self.over:
            return
        outcomes = ", ".join(self.names[key] for key in self._each() if key in self.parts.source.steps)
        said = f"For hver av «{self.over}» regnes ut: {outcomes}"
        yield TextAnnotation(id=REMARK, text=said)
        yield Association(
            id=f"{REMARK}_to",
            source=Reference(href=f"#{identifier('decision', self.parts.source.result.list)}"),
            target=Reference(href=f"#{REMARK}"),
        )

    def _results(self) -> Decision:
        """Return the decision that runs the service for each person: a list of persons with their results."""
        me = identifier("decision", self.parts.source.result.list)
        over = self.translator.formula(self.over, "common")
        given = {self.person_id: self.person, **{one: self._called(one) for one in self._outside()}}
        handed = ", ".join(f"{name}: {name}" for name in given.values())
        call = f"{self.service}({handed})"
        single = [key for key in self._each() if key in self.parts.source.steps]
        if len(single) == 1:
            call = f"{{{self.names[single[0]]}: {call}}}"
        needed = {*self._outside(), *(self.target(name, "common") for name in over.reads)} - {""}
        body = f"context merge([{self.person}, {call}])"
        return Decision(
            id=me,
            name=self.results,
            description=f"Regelen brukt på hver av: {self.over}",
            variable=InformationItem(name=self.results),
            information=tuple(_information(me, other) for other in sorted(needed)),
            knowledge=(
                KnowledgeRequirement(
                    id=f"knowledge_{me}",
                    required_knowledge=Reference(href=f"#{identifier('service', self.service)}"),
                ),
            ),
            expression=LiteralExpression(text=f"for {self.person} in {over.text} return {body}"),
        )

    def _stopping(self) -> Decision:
        """Return the reasons not to use the result without a person; an engine that has no unknown needs them said.

        A control point that holds or cannot be told, a rate that is not there, an amount or an outcome that came
        to nothing: where FEEL would go on with null, and a table would take its last row.
        """
        source = self.parts.source
        reasons = [
            (
                f"{self.names[f'stopp {stop.name}']} = false",
                stop.name,
                self.written[f"stop {stop.name}"].decision.id,
            )
            for stop in source.stops
        ]
        reasons += [
            (f"{self.names[name]} != null", f"sats mangler: {name}", identifier("rate", name))
            for name in self.parts.rates.rates
        ]
        if self.over and source.result.amount:
            amount = self.names[source.result.amount]
            sound = f"every v in {self.results} satisfies v.{amount} != null"
            reasons.append((sound, "feil i beregningen", identifier("decision", source.result.list)))
        if source.result.outcome in source.steps:
            name = self.names[source.result.outcome]
            reasons.append(
                (f"{name} != null", "utfallet mangler", identifier("decision", source.result.outcome))
            )
        parts = ", ".join(f'if {sound} then [] else ["{why}"]' for sound, why, _ in reasons)
        return Decision(
            id=STOPPING,
            name=self.stopping,
            description="Tom liste: resultatet kan brukes. Ellers må en saksbehandler vurdere saken.",
            variable=InformationItem(name=self.stopping, type_ref=LIST_OF_TEXTS),
            information=tuple(_information(STOPPING, id_) for _, _, id_ in reasons if id_),
            expression=LiteralExpression(text=f"concatenate({parts})" if reasons else "[]"),
        )

    def _called(self, id_: str) -> str:
        decisions = {one.decision.id: one.decision.name for one in self.written.values()}
        inputs = {identifier("input", local): local for local in self.local.values()}
        facts = {identifier("input", name): self.names[name] for name in (*self.parts.book.facts, self.day)}
        return decisions.get(id_) or inputs.get(id_) or facts[id_]


def _input(name: str, type_ref: str, description: str) -> InputData:
    return InputData(
        id=identifier("input", name),
        name=name,
        description=description,
        variable=InformationItem(name=name, type_ref=type_ref),
    )


def _information(me: str, other: str) -> InformationRequirement:
    to = Reference(href=f"#{other}")
    id_ = f"needs_{me}__{other}"
    if other.startswith("input_"):
        return InformationRequirement(id=id_, required_input=to)
    return InformationRequirement(id=id_, required_decision=to)
