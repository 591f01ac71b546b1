"""Every page there is, by its address: a page nobody has examined cannot be added."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from test_neighbour import START, file
from town import Town
from walking import Walker

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PUBLIC = {
    "public-front": "/",
    "public-services": "/tjenester",
    "public-service": "/tjenester/redusert-foreldrebetaling",
    "public-login": "/logg-inn",
    "public-goodbye": "/logget-ut",
    "public-privacy": "/personvern",
    "public-accessibility": "/tilgjengelighet",
    "public-contact": "/kontakt",
    "public-outbox": "/utboks",
}
RESIDENT = {
    "public-devices": "/min-side/innlogginger",
    "public-represent": "/min-side/representasjon",
    "resident-home": "/min-side",
    "resident-cases": "/min-side/saker",
    "resident-contact": "/min-side/kontaktinformasjon",
    "resident-looks": "/min-side/hvem-har-sett",
    "resident-mailbox": "/min-side/postkasse",
    "resident-letter": "/min-side/postkasse/{letter}",
    "resident-start": START,
    "resident-page": "/soknad/{draft}/1",
    "resident-summary": "/soknad/{draft}/oppsummering",
    "resident-discard": "/soknad/{draft}/kast",
    "resident-case": "/sak/{case}",
    "resident-withdraw": "/sak/{case}/trekk",
    "resident-appeal": "/sak/{decided}/klage",
    "resident-answer": "/sak/{case}/svar/{request}",
}
DESK = {"desk-list": "/saker", "desk-case": "/saker/{case}"}
CONSOLE = {
    "console-home": "/konsoll",
    "console-jobs": "/konsoll/jobber",
    "console-services": "/konsoll/tjenester",
    "console-service": "/konsoll/tjenester/redusert-foreldrebetaling",
    "console-tailoring": "/konsoll/tjenester/redusert-foreldrebetaling/lokalt",
    "console-confirm-rate": "/konsoll/tjenester/redusert-foreldrebetaling/lokalt/bekreft?sats=makspris&fra=2025-08-01",
    "console-set-place": "/konsoll/tjenester/redusert-foreldrebetaling/lokalt/bestem?sted=kommunens+pris",
    "console-restore-tailoring": "/konsoll/tjenester/redusert-foreldrebetaling/lokalt/tilbake?nummer=1",
    "console-rules": "/konsoll/tjenester/redusert-foreldrebetaling/regler",
    "console-states": "/konsoll/saksgang",
    "console-roles": "/konsoll/roller",
    "console-take-role": "/konsoll/roller/ta?person={approver}&role=approver&service=",
    "console-styleguide": "/konsoll/komponenter",
}
AUDITOR = {"console-log": "/konsoll/logg"}
SIMULATOR = {"idporten-simulator": "walked through at every login of the journeys"}
# Addresses without a page to look at, and why.
NO_PAGE = {
    "public-callback": "only passed through on the way back from the eID",
    "public-workplaces": "walked through, light and dark, in test_two_workplaces",
    "public-frontchannel": "a hidden frame",
    "public-health": "JSON for monitors",
    "public-robots": "text for robots",
    "public-favicon": "a redirect",
    "resident-letter-pdf": "a PDF (PDF/UA-1 is checked in tests/dispatch)",
    "resident-draft": "a redirect to the page where one left off",
    "resident-attachment": "a PDF",
    "resident-case-letters": "a part of resident-case",
    "desk-attachment": "a PDF",
    "desk-letter": "a PDF",
}
ONLY_POST = {
    "public-logout", "public-backchannel", "public-stop-acting", "resident-letter-archive", "resident-send", "desk-search",
    "desk-take", "desk-assign", "desk-note", "desk-ask", "desk-draft", "desk-propose", "desk-approve", "desk-send-back",
    "desk-forward", "desk-preview", "console-retry-job", "console-retry-letter", "console-give-role", "set-language",
    "set-color-scheme",
}  # fmt: skip


def names(of: list[URLPattern | URLResolver]) -> Iterator[str]:
    for one in of:
        if isinstance(one, URLResolver):
            yield from names(one.url_patterns)
        else:
            yield str(one.name)


def test_every_address_is_examined_or_excused() -> None:
    known = {**PUBLIC, **RESIDENT, **DESK, **CONSOLE, **AUDITOR, **SIMULATOR, **NO_PAGE}
    assert set(names(get_resolver().url_patterns)) == set(known) | ONLY_POST


@dataclass
class Scene:
    """Someone with something behind every address."""

    me: Walker
    objects: dict[str, str]


@pytest.fixture
def scene(walk: Callable[..., Walker], town: Town) -> Scene:
    me, number = walk(), town.a_mother()
    me.by_number(number)
    decided = apply(me, fall=False)
    me.go(decided)
    me.wait_for_letter()
    other = walk(examine=False)
    other.by_number(town.a_mother())
    other.go("/min-side")
    person = town.sql("SELECT id FROM identity_person WHERE identity_number = %s", number)[0][0]
    draft, letter = town.sql(
        "SELECT (SELECT id FROM applications_application WHERE person_id = %s AND status = 'draft' LIMIT 1),"
        " (SELECT id FROM dispatch_dispatch WHERE person_id = %s AND state = 'delivered' LIMIT 1)",
        person,
        person,
    )[0]
    assert draft is None
    approver = town.sql(
        "SELECT person_id FROM access_assignment WHERE role = 'approver' AND person_name = 'Trond Solberg'"
    )
    return Scene(
        me, {"decided": decided.rpartition("/")[2], "letter": str(letter), "approver": str(approver[0][0])}
    )


def apply(me: Walker, *, fall: bool) -> str:
    me.go(START)
    me.press(me.page.locator(f"form[action='{START}'] button"))
    me.choose("barna stemmer", "ja")
    me.next()
    me.choose("samboer uten felles barn", "nei")
    me.choose("varig inntektsnedgang", "ja" if fall else "nei")
    if fall:
        me.page.set_input_files("[name='file.varig inntektsnedgang']", [file("inntekt.pdf")])
    me.next()
    return me.send()


def test_public_pages(walk: Callable[..., Walker]) -> None:
    me = walk()
    for address in [*PUBLIC.values(), "/finnes-ikke", "/tjenester?q=barnehage", "/tjenester?q=zzz"]:
        me.go(address)


def test_pages_of_residents_staff_and_console(walk: Callable[..., Walker], town: Town, scene: Scene) -> None:
    waiting = walk()
    waiting.by_number(town.a_mother())
    case = apply(waiting, fall=True).rpartition("/")[2]
    worker = walk()
    worker.by_name("Elin Haugen", at_work=True)
    worker.go(f"/saker/{case}")
    worker.write("form[action$='/sporsmal'] [name=text]", "Send mer.")
    worker.press(worker.page.locator("form[action$='/sporsmal'] button[type=submit]").last)
    request = town.sql("SELECT id FROM cases_informationrequest WHERE case_id = %s", case)[0][0]
    drafting = walk()
    drafting.by_number(town.a_mother())
    drafting.go(START)
    drafting.press(drafting.page.locator(f"form[action='{START}'] button"))
    draft = drafting.page.url.split("/")[-2]
    objects = {**scene.objects, "case": case, "request": str(request), "draft": draft}
    whose = {"draft": drafting, "case": waiting, "request": waiting}
    for address in RESIDENT.values():
        who = next((who for word, who in whose.items() if f"{{{word}}}" in address), scene.me)
        arrives(who, address.format(**objects))
    for address in DESK.values():
        arrives(worker, address.format(**objects))
    for name, pages in (("Vibeke Iversen", CONSOLE), ("Dag Martinsen", AUDITOR)):
        staff = walk(schemes=("light", "dark"))
        staff.by_name(name, at_work=True)
        for address in pages.values():
            arrives(staff, address.format(**objects))


def arrives(who: Walker, address: str) -> None:
    answer = who.go(address)
    assert answer is not None
    assert answer.status == 200, address
    assert who.page.url == who.origin + address, "sent elsewhere"
