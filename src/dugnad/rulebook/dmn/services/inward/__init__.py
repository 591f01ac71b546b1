"""From a DMN model to a service."""
