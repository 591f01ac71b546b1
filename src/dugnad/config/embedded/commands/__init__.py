"""The subcommands of `dugnad` that have to do with running it."""
