"""Events and sweeps become offers."""
