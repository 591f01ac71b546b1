"""What can be told of a call of FEEL's own functions before anything is calculated: names and number of arguments."""

from collections.abc import Iterator, Sequence

from dugnad.rulebook.feel.builtins import REGISTRY, Signature
from dugnad.rulebook.feel.diagnostics import FeelSyntaxError, listed, nearest
from dugnad.rulebook.feel.grammar import nodes
from dugnad.rulebook.feel.grammar.tokens import Token


def check_call(call: nodes.Call, places: Sequence[Token]) -> None:
    """Raise FeelSyntaxError for an argument name that does not exist, or too few or too many arguments.

    ``places`` are the first tokens of the argument names, where they have names. A call of anything but a
    built-in function is let through: what it takes is known when it is called.
    """
    target = call.target
    if not isinstance(target, nodes.Name) or target.declared or target.name not in REGISTRY:
        return
    signatures = REGISTRY[target.name]
    if call.named:
        known = {parameter.name for signature in signatures for parameter in signature.parameters}
        for name, place in zip(call.named, places, strict=True):
            if name not in known:
                message = f"{target.name}() has no parameter “{name}”."
                end = place.start + len(name)
                near = nearest(name, known)
                hint = "" if near else f"It has {', '.join(sorted(known))}."
                raise FeelSyntaxError(message, place.start, end, tuple(sorted(known)), near, hint)
    elif not any(signature.takes(len(call.arguments)) for signature in signatures):
        ways = sorted(
            {way for signature in signatures for way in _ways(signature)}, key=lambda way: (len(way), way)
        )
        wanted = listed([f"{target.name}({', '.join(way)})" for way in ways])
        count = len(call.arguments)
        message = f"{target.name}() cannot take {count} argument{'' if count == 1 else 's'}; write {wanted}."
        raise FeelSyntaxError(message, call.start, call.end)


def _ways(signature: Signature) -> Iterator[tuple[str, ...]]:
    """Give the ways to write the arguments of one signature, the optional ones left out and put in."""
    names = [parameter.name for parameter in signature.parameters]
    least = sum(not parameter.optional for parameter in signature.parameters)
    if signature.variadic:
        yield (*names, "…")
        return
    yield from (tuple(names[:size]) for size in range(least, len(names) + 1))
