"""Write the log, and seal it into a chain.

Writers only insert. A sealer (the worker, once a second) takes the rows of all finished transactions in a fixed order and
writes one block: the digest over those rows and the block before. So no writer ever waits for another one's commit, and a
row changed, removed or slipped in afterwards breaks the chain. See docs/adr/0004-audit-chain.md.
"""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime

import orjson
from django.db import connection, transaction

from dugnad.audit.models import Block, Entry
from dugnad.audit.types import Record, Verdict
from dugnad.shared.actor import Actor
from dugnad.shared.postgres import later
from dugnad.tenancy.commands import Row, at_end_of_scope

_INSERT = """INSERT INTO audit_entry (at, action, is_look, actor, actor_name, organisation_id, service, person_id,
                                      case_id, purpose, detail)
             SELECT * FROM unnest(%s::timestamptz[], %s::text[], %s::boolean[], %s::text[], %s::text[], %s::uuid[],
                                  %s::text[], %s::uuid[], %s::uuid[], %s::text[], %s::jsonb[])"""
_SEAL_LOCK = 7_110_001
BLOCK_ENTRIES = 10_000
GENESIS = "0" * 64


def record(*records: Record, by: Actor, at: datetime) -> None:
    """Write rows in the current transaction (at the end of its scope, where it has one)."""
    at_end_of_scope(
        _write,
        [
            (
                at,
                row.action,
                row.is_look,
                by.label(),
                row.actor_name,
                row.organisation_id,
                row.service,
                row.person_id,
                row.case_id,
                row.purpose,
                orjson.dumps(dict(row.detail)).decode(),
            )
            for row in records
        ],
    )


def _write(rows: list[Row]) -> None:
    """Insert rows in one statement. No RETURNING: a writer need not be allowed to read the row."""
    if not rows:  # a register that was away looked nobody up
        return
    later(_INSERT, [list(column) for column in zip(*rows, strict=True)])


def seal(*, at: datetime) -> int:
    """Seal what is finished and not yet sealed (one block at most); returns how many rows. Run as the worker."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_try_advisory_xact_lock(%s), pg_snapshot_xmin(pg_current_snapshot())::text::bigint",
            [_SEAL_LOCK],
        )
        alone, end = cursor.fetchone()
        if not alone:
            return 0
        last = Block.objects.order_by("-number").first()
        first = last.end_transaction if last else 0
        rows = list(_rows(first, end)[: BLOCK_ENTRIES + 1])
        if len(rows) > BLOCK_ENTRIES:
            end = rows[-1].transaction  # a transaction is never split between blocks
            rows = [row for row in rows if row.transaction < end] or list(_rows(first, end + 1))
        if not rows:
            return 0
        end = max(end, rows[-1].transaction + 1)
        previous = last.digest if last else GENESIS
        number = last.number + 1 if last else 1
        Block.objects.create(
            number=number,
            first_transaction=first,
            end_transaction=end,
            entries=len(rows),
            previous=previous,
            digest=_digest(number, first, end, previous, rows),
            sealed_at=at,
        )
    return len(rows)


def verify() -> Verdict:
    """Recompute the whole chain, block by block. Run as the worker, who may read every row."""
    previous, expected_first, sealed, blocks = GENESIS, 0, 0, 0
    for block in Block.objects.order_by("number").iterator(chunk_size=200):
        blocks += 1
        rows = list(_rows(block.first_transaction, block.end_transaction))
        reason = ""
        if block.number != blocks or block.first_transaction != expected_first:
            reason = "a block is missing"
        elif block.previous != previous:
            reason = "the block does not follow the one before"
        elif len(rows) != block.entries:
            reason = f"the block sealed {block.entries} rows, there are {len(rows)}"
        elif block.digest != _digest(
            block.number, block.first_transaction, block.end_transaction, previous, rows
        ):
            reason = "a row was changed"
        if reason:
            return Verdict(blocks, sealed, 0, blocks, reason)
        previous, expected_first, sealed = block.digest, block.end_transaction, sealed + len(rows)
    return Verdict(blocks, sealed, Entry.objects.filter(transaction__gte=expected_first).count(), None)


def _rows(first: int, end: int):  # type: ignore[no-untyped-def]  # noqa: ANN202 - a Django query set of Entry
    return Entry.objects.filter(transaction__gte=first, transaction__lt=end).order_by(
        "transaction", "position"
    )


def _digest(number: int, first: int, end: int, previous: str, rows: Iterable[Entry]) -> str:
    sha = hashlib.sha256(f"{number} {first} {end} {previous}\n".encode())
    for row in rows:
        sha.update(orjson.dumps(_canonical(row), option=orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE))
    return sha.hexdigest()


def _canonical(row: Entry) -> list[object]:
    return [
        row.position,
        row.transaction,
        row.at.astimezone(UTC).isoformat(),
        row.written_at.astimezone(UTC).isoformat(),
        row.action,
        row.is_look,
        row.actor,
        row.actor_name,
        str(row.organisation_id or ""),
        row.service,
        str(row.person_id or ""),
        str(row.case_id or ""),
        row.purpose,
        row.detail,
    ]
