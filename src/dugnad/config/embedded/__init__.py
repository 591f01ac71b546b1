"""What `make run` and `make test` start for themselves: PostgreSQL, the processes, a browser."""
