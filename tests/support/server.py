"""The real production server, started as `make run` starts it, on a free port of this machine.

Imports nothing of the application: it is a process of its own. Imports tests.support.processes.
"""

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Self
from urllib.error import URLError
from urllib.request import urlopen

from tests.support.processes import children

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 60
PORTS = range(20_000, 32_000)  # below net.ipv4.ip_local_port_range


def free_port() -> int:
    """A port nobody listens on now, and that the system gives to nobody who takes any before it is listened on."""
    while True:
        port = secrets.choice(PORTS)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


class Server:
    """gunicorn with the application, in a process group of its own; a context manager."""

    def __init__(
        self,
        instance: Path,
        database_url: str | None = None,
        workers: int = 2,
        program: str = "wsgi:app",
        **settings: str,
    ) -> None:
        """`settings` are more environment variables. What the server and its commands log is in `log`."""
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._workers = workers
        self._program = program
        self._environment = {**os.environ, "SAMLOKAL_DEMO": "1", "SAMLOKAL_INSTANCE": str(instance)}
        self._environment |= settings
        self.log = instance / "log"
        if database_url is not None:
            self._environment["SAMLOKAL_DATABASE_URL"] = database_url
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def command(self, *words: str) -> str:
        """Run `flask --app wsgi …` with the server's settings, and give what it prints."""
        line = [sys.executable, "-m", "flask", "--app", "wsgi", *words]
        with self.log.open("ab") as log:
            done = subprocess.run(
                line,
                cwd=ROOT,
                env=self._environment,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                check=True,
            )
        return done.stdout

    def start(self) -> None:
        """Start the server and wait until it is ready."""
        line = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{self.port}", "--no-control-socket"]
        line += ["--workers", str(self._workers), "--threads", "4", "--log-level", "error", self._program]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                line, cwd=ROOT, env=self._environment, start_new_session=True, stderr=log
            )
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not self._is_ready():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("the server did not become ready")
            time.sleep(0.05)

    @property
    def pid(self) -> int:
        """The process that the workers are children of; it must run."""
        assert self._process is not None
        return self._process.pid

    def _is_ready(self) -> bool:
        try:
            with urlopen(f"{self.url}/readyz", timeout=5) as answer:
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False

    def stop(self) -> None:
        """Ask it to end, and wait until it has."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """SIGKILL the server and its workers at once, as a power cut would."""
        self._end(signal.SIGKILL)

    @property
    def workers(self) -> list[int]:
        """The processes that answer, oldest first; the first of all only starts others."""
        assert self._process, "the server is not running"
        return children(self._process.pid)

    def kill_worker(self, number: int) -> None:
        """SIGKILL one of the processes that answer, and wait until another has taken its place."""
        before = self.workers
        os.kill(before[number], signal.SIGKILL)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while len(self.workers) < self._workers or before[number] in self.workers:
            if time.monotonic() > deadline:
                raise RuntimeError("no other worker was started")
            time.sleep(0.05)

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None and self._process.poll() is None:
            os.killpg(self._process.pid, how)
            self._process.wait(timeout=PATIENCE_SECONDS)
        self._process = None
