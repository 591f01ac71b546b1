"""The page of the rules: everything a lawyer must be able to answer for, in one place, without a script."""

import os
import re
from pathlib import Path

import pytest
from django.test import Client
from test_console_pages import browser

from dugnad.access.types import Role
from portal import Portal

ADDRESS = "/konsoll/tjenester/redusert-foreldrebetaling/regler"


def page(portal: Portal, language: str = "nb") -> str:
    answer = browser(portal, Role.AUDITOR, language).get(ADDRESS)
    assert answer.status_code == 200
    shown = answer.content.decode()
    if folder := os.environ.get("DUGNAD_KEEP_PAGES"):
        (Path(folder) / f"rules-{language}.html").write_text(shown, encoding="utf-8")
    return shown


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html)).replace("&lt;", "<").replace("&gt;", ">")


def test_each_link_on_the_page_leads_to_a_place_on_it(portal: Portal) -> None:
    shown = page(portal)
    ids = re.findall(r'\bid="([^"]+)"', shown)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', shown)) <= set(ids)


def test_the_graph_has_a_box_for_each_step_rate_and_open_place(portal: Portal) -> None:
    shown = page(portal)
    graph = shown[
        shown.index('<svg class="rules-graph"') : shown.index(
            "</svg>", shown.index('<svg class="rules-graph"')
        )
    ]
    labels = re.findall(r'<a href="#[^"]+" aria-label="([^"]+)"', graph)
    assert "Steg: inntektstak, § 3b nr. 1" in labels
    assert "Sats: betalingsmåneder, § 1, Stortingets budsjettvedtak" in labels
    assert "Kommunen bestemmer: kommunens pris, § 1" in labels
    assert "Opplysning: husholdning" in labels
    assert "style=" not in graph


def test_a_formula_is_shown_with_its_names_as_links(portal: Portal) -> None:
    shown = page(portal)
    assert '<code><a href="#step_husholdningens_inntekt">husholdningens inntekt</a> * 6 % / '.replace(
        "_", " "
    ) in shown.replace("_", " ")
    assert "husholdningens inntekt * 6 % / betalingsmåneder" in words(shown)


def test_rows_show_their_law_and_the_examples_that_reach_them(portal: Portal) -> None:
    shown = page(portal)
    table = shown[shown.index('id="step_heldagspris"') :]
    table = table[: table.index("</table>")]
    assert 'href="https://lovdata.no/forskrift/2005-12-16-1478/%C2%A73b">§ 3b nr. 1</a>' in table
    assert "Én krone under grensen gir lavere pris" in table
    assert "Den første raden som passer, gjelder." in table


def test_rates_show_source_days_and_what_nobody_has_seen(portal: Portal) -> None:
    said = words(page(portal))
    assert "stord.kommune.no, amanda.barnehage.no" in said
    assert "Kilden er ikke sett: gir ikke automatisk vedtak" in said
    assert "Bekreftet av kommunen" in said
    assert "Gjelder i dag" in said


def test_open_places_show_bounds_and_what_this_municipality_has_set(portal: Portal) -> None:
    shown = page(portal)
    row = shown[shown.index('<tr id="open_kommunens_pris"') :]
    row = words(row[: row.index("</tr>")])
    assert "minst 0 kr/måned" in row
    assert "høyst makspris" in row
    assert "1900 kr/måned" in row


def test_control_points_and_sentences_are_there(portal: Portal) -> None:
    said = words(page(portal))
    assert "Søkeren opplyser om varig nedgang i inntekten." in said
    assert "Be om siste skattemelding." in said
    assert "Personinntekt og skattepliktig kapitalinntekt for de voksne i husholdningen" in said


@pytest.mark.parametrize(
    ("language", "said"), [("nn", "Teikning av reglane"), ("en", "Drawing of the rules")]
)
def test_the_page_speaks_the_other_languages(portal: Portal, language: str, said: str) -> None:
    shown = page(portal, language)
    assert said in shown
    assert f'<html lang="{language}"' in shown


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.ADMINISTRATOR, 200), (Role.AUDITOR, 200), (Role.CASE_WORKER, 403), (Role.APPROVER, 403)],
)
def test_those_who_see_the_console_see_the_rules(portal: Portal, role: Role, status: int) -> None:
    assert browser(portal, role).get(ADDRESS).status_code == status


def test_strangers_and_services_not_in_use_stay_out(portal: Portal, client: Client) -> None:
    assert client.get(ADDRESS).status_code in {302, 303}
    assert browser(portal, Role.AUDITOR).get("/konsoll/tjenester/finnes-ikke/regler").status_code == 404


def test_the_service_page_leads_here(portal: Portal) -> None:
    shown = browser(portal, Role.AUDITOR).get(ADDRESS.removesuffix("/regler")).content.decode()
    assert f'href="{ADDRESS}"' in shown


def test_a_formula_is_also_said_in_words_and_columns_say_their_units(portal: Portal) -> None:
    shown = words(page(portal))
    assert "Med ord: 31. juli året etter «barnehageåret starter»." in shown
    assert (
        "Med ord: Det seneste av «barnehageåret starter» og 1 måned etter den 1. i samme måned som" in shown
    )
    assert "avtalt tid timer/uke" in re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page(portal)))


def test_of_what_the_municipality_has_decided_the_value_in_force_is_marked(portal: Portal) -> None:
    shown = words(page(portal))
    assert re.search(
        r"Fra 01\.08\.2025: 1150 kr/måned Gjelder i dag\s*Fra 01\.08\.2024: 1900 kr/måned", shown
    )
    assert "Vedtatt av kommunestyret 18. juni 2026" in shown.replace("\u00a0", " ")
