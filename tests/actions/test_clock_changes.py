"""The nights the clock is changed: bookings keep their wall clock, and are as long as they really are."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from booking.actions import booking, changing, feeding, looking
from booking.actions.changes import Changes
from booking.actions.feeding import FeedWish
from booking.domain.spans import Span, instant, local_day
from tests.cast import DESKS, HALL, MEETING_ROOM, POLICE, POLICE_CIRCLE, PREMISES, TRAFFIC, ZONE
from tests.support.house import House

pytestmark = pytest.mark.usefixtures("inside")
BACK = date(2026, 10, 25)  # 03.00 becomes 02.00: a day of 25 hours
FORWARD = date(2027, 3, 28)  # 02.00 becomes 03.00: a day of 23 hours


@pytest.fixture(autouse=True)
def before_both(house: House) -> None:
    house.clock.now = datetime(2026, 10, 1, 6, tzinfo=UTC)


@pytest.mark.parametrize(("day", "hours"), [(BACK, 7), (FORWARD, 5), (date(2026, 10, 26), 6)])
def test_a_night_is_as_long_as_it_is(house: House, day: date, hours: int) -> None:
    made = house.book(POLICE, HALL, "00:00", "06:00", day, circle=POLICE_CIRCLE).view
    seen = looking.look_at(house.viewer(POLICE), made.id, house.clock()).view.span
    assert seen.length == timedelta(hours=hours)
    clock = [f"{each.astimezone(ZONE):%Y-%m-%d %H:%M}" for each in (seen.start, seen.end)]
    assert clock == [f"{day} 00:00", f"{day} 06:00"]


@pytest.mark.parametrize(("day", "hours"), [(BACK, 25), (FORWARD, 23)])
def test_a_whole_day_is_busy_from_midnight_to_midnight(house: House, day: date, hours: int) -> None:
    house.book(POLICE, HALL, "00:00", "24:00", day, circle=POLICE_CIRCLE)
    seen = looking.board(house.viewer(TRAFFIC), house.place, local_day(day, ZONE), house.clock()).board
    (hall,) = (each.span for each in seen.busy if each.resource == HALL)
    assert hall == local_day(day, ZONE)
    assert hall.length == timedelta(hours=hours)


@pytest.mark.parametrize("day", [BACK, FORWARD])
def test_a_booking_across_the_change_is_the_same_in_a_calendar(house: House, day: date) -> None:
    made = house.book(POLICE, DESKS[0], "01:00", "05:00", day, title="Natt").view
    _, secret = feeding.issue(house.viewer(POLICE), FeedWish(PREMISES), house.clock())
    assert [
        each.span
        for each in feeding.fetch(feeding.reader(secret, "test", house.clock()), house.clock()).bookings
    ] == [made.span]


def test_a_booking_across_both_changes_has_its_right_length(house: House) -> None:
    for day in (BACK, FORWARD):
        first = house.at("12:00", day - timedelta(days=15))
        last = house.at("12:00", day + timedelta(days=15))
        order = replace(house.order(DESKS[0], "12:00", "13:00", day), span=Span(first, last))
        length = booking.book(house.viewer(POLICE), order, house.clock()).view.span.length
        assert length == timedelta(days=30) + timedelta(hours=1 if day == BACK else -1)


def test_a_time_that_exists_twice_is_the_first_of_the_two(house: House) -> None:
    made = house.book(POLICE, MEETING_ROOM, "02:15", "02:45", BACK).view
    assert made.span == Span(
        datetime(2026, 10, 25, 0, 15, tzinfo=UTC), datetime(2026, 10, 25, 0, 45, tzinfo=UTC)
    )
    order = replace(
        house.order(MEETING_ROOM, "02:15", "02:45", BACK),
        span=Span(*(each + timedelta(hours=1) for each in (made.span.start, made.span.end))),
    )
    assert booking.book(house.viewer(POLICE), order, house.clock()).view.span.length == timedelta(minutes=30)


def test_a_time_that_does_not_exist_is_no_instant() -> None:
    assert instant(FORWARD, time(2, 30), ZONE) is None


def test_a_booking_moved_over_the_change_keeps_the_wall_clock_it_is_given(house: House) -> None:
    made = house.book(POLICE, DESKS[0], "01:00", "05:00", BACK - timedelta(days=1)).view
    assert made.span.length == timedelta(hours=4)
    changes = Changes(start=house.at("01:00", BACK), end=house.at("05:00", BACK))
    moved = changing.change(house.viewer(POLICE), made.id, changes, None, house.clock()).view
    assert moved.span.length == timedelta(hours=5)


def test_opening_hours_are_by_the_wall_clock_on_both_sides(house: House) -> None:
    for day in (BACK, BACK - timedelta(days=1), FORWARD):
        made = house.book(TRAFFIC, DESKS[0], "07:00", "21:00", day).view
        assert made.span.length == timedelta(hours=14)
