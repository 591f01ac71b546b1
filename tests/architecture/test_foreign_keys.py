"""A foreign key is an import by another road: it may point down the layers, never up or sideways."""

import configparser
from pathlib import Path

from django.apps import apps

PROJECT = Path(__file__).parents[2]


def ranks() -> dict[str, int]:
    """Each module's floor, read from the same lines import-linter reads; 0 is the top."""
    contracts = configparser.ConfigParser()
    contracts.read(PROJECT / ".importlinter", encoding="utf-8")
    floors = contracts["importlinter:contract:layers"]["layers"].split("\n")
    return {
        name.strip(): rank
        for rank, floor in enumerate(filter(None, floors))
        for name in floor.replace(":", "|").split("|")
    }


def test_foreign_keys_point_down_the_layers() -> None:
    rank = ranks()
    upward = [
        f"{model.__module__}.{field.name} -> {target.__module__}"
        for model in apps.get_models(include_auto_created=True)
        if (module := model.__module__.split("."))[0] == "dugnad"
        for field in model._meta.get_fields(include_hidden=True)
        if not field.auto_created
        and (target := field.related_model)
        and not isinstance(target, str)
        and (owner := target.__module__.split("."))[0] == "dugnad"
        and owner[1] != module[1]
        and rank[owner[1]] <= rank[module[1]]
    ]
    assert upward == []


def test_every_floor_of_the_house_has_a_rank() -> None:
    folders = {place.parent.name for place in (PROJECT / "src/dugnad").glob("*/__init__.py")}
    assert folders <= set(ranks())
