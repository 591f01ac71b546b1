"""`dugnad catcher`: the mail server of the demonstration; it delivers to nobody."""

import argparse
import signal
import threading
from datetime import UTC, datetime

from django.conf import settings

from dugnad.connectors.epost.catcher import Catcher


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No arguments: the port is DUGNAD_SMTP's."""
    del parser


def run(arguments: argparse.Namespace) -> int:
    """Receive until told to stop."""
    del arguments
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(name, lambda *_: stop.set())
    catcher = Catcher(settings.HOME / "outbox", port=settings.SMTP_PORT, clock=lambda: datetime.now(UTC))
    catcher.start()
    stop.wait()
    catcher.stop()
    return 0
