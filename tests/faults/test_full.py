"""The disk is full for a while: people are told, nothing is half-written, and once there is room all goes on by itself.

The files of the database may grow no further by a limit of the processes that write them: that can be tried anywhere.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.cast import DESKS, POLICE, ZONE
from tests.faults.seen import call, count_of
from tests.support.postgres import Cluster
from tests.support.processes import limit_files
from tests.support.server import Server
from tests.web.api.program import order

pytestmark = pytest.mark.faults
MOST = 300
MEGABYTE = 1 << 20
# As much of one table as reaches the limit: the files of PostgreSQL's log, of a megabyte each, still have room.
BALLAST = """
    INSERT INTO journal (at, action, subject, fields)
    SELECT now(), 'booking:book', 'ballast', repeat('x', 200) FROM generate_series(1, 4400)
"""


@dataclass
class Disk:
    """Where the database is, and how to let the disk be full."""

    url: str
    cluster: Cluster | None = None

    def fill(self, server: Server) -> None:
        """No file of the database grows any more."""
        if self.cluster:
            self.cluster.limit_files(MEGABYTE)
            return
        file = Path(self.url.removeprefix("sqlite:///"))
        for pid in server.workers:
            limit_files(pid, file.stat().st_size)

    def empty(self, server: Server) -> None:
        """There is room again."""
        if self.cluster:
            self.cluster.limit_files(None)
        for pid in server.workers if not self.cluster else ():
            limit_files(pid, None)


@pytest.fixture(params=["sqlite", "postgresql"])
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Disk]:
    if request.param == "sqlite":
        yield Disk(f"sqlite:///{tmp_path / 'samlokal.sqlite3'}")
        return
    with Cluster(segments_mb=1) as cluster:
        yield Disk(cluster.create_database("samlokal"), cluster)


def test_a_full_disk_refuses_in_words_and_booking_goes_on_when_there_is_room(
    disk: Disk, tmp_path: Path
) -> None:
    server = Server(tmp_path, disk.url)
    server.command("demo", "--if-empty")
    if disk.cluster:
        with psycopg.connect(disk.url.replace("+psycopg", "")) as connection:
            connection.execute(BALLAST)
    before = count_of(disk.url, tmp_path)
    token = server.command("user", "token", POLICE).strip()
    with server:
        disk.fill(server)
        answers = list(until_refused(server, token))
        status, said = answers[-1]
        assert (status, said["type"], said["status"]) == (503, "unavailable", 503), answers[-3:]
        assert "Traceback" not in str(said)
        assert call(server.port, token, "GET", "/me")[0] == 200, "reading goes on"
        disk.empty(server)
        number = len(answers) - 1
        assert book(server, token, number)[0] == 201, "the same order, without anybody's starting anything"
        booked = {
            found["id"] for status, found in (book(server, token, each) for each in range(len(answers)))
        }
        assert len(booked) == len(answers)
        assert "0 pairs that break the rule" in server.command("check")
    assert count_of(disk.url, tmp_path) == before + len(booked)
    log = server.log.read_text()
    assert '"error": "DatabaseUnavailable"' in log
    assert "Traceback" not in log


def until_refused(server: Server, token: str) -> Iterator[tuple[int, Any]]:
    """Book one time after another, until that is not possible any more."""
    for number in range(MOST):
        answer = book(server, token, number)
        yield answer
        if answer[0] != 201:
            return


def book(server: Server, token: str, number: int) -> tuple[int, Any]:
    """The same number is the same order, with the same key."""
    day = (datetime.now(ZONE) + timedelta(days=10 + number // 80)).date()
    quarter = 8 * 4 + number // 4 % 20
    start, end = (f"{each // 4:02}:{each % 4 * 15:02}" for each in (quarter, quarter + 1))
    offset = datetime.combine(day, datetime.min.time(), ZONE).strftime("%z")
    body = order(
        start, end, DESKS[number % 4], day=day, title="x" * 100, note="y" * 1000, visibility="internal"
    )
    body |= {name: body[name].replace("+01:00", f"{offset[:3]}:{offset[3:]}") for name in ("starts", "ends")}
    return call(server.port, token, "POST", "/bookings", body, f"order {number}")
