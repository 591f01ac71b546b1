"""`dugnad docs`: reference pages made from the code itself; with --check it says which ones no longer agree with it."""

import argparse
import importlib
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from dugnad.config.reference.conformance import conformance_page
from dugnad.config.reference.rulebook import rulebook_page
from dugnad.config.reference.rules import rules_page
from dugnad.config.reference.states import states_page

PROJECT = Path(__file__).resolve().parents[3]
REFERENCE = PROJECT / "docs" / "reference"
_NOTE = "<!-- Made by `dugnad docs` from {source}. Change that, not this. -->\n\n"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take whether to write or only to compare."""
    parser.add_argument("--check", action="store_true", help="change nothing; 1 when a page is out of date")


def run(arguments: argparse.Namespace) -> int:
    """Write the pages that differ, or name them."""
    stale = [path for path, text in pages().items() if not _same(path, text)]
    for path in stale:
        name = path.relative_to(PROJECT)
        if arguments.check:
            print(f"{name} is out of date: run `dugnad docs`.", file=sys.stderr)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(pages()[path], encoding="utf-8")
            print(f"{name} written.")
    if not stale:
        print("All reference pages agree with the code.")
    return int(bool(stale) and arguments.check)


def pages() -> dict[Path, str]:
    """Return every generated page by its place."""
    makers: dict[str, tuple[str, Callable[[], str]]] = {
        "case-states.md": ("src/dugnad/cases/states.py", states_page),
        "conformance.md": ("docs/reference/conformance.json", conformance_page),
        "rulebook-api.md": ("src/dugnad/rulebook/__init__.py", rulebook_page),
        "settings.md": ("src/dugnad/config/settings.py", settings_page),
        "commands.md": ("src/dugnad/config/command.py", commands_page),
        **{
            f"rules-{folder.name}.md": (f"services/{folder.name}", _rules_of(folder))
            for folder in _services()
        },
    }
    return {REFERENCE / name: _NOTE.format(source=source) + make() for name, (source, make) in makers.items()}


def settings_page() -> str:
    """Return the environment variables, as the head of `settings.py` lists them."""
    text = (PROJECT / "src/dugnad/config/settings.py").read_text(encoding="utf-8")
    head = text.split('"""')[1].splitlines()
    lines = [
        "# Settings",
        "",
        "All settings come from the environment.",
        "",
        "| variable | meaning |",
        "|---|---|",
    ]
    rows: list[list[str]] = []
    for line in head:
        name, _, meaning = line.strip().partition(" ")
        if name.isupper() and name.replace("_", "").isalpha():
            rows.append([name, meaning.strip()])
        elif rows and line.startswith(" ") and line.strip():
            rows[-1][1] += f" {line.strip()}"
    return "\n".join([*lines, *(f"| `{name}` | {meaning} |" for name, meaning in rows)]) + "\n"


def commands_page() -> str:
    """Return every subcommand with its words, as `--help` gives them."""
    from dugnad.config.command import COMMANDS  # noqa: PLC0415 - the registry names this module

    lines = ["# Commands", "", "`dugnad COMMAND …`; `dugnad COMMAND --help` says the same.", ""]
    for name, command in COMMANDS.items():
        lines += [f"## {name}", "", f"{command.summary[0].upper()}{command.summary[1:]}.", ""]
        words = list(_words(command.module, name))
        lines += [*(f"- `{word}`: {meaning}" for word, meaning in words), *([""] if words else [])]
    return "\n".join(lines).rstrip() + "\n"


def _words(module: str, name: str) -> Iterator[tuple[str, str]]:
    """Read a command's words from the parser it fills."""
    parser = argparse.ArgumentParser(prog=f"dugnad {name}", add_help=False)
    importlib.import_module(module).add_arguments(parser)
    for action in parser._actions:  # noqa: SLF001 - argparse offers no other way to list what was added
        shown = " ".join(action.option_strings) or action.dest.upper()
        value = action.metavar if isinstance(action.metavar, str) else action.dest.upper()
        takes = bool(action.option_strings) and action.nargs != 0
        yield f"{shown} {value}" if takes else shown, (action.help or "") % {"default": action.default}


def _services() -> Sequence[Path]:
    return sorted(path.parent for path in (PROJECT / "services").glob("*/service.yaml"))


def _rules_of(folder: Path) -> Callable[[], str]:
    return lambda: rules_page(folder)


def _same(path: Path, text: str) -> bool:
    return path.is_file() and path.read_text(encoding="utf-8") == text


if __name__ == "__main__":
    from dugnad.config.command import main

    sys.exit(main(["docs", *sys.argv[1:]]))
