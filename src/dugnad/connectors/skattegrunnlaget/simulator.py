"""Answers as Skatteetaten's "Summert skattegrunnlag" for the package municipalities use for parents' fees.

`GET /api/formueinntekt/summertskattegrunnlag/{stage}/kommuneforeldrebetaling/{year}/{identity number}`, with
the error codes SSG-00x. Source: Skatteetaten/api-dokumentasjon, `summertskattegrunnlag.md` (version 2). The
identity number stands in the path because the real service wants it there.

Which entries the package holds is not published in full; `client.py` lists the names used here.
"""

from dugnad.connectors.norway import Store
from dugnad.connectors.serving import answer, has_token, kept_up
from dugnad.connectors.transport import Handler, Request, Response

BASE_PATH = "/api/formueinntekt/summertskattegrunnlag"
PACKAGE = "kommuneforeldrebetaling"
STAGE = "oppgjoer"
SHIELDED = frozenset({"fortrolig", "strengtFortrolig"})
WAGES = "samletLoennsinntektMedTrygdeavgiftspliktOgMedTrekkplikt"
BUSINESS = "samletPersoninntektFraEnkeltpersonforetakInnenJordbrukReindriftSkiferproduksjonOgAnnenNaering"
INTEREST = "samledeOpptjenteRenterIInnenlandskeBanker"

PERSON = "SELECT id, protection FROM person WHERE number = ?"
INCOME = "SELECT wages, business, interest, settled FROM income WHERE person = ? AND year = ?"


def simulator(store: Store) -> Handler:
    """Return the handler of one simulated tax authority."""

    def handle(request: Request) -> Response:
        if not has_token(request):
            return _error(401, "SSG-004", "Feil i forbindelse med autentisering")
        _, _, path = request.url.partition(BASE_PATH + "/")
        match path.split("/"):
            case [stage, package, year, number] if request.method == "GET" and package == PACKAGE:
                return _assessment(store, stage, year, number)
        return _error(404, "SSG-003", "Ukjent url benyttet")

    return kept_up(handle)


def _error(status: int, code: str, message: str) -> Response:
    return answer({"kode": code, "melding": message}, status)


def _assessment(store: Store, stage: str, year: str, number: str) -> Response:
    if not (year.isdecimal() and number.isdecimal()):
        return _error(400, "SSG-006", "Feil i forbindelse med validering av inputdata")
    persons = store.rows(PERSON, (int(number),))
    if not persons:
        return _error(404, "SSG-007", "Ikke treff på oppgitt personidentifikator")
    person, protection = persons[0]
    incomes = store.rows(INCOME, (person, int(year))) if stage == STAGE else []
    if not incomes:
        return _error(
            404, "SSG-008", "Ingen summert skattegrunnlag funnet på oppgitt personidentifikator og inntektsår"
        )
    wages, business, interest, settled = incomes[0]
    amounts = ((WAGES, wages), (BUSINESS, business), (INTEREST, interest))
    return answer(
        {
            "personidentifikator": number,
            "inntektsaar": year,
            "grunnlag": [
                {"tekniskNavn": name, "beloep": amount, "kategori": "inntekt"}
                for name, amount in amounts
                if amount
            ],
            "skjermet": protection in SHIELDED,
            "skatteoppgjoersdato": settled,
            "stadie": stage,
        }
    )
