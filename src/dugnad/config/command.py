"""The `dugnad` command: finds the subcommand, gives it its database, turns errors into sentences.

Subcommands live where they belong and are imported only when asked for, so that `dugnad --help` is quick.
Each is a module with `add_arguments(parser)` and `run(arguments) -> int`: 0 done, 1 not, 2 wrongly asked.
"""

import argparse
import contextlib
import importlib
import os
import sys
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from dugnad.config.embedded.errors import SayError
from dugnad.config.embedded.places import home as home_folder


@dataclass(frozen=True)
class Command:
    """A subcommand: where it lives and what must be ready before it runs.

    `needs`: nothing; `django` (settings loaded, no database); or the database as `owner`, `web` or `worker`.
    """

    module: str
    summary: str
    needs: Literal["nothing", "django", "owner", "web", "worker"] = "nothing"


COMMANDS: dict[str, Command] = {
    "run": Command("dugnad.config.embedded.supervisor", "start everything and say where it is"),
    "web": Command("dugnad.config.embedded.commands.web", "the web server alone", "web"),
    "worker": Command("dugnad.cli.worker", "run background jobs and deliver letters", "worker"),
    "catcher": Command("dugnad.cli.catcher", "receive notices by e-mail for the page Utboks", "worker"),
    "prepare": Command("dugnad.config.embedded.commands.prepare", "make the database ready for use", "owner"),
    "migrate": Command(
        "dugnad.config.embedded.commands.migrate", "bring the database's tables up to date", "owner"
    ),
    "population": Command("dugnad.cli.population", "make a synthetic Norway"),
    "check": Command("dugnad.cli.check", "check a service folder: every error at once, with file and line"),
    "dmn": Command("dugnad.cli.dmn", "models in the standard's own notation, DMN"),
    "test": Command("dugnad.cli.test", "run the examples of a service folder"),
    "rules": Command("dugnad.cli.rules.command", "show, run, explain, measure and compare a service's rules"),
    "publish": Command("dugnad.cli.publish", "publish a service folder as an immutable version", "owner"),
    "docs": Command(
        "dugnad.config.generated", "write the reference pages that are made from the code", "django"
    ),
    "replay": Command("dugnad.cli.replay", "decide a case again from what was stored, bit for bit", "worker"),
    "audit": Command("dugnad.cli.audit", "check that the log of changes and looks is whole", "worker"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one subcommand. Never a traceback: a sentence, and the trace in `logs/errors.log`."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    name = words[0] if words else "--help"
    command = COMMANDS.get(name)
    try:
        if command is None:
            return _help(name)
        return _run(name, command, words[1:])
    except SayError as error:
        _say(str(error))
    except KeyboardInterrupt:
        _say("Stopped.")
    except BrokenPipeError:
        # Whoever read our words has gone (`dugnad … | head`): not a fault, but nothing more can be said.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except Exception as error:  # noqa: BLE001 - the last place that can turn a fault into a sentence
        _say(f"dugnad {name} failed: {_first_line(error)}\nWhere it happened: {_write_trace(name, error)}")
    return 1


def _help(name: str) -> int:
    width = max(map(len, COMMANDS))
    lines = [f"  {command:{width}}  {known.summary}" for command, known in COMMANDS.items()]
    text = "\n".join(["dugnad COMMAND …   (dugnad COMMAND --help tells more)", "", *lines])
    if name in {"-h", "--help", "help"}:
        print(text)
        return 0
    _say(f"There is no command {name}.\n\n{text}")
    return 2


def _run(name: str, command: Command, words: list[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dugnad.config.settings")
    parser = argparse.ArgumentParser(
        prog=f"dugnad {name}", description=f"{command.summary[0].upper()}{command.summary[1:]}."
    )
    if command.needs == "nothing":
        return _call(command, parser, words)
    asks_for_help = bool({"-h", "--help"} & set(words))
    with contextlib.nullcontext("") if asks_for_help else _database(command) as address:
        if address:
            os.environ["DUGNAD_DATABASE_URL"] = address
        import django  # noqa: PLC0415 - half a second that only commands with models should pay

        django.setup()
        return _call(command, parser, words)


def _call(command: Command, parser: argparse.ArgumentParser, words: list[str]) -> int:
    module = importlib.import_module(command.module)
    module.add_arguments(parser)
    return int(module.run(parser.parse_args(words)))


@contextlib.contextmanager
def _database(command: Command) -> Iterator[str]:
    """Give the address for the command's role; empty where it needs none or DUGNAD_DATABASE_URL is set."""
    if command.needs in {"nothing", "django"} or os.environ.get("DUGNAD_DATABASE_URL"):
        yield ""
        return
    from dugnad.config.embedded.database import database  # noqa: PLC0415 - psycopg; help must be quick

    with database(home_folder(), tell=_say) as addresses:
        yield addresses.of(f"dugnad_{command.needs}")


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _first_line(error: BaseException) -> str:
    """Kind and first line: the lines after it may quote a row, and a row holds personal data."""
    text = str(error).strip()
    return f"{type(error).__name__}: {text.splitlines()[0]}" if text else type(error).__name__


def _write_trace(name: str, error: BaseException) -> Path | str:
    place = home_folder() / "logs" / "errors.log"
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with place.open("a", encoding="utf-8") as log:
            log.write(
                f"\ndugnad {name}: {_first_line(error)}\n{''.join(traceback.format_tb(error.__traceback__))}"
            )
    except OSError:
        return "nowhere, the log could not be written"
    return place


if __name__ == "__main__":
    sys.exit(main())
