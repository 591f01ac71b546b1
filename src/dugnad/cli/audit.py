"""`dugnad audit verify`: check that the log of changes and looks is whole."""

import argparse

from dugnad.audit import commands as audit


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what to do with the log."""
    parser.add_argument("what", choices=["verify"], help="verify: recompute the chain")


def run(arguments: argparse.Namespace) -> int:
    """Print what was found; 1 when the chain is broken."""
    del arguments
    found = audit.verify()
    if found.broken is not None:
        print(f"BROKEN at block {found.broken}: {found.reason}. {found.sealed} rows before it are whole.")
        return 1
    print(
        f"Whole: {found.sealed} rows in {found.blocks} blocks; {found.unsealed} newer rows are not sealed yet."
    )
    return 0
