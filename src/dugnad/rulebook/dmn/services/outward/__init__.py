"""From a service to a DMN model."""
