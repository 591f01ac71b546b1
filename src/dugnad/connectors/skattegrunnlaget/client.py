"""Asks Skatteetaten for the last assessment of each person.

Fields: `personinntekt` and `kapitalinntekt` (Decimal, whole kroner a year), `inntektsår` (Decimal), and
`fastsatt` (bool): false where neither of the last two years is assessed; then there are no amounts, and
nobody may read that as an income of 0.

Income is personal income (skatteloven chapter 12) plus taxable capital income (FOR-2005-12-16-1478 § 3d).
An entry of income whose name is in neither list below leaves both amounts unknown: it might belong to
either.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from dugnad.connectors.calling import (
    OK,
    Deadline,
    NonsenseError,
    RegisterClient,
    askable,
    day,
    one_of,
    record,
    records,
    text,
    whole,
)
from dugnad.facts.ports import RegisterAnswer

BASE_PATH = "/api/formueinntekt/summertskattegrunnlag"
STAGE_AND_PACKAGE = "oppgjoer/kommuneforeldrebetaling"
NOT_ASSESSED = 404
NOT_ASSESSED_CODE = "SSG-008"
UNKNOWN_PERSON_CODE = "SSG-007"
YEARS_BACK = 2
FIELDS = frozenset({"personinntekt", "kapitalinntekt", "inntektsår", "fastsatt"})
CATEGORIES = frozenset(
    {"inntekt", "formue", "inntektsfradrag", "formuesfradrag", "verdsettingsrabattSomGirGjeldsreduksjon",
     "oppjusteringAvEierinntekter"}
)  # fmt: skip

PERSONAL_INCOME = frozenset(
    {
        "samletLoennsinntektMedTrygdeavgiftspliktOgMedTrekkplikt",
        "samletPersoninntektFraEnkeltpersonforetakInnenJordbrukReindriftSkiferproduksjonOgAnnenNaering",
        "personinntektLoenn",
        "personinntektNaering",
        "personinntektBarePensjonsdel",
        "personinntektFiskeFangstFamiliebarnehage",
    }
)
CAPITAL_INCOME = frozenset({"samledeOpptjenteRenterIInnenlandskeBanker"})


class Skattegrunnlaget(RegisterClient):
    """The tax assessment as a source of facts (implements facts.ports.Register)."""

    name = "skattegrunnlaget"
    base_path = BASE_PATH

    def lookup(
        self, identity_numbers: Sequence[str], *, fields: Collection[str], on: date
    ) -> Mapping[str, RegisterAnswer]:
        """Answer for each person the tax authority knows, with the last year assessed by `on`.

        Raises RegisterUnavailableError.
        """
        wanted = FIELDS.intersection(fields)
        answers: dict[str, RegisterAnswer] = {}
        with self._caller.lookup() as deadline:
            for number in askable(identity_numbers):
                found = self._last_assessment(number, on, deadline)
                if found is not None:
                    answers[number] = _narrow(found, wanted)
        return answers

    def _last_assessment(self, number: str, on: date, deadline: Deadline) -> RegisterAnswer | None:
        for year in range(on.year - 1, on.year - 1 - YEARS_BACK, -1):
            status, content = self._caller.call(
                "GET", f"/{STAGE_AND_PACKAGE}/{year}/{number}", deadline, also=(NOT_ASSESSED,)
            )
            if status == OK:
                answer = _assessment(record(content, "answer"), number, year)
                if answer.valid_from["inntektsår"] <= on:
                    return answer
            else:
                code = one_of(
                    record(content, "answer"), "kode", frozenset({NOT_ASSESSED_CODE, UNKNOWN_PERSON_CODE})
                )
                if code == UNKNOWN_PERSON_CODE:
                    return None
        return RegisterAnswer({"fastsatt": False})


def _narrow(answer: RegisterAnswer, wanted: frozenset[str]) -> RegisterAnswer:
    return RegisterAnswer(
        {field: value for field, value in answer.values.items() if field in wanted},
        {field: on for field, on in answer.valid_from.items() if field in wanted},
    )


def _assessment(content: Mapping[str, Any], number: str, year: int) -> RegisterAnswer:
    if text(content, "personidentifikator") != number or text(content, "inntektsaar") != str(year):
        raise NonsenseError("an assessment nobody asked for")
    settled = day(content, "skatteoppgjoersdato")
    values: dict[str, object] = {"fastsatt": True, "inntektsår": Decimal(year)}
    personal, capital, readable = 0, 0, True
    for entry in records(content, "grunnlag", required=True):
        name, amount = text(entry, "tekniskNavn"), whole(entry, "beloep")
        if name in PERSONAL_INCOME:
            personal += amount
        elif name in CAPITAL_INCOME:
            capital += amount
        elif one_of(entry, "kategori", CATEGORIES) == "inntekt":
            readable = False
    if readable:
        values |= {"personinntekt": Decimal(personal), "kapitalinntekt": Decimal(capital)}
    return RegisterAnswer(values, dict.fromkeys(values, settled))
