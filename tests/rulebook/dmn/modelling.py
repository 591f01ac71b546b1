"""How the tests write models: elements as short calls, and one line to run them."""

from collections.abc import Mapping
from decimal import Decimal
from xml.sax.saxutils import escape, quoteattr

from dugnad.rulebook import Recorder, Value
from dugnad.rulebook.dmn.evaluating import Executable, compile_model, library_of
from dugnad.rulebook.dmn.namespaces import MODEL
from dugnad.rulebook.dmn.reading import read

D = Decimal
NAMESPACE = "https://example.no/model"


def model(*elements: str, namespace: str = NAMESPACE, name: str = "model") -> str:
    return (
        f'<definitions xmlns="{MODEL}" name={quoteattr(name)} namespace={quoteattr(namespace)}>\n'
        + "\n".join(elements)
        + "\n</definitions>\n"
    )


def identity(name: str) -> str:
    return "_" + "".join(sign if sign.isalnum() else "-" for sign in name)


def typed(kind: str) -> str:
    return f" typeRef={quoteattr(kind)}" if kind else ""


def text(feel: str, kind: str = "") -> str:
    return f"<literalExpression{typed(kind)}><text>{escape(feel)}</text></literalExpression>"


def given(name: str, kind: str = "") -> str:
    head = f"<inputData id={quoteattr(identity(name))} name={quoteattr(name)}>"
    return f"{head}<variable name={quoteattr(name)}{typed(kind)}/></inputData>"


def decision(
    name: str,
    box: str = "",
    *,
    inputs: tuple[str, ...] = (),
    after: tuple[str, ...] = (),
    calls: tuple[str, ...] = (),
    kind: str = "",
    authority: str = "",
) -> str:
    """`inputs`, `after` and `calls` are names in this model, or `namespace#name` in another."""
    parts = [f"<variable name={quoteattr(name)}{typed(kind)}/>"]
    parts += [
        f"<informationRequirement><requiredInput {href(each)}/></informationRequirement>" for each in inputs
    ]
    parts += [
        f"<informationRequirement><requiredDecision {href(each)}/></informationRequirement>" for each in after
    ]
    parts += [
        f"<knowledgeRequirement><requiredKnowledge {href(each)}/></knowledgeRequirement>" for each in calls
    ]
    if authority:
        wanted = f"<requiredAuthority {href(authority)}/>"
        parts.append(f"<authorityRequirement>{wanted}</authorityRequirement>")
    return f"<decision id={quoteattr(identity(name))} name={quoteattr(name)}>{''.join(parts)}{box}</decision>"


def href(name: str) -> str:
    namespace, _, local = name.rpartition("#")
    return f"href={quoteattr(f'{namespace}#{identity(local)}')}"


def function(
    parameters: Mapping[str, str], box: str, *, kind: str = "", tag: str = "functionDefinition"
) -> str:
    formal = "".join(
        f"<formalParameter name={quoteattr(name)}{typed(each)}/>" for name, each in parameters.items()
    )
    return f"<{tag}{typed(kind)}>{formal}{box}</{tag}>"


def knowledge(
    name: str, parameters: Mapping[str, str], box: str, *, kind: str = "", calls: tuple[str, ...] = ()
) -> str:
    needs = "".join(
        f"<knowledgeRequirement><requiredKnowledge {href(each)}/></knowledgeRequirement>" for each in calls
    )
    logic = function(parameters, box, kind=kind, tag="encapsulatedLogic")
    head = f"<businessKnowledgeModel id={quoteattr(identity(name))} name={quoteattr(name)}>"
    return f"{head}{logic}{needs}</businessKnowledgeModel>"


def service(
    name: str,
    outputs: tuple[str, ...],
    *,
    inside: tuple[str, ...] = (),
    decisions: tuple[str, ...] = (),
    data: tuple[str, ...] = (),
    kind: str = "",
) -> str:
    parts = [f"<variable name={quoteattr(name)}{typed(kind)}/>"]
    for tag, names in (
        ("outputDecision", outputs),
        ("encapsulatedDecision", inside),
        ("inputDecision", decisions),
        ("inputData", data),
    ):
        parts += [f"<{tag} {href(each)}/>" for each in names]
    head = f"<decisionService id={quoteattr(identity(name))} name={quoteattr(name)}>"
    return f"{head}{''.join(parts)}</decisionService>"


