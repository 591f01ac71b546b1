"""`dugnad worker`: background jobs, letters, notices, the audit chain and the rescue of jobs whose worker died."""

import argparse
import logging
import signal
import threading
import traceback
from collections.abc import Callable
from datetime import UTC, datetime

import psycopg
from django.db import InterfaceError, OperationalError, close_old_connections, connection
from procrastinate.contrib.django import app

from dugnad.audit import commands as audit
from dugnad.dispatch import commands as dispatch
from dugnad.jobs import commands as jobs

log = logging.getLogger("dugnad.worker")
IDLE_SECONDS = 1.0
RESCUE_EVERY_SECONDS = 10.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How many jobs at once."""
    parser.add_argument("--concurrency", type=int, default=2, help="jobs at once (default 2)")


def run(arguments: argparse.Namespace) -> int:
    """Work until told to stop; a database that goes away is waited for."""
    stop = threading.Event()
    wake = threading.Event()
    threads = [
        threading.Thread(target=_repeat, args=("letters", _letters, stop, wake, IDLE_SECONDS), daemon=True),
        threading.Thread(
            target=_repeat, args=("chain", _seal, stop, threading.Event(), IDLE_SECONDS), daemon=True
        ),
        threading.Thread(
            target=_repeat,
            args=("rescue", _rescue, stop, threading.Event(), RESCUE_EVERY_SECONDS),
            daemon=True,
        ),
        threading.Thread(target=_listen, args=(stop, wake), daemon=True),
        threading.Thread(target=_jobs, args=(arguments.concurrency, stop), daemon=True),
    ]
    for name in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(name, lambda *_: stop.set())
    for thread in threads:
        thread.start()
    stop.wait()
    wake.set()
    for thread in threads[:3]:
        thread.join(timeout=5)
    return 0


def _letters() -> bool:
    """Deliver and tell; True when there may be more at once."""
    now = datetime.now(UTC)
    delivered = dispatch.deliver(at=now)
    told = dispatch.tell(at=datetime.now(UTC))
    return max(delivered, told) >= dispatch.BATCH


def _seal() -> bool:
    return audit.seal(at=datetime.now(UTC)) >= audit.BLOCK_ENTRIES


def _rescue() -> bool:
    rescued = jobs.rescue(at=datetime.now(UTC))
    if rescued:
        log.warning("%s jobs whose worker died were put back", rescued)
    return False


def _repeat(
    name: str, work: Callable[[], bool], stop: threading.Event, wake: threading.Event, idle_seconds: float
) -> None:
    """Do the work again and again; while it fails, ever more slowly, and never give up."""
    wait = idle_seconds
    while not stop.is_set():
        try:
            again = work()
            wait = idle_seconds
        except (OperationalError, InterfaceError, psycopg.Error) as error:
            log.warning("%s: the database is away (%s); trying again", name, type(error).__name__)
            again, wait = False, min(wait * 2, 30.0)
            connection.close()
        except Exception as error:  # noqa: BLE001 - one kind of work must not end the others
            # Its kind and place, never its text: that may hold what somebody wrote.
            place = traceback.extract_tb(error.__traceback__)[-1]
            log.error("%s failed: %s at %s:%s", name, type(error).__name__, place.filename, place.lineno)  # noqa: TRY400
            again, wait = False, min(wait * 2, 30.0)
        finally:
            close_old_connections()
        if not again:
            wake.wait(wait)
            wake.clear()
    connection.close()


def _listen(stop: threading.Event, wake: threading.Event) -> None:
    """Wake the letters as soon as one is written; without it they wait a second at most."""
    while not stop.is_set():
        try:
            parameters = connection.get_connection_params()
            for unused in ("cursor_factory", "context", "prepare_threshold"):
                parameters.pop(unused, None)
            with psycopg.connect(**parameters, autocommit=True) as listener:
                listener.execute(f"LISTEN {dispatch.CHANNEL}")
                wake.set()
                while not stop.is_set():
                    if any(True for _ in listener.notifies(timeout=5, stop_after=1)):
                        wake.set()
        except psycopg.Error as error:
            log.warning("listening: the database is away (%s)", type(error).__name__)
            stop.wait(2)


def _jobs(concurrency: int, stop: threading.Event) -> None:
    """Run procrastinate's worker; start it again when the database has been away."""
    while not stop.is_set():
        try:
            worker = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]  # Django's
            worker.run_worker(
                concurrency=concurrency,
                install_signal_handlers=False,
                delete_jobs="successful",
                update_heartbeat_interval=5,
            )
        except Exception as error:  # noqa: BLE001 - whatever ended it, it must begin again
            log.warning("jobs: the worker stopped (%s); starting it again", type(error).__name__)
        stop.wait(2)
