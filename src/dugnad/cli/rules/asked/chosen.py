"""Find the service a command speaks of: a folder, a name in the library, or either as it was in a git revision."""

import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from dugnad.catalogue.checking import load_folder, tailorings_of
from dugnad.catalogue.types import LoadedService, Ruleset, Tailoring
from dugnad.cli.check import NoServiceError, folder_of, places
from dugnad.cli.rules.asked.published import written_out
from dugnad.cli.rules.asked.refused import RefusedError, none_such

_GIT_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Chosen:
    """A service that loads, and where it was read from (`shown`: as it was asked for)."""

    shown: str
    folder: Path
    service: LoadedService
    tailorings: dict[str, Tailoring]

    def tailoring(self, organisation: str | None) -> Tailoring | None:
        """Return an organisation's tailoring; None for none asked. Raises RefusedError."""
        if organisation is None:
            return None
        if organisation not in self.tailorings:
            raise none_such(f"tailoring of {self.service.slug} for", organisation, self.tailorings)
        return self.tailorings[organisation]

    def rules(self, organisation: str | None = None) -> Ruleset:
        """Return the rules, as an organisation has tailored them where one is named. Raises RefusedError."""
        return self.service.ruleset(self.tailoring(organisation))


@contextmanager
def chosen(asked: str) -> Iterator[Chosen]:
    """Open a service: `services/x`, `x`, `services/x@REVISION` of git, or `x#3`, the third published version.

    Raises RefusedError where it does not load.
    """
    name, at, revision = asked.rpartition("@")
    slug, hash_, number = asked.rpartition("#")
    if Path(asked).exists() or not ((at and revision) or (hash_ and number.isdecimal())):
        yield _loaded(asked, _folder(asked))
        return
    with tempfile.TemporaryDirectory(prefix="dugnad-rules-") as room:
        if hash_ and number.isdecimal():
            yield _loaded(asked, written_out(slug, int(number[:9]), Path(room)))
        else:
            yield _loaded(asked, _checked_out(_folder(name, must_exist=False), revision, Path(room)))


def _folder(asked: str, *, must_exist: bool = True) -> Path:
    try:
        return folder_of(asked)
    except NoServiceError as error:
        if must_exist:
            raise RefusedError(str(error)) from None
        return places(asked)[0].resolve()


def _loaded(shown: str, folder: Path) -> Chosen:
    try:
        service = load_folder(folder)
    except (ValueError, OSError) as error:
        message = f"{shown} does not load: {error}\nSee everything wrong with: dugnad rules check {shown}"
        raise RefusedError(message) from None
    good, _ = tailorings_of(service, folder.parent.parent / "tailoring")
    return Chosen(shown, folder, service, good)


def _checked_out(folder: Path, revision: str, room: Path) -> Path:
    """Write the folder, as the revision has it, into `room`; its tailorings too where the revision has any."""
    if revision.startswith("-"):
        raise RefusedError(f"{revision!r} is no git revision.")
    top = _git(folder, "rev-parse", "--show-toplevel").decode().strip()
    inside = folder.relative_to(Path(top).resolve()).as_posix()
    names = _git(Path(top), "ls-tree", "-r", "--name-only", revision, "--", inside, "tailoring").decode()
    wanted = [
        name
        for name in names.splitlines()
        if name.startswith(f"{inside}/") or name.endswith(f"/{folder.name}.yaml")
    ]
    if not any(name.startswith(f"{inside}/") for name in wanted):
        raise RefusedError(f"{inside} is not in {revision}. See `git log -- {inside}`.")
    archive = _git(Path(top), "archive", "--format=tar", revision, "--", *wanted)
    with tarfile.open(fileobj=BytesIO(archive)) as files:
        files.extractall(room, filter="data")
    return room / inside


def _git(folder: Path, *words: str) -> bytes:
    place = next((one for one in (folder, *folder.parents) if one.is_dir()), Path.cwd())
    try:
        done = subprocess.run(  # noqa: S603 - a fixed program, words of our own, the revision checked
            ["git", *words],  # noqa: S607 - git is found as the person's shell finds it
            cwd=place,
            capture_output=True,
            timeout=_GIT_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise RefusedError(f"git could not be asked ({type(error).__name__}); name two folders.") from None
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise RefusedError(f"git {words[0]}: {said[0] if said else 'it failed'}")
    return done.stdout
