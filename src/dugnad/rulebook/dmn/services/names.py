"""Our names as DMN allows them, and the ids its references go by."""

import re
from collections.abc import Iterable, Mapping
from zlib import crc32

_NOT_IN_A_NAME = re.compile(r"[^\w ]")
_NOT_IN_AN_ID = re.compile(r"[^0-9A-Za-z.-]")
_PLAIN = re.compile(r"[0-9A-Za-zÆØÅæøå.-]+( [0-9A-Za-zÆØÅæøå.-]+)*")
_LATIN = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "Æ": "AE", "Ø": "OE", "Å": "AA"})
_TWO_WAYS = re.compile(r"ae|oe|aa|aå|åa", re.IGNORECASE)
_KEYWORDS = frozenset(
    {"and", "or", "not", "if", "then", "else", "for", "in", "return", "some", "every", "satisfies", "between",
     "instance", "of", "function", "external", "null", "true", "false"}
)  # fmt: skip


class Names:
    """One service's names in DMN's spelling. A name DMN allows is kept; two names never become one."""

    def __init__(self, ours: Iterable[str]) -> None:
        self._spelt: dict[str, str] = {}
        for name in ours:
            self.add(name)

    def add(self, name: str) -> str:
        """Take one more name; returns its spelling."""
        if name not in self._spelt:
            self._spelt[name] = self._free(feel_name(name))
        return self._spelt[name]

    def new(self, wanted: str) -> str:
        """Return a name nothing else has, as near to `wanted` as may be."""
        return self.add(wanted) if wanted not in self._spelt else self.new(f"{wanted} ")

    def __getitem__(self, name: str) -> str:
        return self._spelt.get(name) or feel_name(name)

    def changed(self) -> Mapping[str, str]:
        """Return the names that are spelt otherwise in DMN."""
        return {name: spelt for name, spelt in self._spelt.items() if name != spelt}

    def _free(self, wanted: str) -> str:
        taken = set(self._spelt.values())
        number = 2
        spelt = wanted
        while spelt in taken:
            spelt, number = f"{wanted} {number}", number + 1
        return spelt


def feel_name(name: str) -> str:
    """Return a name as every engine reads it: letters, digits and spaces, not beginning with a digit or a word
    of the language. FEEL would allow . ' / * + - too, but few engines tell `a-b` from a less b.
    """
    plain = " ".join(_NOT_IN_A_NAME.sub(" ", name).split())
    first = re.match(r"\w*", plain)
    begins = first.group() if first else ""
    if not begins or begins[0].isdigit() or begins in _KEYWORDS:
        plain = f"_{plain}"
    return plain


def identifier(kind: str, name: str) -> str:
    """Return an XML id that stays the same as long as the name does, and that no other name has.

    Only ASCII: the schema allows more, but editors refuse it. An ordinary Norwegian name is readable in it (æ, ø, å
    as ae, oe, aa); any other has a check sum besides.
    """
    readable = f"{kind}_{_NOT_IN_AN_ID.sub('_', name.translate(_LATIN))}"
    plain = _PLAIN.fullmatch(name) and not _TWO_WAYS.search(name)
    return readable if plain else f"{readable}_{crc32(name.encode()):08x}"
