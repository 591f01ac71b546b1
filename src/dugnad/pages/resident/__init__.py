"""Pages: resident."""
