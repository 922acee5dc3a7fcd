"""While 500 things are written a worker, the server or PostgreSQL is killed: what was answered stands, once only."""

import random
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
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
    POLICE_CIRCLE,
    POLICE_COLLEAGUE,
    PREMISES,
    SOCIAL,
    TRAFFIC,
    ZONE,
)
from tests.faults.seen import UNANSWERED, call, count_of
from tests.support.dump import bytes_on_disk
from tests.support.postgres import Cluster
from tests.support.server import Server

pytestmark = pytest.mark.faults
WRITES = 500
CLIENTS = (POLICE, POLICE_COLLEAGUE, GUARD, SOCIAL, MIKA, TRAFFIC, COORDINATOR, ARTIST)
IN_THE_CIRCLE = (POLICE, POLICE_COLLEAGUE, GUARD)
PLANTED = "Operation Blåsippa"
ATTEMPTS = 100  # a worker that starts takes a second or two; nobody asks so often meanwhile


@dataclass
class Made:
    """A booking as its owner was last answered."""

    owner: str
    starts: str
    title: str
    confidential: bool = False
    cancelled: bool = False


@dataclass
class Tally:
    """What all clients were answered, and whether the server is meant to be up."""

    left: int = WRITES
    made: dict[str, Made] = field(default_factory=dict)
    refused: int = 0
    repeated: int = 0
    kinds: set[str] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)
    up: threading.Event = field(default_factory=threading.Event)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def take(self) -> bool:
        """Whether there is one more thing to write."""
        with self.changed:
            self.left -= 1
            self.changed.notify_all()
            return self.left >= 0 and not self.wrong

    def wait_until(self, left: int) -> None:
        """Wait until no more than so many things are left to write."""
        with self.changed:
            assert self.changed.wait_for(lambda: self.left <= left or self.wrong, timeout=240)
        assert self.wrong == []


class Client(threading.Thread):
    """A program that books, changes and cancels for its owner, and sends anew whatever was not answered."""

    def __init__(self, server: Server, owner: str, token: str, tally: Tally, seed: str) -> None:
        super().__init__()
        self._port, self._owner, self._tally, self._token = server.port, owner, tally, token
        self._chance = random.Random(f"{seed} {owner}")
        self._number = 0
        self._own: list[str] = []
        self._kinds = ["book"] * 4 + ["series", "change", "change", "cancel", "check_in"]
        if owner in IN_THE_CIRCLE:
            self._kinds += ["secret"] * 3

    def run(self) -> None:
        while self._tally.take():
            kind = self._chance.choice(self._kinds)
            self._number += 1
            try:
                getattr(self, f"_{kind}")(f"{self._owner} {self._number}")
                self._tally.kinds.add(kind)
            except Exception as error:  # noqa: BLE001  whatever else comes is what the test looks for
                self._tally.wrong.append(f"{kind}: {error!r}")

    def _book(self, title: str, **more: Any) -> str | None:
        confidential = more.get("visibility") == "confidential"
        key, title = title, f"{PLANTED} {title}" if confidential else title
        body = {**self._order(), "title": title, **more}
        status, made = self._call("POST", "/bookings", body, key)
        if status != 201:
            self._tally.refused += 1
            return None
        self._own.append(made["id"])
        self._tally.made[made["id"]] = Made(self._owner, made["starts"], title, confidential)
        return str(made["id"])

    def _series(self, title: str) -> None:
        self._book(title, repeat={"rrule": "FREQ=WEEKLY;COUNT=3"}, on_clash="skip", resource="any-desk")

    def _secret(self, title: str) -> None:
        self._book(
            title, visibility="confidential", circle=POLICE_CIRCLE, note=PLANTED, resource=MEETING_ROOM
        )

    def _change(self, title: str) -> None:
        number = self._one_of_mine() or self._book(title)
        if number and not self._tally.made[number].confidential:
            status, _ = self._call("PATCH", f"/bookings/{number}?scope=all", {"title": f"ändrad {title}"})
            if status == 200:
                self._tally.made[number].title = f"ändrad {title}"

    def _cancel(self, title: str) -> None:
        number = self._one_of_mine() or self._book(title)
        if number and self._call("DELETE", f"/bookings/{number}?scope=all")[0] == 204:
            self._tally.made[number].cancelled = True

    def _check_in(self, title: str) -> None:
        start = (datetime.now(ZONE) + timedelta(minutes=5)).replace(second=0, microsecond=0)
        hours = {"starts": start.isoformat(), "ends": (start + timedelta(minutes=15)).isoformat()}
        number = self._book(title, resource="any-desk", **hours)
        if number:
            self._call("POST", f"/bookings/{number}/check-in")

    def _one_of_mine(self) -> str | None:
        standing = [number for number in self._own if not self._tally.made[number].cancelled]
        return self._chance.choice(standing) if standing else None

    def _call(self, method: str, path: str, body: Any = None, key: str | None = None) -> tuple[int, Any]:
        """Send until it is answered; what a rule refuses is an answer, that the database is away is none."""
        for _ in range(ATTEMPTS):
            assert self._tally.up.wait(timeout=120), "the server is not started again"
            try:
                status, said = call(self._port, self._token, method, path, body, key)
            except UNANSWERED:
                self._tally.repeated += 1
                continue
            if status != 503:
                assert status in (200, 201, 204, 409, 422), f"{status} {said}"
                return status, said
            self._tally.repeated += 1
        raise AssertionError(f"{method} {path} is not answered")

    def _order(self) -> dict[str, Any]:
        day = datetime.now(ZONE).date() + timedelta(days=self._chance.randrange(10, 28))
        start = datetime.combine(day, datetime.min.time(), ZONE)
        start += timedelta(hours=8, minutes=15 * self._chance.randrange(44))
        resources = (*DESKS, MEETING_ROOM) if self._owner != ARTIST else DESKS
        return {
            "premises": PREMISES,
            "resource": self._chance.choice(resources),
            "starts": start.isoformat(),
            "ends": (start + timedelta(minutes=15)).isoformat(),
            "visibility": "internal",
        }


