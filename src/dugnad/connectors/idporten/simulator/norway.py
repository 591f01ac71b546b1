"""The synthetic Norway as the simulator's population."""

from collections.abc import Sequence

from dugnad.connectors.idporten.simulator.ports import Group, TestPerson
from dugnad.connectors.norway import Store, test_persons
from dugnad.connectors.norway.reference import municipalities

_FIND = """
SELECT given, family, municipality FROM person LEFT JOIN dwelling ON dwelling.id = person.dwelling
WHERE number = ? AND died IS NULL
"""


class NorwayPersons:
    """Its persons, as `ports.Persons`. Raises NotGeneratedError where there is no population."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._names = {municipality.code: municipality.name for municipality in municipalities()}

    def find(self, identity_number: str) -> TestPerson | None:
        """Return the living person with this number."""
        rows = self._store.rows(_FIND, (int(identity_number),))
        if not rows:
            return None
        given, family, code = rows[0]
        return TestPerson(identity_number, f"{given} {family}", self._names.get(code, ""))

    def test_persons(self) -> Sequence[TestPerson]:
        """Return the named persons of the demonstration; those with a post are staff."""
        return [
            TestPerson(
                identity_number=person.identity_number,
                name=person.name,
                municipality=self._names.get(person.municipality, person.municipality),
                description=person.description,
                group=Group.STAFF if person.staff_roles else Group.RESIDENT,
            )
            for person in test_persons(self._store)
        ]
