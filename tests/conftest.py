"""What every test may use: a database of its own process, and a browser."""

import contextlib
import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections
from django.db.backends.postgresql.operations import DatabaseOperations
from xdist.scheduler import LoadScopeScheduling

from database import Database, Snapshot, clone, server_with_template
from dugnad.config.embedded.browser import find_browser, flags

_SERVER = "dugnad_server"


def pytest_configure_node(node: Any) -> None:
    """Under xdist the controller runs the one server; each worker is told where it is."""
    config = node.config
    if not hasattr(config, _SERVER):
        running = contextlib.ExitStack()
        setattr(config, _SERVER, running.enter_context(server_with_template()))
        config.add_cleanup(running.close)
    node.workerinput[_SERVER] = getattr(config, _SERVER)


class Together(LoadScopeScheduling):
    """The journeys are one piece of work, as they share a running Dugnad and a browser; each other test is its own.

    xdist's own groups by mark do nothing under pytest 9.2, which no longer lets a test's name be changed.
    """

    def _split_scope(self, nodeid: str) -> str:
        return "journeys" if nodeid.startswith("tests/journeys/") else nodeid


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    """Say who of the processes runs what."""
    return Together(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without a browser its tests are skipped, which `pytest_terminal_summary` says loudly."""
    driven = [item for item in items if item.get_closest_marker("browser")]
    if driven and find_browser() is None:
        for item in driven:
            item.add_marker(pytest.mark.skip(reason="no Chromium"))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    count = _browser_tests_not_run(terminalreporter)
    if count:
        terminalreporter.section("BROWSER TESTS DID NOT RUN", sep="!", red=True, bold=True)
        terminalreporter.line(
            f"{count} tests need a Chromium, and there is none. Try `make test`, which looks for one."
        )
        terminalreporter.line(
            "Or install it (Debian: apt install chromium) or name it: DUGNAD_BROWSER=/path/to/chromium"
        )


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """What CI leaves out, CI has not checked: without a browser it fails."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if (
        os.environ.get("CI") == "true"
        and reporter
        and _browser_tests_not_run(reporter)
        and session.exitstatus == 0
    ):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _browser_tests_not_run(reporter: Any) -> int:
    skipped = reporter.stats.get("skipped", [])
    return sum(
        isinstance(report.longrepr, tuple) and "no Chromium" in report.longrepr[2] for report in skipped
    )


@pytest.fixture(scope="session")
def database_server(request: pytest.FixtureRequest) -> Iterator[str]:
    """The superuser's address of the server of this test run."""
    given = getattr(request.config, "workerinput", {}).get(_SERVER)
    if given:
        yield given
    else:
        with server_with_template() as server:
            yield server


@pytest.fixture(scope="session")
def database(database_server: str, worker_id: str) -> Database:
    """This process's own database; its `owner`, `worker` and `superuser` are addresses for other roles."""
    return clone(database_server, f"dugnad_{worker_id}")


@pytest.fixture(scope="session")
def django_db_setup(database: Database, django_db_blocker: Any) -> Iterator[None]:
    """Let Django use the clone as dugnad_web, and put it back after tests that commit."""
    from django.conf import settings

    snapshot = Snapshot(database)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DUGNAD_DATABASE_URL", database.web)
        here = {
            "NAME": database.name,
            "USER": "dugnad_web",
            "PASSWORD": "",
            "HOST": database.folder,
            "PORT": "",
        }
        for place in (settings.DATABASES["default"], connections["default"].settings_dict):
            for name, value in here.items():
                patch.setitem(place, name, value)
            patch.setitem(place, "CONN_MAX_AGE", 0)  # a thread of a test closes its own when it is told to
        patch.setattr(DatabaseOperations, "execute_sql_flush", lambda *_: snapshot.restore())
        yield
        with django_db_blocker.unblock():
            connections.close_all()


@pytest.fixture(scope="session")
def worker_id() -> str:
    """The xdist worker's name, `main` without xdist."""
    return os.environ.get("PYTEST_XDIST_WORKER", "main")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """Playwright's `Browser` on a real Chromium, for tests marked `browser`; each opens its own context."""
    from playwright.sync_api import sync_playwright

    path = find_browser()
    if path is None:
        pytest.skip("no Chromium")
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright runs an event loop in this thread; Django would take every query after it for async code.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=path, args=flags())
        yield browser
        browser.close()
