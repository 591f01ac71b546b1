"""Files that are broken, hostile or no models at all: a clear error in bounded time, and nothing in them is fetched."""

import time
from decimal import Decimal

import pytest
from hypothesis import given as given_any
from hypothesis import settings
from hypothesis import strategies as st
from modelling import context, decision, entry, given, item, model, table, text

from dugnad.rulebook.dmn.errors import DmnError
from dugnad.rulebook.dmn.evaluating import compile_model, library_of
from dugnad.rulebook.dmn.namespaces import MODEL
from dugnad.rulebook.dmn.reading import read

HEAD = f'<definitions xmlns="{MODEL}" name="m" namespace="https://example.no/m">'
ENTITIES = "".join(f'<!ENTITY a{at} "{f"&a{at - 1};" * 10 if at else "ha"}">' for at in range(12))
MANY = " ".join(f"a{at}='1'" for at in range(200_000))
NESTED = "<context><contextEntry>" * 90 + "</contextEntry></context>" * 90
HOSTILE = {
    "billion laughs": f"<!DOCTYPE d [{ENTITIES}]>{HEAD}<description>&a11;</description></definitions>",
    "laughs in an attribute": f"<!DOCTYPE d [{ENTITIES}]>"
    + HEAD.replace('name="m"', 'name="&a11;"')
    + "</definitions>",
    "a file of the machine": f'<!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    f"{HEAD}<description>&e;</description></definitions>",
    "a document type elsewhere": f'<!DOCTYPE d SYSTEM "http://127.0.0.1:9/d.dtd">{HEAD}</definitions>',
    "deep nesting": HEAD + "<decision name='d'>" + "<context><contextEntry>" * 10_000,
    "deep nesting, closed": f"{HEAD}<decision name='d'>{NESTED}</decision></definitions>",
    "deep foreign nesting": HEAD + "<extensionElements>" + "<a xmlns='q'>" * 10_000,
    "a table of 50 MB": HEAD + "<decision name='d'/>" * 2_500_000 + "</definitions>",
    "a million elements": HEAD + "<a/>" * 1_000_000 + "</definitions>",
    "many attributes": f"{HEAD}<decision name='d' {MANY}/></definitions>",
    "a namespace for every element": HEAD
    + "".join(f"<a xmlns='u{at}' xmlns:p{at}='v'/>" for at in range(60_000))
    + "</definitions>",
    "many namespaces, many elements": HEAD.replace(
        " name", " ".join(["", *(f"xmlns:p{at}='v'" for at in range(20_000)), "name"])
    )
    + "<a xmlns='q'/>" * 50_000
    + "</definitions>",
    "many comments": HEAD + "<!---->" * 450_000 + "</definitions>",
    "half a character": HEAD + "\ud800",
    "an unknown encoding": '<?xml version="1.0" encoding="klingon"?><a/>',
    "nothing": "",
}


@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_files_are_refused_at_once(source: str):
    began = time.monotonic()
    with pytest.raises(DmnError):
        read(source)
    assert time.monotonic() - began < 3


ANY = model(decision("æøå", text("1")))


@pytest.mark.parametrize(
    ("data", "wrong"),
    [
        (ANY, ""),
        (f'<?xml version="1.0" encoding="UTF-16"?>{ANY}', ""),
        (ANY.encode("utf-8-sig"), ""),
        (ANY.encode("utf-16"), ""),
        (f'<?xml version="1.0" encoding="ISO-8859-1"?>{ANY}'.encode("latin-1"), ""),
        (ANY.encode("latin-1"), "Invalid bytes"),
        (ANY.encode()[:150], "not XML"),
        (b"PK\x03\x04 a zipped file", "not XML"),
        (b"%PDF-1.7", "not XML"),
        (b"<!DOCTYPE html><html/>", "Give a DMN file"),
        ('<definitions name="m" namespace="n"/>', "namespace at its head"),
    ],
)
def test_every_encoding_is_read_and_what_is_no_model_is_said_to_be_none(data: bytes | str, wrong: str):
    if not wrong:
        assert [one.name for one in read(data).drg] == ["æøå"]
        return
    with pytest.raises(DmnError, match=wrong) as caught:
        read(data)
    assert caught.value.line >= 1
    assert "\n" not in str(caught.value)


SEED = model(
    item("T", "number", allowed="> 0"),
    given("a", "T"),
    decision(
        "d", context(entry("b", text("a + 1")), entry("", table(("b",), ("o",), ("> 1", "b")))), inputs=("a",)
    ),
)


@settings(max_examples=150, deadline=None)
@given_any(
    st.lists(st.tuples(st.integers(0, len(SEED)), st.integers(0, 12), st.text(max_size=6)), max_size=4)
)
def test_any_damage_to_a_file_is_a_model_or_our_own_error(damages: list[tuple[int, int, str]]):
    source = SEED
    for at, cut, put in damages:
        source = source[:at] + put + source[at + cut :]
    try:
        ready = compile_model(library_of(read(source)))
        ready.decide("d", {"a": Decimal(1)})
    except DmnError as error:
        assert error.what  # noqa: PT017 - any other exception fails the test


_PIECES = st.sampled_from(
    [
        "a",
        "item",
        "1",
        '"x"',
        "partial",
        "?",
        "> 1",
        "[1..3]",
        "f(1)",
        "a.b",
        "{b: a}",
        "for x in a return x",
        "",
    ]
)
_BOXES = st.recursive(
    st.builds(text, _PIECES),
    lambda inner: st.one_of(
        st.builds(lambda box: f"<list>{box}</list>", inner),
        st.builds(lambda box: context(entry("b", box), entry("", text("b"))), inner),
        st.builds(lambda a, b: f"<filter><in>{a}</in><match>{b}</match></filter>", inner, inner),
        st.builds(
            lambda a, b: f'<for iteratorVariable="x"><in>{a}</in><return>{b}</return></for>', inner, inner
        ),
        st.builds(
            lambda a, b: f"<conditional><if>{a}</if><then>{b}</then><else>{a}</else></conditional>",
            inner,
            inner,
        ),
        st.builds(lambda a: table(("a",), ("o",), ("-", a), ("1", "a")), _PIECES),
        st.builds(
            lambda a, b: f'<invocation>{a}<binding><parameter name="n"/>{b}</binding></invocation>',
            inner,
            inner,
        ),
    ),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None)
@given_any(_BOXES, st.sampled_from([None, Decimal(1), "x", [Decimal(1)], {"b": Decimal(1)}]))
def test_any_boxes_within_boxes_give_a_value(box: str, value: object):
    source = read(model(given("a"), decision("d", box, inputs=("a",))))
    compile_model(library_of(source)).decide("d", {"a": value})
