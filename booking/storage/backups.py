"""A copy of the whole database in one file, made while people book, and put back whole or not at all.

SQLite by its online backup, PostgreSQL by its own programs. Imports SQLAlchemy, and psycopg's list of settings.
"""

from __future__ import annotations

import os
import secrets
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from psycopg.pq import Conninfo
from sqlalchemy import NullPool, create_engine, inspect, text
from sqlalchemy.engine import make_url

PRIVATE = 0o600
SQLITE, POSTGRESQL = b"SQLite format 3\0", b"PGDMP"
PATIENT, QUIET = "SET lock_timeout = '60s'", "SET client_min_messages = warning"
OUR_FUNCTIONS = text(
    "SELECT p.oid::regprocedure::text FROM pg_proc p WHERE p.pronamespace = current_schema()::regnamespace"
    " AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')"
)


class BackupFailed(RuntimeError):
    """No backup was made, or nothing was restored; the message is a sentence for the operator."""


class NotEmpty(BackupFailed):
    """There is something in the database that a restore would take the place of."""


def back_up(url: str, file: Path) -> None:
    """Copy the database as it is at one moment, what has been answered before included, into a new private file.

    The file has its name only when it is whole, checked and on disk. BackupFailed otherwise, and nothing is left.
    """
    if file.exists():
        raise BackupFailed(f"{file} is there already: nothing is written over a backup.")
    with _under_another_name(file) as unfinished:
        if _is_sqlite(url):
            _copy_sqlite(url, unfinished)
        else:
            _dump(url, unfinished)


def restore(url: str, file: Path, replace: bool) -> None:
    """Put a backup into an empty database; with `replace`, in the place of all that is in it, at once or not at all.

    NotEmpty without `replace`; BackupFailed where the file is no sound backup of this kind of database.
    """
    with file.open("rb") as opened:
        begins = opened.read(len(SQLITE))
    if not begins.startswith(SQLITE if _is_sqlite(url) else POSTGRESQL):
        kind = "SQLite" if _is_sqlite(url) else "PostgreSQL"
        raise BackupFailed(f"{file} is no backup of {kind}, which this installation runs on.")
    there = _what_is_there(url)
    if there and not replace:
        raise NotEmpty("There is something in the database.")
    if _is_sqlite(url):
        _restore_sqlite(url, file)
    else:
        _restore_postgresql(url, file, there)


def _is_sqlite(url: str) -> bool:
    return make_url(url).get_backend_name() == "sqlite"


@contextmanager
def _under_another_name(file: Path) -> Iterator[Path]:
    """A private file beside it, for as long as it is not whole; then it is on disk and gets its name."""
    unfinished = file.with_name(f".{file.name}.{secrets.token_hex(4)}.part")
    try:
        os.close(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE))
        yield unfinished
        _to_disk(unfinished)
        unfinished.rename(file)
        _to_disk(file.parent)
    except OSError as error:
        raise BackupFailed(f"{file} cannot be written: {error.strerror}.") from None
    finally:
        unfinished.unlink(missing_ok=True)


def _to_disk(path: Path) -> None:
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


# --- SQLite -----------------------------------------------------------------------------------


def _copy_sqlite(url: str, target: Path) -> None:
    source = Path(make_url(url).database or "").absolute()
    try:
        with closing(_opened(source, "mode=rw")) as reading, closing(sqlite3.connect(target)) as writing:
            reading.backup(writing)
            writing.execute("PRAGMA journal_mode = DELETE")  # so that one file is all there is
            _check(writing)
    except sqlite3.Error as error:
        raise BackupFailed(f"SQLite made no copy: {error.sqlite_errorname}.") from None


def _restore_sqlite(url: str, file: Path) -> None:
    target = Path(make_url(url).database or "")
    try:
        with closing(_opened(file.absolute(), "immutable=1")) as reading:
            ((size,),) = reading.execute(
                "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
            )
            if size != file.stat().st_size:  # SQLite itself takes a last page that was cut short
                raise sqlite3.DatabaseError
            _check(reading)
            with closing(sqlite3.connect(target)) as writing:
                writing.execute("PRAGMA secure_delete = ON")
                reading.backup(writing)
                _check(writing)
    except sqlite3.Error:
        raise BackupFailed(f"{file} is damaged: SQLite cannot read it.") from None


def _opened(path: Path, how: str) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.as_uri()}?{how}", uri=True)


def _check(connection: sqlite3.Connection) -> None:
    found = connection.execute("PRAGMA integrity_check(1)").fetchall()
    if found != [("ok",)] or connection.execute("PRAGMA foreign_key_check").fetchone():
        raise BackupFailed("SQLite finds the database damaged (PRAGMA integrity_check, foreign_key_check).")


