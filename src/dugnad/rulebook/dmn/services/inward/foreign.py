"""A model made elsewhere as the skeleton of a service: facts, steps, questions, and a list of what has no place."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from textwrap import indent

import yaml

from dugnad.rulebook.dmn.model import (
    BusinessKnowledgeModel,
    Decision,
    DecisionService,
    Definitions,
    DrgElement,
    InputData,
    KnowledgeSource,
    Part,
)
from dugnad.rulebook.dmn.services.inward.boxed import is_feel
from dugnad.rulebook.dmn.services.inward.inputs import Inputs, texts
from dugnad.rulebook.dmn.services.inward.steps import BY_HAND, line_of, step_of
from dugnad.rulebook.located import Finding, Place

NO_LAW = "hjemmel ikke oppgitt"
_LETTERS = str.maketrans({"ä": "æ", "ö": "ø", "ü": "u", "é": "e"})


@dataclass(slots=True)
class _Skeleton:
    """What is gathered on the way."""

    model: Definitions
    file: str
    findings: list[Finding] = field(default_factory=list)

    def note(self, part: Part, what: str, mend: str = BY_HAND) -> None:
        """Say what could not be carried, and where it stands."""
        place = Place(self.file, part.line or 1, 1)
        self.findings.append(Finding.at(place, "dmn-not-carried", what, mend, "warning"))


def service_from_model(model: Definitions, *, file: str) -> tuple[str, dict[str, str], tuple[Finding, ...]]:
    """Return a slug, the files of a service folder, and what of the model has no place in them.

    Every decision becomes a step in the order of need, every input a fact from the applicant, every business
    knowledge model a function. Texts and legal basis are the model's own words: a person must finish them.
    """
    made = _Skeleton(model, file)
    inputs = Inputs(model, _law_of(model), made.note)
    for one in model.drg:
        if isinstance(one, InputData):
            inputs.take(one)
    rules = _rules(made)
    _leftovers(made)
    slug = slug_of(model.name)
    files = {
        "service.yaml": _service(model, slug),
        "facts.yaml": _dump({"law": _law_of(model), "facts": inputs.facts}),
        "questions.yaml": _dump({"pages": [{"title": texts("Opplysninger"), "asks": inputs.asks}]}),
        "rules.yaml": rules,
        "rates.yaml": "# Satser med dato: ingen i modellen.\n{}\n",
        "examples.yaml": _dump({"examples": [_nothing_known()]}),
        "CHANGELOG.md": f"# {model.name}\n\n## 1\n\nLaget av {file}.\n",
    }
    return slug, files, tuple(sorted(made.findings))


def slug_of(name: str) -> str:
    """Return a name as the name of a folder: small letters, digits and hyphens."""
    plain = re.sub(r"[^a-zæøå0-9]+", "-", name.lower().translate(_LETTERS)).strip("-")
    return plain or "tjeneste"


def _rules(made: _Skeleton) -> str:
    model = made.model
    steps = [one for one in _ordered(model) if isinstance(one, Decision | BusinessKnowledgeModel)]
    written = "\n".join(f"{indent(step_of(model, one, made.note), '  ')}\n" for one in steps)
    used = {need.required_decision.id for one in model.drg if isinstance(one, Decision)
            for need in one.information if need.required_decision}  # fmt: skip
    last = [one.name for one in model.drg if isinstance(one, Decision) and one.id not in used]
    outcome = last[-1] if last else (steps[-1].name if steps else "utfall")
    head = f"law: {line_of(_law_of(model))}\n\ncalculate:\n"
    return f"{head}{written}\nresult: {{ outcome: {line_of(outcome)}, key: {line_of(outcome)} }}\n"


def _ordered(model: Definitions) -> list[DrgElement]:
    """Return the elements each after what it needs, in the order of the file where nothing forbids it."""
    by_id = {one.id: one for one in model.drg}
    done: dict[int, DrgElement] = {}
    """By what they are, not by id: of two that share one, neither may be lost."""
    for root in model.drg:
        stack = [root]
        while stack:
            one = stack[-1]
            waiting = [by_id[id_] for id_ in _needs(one) if id_ in by_id and id(by_id[id_]) not in done]
            waiting = [other for other in waiting if other not in stack]
            if waiting and len(stack) <= len(by_id):
                stack.append(waiting[0])
            else:
                done.setdefault(id(one), stack.pop())
    return list(done.values())


def _needs(one: DrgElement) -> Iterator[str]:
    if isinstance(one, Decision):
        yield from (need.required_decision.id for need in one.information if need.required_decision)
    if isinstance(one, Decision | BusinessKnowledgeModel):
        yield from (need.required_knowledge.id for need in one.knowledge)


def _leftovers(made: _Skeleton) -> None:
    model = made.model
    for other in model.imports:
        made.note(
            other,
            f"the model '{other.name}' it imports is not read",
            "Import that model too, and join them by hand.",
        )
    if not is_feel(model.expression_language):
        made.note(model, f"its expressions stand in {model.expression_language}, not in FEEL")
    for part in (*model.collections, *model.business, *model.artifacts):
        made.note(part, f"a {type(part).__name__} has no place in a service")
    for one in model.drg:
        if isinstance(one, DecisionService):
            made.note(
                one, f"the decision service '{one.name}' is not carried", "A folder is one service already."
            )
        elif isinstance(one, KnowledgeSource) and one.location:
            made.note(one, f"the address of '{one.name}' is not carried: {one.location}")
        if one.extensions:
            made.note(one, f"what another program wrote into '{one.name}' is not carried")
    if model.drawings is not None:
        made.note(model, "the drawing is not carried; Dugnad makes its own", "Nothing needs to be done.")


def _law_of(model: Definitions) -> str:
    source = next((one for one in model.drg if isinstance(one, KnowledgeSource)), None)
    return source.name if source else NO_LAW


def _service(model: Definitions, slug: str) -> str:
    return _dump(
        {
            "service": slug,
            "title": texts(model.name),
            "summary": texts(model.description or model.name),
            "offered by": "kommune",
            "for": "person",
            "law": _law_of(model),
            "decision": "manual",
            "deadline": {"answer": "1 month", "law": "forvaltningsloven § 11 a"},
            "appeal": {"to": "statsforvalteren", "within": "3 weeks", "law": "forvaltningsloven § 29"},
            "kept": {"case": "10 years", "facts": "5 years"},
        }
    )


def _nothing_known() -> dict[str, object]:
    return {
        "name": "Uten opplysninger stopper automatikken",
        "date": "2026-01-01",
        "expect": {"stops at": "opplysning mangler"},
    }


def _dump(data: object) -> str:
    text = yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=110)
    return re.sub(r"^(\s*date: )'([-0-9]+)'$", r"\1\2", text, flags=re.MULTILINE)
