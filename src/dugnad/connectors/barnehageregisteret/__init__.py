"""Barnehageregisteret: who has a place in which kindergarten. Our own interface, see simulator.py."""

from dugnad.connectors.barnehageregisteret.client import Barnehageregisteret
from dugnad.connectors.barnehageregisteret.simulator import simulator

__all__ = ["Barnehageregisteret", "simulator"]
