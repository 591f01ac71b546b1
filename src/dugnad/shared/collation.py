"""The order of names in Norwegian: no wheel has ICU, so the database sorts a key by code point."""

_LAST_LETTERS = {
    ord(letter): key for letters, key in (("æä", "z1"), ("øö", "z2"), ("å", "z3")) for letter in letters
}


def sort_key(name: str) -> str:
    """Return a key that sorts Norwegian names by code point: æ, ø, å last, in that order; aa is å."""
    lowered = name.casefold().replace("aa", "å")
    return lowered.translate(_LAST_LETTERS)
