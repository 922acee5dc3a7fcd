"""What is free: every time that is shown can be had, and none that could be had is left out."""

from dataclasses import replace
from datetime import timedelta

import pytest

from booking.actions import booking
from booking.actions.errors import Alternative, Clash, Refused
from booking.actions.finding import find_free
from booking.actions.wishing import Order
from booking.domain.premises import Kind
from booking.domain.spans import Span
from tests.cast import (
    ARTIST,
    DESKS,
    HALL,
    MEETING_ROOM,
    POLICE,
    POLICE_CIRCLE,
    SOCIAL,
    SOCIAL_CIRCLE,
    TRAFFIC,
)
from tests.support.house import House

pytestmark = pytest.mark.usefixtures("inside")


def free(
    house: House, who: str, order: Order, window: Span, kind: Kind | None = None, limit: int = 50
) -> list[Alternative]:
    return find_free(house.viewer(who), house.place, order, kind, window, limit, house.clock())


@pytest.fixture
def busy_day(house: House, inside: None) -> None:
    house.book(SOCIAL, MEETING_ROOM, "10:00", "11:00", circle=SOCIAL_CIRCLE)
    house.book(TRAFFIC, DESKS[0], "08:00", "12:00", visibility="open")
    house.book(POLICE, HALL, "17:00", "17:45", circle=POLICE_CIRCLE)
    house.book(TRAFFIC, MEETING_ROOM, "13:00", "14:00")


@pytest.mark.usefixtures("busy_day")
@pytest.mark.parametrize(
    ("who", "resource"), [(ARTIST, DESKS[0]), (TRAFFIC, HALL), (TRAFFIC, MEETING_ROOM), (POLICE, DESKS[1])]
)
def test_every_free_time_can_be_had(house: House, who: str, resource: str) -> None:
    order = house.order(resource, "10:00", "10:45")
    found = free(house, who, order, house.span("07:00", "21:00"))
    assert found
    for each in found:
        booking.try_out(house.viewer(who), replace(order, span=each.span), house.clock())


@pytest.mark.usefixtures("busy_day")
@pytest.mark.parametrize("resource", [HALL, MEETING_ROOM, DESKS[0]])
def test_no_free_time_is_left_out(house: House, resource: str) -> None:
    """Where a start at some quarter is accepted, the search from there finds a time no later than it."""
    for quarter in range(13 * 4):
        start = house.at("07:00") + timedelta(minutes=15 * quarter)
        order = replace(
            house.order(resource, "10:00", "10:45"), span=Span(start, start + timedelta(minutes=45))
        )
        try:
            booking.try_out(house.viewer(TRAFFIC), order, house.clock())
        except Clash:
            continue
        window = Span(start, house.at("21:00"))
        assert free(house, TRAFFIC, order, window, limit=1)[0].span == order.span


@pytest.mark.usefixtures("busy_day")
def test_free_desks_are_found_at_the_wanted_time_on_any_that_is_free(house: House) -> None:
    order = house.order("any-desk", "08:00", "12:00")
    found = free(house, ARTIST, order, order.span, Kind.DESK)
    assert [(each.resource, each.span) for each in found] == [(desk, order.span) for desk in DESKS[1:]]


def test_nothing_is_free_outside_hours_in_the_past_or_too_far_ahead(house: House) -> None:
    order = house.order(DESKS[0], "10:00", "11:00")
    night = Span(house.at("21:00"), house.at("21:00") + timedelta(hours=10))
    assert free(house, ARTIST, order, night) == []
    assert free(house, POLICE, order, night)
    earlier = Span(house.at("07:00") - timedelta(days=1), house.at("07:00"))
    assert free(house, POLICE, order, earlier) == []
    far = Span(*(each + timedelta(days=31) for each in (house.at("07:00"), house.at("21:00"))))
    assert free(house, ARTIST, order, far) == []


def test_a_rule_that_no_time_mends_is_said_at_once(house: House) -> None:
    with pytest.raises(Refused):
        free(house, ARTIST, house.order(DESKS[0], "10:00", "14:30"), house.span("07:00", "21:00"))


@pytest.mark.usefixtures("busy_day")
def test_a_room_that_must_be_asked_for_is_offered_when_it_can_be_asked_for(house: House) -> None:
    order = house.order(MEETING_ROOM, "10:00", "11:00")
    found = free(house, ARTIST, order, house.span("09:00", "15:00"))
    assert [each.span for each in found] == [
        house.span(start, end)
        for start, end in (("09:00", "10:00"), ("11:00", "12:00"), ("12:00", "13:00"), ("14:00", "15:00"))
    ]
    for each in found:
        judged = booking.try_out(house.viewer(ARTIST), replace(order, span=each.span), house.clock())
        assert judged.wish.waits


def test_a_free_time_makes_nobody_give_way(house: House) -> None:
    house.book(ARTIST, DESKS[1], "13:00", "15:00", visibility="open")
    order = house.order(HALL, "13:00", "14:00", circle=POLICE_CIRCLE)
    for each in free(house, POLICE, order, house.span("12:00", "18:00")):
        judged = booking.try_out(house.viewer(POLICE), replace(order, span=each.span), house.clock())
        assert judged.displaceable == ()
