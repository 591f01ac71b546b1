"""One value by column: its SQL, and what must be known to mean the same as the exact evaluator."""
