"""Pure Python: FEEL, decision tables, dated rates, explanation."""
