"""What the benchmarks measure is what people book: a filled database is sound, and its rows are as theirs. No times."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from benchmarks.filling import Filling
from booking.actions import operating
from booking.storage import tables
from booking.storage.database import migrate, run
from booking.storage.stakes import Stored
from tests.cast import DESKS, HALL, MORNING, POLICE, PREMISES, TODAY
from tests.support.house import House, house_on

FILLED, ABROAD = 200, 20
LATER = TODAY + timedelta(days=9)
OWN = {"id", "booking_id", "terms_id", "occurrence_id", "uid", "title", "box", "since", "subject"}
WHEN_MADE = {"created_at", "made_at", "changed_at", "at"}


@pytest.fixture
def filled_house(empty_database: str, tmp_path: Path) -> Any:
    migrate(empty_database)
    with house_on(empty_database, tmp_path) as house, house.inside():
        Filling(MORNING, days=1, feeds=(ABROAD,)).grow(FILLED)
        yield house


def test_two_hundred_bookings_filled_in_are_sound_and_as_if_somebody_had_booked_them(
    filled_house: House,
) -> None:
    assert len(run(select(tables.bookings)).all()) == FILLED
    assert [each.broken for each in operating.audit()] == [(), ()]
    for resource, hours, visibility in (
        (DESKS[0], ("08:00", "09:30"), "internal"),
        (HALL, ("17:00", "17:45"), "confidential"),
    ):
        filled, booked = (
            rows_of(found_at(filled_house.at(hours[0], day), resource))
            for day in (TODAY, booked_on(LATER, filled_house, resource, hours, visibility))
        )
        assert filled == booked


def booked_on(day: date, house: House, resource: str, hours: tuple[str, str], visibility: str) -> date:
    """Booked by the API, in the browser's session."""
    visitor = house.visitor(POLICE)
    starts, ends = (house.at(clock, day).isoformat() for clock in hours)
    order = {"premises": PREMISES, "resource": resource, "starts": starts, "ends": ends, "title": "Möte"}
    answer = visitor.post(
        "/api/v1/bookings",
        json={**order, "visibility": visibility},
        headers={"X-CSRFToken": visitor.csrf_token},
    )
    assert answer.status_code == 201, answer.text
    return day


def found_at(start: datetime, resource: str) -> Any:
    """The one booking of a place at Sergels torg that starts then, with the number of its occurrence."""
    o, t, s = tables.occurrences, tables.terms, tables.spaces
    query = select(o.c.booking_id, o.c.terms_id, o.c.id, o.c.starts).join(t, t.c.id == o.c.terms_id)
    query = query.join(s, s.c.id == t.c.space_id).join(
        tables.premises, tables.premises.c.id == s.c.premises_id
    )
    here = tables.premises.c.key == PREMISES, s.c.key == resource, o.c.starts == start
    return run(query.where(*here)).one()


def rows_of(found: Any) -> dict[str, list[dict[str, Any]]]:
    """All that is stored of a booking; what is its own by its type, its times as they lie to its start."""
    whose: dict[str, Callable[[Any], Any]] = {
        "bookings": lambda table: table.c.id == found.booking_id,
        "terms": lambda table: table.c.id == found.terms_id,
        "terms_circles": lambda table: table.c.terms_id == found.terms_id,
        "sealed": lambda table: table.c.terms_id == found.terms_id,
        "occurrences": lambda table: table.c.id == found.id,
        "claims": lambda table: table.c.occurrence_id == found.id,
        "journal": lambda table: table.c.subject == found.booking_id,
    }
    stored = {}
    for name, condition in whose.items():
        table = tables.metadata.tables[name]
        rows = run(select(table).where(condition(table)).order_by(*table.primary_key.columns)).all()
        stored[name] = [_alike(row, found.starts) for row in rows]
    return stored


def _alike(row: Any, start: datetime) -> dict[str, Any]:
    return {name: _value(name, value, row, start) for name, value in row._mapping.items()}


def _value(name: str, value: Any, row: Any, start: datetime) -> Any:
    if name == "tag" and row.kind == Stored.HOLD:
        return "its own"
    if name == "box":
        return len(value)
    if name in OWN | WHEN_MADE:
        return type(value).__name__
    return value - start if isinstance(value, datetime) else value
