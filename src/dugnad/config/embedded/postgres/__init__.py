"""PostgreSQL of our own: programs from a wheel, a life cycle of ours, three roles."""

from dugnad.config.embedded.postgres.roles import OWNER, ROLES, WEB, WORKER, Addresses, ensure_roles
from dugnad.config.embedded.postgres.server import Server
from dugnad.config.embedded.postgres.temporary import temporary_postgres

__all__ = ["OWNER", "ROLES", "WEB", "WORKER", "Addresses", "Server", "ensure_roles", "temporary_postgres"]
