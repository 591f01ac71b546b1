"""Folkeregisteret, the population register: who a person is, where they live, and their family."""

from dugnad.connectors.folkeregisteret.client import Folkeregisteret, Represented
from dugnad.connectors.folkeregisteret.simulator import simulator

__all__ = ["Folkeregisteret", "Represented", "simulator"]
