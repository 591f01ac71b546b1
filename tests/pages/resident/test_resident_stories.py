"""The two stories: a mother decided at once, and a neighbour whose case needs a person."""

from datetime import UTC, date, datetime

from at_home import FALLEN, Resident, ask, at_desk, deliver, id_of, links, words

from dugnad.design.formats import date_long
from dugnad.design.languages import speaking
from dugnad.flows import desk
from dugnad.shared.calendar import oslo
from portal import Portal


def period(today: date) -> tuple[str, str]:
    """From and to when a decision made today holds, in words (§ 3d)."""
    next_month = date(today.year + today.month // 12, today.month % 12 + 1, 1)
    first = date(today.year, 8, 1) if today.month in {6, 7} else next_month
    last = date(first.year + (first.month >= 8), 7, 31)
    with speaking("nn"):
        return date_long(first), date_long(last)


def test_a_mother_sees_what_is_hers_on_min_side(mother: Resident) -> None:
    page = mother.read("/min-side")
    assert page.startswith("Hei, Ingrid")
    for known in ("Stord kommune", "Lars Sunde", "Nora", "Odin", "barnehage", "45 timar i veka"):
        assert known in page
    assert "Du kan ha rett til Redusert foreldrebetaling i barnehage" in page
    assert "Vi viser dette fordi barnet ditt har barnehageplass" in page


def test_a_mother_gets_her_decision_at_once_and_the_letter_in_her_mailbox(
    mother: Resident, portal: Portal
) -> None:
    form = mother.begin()
    first = mother.read(f"{form}/1")
    assert "Nora Sunde" in first
    assert "Frå barnehageregisteret, § 2" in first
    assert "148 500 kr Frå Skatteetaten, § 3e" in mother.read(f"{form}/2")
    case = mother.send(form, mother.fill(form))

    page = mother.read(f"{case}?sendt=1")
    assert "Takk, vi har fått det" in page
    # 202 000 kr × 6 % / 11 = 1 101,82 (§ 3b); Nora gets 20 of 45 hours free (§ 3c); Odin, number two, 30 % off (§ 3a).
    first, last = period(oslo(datetime.now(UTC)))
    assert f"Nora 612 kr i månaden, frå {first} til {last}" in page
    assert f"Odin 771 kr i månaden, frå {first} til {last}" in page
    for section in ("§ 3a", "§ 3b nr. 1", "§ 3c nr. 1", "§ 3d"):
        assert section in page
    assert "Seks prosent av 202 000 kr, fordelt på 11 månader" in page
    assert "Du kan klage til og med" in page
    assert "Statsforvaltaren i Vestland" in page
    assert "På veg. Brevet kjem om eit augeblikk." in page

    assert deliver(portal) == 1
    assert "Ulesen" in mother.read("/min-side/postkasse")
    address = links(mother.get("/min-side/postkasse"), "/min-side/postkasse/")[0]
    letter = mother.read(address)
    assert "Vedtak om redusert foreldrebetaling" in letter
    assert "Utan reduksjon er prisen for Nora 1 150 kr i månaden." in letter, (
        "the service's own words for each child"
    )
    assert "1 101,82 kr × (1 − 20/45) = 612,12 kr" in letter, "the fraction as Stord wrote it"
    document = mother.get(f"{address}/brev.pdf")
    assert document.content.startswith(b"%PDF-1.7")
    assert document["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in document["Content-Security-Policy"]
    assert "Ulesen" not in mother.read("/min-side/postkasse")
    assert "Avgjord" in mother.read("/min-side")
    assert "Du kan ha rett til" not in mother.read("/min-side")


def test_the_decision_is_explained_in_the_language_one_reads(mother: Resident) -> None:
    case = mother.apply()
    mother.client.cookies["dugnad_language"] = "en"
    page = mother.read(case)
    assert "NOK 1,101.82" in page
    assert "You can appeal until" in page


def test_a_neighbour_with_a_lasting_fall_in_income_goes_to_a_person(
    neighbour: Resident, portal: Portal
) -> None:
    case = neighbour.apply(FALLEN)
    page = neighbour.read(case)
    assert "Hos saksbehandlar" in page
    assert "Årsaka skal vurderast konkret av kommunen" in page

    request = ask(portal, case, "Send oss ein lønsslipp.\n\nGjerne den siste.")
    assert "Vi treng meir frå deg innan" in neighbour.read(case)
    answer = f"{case}/svar/{request}"
    assert "Send oss ein lønsslipp." in neighbour.read(answer)
    empty = neighbour.post(answer, {"text": ""})
    assert empty.status_code == 422
    assert "Skriv eit svar eller legg ved ei fil." in words(empty)
    sent = neighbour.post(answer, {"text": "Her er han."})
    assert (sent.status_code, sent["Location"]) == (303, case)
    again = neighbour.post(answer, {"text": "Og ein gong til."})
    assert again.status_code == 303
    page = neighbour.read(case)
    assert "Her er han." in page
    assert "Og ein gong til." not in page


def test_a_person_decides_and_the_resident_reads_who_and_why(neighbour: Resident, portal: Portal) -> None:
    case = neighbour.apply(FALLEN)
    corrected = {"husholdningens inntekt": "300000"}
    reasons = "Lønsslippen viser at inntekta har gått varig ned."
    from datetime import UTC, datetime

    with at_desk(portal, "saksbehandler i Stord") as staff:
        desk.look(case_id=id_of(case), staff=staff, at=datetime.now(UTC))
        desk.propose(
            case_id=id_of(case), corrected=corrected, reasons=reasons, staff=staff, at=datetime.now(UTC)
        )
    with at_desk(portal, "godkjenner i Stord") as staff:
        desk.approve(case_id=id_of(case), staff=staff, at=datetime.now(UTC))
    page = neighbour.read(case)
    assert "Handsama av Elin Haugen, Trond Solberg" in page
    assert reasons in page
    log = neighbour.read("/min-side/hvem-har-sett")
    assert "Elin Haugen, Stord kommune Opna saka Føremål: Sakshandsaming" in log


def test_an_appeal_is_a_case_of_its_own_and_a_second_one_leads_to_the_first(
    mother: Resident, portal: Portal
) -> None:
    case = mother.apply()
    deliver(portal)
    assert "Fristen er" in mother.read(f"{case}/klage")
    empty = mother.post(f"{case}/klage", {"text": " "})
    assert (empty.status_code, "Skriv kva du er ueinig i." in words(empty)) == (422, True)
    appeal = mother.post(f"{case}/klage", {"text": "Odin går berre 30 timar."})["Location"].partition("?")[0]
    page = mother.read(appeal)
    assert "Klage: Redusert foreldrebetaling i barnehage" in page
    assert "Odin går berre 30 timar." in page
    assert mother.post(f"{case}/klage", {"text": "Ein til"})["Location"].partition("?")[0] == appeal
    assert "Du har klaga på vedtaket" in mother.read(case)


def test_a_late_appeal_is_told_so_kindly_and_taken(mother: Resident, portal: Portal) -> None:
    case = mother.apply()
    deliver(portal)
    portal.sql("UPDATE dispatch_dispatch SET delivered_at = delivered_at - interval '40 days'")
    portal.sql(
        "SET session_replication_role = replica; UPDATE decisions_decision SET decided_at = decided_at - interval '40 days'"
    )
    assert "Du kan likevel klage" in mother.read(f"{case}/klage")
    appeal = mother.post(f"{case}/klage", {"text": "Eg var sjuk."})
    assert appeal.status_code == 303
    assert "Klaga kom etter fristen" in mother.read(appeal["Location"])