def item(
    name: str, base: str = "", *, inside: str = "", allowed: str = "", rule: str = "", many: bool = False
) -> str:
    narrowed = f"<allowedValues><text>{escape(allowed)}</text></allowedValues>" if allowed else ""
    narrowed += f"<typeConstraint><text>{escape(rule)}</text></typeConstraint>" if rule else ""
    made = inside or f"<typeRef>{base}</typeRef>{narrowed}"
    collection = ' isCollection="true"' if many else ""
    return f"<itemDefinition name={quoteattr(name)}{collection}>{made}</itemDefinition>"


def component(name: str, base: str, *, allowed: str = "", many: bool = False) -> str:
    made = item(name, base, allowed=allowed, many=many)
    return made.replace("itemDefinition", "itemComponent")


def entry(name: str, box: str, kind: str = "") -> str:
    variable = f"<variable name={quoteattr(name)}{typed(kind)}/>" if name else ""
    return f"<contextEntry>{variable}{box}</contextEntry>"


def context(*entries: str) -> str:
    return f"<context>{''.join(entries)}</context>"


def table(
    inputs: tuple[str, ...],
    outputs: tuple[str, ...],
    *rows: tuple[str, ...],
    policy: str = "UNIQUE",
    aggregation: str = "",
    values: Mapping[str, str] | None = None,
    allowed: Mapping[str, str] | None = None,
    default: str = "",
    kinds: Mapping[str, str] | None = None,
) -> str:
    """`values` are output values by output, `allowed` input values by input, `kinds` types by column."""
    heads = "".join(
        _input(each, (allowed or {}).get(each, ""), (kinds or {}).get(each, "")) for each in inputs
    )
    heads += "".join(
        _output(each, (values or {}).get(each, ""), default, (kinds or {}).get(each, "")) for each in outputs
    )
    body = "".join(_rule(row, len(inputs)) for row in rows)
    said = f' aggregation="{aggregation}"' if aggregation else ""
    return f'<decisionTable hitPolicy="{policy}"{said}>{heads}{body}</decisionTable>'


def _input(feel: str, allowed: str, kind: str) -> str:
    values = f"<inputValues><text>{escape(allowed)}</text></inputValues>" if allowed else ""
    return (
        f"<input><inputExpression{typed(kind)}><text>{escape(feel)}</text></inputExpression>{values}</input>"
    )


def _output(name: str, values: str, default: str, kind: str) -> str:
    said = f"<outputValues><text>{escape(values)}</text></outputValues>" if values else ""
    said += f"<defaultOutputEntry><text>{escape(default)}</text></defaultOutputEntry>" if default else ""
    return f"<output name={quoteattr(name)}{typed(kind)}>{said}</output>"


def _rule(row: tuple[str, ...], inputs: int) -> str:
    cells = [f"<inputEntry><text>{escape(cell)}</text></inputEntry>" for cell in row[:inputs]]
    cells += [f"<outputEntry><text>{escape(cell)}</text></outputEntry>" for cell in row[inputs:]]
    return f"<rule>{''.join(cells)}</rule>"


def executable(*models: str) -> Executable:
    first, *others = [read(each, file="model.dmn") for each in models]
    return compile_model(library_of(first, *others))


def run(source: str | Executable, name: str, **inputs: Value) -> tuple[Value, list[str]]:
    """Give a decision's value and the codes of its diagnostics; `_` in a keyword stands for a space."""
    ready = executable(source) if isinstance(source, str) else source
    recorder = Recorder()
    values = {key.replace("_", " "): value for key, value in inputs.items()}
    return ready.decide(name, values, recorder), [each.code for each in recorder.diagnostics]


def value_of(box: str, *elements: str, kind: str = "", **inputs: Value) -> Value:
    """Give the value of one box alone, with these inputs and elements around it."""
    return result_of(box, *elements, kind=kind, **inputs)[0]


def result_of(box: str, *elements: str, kind: str = "", **inputs: Value) -> tuple[Value, list[str]]:
    names = tuple(key.replace("_", " ") for key in inputs)
    source = model(*elements, *(given(name) for name in names), decision("d", box, inputs=names, kind=kind))
    return run(source, "d", **inputs)
