"""The server is killed while people book: what was answered is there when it comes back, and nothing is broken."""

import http.client
import json
import random
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.cast import (
    ARTIST,
    COORDINATOR,
    DESKS,
    GUARD,
    MEETING_ROOM,
    MIKA,
    POLICE,
    POLICE_COLLEAGUE,
    PREMISES,
    SOCIAL,
    TRAFFIC,
    ZONE,
)
from tests.support.postgres import Cluster
from tests.support.server import Server

pytestmark = pytest.mark.prove
CLIENTS = (POLICE, POLICE_COLLEAGUE, GUARD, SOCIAL, MIKA, TRAFFIC, COORDINATOR, ARTIST)
ROUNDS = 6
UNANSWERED = (ConnectionError, TimeoutError, http.client.HTTPException)


class Tally:
    """What the server has answered so far: bookings made, with their owner, and those cancelled again."""

    def __init__(self) -> None:
        self.booked: dict[str, tuple[str, str]] = {}
        self.cancelled: set[str] = set()
        self.refused = 0
        self.wrong: list[str] = []
        self._changed = threading.Condition()

    def note(self, change: Callable[["Tally"], None]) -> None:
        with self._changed:
            change(self)
            self._changed.notify_all()

    def wait_for(self, more: int) -> None:
        """Wait until so many more bookings have been answered."""
        with self._changed:
            wanted = len(self.booked) + more
            reached = self._changed.wait_for(lambda: len(self.booked) >= wanted or self.wrong, timeout=240)
            assert reached, "the server answers nothing"


class Client(threading.Thread):
    """A program that books one time after another for its owner until the server answers no more."""

    def __init__(self, server: Server, owner: str, token: str, tally: Tally, seed: str) -> None:
        super().__init__()
        self._port, self._owner, self._tally = server.port, owner, tally
        self._token, self._random = token, random.Random(seed)

    def run(self) -> None:
        try:
            while True:
                self._book()
        except UNANSWERED:
            return

    def _book(self) -> None:
        status, made = call(self._port, self._token, "POST", "/bookings", self._order())
        if status == 409:
            self._tally.note(lambda tally: setattr(tally, "refused", tally.refused + 1))
        elif status != 201:
            self._tally.note(lambda tally: tally.wrong.append(f"{status} {made}"))
        else:
            number, start = made["id"], made["starts"]
            self._tally.note(lambda tally: tally.booked.update({number: (self._owner, start)}))
            if self._random.random() < 0.2:
                self._cancel(number)

    def _cancel(self, number: str) -> None:
        status, _ = call(self._port, self._token, "DELETE", f"/bookings/{number}")
        if status == 204:
            self._tally.note(lambda tally: tally.cancelled.add(number))

    def _order(self) -> dict[str, Any]:
        day = datetime.now(ZONE).date() + timedelta(days=self._random.randrange(10, 28))
        start = datetime.combine(day, datetime.min.time(), ZONE)
        start += timedelta(hours=8, minutes=15 * self._random.randrange(44))
        resources = (*DESKS, MEETING_ROOM) if self._owner != ARTIST else DESKS
        return {
            "premises": PREMISES,
            "resource": self._random.choice(resources),
            "starts": start.isoformat(),
            "ends": (start + timedelta(minutes=15)).isoformat(),
            "visibility": "internal",
        }


def call(port: int, token: str, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    """One call of the API; the error of a connection that ends before the whole answer has come."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", "If-Match": "*"}
        text = None if body is None else json.dumps(body)
        connection.request(method, f"/api/v1{path}", text, headers)
        answer = connection.getresponse()
        said = answer.read()
        return answer.status, json.loads(said) if said else None
    finally:
        connection.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def cluster(request: pytest.FixtureRequest) -> Iterator[Cluster | None]:
    """A PostgreSQL server that keeps what it has promised; None where the database is a file."""
    if request.param == "sqlite":
        yield None
        return
    with Cluster(durable=True) as running:
        yield running


def test_what_was_answered_outlives_the_server(cluster: Cluster | None, tmp_path: Path) -> None:
    server = Server(tmp_path, cluster.create_database("samlokal") if cluster else None)
    server.command("demo", "--if-empty")
    tokens = {who: server.command("user", "token", who, "--confidential").strip() for who in CLIENTS}
    tally, moments = Tally(), random.Random("moments")
    with server:
        for number in range(ROUNDS):
            clients = [Client(server, who, tokens[who], tally, f"{number} {who}") for who in CLIENTS]
            for client in clients:
                client.start()
            tally.wait_for(moments.randrange(10, 60))
            server.kill()
            for client in clients:
                client.join()
            if cluster and number % 2:
                cluster.kill()
                cluster.restart()
            server.start()
            assert tally.wrong == []
            assert missing(server, tokens, tally) == []
            assert "0 pairs that break the rule" in server.command("check")
    assert len(tally.booked) > ROUNDS * 10
    assert tally.refused > 0
    assert tally.cancelled


def missing(server: Server, tokens: dict[str, str], tally: Tally) -> list[str]:
    """The bookings that were answered and are not there as they were answered."""
    wrong = []
    for number, (owner, start) in tally.booked.items():
        status, found = call(server.port, tokens[owner], "GET", f"/bookings/{number}")
        if status != 200 or found["starts"] != start:
            wrong.append(f"{number}: {status} {found}")
        elif number in tally.cancelled and found["status"] != "cancelled":
            wrong.append(f"{number} was cancelled and is {found['status']}")
    return wrong
