"""What a lawyer or a developer most likely writes wrong: each is told where it is, and how to mend it."""

import pytest

from dugnad.rulebook import FeelSyntaxError, parse, parse_unary_tests

NAMES = ("inntekt", "antall barn", "barn", "barn.alder", "søkers navn", "oppfylt", "søknadsdato")

MISTAKES = """
inntekt == 5 | == | Did you mean “=”?
inntekt > 5 && oppfylt | && | Did you mean “and”?
oppfylt || inntekt > 1 | || | Did you mean “or”?
!oppfylt | ! | Write not( … ).
inntekt <> 5 | <> | Did you mean “!=”?
inntekt =< 5 | =< | Did you mean “<=”?
inntekt => 5 | => | Did you mean “>=”?
inntekt ≥ 5 | ≥ | Did you mean “>=”?
inntekt × 2 | × | Did you mean “*”?
inntekt – 2 | – | Did you mean “-”?
inntekt ^ 2 | ^ | Did you mean “**”?
inntekt % 2 | % | The rest of a division is modulo(a, b).
1 < inntekt < 5 | < | Write: 1 < inntekt and inntekt < 5.
inntekt >= 5 or < 3 | < | Say again what is compared: x > 1 and x < 5.
if inntekt > 1 2 else 3 | 2 | A choice is written: if … then … else ….
if inntekt > 1 then 2 | | write “else null” where there is nothing.
inntekt > 1 ? 1 : 2 | ? | A choice is written: if … then … else ….
hvis inntekt > 1 så 2 ellers 3 | hvis | A choice is written: if … then … else ….
IF inntekt > 1 THEN 2 ELSE 3 | IF | Did you mean “if”?
[1, 2 | | The “[” at character 1 is still open.
inntekt in (1, 2 | | The “(” at character 12 is still open.
1 + 2) | ) | No bracket is open here.
[1, 2,] | ] | The comma before it is one too many.
{a: 1,} | } | The comma before it is one too many.
sum(1, 2,) | ) | The comma before it is one too many.
[1; 2] | ; | Did you mean “,”?
inntekt = 5; | ; | One expression stands alone, without “;”.
«Stord» | « | A text stands in straight quotation marks: "Stord".
“Stord” | “ | A text stands in straight quotation marks: "Stord".
'Stord' | ' | A text stands in straight quotation marks: "Stord".
"a" "b" | "b" | Texts are joined by +.
"a" & "b" | & | Texts are joined by +; two conditions by “and”.
inntekt * 0,1 | 0,1 | A decimal is written with a point: 0.1.
inntekt > 1 000 kr | 1 000 | A number is written without spaces: 1000.
inntekt > 1.000,50 | 1.000,50 | A decimal is written with a point: 1000.50.
inntekt * 6 pst | pst | Did you mean “%”?
kr 1500 | kr 1500 | An amount is written with its unit behind it: 1500 kr.
1500,- | , | An amount is written with its unit behind it: 1500 kr.
1500 NOK | NOK | Did you mean “kr”?
Inntekt | Inntekt | Did you mean “inntekt”?
INNTEKT | INNTEKT | Did you mean “inntekt”?
sokers navn | sokers navn | Did you mean “søkers navn”?
antallbarn | antallbarn | Did you mean “antall barn”?
barn.aldre | aldre | Did you mean “alder”?
barn.length | length | The number of items is count(list)
barn.where(alder > 3) | where | A list is filtered by brackets: list[condition].
SUM(barn.alder) | SUM | Did you mean “sum”?
average(barn.alder) | average | Did you mean “mean”?
len(barn) | len | Did you mean “count”?
round(inntekt) | round | Say how: round half up(number, decimals)
year(søknadsdato) | year | Write the part behind the date: date.year.
abs inntekt | abs inntekt | What a function is given stands in brackets: abs( … ).
string.length("a") | .length | Did you mean “string length”?
substring(text: "a", start position: 1) | text | It has length, start position, string.
substring(string: "a", startposition: 1) | startposition | Did you mean “start position”?
substring("abc", start position: 2) | start | Write f(name: value, other name: value), or f(value, value).
decimal(1.555) | decimal(1.555) | cannot take 1 argument; write decimal(n, scale).
2024-01-31 | 2024-01-31 | Did you mean “@"2024-01-31"”?
søknadsdato > 31.1.2024 | 31.1.2024 | Did you mean “@"2024-01-31"”?
@2024-01-31 | @2024-01-31 | Did you mean “@"2024-01-31"”?
@"31.01.2024" | @"31.01.2024" | Did you mean “@"2024-01-31"”?
date("2024-02-30") | "2024-02-30" | This string is not a valid date.
duration("1 day") | "1 day" | @"P1DT12H"
inntekt is null | is null | is unknown
inntekt is not known | is not known | is unknown
not oppfylt | not oppfylt | What a function is given stands in brackets: not( … ).
oppfylt eller inntekt > 1 | eller | Did you mean “or”?
inntekt > 1 og oppfylt | og | Did you mean “and”?
oppfylt AND inntekt > 1 | AND | Did you mean “and”?
usann | usann | Did you mean “false”?
True | True | Did you mean “true”?
None | None | Did you mean “null”?
inntekt in 1..5 | .. | A range stands in brackets: [1..5].
[1 to 5] | to | A range is written [1..5].
[1...5] | ... | Did you mean “..”?
inntekt between 1, 5 | , | It is written: x between 1 and 5.
5 not in barn | not | Write not( … ).
for b in barn b.alder | barn b | “barn” is a name: what should stand between it and the rest?
for b in barn do b.alder | do | Did you mean “return”?
some b in barn where b.alder > 3 | where | Did you mean “satisfies”?
all b in barn satisfies b.alder > 3 | all b | Write: every x in list satisfies ….
barn[b => b.alder > 3] | b | A filter names the properties themselves
x := 5 | x | An expression gives a value; it does not set one.
{a = 1} | = | A context is written {name: value, other name: value}
{1: 2} | 1 | A key begins with a letter, or stands in quotation marks
inntekt instance of int | int | Did you mean “number”?
barn instance of list | list | Did you mean “list<…>”?
# comment | # | A comment is written //
"""


