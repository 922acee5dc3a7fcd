"""Displays at doors: outsiders who book for the premises itself, open, today and short."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from booking.domain.bookings import Purpose
from booking.domain.doors import (
    LONGEST,
    books_at_the_door,
    lengths,
    promised,
    refusals_at_the_door,
    taken_back,
)
from booking.domain.people import Visibility
from booking.domain.permissions import Deed, may
from booking.domain.premises import Category, Kind
from booking.domain.refusals import Reason
from booking.domain.views import Busy, Full
from tests.domain.cast import (
    DOOR,
    KONSTNAR,
    NOW,
    PLATS,
    POLICE_AND_GUARDS,
    POLIS,
    PREMISES,
    SILENT_DOOR,
    TRAFIK,
    at,
    span,
)
from tests.domain.world import World

MINUTE = timedelta(minutes=1)


@pytest.fixture
def world() -> World:
    return World()


def seen(world: World, viewer: object, resource: str = "arbetsplats-1") -> list[Full | Busy]:
    entries = world.board(viewer).entries  # type: ignore[arg-type]
    return [each for each in entries if each.resource == resource]


def test_a_display_knows_what_is_open_and_nothing_internal(world: World) -> None:
    world.book(TRAFIK, "arbetsplats-1", span("08:00", "09:00"), visibility=Visibility.OPEN)
    world.book(TRAFIK, "arbetsplats-1", span("10:00", "11:00"), visibility=Visibility.INTERNAL)
    known, hidden = seen(world, DOOR)
    assert isinstance(known, Full)
    assert hidden == Busy("arbetsplats-1", span("10:00", "11:00"))


def test_where_the_premises_does_not_say_so_it_knows_time_alone(world: World) -> None:
    world.book(TRAFIK, "arbetsplats-1", span("08:00", "09:00"), visibility=Visibility.OPEN)
    world.book(PLATS, "arbetsplats-1", span("09:00", "11:00"), visibility=Visibility.INTERNAL)
    assert seen(world, SILENT_DOOR) == [Busy("arbetsplats-1", span("08:00", "11:00"))]


def test_a_display_is_no_member_of_anything() -> None:
    assert DOOR.signed_in
    assert not DOOR.of_an_organisation
    allowed = {deed for deed in Deed if may(DOOR, deed)}
    assert Deed.DOOR_BOOK in allowed
    assert not allowed & {
        Deed.BOOKING_BOOK,
        Deed.DOOR_KEEP,
        Deed.CIRCLE_SEE,
        Deed.ORGANISATION_RUN,
        Deed.HISTORY_OF_ORGANISATION,
        Deed.JOB_SEE,
    }
    assert not any(may(each, Deed.DOOR_BOOK) for each in (POLIS, PLATS, KONSTNAR))


def test_nothing_is_booked_at_a_door_where_a_briefing_is(world: World) -> None:
    world.book(POLIS, "hela-lokalen", span("17:00", "17:45"), POLICE_AND_GUARDS)
    attempt = world.attempt(DOOR, world.use(DOOR, "arbetsplats-3"))
    assert attempt.judge(span("17:10", "17:30")).refused


def at_the_door(start: str, end: str) -> Full:
    """What a display has booked, as its viewer sees it."""
    world = World()
    world.book(DOOR, "arbetsplats-1", span(start, end), visibility=Visibility.OPEN)
    [view] = world.board(PLATS).bookings
    return replace(view, purpose=Purpose.DOOR)


def test_what_was_booked_at_a_door_the_coordinator_cancels_and_no_other() -> None:
    view = at_the_door("08:00", "08:30")
    assert may(PLATS, Deed.BOOKING_CANCEL, view)
    assert not may(PLATS, Deed.BOOKING_CHANGE, view)
    assert not any(may(each, Deed.BOOKING_CANCEL, view) for each in (POLIS, TRAFIK, KONSTNAR))
    assert not may(PLATS, Deed.BOOKING_CANCEL, replace(view, purpose=Purpose.USE))


@pytest.mark.parametrize(
    ("start", "end", "held", "reasons"),
    [
        (at("08:00"), at("09:00"), 0, []),
        (at("08:00"), at("09:01"), 0, [Reason.TOO_LONG]),
        (at("08:00", 1), at("08:30", 1), 0, [Reason.TOO_FAR_AHEAD]),
        (at("23:30"), at("00:00", 1), 0, []),
        (at("23:30"), at("00:01", 1), 0, [Reason.TOO_FAR_AHEAD]),
        (at("08:00"), at("08:30"), 1, []),
        (at("08:00"), at("08:30"), 2, [Reason.TOO_MANY_AHEAD]),
    ],
)
def test_a_door_books_today_an_hour_at_most_and_one_ahead(
    start: datetime, end: datetime, held: int, reasons: list[Reason]
) -> None:
    own = [at_the_door("10:00", "10:30")] * held
    found = refusals_at_the_door(PREMISES, type(span("08:00", "09:00"))(start, end), NOW, own)
    assert [each.reason for each in found] == reasons


def test_what_has_ended_is_not_counted() -> None:
    own = [at_the_door("07:30", "08:00")] * 2
    assert [*refusals_at_the_door(PREMISES, span("08:00", "08:30"), at("08:00"), own)] == []


@pytest.mark.parametrize(
    ("free", "minutes"),
    [
        ("21:00", [30, 15, 45, 60]),
        ("07:50", [30, 15, 45]),
        ("07:20", [20, 15]),
        ("07:05", [5]),
        ("07:04", []),
    ],
)
def test_lengths_are_offered_as_far_as_it_is_free(free: str, minutes: list[int]) -> None:
    assert [each // MINUTE for each in lengths(span("07:00", free))] == minutes


def test_the_end_that_was_promised_is_kept_while_somebody_chooses() -> None:
    half = timedelta(minutes=30)
    assert promised(at("08:00"), half, at("08:00") + timedelta(seconds=20)) == span("08:00", "08:30")
    assert promised(at("08:00"), half, at("08:01") + timedelta(seconds=5)) == span("08:01", "08:30")
    assert promised(at("09:00"), half, at("08:00")) == span("09:00", "09:30")
    assert promised(at("08:00"), half, at("08:30")) is None


def test_what_was_taken_a_moment_ago_is_taken_back_whole() -> None:
    view = at_the_door("08:00", "08:30")
    assert taken_back(view, at("07:00"))
    assert taken_back(view, at("08:01"))
    assert not taken_back(view, at("08:02"))


def test_what_needs_approval_is_not_booked_at_its_door() -> None:
    room, desk = PREMISES.by_key["motesrummet"], PREMISES.by_key["arbetsplats-1"]
    place, guests = PREMISES.rule_for(Category.PLACE), PREMISES.rule_for(Category.GUEST)
    assert books_at_the_door(place, room)
    assert books_at_the_door(guests, desk)
    assert Kind.ROOM in (guests.approval if guests else ())
    assert not books_at_the_door(guests, room)
    assert not books_at_the_door(None, desk)
    assert timedelta(hours=1) == LONGEST
