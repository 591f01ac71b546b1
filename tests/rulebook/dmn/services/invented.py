"""Small services made up by Hypothesis: formulas, tables, rates, open places, persons; and facts for them."""

from dataclasses import dataclass

import yaml
from hypothesis import strategies as st

NAMES = (
    "netto",
    "beløp nr 1",
    "grunnlag",
    "andel av alt",
    "a-b",
    "tillegg 2",
    "pris i år",
    "sum før fradrag",
)
LAWS = ("§ 1", "§ 2 nr. 3", "§ 3b nr. 2, § 3c", "forvaltningsloven § 13", "")
POLICIES = ("F", "U", "A", "C+", "C>", "C#")


@dataclass(frozen=True)
class Invented:
    """The files of a service, and its steps for the whole case."""

    files: dict[str, str]
    steps: tuple[str, ...]


@st.composite
def services(draw: st.DrawFn) -> Invented:
    """A service whose steps each read what stands above them."""
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=6, unique=True))
    numbers = ["inntekt", "formue", "fast sats"]
    calculate: dict[str, dict[str, object]] = {}
    for name in names:
        calculate[name] = draw(_step(numbers, name))
        numbers.append(name)
    calculate["to svar"] = {"law": "§ 8", "table": _two_answers(draw(st.sampled_from(numbers)))}
    calculate["ett av dem"] = {"is": "to svar.andre svar"}
    each = {
        "per person": {"is": f"alder * 2 + {draw(st.sampled_from(numbers))}"},
        "er ung": {"is": "alder < grense"},
    }
    rules: dict[str, object] = {
        "law": "FOR-2005-12-16-1478",
        "stop": {
            "for lite kjent": {
                "when": draw(st.sampled_from(["inntekt is unknown", "not(gift)", "formue > 10 kr and gift"])),
                "law": "§ 9",
                "why": dict.fromkeys(("nb", "nn", "en"), "Må vurderes: «nøye» & <straks>."),
            }
        },
        "open": {
            "grense": {
                "unit": "number",
                "at least": 0,
                "at most": 99,
                "otherwise": draw(st.integers(0, 99)),
                "law": "§ 4",
            }
        },
        "calculate": calculate,
        "decide for each": "folk",
        "called": "den ene",
        "calculate each": each,
        "conclude": {"antall": {"is": "count(vedtak)"}, "alt": {"is": "sum(vedtak.per person)"}},
        "result": {"outcome": "antall"},
    }
    return Invented(_files(rules), (*calculate, "antall", "alt"))


@st.composite
def _step(draw: st.DrawFn, numbers: list[str], name: str) -> dict[str, object]:
    one, two = draw(st.sampled_from(numbers)), draw(st.sampled_from(numbers))
    step: dict[str, object] = {"law": draw(st.sampled_from(LAWS[:4]))}
    share, limit = draw(st.integers(1, 99)), draw(st.integers(-500, 500))
    if draw(st.booleans()):
        step["is"] = draw(
            st.sampled_from(
                [
                    f"{one} * {share} %",
                    f"{one} + {two} - {limit} kr",
                    f"if gift then {one} else {two}",
                    f"max({one}, {two}, {limit} kr)",
                    f"sum(folk.alder) + {one}",
                    f"count(folk[alder >= {share} and med]) * {two}",
                    f"if {one} is known and not({two} < {limit} kr) then {one} else 0",
                    f"sum(for p in folk return p.alder * {share} %)",
                ]
            )
        )
        if draw(st.booleans()):
            step["round"] = draw(
                st.sampled_from(["hele kroner ned", "hele kroner nærmeste", "øre ned", "hele kroner opp"])
            )
        return step
    policy = draw(st.sampled_from(POLICIES))
    rows = [(f"< {limit} kr", f"{share} %", "§ 5"), (f">= {limit} kr", two, "§ 6")]
    if policy == "F":
        rows.append(("-", "0", ""))
    lines = [f"| {policy} | {one} | gift | → {name} | hjemmel |"]
    lines += [f"|   | {test} | - | {gives} | {law} |" for test, gives, law in rows]
    return {**step, "table": "\n".join(lines) + "\n"}


def _two_answers(one: str) -> str:
    return (
        f"| F | {one} | → første | → andre svar | → er det ja |\n"
        f"|   | > 10 kr | 5 % | {one} | true |\n|   | - | 7 | 8 kr | not(gift) |\n"
    )


def _files(rules: dict[str, object]) -> dict[str, str]:
    fact = {"from": "applicant", "law": "§ 1", "kept": "5 years"}
    facts = {
        "inntekt": {"type": "number", **fact},
        "formue": {"type": "number", **fact},
        "gift": {"type": "boolean", **fact},
        "folk": {
            "list of": "person",
            "from": "folkeregisteret",
            "entries": {"alder": "number", "med": "boolean"},
        },
    }
    rates = {
        "fast sats": {"unit": "kr", "law": "§ 7", "values": [{"from": "VALUE", "value": 100, "source": "x"}]}
    }
    texts = dict.fromkeys(("nb", "nn", "en"), "Oppdiktet")
    return {
        "service.yaml": _dump({"service": "oppdiktet", "title": texts}),
        "facts.yaml": _dump({"law": "FOR-2005-12-16-1478", "facts": facts}),
        "rules.yaml": "# En oppdiktet tjeneste.\n" + _dump(rules),
        "rates.yaml": _dump(rates).replace("VALUE", "2020-01-01"),
    }


def _dump(data: object) -> str:
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False)


NUMBER = st.decimals(-1000, 1000, places=2)
PERSONS = st.lists(st.fixed_dictionaries({"alder": st.integers(0, 100), "med": st.booleans()}), max_size=3)
FACTS = st.fixed_dictionaries({"inntekt": NUMBER, "formue": NUMBER, "gift": st.booleans(), "folk": PERSONS})
"""Facts for any of these services."""
