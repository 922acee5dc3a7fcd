"""How the database itself is set up and reached, for whoever examines an installation. Imports the connection.

Nothing here reads a table of ours, and no address or password is handed out.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from sqlalchemy import URL, text

from booking.storage.database import db, run
from booking.storage.post import HERE


def is_postgresql() -> bool:
    """Whether it is PostgreSQL; else it is SQLite."""
    return db.engine.dialect.name == "postgresql"


def is_elsewhere() -> bool:
    """Whether it is reached over a network, not by a socket or on this machine."""
    host = _option("host") or db.engine.url.host or ""
    return host not in ("", *HERE) and not host.startswith(("/", "@"))  # a folder, or a name, is a socket's


def is_encrypted() -> bool:
    """Whether this connection to PostgreSQL is encrypted."""
    return bool(run(text("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")).scalar())


def is_certain() -> bool:
    """Whether the address demands that PostgreSQL's certificate holds and names it."""
    return _option("sslmode") == "verify-full"


def is_superuser() -> bool:
    """Whether the program's own role may do everything in PostgreSQL."""
    return bool(run(text("SELECT current_setting('is_superuser') = 'on'")).scalar())


def server_settings() -> Mapping[str, str]:
    """PostgreSQL's settings as they hold for this connection, by name."""
    return {row.name: row.setting for row in run(text("SELECT name, setting FROM pg_settings"))}


def server_clock() -> datetime:
    """What time it is on PostgreSQL's machine, aware."""
    found: datetime = run(text("SELECT clock_timestamp()")).scalar_one()
    return found


def pragmas() -> tuple[str, int]:
    """SQLite's journal mode, and how much it waits for the disk: 2 is FULL."""
    mode: str = run(text("PRAGMA journal_mode")).scalar_one()
    synchronous: int = run(text("PRAGMA synchronous")).scalar_one()
    return mode, synchronous


def files() -> list[Path]:
    """The files that SQLite's database consists of just now."""
    main = Path(db.engine.url.database or "")
    return [
        each
        for each in (main, *(main.with_name(main.name + end) for end in ("-wal", "-shm")))
        if each.exists()
    ]


def _option(name: str) -> str:
    url: URL = db.engine.url
    found = url.query.get(name, "")
    return found if isinstance(found, str) else found[0]