@pytest.fixture(params=["sqlite", "postgresql"])
def cluster(request: pytest.FixtureRequest) -> Iterator[Cluster | None]:
    """A PostgreSQL server that keeps what it has promised; None where the database is a file."""
    if request.param == "sqlite":
        yield None
        return
    with Cluster(durable=True) as running:
        yield running


@pytest.mark.parametrize("seed", ["moments"])
def test_what_was_answered_outlives_every_kill(cluster: Cluster | None, tmp_path: Path, seed: str) -> None:
    url = cluster.create_database("samlokal") if cluster else f"sqlite:///{tmp_path / 'samlokal.sqlite3'}"
    server, tally = Server(tmp_path, url), Tally()
    server.command("demo", "--if-empty")
    tokens = {who: server.command("user", "token", who, "--confidential").strip() for who in CLIENTS}
    before = count_of(url, tmp_path)
    with server:
        tally.up.set()
        clients = [Client(server, who, tokens[who], tally, seed) for who in CLIENTS]
        for client in clients:
            client.start()
        for left, kill, number in moments(cluster, seed):
            tally.wait_until(left)
            strike(kill, number, server, cluster, tally)
        for client in clients:
            client.join()
        assert tally.wrong == []
        assert missing(server, tokens, tally) == []
        assert "0 pairs that break the rule" in server.command("check")
    assert count_of(url, tmp_path) == before + len(tally.made), "each key has made one booking"
    assert tally.kinds == {"book", "series", "secret", "change", "cancel", "check_in"}
    assert tally.refused
    assert tally.repeated
    said = bytes_on_disk(url) + server.log.read_bytes()
    assert b"sippa" not in said
    assert b"Traceback" not in server.log.read_bytes()


def moments(cluster: Cluster | None, seed: str) -> list[tuple[int, str, int]]:
    """When what is killed: at how many writes left, and which of the workers."""
    chance = random.Random(seed)
    kinds = ["worker", "server", "worker", "database"] if cluster else ["worker", "server", "worker"]
    left = sorted(chance.sample(range(20, WRITES - 10), 8), reverse=True)
    return [(each, kinds[turn % len(kinds)], chance.randrange(2)) for turn, each in enumerate(left)]


def strike(kill: str, number: int, server: Server, cluster: Cluster | None, tally: Tally) -> None:
    """Kill, and start again what does not start by itself."""
    if kill == "worker":
        server.kill_worker(number)
        return
    tally.up.clear()
    if kill == "server":
        server.kill()
        server.start()
    elif cluster:
        cluster.kill()
        cluster.restart()
    tally.up.set()


def missing(server: Server, tokens: dict[str, str], tally: Tally) -> list[str]:
    """The bookings that were answered and are not there as they were answered."""
    wrong = []
    for number, made in tally.made.items():
        status, found = call(server.port, tokens[made.owner], "GET", f"/bookings/{number}")
        told = (found.get("title"), found.get("status") == "cancelled", found.get("starts"))
        if status != 200 or told != (made.title, made.cancelled, made.starts):
            wrong.append(f"{number}: {made} {status} {told}")
    return wrong
