"""What crosses modules: one flow per file."""
