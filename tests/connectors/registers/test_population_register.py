"""What Folkeregisteret tells of a family, and what it must not tell."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dugnad.connectors import norway
from dugnad.connectors.folkeregisteret import Represented
from dugnad.connectors.folkeregisteret.client import FIELDS
from dugnad.shared.national_identity_number import numbers_for

from .conftest import Connect

Number = Callable[[str], str]
DAY = date(2026, 11, 1)


def values(connect: Connect, who: str, *fields: str, on: date = DAY) -> dict[str, Any]:
    answer = connect("folkeregisteret").lookup([who], fields=fields or FIELDS, on=on)
    return dict(answer[who].values)


def test_the_mother_in_stord_with_husband_and_two_children(connect: Connect, number: Number) -> None:
    found = values(connect, number("mor i Stord"))
    father = number("far i Stord")
    assert found["navn"] == "Ingrid Sunde"
    assert found["fødselsdato"] == date(1993, 3, 14)
    assert (found["kjønn"], found["kommune"], found["status"]) == ("kvinne", "4614", "bosatt")
    assert found["ektefelle"] == [father]
    (husband,) = found["voksne på adressen"]
    assert (husband["person"], husband["relasjon"], husband["felles barn"]) == (father, "ektefelle", True)
    children = found["barn"]
    assert [child["fødselsdato"] for child in children] == [date(2022, 5, 6), date(2025, 2, 11)]
    for child in children:
        assert child["foreldreansvar"] is True
        assert child["bor på adressen"] is True
        assert child["delt bosted"] is False
        assert set(child["foreldre"]) == {number("mor i Stord"), father}


def test_the_answer_has_the_registers_own_date_of_the_address(connect: Connect, number: Number) -> None:
    answer = connect("folkeregisteret").lookup([number("mor i Stord")], fields=["adresse"], on=DAY)
    assert set(answer[number("mor i Stord")].valid_from) == {"adresse"}


def test_only_what_is_asked_for_is_told(connect: Connect, number: Number) -> None:
    assert set(values(connect, number("mor i Stord"), "navn", "kommune")) == {"navn", "kommune"}


def test_a_child_with_shared_residence_is_seen_from_both_homes(connect: Connect, number: Number) -> None:
    for parent, lives_there in (("mor med delt bosted", True), ("far med delt bosted", False)):
        (child,) = values(connect, number(parent), "barn")["barn"]
        assert (child["delt bosted"], child["bor på adressen"]) == (True, lives_there)
        assert child["foreldreansvar"] is True


def test_a_partner_without_joint_children_is_no_cohabitant_to_the_register(
    connect: Connect, number: Number
) -> None:
    (other,) = values(connect, number("samboer uten felles barn"), "voksne på adressen")["voksne på adressen"]
    assert (other["relasjon"], other["felles barn"], other["nær slekt"]) == ("annen", False, False)
    assert isinstance(other["bostedsadresse fra"], date)


def test_unmarried_parents_of_joint_children_are_cohabitants(connect: Connect, number: Number) -> None:
    (other,) = values(connect, number("tre barn i barnehage"), "voksne på adressen")["voksne på adressen"]
    assert (other["relasjon"], other["felles barn"]) == ("samboer", True)


def test_step_and_foster_children_are_other_children_at_the_address(connect: Connect, number: Number) -> None:
    step = values(connect, number("stefamilie"), "barn", "andre barn på adressen")
    assert len(step["barn"]) == 2
    assert len(step["andre barn på adressen"]) == 1
    foster = values(connect, number("fosterforelder"), "barn", "andre barn på adressen")
    assert foster["barn"] == []
    assert len(foster["andre barn på adressen"]) == 1


def test_a_confidential_address_never_leaves_the_connector(connect: Connect, number: Number) -> None:
    found = values(connect, number("fortrolig adresse"))
    assert found["adressebeskyttelse"] == "fortrolig"
    hidden = {"adresse", "bostedsadresse fra", "voksne på adressen", "andre barn på adressen"}
    assert not hidden & set(found)
    assert found["kommune"] == "4614"


def test_a_strictly_confidential_address_hides_the_municipality_too(connect: Connect, number: Number) -> None:
    answer = connect("folkeregisteret").lookup([number("strengt fortrolig adresse")], fields=FIELDS, on=DAY)
    (told,) = answer.values()
    hidden = {"adresse", "kommune", "bostedsadresse fra", "voksne på adressen", "andre barn på adressen"}
    assert not hidden & set(told.values)
    assert not told.valid_from
    (child,) = told.values["barn"]
    assert child["bor på adressen"] is None
    for word in ("4614", "vegen", "STORD"):
        assert word not in repr(told)


def test_no_protected_person_shows_up_among_neighbours(
    connect: Connect, population: Path, number: Number
) -> None:
    hidden, open_mother = number("uten barn"), number("mor i Stord")
    with norway.changes(population) as change:
        change.move(hidden, to=open_mother, on=date(2026, 1, 1))
    assert hidden in repr(values(connect, open_mother, "voksne på adressen"))
    with norway.changes(population) as change:
        change.protection(hidden, "strengtFortrolig")
    assert hidden not in repr(values(connect, open_mother, "voksne på adressen"))


def test_who_lives_with_a_hidden_spouse_is_unknown_rather_than_nobody(
    connect: Connect, population: Path, number: Number
) -> None:
    with norway.changes(population) as change:
        change.protection(number("far i Stord"), "strengtFortrolig")
    assert "voksne på adressen" not in values(connect, number("mor i Stord"), "voksne på adressen")


def test_neighbours_in_one_building_are_not_one_household(connect: Connect, store: norway.Store) -> None:
    sql = """SELECT p.number, q.number FROM dwelling d JOIN dwelling e ON e.postal_code = d.postal_code
             AND e.street = d.street AND e.house = d.house AND e.unit <> d.unit
             JOIN person p ON p.dwelling = d.id JOIN person q ON q.dwelling = e.id
             WHERE p.protection = 'ugradert' AND q.protection = 'ugradert' LIMIT 1"""
    ((one, other),) = store.rows(sql)
    assert f"{other:011d}" not in repr(values(connect, f"{one:011d}", "voksne på adressen"))


def test_a_parent_acts_for_children_and_a_guardian_for_a_ward(connect: Connect, number: Number) -> None:
    register = connect("folkeregisteret")
    represented = register.persons_represented(number("mor i Stord"), DAY)
    assert [one.basis for one in represented] == ["foreldreansvar", "foreldreansvar"]
    ward = Represented(number("person med verge"), "verge", "personligeOgOekonomiskeInteresser")
    assert register.persons_represented(number("verge"), DAY) == (ward,)
    assert register.persons_represented(number("uten barn"), DAY) == ()
    assert register.persons_represented("00000000000", DAY) == ()


def test_a_ward_has_a_guardian(connect: Connect, number: Number) -> None:
    found = values(connect, number("person med verge"), "verger")
    assert found["verger"] == [
        {"person": number("verge"), "omfang": "personligeOgOekonomiskeInteresser"},
    ]


def test_a_parent_without_responsibility_does_not_act_for_the_child(
    connect: Connect, population: Path, number: Number
) -> None:
    father = number("far med delt bosted")
    register = connect("folkeregisteret")
    ((child, _, _),) = [
        (r.identity_number, r.basis, r.scope) for r in register.persons_represented(father, DAY)
    ]
    with norway.changes(population) as change:
        change.parent(child, father, role="far", responsible=False)
    assert register.persons_represented(father, DAY) == ()


def test_a_child_is_represented_until_it_comes_of_age(connect: Connect, number: Number) -> None:
    register, mother = connect("folkeregisteret"), number("mor i Bergen")
    # The child in Bergen was born on 14 September 2023.
    assert len(register.persons_represented(mother, date(2041, 9, 13))) == 1
    assert register.persons_represented(mother, date(2041, 9, 14)) == ()


def test_a_dead_child_is_no_longer_among_the_children(
    connect: Connect, population: Path, number: Number
) -> None:
    mother = number("mor i Stord")
    children = values(connect, mother, "barn")["barn"]
    with norway.changes(population) as change:
        change.death(children[0]["person"], on=date(2026, 10, 1))
    assert values(connect, mother, "barn")["barn"] == children[1:]


def test_a_widow_has_no_spouse(connect: Connect, population: Path, number: Number) -> None:
    with norway.changes(population) as change:
        change.death(number("far i Stord"), on=date(2026, 10, 1))
    found = values(connect, number("mor i Stord"), "sivilstand", "ektefelle", "voksne på adressen")
    assert found == {"sivilstand": "enkeEllerEnkemann", "ektefelle": [], "voksne på adressen": []}
    assert values(connect, number("far i Stord"), "status") == {"status": "doed"}


def test_a_child_that_moves_in_with_the_other_parent(
    connect: Connect, population: Path, number: Number
) -> None:
    mother, father = number("mor med delt bosted"), number("far med delt bosted")
    (child,) = values(connect, mother, "barn")["barn"]
    with norway.changes(population) as change:
        change.move(child["person"], to=father, on=date(2026, 10, 15))
    (seen_by_father,) = values(connect, father, "barn")["barn"]
    assert seen_by_father["bor på adressen"] is True
    assert values(connect, child["person"], "bostedsadresse fra") == {
        "bostedsadresse fra": date(2026, 10, 15)
    }


def test_a_newborn_appears_among_the_children(connect: Connect, population: Path, number: Number) -> None:
    newborn = f"{next(numbers_for(date(2026, 11, 1), female=False)):011d}"
    with norway.changes(population) as change:
        change.person(
            newborn,
            name="Ny Sunde",
            born=date(2026, 11, 1),
            sex="mann",
            lives_with=number("mor i Stord"),
        )
        change.parent(newborn, number("mor i Stord"))
    children = values(connect, number("mor i Stord"), "barn")["barn"]
    assert children[-1]["person"] == newborn


def test_unknown_persons_are_left_out(connect: Connect, number: Number) -> None:
    answer = connect("folkeregisteret").lookup(["00000000000", number("verge")], fields=["navn"], on=DAY)
    assert set(answer) == {number("verge")}


def test_more_than_a_thousand_persons_take_more_than_one_request(
    connect: Connect, store: norway.Store
) -> None:
    numbers = [f"{row[0]:011d}" for row in store.rows("SELECT number FROM person ORDER BY id LIMIT 1500")]
    answer = connect("folkeregisteret").lookup(numbers, fields=["fødselsdato"], on=DAY)
    assert list(answer) == numbers


def test_everyone_in_the_population_can_be_looked_up(connect: Connect, store: norway.Store) -> None:
    numbers = [f"{row[0]:011d}" for row in store.rows("SELECT number FROM person WHERE id % 4 = 0")]
    answer = connect("folkeregisteret").lookup(numbers, fields=FIELDS, on=DAY)
    assert len(answer) == len(numbers)
    for found in answer.values():
        hidden = found.values["adressebeskyttelse"] in {"fortrolig", "strengtFortrolig"}
        assert not (hidden and "adresse" in found.values)


@pytest.mark.parametrize("status", ["utflyttet", "midlertidig", "doed"])
def test_those_who_live_elsewhere_have_no_address(connect: Connect, store: norway.Store, status: str) -> None:
    ((who,), *_) = store.rows("SELECT number FROM person WHERE status = ?", (status,))
    found = values(connect, f"{who:011d}", "status", "adresse", "kommune", "voksne på adressen")
    assert found == {"status": status}
