"""A PostgreSQL cluster of the tests' own, made in a temporary folder and gone when they end.

It listens on a socket in that folder alone, so no port is taken. Imports tests.support's install and processes.
"""

import atexit
import contextlib
import os
import select
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any, Self

import psycopg
from psycopg import sql

from tests.support.install import POSTGRES, missing, postgres_folder
from tests.support.processes import children, limit_files

OWNER = "samlokal"
# What a throw-away database need not do: survive a power cut.
HASTY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0777",  # the folder around it is closed
    "max_connections": "200",
    "shared_buffers": "64MB",
    "timezone": "UTC",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    # As docs/operation.md has it: the server's log never quotes what a statement was given.
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}


class Cluster:
    """One server with its own folder; `durable=True` keeps fsync and synchronous_commit on, to be killed."""

    def __init__(self, *, durable: bool = False, segments_mb: int = 16) -> None:
        """`segments_mb` is how large the files of its log are."""
        self._segments_mb = segments_mb
        self._settings = {**SETTINGS, **({} if durable else HASTY)}
        self._server: subprocess.Popen[bytes] | None = None
        self._guardian: subprocess.Popen[bytes] | None = None
        self._folder: Path | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Make the cluster and wait until it answers. Without PostgreSQL the test skips, or fails in CI."""
        self._programs = postgres_folder() or missing(POSTGRES)
        # Not under TMPDIR: a socket's path holds 107 bytes at most.
        self._folder = Path(tempfile.mkdtemp(prefix="samlokal-", dir="/tmp"))
        atexit.register(self.stop)
        if self._user:
            shutil.chown(self._folder, self._user["user"], self._user["group"])
        self._initdb()
        self._serve()

    def stop(self) -> None:
        """End the server at once and remove its folder; harmless when already stopped."""
        atexit.unregister(self.stop)
        self._end(signal.SIGQUIT)
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    def halt(self) -> None:
        """End the server in good order, and leave its folder for restart()."""
        self._end(signal.SIGINT)

    def restart(self) -> None:
        """Start again on the same folder, after kill() or halt() or while it runs, and wait until it answers."""
        self._end(signal.SIGINT)
        self._serve()

    def kill(self) -> None:
        """SIGKILL the server and all its children, as a power cut would; wait for their end. Linux only."""
        assert self._server, "the cluster is not running"
        os.kill(self._server.pid, signal.SIGSTOP)  # so that it starts no more children while they are counted
        handles = [os.pidfd_open(pid) for pid in children(self._server.pid)]
        self._server.kill()
        for child in handles:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(child, signal.SIGKILL)
        self._server.wait()
        for child in handles:
            select.select([child], [], [])  # readable once the process has ended
            os.close(child)
        self._forget()

    def limit_files(self, size: int | None) -> None:
        """No file grows beyond so many bytes, as on a full disk; None makes room again."""
        assert self._server, "the cluster is not running"
        for pid in (self._server.pid, *children(self._server.pid)):
            with contextlib.suppress(subprocess.CalledProcessError):  # a child that has just ended
                limit_files(pid, size, self._user)

    def create_database(self, name: str, template: str | None = None) -> str:
        """Make a database, empty or a copy of `template` (which nobody may hold open), and give its URL."""
        command = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
        if template:
            command += sql.SQL(" TEMPLATE {}").format(sql.Identifier(template))
        self._run(command)
        return self.url(name)

    def drop_database(self, name: str) -> None:
        """Remove a database, ending whoever is connected to it."""
        self._run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def url(self, name: str) -> str:
        """The SQLAlchemy URL of a database in this cluster."""
        return f"postgresql+psycopg://{OWNER}@/{name}?host={self._folder}"

    def log(self) -> str:
        """What the server has logged so far."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    @property
    def _user(self) -> dict[str, Any]:
        # initdb and postgres refuse to run as root; Debian's package brings a user for them.
        return {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}

    def _initdb(self) -> None:
        command: list[Any] = [
            self._programs / "initdb",
            "--pgdata",
            self._data,
            "--username",
            OWNER,
            "--auth",
            "trust",
        ]
        command += ["--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync", "--no-instructions"]
        command += [f"--wal-segsize={self._segments_mb}"]
        made = subprocess.run(command, cwd="/", capture_output=True, text=True, check=False, **self._user)
        if made.returncode:
            raise RuntimeError(f"initdb failed: {made.stderr}")

    def _serve(self) -> None:
        command: list[Any] = [self._programs / "postgres", "-D", self._data, "-k", self._folder]
        for setting, value in self._settings.items():
            command += ["-c", f"{setting}={value}"]
        with self._log.open("ab") as log:
            self._server = subprocess.Popen(
                command, cwd="/", stdin=subprocess.DEVNULL, stdout=log, stderr=log, **self._user
            )
        self._guard()
        self._wait()

    def _guard(self) -> None:
        # Should the tests be killed, their end of this pipe closes, and the guardian ends the server.
        assert self._server
        script = 'read _; kill -QUIT "$1"; sleep 1; rm -rf "$2"'
        command = ["sh", "-c", script, "guardian", str(self._server.pid), str(self._folder)]
        self._guardian = subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)

    def _wait(self) -> None:
        assert self._server
        until = time.monotonic() + 60
        while time.monotonic() < until:
            with contextlib.suppress(psycopg.OperationalError):
                self._run(sql.SQL("SELECT 1"))
                return
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._server.wait(0.02)
                break
        raise RuntimeError(f"PostgreSQL did not start: {self._log.read_text()}")

    def _run(self, command: sql.SQL | sql.Composed) -> None:
        address = f"host={self._folder} user={OWNER} dbname=postgres"
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(command)

    def _end(self, how: signal.Signals) -> None:
        if self._server:
            self._server.send_signal(how)
            self._server.wait()
            self._forget()

    def _forget(self) -> None:
        self._server = None
        if self._guardian and self._guardian.stdin:
            self._guardian.kill()
            self._guardian.wait()
            self._guardian.stdin.close()
            self._guardian = None

    @property
    def _data(self) -> Path:
        assert self._folder, "the cluster is not started"
        return self._folder / "data"

    @property
    def _log(self) -> Path:
        assert self._folder, "the cluster is not started"
        return self._folder / "log"
