"""Kontakt- og reservasjonsregisteret (KRR): how a person may be reached, and who has reserved themselves."""

from dugnad.connectors.kontaktregisteret.client import Kontaktregisteret
from dugnad.connectors.kontaktregisteret.simulator import simulator

__all__ = ["Kontaktregisteret", "simulator"]
