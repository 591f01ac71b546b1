"""The `dugnad` command."""
