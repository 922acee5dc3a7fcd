"""Series: booked in one go, by the wall clock, with what clashes left out and kept; changed and cancelled in part."""

from datetime import date, timedelta

import pytest

from booking.actions import booking, cancelling, changing, looking, operating
from booking.actions.changes import Changes, Scope
from booking.actions.errors import Changed, Clash, Refused
from booking.actions.looking import Opened
from booking.actions.wishing import Given, Order
from booking.domain.bookings import Repetition, Status
from booking.domain.refusals import Reason
from booking.domain.spans import Span
from booking.domain.views import Full
from booking.storage import sealed
from booking.storage.database import run
from booking.storage.tables import refused_dates
from tests.cast import (
    ARTIST,
    DESKS,
    GUARD,
    HALL,
    MEETING_ROOM,
    POLICE,
    POLICE_CIRCLE,
    POLICE_COLLEAGUE,
    TABLE,
    TODAY,
    TRAFFIC,
    ZONE,
)
from tests.support.house import House

pytestmark = pytest.mark.usefixtures("inside")
WEEK = timedelta(days=7)


def weekly(house: House, who: str = POLICE, where: str = HALL, times: int = 5, **fields: object) -> Opened:
    """A booking of an hour from nine, every Tuesday from today."""
    return house.book(who, where, "09:00", "10:00", repeat=Repetition(f"FREQ=WEEKLY;COUNT={times}"), **fields)


def times(house: House, made: Opened, who: str = POLICE) -> list[Full]:
    """Every time of a booking that somebody sees standing, by start."""
    window = Span(house.clock(), house.clock() + timedelta(days=400))
    board = looking.board(house.viewer(who), house.place, window, house.clock()).board
    return [each for each in board.bookings if each.id == made.view.id]


def clocks(views: list[Full]) -> list[str]:
    return [f"{each.span.start.astimezone(ZONE):%d/%m %H:%M}" for each in views]


# --- booking ----------------------------------------------------------------------------------


def test_a_series_keeps_the_wall_clock_when_the_clocks_change(house: House) -> None:
    made = weekly(house, times=30)
    seen = times(house, made)
    assert len(seen) == 30
    assert {f"{each.span.start.astimezone(ZONE):%a %H:%M}" for each in seen} == {"Tue 09:00"}
    assert {each.span.start.hour for each in seen} == {7, 8}
    assert made.view.repetition == Repetition("FREQ=WEEKLY;COUNT=30")


def test_a_year_of_daily_briefings_is_one_booking(house: House) -> None:
    made = house.book(
        POLICE, HALL, "17:00", "17:45", circle=POLICE_CIRCLE, repeat=Repetition("FREQ=DAILY;COUNT=366")
    )
    seen = times(house, made, GUARD)
    assert len(seen) == 366
    assert all(each.sealed for each in seen)
    assert [audit.broken for audit in operating.audit()] == [()]


def test_days_left_out_are_left_out(house: House) -> None:
    without = Repetition("FREQ=DAILY;COUNT=4", (TODAY + timedelta(days=2),))
    made = house.book(POLICE, MEETING_ROOM, "09:00", "10:00", repeat=without)
    assert clocks(times(house, made)) == ["24/11 09:00", "25/11 09:00", "27/11 09:00"]


def test_a_night_without_half_past_two_is_refused_with_its_reason_and_the_rest_can_be_had(
    house: House,
) -> None:
    night = date(2027, 3, 26)
    rule = Repetition("FREQ=DAILY;COUNT=4")
    clash = house.clash(POLICE, MEETING_ROOM, "02:30", "04:00", night, repeat=rule)
    assert [(each.reason, each.views) for each in clash.met] == [(Reason.NO_SUCH_TIME, ())]
    assert clash.fits == 3
    made = house.book(POLICE, MEETING_ROOM, "02:30", "04:00", night, repeat=rule, skip=True)
    assert clocks(times(house, made)) == ["26/03 02:30", "27/03 02:30", "29/03 02:30"]


def test_what_clashes_is_listed_and_either_nothing_or_the_rest_is_booked(house: House) -> None:
    house.book(GUARD, MEETING_ROOM, "09:30", "10:30", TODAY + 2 * WEEK, title="Möte")
    with pytest.raises(Clash) as caught:
        weekly(house)
    clash = caught.value
    assert clash.fits == 4
    assert [(each.occurrence, [view.title for view in _full(each.views)]) for each in clash.met] == [
        (house.at("09:00", TODAY + 2 * WEEK), ["Möte"])
    ]
    made = weekly(house, skip=True)
    assert clocks(times(house, made)) == ["24/11 09:00", "01/12 09:00", "15/12 09:00", "22/12 09:00"]
    kept = run(refused_dates.select()).all()
    assert [(row.booking_id, row.starts, row.reason) for row in kept] == [
        (made.view.id, house.at("09:00", TODAY + 2 * WEEK), "clash")
    ]


def _full(views: object) -> list[object]:
    return [view.content for view in views if isinstance(view, Full)]  # type: ignore[attr-defined]


