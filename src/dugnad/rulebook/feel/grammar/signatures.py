"""What can be told of a call of FEEL's own functions before anything is calculated: names and number of arguments."""

from collections.abc import Sequence

from dugnad.rulebook.feel.builtins import REGISTRY
from dugnad.rulebook.feel.diagnostics import FeelSyntaxError, nearest
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
                raise FeelSyntaxError(message, place.start, end, tuple(sorted(known)), nearest(name, known))
    elif not any(signature.takes(len(call.arguments)) for signature in signatures):
        ways = sorted(
            {", ".join(parameter.name for parameter in signature.parameters) for signature in signatures}
        )
        wanted = " or ".join(f"{target.name}({way})" for way in ways)
        message = f"{target.name}() cannot take {len(call.arguments)} arguments; write {wanted}."
        raise FeelSyntaxError(message, call.start, call.end, tuple(ways))
