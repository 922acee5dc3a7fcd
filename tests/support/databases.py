"""Databases for tests: one is made and filled for each kind, every test gets a copy of it.

Imports the application, and tests.support.postgres.
"""

import itertools
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import LiteralString, Protocol, cast

import psycopg
from sqlalchemy import Integer

from booking import demo
from booking.actions import operating
from booking.storage import places, tables
from booking.storage.database import migrate
from tests.cast import MORNING
from tests.support.house import house_on
from tests.support.postgres import Cluster

MEMORY = Path("/dev/shm")
ROOM = 256 * 1024 * 1024  # bytes, many times what the databases of a run hold at once
KINDS = ("sqlite", "postgresql")
TABLES = (*tables.metadata.tables, "alembic_version")
NUMBERED = [
    name
    for name, table in tables.metadata.tables.items()
    if "id" in table.c and isinstance(table.c.id.type, Integer)
]
KEPT = "as_filled"
KEEP = f"CREATE TABLE {KEPT}.{{table}} AS TABLE public.{{table}}"
REFILL = f"DELETE FROM {{table}}; INSERT INTO {{table}} TABLE {KEPT}.{{table}}"
RESTART = (
    "SELECT setval(pg_get_serial_sequence('{table}', 'id'),"
    " (SELECT COALESCE(MAX(id), 0) + 1 FROM {table}), false)"
)


@contextmanager
def unhurried() -> Iterator[Path]:
    """A folder that is gone afterwards; in memory where there is room.

    SQLite waits for the disk at every commit, and here no database has to be there after a power cut: most of the
    time of a test that writes would be that.
    """
    in_memory = MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM
    with TemporaryDirectory(prefix="samlokal-", dir=MEMORY if in_memory else None) as folder:
        yield Path(folder)


class Databases(Protocol):
    """Where copies of a filled database come from."""

    def empty(self) -> str:
        """The URL of a new database with nothing in it."""

    def copy(self) -> str:
        """The URL of a new copy."""

    def remove(self, url: str) -> None:
        """Remove a copy that nobody uses any more."""


class SqliteFiles:
    """Copies of a database file; the name of one that came back is used again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = itertools.count()
        self._idle: list[str] = []
        fill(f"sqlite:///{folder / 'template'}", folder)

    def empty(self) -> str:
        return f"sqlite:///{self._folder}/copy-{next(self._numbers)}"

    def copy(self) -> str:
        url = self._idle.pop() if self._idle else self.empty()
        shutil.copyfile(self._folder / "template", url.removeprefix("sqlite:///"))
        return url

    def remove(self, url: str) -> None:
        path = Path(url.removeprefix("sqlite:///"))
        for each in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
            each.unlink(missing_ok=True)
        self._idle.append(url)


class PostgresDatabases:
    """Databases in a cluster. To copy one takes long, so one that came back is emptied and filled again."""

    def __init__(self, cluster: Cluster, folder: Path) -> None:
        self._cluster = cluster
        self._numbers = itertools.count()
        self._idle: list[str] = []
        self._empty: set[str] = set()
        template = cluster.create_database("template")
        fill(template, folder)
        self._run(template, *(f"CREATE SCHEMA {KEPT}", *(KEEP.format(table=each) for each in TABLES)))

    def empty(self) -> str:
        url = self._cluster.create_database(f"empty{next(self._numbers)}")
        self._empty.add(url)
        return url

    def copy(self) -> str:
        if self._idle:
            return self._idle.pop()
        return self._cluster.create_database(f"copy{next(self._numbers)}", template="template")

    def remove(self, url: str) -> None:
        if url in self._empty:
            self._cluster.drop_database(url.partition("?")[0].rpartition("/")[2])
            return
        self._run(
            url,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()",
            "SET session_replication_role = replica",  # no foreign key is checked while tables are refilled
            *(REFILL.format(table=each) for each in TABLES),
            *(RESTART.format(table=each) for each in NUMBERED),
        )
        self._idle.append(url)

    def _run(self, url: str, *statements: str) -> None:
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute(cast(LiteralString, "; ".join(statements)))


def fill(url: str, folder: Path) -> None:
    """Migrate an empty database, and put the premises at Sergels torg and the demo's people into it."""
    migrate(url)
    yesterday = MORNING - timedelta(days=1)
    with house_on(url, folder) as house, house.inside():
        operating.load_premises(demo.definition(), yesterday)
        place = places.find(demo.PREMISES)
        assert place is not None
        demo.add_people(place, yesterday)


@contextmanager
def lent(databases: Databases) -> Iterator[str]:
    """A copy for the length of the block."""
    url = databases.copy()
    try:
        yield url
    finally:
        databases.remove(url)
