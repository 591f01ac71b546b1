"""Load, check, version, adopt, tailor and upgrade services."""
