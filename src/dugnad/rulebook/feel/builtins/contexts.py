"""Functions of contexts, and the few that fit no other family."""

from collections.abc import Mapping

from dugnad.rulebook.feel import operators
from dugnad.rulebook.feel.builtins.registry import feel
from dugnad.rulebook.feel.diagnostics import Fault
from dugnad.rulebook.feel.temporal import temporal_text
from dugnad.rulebook.feel.values import Unknown, Value, is_context, kind_of


@feel("not(negand: any)", tolerant=True)
def negation(negand: Value) -> Value:
    """Turn true and false round, also one alone in a list; of anything else null, of unknown unknown."""
    if type(negand) is list and len(negand) == 1:
        negand = negand[0]
    if type(negand) is bool:
        return not negand
    if type(negand) is Unknown:
        return negand
    raise operators.mismatch("not()", negand)


@feel("is(value1: any, value2: any)")
def is_same(value1: Value, value2: Value) -> bool:
    """Tell whether two values are the same element of the semantic domain: zones count, too."""
    if kind_of(value1) != kind_of(value2):
        return False
    if kind_of(value1) in ("time", "date and time"):
        return temporal_text(value1) == temporal_text(value2)
    return operators.same_value(value1, value2) is True


@feel("get value(m: context, key: string)", tolerant=True)
def get_value(m: Value, key: Value) -> Value:
    """Give the value of a key; null where there is none, without error."""
    unknown = next((part for part in (m, key) if type(part) is Unknown), None)
    return unknown if unknown is not None else m.get(key)


@feel("get value(m: context, keys: list)")
def get_nested(m: Value, keys: list[Value]) -> Value:
    """Give the value at the end of a path of keys; null where it breaks off."""
    value = m
    for key in keys:
        if not isinstance(key, str):
            raise operators.mismatch("get value()", key)
        if not is_context(value):
            return None
        value = value.get(key)
    return value if keys else None


@feel("get entries(m: context)", tolerant=True)
def get_entries(m: Value) -> Value:
    """Give a list of ``{key, value}``."""
    return m if type(m) is Unknown else [{"key": key, "value": value} for key, value in m.items()]


@feel("context(entries: list)")
def context(entries: list[Value]) -> dict[str, Value]:
    """Make a context of a list of ``{key, value}``. Raises Fault for a key without text or given twice."""
    made: dict[str, Value] = {}
    for entry in entries:
        if not is_context(entry) or not isinstance(entry.get("key"), str) or "value" not in entry:
            raise Fault("type-mismatch", "context() needs entries with a key and a value.")
        if entry["key"] in made:
            raise Fault("wrong-arguments", "context() is given a key twice.")
        made[entry["key"]] = entry["value"]
    return made


@feel("context put(context: context, key: string, value: any)")
def context_put(old: Mapping[str, Value], key: str, value: Value) -> dict[str, Value]:
    """Give the context with one more entry."""
    return {**old, key: value}


@feel("context put(context: context, keys: list, value: any)")
def context_put_nested(old: Mapping[str, Value], keys: list[Value], value: Value) -> dict[str, Value]:
    """Give the context with an entry at the end of a path of keys. Raises Fault for an empty path or a
    wrong key.
    """
    if not keys:
        raise Fault("wrong-arguments", "context put() needs a key.")
    head, *rest = keys
    if not isinstance(head, str):
        raise operators.mismatch("context put()", head)
    if not rest:
        return {**old, head: value}
    inner: Value = old.get(head)
    if not is_context(inner):
        raise Fault("missing-property", "context put() has no context at this path.")
    return {**old, head: context_put_nested(inner, rest, value)}


@feel("context merge(contexts: list)")
def context_merge(contexts: list[Value]) -> dict[str, Value]:
    """Join contexts; a later one wins."""
    merged: dict[str, Value] = {}
    for part in contexts:
        if not is_context(part):
            raise operators.mismatch("context merge()", part)
        merged.update(part)
    return merged
