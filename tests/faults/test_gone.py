"""The database is gone for a while, or locked by another: people are told so, and afterwards all goes on by itself."""

import io
import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from booking.actions import membership, working
from booking.storage import database
from booking.storage.post import office
from booking.web import letters
from tests.cast import DESKS, MEETING_ROOM, POLICE, POLICE_CIRCLE
from tests.faults.soundness import unsound
from tests.support.databases import Databases, fill, lent
from tests.support.house import House, Visitor, house_on
from tests.support.postgres import Cluster
from tests.support.routes import Route, routes
from tests.web.api.program import Program, board, order

pytestmark = pytest.mark.faults
WAITING_MS = 20  # not the half minute for which SQLite waits for another's lock elsewhere
PLANTED = "Operation Blåsippa"
SENTENCE = "Databasen svarar inte."
Outage = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def stopped(tmp_path: Path) -> Iterator[tuple[House, Outage]]:
    """A house on a PostgreSQL server of its own, and a way to stop that."""
    with Cluster() as cluster:

        @contextmanager
        def outage() -> Iterator[None]:
            cluster.halt()
            yield
            cluster.restart()

        url = cluster.create_database("samlokal")
        fill(url, tmp_path)
        with house_on(url, tmp_path, proxies=0) as house:
            yield house, outage


@pytest.fixture
def locked(
    sqlite_files: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[House, Outage]]:
    """A house on a file, and a way to lock it against all others' writing and reading."""
    monkeypatch.setattr(database, "BUSY_TIMEOUT_MS", WAITING_MS)
    with lent(sqlite_files) as url, house_on(url, tmp_path, proxies=0) as house:

        @contextmanager
        def outage() -> Iterator[None]:
            other = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
            other.execute("BEGIN EXCLUSIVE")
            yield
            other.close()

        yield house, outage


@pytest.mark.parametrize("how", ["stopped", "locked"])
def test_while_the_database_is_away_people_are_told_and_afterwards_all_goes_on(
    request: pytest.FixtureRequest, how: str, lines: io.StringIO
) -> None:
    house, outage = request.getfixturevalue(how)
    made = house.book(POLICE, MEETING_ROOM, "17:00", "17:45", circle=POLICE_CIRCLE, title=PLANTED).view
    with house.inside():
        _, secret = membership.issue_token(house.viewer(POLICE), "program", True, house.clock())
    program = Program(house.visitor(), {"Authorization": f"Bearer {secret}"})
    visitor = house.visitor(POLICE)
    keyed = {"Idempotency-Key": "the same order"}
    house.clock.step(minutes=5)  # so that it would be noted that the session is used
    with outage():
        assert visitor.get("/idag").status_code == (503 if how == "stopped" else 200)
        unavailable = 0
        for route in routes(house.app):
            mine = route._replace(path=route.path.replace("x" * 22, made.id))
            unavailable += _asked(visitor, mine, lines)
        assert unavailable > 50
        refused = program.post("/bookings", order(resource=DESKS[0]), headers=keyed)
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
        assert refused.json["type"] == "unavailable"
        assert house.visitor().get("/healthz").status_code == 200
        assert house.visitor().get("/readyz").status_code == (503 if how == "stopped" else 200)
        with house.inside():  # nor does the worker end
            working.work(working.all_jobs(office(), letters.write, house.clock, lambda: False), house.clock)
    assert PLANTED not in lines.getvalue()
    assert house.visitor().get("/readyz").status_code == 200
    assert house.visitor(POLICE).get("/idag").status_code == 200
    again = [program.post("/bookings", order(resource=DESKS[0]), headers=keyed) for _ in range(2)]
    assert [each.status_code for each in again] == [201, 201]
    assert again[0].json["id"] == again[1].json["id"]
    own = [each for each in program.get(board()).json["entries"] if each["view"] == "full"]
    assert {each["id"] for each in own} == {made.id, again[0].json["id"]}
    assert unsound(house) == []


def _asked(visitor: Visitor, route: Route, lines: io.StringIO) -> bool:
    """Whether the answer is that the database is away; then with a sentence, a line in the log, and no trace."""
    lines.truncate(lines.seek(0))
    fields = {"csrf_token": visitor.csrf_token} if route.writes else None
    answer = visitor.open(route.path, method=route.method, data=fields)
    assert answer.status_code < 500 or answer.status_code == 503, (route, lines.getvalue())
    if answer.status_code != 503 or route.endpoint == "health.ready":
        return False
    said = [json.loads(line) for line in lines.getvalue().splitlines()]
    assert [each["error"] for each in said if each["level"] == "error"] == ["DatabaseUnavailable"], route
    assert answer.headers["Retry-After"] == "5"
    assert route.method == "HEAD" or SENTENCE in answer.text or "unavailable" in answer.text, route
    assert "Traceback" not in answer.text
    return True
