"""The kindergarten fee by others, run by the Python of `.dugnad/bench/openfisca`: `numpy FILE PRICES ROUNDS` or `openfisca …`.

Nothing here is imported by the project. Prints one line of JSON: seconds to read, to build and to run, peak MB, the sum of
all fees and how many there are.
"""

import json
import sys
import time

import duckdb
import numpy as np
from openfisca_core import periods
from openfisca_core.entities import build_entity
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from processes import peak_mb

CHILDREN = """
    SELECT k, date_diff('day', DATE '1970-01-01', barn.født) AS born, year(barn.født) AS year, timer / 100.0 AS hours
    FROM barn JOIN husstand USING (k)
    WHERE har_plass AND list_contains(foreldre, husstand.person) AND hjemme AND barnehagekommune = kommune
    ORDER BY k, barn.født, barn.person"""
HOUSEHOLDS = """
    SELECT husstand.k, sum(voksen.lønn + voksen.kapital) / 100.0 AS income, any_value(pris) AS price
    FROM husstand JOIN voksen USING (k) JOIN read_csv(?, header = true, types = {'kommune': 'VARCHAR'}) AS pris USING (kommune)
    GROUP BY husstand.k HAVING count(*) = count(voksen.lønn) AND bool_and(familie_kjent) ORDER BY husstand.k"""
YEAR, LIMIT = 2026, 692_400


def read(path: str, prices: str) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    connection = duckdb.connect(path, read_only=True)
    connection.execute("SET memory_limit = '1GB'")
    children = connection.execute(CHILDREN).fetchnumpy()
    households = connection.execute(HOUSEHOLDS, [prices]).fetchnumpy()
    connection.close()
    plain = [{name: np.asarray(column) for name, column in part.items()} for part in (children, households)]
    return plain[0], plain[1]


def by_numpy(
    children: dict[str, np.ndarray], households: dict[str, np.ndarray]
) -> tuple[float, float, np.ndarray]:
    began = time.perf_counter()
    at = np.searchsorted(households["k"], children["k"])
    found = (at < len(households["k"])) & (
        households["k"][np.minimum(at, len(households["k"]) - 1)] == children["k"]
    )
    offsets = np.flatnonzero(np.r_[True, children["k"][1:] != children["k"][:-1]])
    sizes = np.diff(np.r_[offsets, len(children["k"])])
    number = np.arange(len(children["k"])) - np.repeat(offsets, sizes) + 1
    built = time.perf_counter()
    income, price = households["income"], households["price"].astype(float)
    full = np.minimum(income * 0.06 / 11, price)[np.minimum(at, len(income) - 1)]
    mine = income[np.minimum(at, len(income) - 1)]
    fee = full * np.choose(np.minimum(number, 3) - 1, [1.0, 0.7, 0.0])
    free = (mine < LIMIT) & (YEAR - children["year"] >= 2)
    fee = np.where(free, fee * (1 - 20 / 45), fee)
    fee = np.where(children["hours"] < 41, fee * children["hours"] / 45, fee)
    fee = np.floor(np.where(free & (children["hours"] <= 20), 0, fee) + 1e-9)[found]
    return built - began, time.perf_counter() - built, fee


def by_openfisca(
    children: dict[str, np.ndarray], households: dict[str, np.ndarray], everybody: np.ndarray
) -> tuple[float, float, np.ndarray]:

    person = build_entity(key="person", plural="persons", label="", is_person=True)
    household = build_entity(key="household", plural="households", label="", roles=[{"key": "member"}])

    def variable(name: str, kind: type, entity: object, formula: object = None) -> type:
        body = {"value_type": kind, "entity": entity, "definition_period": periods.DateUnit.MONTH}
        return type(name, (Variable,), body | ({"formula": formula} if formula else {}))

    def full_price(households: object, period: object) -> np.ndarray:
        return np.minimum(households("income", period) * 0.06 / 11, households("price", period))

    def number(persons: object, period: object) -> np.ndarray:
        rank = persons.get_rank(
            persons.household, persons("born", period), condition=persons("has_place", period)
        )
        return rank + 1

    def fee(persons: object, period: object) -> np.ndarray:
        order = np.clip(persons("number", period), 1, 3) - 1
        amount = persons.household("full_price", period) * np.choose(order, [1.0, 0.7, 0.0])
        hours = persons("hours", period)
        free = (persons.household("income", period) < LIMIT) & (YEAR - persons("birth_year", period) >= 2)
        amount = np.where(free, amount * (1 - 20 / 45), amount)
        amount = np.where(hours < 41, amount * hours / 45, amount)
        return np.floor(np.where(free & (hours <= 20), 0, amount)) * persons("has_place", period)

    began = time.perf_counter()
    system = TaxBenefitSystem([person, household])
    for made in (
        variable("income", float, household), variable("price", float, household),
        variable("full_price", float, household, full_price), variable("born", float, person),
        variable("birth_year", int, person), variable("hours", float, person), variable("has_place", bool, person),
        variable("number", int, person, number), variable("fee", float, person, fee),
    ):  # fmt: skip
        system.add_variable(made)
    at = np.searchsorted(households["k"], children["k"])
    found = (at < len(households["k"])) & (
        households["k"][np.minimum(at, len(households["k"]) - 1)] == children["k"]
    )
    place = at[found]
    # Everybody lives in a household: the children with a place, and all the others besides.
    count = len(households["k"])
    others = np.searchsorted(households["k"], everybody)
    membership = np.r_[place, np.minimum(others, count - 1)]
    builder = SimulationBuilder()
    builder.create_entities(system)
    builder.declare_person_entity("person", np.arange(len(membership)))
    declared = builder.declare_entity("household", np.arange(count))
    builder.join_with_persons(declared, membership, np.array(["member"] * len(membership)))
    simulation = builder.build(system)
    pad = np.zeros(len(others))
    for name, values in (
        ("income", households["income"]), ("price", households["price"]),
        ("born", np.r_[children["born"][found], pad]), ("birth_year", np.r_[children["year"][found], pad]),
        ("hours", np.r_[children["hours"][found], pad]), ("has_place", np.r_[np.ones(len(place)), pad] > 0),
    ):  # fmt: skip
        simulation.set_input(name, "2026-12", values)
    built = time.perf_counter()
    result = simulation.calculate("fee", "2026-12")[: len(place)]
    return built - began, time.perf_counter() - built, result


def once(which: str, path: str, prices: str) -> tuple[dict[str, float], np.ndarray]:
    began = time.perf_counter()
    children, households = read(path, prices)
    reading = time.perf_counter() - began
    if which == "numpy":
        build, run, fees = by_numpy(children, households)
    else:
        with duckdb.connect(path, read_only=True) as connection:
            others = connection.execute(
                "SELECT k FROM voksen UNION ALL SELECT k FROM barn WHERE NOT har_plass"
            )
            build, run, fees = by_openfisca(children, households, np.asarray(others.fetchnumpy()["k"]))
    return {"read": reading, "build": build, "run": run}, fees


def main(which: str, path: str, prices: str, rounds: str) -> None:
    best, fees = min(
        (once(which, path, prices) for _ in range(int(rounds))), key=lambda one: sum(one[0].values())
    )
    print(json.dumps({**best, "peak": peak_mb(), "sum": float(fees.sum()), "count": len(fees)}))


if __name__ == "__main__":
    main(*sys.argv[1:5])
