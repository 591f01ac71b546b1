from pathlib import Path

import pytest
from markupsafe import Markup

from dugnad.design.languages import speaking
from dugnad.design.texts import Texts, TextsError, load_texts, t

GOOD = """\
greeting: { nb: "Hei, {name}", nn: "Hei, {name}", en: "Hello, {name}" }
letters:
  nb: { one: ett brev, other: "{count} brev" }
  nn: { one: eitt brev, other: "{count} brev" }
  en: { one: one letter, other: "{count} letters" }
about_html: { nb: "<b>{name}</b>", nn: "<b>{name}</b>", en: "<b>{name}</b>" }
"""


def _load(tmp_path: Path, *contents: str) -> Texts:
    files = []
    for number, content in enumerate(contents):
        folder = tmp_path / str(number)
        folder.mkdir()
        files.append(folder / "texts.yaml")
        files[-1].write_text(content, "utf-8")
    return load_texts(files)


def test_a_text_takes_its_values_in_each_language(tmp_path: Path) -> None:
    texts = _load(tmp_path, GOOD)
    assert texts.get("greeting", "en", {"name": "Kari"}) == "Hello, Kari"
    assert texts.get("letters", "nn", {"count": 1}) == "eitt brev"
    assert texts.get("letters", "nn", {"count": 0}) == "0 brev"


def test_a_value_never_becomes_markup(tmp_path: Path) -> None:
    texts = _load(tmp_path, GOOD)
    assert texts.get("about_html", "nb", {"name": "<script>"}) == Markup("<b>&lt;script&gt;</b>")
    plain = texts.get("greeting", "nb", {"name": Markup("<b>")})
    assert not isinstance(plain, Markup)


@pytest.mark.parametrize(
    ("contents", "complaint"),
    [
        (["a: { nb: x, en: x }"], r"0/texts.yaml:1: 'a' has no text in 'nn'"),
        (["\n\na: { nb: x, nn: x, en: x, sv: x }"], r"0/texts.yaml:3: 'a' has an unknown language 'sv'"),
        (["a: { nb: '{x}', nn: '{x}', en: '{y}' }"], r"different placeholders \(nb: x; nn: x; en: y\)"),
        (["a: { nb: '{x.y}', nn: '{x.y}', en: '{x.y}' }"], r"not a plain \{name\}"),
        (["a: { nb: '{', nn: '{', en: '{' }"], r"'a' in 'nb'"),
        (["a: { nb: '', nn: x, en: x }"], r"'a' in 'nb' is neither a text"),
        (["a: { nb: { one: x }, nn: x, en: x }"], r"'a' in 'nb' is neither a text"),
        (["a: x"], r"'a' has no text in 'nb'"),
        (["- a"], r"a text file is a mapping"),
        (["a: {"], r"0/texts.yaml: .* line 2, column 1"),
        (["a: { nb: x, nn: x, en: x }"] * 2, r"1/texts.yaml:1: 'a' stands already at .*0/texts.yaml:1"),
    ],
)
def test_faulty_texts_stop_the_start_with_file_and_line(
    tmp_path: Path, contents: list[str], complaint: str
) -> None:
    with pytest.raises(TextsError, match=complaint):
        _load(tmp_path, *contents)


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(TextsError) as told:
        _load(tmp_path, "a: { nb: x }\nb: { nn: x }")
    assert len(str(told.value).splitlines()) == 5


def test_an_empty_file_is_no_fault(tmp_path: Path) -> None:
    assert _load(tmp_path, "", "# nothing yet\n").keys() == frozenset()


def test_a_text_asked_for_wrongly_says_what_it_takes(tmp_path: Path) -> None:
    texts = _load(tmp_path, GOOD)
    with pytest.raises(TextsError, match=r"'greeting' \(.*texts.yaml:1\) takes name; it was given none"):
        texts.get("greeting", "nb", {})
    with pytest.raises(TextsError, match="There is no text 'nothing'"):
        texts.get("nothing", "nb", {})


def test_pages_speak_the_language_of_the_moment() -> None:
    with speaking("nn"):
        assert t("design.my_page") == "Mi side"
    assert t("design.my_page") == "Min side"
