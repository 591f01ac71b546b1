"""A small interface of our own: no national open register of kindergarten places is known to us.

Places are held by each municipality's admission system; Utdanningsdirektoratet's national register lists
kindergartens, not children. Whoever connects a real system writes a client, or an adapter that speaks this:

`POST /barnehageregisteret/v1/plasser` with `{"personidentifikatorer": [at most 1000]}` answers
`{"barn": [{"personidentifikator", "adressebeskyttelse", "skolestart", "plass": null or {"barnehage",
"kommunenummer", "timerPerUke", "prisPerMaaned", "fraDato"}}]}` for every child it knows. For a protected
address the name of the kindergarten is left out, and for a strictly confidential one its municipality too:
both tell where the child lives.
"""

from typing import Any

from dugnad.connectors.norway import Store
from dugnad.connectors.serving import answer, has_token, identity_numbers, kept_up, read
from dugnad.connectors.transport import Handler, Request, Response

PATH = "/barnehageregisteret/v1/plasser"
MOST_PERSONS = 1000
AGE_AT_SCHOOL = 6

PLACES = """
SELECT p.number, p.born, p.protection, k.name, k.municipality, l.hours, l.price, l.since
FROM person p LEFT JOIN kindergarten_place l ON l.person = p.id
LEFT JOIN kindergarten k ON k.id = l.kindergarten WHERE p.number IN (?)"""


def simulator(store: Store) -> Handler:
    """Return the handler of one simulated register."""

    def handle(request: Request) -> Response:
        if not has_token(request):
            return answer({"melding": "Token mangler"}, 401)
        if request.method != "POST" or not request.url.endswith(PATH):
            return answer({"melding": "Ukjent adresse"}, 404)
        numbers = identity_numbers(read(request), "personidentifikatorer", MOST_PERSONS)
        if numbers is None:
            return answer({"melding": "personidentifikatorer: 1 til 1000 numre"}, 400)
        return answer({"barn": [_child(*row) for row in store.rows_in(PLACES, numbers)]})

    return kept_up(handle)


def _child(
    number: int,
    born: str,
    protection: str,
    name: str | None,
    municipality: str,
    hours: int,
    price: int,
    since: str,
) -> dict[str, Any]:
    place: dict[str, Any] | None = None
    if name is not None:
        place = {"timerPerUke": hours, "prisPerMaaned": price, "fraDato": since}
        if protection in ("ugradert", "klientadresse"):
            place["barnehage"] = name
        if protection != "strengtFortrolig":
            place["kommunenummer"] = municipality
    return {
        "personidentifikator": f"{number:011d}",
        "adressebeskyttelse": protection,
        # Compulsory school begins in the autumn of the year a child turns six (opplæringslova § 2-2).
        "skolestart": f"{int(born[:4]) + AGE_AT_SCHOOL}-08-01",
        "plass": place,
    }
