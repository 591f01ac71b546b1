"""Everyone at once, by column: FEEL compiled to one SQL statement for DuckDB, PostgreSQL or Spark.

This finds what a population would get; it decides nobody. Where a column could part from the exact evaluator,
the row is marked and goes to it.

    columns = compile_service(Asked(rules, on, patches), DUCKDB)   # raises NotCompiled: see reasons(rules)
    for name, create in columns.layout.tables(DUCKDB).items(): …   # the relations it reads
    columns.sql                                                    # the statement; its columns are RESULT

A sweep for offers asks with `everyone=False`: most people have no child to decide for, and are left out early.

Numbers are whole numbers over denominators known beforehand, not floats and not decimals: `cells/number.py`.
"""

from dugnad.rulebook.columns.cells.target import DUCKDB, POSTGRES, SPARK, TARGETS, Target
from dugnad.rulebook.columns.relations import Layout
from dugnad.rulebook.columns.service.compiling import WANTED, Asked, NotCompiled
from dugnad.rulebook.columns.service.findings import reasons
from dugnad.rulebook.columns.service.statement import RESULT, ServiceColumns, compile_service

__all__ = [
    "DUCKDB",
    "POSTGRES",
    "RESULT",
    "SPARK",
    "TARGETS",
    "WANTED",
    "Asked",
    "Layout",
    "NotCompiled",
    "ServiceColumns",
    "Target",
    "compile_service",
    "reasons",
]
