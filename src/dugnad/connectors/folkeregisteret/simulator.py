"""Answers as Folkeregisteret's API for public bodies with legal basis ("offentlig med hjemmel").

Shapes: Skatteetaten/folkeregisteret-api-dokumentasjon, `oppslag.md` and the OpenAPI file of rp1.

* `POST …/v1/personer/bulkoppslag?part=…` with `{"foedselsEllerDNummer": [at most 1000]}`
* `GET …/v1/personer/soek?adressenavn=…&husnummer=…&postnummer=…`
* `POST …/v1/vergehavere/bulkoppslag`: OURS. The documented register tells who is guardian of a person, not
  the other way; who may act for whom comes from another service in real life. A client gets 404 where it is
  missing.

A strictly confidential address is never sent, a confidential one is sent with its grading (a body with legal
basis gets it). A search by address finds nobody whose address is protected.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qs, urlsplit

from dugnad.connectors.norway import Store
from dugnad.connectors.serving import answer, has_token, identity_numbers, kept_up, read
from dugnad.connectors.transport import Handler, Request, Response

BASE_PATH = "/folkeregisteret/offentlig-med-hjemmel/api"
MOST_PERSONS = 1000
MOST_HITS = 100
FIXED_PARTS = frozenset({"identifikasjonsnummer"})

PERSONS = """
SELECT p.id, p.number, p.given, p.family, p.born, p.sex, p.status, p.civil, s.number, p.moved_in,
       p.protection, p.died, d.municipality, d.street, d.house, d.unit, d.postal_code, d.place, p.civil_since
