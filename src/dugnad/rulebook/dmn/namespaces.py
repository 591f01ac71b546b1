"""The names OMG gave DMN through its versions. Read: all of them. Written: those that were read, else 1.5."""

from typing import Final, Literal

from dugnad.rulebook.dmn.model.shape import Prefix

MODEL: Final = "https://www.omg.org/spec/DMN/20230324/MODEL/"
FEEL: Final = "https://www.omg.org/spec/DMN/20230324/FEEL/"
DMNDI: Final = "https://www.omg.org/spec/DMN/20230324/DMNDI/"
DC: Final = "http://www.omg.org/spec/DMN/20180521/DC/"
DI: Final = "http://www.omg.org/spec/DMN/20180521/DI/"

Version = Literal["1.3", "1.4", "1.5"]
YEARS: Final[dict[Version, str]] = {"1.3": "20191111", "1.4": "20211108", "1.5": "20230324"}

NAMESPACES: Final[dict[Prefix, str]] = {"dmn": MODEL, "dmndi": DMNDI, "dc": DC, "di": DI}

CURRENT: Final[dict[str, str]] = {
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd": MODEL,  # 1.1
    "http://www.omg.org/spec/DMN/20151101/dmn11.xsd": MODEL,  # 1.1, as some editors wrote it
    "http://www.omg.org/spec/DMN/20180521/MODEL/": MODEL,  # 1.2
    "https://www.omg.org/spec/DMN/20191111/MODEL/": MODEL,  # 1.3
    "https://www.omg.org/spec/DMN/20211108/MODEL/": MODEL,  # 1.4
    "http://www.omg.org/spec/FEEL/20140401": FEEL,
    "http://www.omg.org/spec/DMN/20180521/FEEL/": FEEL,
    "https://www.omg.org/spec/DMN/20191111/FEEL/": FEEL,
    "https://www.omg.org/spec/DMN/20211108/FEEL/": FEEL,
    "http://www.omg.org/spec/DMN/20180521/DMNDI/": DMNDI,
    "https://www.omg.org/spec/DMN/20191111/DMNDI/": DMNDI,
    "https://www.omg.org/spec/DMN/20211108/DMNDI/": DMNDI,
}
"""What a name from an earlier version is called in 1.5."""


def current(uri: str) -> str:
    """Give the name in DMN 1.5 of a namespace or a language; any other is given back as it is."""
    return CURRENT.get(uri, uri)


def in_version(uri: str, version: Version) -> str:
    """Give a name of any version as ``version`` has it; what is not DMN's own is given back as it is."""
    found = current(uri)
    if found not in (MODEL, FEEL, DMNDI):
        return uri
    return found.replace(YEARS["1.5"], YEARS[version])
