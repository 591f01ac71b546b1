"""`dugnad replay CASE`: make a case's decisions again from what they stored, and say whether they are the same."""

import argparse

from dugnad.cases import queries as cases
from dugnad.catalogue import queries as catalogue
from dugnad.flows.reckoning import replay
from dugnad.tenancy import queries as organisations
from dugnad.tenancy.commands import scope
from dugnad.tenancy.types import Scope


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the case's number, and whose it is."""
    parser.add_argument("case", help="case number, such as 2026/17")
    parser.add_argument("--organisation", help="municipality number (default: look in all)")


def run(arguments: argparse.Namespace) -> int:
    """Print each decision's digest, stored and made again; 1 when they differ or there is no such case."""
    codes = (
        [arguments.organisation]
        if arguments.organisation
        else [one.code for one in organisations.organisations()]
    )
    for code in codes:
        organisation = organisations.organisation_by_code(code)
        services = catalogue.services_of(organisation.id)
        if not services:
            continue
        with scope(Scope(organisation=organisation.id, services=services)):
            case_id = cases.id_of_number(organisation.id, arguments.case)
            if case_id is None:
                continue
            results = replay(case_id)
        for one in results:
            print(f"{one.decision_id}  {one.digest}  {'same' if one.same else 'DIFFERS: ' + one.again}")
        if not results:
            print(f"Case {arguments.case} has no decision yet.")
        return 0 if all(one.same for one in results) else 1
    print(f"There is no case {arguments.case}.")
    return 1
