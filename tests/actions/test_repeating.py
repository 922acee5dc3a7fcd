"""A series as it stands: what was left out of it, its refused dates, and trying one of these again."""

from datetime import date, timedelta

import pytest

from booking.actions import booking, cancelling, changing, repeating
from booking.actions.changes import Changes, Scope
from booking.actions.errors import Clash, NotFound, Refused
from booking.actions.looking import Opened
from booking.actions.wishing import Given
from booking.domain.bookings import Repetition
from booking.domain.refusals import Reason
from tests.cast import (
    ARTIST,
    DESKS,
    HALL,
    MEETING_ROOM,
    POLICE,
    POLICE_CIRCLE,
    POLICE_COLLEAGUE,
    TODAY,
    TRAFFIC,
)
from tests.support.house import House

pytestmark = pytest.mark.usefixtures("inside")
WEEK = timedelta(days=7)
FIVE = Repetition("FREQ=WEEKLY;COUNT=5")


def weekly(house: House, who: str = TRAFFIC, place: str = MEETING_ROOM, **fields: object) -> Opened:
    """A series on five Tuesdays from today, ten to eleven, without those that clash."""
    return house.book(who, place, "10:00", "11:00", repeat=FIVE, skip=True, **fields)


def nth(number: int) -> date:
    return TODAY + number * WEEK


def test_only_what_was_said_to_be_left_out_is_left_out(house: House) -> None:
    house.book(POLICE, MEETING_ROOM, "10:30", "11:30", nth(1), title="Möte")
    clash = house.clash(TRAFFIC, MEETING_ROOM, "10:00", "11:00", repeat=FIVE)
    assert clash.fits == 4
    seen = tuple(each.occurrence for each in clash.met)
    house.book(POLICE, MEETING_ROOM, "10:30", "11:30", nth(2), title="Möte")
    with pytest.raises(Clash) as more:
        weekly(house, left_out=seen)
    now_seen = tuple(each.occurrence for each in more.value.met)
    assert len(now_seen) == 2
    series = weekly(house, left_out=now_seen)
    refused = repeating.refused_dates(house.viewer(TRAFFIC), series.view.id, house.clock())
    assert [(each.span.start, each.reason) for each in refused] == [(each, "clash") for each in now_seen]


def test_a_refused_date_is_booked_as_the_series_own_once_it_is_free(house: House) -> None:
    other = house.book(POLICE, MEETING_ROOM, "10:30", "11:30", nth(1), title="Möte")
    series = weekly(house, title="Lägesmöte", attendees=(POLICE,))
    viewer, starts = house.viewer(POLICE), house.at("10:00", nth(1))
    with pytest.raises(NotFound):
        repeating.refused_dates(viewer, series.view.id, house.clock())
    viewer = house.viewer(TRAFFIC)
    with pytest.raises(Clash) as met:
        repeating.try_again(viewer, series.view.id, starts, house.clock())
    assert [view.id for view in met.value.clashes if hasattr(view, "id")] == [other.view.id]
    cancelling.cancel(house.viewer(POLICE), other.view.id, house.clock())
    made = repeating.try_again(viewer, series.view.id, starts, house.clock())
    assert (made.span, made.occurrence) == (house.span("10:00", "11:00", nth(1)), starts)
    assert made.content is not None
    assert (made.content.title, [each.email for each in made.content.attendees]) == ("Lägesmöte", [POLICE])
    assert repeating.refused_dates(viewer, series.view.id, house.clock()) == ()
    assert repeating.occurrences_of(viewer, series.view.id, house.clock()).coming == 5
    with pytest.raises(NotFound):
        repeating.try_again(viewer, series.view.id, starts, house.clock())
    with pytest.raises(Clash):
        house.book(POLICE, MEETING_ROOM, "10:30", "11:30", nth(1))


def test_who_stands_on_a_refused_date_gives_way_only_to_a_yes(house: House) -> None:
    desk = house.book(ARTIST, DESKS[1], "10:00", "12:00", nth(1), title="Skiss", visibility="open").view
    briefing = house.book(
        POLICE, HALL, "10:00", "11:00", repeat=FIVE, skip=True, circle=POLICE_CIRCLE, title="Hemligt"
    ).view
    viewer, starts = house.viewer(POLICE_COLLEAGUE), house.at("10:00", nth(1))
    with pytest.raises(Clash) as met:
        repeating.try_again(viewer, briefing.id, starts, house.clock())
    assert [each.id for each in met.value.displaceable] == [desk.id]
    made = repeating.try_again(
        viewer, briefing.id, starts, house.clock(), frozenset({Given(desk.id, desk.span)})
    )
    assert (made.sealed, made.circles) == (True, briefing.circles)


def test_nobody_elses_date_and_no_invented_one_is_tried_again(house: House) -> None:
    house.book(POLICE, MEETING_ROOM, "10:30", "11:30", nth(1), title="Möte")
    series = weekly(house, title="Lägesmöte").view
    starts = house.at("10:00", nth(1))
    with pytest.raises(Exception, match="booking:change"):
        repeating.try_again(house.viewer(POLICE), series.id, starts, house.clock())
    for invented in (house.at("10:00", nth(2)), house.at("10:00", nth(9))):
        with pytest.raises(NotFound):
            repeating.try_again(house.viewer(TRAFFIC), series.id, invented, house.clock())


def test_times_that_the_clock_skips_are_refused_on_their_own_days(house: House) -> None:
    order = house.order(
        MEETING_ROOM,
        "02:15",
        "02:45",
        date(2027, 3, 26),
        repeat=Repetition("FREQ=DAILY;COUNT=4"),
        skip=True,
        title="Nattpass",
    )
    viewer = house.viewer(POLICE)
    made = booking.book(viewer, order, house.clock()).view
    (refused,) = repeating.refused_dates(viewer, made.id, house.clock())
    assert (refused.span.start, refused.reason) == (house.at("03:15", date(2027, 3, 28)), "no-such-time")
    with pytest.raises(Refused) as wrong:
        repeating.try_again(viewer, made.id, refused.span.start, house.clock())
    assert [each.reason for each in wrong.value.refusals] == [Reason.NO_SUCH_TIME]


def test_what_was_moved_on_its_own_is_told_apart_also_after_the_whole_series_was_moved(house: House) -> None:
    series = weekly(house, title="Lägesmöte").view
    viewer, number, now = house.viewer(TRAFFIC), series.id, house.clock()
    alone, gone = house.at("10:00", nth(1)), house.at("10:00", nth(3))
    moved = Changes(start=house.at("12:00", nth(1)), end=house.at("13:00", nth(1)))
    changing.change(viewer, number, moved, None, now, Scope.THIS, alone)
    changing.change(viewer, number, Changes(title="Annat"), None, now, Scope.THIS, house.at("10:00", nth(2)))
    cancelling.cancel(viewer, number, now, occurrence=gone)
    later = Changes(start=house.at("10:30"), end=house.at("11:30"))
    changing.change(viewer, number, later, None, now, Scope.ALL, house.at("10:00"))
    found = repeating.occurrences_of(viewer, number, now)
    assert [(each.occurrence, each.span) for each in found.moved] == [
        (alone, house.span("12:30", "13:30", nth(1)))
    ]
    assert [each.occurrence for each in found.cancelled] == [gone]
    assert found.coming == 4
    assert [each.span.start for each in found.shown] == [
        house.at("10:30"),
        house.at("12:30", nth(1)),
        house.at("10:30", nth(2)),
        house.at("10:30", nth(4)),
    ]
    few = repeating.occurrences_of(viewer, number, now, first=1, most=2)
    assert (len(few.shown), few.coming) == (2, 4)
