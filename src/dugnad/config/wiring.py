"""Puts connectors into ports and handlers into the job queue: the one place that knows both sides.

A register whose address is configured (DUGNAD_FOLKEREGISTERET_URL …) is reached over HTTP; the others answer from the
synthetic Norway in this process, through the same client and the same protocol.
"""

import os
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Protocol

from django.conf import settings
from django.urls import URLPattern

from dugnad.connectors.barnehageregisteret.client import Barnehageregisteret
from dugnad.connectors.barnehageregisteret.simulator import simulator as barnehage
from dugnad.connectors.epost.client import SmtpNotices
from dugnad.connectors.epost.contacts import RegisteredContacts
from dugnad.connectors.folkeregisteret.client import Folkeregisteret
from dugnad.connectors.folkeregisteret.simulator import simulator as folk
from dugnad.connectors.idporten.embedded import PATH, Site, embedded
from dugnad.connectors.idporten.simulator.views import urlpatterns as simulator_routes
from dugnad.connectors.kontaktregisteret.client import Kontaktregisteret
from dugnad.connectors.kontaktregisteret.simulator import simulator as kontakt
from dugnad.connectors.norway import Store
from dugnad.connectors.skattegrunnlaget.client import Skattegrunnlaget
from dugnad.connectors.skattegrunnlaget.simulator import simulator as skatt
from dugnad.connectors.transport import Handler, HttpTransport, InProcess, Transport
from dugnad.dispatch.ports import Ports as DispatchPorts
from dugnad.facts.ports import REGISTERS, Register
from dugnad.flows.answering import DECIDE_JOB
from dugnad.flows.application_to_decision import decide_waiting
from dugnad.flows.provisional_reply import REPLY_JOB, reply
from dugnad.identity.ports import Ports as IdentityPorts
from dugnad.jobs.ports import HANDLERS
from dugnad.shared.calendar import oslo

CALLBACK = "/logg-inn/tilbake"
GOODBYE = "/logget-ut"


class _Client(Protocol):
    def __call__(self, transport: Transport, *, base_url: str) -> Register: ...


_REGISTERS: dict[str, tuple[_Client, Callable[[Store], Handler]]] = {
    "folkeregisteret": (Folkeregisteret, folk),
    "skattegrunnlaget": (Skattegrunnlaget, skatt),
    "barnehageregisteret": (Barnehageregisteret, barnehage),
    "kontaktregisteret": (Kontaktregisteret, kontakt),
}


def wire() -> None:
    """Connect every port. Opens nothing: files and connections are opened when first used."""
    store = Store(settings.NORWAY)
    for name, (client, simulator) in _REGISTERS.items():
        address = os.environ.get(f"DUGNAD_{name.upper()}_URL")
        transport: Transport = HttpTransport() if address else InProcess(simulator(store))
        REGISTERS[name] = client(transport, base_url=address or f"https://{name}.invalid")
    DispatchPorts.contacts = RegisteredContacts(REGISTERS["kontaktregisteret"], _today)
    DispatchPorts.notices = SmtpNotices(
        settings.SMTP_HOST,
        settings.SMTP_PORT,
        sender=settings.DEFAULT_FROM_EMAIL,
        starttls=settings.SMTP_HOST not in {"127.0.0.1", "localhost"},
    )
    DispatchPorts.address_of_portal = f"{settings.ORIGIN}/min-side"
    HANDLERS[DECIDE_JOB] = decide_waiting
    HANDLERS[REPLY_JOB] = reply


def eid_routes() -> list[URLPattern]:
    """Connect the eID provider and return the simulator's routes. Only the web server needs them: it makes keys."""
    site = Site(origins=[settings.ORIGIN, *settings.OTHER_ORIGINS], callback=CALLBACK, goodbye=GOODBYE)
    client, simulator = embedded(
        site,
        folder=settings.HOME / "idporten",
        norway=settings.NORWAY,
        secret=settings.SECRET_KEY.encode().ljust(32, b"."),
        clock=lambda: datetime.now(UTC),
    )
    IdentityPorts.eid = client
    return simulator_routes(simulator)


def _today() -> date:
    return oslo(datetime.now(UTC))


__all__ = ["CALLBACK", "GOODBYE", "PATH", "eid_routes", "wire"]