def mistakes() -> list[tuple[str, str, str]]:
    found = []
    for line in MISTAKES.strip().splitlines():
        text, _, rest = line.partition(" | ")
        while " | " not in rest and rest.count("|") != 1:
            more, _, rest = rest.partition(" | ")
            text += f" | {more}"
        wrong, _, advice = rest.rpartition("| ")
        found.append((text.strip(), wrong.strip(), advice.strip()))
    return found


@pytest.mark.parametrize(("text", "wrong", "advice"), mistakes())
def test_it_is_told_where_it_is_and_how_to_mend_it(text: str, wrong: str, advice: str) -> None:
    with pytest.raises(FeelSyntaxError) as error:
        parse(text, names=NAMES, dialect="dugnad")
    found = error.value
    assert (text[found.start : found.end], advice in str(found)) == (wrong, True), str(found)
    assert found.mend or "; write " in str(found)


@pytest.mark.parametrize("text", ["=", "x ==", '"a" &', "!", "«", "1 &&", "x !", "x +=", "1 :="])
def test_what_is_wrong_at_the_end_lies_within_the_text(text: str) -> None:
    for read in (parse, parse_unary_tests):
        with pytest.raises(FeelSyntaxError) as wrong:
            read(text, names=NAMES, dialect="dugnad")
        assert 0 <= wrong.value.start <= wrong.value.end <= len(text)


@pytest.mark.parametrize(
    "text",
    [
        "date(2024-01-31)", "[1...5]", "1 < 2 < 3", "1 instance of int", 'date("2024-02-30")', "2024-01-31",
    ],
)  # fmt: skip
def test_a_model_from_elsewhere_may_say_what_feel_allows(text: str) -> None:
    parse(text, dialect="dmn")


@pytest.mark.parametrize(
    "text",
    [
        "2024 - 1 - 31",
        "2024-1-31",
        "1 < 2 = true",
        "(1 < 2) = (2 < 3)",
        "[.1...5]",
        "string(1)",
        "[1, ]1..2]]",
    ],
)
def test_what_is_meant_is_not_refused(text: str) -> None:
    parse(text, dialect="dugnad" if "..." not in text else "dmn")


@pytest.mark.parametrize(
    ("cell", "advice"),
    [
        ("5..10", "A range stands in brackets: [1..5]."),
        ("> 5 and < 10", "]5..10["),
        ('"a"; "b"', ","),
        ("18+", ""),
        ("0,5", "Write 0.5 for the number, or 0, 5 for one of two."),
        ("< 0,5", "Write 0.5 for the number"),
        ("not 5", "not( … )"),
        ("== 5", "Did you mean “=”?"),
        ("«ja»", "straight quotation marks"),
        ("1 000", "without spaces: 1000"),
        ("2024-01-31", '@"2024-01-31"'),
        ("sann", "Did you mean “true”?"),
    ],
)
def test_a_cell_is_told_apart_too(cell: str, advice: str) -> None:
    with pytest.raises(FeelSyntaxError) as error:
        parse_unary_tests(cell, names=NAMES, dialect="dugnad")
    assert advice in str(error.value)