def test_a_series_that_would_overlap_itself_is_refused(house: House) -> None:
    order = house.order(MEETING_ROOM, "09:00", "10:00", repeat=Repetition("FREQ=DAILY;COUNT=3"))
    longer = Order(**{**vars(order), "span": Span(order.span.start, order.span.start + timedelta(hours=25))})
    with pytest.raises(Refused) as caught:
        booking.book(house.viewer(POLICE), longer, house.clock())
    refused = caught.value
    assert [each.reason for each in refused.refusals] == [Reason.REPEAT_OVERLAPS]


def test_any_desk_is_one_desk_for_the_whole_series(house: House) -> None:
    house.book(GUARD, DESKS[0], "09:00", "10:00", TODAY + WEEK)
    made = weekly(house, TRAFFIC, "any-desk")
    assert {each.resource for each in times(house, made)} == {DESKS[1]}


def test_all_that_gives_way_to_a_series_is_agreed_to_in_one_list(house: House) -> None:
    table = house.book(ARTIST, TABLE, "08:30", "09:30", TODAY + WEEK).view
    desk = house.book(ARTIST, DESKS[0], "09:30", "11:00", TODAY + 2 * WEEK).view
    with pytest.raises(Clash) as caught:
        weekly(house, circle=POLICE_CIRCLE)
    clash = caught.value
    assert clash.met == ()
    assert [each.id for each in clash.displaceable] == [table.id, desk.id]
    some = {Given(table.id)}
    with pytest.raises(Clash):
        weekly(house, circle=POLICE_CIRCLE, displace=frozenset(some))
    made = weekly(house, circle=POLICE_CIRCLE, displace=frozenset(some | {Given(desk.id)}))
    assert len(times(house, made)) == 5
    mine = looking.mine(
        house.viewer(ARTIST),
        house.place,
        Span(house.clock(), house.at("09:00", TODAY + 3 * WEEK)),
        house.clock(),
    )
    assert [each.suspended for each in mine.views] == [
        (house.span("09:00", "09:30", TODAY + WEEK),),
        (house.span("09:30", "10:00", TODAY + 2 * WEEK),),
    ]
    cancelling.cancel(
        house.viewer(POLICE), made.view.id, house.clock(), occurrence=house.at("09:00", TODAY + WEEK)
    )
    mine = looking.mine(
        house.viewer(ARTIST),
        house.place,
        Span(house.clock(), house.at("09:00", TODAY + 3 * WEEK)),
        house.clock(),
    )
    assert [each.suspended for each in mine.views] == [(), (house.span("09:30", "10:00", TODAY + 2 * WEEK),)]


# --- changing ---------------------------------------------------------------------------------


def change(house: House, made: Opened, scope: Scope, nth: int, **fields: object) -> Opened:
    """A colleague changes the booking at its nth time; hours are of that day."""
    named = house.at("09:00", TODAY + nth * WEEK)
    for name in ("start", "end"):
        if name in fields:
            fields[name] = house.at(str(fields[name]), TODAY + nth * WEEK)
    changes = Changes(**fields)  # type: ignore[arg-type]
    return changing.change(
        house.viewer(POLICE_COLLEAGUE), made.view.id, changes, None, house.clock(), scope, named
    )


def test_one_time_is_moved_and_the_rest_stay(house: House) -> None:
    made = weekly(house)
    change(house, made, Scope.THIS, 1, start="13:00", end="14:00")
    assert clocks(times(house, made)) == [
        "24/11 09:00",
        "01/12 13:00",
        "08/12 09:00",
        "15/12 09:00",
        "22/12 09:00",
    ]


def test_exceptions_survive_a_change_of_words_and_move_along_with_the_whole(house: House) -> None:
    made = weekly(house)
    change(house, made, Scope.THIS, 1, start="13:00", end="14:00")
    change(house, made, Scope.THIS, 2, resource=MEETING_ROOM)
    change(house, made, Scope.ALL, 0, title="Nytt namn")
    seen = times(house, made)
    assert {each.content.title for each in seen if each.content} == {"Nytt namn"}
    assert clocks(seen)[1] == "01/12 13:00"
    assert seen[2].resource == MEETING_ROOM
    change(house, made, Scope.ALL, 0, start="10:00", end="11:30")
    seen = times(house, made)
    assert clocks(seen) == ["24/11 10:00", "01/12 14:00", "08/12 10:00", "15/12 10:00", "22/12 10:00"]
    assert [each.resource for each in seen] == [HALL, HALL, MEETING_ROOM, HALL, HALL]
    assert {each.span.length for each in seen} == {timedelta(minutes=90)}
    assert [each.occurrence for each in seen] == [house.at("09:00", TODAY + n * WEEK) for n in range(5)]


def test_those_that_follow_change_and_those_before_do_not(house: House) -> None:
    made = weekly(house)
    change(house, made, Scope.FOLLOWING, 3, title="Senare", resource=MEETING_ROOM)
    assert [(each.content.title, each.resource) for each in times(house, made) if each.content] == [
        ("", HALL), ("", HALL), ("", HALL), ("Senare", MEETING_ROOM), ("Senare", MEETING_ROOM)
    ]  # fmt: skip


