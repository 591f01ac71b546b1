"""The names of `names.yaml`, as tuples."""

from importlib.resources import files

import yaml

_LISTS: dict[str, tuple[str, ...]] = {
    title: tuple(words.split())
    for title, words in yaml.load(
        (files(__package__) / "names.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader
    ).items()
}

WOMEN_OLD = _LISTS["women born before 1955"]
MEN_OLD = _LISTS["men born before 1955"]
WOMEN_MIDDLE = _LISTS["women born before 1988"]
MEN_MIDDLE = _LISTS["men born before 1988"]
GIRLS = _LISTS["girls"]
BOYS = _LISTS["boys"]
SAMI_WOMEN = _LISTS["Sámi women"]
SAMI_MEN = _LISTS["Sámi men"]
SAMI_FAMILY = _LISTS["Sámi family names"]
WORLD_WOMEN = _LISTS["women from elsewhere"]
WORLD_MEN = _LISTS["men from elsewhere"]
WORLD_FAMILY = _LISTS["family names from elsewhere"]
FAMILY = _LISTS["family names"]
STREET_HEADS = _LISTS["street heads"]
STREET_TAILS = {"nn": _LISTS["street tails nn"], "nb": _LISTS["street tails nb"]}
KINDERGARTEN_HEADS = _LISTS["kindergarten heads"]
