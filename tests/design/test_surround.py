"""What surrounds a page is kept from one request to the next, and nothing of a person with it."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.template import engines
from django.test import RequestFactory
from jinja2 import DictLoader, Environment, UndefinedError

from dugnad.design.compiling import Templates
from dugnad.design.environment import environment
from dugnad.design.frame import Frame, Link, frame_of, set_frame
from dugnad.design.languages import Language, speaking

Change = Callable[[Frame], Frame]


def page(path: str = "/min-side", language: Language = "nb", **changes: object) -> str:
    request = RequestFactory().get(path)
    set_frame(request, replace(frame_of(request), **changes))  # type: ignore[arg-type]  # fields of Frame
    with speaking(language):
        return str(engines["jinja2"].get_template("base.html").render({}, request))


def test_nobody_sees_the_name_the_address_or_the_token_of_the_one_before() -> None:
    first = page("/min-side/sak/1?a=b&c=d", person="Kari <Nordmann>", acting_for="Ola & sønn")
    assert "Kari &lt;Nordmann&gt;" in first
    assert "Ola &amp; sønn" in first
    assert first.count('value="/min-side/sak/1?a=b&amp;c=d"') == 2
    second = page("/min-side/sak/2", person="Per")
    for other in ("Kari", "Ola", "sak/1"):
        assert other not in second
    assert "Per" in second
    assert "\0" not in first + second
    tokens = [one.partition('csrfmiddlewaretoken" value="')[2][:64] for one in (first, second)]
    assert len(set(tokens)) == len([one for one in tokens if one]) == 2


def test_a_name_that_looks_like_a_mark_stays_a_name() -> None:
    assert "person" in page(person="person")
    assert page(person="a\0path\0b").count("a\0path\0b") == 1


def test_every_language_role_and_count_has_its_own() -> None:
    assert "Logg inn" in page()
    assert "Log in" in page(language="en")
    assert 'aria-current="page"' in page("/min-side")
    one, many = (page(person="Kari", unread=lambda count=count: count) for count in (1, 100))
    assert ">1<" in one
    assert "99+" in many
    staff = page(
        person="Kari", organisation="Bergen kommune", staff_links=(Link("Saker", "/saker", True, 3),)
    )
    assert "Bergen kommune" in staff
    assert "/min-side/postkasse" not in staff
    assert "Bergen kommune" not in page(person="Kari")


@pytest.fixture
def templates() -> Templates:
    found = environment(autoescape=True, loader=DictLoader(TEMPLATES))
    assert isinstance(found, Templates)
    return found


TEMPLATES = {
    "all.html": "{% macro box(a, b='b') %}[{{ a }}{{ b }}{{ caller() if caller is defined }}]{% endmacro %}"
    "{% for one in ['<', 1] %}{{ box(one, b='&') }}{{ box(*['x'], **{'b': loop.index}) }}{% endfor %}"
    "{% call box('y') %}{{ caller is defined }}{% endcall %}{{ dict(**{'class': 1})['class'] }}",
    "missing.html": "{{ nothing() }}",
}


def test_templates_call_and_escape_as_jinja_does(templates: Templates) -> None:
    plain = Environment(autoescape=True, loader=DictLoader(TEMPLATES), trim_blocks=True, lstrip_blocks=True)
    source = TEMPLATES["all.html"].replace("{% call box('y') %}", "{% call box('y') %}")
    assert templates.from_string(source).render() == plain.from_string(source).render()


def test_what_is_not_there_cannot_be_called(templates: Templates) -> None:
    with pytest.raises(UndefinedError):
        templates.get_template("missing.html").render()