def test_what_has_been_is_never_changed(house: House) -> None:
    made = weekly(house)
    house.clock.step(days=8)
    change(house, made, Scope.ALL, 2, title="Från nu", start="11:00", end="12:00")
    old, new = (
        Span(house.at("00:00", TODAY), house.clock()),
        Span(house.clock(), house.at("00:00", TODAY + 6 * WEEK)),
    )
    seen = [
        looking.board(house.viewer(POLICE), house.place, window, house.clock()).board for window in (old, new)
    ]
    assert [
        (each.content.title, each.span.start.astimezone(ZONE).hour)
        for each in seen[0].bookings
        if each.content
    ] == [("", 9), ("", 9)]
    assert [
        (each.content.title, each.span.start.astimezone(ZONE).hour)
        for each in seen[1].bookings
        if each.content
    ] == [("Från nu", 11)] * 3


def test_a_new_title_is_never_refused_by_what_others_have_booked(house: House) -> None:
    made = weekly(house, circle=POLICE_CIRCLE)
    house.book(GUARD, DESKS[0], "08:00", "12:00", TODAY + WEEK)
    change(house, made, Scope.ALL, 0, title="Ny text")
    assert len(times(house, made)) == 5


def test_a_move_of_the_whole_lists_the_dates_that_clash_and_may_leave_them(house: House) -> None:
    made = weekly(house)
    house.book(GUARD, MEETING_ROOM, "13:00", "14:00", TODAY + WEEK)
    with pytest.raises(Clash) as caught:
        change(house, made, Scope.ALL, 0, start="13:00", end="14:00")
    clash = caught.value
    assert [each.occurrence for each in clash.met] == [house.at("13:00", TODAY + WEEK)]
    assert clocks(times(house, made))[0] == "24/11 09:00"
    change(house, made, Scope.ALL, 0, start="13:00", end="14:00", skip=True)
    assert clocks(times(house, made)) == [
        "24/11 13:00",
        "01/12 09:00",
        "08/12 13:00",
        "15/12 13:00",
        "22/12 13:00",
    ]


def test_the_second_of_two_who_change_a_series_is_told_and_nothing_is_lost(house: House) -> None:
    made = weekly(house, title="Först")
    etag = looking.look_at(house.viewer(POLICE), made.view.id, house.clock()).etag
    first = Changes(title="Den enas")
    changing.change(house.viewer(POLICE), made.view.id, first, etag, house.clock(), Scope.ALL)
    with pytest.raises(Changed):
        changing.change(
            house.viewer(POLICE_COLLEAGUE), made.view.id, Changes(title="Den andras"), etag, house.clock(),
            Scope.THIS, house.at("09:00", TODAY + WEEK),
        )  # fmt: skip
    assert {each.content.title for each in times(house, made) if each.content} == {"Den enas"}


def test_what_is_sealed_of_one_time_is_its_own(house: House) -> None:
    made = weekly(house, circle=POLICE_CIRCLE, title="Utsättning")
    changed = change(house, made, Scope.THIS, 1, title="Med gäster")
    assert sealed.get(changed.terms) == {"title": "Med gäster", "note": "", "attendees": []}
    assert sealed.get(made.terms) == {"title": "Utsättning", "note": "", "attendees": []}


# --- cancelling -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scope", "left"),
    [
        (Scope.THIS, ["24/11 09:00", "01/12 09:00", "15/12 09:00", "22/12 09:00"]),
        (Scope.FOLLOWING, ["24/11 09:00", "01/12 09:00"]),
        (Scope.ALL, []),
    ],
)
def test_one_those_that_follow_or_all_are_cancelled(house: House, scope: Scope, left: list[str]) -> None:
    made = weekly(house)
    third = house.at("09:00", TODAY + 2 * WEEK)
    cancelling.cancel(house.viewer(POLICE), made.view.id, house.clock(), scope=scope, occurrence=third)
    assert clocks(times(house, made)) == left
    last = looking.look_at(house.viewer(POLICE), made.view.id, house.clock(), third).view
    assert last.status is Status.CANCELLED
    again = house.book(GUARD, MEETING_ROOM, "09:00", "10:00", TODAY + 2 * WEEK)
    assert again.view.status is Status.CONFIRMED


def test_a_week_inside_somebody_elses_secret_is_taken_over_alone(house: House) -> None:
    house.book(POLICE, HALL, "08:00", "12:00", TODAY + WEEK, circle=POLICE_CIRCLE)
    made = weekly(house, GUARD, DESKS[0], title="Rapport")
    assert clocks(times(house, made, GUARD)) == [
        "24/11 09:00",
        "01/12 09:00",
        "08/12 09:00",
        "15/12 09:00",
        "22/12 09:00",
    ]
    seen = times(house, made, TRAFFIC)
    assert clocks(seen) == ["24/11 09:00", "08/12 09:00", "15/12 09:00", "22/12 09:00"]
    assert {each.repetition for each in seen} == {None}, "how it repeats would tell which date is hidden"
