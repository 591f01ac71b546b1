"""Client and simulator joined in one process: the default where no real ID-porten is configured."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from dugnad.connectors.idporten.client import IdPorten, Registration
from dugnad.connectors.idporten.keys import load_or_create, public_jwks
from dugnad.connectors.idporten.simulator.issuer import Issuer
from dugnad.connectors.idporten.simulator.norway import NorwayPersons
from dugnad.connectors.idporten.simulator.ports import Client
from dugnad.connectors.idporten.simulator.server import Simulator
from dugnad.connectors.norway import Store
from dugnad.connectors.transport import InProcess

PATH = "/simulator/idporten"
_CLIENT_ID = "dugnad"


@dataclass(frozen=True, slots=True)
class Site:
    """Where Dugnad is seen by browsers.

    origins: scheme, host and port of each address it answers on, the first of them the main one. callback and
    goodbye: paths to which a login and a logout return.
    """

    origins: Sequence[str]
    callback: str
    goodbye: str


def embedded(
    site: Site, *, folder: Path, norway: Path, secret: bytes, clock: Callable[[], datetime]
) -> tuple[IdPorten, Simulator]:
    """Return a client and its simulator, which `simulator.views.urlpatterns` mounts at `PATH`.

    folder: keeps keys and the simulator's memory for all processes. norway: the synthetic Norway, opened when
    first needed. secret: at least 32 bytes, alike in all processes. clock: the simulator's own.
    """
    key = load_or_create(folder / "client-key.json")
    client = Client(
        client_id=_CLIENT_ID,
        name="Dugnad",
        jwks=public_jwks(key),
        redirect_uris=frozenset(origin + site.callback for origin in site.origins),
        post_logout_redirect_uris=frozenset(origin + site.goodbye for origin in site.origins),
    )
    issuer = Issuer(site.origins[0] + PATH, folder=folder, clients=[client], clock=clock)
    simulator = Simulator(issuer, NorwayPersons(Store(norway)))
    registration = Registration(issuer.url, _CLIENT_ID, key, secret)
    return IdPorten(registration, InProcess(simulator.handle)), simulator
