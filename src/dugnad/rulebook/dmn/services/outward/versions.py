"""The same model under an earlier version's names: some editors open only what says 1.3."""

from typing import Final, Literal

from dugnad.rulebook.dmn.namespaces import DMNDI, FEEL, MODEL

Version = Literal["1.3", "1.4", "1.5"]
_YEARS: Final[dict[Version, str]] = {"1.3": "20191111", "1.4": "20211108", "1.5": "20230324"}


def in_version(xml: bytes, version: Version) -> bytes:
    """Return a model of 1.5 as one of `version`: what we export is spelt alike in all of them, but for the names of
    the namespaces. (FEEL of 1.3 lacks `context merge` and `round half up`; engines that open 1.3 have them.)
    """
    for name in (MODEL, FEEL, DMNDI):
        xml = xml.replace(name.encode(), name.replace(_YEARS["1.5"], _YEARS[version]).encode())
    return xml
