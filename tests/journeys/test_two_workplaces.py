"""Someone who works in two municipalities chooses where, and finds only that place's cases."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator
from test_every_page import apply
from town import Town
from walking import Walker

pytestmark = [pytest.mark.browser, pytest.mark.slow]
BOTH = ("light", "dark")


def test_one_chooses_where_to_work_and_finds_the_cases_of_that_place(
    walk: Callable[..., Walker], town: Town
) -> None:
    mother = walk(examine=False)
    mother.by_number(town.a_mother())
    case = apply(mother, fall=True).rpartition("/")[2]
    me = walk(schemes=BOTH)
    me.by_name("Gunnhild Tveit", at_work=True)
    assert me.page.url == f"{town.origin}/arbeidssted"
    me.reads("Bømlo", "Stord")
    me.press(me.page.locator("main form button[type=submit]"))
    me.reads("Vel kvar du er på jobb.")  # nothing chosen: the page says so beside the field
    me.page.get_by_label("Stord").check()
    me.press(me.page.locator("main form button[type=submit]"))
    assert me.page.url == f"{town.origin}/saker"
    number, name = town.sql("SELECT number, person_name FROM cases_case WHERE id = %s", case)[0]
    assert search(me, name.split()[0]).count()
    assert search(me, number).count() == 1
    assert search(me, "Finnes Ikke").count() == 0

    other = walk()
    other.by_name("Gunnhild Tveit", at_work=True)
    other.page.get_by_label("Bømlo").check()
    other.press(other.page.locator("main form button[type=submit]"))
    assert search(other, number).count() == 0


def search(me: Walker, words: str) -> Locator:
    """Search at the desk; the hits, which axe has looked at like every other page."""
    me.page.fill("[name=sok]", words)
    me.press(me.page.locator("form[action='/saker/sok'][role=search] button"))
    me.examine(again=True)
    return me.page.locator("main a[href^='/saker/0']")
