"""What the components promise someone who does not see the page."""

from dataclasses import replace

import pytest
from django.template.backends.jinja2 import Jinja2
from jinja2 import UndefinedError
from markup import Markup, text_of

from conftest import STAFF, Render
from dugnad.design.languages import LANGUAGES, Language

FORMS = '{% import "forms.html" as forms %}{% import "components.html" as ui %}'


def test_an_error_is_tied_to_its_field_and_the_summary_leads_there(render: Render) -> None:
    template = """{{ forms.error_summary([('hours', 'For mange timer.')]) }}
        {{ forms.number_field('hours', 'Timer', '99', unit='timer', description='45 er fullt',
            error='For mange.') }}"""
    page = Markup(render(FORMS + template))
    control = page.by_id("field-hours")
    described = [text_of(page.by_id(name)) for name in control.attrib["aria-describedby"].split()]
    assert described == ["45 er fullt", "timer", "For mange."]
    assert control.attrib["aria-invalid"] == "true"
    assert text_of(page.one("label[@for='field-hours']")) == "Timer"
    assert page.by_id("errors").attrib["tabindex"] == "-1"
    assert [link.attrib["href"] for link in page.all("*[@id='errors']//a")] == ["#field-hours"]


def test_a_question_with_choices_keeps_its_error_and_its_answer(render: Render) -> None:
    page = Markup(render(FORMS + "{{ forms.yes_no('alone', 'Bor du alene?', 'no', error='Svar.') }}"))
    group = page.one("fieldset")
    assert text_of(page.one("legend")) == "Bor du alene?"
    assert text_of(page.by_id(group.attrib["aria-describedby"])) == "Svar."
    assert page.one("input[@checked]").attrib["value"] == "no"
    assert page.all("input")[0].attrib["id"] == "field-alone", "the summary's link lands on the first choice"


def test_nothing_written_by_a_person_becomes_markup(render: Render) -> None:
    template = """
        {{ forms.text('a', evil, evil, evil, evil) }}{{ forms.textarea('b', evil, evil) }}
        {{ forms.select('c', evil, [(evil, evil)]) }}{{ forms.radios('d', evil, [(evil, evil, evil)], evil) }}
        {{ ui.fact(evil, evil, evil, disputed=evil) }}{{ ui.alert('info', evil, evil) }}
        {{ ui.search('/', evil, evil) }}{{ ui.copyable(evil, evil) }}{{ ui.tag(evil) }}
        {{ ui.breadcrumbs([(evil, '/')], evil) }}"""
    page = render(FORMS + template, evil='"><script>alert(1)</script>')
    assert "<script>" not in page
    assert Markup(page).all("script") == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_frame_says_whose_page_it_is_and_on_whose_behalf(render: Render, language: Language) -> None:
    page = Markup(render("styleguide.html", language, STAFF))
    token = "input[@name='csrfmiddlewaretoken']"
    assert page.one("html").attrib["lang"] == language
    assert "Ola Nordmann" in text_of(page.one("section[@data-color='warning']"))
    assert page.one(f"form[@action='/min-side/stopp-representasjon'][@method='post']/{token}") is not None
    assert page.one(f"form[@action='/logg-ut'][@method='post']/{token}") is not None
    assert page.one("form[@action='/sprak']/input[@name='next']").attrib["value"] == STAFF.path
    assert page.one("form[@action='/sprak']//button[@aria-current]").attrib["value"] == language
    assert page.all("header[@class='dn-header']//a[@href='/min-side']") == []  # at work one is not at home


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_frame_marks_the_page_one_is_on(render: Render, language: Language) -> None:
    page = Markup(render("styleguide.html", language, replace(STAFF, organisation=None, staff_links=())))
    assert page.one("a[@href='/min-side'][@aria-current='true']") is not None
    assert page.one("a[@href='/min-side/postkasse'][@aria-current='page']") is not None


def test_someone_unknown_carries_no_token_and_is_offered_the_login(render: Render) -> None:
    page = Markup(render("base.html"))
    assert page.all("input[@name='csrfmiddlewaretoken']") == [], "public pages can be kept by a cache"
    assert page.one("a[@href='/logg-inn']") is not None
    assert page.all("div[@class='dn-staff']") == page.all("section") == []


def test_no_page_breaks_the_policy_with_inline_script_or_style(render: Render) -> None:
    page = Markup(render("styleguide.html", frame=STAFF))
    assert page.all("style") == page.all("*[@style]") == []
    assert all("src" in script.attrib for script in page.all("script"))
    assert [name for element in page.all("*") for name in element.attrib if name.startswith("on")] == []


def test_every_id_is_given_once(render: Render) -> None:
    ids = [element.attrib["id"] for element in Markup(render("styleguide.html", frame=STAFF)).all("*[@id]")]
    assert sorted(ids) == sorted(set(ids))


def test_a_list_page_leads_to_its_neighbours(render: Render) -> None:
    assert Markup(render(FORMS + "{{ ui.pagination() }}")).all("a") == []
    page = Markup(render(FORMS + "{{ ui.pagination(older='?etter=9') }}"))
    assert [link.attrib["href"] for link in page.all("a")] == ["?etter=9"]


def test_a_forgotten_variable_fails_loudly(render: Render) -> None:
    with pytest.raises(UndefinedError):
        render("{{ not_given }}")


def test_values_are_escaped_without_anyone_asking(jinja: Jinja2) -> None:
    assert jinja.env.autoescape is True


def test_the_confirmation_page_asks_before_something_is_done(render: Render) -> None:
    asked = {
        "title": "Trekke søknaden?",
        "text": "Du kan søke igjen.",
        "action": "/trekk",
        "cancel": "/min-side",
    }
    page = Markup(render("confirm.html", confirm="Trekk", danger=True, hidden={"case": "2026-1"}, **asked))
    form = page.one("form[@action='/trekk']")
    assert {field.attrib["name"] for field in form.iter("input")} == {"csrfmiddlewaretoken", "case"}
    assert [link.attrib["href"] for link in form.iter("a")] == ["/min-side"]
