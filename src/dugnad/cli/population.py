"""`dugnad population`: write the synthetic Norway that stands in for the registers."""

import argparse
import os
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from dugnad.cli.progress import progress
from dugnad.connectors import norway

REFUSED, FAILED, STOPPED = 2, 1, 130


def default_out() -> Path:
    """Return where the simulators look: DUGNAD_NORWAY, or norway.sqlite in DUGNAD_HOME (default `.dugnad`)."""
    home = Path(os.environ.get("DUGNAD_HOME", ".dugnad"))
    return Path(os.environ.get("DUGNAD_NORWAY", home / "norway.sqlite"))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.description = (
        "Write a synthetic Norway: the real municipalities, filled with persons who do not exist. "
        "The same numbers give the same persons."
    )
    parser.add_argument(
        "--persons",
        type=int,
        default=norway.DEFAULT_PERSONS,
        metavar="N",
        help="how many persons, 1000 to 6000000 (default %(default)s)",
    )
    parser.add_argument(
        "--seed",
        type=int,
        default=norway.DEFAULT_SEED,
        metavar="S",
        help="another seed gives other persons (default %(default)s)",
    )
    parser.add_argument("--out", type=Path, default=default_out(), metavar="FILE", help="default %(default)s")
    parser.add_argument(
        "--as-of",
        type=date.fromisoformat,
        default=norway.DEFAULT_AS_OF,
        metavar="DATE",
        help="the day the registers describe, YYYY-MM-DD (default %(default)s)",
    )
    parser.add_argument(
        "--columns",
        type=Path,
        metavar="FILE",
        help="write it by column too, as a DuckDB file: for deciding everyone at once",
    )


def run(args: argparse.Namespace) -> int:
    """Run the command; return 0 when done, 1 when a file could not be written, 2 for wrong
    options, 130 when it was stopped.
    """
    started = time.monotonic()
    out = args.out
    try:
        with progress("Persons") as show:
            norway.generate(out, persons=args.persons, seed=args.seed, as_of=args.as_of, progress=show)
        if args.columns is not None:
            out = args.columns
            with progress("Tables by column") as show:
                _write_columns(args.out, out, show)
    except ValueError as error:
        print(f"dugnad population: {error}", file=sys.stderr)
        return REFUSED
    except OSError as error:
        print(f"dugnad population: cannot write {out}: {error.strerror or error}", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        print("dugnad population: stopped; the file is as it was", file=sys.stderr)
        return STOPPED
    places = args.out if args.columns is None else f"{args.out} and {args.columns}"
    print(f"{args.persons} synthetic persons in {places} ({time.monotonic() - started:.1f} s)")
    return 0


def _write_columns(source: Path, out: Path, show: Callable[[int, int], None]) -> None:
    import duckdb  # noqa: PLC0415 - a fifth of a second that only this option should pay

    from dugnad.connectors.norway.columns import write_columns  # noqa: PLC0415 - as above

    out.parent.mkdir(parents=True, exist_ok=True)
    try:
        write_columns(source, out, show)
    except duckdb.Error as error:
        raise OSError(str(error).splitlines()[0]) from error
