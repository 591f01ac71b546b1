"""Organisations and row-level security."""
