"""Databases of every size that is asked for: one is filled, and as it reaches a size, a copy of it stays behind.

Imports the application and tests.support. All of them are on disk, and answer for what they committed: SQLite as the
application sets it up, PostgreSQL with fsync.
"""

import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Protocol, cast

import psycopg
from flask import Flask

from benchmarks.filling import Filling
from benchmarks.plans import DAYS_AHEAD
from benchmarks.rounds import say
from booking import create_app
from booking.config import read_settings
from booking.storage.database import db, migrate
from tests.support.postgres import Cluster

KEYS = "demo-keys.json"


class Store(Protocol):
    """Where databases of one kind are kept."""

    def make(self, folder: Path) -> str:
        """The URL of a new database with nothing in it."""

    def copy(self, url: str, folder: Path) -> str:
        """The URL of a copy of a database that nobody has open."""

    def committing(self, folder: Path) -> Callable[[], object]:
        """What writes one row and commits it, in a database of its own."""

    def size(self, url: str) -> int:
        """How many bytes a database takes."""


class Sqlite:
    """Files."""

    def make(self, folder: Path) -> str:
        return f"sqlite:///{folder / 'samlokal.sqlite3'}"

    def copy(self, url: str, folder: Path) -> str:
        made = self.make(folder)
        shutil.copyfile(_path(url), _path(made))
        return made

    def committing(self, folder: Path) -> Callable[[], object]:
        connection = sqlite3.connect(
            folder / "commits.sqlite3", isolation_level=None, check_same_thread=False
        )
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("CREATE TABLE plain (number INTEGER PRIMARY KEY, words TEXT)")
        return lambda: connection.execute("INSERT INTO plain (words) VALUES ('hello')")

    def size(self, url: str) -> int:
        return _path(url).stat().st_size


class Postgres:
    """Databases in a cluster of their own."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster

    def make(self, folder: Path) -> str:
        return self._cluster.create_database(folder.name)

    def copy(self, url: str, folder: Path) -> str:
        return self._cluster.create_database(folder.name, template=_name(url))

    def committing(self, folder: Path) -> Callable[[], object]:
        made = self._cluster.create_database("commits").replace("+psycopg", "")
        connection = psycopg.connect(made, autocommit=True)
        connection.execute("CREATE TABLE plain (number SERIAL PRIMARY KEY, words TEXT)")
        return lambda: connection.execute("INSERT INTO plain (words) VALUES ('hello')")

    def size(self, url: str) -> int:
        with psycopg.connect(url.replace("+psycopg", "")) as connection:
            row = connection.execute("SELECT pg_database_size(current_database())").fetchone()
            assert row is not None
            return cast(int, row[0])


def application(folder: Path, url: str) -> Flask:
    """The application as its server runs it, with the keys of that folder."""
    given = {"SAMLOKAL_DEMO": "1", "SAMLOKAL_INSTANCE": str(folder), "SAMLOKAL_DATABASE_URL": url}
    return create_app(read_settings(given))


@contextmanager
def store(kind: str) -> Iterator[Store]:
    """The store of a kind of database, for the length of the block."""
    if kind == "sqlite":
        yield Sqlite()
    else:
        with Cluster(durable=True) as cluster:
            yield Postgres(cluster)


def filled(
    kept: Store,
    folder: Path,
    sizes: Sequence[int],
    now: datetime,
    days: int = DAYS_AHEAD,
) -> dict[int, tuple[Path, str]]:
    """For each size a folder for its server and the URL of its database; booked for `days` ahead."""
    found: dict[int, tuple[Path, str]] = {}
    for size in sorted(sizes):
        (folder / f"stored{size}").mkdir()
    growing = folder / f"stored{max(sizes)}"
    url = kept.make(growing)
    with application(growing, url).app_context():
        migrate(url)
        filling = Filling(now, days)
        for size in sorted(sizes):
            say(f"filling: {size:,} bookings")
            filling.grow(size)
            db.session.remove()
            db.engine.dispose()
            home = folder / f"stored{size}"
            if home != growing:
                shutil.copyfile(growing / KEYS, home / KEYS)
            found[size] = home, url if home == growing else kept.copy(url, home)
    return found


def _path(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


def _name(url: str) -> str:
    return url.partition("?")[0].rpartition("/")[2]
