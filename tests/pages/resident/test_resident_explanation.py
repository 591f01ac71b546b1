"""How a decision came about, on the resident's page: the short form, the whole on request, what would have changed it."""

import re
from datetime import UTC, datetime

import pytest
from at_home import FALLEN, Resident, at_desk, id_of

from dugnad.flows import desk
from portal import Portal

# Hilde and Morten earn 1 105 000 kr; 20 free hours are for incomes below 692 400 kr (§ 3c), and Tobias turned two in 2025.
WISHES = {
    "nb": "Hvis husholdningens inntekt hadde vært under 692 400 kr i året, ville utfallet ha blitt",
    "nn": "Om inntekta i hushaldet hadde vore under 692 400 kr i året, ville utfallet ha vorte",
    "en": "If household income had been below NOK 692,400 a year, the outcome would have been",
}


def test_the_whole_calculation_is_shown_when_asked_for(mother: Resident) -> None:
    case = mother.apply()
    page = mother.get(case).content.decode()
    assert f'href="{case}?hele=1#whole"' in page
    assert "Rad 1 gjeld" not in page
    whole = mother.read(f"{case}?hele=1")
    # Ingrid's household: 202 000 kr × 6 % / 11 = 1 101,82 kr, below Stord's price of 1 150 kr (§ 3b nr. 1)
    told = whole.replace("\u00a0", " ")
    assert (
        "Rad 1 gjeld: seks prosent av inntekta er 1 101,82 kr, som er under «kommunens pris» (1 150 kr)."
        in told
    )
    assert "Det følgjer av rad 2 i tabellen: «barn nr» er 2." in told
    assert not re.search(r"\d{11}", whole)  # nobody's identity number
    assert "Utfall: innvilget." in told


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_a_refusal_says_what_would_have_changed_it(neighbour: Resident, language: str) -> None:
    case = neighbour.apply()
    neighbour.client.cookies["dugnad_language"] = language
    assert WISHES[language] in neighbour.read(case).replace("\u00a0", " ")


def test_what_was_granted_says_nothing_of_the_kind_on_the_first_page(mother: Resident) -> None:
    assert "ville ha endra vedtaket" not in mother.read(mother.apply())


def test_what_a_person_has_set_is_told_as_theirs(neighbour: Resident, portal: Portal) -> None:
    case = neighbour.apply(FALLEN)
    now = datetime.now(UTC)
    corrected = {"husholdningens inntekt": "300000"}
    with at_desk(portal, "saksbehandler i Stord") as staff:
        desk.look(case_id=id_of(case), staff=staff, at=now)
        desk.propose(case_id=id_of(case), corrected=corrected, reasons="Lønsslippen.", staff=staff, at=now)
    with at_desk(portal, "godkjenner i Stord") as staff:
        desk.approve(case_id=id_of(case), staff=staff, at=now)
    whole = neighbour.read(f"{case}?hele=1").replace("\u00a0", " ")
    assert "Ein saksbehandlar har vurdert saka og sett dette til 300 000 kr." in whole
    assert not re.search(r"\d{11}", whole)
