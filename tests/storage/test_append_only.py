"""The logs are append-only in the database itself: what was written stays, until a recorded disposal lets it go."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, text

from booking.actions import looking
from booking.domain.spans import Span
from booking.storage import journal, reviews
from booking.storage.database import DatabaseRefused, run, transaction
from booking.storage.journal import Action
from booking.storage.tables import disposals, openings, openings_circles, retention_decisions
from tests.cast import GUARD, HALL, POLICE, POLICE_CIRCLE
from tests.support.house import House

pytestmark = pytest.mark.usefixtures("inside")
LOGS = {
    "openings": "channel = 'x'",
    "openings_circles": "circle_id = 1",
    "reviews": "remark = 'x'",
    "journal": "subject = 'x'",
}
BY_THE_GUARD = "23000|SQLITE_CONSTRAINT_TRIGGER"
FOR_GOOD = {"retention_decisions": "reference = 'x'", "disposals": "count = 7"}
KINDS = {
    "openings": "access-log",
    "openings_circles": "access-log",
    "reviews": "access-log",
    "journal": "journal",
}
A_DAY = timedelta(days=1)


@pytest.fixture
def written(house: House, inside: None) -> Callable[[], dict[str, list[Any]]]:
    """Something in every log; what is there can be asked for."""
    made = house.book(POLICE, HALL, "17:00", "17:45", circle=POLICE_CIRCLE).view
    guard = house.viewer(GUARD)
    assert guard.person is not None
    looking.open_details(guard, made.id, house.clock(), "page")
    circle = run(select(openings_circles.c.circle_id)).scalar_one()
    with transaction():
        now = house.clock()
        reviews.sign(circle, guard.person, Span(now - A_DAY, now), "", now)
        run(insert(retention_decisions).values(id=1, reference="1", decided_at=now, **DAYS))
        run(insert(disposals).values(id=1000, kind="none", before=now, at=now, **DONE))
    return lambda: {name: run(text(f"SELECT * FROM {name}")).all() for name in (*LOGS, *FOR_GOOD)}


DAYS = {"sealed_days": 1, "details_days": 1, "log_days": 1}
DONE = {"decision_id": 1, "count": 0}


def refused(statement: str) -> None:
    with pytest.raises(DatabaseRefused, match=BY_THE_GUARD), transaction():
        run(text(statement))


@pytest.mark.parametrize("table", [*LOGS, *FOR_GOOD])
def test_no_row_is_ever_changed_or_taken_away(
    written: Callable[[], dict[str, list[Any]]], table: str
) -> None:
    before = written()
    assert before[table]
    refused(f"UPDATE {table} SET {(LOGS | FOR_GOOD)[table]}")
    refused(f"DELETE FROM {table}")
    assert written() == before


@pytest.mark.parametrize("databases", ["postgresql"], indirect=True)
@pytest.mark.parametrize("table", [*LOGS, *FOR_GOOD])
def test_no_table_is_emptied(written: Callable[[], dict[str, list[Any]]], table: str) -> None:
    """SQLite has no TRUNCATE: there, deleting is refused row by row."""
    before = written()
    refused(f"TRUNCATE {table} CASCADE")
    assert written() == before


@pytest.mark.parametrize("table", LOGS)
def test_a_disposal_lets_go_exactly_what_is_older(
    written: Callable[[], dict[str, list[Any]]], house: House, table: str
) -> None:
    now = house.clock()
    dispose(KINDS[table], now)
    refused(f"DELETE FROM {table}")  # it is as old as that, not older
    other = next(kind for kind in KINDS.values() if kind != KINDS[table])
    dispose(other, now + A_DAY)
    refused(f"DELETE FROM {table}")
    dispose(KINDS[table], now + timedelta(seconds=1))
    with transaction():
        if table == "openings":
            run(text("DELETE FROM openings_circles"))
        run(text(f"DELETE FROM {table}"))
    assert written()[table] == []


@pytest.mark.parametrize("table", ["openings", "journal"])
def test_and_nothing_that_came_later(
    written: Callable[[], dict[str, list[Any]]], house: House, table: str
) -> None:
    dispose(KINDS[table], house.clock() + timedelta(seconds=1))
    house.clock.step(hours=1)
    guard = house.viewer(GUARD)
    with transaction():
        journal.record(Action.PERSON_WISHES, "person 1", house.clock(), guard.person)
    looking.open_details(guard, run(select(openings.c.booking_id)).scalar_one(), house.clock(), "page")
    refused(f"DELETE FROM {table}")
    assert len(written()[table]) > 1


def dispose(kind: str, before: object) -> None:
    with transaction():
        run(insert(disposals).values(kind=kind, before=before, at=before, **DONE))