# --- PostgreSQL -------------------------------------------------------------------------------


def _dump(url: str, target: Path) -> None:
    with target.open("wb") as writing:
        _run(url, "pg_dump", "--format=custom", "--no-owner", "--no-privileges", stdout=writing)
    _run(url, "pg_restore", "--file=/dev/null", str(target))  # reads all of it


def _restore_postgresql(url: str, file: Path, there: Sequence[str]) -> None:
    """One transaction of psql's, told to commit only once the whole file has been read: else it all stays as it was."""
    damaged = BackupFailed(f"{file} is damaged: pg_restore cannot read it.")
    try:
        listed = _run(url, "pg_restore", "--list", str(file)).decode()
    except BackupFailed:
        raise damaged from None
    first = [f"--command={statement}" for statement in (PATIENT, QUIET, "BEGIN", *there)]
    once = ("--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", *first, "--file=-")
    plain = ("--no-owner", "--no-privileges", "--use-list=/dev/stdin", "--file=-", str(file))
    with (
        _started(url, "psql", *once) as writing,
        _started(url, "pg_restore", *plain, stderr=subprocess.DEVNULL) as reading,
    ):
        assert reading.stdin
        assert reading.stdout
        assert writing.stdin
        with suppress(BrokenPipeError):  # it has ended, which is seen below
            reading.stdin.write(_without_comments_on_extensions(listed).encode())
            reading.stdin.close()
        with suppress(BrokenPipeError):  # psql has ended, and says why
            shutil.copyfileobj(reading.stdout, writing.stdin)
            if reading.wait() != 0:
                raise damaged
            writing.stdin.write(b"COMMIT;\n")
        reading.stdout.close()
        _ended(writing, "psql")


def _without_comments_on_extensions(listed: str) -> str:
    """Only who owns an extension may comment it, and it may have been put there for us."""
    return "\n".join(line for line in listed.splitlines() if " COMMENT - EXTENSION " not in line)


def _what_is_there(url: str) -> list[str]:
    """What would take all away that stands in the database, statement by statement; none where it is empty."""
    engine = create_engine(url, poolclass=NullPool)
    quote = engine.dialect.identifier_preparer.quote
    with engine.connect() as connection:
        tables = [f"DROP TABLE {quote(each)} CASCADE" for each in inspect(connection).get_table_names()]
        if engine.dialect.name == "sqlite":
            return tables
        return tables + [f"DROP FUNCTION {each} CASCADE" for each in connection.scalars(OUR_FUNCTIONS)]


def _run(url: str, program: str, *words: str, stdout: Any = subprocess.PIPE) -> bytes:
    with _started(url, program, *words, stdout=stdout) as process:
        return _ended(process, program)


def _ended(process: subprocess.Popen[bytes], program: str) -> bytes:
    """What it wrote; BackupFailed with what it says of itself. What follows on that would quote rows."""
    written, said = process.communicate()
    if process.returncode:
        lines = [line for line in said.decode(errors="replace").splitlines() if line.startswith(program)]
        raise BackupFailed(" ".join(lines[:3]) or f"{program} ended with {process.returncode}.")
    return written or b""


def _started(
    url: str, program: str, *words: str, stdout: Any = subprocess.PIPE, stderr: int = subprocess.PIPE
) -> subprocess.Popen[bytes]:
    path = shutil.which(program)
    if path is None:
        raise BackupFailed(
            f"{program} is not here: install PostgreSQL's client programs, not older than the server."
        )
    return subprocess.Popen(  # noqa: S603  (a list of words, no shell)
        [path, *words], stdin=subprocess.PIPE, stdout=stdout, stderr=stderr, env=_environment(url)
    )


def _environment(url: str) -> Mapping[str, str]:
    """How PostgreSQL's programs find the database: never by words that other users of the machine can read.

    Nothing of ours is handed on, least of all the keys.
    """
    address = make_url(url)
    given = address.get_dialect()().create_connect_args(address)[1]
    names = {each.keyword.decode(): each.envvar for each in Conninfo.get_defaults()}
    if unknown := sorted(key for key in given if not names.get(key)):
        raise BackupFailed(
            f"PostgreSQL's programs take no {', '.join(unknown)}: leave it out of the address."
        )
    ours = {key: value for key, value in os.environ.items() if not key.startswith("SAMLOKAL_")}
    return ours | {str(names[key].decode()): str(value) for key, value in given.items()}  # type: ignore[union-attr]
