"""`dugnad rules`: look at a service's rules, run them, ask why, compare two versions."""
