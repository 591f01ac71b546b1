"""The people a diff is run on: a synthetic Norway by column, and what they would answer."""

import hashlib
from pathlib import Path

import duckdb

from dugnad.catalogue.types import LoadedService
from dugnad.cli.progress import progress
from dugnad.cli.rules.asked.refused import RefusedError
from dugnad.connectors import norway
from dugnad.connectors.norway.columns import about, write_columns
from dugnad.rulebook.feel.values import Value
from dugnad.rulebook.rules.facts import from_data

_ANSWERED = ("applicant", "case worker")
_SQLITE = b"SQLite format 3\0"


def opened(asked: str, folder: Path) -> Path:
    """Return a population by column: the file asked for, or one made once in `folder`.

    asked: a number of persons, a file of `dugnad population --columns`, or one of `dugnad population` itself. Raises
    RefusedError for what is none of these.
    """
    number = asked.replace("_", "").replace(" ", "").replace("\u00a0", "")
    if number.isdecimal() and not Path(asked).exists():
        return _numbered(number, folder)
    path = Path(asked)
    if _is_sqlite(path) and norway.is_current(path):
        stat = path.stat()
        name = f"{path.resolve()} {stat.st_mtime_ns} {stat.st_size}"
        return _by_column(path, folder / f"norway-{hashlib.sha256(name.encode()).hexdigest()[:12]}.duckdb")
    if about(path) is None:
        message = (
            f"{asked} is no synthetic Norway of this version. Write a number of persons, or a file made by"
        )
        raise RefusedError(f"{message} `dugnad population --columns {asked}`.")
    return path


def ordinary_answers(service: LoadedService) -> dict[str, Value]:
    """Return what nobody's register knows, as the service's examples begin: `start from`."""
    start = service.examples.get("start from")
    given = start.plain() if start is not None else {}
    facts = service.book.facts
    answers = {
        name: value
        for name, value in (given.items() if isinstance(given, dict) else ())
        if name in facts and facts[name].source in _ANSWERED and facts[name].of_list is None
    }
    return from_data(service.book, answers)


def _numbered(number: str, folder: Path) -> Path:
    persons = int(number[:12])
    made, path = folder / f"norway-{persons}.duckdb", folder / f"norway-{persons}.sqlite"
    if about(made) is not None:
        return made
    try:
        if not norway.is_current(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            with progress("Persons") as show:
                norway.generate(path, persons=persons, progress=show)
    except (ValueError, OSError) as error:
        raise RefusedError(
            f"A synthetic Norway of {number[:20]} persons could not be made: {error}"
        ) from None
    return _by_column(path, made)


def _by_column(source: Path, made: Path) -> Path:
    if about(made) is None:
        try:
            made.parent.mkdir(parents=True, exist_ok=True)
            with progress("Tables by column") as show:
                write_columns(source, made, show)
        except (duckdb.Error, OSError) as error:
            said = str(error).splitlines()[0]
            raise RefusedError(
                f"The synthetic Norway could not be written by column to {made}: {said}"
            ) from None
    return made


def _is_sqlite(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(_SQLITE)) == _SQLITE
    except OSError:
        return False
