"""What does not fit the form of a file, in the words of someone who never saw a JSON Schema; each mistake once."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from jsonschema.exceptions import ValidationError

from dugnad.rulebook.located import Finding, Node, suggest

_KINDS = {"object": "keys and values", "array": "a list", "string": "text", "number": "a number", "integer": "a number",
          "boolean": "true or false", "null": "nothing"}  # fmt: skip
_YES_AND_NO = {"ja": "true", "yes": "true", "on": "true", "sant": "true", "nei": "false", "no": "false", "off": "false",
               "usant": "false"}  # fmt: skip
_GLUED = re.compile(r"[^\s:]+:\S.*")
_DIGITS = re.compile(r"-?[\d\s .,_]*\d(\s*(kr|kroner|%|prosent)?\S*)?")


def misfits(node: Node, errors: Iterable[ValidationError]) -> Iterator[Finding]:
    """Give what is wrong with the form, a misspelt key only once and not also as one that is missing."""
    told: set[tuple[int, int]] = set()
    listed = list(errors)
    misspelt = {
        _place_of(one): dict(_unknown(one)) for one in listed if one.validator == "additionalProperties"
    }
    for error in sorted(
        listed, key=lambda one: (-len(one.absolute_path), one.validator in ("oneOf", "anyOf"))
    ):
        meant = set(misspelt.get(_place_of(error), {}).values())
        for one in _misfit(node, error, meant):
            if (one.line, one.column) not in told:
                told.add((one.line, one.column))
                yield one


def _place_of(error: ValidationError) -> tuple[object, ...]:
    return tuple(error.absolute_path)


def _unknown(error: ValidationError) -> Iterator[tuple[str, str]]:
    """Give each key nobody knows with the one that was meant, where one is near."""
    if isinstance(error.instance, dict) and isinstance(error.schema, Mapping):
        allowed = error.schema.get("properties", {})
        for key in error.instance:
            if key not in allowed:
                near = re.match("Did you mean '(.*)'", suggest(key, allowed))
                yield key, near[1] if near else ""


def _misfit(node: Node, error: ValidationError, meant: set[str]) -> Iterator[Finding]:
    at = node.find(error.absolute_path)
    path = " → ".join(str(step) for step in error.absolute_path) or "the file"
    if error.validator == "additionalProperties" and isinstance(error.schema, Mapping):
        allowed = error.schema.get("properties", {})
        for key, _ in _unknown(error):
            comma = key.replace(" ", "").isdigit()
            what = f"'{key}' is not known in {path}"
            mend = (
                "A comma begins a new entry here: write a point, as 0.75." if comma else suggest(key, allowed)
            )
            yield Finding.at(at.keys.get(key, at.place), "unknown-key", what, mend)
    elif error.validator == "required" and isinstance(error.instance, dict):
        missing = [
            key for key in _listed(error.validator_value) if key not in error.instance and key not in meant
        ]
        languages = set(missing) <= {"nb", "nn", "en"}
        code, where = ("language", "the wording") if languages else ("missing-key", path)
        if missing and not (languages and "no" in error.instance):
            what = f"{where} lacks {', '.join(missing)}"
            yield Finding.at(at.place, code, what, f"Add {', '.join(missing)}.")
    elif error.validator in ("oneOf", "anyOf") and (keys := _choices(error)):
        if not meant & set(keys) and isinstance(error.instance, dict):
            both = [key for key in keys if key in error.instance]
            what = (
                f"{path} has both {' and '.join(both)}"
                if len(both) > 1
                else f"{path} lacks {' or '.join(keys)}"
            )
            yield Finding.at(at.place, "form", what, f"Write one of them: {' or '.join(keys)}.")
    else:
        what, mend = _value(error)
        yield Finding.at(at.place, "form", f"{path}: {what}", mend)


def _listed(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else []


def _choices(error: ValidationError) -> list[str]:
    """Return the keys of which one is wanted, where that is all the choice is about."""
    listed = error.validator_value if isinstance(error.validator_value, list) else []
    ways = [way["required"] for way in listed if isinstance(way, Mapping) and set(way) == {"required"}]
    return [str(key) for way in ways for key in way] if len(ways) == len(listed) else []


def _value(error: ValidationError) -> tuple[str, str]:
    """Say what is wrong with one value, and how it is written."""
    value, shown = error.instance, _shown(error.instance)
    described = error.schema.get("description") if isinstance(error.schema, Mapping) else None
    if error.validator == "enum":
        return f"{shown} is not one of the allowed values", suggest(
            str(value), _listed(error.validator_value)
        )
    if error.validator == "format" or (
        error.validator == "pattern" and "[0-9]{4}-" in str(error.validator_value)
    ):
        return f"{shown} is no date", "Write the day as 2026-08-01."
    if error.validator == "type":
        return _type(value, shown, error.validator_value, str(described or ""))
    if error.validator == "pattern":
        return f"{shown} is not written as it should be", str(
            described or f"Write it as {_pattern(error.validator_value)}."
        )
    return "does not fit the form", str(
        described or f"It must satisfy {error.validator}: {str(error.validator_value)[:120]}."
    )


def _type(value: Any, shown: str, wanted: object, described: str) -> tuple[str, str]:
    kinds = [str(one) for one in wanted] if isinstance(wanted, list) else [str(wanted)]
    what = f"{shown} is not {' or '.join(_KINDS.get(kind, kind) for kind in kinds)}"
    if isinstance(value, str) and "object" in kinds and _GLUED.fullmatch(value):
        return what, "Write a space after the colon."
    if isinstance(value, str) and "boolean" in kinds:
        return what, f"Write {_YES_AND_NO.get(value.casefold(), 'true or false')}."
    if isinstance(value, str) and {"number", "integer"} & set(kinds) and _DIGITS.fullmatch(value):
        return (
            what,
            "Write only the number, without spaces, unit or quotation marks, and with a point: 1200 or 0.75.",
        )
    if "string" in kinds and isinstance(value, int | float):
        return what, f'Put it in quotation marks: "{value}".'
    return what, described or f"Write {' or '.join(_KINDS.get(kind, kind) for kind in kinds)}."


def _shown(value: object) -> str:
    return "nothing" if value is None else "this" if isinstance(value, dict | list) else f"'{value}'"


def _pattern(pattern: object) -> str:
    return str(pattern).strip("^$").replace("[0-9]+", "3").replace("s?", "s")
