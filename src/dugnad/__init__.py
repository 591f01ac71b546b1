"""Dugnad: public services built once, shared by every municipality and the state."""
