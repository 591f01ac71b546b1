"""The words on the pages: every `texts.yaml` under the package, read once, checked at the start.

A file is a flat mapping from key to the text in each language::

    mailbox.unread: { nb: "{count} uleste brev", nn: "{count} ulesne brev", en: "{count} unread letters" }
    mailbox.letters:
      nb: { one: "ett brev", other: "{count} brev" }
      nn: { one: "eitt brev", other: "{count} brev" }
      en: { one: "one letter", other: "{count} letters" }
    mailbox.about_html: { nb: "Les <b>{title}</b>", … }

A key that ends in `_html` holds markup; values put into it are escaped. All other texts are plain.
"""

import string
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

import yaml
from markupsafe import Markup, escape

from dugnad.design.languages import LANGUAGES, Language, current_language

TEXTS_FILE: Final = "texts.yaml"
PACKAGE: Final = Path(__file__).resolve().parents[1]
_FORMS: Final = {"one", "other"}


class TextsError(ValueError):
    """Texts that cannot be used; the message lists every fault with file and line."""


@dataclass(frozen=True, slots=True)
class _Wording:
    """A text in one language: `other`, and `one` where it differs for exactly one."""

    other: str
    one: str | None = None


@dataclass(frozen=True, slots=True)
class _Text:
    wordings: Mapping[Language, _Wording]
    names: frozenset[str]
    place: str
    html: bool


@dataclass(slots=True)
class Texts:
    """All texts by key. Made by `load_texts`; used through `t`."""

    _texts: dict[str, _Text] = field(default_factory=dict)

    def __contains__(self, key: object) -> bool:
        """Whether there is a text with this key."""
        return key in self._texts

    def keys(self) -> frozenset[str]:
        """Every key there is."""
        return frozenset(self._texts)

    def place(self, key: str) -> str:
        """`file:line` where the text stands."""
        return self._texts[key].place

    def get(self, key: str, language: Language, values: Mapping[str, object]) -> str:
        """Give the text with its values put in; `Markup` for an `_html` key.

        Raises TextsError for an unknown key and for a value too few or too many.
        """
        text = self._texts.get(key)
        if text is None:
            raise TextsError(
                f"There is no text '{key}'. Add it to a {TEXTS_FILE} in all of {', '.join(LANGUAGES)}."
            )
        if values.keys() != text.names:
            expected = ", ".join(sorted(text.names)) or "no values"
            given = ", ".join(sorted(values)) or "none"
            raise TextsError(f"The text '{key}' ({text.place}) takes {expected}; it was given {given}.")
        wording = text.wordings[language]
        pattern = wording.one if wording.one is not None and values.get("count") == 1 else wording.other
        if text.html:
            return Markup(pattern.format_map({k: escape(v) for k, v in values.items()}))  # noqa: S704 - the pattern is ours, the values are escaped
        return pattern.format_map(values) if values else pattern


def load_texts(files: Iterable[Path]) -> Texts:
    """Read and merge text files.

    Raises TextsError with every fault at once: unreadable YAML, a key given twice, a language missing or
    unknown, an empty text, placeholders that differ between the languages.
    """
    texts: dict[str, _Text] = {}
    faults: list[str] = []
    for file in sorted(files):
        _read_file(file, texts, faults)
    if faults:
        raise TextsError("The texts have faults:\n" + "\n".join(f"  {fault}" for fault in faults))
    return Texts(texts)


def foreign(file: Path) -> bool:
    """Whether a file of the package belongs to a simulator of an outside system."""
    return "simulator" in file.relative_to(PACKAGE).parts


@cache
def texts() -> Texts:
    """Read the texts of the whole package, once; a simulator is another's site and keeps its own words."""
    return load_texts(file for file in PACKAGE.rglob(TEXTS_FILE) if not foreign(file))


def t(key: str, /, **values: object) -> str:
    """Say the text of `key` in the language being spoken, with its values put in."""
    return texts().get(key, current_language(), values)


def _read_file(file: Path, texts: dict[str, _Text], faults: list[str]) -> None:
    try:
        root = yaml.compose(file.read_text("utf-8"), Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        faults.append(f"{file}: {' '.join(str(error).split())}")
        return
    if root is None:
        return
    if not isinstance(root, yaml.MappingNode):
        faults.append(f"{file}:1: a text file is a mapping from key to texts")
        return
    for key_node, value_node in root.value:
        place = f"{file}:{key_node.start_mark.line + 1}"
        key = str(key_node.value)
        if key in texts:
            faults.append(f"{place}: '{key}' stands already at {texts[key].place}")
            continue
        if text := _read_text(key, value_node, place, faults):
            texts[key] = text


def _read_text(key: str, node: yaml.Node, place: str, faults: list[str]) -> _Text | None:
    before = len(faults)
    wordings: dict[Language, _Wording] = {}
    given = {str(k.value): v for k, v in node.value} if isinstance(node, yaml.MappingNode) else {}
    for language in LANGUAGES:
        if language not in given:
            faults.append(f"{place}: '{key}' has no text in '{language}'")
        elif wording := _read_wording(given[language]):
            wordings[language] = wording
        else:
            faults.append(f"{place}: '{key}' in '{language}' is neither a text nor {{one: …, other: …}}")
    faults.extend(
        f"{place}: '{key}' has an unknown language '{code}'" for code in given.keys() - set(LANGUAGES)
    )
    names: dict[Language, frozenset[str]] = {}
    for language, wording in wordings.items():
        try:
            names[language] = _placeholders(wording)
        except ValueError as error:
            faults.append(f"{place}: '{key}' in '{language}': {error}")
    if len(set(names.values())) > 1:
        listed = "; ".join(f"{code}: {', '.join(sorted(found)) or 'none'}" for code, found in names.items())
        faults.append(f"{place}: '{key}' has different placeholders ({listed})")
    if len(faults) > before:
        return None
    return _Text(wordings, next(iter(names.values())), place, key.endswith("_html"))


def _read_wording(node: yaml.Node) -> _Wording | None:
    if isinstance(node, yaml.ScalarNode):
        text = str(node.value).strip()
        return _Wording(text) if text else None
    if not isinstance(node, yaml.MappingNode):
        return None
    forms = {str(k.value): str(v.value).strip() for k, v in node.value if isinstance(v, yaml.ScalarNode)}
    if forms.keys() != _FORMS or not all(forms.values()):
        return None
    return _Wording(forms["other"], forms["one"])


def _placeholders(wording: _Wording) -> frozenset[str]:
    """Find the names in a wording; one with forms always takes `count`. ValueError for all but `{name}`."""
    names: set[str] = set() if wording.one is None else {"count"}
    for pattern in filter(None, (wording.one, wording.other)):
        for _, name, spec, conversion in string.Formatter().parse(pattern):
            if name is None:
                continue
            if not name.isidentifier() or spec or conversion:
                raise ValueError(f"'{{{name}}}' is not a plain {{name}}")
            names.add(name)
    return frozenset(names)
