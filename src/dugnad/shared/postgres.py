"""Database expressions that more than one module needs."""

from django.db import models
from django.db.models import expressions


class CurrentTransaction(expressions.Func):
    """PostgreSQL's 64-bit id of the running transaction, which never wraps around.

    All transactions below `pg_snapshot_xmin(pg_current_snapshot())` are finished: rows of those transactions can be
    read in a fixed order, and none can appear among them later.
    """

    function = "pg_current_xact_id"
    template = "(%(function)s()::text::bigint)"
    output_field = models.BigIntegerField()
