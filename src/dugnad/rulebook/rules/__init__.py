"""A service's rules: read, compiled, explained. `rulebook.ruleset` decides with them."""
