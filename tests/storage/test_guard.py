"""The database itself refuses two overlapping Holds and a wall that stands two ways, whatever code writes."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from booking.storage.database import DatabaseFailed, DatabaseRefused, GuardRefused, run, transaction
from booking.storage.tables import claims, occurrences
from tests.cast import DESKS, MEETING_ROOM, POLICE
from tests.support.house import House

pytestmark = pytest.mark.usefixtures("inside")
HOLD, WALL, PRESENCE = 1, 2, 3
OPEN, CLOSED = 1, 2


class Writer:
    """Somebody who writes claims past every rule of the house."""

    def __init__(self, house: House) -> None:
        self.house = house
        house.book(POLICE, MEETING_ROOM, "20:00", "20:30")
        self._occurrence = run(select(occurrences.c.id)).scalar_one()
        self._tags = iter(range(1000, 2000))

    def lay(
        self, space: str, start: str | datetime, end: str | datetime, kind: int = HOLD, **more: Any
    ) -> int:
        """Insert one claim with an INSERT of its own, and give its number."""
        starts = start if isinstance(start, datetime) else self.house.at(start)
        ends = end if isinstance(end, datetime) else self.house.at(end)
        values = {
            "premises_id": self.house.place.id,
            "space_id": self.house.place.space_ids[space],
            "occurrence_id": self._occurrence,
            "kind": kind,
            "tag": next(self._tags) if kind == HOLD else None,
            "starts": starts,
            "ends": ends,
            "since": 1,
        }
        with transaction():
            number: int = run(insert(claims).values({**values, **more})).inserted_primary_key[0]
        return number

    def alter(self, number: int, **values: Any) -> None:
        """Change one claim by an UPDATE of its own."""
        with transaction():
            run(update(claims).where(claims.c.id == number).values(**values))


@pytest.fixture
def writer(house: House, inside: None) -> Writer:
    return Writer(house)


@pytest.mark.parametrize(
    ("start", "end"),
    [("10:00", "11:00"), ("09:00", "12:00"), ("10:15", "10:45"), ("09:00", "10:01"), ("10:59", "12:00")],
)
def test_a_desk_is_never_held_twice(writer: Writer, start: str, end: str) -> None:
    writer.lay(DESKS[0], "10:00", "11:00")
    with pytest.raises(GuardRefused):
        writer.lay(DESKS[0], start, end)


def test_holds_that_meet_or_are_of_other_desks_stand(writer: Writer) -> None:
    writer.lay(DESKS[0], "10:00", "11:00")
    writer.lay(DESKS[0], "11:00", "12:00")
    writer.lay(DESKS[0], "09:00", "10:00")
    writer.lay(DESKS[1], "10:00", "11:00")


def test_a_hold_cannot_be_moved_over_another(writer: Writer) -> None:
    writer.lay(DESKS[0], "10:00", "11:00")
    number = writer.lay(DESKS[0], "11:00", "12:00")
    writer.alter(number, ends=writer.house.at("13:00"))
    with pytest.raises(GuardRefused):
        writer.alter(number, starts=writer.house.at("10:59"))
    other = writer.lay(DESKS[1], "10:00", "11:00")
    with pytest.raises(GuardRefused):
        writer.alter(other, space_id=writer.house.place.space_ids[DESKS[0]])


def test_a_wall_never_stands_two_ways_at_once(writer: Writer) -> None:
    writer.lay("glasvaggen", "10:00", "11:00", WALL, tag=CLOSED)
    number = writer.lay("glasvaggen", "10:30", "12:00", WALL, tag=CLOSED)
    writer.lay("glasvaggen", "12:00", "13:00", WALL, tag=OPEN)
    with pytest.raises(GuardRefused):
        writer.lay("glasvaggen", "10:59", "11:30", WALL, tag=OPEN)
    with pytest.raises(GuardRefused):
        writer.alter(number, tag=OPEN)
    with pytest.raises(GuardRefused):
        writer.alter(number, ends=writer.house.at("12:01"))


def test_a_part_that_gave_way_stands_outside_the_guard_until_it_is_claimed_again(writer: Writer) -> None:
    number = writer.lay(DESKS[0], "10:00", "11:00", released=True)
    writer.lay(DESKS[0], "10:30", "11:30")
    with pytest.raises(GuardRefused):
        writer.alter(number, released=False)
    writer.lay(DESKS[0], "10:00", "11:00", released=True)


def test_no_hold_can_borrow_the_tag_of_another_to_stand_over_it(writer: Writer) -> None:
    writer.lay(DESKS[0], "10:00", "11:00", tag=77)
    with pytest.raises(DatabaseRefused):
        writer.lay(DESKS[0], "10:00", "11:00", tag=77)


def test_people_may_be_present_together(writer: Writer) -> None:
    for organisation in (1, 2):
        writer.lay("kontoret", "10:00", "11:00", PRESENCE, about=organisation)


def test_a_claim_is_of_32_days_at_most(writer: Writer) -> None:
    start = writer.house.at("10:00")
    number = writer.lay(DESKS[0], start, start + timedelta(days=32))
    for kind, more in ((HOLD, {}), (PRESENCE, {"about": 1})):
        with pytest.raises((GuardRefused, DatabaseRefused)):
            writer.lay(DESKS[1], start, start + timedelta(days=32, minutes=1), kind, **more)
    with pytest.raises((GuardRefused, DatabaseRefused)):
        writer.alter(number, ends=start + timedelta(days=32, minutes=1))


def test_the_longest_claim_is_found_from_its_last_minute(writer: Writer) -> None:
    start = writer.house.at("10:00")
    writer.lay(DESKS[0], start, start + timedelta(days=32))
    last = start + timedelta(days=32)
    with pytest.raises(GuardRefused):
        writer.lay(DESKS[0], last - timedelta(minutes=1), last + timedelta(hours=1))


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        (HOLD, {"tag": None}),
        (WALL, {"tag": None}),
        (PRESENCE, {"about": None}),
        (PRESENCE, {"tag": 3, "about": 1}),
    ],
)
def test_a_claim_that_would_escape_the_guard_cannot_be_written(
    writer: Writer, kind: int, more: dict[str, Any]
) -> None:
    with pytest.raises(DatabaseRefused):
        writer.lay(DESKS[0], "10:00", "11:00", kind, **more)


def test_a_claim_ends_after_it_starts(writer: Writer) -> None:
    for end in ("10:00", "09:00"):
        with pytest.raises(DatabaseFailed):
            writer.lay(DESKS[0], "10:00", end)


def test_a_claim_belongs_to_a_space_and_an_occurrence_that_exist(writer: Writer) -> None:
    for more in ({"space_id": 10_000}, {"occurrence_id": 10_000}, {"premises_id": 10_000}):
        with pytest.raises(DatabaseRefused):
            writer.lay(DESKS[0], "10:00", "11:00", **more)
