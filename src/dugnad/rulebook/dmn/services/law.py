"""Sections of law as they are written in rules, taken apart and given an address at Lovdata.

Addresses follow Lovdata's own form for links: `lovdata.no/lov/1967-02-10/§13`, `lovdata.no/forskrift/2005-12-16-1478/§3a`.
"""

import re
from urllib.parse import quote

_NAMED = re.compile(r"(LOV|FOR)-([0-9]{4}-[0-9]{2}-[0-9]{2})(?:-([0-9]+))?")
_SECTION = re.compile(r"§+\s*([0-9]+)\s?-?([0-9]*)\s?([a-z]?)(?![a-zæøå])")
_KINDS = {"LOV": "lov", "FOR": "forskrift"}


def sections(law: str) -> tuple[str, ...]:
    """Return the parts of a reference: `§ 3b nr. 2, § 3c nr. 2` are two, `§ 3a, merknader` is one."""
    return tuple(part.strip() for part in re.split(r",\s*(?=§)", law) if part.strip())


def address(reference: str, law: str = "") -> str:
    """Return where Lovdata has a section; empty where the reference does not say of which act.

    `law` is the act the service rests on (`FOR-2005-12-16-1478`); a reference that names an act itself
    (`LOV-1967-02-10 § 13`) goes by that, one that names it in words (`forvaltningsloven § 13`) has no address.
    """
    named = _NAMED.search(reference)
    if named is None and not reference.lstrip().startswith("§"):
        return ""
    found = named or _NAMED.search(law)
    if found is None:
        return ""
    kind, day, number = found.groups()
    act = f"https://lovdata.no/{_KINDS[kind]}/{day}" + (f"-{number}" if number else "")
    section = _SECTION.search(reference)
    if section is None:
        return act
    first, second, letter = section.groups()
    return f"{act}/{quote('§')}{first}{'-' + second if second else ''}{letter}"
