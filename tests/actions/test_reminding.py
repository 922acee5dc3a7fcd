"""Being reminded of what is to come, as long before as one chose."""

from datetime import datetime

import pytest
from sqlalchemy import select

from booking.actions import cancelling, changing, reminding
from booking.actions.changes import Changes
from booking.domain.bookings import Repetition
from booking.storage.database import run, transaction
from booking.storage.tables import notices, people
from tests.cast import (
    ARTIST,
    DESKS,
    GUARD,
    HALL,
    MEETING_ROOM,
    POLICE,
    POLICE_CIRCLE,
    POLICE_COLLEAGUE,
    TRAFFIC,
)
from tests.support.house import House

pytestmark = pytest.mark.usefixtures("inside")


def letters(house: House) -> list[tuple[str, str, datetime]]:
    """Who was reminded of what, in order."""
    emails = {house.viewer(each).person: each for each in (POLICE, POLICE_COLLEAGUE, GUARD, TRAFFIC, ARTIST)}
    rows = run(select(notices).order_by(notices.c.id))
    return [(emails[row.person_id], row.booking_id, row.occurrence) for row in rows if row.kind == "reminder"]


def wants(email: str, minutes: int | None) -> None:
    with transaction():
        run(people.update().where(people.c.email == email).values(remind_minutes=minutes))


def remind(house: House, clock: str) -> int:
    house.clock.now = house.at(clock)
    return reminding.remind(house.clock())


def test_the_one_who_booked_is_reminded_once_in_good_time(house: House) -> None:
    wants(TRAFFIC, 30)
    made = house.book(TRAFFIC, DESKS[0], "10:00", "12:00").view
    assert [remind(house, clock) for clock in ("09:29", "09:30", "09:31", "10:01")] == [0, 1, 0, 0]
    assert letters(house) == [(TRAFFIC, made.id, made.occurrence)]


def test_whoever_never_chose_is_never_reminded(house: House) -> None:
    house.book(TRAFFIC, DESKS[0], "10:00", "12:00", attendees=(GUARD,))
    assert remind(house, "09:59") == 0
    assert letters(house) == []


def test_those_invited_are_reminded_each_at_their_own_time(house: House) -> None:
    for who, minutes in ((TRAFFIC, 15), (GUARD, 60), (POLICE, 60)):
        wants(who, minutes)
    house.book(TRAFFIC, MEETING_ROOM, "10:00", "12:00", attendees=(GUARD, POLICE))
    sent = [remind(house, clock) for clock in ("08:59", "09:00", "09:30", "09:45", "09:50")]
    assert sent == [0, 2, 0, 1, 0]
    assert {to for to, *_ in letters(house)[:2]} == {GUARD, POLICE}
    assert letters(house)[2][0] == TRAFFIC


def test_each_time_of_a_series_by_itself(house: House) -> None:
    wants(TRAFFIC, 30)
    house.book(TRAFFIC, DESKS[0], "10:00", "12:00", repeat=Repetition("FREQ=DAILY;COUNT=3"))
    assert remind(house, "09:40") == 1
    house.clock.step(days=1)
    assert reminding.remind(house.clock()) == 1
    assert len(set(letters(house))) == 2


def test_not_of_what_was_cancelled(house: House) -> None:
    wants(TRAFFIC, 30)
    made = house.book(TRAFFIC, DESKS[0], "10:00", "12:00").view
    cancelling.cancel(house.viewer(TRAFFIC), made.id, house.clock())
    assert remind(house, "09:40") == 0


@pytest.mark.parametrize(
    ("holder", "reminded"), [(TRAFFIC, 0), (GUARD, 1)], ids=["an outsider", "a member of the circle"]
)
def test_not_of_a_desk_that_had_to_give_way_to_them(house: House, holder: str, reminded: int) -> None:
    wants(holder, 30)
    house.book(holder, DESKS[0], "10:00", "12:00", visibility="open")
    house.book(POLICE, HALL, "09:30", "10:30", circle=POLICE_CIRCLE, agree=True)
    assert remind(house, "09:40") == reminded


def test_not_of_a_room_that_had_to_give_way(house: House) -> None:
    wants(TRAFFIC, 30)
    house.book(TRAFFIC, HALL, "10:00", "12:00")
    house.book(POLICE, HALL, "09:30", "10:30", circle=POLICE_CIRCLE, agree=True)
    assert remind(house, "09:40") == 0


def test_of_a_confidential_one_the_one_who_booked_alone(house: House) -> None:
    for who in (POLICE, POLICE_COLLEAGUE, GUARD, TRAFFIC):
        wants(who, 30)
    house.book(POLICE, HALL, "10:00", "12:00", circle=POLICE_CIRCLE, attendees=(GUARD,))
    assert remind(house, "09:40") == 1
    assert [to for to, *_ in letters(house)] == [POLICE]


def test_who_moves_it_is_reminded_of_the_new_time_too(house: House) -> None:
    wants(TRAFFIC, 30)
    made = house.book(TRAFFIC, DESKS[0], "10:00", "12:00").view
    assert remind(house, "09:40") == 1
    later = Changes(start=house.at("14:00"), end=house.at("15:00"))
    changing.change(house.viewer(TRAFFIC), made.id, later, None, house.clock())
    assert [remind(house, clock) for clock in ("13:29", "13:30", "13:31")] == [0, 1, 0]


def test_nobody_whose_account_has_ended(house: House) -> None:
    wants(TRAFFIC, 30)
    house.book(TRAFFIC, DESKS[0], "10:00", "12:00")
    with transaction():
        run(people.update().where(people.c.email == TRAFFIC).values(ends_at=house.at("09:00")))
    assert remind(house, "09:40") == 0
