"""From the population by column to the facts of each service made for measuring: views, so that nothing is copied.

The published service is bound as `rules diff --population` binds it (`dugnad.connectors.norway.binding`).
What only the applicant can tell is taken as most would answer, the same for everybody (`GIVEN`).
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

ON = date(2026, 11, 21)
_PEOPLE = """CREATE VIEW husholdning AS SELECT k, p, person, relation AS relasjon, felles_barn AS "felles barn",
  nær_slekt AS "nær slekt", bosatt_fra AS "bostedsadresse fra", skjerming AS adressebeskyttelse, lønn AS personinntekt,
  kapital AS kapitalinntekt, år AS inntektsår FROM norge.voksen"""
_APPLICANTS = """CREATE VIEW søkere AS SELECT k, FALSE AS apart, person AS søker, kommune AS "vår kommune",
  kommune AS bostedskommune, ektefelle, TRUE AS husholdning, TRUE AS barn,
  CAST(450000 + k % 900000 AS BIGINT) AS boutgift FROM norge.husstand"""
VIEWS: Mapping[str, tuple[str, ...]] = {
    "redusert-sfo": (
        _APPLICANTS,
        _PEOPLE,
        """CREATE VIEW barn AS SELECT k, p, person, foreldre, hjemme AS "bor på adressen", født AS fødselsdato,
          har_sfo AS "har plass", sfokommune AS kommune, CAST(andel / 100 AS BIGINT) AS "andel av uka"
          FROM norge.barn""",
    ),
    "stotte-for-smabarn": (
        _APPLICANTS,
        """CREATE VIEW barn AS SELECT k, p, person, foreldre, foreldreansvar, hjemme AS "bor på adressen",
          delt AS "delt bosted", født AS fødselsdato, skjerming AS adressebeskyttelse, har_plass AS "har plass",
          timer AS "avtalt tid" FROM norge.barn""",
    ),
    "stotte-til-bolig": (
        _APPLICANTS,
        _PEOPLE,
        """CREATE VIEW barn AS SELECT k, p, person, hjemme AS "bor på adressen", født AS fødselsdato
          FROM norge.barn""",
    ),
    "forebyggende-hjemmebesok": (
        """CREATE VIEW søkere AS SELECT k, FALSE AS apart, person AS søker, kommune AS "vår kommune",
          født AS fødselsdato, sivilstand, i_boligen AS "personer i boligen", skjerming AS adressebeskyttelse
          FROM norge.innbygger""",
    ),
}
GIVEN: Mapping[str, Mapping[str, Any]] = {
    "redusert-foreldrebetaling": {
        "samboer uten felles barn": False,
        "varig inntektsnedgang": False,
        "barna stemmer": True,
    },
    "redusert-sfo": {"plass bekreftet": True},
    "stotte-for-smabarn": {"bodd i Norge": True},
    "stotte-til-bolig": {"egen bolig": True},
    "forebyggende-hjemmebesok": {"ønsker besøk": True},
}
BY_HAND = """
WITH child AS (
  SELECT barn.k, barn.p, barn.person, barn.født, barn.foreldre, timer, barnehagekommune, kommune, familie_kjent
  FROM norge.barn JOIN norge.husstand ON husstand.k = barn.k
  WHERE har_plass AND (hjemme OR delt) AND barnehagekommune = kommune AND list_contains(foreldre, husstand.person)),
income AS (
  SELECT k, sum(lønn) + sum(kapital) AS income, bool_or(lønn IS NULL) AS gap
  FROM norge.voksen SEMI JOIN child USING (k) GROUP BY k),
numbered AS (
  SELECT one.*, 1 + (SELECT count(*) FROM norge.barn AS other WHERE other.k = one.k AND other.person <> one.person
    AND other.har_plass AND (other.hjemme OR other.delt) AND other.barnehagekommune = one.barnehagekommune
    AND list_has_any(other.foreldre, one.foreldre)
    AND (other.født < one.født OR (other.født = one.født AND other.person < one.person))) AS number
  FROM child AS one),
fee AS (
  SELECT k, p, gap OR NOT familie_kjent AS gap,
      least(income * 6 / 110000.0, pris) * CASE number WHEN 1 THEN 1 WHEN 2 THEN 0.7 ELSE 0 END
      * CASE WHEN income < 69240000 AND 2026 - year(født) >= 2 THEN CASE WHEN timer <= 2000 THEN 0 ELSE 25 / 45.0 END
        ELSE 1 END * CASE WHEN timer < 4100 THEN timer / 4500.0 ELSE 1 END AS fee
  FROM numbered JOIN income USING (k) JOIN price USING (kommune))
SELECT k, p, CASE WHEN gap THEN NULL ELSE CAST(floor(fee + 1e-9) * 100 AS BIGINT) END AS øre FROM fee
"""
"""The amount alone, as one would write it for this one service: adults are added up only where there is a child to
decide for, no control points, nothing unknown but the income."""
