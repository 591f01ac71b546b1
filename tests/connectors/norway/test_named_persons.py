"""The persons that the login page offers, and the store they are read from."""

import sqlite3
import threading
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from dugnad.connectors import norway
from dugnad.shared.national_identity_number import is_valid


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("named") / "norway.sqlite"
    norway.generate(path, persons=1_000)
    return path


def test_everyone_the_story_needs_is_there(path: Path) -> None:
    store = norway.Store(path)
    persons = {person.key: person for person in norway.test_persons(store)}
    store.close()
    assert list(persons)[:3] == ["mor i Stord", "far i Stord", "nabo i Stord"]
    needed = {
        "mor med delt bosted", "far med delt bosted", "verge", "person med verge", "fortrolig adresse",
        "strengt fortrolig adresse", "uten skattefastsetting", "reservert i KRR", "stefamilie", "uten barn",
        "grense i Stord", "mor i Bergen", "saksbehandler i Stord", "godkjenner i Stord",
        "administrator i Stord", "revisor i Stord", "saksbehandler i Bergen", "klagebehandler i Vestland",
        "saksbehandler i to kommuner", "administrator i Bergen",
    }  # fmt: skip
    assert needed <= set(persons)
    for person in persons.values():
        assert is_valid(person.identity_number)
        assert set(person.description) == {"nb", "nn", "en"}
    assert persons["mor i Stord"].municipality == "4614"
    assert persons["mor i Bergen"].municipality == "4601"
    assert persons["mor i Stord"].staff_roles == ()
    assert persons["saksbehandler i Stord"].staff_roles == (("4614", "case_worker"),)
    two = persons["saksbehandler i to kommuner"]
    assert two.staff_roles == (("4614", "case_worker"), ("4613", "case_worker"))
    assert persons["klagebehandler i Vestland"].staff_roles == (("statsforvalteren-vestland", "case_worker"),)


def test_a_missing_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(norway.NotGeneratedError, match="run `dugnad population"):
        norway.Store(tmp_path / "none.sqlite").rows("SELECT 1")


def test_a_foreign_file_says_what_to_do(tmp_path: Path) -> None:
    other = tmp_path / "other.sqlite"
    other.write_text("this is no database, however long the text may be" * 20)
    with pytest.raises(norway.NotGeneratedError, match="no synthetic Norway"):
        norway.Store(other).rows("SELECT 1")


def test_a_file_of_another_version_says_what_to_do(path: Path, tmp_path: Path) -> None:
    old = tmp_path / "old.sqlite"
    old.write_bytes(path.read_bytes())
    with closing(sqlite3.connect(old, isolation_level=None)) as connection:
        connection.execute("UPDATE meta SET value = '0' WHERE key = 'version'")
    with pytest.raises(norway.NotGeneratedError, match="another version"):
        norway.Store(old).rows("SELECT 1")
    assert not norway.is_current(old)
    assert norway.is_current(path)


def test_simulators_cannot_write(path: Path) -> None:
    store = norway.Store(path)
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        store.rows("DELETE FROM person")
    store.close()


def test_each_thread_reads_by_itself(path: Path) -> None:
    store = norway.Store(path)
    counted: list[int] = []

    def read() -> None:
        counted.extend(store.rows("SELECT count(*) FROM person")[0][0] for _ in range(50))
        store.close()

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counted == [1_000] * 200


def test_changes_are_kept_together_or_not_at_all(path: Path, tmp_path: Path) -> None:
    own = tmp_path / "norway.sqlite"
    own.write_bytes(path.read_bytes())
    store = norway.Store(own)
    mother = norway.test_persons(store)[0].identity_number

    def change_and_fail() -> None:
        with norway.changes(own) as change:
            change.death(mother, on=date(2026, 10, 1))
            change.death("00000000000", on=date(2026, 10, 1))

    with pytest.raises(norway.UnknownPersonError):
        change_and_fail()
    assert store.rows("SELECT status FROM person WHERE number = ?", (int(mother),)) == [("bosatt",)]
    with norway.changes(own) as change:
        change.emigration(mother)
    assert store.rows("SELECT status FROM person WHERE number = ?", (int(mother),)) == [("utflyttet",)]
    store.close()