FROM person p LEFT JOIN dwelling d ON d.id = p.dwelling LEFT JOIN person s ON s.id = p.spouse
WHERE p.number IN (?)"""
CHILDREN = """
SELECT r.parent, r.role, r.responsible, c.number FROM parent r JOIN person c ON c.id = r.child
WHERE r.parent IN (?)"""
PARENTS = """
SELECT r.child, r.role, r.responsible, p.number FROM parent r JOIN person p ON p.id = r.parent
WHERE r.child IN (?)"""
SHARED = """
SELECT h.child, h.since, d.municipality, d.street, d.house, d.unit, d.postal_code, d.place
FROM shared_home h JOIN dwelling d ON d.id = h.dwelling WHERE h.child IN (?)"""
GUARDIANS = """
SELECT g.ward, g.kind, g.scope, g.since, p.number FROM guardian g JOIN person p ON p.id = g.guardian
WHERE g.ward IN (?)"""
WARDS = """
SELECT a.number, w.number, g.kind, g.scope FROM guardian g JOIN person w ON w.id = g.ward
JOIN person a ON a.id = g.guardian WHERE a.number IN (?)"""
AT_ADDRESS = """
SELECT p.number FROM dwelling d JOIN person p ON p.dwelling = d.id
WHERE d.postal_code = ? AND d.street = ? AND d.house = ?
AND p.protection NOT IN ('fortrolig', 'strengtFortrolig') LIMIT ?"""

Part = dict[str, Any]
Parts = dict[int, dict[str, list[Part]]]


def simulator(store: Store) -> Handler:
    """Return the handler of one simulated Folkeregister."""
    routes: dict[tuple[str, str], Callable[[Store, Request, dict[str, list[str]]], Response]] = {
        ("POST", f"{BASE_PATH}/v1/personer/bulkoppslag"): _bulk,
        ("GET", f"{BASE_PATH}/v1/personer/soek"): _search,
        ("POST", f"{BASE_PATH}/v1/vergehavere/bulkoppslag"): _wards,
    }

    def handle(request: Request) -> Response:
        url = urlsplit(request.url)
        route = routes.get((request.method, url.path.rstrip("/")))
        if not has_token(request):
            return _error(401, "FREG-004", "Autentiseringsinformasjon mangler")
        if route is None:
            return _error(404, "FREG-003", "Feil uri brukt")
        return route(store, request, _parameters(url.query))

    return kept_up(handle)


@lru_cache(maxsize=256)
def _parameters(query: str) -> dict[str, list[str]]:
    return parse_qs(query)


def _error(status: int, code: str, message: str) -> Response:
    return answer({"kode": code, "melding": message}, status)


def _bulk(store: Store, request: Request, query: dict[str, list[str]]) -> Response:
    numbers = identity_numbers(read(request), "foedselsEllerDNummer", MOST_PERSONS)
    if numbers is None:
        return _error(400, "FREG-006", "Ugyldig parameter")
    wanted = frozenset(query.get("part", ())) or None
    with store.at_once():
        rows = store.rows_in(PERSONS, numbers)
        parts = _family(store, [row[0] for row in rows], wanted)
    persons = [
        {"foedselsEllerDNummer": f"{row[1]:011d}", "folkeregisterperson": _document(row, parts, wanted)}
        for row in rows
    ]
    return answer({"oppslag": persons})


def _document(row: Any, family: Parts, wanted: frozenset[str] | None) -> dict[str, list[Part]]:
    document: dict[str, list[Part]] = {
        "identifikasjonsnummer": [{
            "erGjeldende": True, "status": "iBruk", "foedselsEllerDNummer": f"{row[1]:011d}",
            "identifikatortype": "dNummer" if row[6] == "midlertidig" else "foedselsnummer",
        }],
        "status": [{"erGjeldende": True, "status": row[6]}],
        "kjoenn": [{"erGjeldende": True, "kjoenn": row[5]}],
        "foedsel": [{"erGjeldende": True, "foedselsdato": row[4], "foedselsaar": row[4][:4]}],
        "navn": [{"erGjeldende": True, "fornavn": row[2], "etternavn": row[3]}],
        "sivilstand": [_civil(row)],
        "adressebeskyttelse": [{"erGjeldende": True, "graderingsnivaa": row[10]}],
    }  # fmt: skip
    if row[12] is not None:
        document["bostedsadresse"] = [_residence(row)]
    if row[11] is not None:
        document["doedsfall"] = [{"erGjeldende": True, "doedsdato": row[11]}]
    document.update(family.get(row[0], {}))
    if wanted is None:
        return document
    return {name: part for name, part in document.items() if name in wanted or name in FIXED_PARTS}


def _civil(row: Any) -> Part:
    civil: Part = {"erGjeldende": True, "sivilstand": row[7]}
    if row[8] is not None:
        civil["relatertVedSivilstand"] = f"{row[8]:011d}"
    if row[18] is not None:
        civil["sivilstandsdato"] = row[18]
    return civil


def _street_address(municipality: str, street: str, house: int, unit: str, code: str, place: str) -> Part:
    return {
        "kommunenummer": municipality,
        "adressenavn": street,
        "adressenummer": {"husnummer": str(house)},
        "bruksenhetsnummer": unit,
        "poststed": {"postnummer": code, "poststedsnavn": place.upper()},
    }


def _residence(row: Any) -> Part:
    if row[10] == "strengtFortrolig":
        return {"erGjeldende": True, "adressegradering": row[10]}
    return {
        "erGjeldende": True,
        "adressegradering": row[10],
        "flyttedato": row[9],
        "vegadresse": _street_address(*row[12:18]),
    }


def _family(store: Store, ids: list[int], wanted: frozenset[str] | None) -> Parts:
    parts: Parts = {}

    def add(person: int, name: str, part: Part) -> None:
        parts.setdefault(person, {}).setdefault(name, []).append({"erGjeldende": True, **part})

    def asked(*names: str) -> bool:
        return wanted is None or not wanted.isdisjoint(names)

    if asked("familierelasjon", "foreldreansvar"):
        _kin(store, ids, add)
    if asked("deltBosted"):
        for child, since, *address in store.rows_in(SHARED, ids):
            where = _street_address(*address)
            add(
                child,
                "deltBosted",
                {"adressegradering": "ugradert", "startdatoForKontrakt": since, "vegadresse": where},
            )
    if asked("vergemaalEllerFremtidsfullmakt"):
        for ward, kind, scope, since, number in store.rows_in(GUARDIANS, ids):
            guardian = {"foedselsEllerDNummer": f"{number:011d}", "omfang": scope}
            add(
                ward,
                "vergemaalEllerFremtidsfullmakt",
                {"vergemaaltype": kind, "gyldighetstidspunkt": since, "verge": guardian},
            )
    return parts


def _kin(store: Store, ids: list[int], add: Callable[[int, str, Part], None]) -> None:
    for parent, role, responsible, number in store.rows_in(CHILDREN, ids):
        child = f"{number:011d}"
        add(
            parent,
            "familierelasjon",
            {"relatertPerson": child, "relatertPersonsRolle": "barn", "minRolleForPerson": role},
        )
        if responsible:
            add(parent, "foreldreansvar", {"ansvar": "felles", "ansvarssubjekt": child})
    rows = store.rows_in(PARENTS, ids)
    for child, role, responsible, number in rows:
        parent = f"{number:011d}"
        add(
            child,
            "familierelasjon",
            {"relatertPerson": parent, "relatertPersonsRolle": role, "minRolleForPerson": "barn"},
        )
        if responsible:
            ansvar = "felles" if _both(rows, child) else role
            add(child, "foreldreansvar", {"ansvar": ansvar, "ansvarlig": parent})


def _both(rows: Iterable[Any], child: int) -> bool:
    return sum(1 for row in rows if row[0] == child and row[2]) > 1


def _search(store: Store, request: Request, query: dict[str, list[str]]) -> Response:
    del request
    try:
        code, street, house = (query[name][0] for name in ("postnummer", "adressenavn", "husnummer"))
        most = min(MOST_HITS, int(query.get("maksTreff", [str(MOST_HITS)])[0]))
        rows = store.rows(AT_ADDRESS, (code, street, int(house), most))
    except (KeyError, ValueError):
        return _error(400, "FREG-006", "Ugyldig parameter")
    return answer({"foedselsEllerDNummer": [f"{number:011d}" for (number,) in rows]})


def _wards(store: Store, request: Request, query: dict[str, list[str]]) -> Response:
    del query
    numbers = identity_numbers(read(request), "foedselsEllerDNummer", MOST_PERSONS)
    if numbers is None:
        return _error(400, "FREG-006", "Ugyldig parameter")
    found = [
        {"verge": f"{guardian:011d}", "vergehaver": f"{ward:011d}", "vergemaaltype": kind, "omfang": scope}
        for guardian, ward, kind, scope in store.rows_in(WARDS, numbers)
    ]
    return answer({"vergemaal": found})
