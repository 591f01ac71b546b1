"""Accessible page components and languages."""
