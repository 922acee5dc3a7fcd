"""The connection, and the only transaction. Imports SQLAlchemy and Flask-SQLAlchemy.

SQLite runs in WAL with `synchronous = FULL`: in WAL, NORMAL may lose the last commits in a power cut,
and a booking that was answered 201 must be there after one. Writes take the premises' lock before they
read: BEGIN IMMEDIATE on SQLite, the premises' row on PostgreSQL, whose exclusion constraint alone lets
racing writers deadlock for seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from enum import Enum, auto
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, Executable, event, select, update
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, SQLAlchemyError
from sqlalchemy.pool import QueuePool

from booking.storage import tables

BUSY_TIMEOUT_MS = 30_000
SETTLING_TIMEOUT_MS = 500  # nobody who books waits longer for it
GUARD = "claims_guard"
CONNECT_TIMEOUT_SECONDS = 5
# What has nothing to do with what was asked: by PostgreSQL's classes of SQLSTATE (no connection, rolled back for
# another's sake, no room, a lock, stopped by its operator, the system's own failure, a standby) and SQLite's results.
SQLITES = ("BUSY", "LOCKED", "FULL", "IOERR", "CANTOPEN", "READONLY", "NOMEM", "PROTOCOL")
PASSING = ("08", "40", "53", "55P03", "57", "58", "XX000", "25006", *(f"SQLITE_{why}" for why in SQLITES))
WRITING: dict[str, dict[str, Any]] = {
    "sqlite": {"writing": True},
    "postgresql": {"isolation_level": "READ COMMITTED"},
}
MIGRATIONS = Path(__file__).parent / "migrations"

db = SQLAlchemy(metadata=tables.metadata)


class GuardRefused(Exception):
    """The database's own guard refused a claim: the rule above it let something through, or was raced."""


class DatabaseFailed(RuntimeError):
    """The database did not do what it was told; the message is a constant, with the standard's code for why."""


class DatabaseRefused(DatabaseFailed):
    """The database refused a value: a constraint, or a log that is only added to."""


class DatabaseUnavailable(DatabaseFailed):
    """The database is gone, full, locked or failing by itself: what was asked may do once that has passed."""


class NotMigrated(RuntimeError):
    """The database is of another age than the program."""


def engine_options(url: str) -> dict[str, Any]:
    """How to connect; PostgreSQL sessions speak UTC and never log bound values in errors.

    What only reads has no transaction there: each statement sees what is committed, with one or without, and each
    would cost two more ways to the server and back.
    """
    if make_url(url).get_backend_name() == "sqlite":
        return {
            "poolclass": QueuePool,
            "pool_size": 8,
            "hide_parameters": True,
            "connect_args": {"timeout": 30},
        }
    return {
        "pool_size": 8,
        "pool_pre_ping": True,
        "isolation_level": "AUTOCOMMIT",
        "hide_parameters": True,
        "connect_args": {"options": "-c timezone=UTC", "connect_timeout": CONNECT_TIMEOUT_SECONDS},
    }


