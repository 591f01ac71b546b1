"""Skattegrunnlaget: the income of the last tax assessment, from Skatteetaten."""

from dugnad.connectors.skattegrunnlaget.client import Skattegrunnlaget
from dugnad.connectors.skattegrunnlaget.simulator import simulator

__all__ = ["Skattegrunnlaget", "simulator"]
