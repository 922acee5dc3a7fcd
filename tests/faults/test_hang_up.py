"""A client that hangs up in the middle of what it says, or says it slowly: nothing is booked, the others are served."""

import json
import socket
import struct
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.cast import DESKS, POLICE
from tests.faults.seen import call, count_of
from tests.support.server import Server
from tests.web.api.program import order

pytestmark = pytest.mark.faults
THREADS = 4


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """One worker, so that there is nobody else to answer."""
    made = Server(tmp_path, workers=1)
    made.command("demo", "--if-empty")
    with made:
        yield made


def request(server: Server, token: str, body: bytes) -> bytes:
    """What a program sends to book."""
    head = (
        f"POST /api/v1/bookings HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def said(server: Server, text: bytes) -> socket.socket:
    """A connection on which this much was said. Closed, it is reset at once, as when a cable is pulled."""
    line = socket.create_connection(("127.0.0.1", server.port), timeout=60)
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    line.sendall(text)
    return line


def test_whoever_hangs_up_or_dawdles_books_nothing_and_stops_nobody(server: Server, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'samlokal.sqlite3'}"
    token = server.command("user", "token", POLICE).strip()
    before, workers = count_of(url, tmp_path), server.workers
    day = (datetime.now(UTC) + timedelta(days=20)).date()
    whole = request(server, token, json.dumps(order("13:00", "14:00", DESKS[0], day=day)).encode())
    for length in range(0, len(whole), 7):
        said(server, whole[:length]).close()
        if length % 5 == 0:
            assert call(server.port, token, "GET", "/me")[0] == 200
    with ExitStack() as waiting:  # they keep their threads; the last one is left to the others
        for length in (10, 60, len(whole) - 1):
            waiting.enter_context(said(server, whole[:length]))
        for _ in range(THREADS):
            assert call(server.port, token, "GET", "/me")[0] == 200
    assert call(server.port, token, "GET", "/me")[0] == 200
    assert count_of(url, tmp_path) == before
    status, _ = call(server.port, token, "POST", "/bookings", order("13:00", "14:00", DESKS[0], day=day))
    assert status == 201, "nobody took the place by half a request"
    assert server.workers == workers, "the worker went on"
    log = server.log.read_text()
    assert '"status": 5' not in log
    assert "Traceback" not in log
    assert '"level": "error"' not in log
