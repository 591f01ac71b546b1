"""A simulator of ID-porten: the same protocol and endpoints, synthetic persons, no real login."""
