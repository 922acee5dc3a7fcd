"""Every row of every table, to be carried elsewhere in an open format. Imports the tables.

Nothing is opened: what is sealed stays the box it is. What signs people in is left out, hashes of secrets included.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlalchemy import Column, Table, select

from booking.storage.database import db, rest, run
from booking.storage.tables import metadata

SIGNING_IN = frozenset(
    {
        "authenticators",
        "challenges",
        "idempotency_keys",
        "one_time_links",
        "passkeys",
        "recovery_codes",
        "sessions",
        "sign_in_attempts",
    }
)
AT_ONCE = 1000

Value = str | int | bool | None
Row = Mapping[str, Value]


def exported() -> list[Table]:
    """The tables that are exported, those first that others refer to."""
    return [each for each in metadata.sorted_tables if each.name not in SIGNING_IN]


def columns(table: Table) -> list[Column[object]]:
    """The columns that are exported of a table."""
    return [each for each in table.c if not each.name.endswith("_hash")]


def rows_by_table() -> Iterator[tuple[str, Iterator[Row]]]:
    """The name of each table with its rows by key, all as they were at one moment; times are ISO 8601 in UTC."""
    rest()
    if db.engine.dialect.name != "sqlite":  # whose readers see one moment anyway
        db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    for table in exported():
        yield table.name, _rows(table)
    rest()


def _rows(table: Table) -> Iterator[Row]:
    query = select(*columns(table)).order_by(*table.primary_key.columns)
    for row in run(query.execution_options(yield_per=AT_ONCE)).mappings():
        yield {name: _plain(value) for name, value in row.items()}


def _plain(value: object) -> Value:
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    assert value is None or isinstance(value, str | int)
    return value