def prepare(engine: Engine) -> None:
    """Set each new SQLite connection up; the driver's own transactions are turned off for ours."""
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "secure_delete = ON"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        writing = connection.get_execution_options().get("writing", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


class Touches(Enum):
    """What a transaction may change of what anybody is shown; whoever says nothing is taken to change it all."""

    ALL = auto()
    BOOKINGS = auto()  # those of the premises that are named: all others go on unhindered
    NOTHING = auto()  # of boards and calendars: sessions, limits, letters, who read what


@contextmanager
def transaction(*premises: int, touches: Touches = Touches.ALL) -> Iterator[None]:
    """One unit of writing: commits at its end, rolls back on any error, holds the lock of each premises named.

    Everything read inside is read under the lock. Never nested: what was read before it is forgotten. What it
    touches has another age afterwards (`booking.storage.places.Place.age`). GuardRefused when the guard on claims
    refuses.
    """
    db.session.rollback()
    try:
        db.session.connection(execution_options=WRITING[db.engine.dialect.name])
        _lock(premises)
        yield
        if touches is Touches.ALL:
            run(update(tables.register).values(written=tables.register.c.written + 1))
        db.session.commit()
    except DBAPIError as error:
        db.session.rollback()
        raise _constant(error) from None
    except BaseException:
        db.session.rollback()
        raise


def note(write: Callable[[], None]) -> None:
    """Write what is only noted of looking, if that is possible: a database that cannot now stops nobody who looks."""
    with suppress(DatabaseUnavailable), transaction(touches=Touches.NOTHING):
        write()


def _lock(premises: Sequence[int]) -> None:
    """Take the rows of some premises, in one order for all, and let them be of another age."""
    named = tables.premises.c.id.in_(sorted(premises))
    if len(premises) > 1:
        run(select(tables.premises.c.id).where(named).order_by(tables.premises.c.id).with_for_update())
    if premises:
        run(update(tables.premises).where(named).values(written=tables.premises.c.written + 1))


def rest() -> None:
    """End the reading that stands, so that nothing is held, or remembered, while something else is waited for."""
    db.session.rollback()


def settle() -> None:
    """Write out and empty the log in which SQLite still keeps what was destroyed; while others read, in part."""
    if db.engine.dialect.name != "sqlite":
        return
    rest()
    connection = db.engine.raw_connection()
    try:
        connection.execute(f"PRAGMA busy_timeout = {SETTLING_TIMEOUT_MS}")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    finally:
        connection.close()


def run(statement: Executable, parameters: Any = None) -> Any:
    """Execute a statement in the session's present transaction; the rows of Core tables have no static type."""
    try:
        return db.session.execute(statement, parameters)
    except DBAPIError as error:
        raise _constant(error) from None


def _constant(error: DBAPIError) -> Exception:
    """The database's error without its text, which may quote what it was given."""
    if GUARD in str(error.orig):
        return GuardRefused()
    state = getattr(error.orig, "sqlstate", None) or getattr(error.orig, "sqlite_errorname", None)
    return _kind(error, state)(f"{type(error).__name__} {state or ''}".strip())


def _kind(error: DBAPIError, state: str | None) -> type[DatabaseFailed]:
    if isinstance(error, IntegrityError):
        return DatabaseRefused
    lost = error.connection_invalidated or (state is None and isinstance(error, OperationalError))
    return DatabaseUnavailable if lost or (state or "").startswith(PASSING) else DatabaseFailed


def _alembic(url: str) -> AlembicConfig:
    config = AlembicConfig()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = url
    return config


def migrate(url: str, revision: str = "head") -> None:
    """Bring the schema to a revision, from nothing or from any earlier one; NotMigrated where it is a newer one."""
    try:
        command.upgrade(_alembic(url), revision)
    except CommandError:
        raise NotMigrated(_newer("database", revisions()[-1])) from None


def revisions() -> list[str]:
    """Every schema there has been, the first one first, this program's last."""
    script = ScriptDirectory.from_config(_alembic(""))
    return [each.revision for each in reversed(list(script.walk_revisions()))]


def revision() -> str | None:
    """The schema that the database has; None where there is none."""
    return MigrationContext.configure(db.session.connection()).get_current_revision()


def check_schema() -> None:
    """NotMigrated unless the schema is exactly this program's; the message says what to do."""
    found, known = revision(), revisions()
    if found is None:
        raise NotMigrated("There is nothing in the database yet: run `flask --app wsgi init`.")
    if found not in known:
        raise NotMigrated(_newer("database", known[-1]))
    if found != known[-1]:
        raise NotMigrated(
            f"The database has the schema {found} and the program needs {known[-1]}: "
            "make a backup, then run `flask --app wsgi init`."
        )


def connections_in_use() -> int:
    """How many connections of this process's pool are lent out now."""
    pool = db.engine.pool
    return pool.checkedout() if isinstance(pool, QueuePool) else 0


def _newer(what: str, known: str) -> str:
    return (
        f"The {what} has a schema that this program, which knows them up to {known}, does not know: "
        "install the newer program again, or restore a backup from before it."
    )


def check_start() -> None:
    """Check the schema once, as a server starts. A database that does not answer yet is left to `is_ready`."""
    try:
        check_schema()
    except SQLAlchemyError:
        return
    finally:
        db.session.remove()
        db.engine.dispose()  # a server that forks shares no connection with its children


def is_ready() -> bool:
    """Whether the database is reachable and its schema is exactly this program's."""
    try:
        check_schema()
    except (SQLAlchemyError, NotMigrated):
        return False
    return True
