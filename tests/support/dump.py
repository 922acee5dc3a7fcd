"""All the bytes of a database, as somebody who carried off the machine's disk would have them.

Imports SQLAlchemy and psycopg.
"""

from pathlib import Path
from typing import Any

from sqlalchemy import Column, MetaData, NullPool, Table, create_engine, select, text


def bytes_on_disk(url: str) -> bytes:
    """Every file of the database: before and after what is still in its log has been written out."""
    if url.startswith("sqlite"):
        path = Path(url.removeprefix("sqlite:///"))
        before = _read(path.parent.glob(path.name + "*"))
        _execute(url, "PRAGMA wal_checkpoint(TRUNCATE)")
        return before + _read(path.parent.glob(path.name + "*"))
    _execute(url, "CHECKPOINT")
    folder = Path(_execute(url, "SHOW data_directory"))  # its log of statements and errors stands beside it
    return _read(each for each in folder.parent.rglob("*") if each.is_file())


def rows_by_table(url: str) -> dict[str, list[str]]:
    """Every row of every table, as a dump writes it, but for how often there was any writing."""
    engine = create_engine(url, poolclass=NullPool)
    found = MetaData()
    with engine.connect() as connection:
        found.reflect(connection)
        return {
            name: sorted(repr(tuple(row)) for row in connection.execute(select(*_told(table))))
            for name, table in found.tables.items()
        }


def done_by_table(url: str) -> dict[str, list[str]]:
    """The same without what is only noted of refusals."""
    found = rows_by_table(url)
    return found | {
        "journal": [
            row for row in found["journal"] if not any(each in row for each in (":deny'", ":refuse'"))
        ]
    }


def _told(table: Table) -> list[Column[Any]]:
    return [column for column in table.columns if column.name != "written"]


def _read(paths: object) -> bytes:
    return b"".join(path.read_bytes() for path in paths)  # type: ignore[attr-defined]


def _execute(url: str, statement: str) -> str:
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        result = connection.execute(text(statement))
        return str(result.scalar()) if result.returns_rows else ""
