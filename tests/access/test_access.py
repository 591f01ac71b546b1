"""Every address × every method × every role: allowed or refused as the table says."""

import re
from collections.abc import Callable, Iterator

import psycopg
import pytest
from access_table import ROLES, WITHOUT_TOKEN, expected
from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from house import House

from portal import Portal, Restoring

EXPECTED = expected()
REFUSED = {"L", "3", "4", "5", "B"}
METHODS = ("GET", "POST")
# Pages that ask "are you sure" of what stands in their address.
ASKS_FIRST = {"console-take-role", "console-confirm-rate", "console-set-place", "console-restore-tailoring"}
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]+"')  # another one on every page
# What a request may write though it is refused: counts of attempts, the time a session was last used, forms kept.
NOT_COUNTED = {"identity_attempt", "identity_session"}


def patterns(of: list[URLPattern | URLResolver] | None = None) -> Iterator[URLPattern]:
    for one in of if of is not None else get_resolver().url_patterns:
        if isinstance(one, URLResolver):
            yield from patterns(one.url_patterns)
        else:
            yield one


def address(name: str, house: House) -> str:
    wanted = next(one for one in patterns() if one.name == name)
    about = house.about(name)
    if name == "idporten-simulator":
        return "/simulator/idporten/authorize"
    return reverse(name, kwargs={word: about[word] for word in wanted.pattern.converters})


def ask(house: House, role: str, name: str, method: str) -> HttpResponse:
    client = house.browser(role, name)
    where = address(name, house)
    form = dict(house.forms.get(name, {}))
    if method == "POST":
        return client.post(where, form)  # type: ignore[return-value]  # the test client's own response class
    return client.get(where, form if name in ASKS_FIRST else {})  # type: ignore[return-value]


def letter(answer: HttpResponse) -> str:
    """What became of a request, as the table writes it; a fault of ours is none of the table's letters."""
    status = answer.status_code
    if status in {301, 302, 303}:
        return "L" if answer["Location"].startswith("/logg-inn?") else "+"
    return {200: "+", 400: "B", 403: "3", 404: "4", 405: "5", 409: "!", 422: "!"}.get(status, str(status))


@pytest.fixture
def counts(furnished: tuple[Portal, House, Restoring]) -> Callable[[], dict[str, object]]:
    """How much each table holds, and when its rows were last written."""
    superuser = furnished[0].database.superuser

    def count() -> dict[str, object]:
        with psycopg.connect(superuser) as connection:
            tables = connection.execute(
                "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
            ).fetchall()
            return {
                table: connection.execute(f"SELECT count(*), max(xmin::text::bigint) FROM {table}").fetchone()
                for (table,) in tables
                if table not in NOT_COUNTED
            }

    return count


def test_every_address_has_a_row_and_every_row_an_address() -> None:
    names = {one.name for one in patterns()}
    assert None not in names, "an address without a name"
    assert names == {name for name, _ in EXPECTED}


@pytest.mark.parametrize(("name", "method"), [pytest.param(*one, id=" ".join(one)) for one in EXPECTED])
def test_who_is_let_in(
    name: str,
    method: str,
    house: House,
    furnished: tuple[Portal, House, Restoring],
    counts: Callable[[], dict[str, object]],
) -> None:
    row = EXPECTED[name, method]
    refused = [role for role in ROLES if row[role] in REFUSED | {"!"}]
    before = counts()
    found = {role: letter(ask(house, role, name, method)) for role in refused}
    changed = {table for table, count in counts().items() if count != before[table]}
    for role in ROLES:
        if role not in refused:
            found[role] = letter(ask(house, role, name, method))
            if method == "POST":
                furnished[2].restore()
    assert found == row
    assert changed <= ({"audit_entry"} if "!" in row.values() else set()), (
        "a refused request has written something"
    )


@pytest.mark.parametrize("name", sorted({name for name, _ in EXPECTED}))
def test_a_method_that_is_not_in_the_table_is_nobodys(name: str, house: House) -> None:
    for method in METHODS:
        if (name, method) not in EXPECTED:
            found = {role: letter(ask(house, role, name, method)) for role in ROLES}
            assert set(found.values()) <= {"5", "L", "3", "4"}, (method, found)


@pytest.mark.parametrize(
    "name", sorted({name for name, method in EXPECTED if method == "POST"} - WITHOUT_TOKEN)
)
def test_a_form_of_another_site_is_refused(name: str, house: House) -> None:
    roles = [role for role in ROLES if EXPECTED[name, "POST"][role] in {"+", "!"}]
    for role in roles:
        client = house.browser(role, name, tokens=True)
        assert client.post(address(name, house), dict(house.forms.get(name, {}))).status_code == 403


def test_what_is_refused_looks_the_same_whether_it_exists_or_not(house: House) -> None:
    """404 for what is another's must not differ from 404 for what is nobody's."""
    nobodys = "01900000-0000-7000-8000-000000000000"
    for role, name in (
        ("other", "resident-case"),
        ("elsewhere", "desk-case"),
        ("other service", "desk-case"),
    ):
        theirs = address(name, house)
        client = house.browser(role, name)
        there = client.get(theirs)
        not_there = client.get(theirs.replace(str(house.about(name)["case_id"]), nobodys))
        assert there.status_code == not_there.status_code == 404
        same = there.content.replace(str(house.about(name)["case_id"]).encode(), nobodys.encode())
        assert TOKEN.sub(b"", same) == TOKEN.sub(b"", not_there.content)
