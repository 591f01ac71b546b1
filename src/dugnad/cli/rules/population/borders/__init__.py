"""The borders of the 357 municipalities of 2024, drawn small: one SVG path each, in one coordinate system."""
