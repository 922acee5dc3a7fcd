"""Clients that cost little beside what they measure: HTTP/1.1 on plain sockets that are kept open.

Imports the standard library only. A connection is left after some requests, so that the workers of a server come to
share all clients evenly.
"""

import json
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

AT_MOST = 25  # requests on one connection
IDLE_SECONDS = 1.0  # gunicorn hangs up after two
PATIENCE_SECONDS = 600
FINE = frozenset({200, 201, 204, 304})


class Answer(NamedTuple):
    """What came back."""

    status: int
    head: bytes
    body: bytes

    def header(self, name: str) -> str:
        """The value of a header, empty when it is not there."""
        for line in self.head.split(b"\r\n")[1:]:
            key, _, value = line.partition(b":")
            if key.strip().lower() == name.lower().encode():
                return value.strip().decode("latin-1")
        return ""

    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


class Client:
    """One client of one server; `headers` go with every request. Not for several threads."""

    def __init__(self, port: int, headers: Mapping[str, str] | None = None) -> None:
        self.headers = dict(headers or {})
        self._port = port
        self._fixed = "".join(f"{key}: {value}\r\n" for key, value in self.headers.items())
        self._socket: socket.socket | None = None
        self._asked, self._last = 0, 0.0

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> Answer:
        """Send a request and wait for its answer; a header's name has _ for -."""
        more = "".join(f"{key.replace('_', '-')}: {value}\r\n" for key, value in headers.items())
        length = f"Content-Length: {len(body)}\r\n" if method != "GET" else ""
        head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\n{self._fixed}{more}{length}\r\n"
        return self.send(head.encode("latin-1") + body)

    def send(self, request: bytes) -> Answer:
        """Send a request that is written out already."""
        if self._asked >= AT_MOST or time.monotonic() - self._last > IDLE_SECONDS:
            self.close()
        try:
            answer = self._exchange(request)
        except ConnectionError:
            if self._asked == 1 or not request.startswith(b"GET"):
                raise  # only what was hung up on while it was idle may be asked again
            self.close()
            answer = self._exchange(request)
        self._last = time.monotonic()
        if answer.header("Connection").lower() == "close":
            self.close()
        return answer

    def close(self) -> None:
        """Leave the connection; the next request makes a new one."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _exchange(self, request: bytes) -> Answer:
        if self._socket is None:
            self._connect()
        assert self._socket is not None
        self._asked += 1
        self._socket.sendall(request)
        return _answer(self._socket)

    def _connect(self) -> None:
        self._asked = 0
        self._socket = socket.create_connection(("127.0.0.1", self._port), PATIENCE_SECONDS)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def _answer(connection: socket.socket) -> Answer:
    received = bytearray()
    while (end := received.find(b"\r\n\r\n")) < 0:
        received += _some(connection)
    head = bytes(received[:end])
    status = int(head[9:12])
    answer = Answer(status, head, b"")
    length = 0 if status in (204, 304) else int(answer.header("Content-Length") or 0)
    while len(received) < end + 4 + length:
        received += _some(connection)
    return answer._replace(body=bytes(received[end + 4 :]))


def _some(connection: socket.socket) -> bytes:
    part = connection.recv(1 << 18)
    if not part:
        raise ConnectionError("the server hung up in the middle of an answer")
    return part


# --- many at once -----------------------------------------------------------------------------

Job = Callable[[], Answer]


@dataclass
class Run:
    """What some clients did: how long each answer took in seconds, what was answered, and for how long it went on."""

    took: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    seconds: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.took) / self.seconds

    @property
    def errors(self) -> int:
        """How many got anything but what they asked for, or word that they have it."""
        return sum(count for status, count in self.statuses.items() if status not in FINE)

    def note(self, status: int, took: float) -> None:
        """One more answer."""
        with self._lock:
            self.took.append(took)
            self.statuses[status] += 1


def run(jobs: Sequence[Job], seconds: float = 0.0, times: int = 0, fine: frozenset[int] = FINE) -> Run:
    """Each job in a thread of its own, again and again for some seconds, or so many times. Raises what one raised."""
    found, faults = Run(), list[BaseException]()
    barrier = threading.Barrier(len(jobs) + 1)
    deadline = [0.0]

    def work(job: Job) -> None:
        barrier.wait()
        done = 0
        try:
            while done < times if times else time.perf_counter() < deadline[0]:
                began = time.perf_counter()
                status = job().status
                found.note(status, time.perf_counter() - began)
                done += 1
                if status not in fine:
                    raise RuntimeError(f"an answer was {status}")
        except (OSError, RuntimeError, ValueError) as fault:
            faults.append(fault)

    threads = [threading.Thread(target=work, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    deadline[0] = time.perf_counter() + seconds
    began = time.perf_counter()
    barrier.wait()
    for thread in threads:
        thread.join()
    found.seconds = time.perf_counter() - began
    if faults:
        raise faults[0]
    return found


class Polling:
    """A page or a feed asked for again and again, with the ETag of what one has."""

    def __init__(self, client: Client, path: str) -> None:
        self.etag = ""
        self._client, self._path, self._keeps = client, path, True

    def __call__(self) -> Answer:
        known = {"If_None_Match": self.etag} if self.etag else {}
        answer = self._client.ask("GET", self._path, **known)
        if answer.status == 200 and self._keeps:
            self.etag = answer.header("ETag")
        return answer

    def has(self, etag: str | None) -> None:
        """Have what this tag names; None: have nothing, and keep nothing from now on."""
        self.etag, self._keeps = etag or "", etag is not None

    def close(self) -> None:
        """Leave the connection."""
        self._client.close()
