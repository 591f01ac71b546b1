"""Everyone at once, by column: FEEL compiled to one SQL statement for DuckDB, PostgreSQL or Spark.

This finds what a population would get; it decides nobody. Where a column could part from the exact evaluator,
the row is marked and goes to it.
"""
