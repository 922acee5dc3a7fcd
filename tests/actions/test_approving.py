"""What an artist asks for waits for the coordinator: their yes or no, or none in time; meanwhile it holds its place."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from booking.actions import approving, cancelling, changing, looking, operating
from booking.actions.approving import Waiting
from booking.actions.changes import Changes, Scope
from booking.actions.errors import Changed, Clash, NotFound, Refused
from booking.domain.bookings import Repetition, Status
from booking.domain.permissions import Forbidden
from booking.domain.refusals import Reason
from booking.domain.views import Full
from booking.storage.database import run
from booking.storage.tables import claims, journal, notices
from tests.cast import (
    ADMINISTRATOR,
    ARTIST,
    COORDINATOR,
    DESKS,
    HALL,
    MEETING_ROOM,
    POLICE,
    POLICE_CIRCLE,
    TODAY,
    TRAFFIC,
)
from tests.support.dump import rows_by_table
from tests.support.house import House

pytestmark = pytest.mark.usefixtures("inside")
TOMORROW = TODAY + timedelta(days=1)
NEXT_WEEK = TODAY + timedelta(days=7)


def asked(house: House, *times: str, what: str = MEETING_ROOM, **fields: object) -> Full:
    """What the artist asks for, tomorrow at one where nothing is said."""
    start, end = times or ("13:00", "15:00")
    fields.setdefault("day", TOMORROW)
    fields.setdefault("title", "Repetition")
    return house.book(ARTIST, what, start, end, **fields).view


def waits(house: House) -> tuple[Waiting, ...]:
    return approving.queue(house.viewer(COORDINATOR), house.place, house.clock()).waiting


def status(house: House, made: Full, who: str = ARTIST) -> Status:
    return looking.look_at(house.viewer(who), made.id, house.clock()).view.status


def approve(house: House, made: Full, tag: str | None = None) -> None:
    approving.approve(house.viewer(COORDINATOR), made.id, house.clock(), tag)


def decline(house: House, made: Full, words: str = "") -> None:
    approving.decline(house.viewer(COORDINATOR), made.id, house.clock(), words=words)


def move(house: House, made: Full, *times: str, **more: object) -> Full:
    scope, occurrence = more.pop("scope", Scope.THIS), more.pop("occurrence", None)
    day = more.pop("day", TOMORROW)
    if times:
        more |= {"start": house.at(times[0], day), "end": house.at(times[1], day)}  # type: ignore[arg-type]
    changes = Changes(**more)  # type: ignore[arg-type]
    who = house.viewer(ARTIST)
    return changing.change(who, made.id, changes, None, house.clock(), scope, occurrence).view  # type: ignore[arg-type]


def weekly(house: House, times: int = 3, **fields: object) -> Full:
    return asked(house, repeat=Repetition(f"FREQ=WEEKLY;COUNT={times}"), **fields)


def still_waiting(refused: pytest.ExceptionInfo[Refused]) -> bool:
    return [each.reason for each in refused.value.refusals] != [Reason.NOT_WAITING]


# --- what waits -------------------------------------------------------------------------------


def test_an_artists_room_waits_with_its_times_until_it_must_be_answered(house: House) -> None:
    made = asked(house)
    (one,) = waits(house)
    assert [(view.id, view.span) for view in one.views] == [(made.id, house.span("13:00", "15:00", TOMORROW))]
    assert one.answer_by == house.at("13:00", TOMORROW)  # it begins before the two days are out
    assert status(house, made) is Status.PENDING


def test_it_is_answered_within_two_days(house: House) -> None:
    asked(house, day=NEXT_WEEK)
    (one,) = waits(house)
    assert one.answer_by == house.clock() + timedelta(hours=48)


def test_the_oldest_wish_is_answered_first(house: House) -> None:
    late = asked(house, day=NEXT_WEEK)
    house.clock.step(minutes=1)
    soon = asked(house, day=TOMORROW)
    assert [each.views[0].id for each in waits(house)] == [late.id, soon.id]


def test_a_series_is_one_question(house: House) -> None:
    weekly(house)
    (one,) = waits(house)
    assert len(one.views) == 3


def test_neither_a_desk_nor_what_others_book_waits(house: House) -> None:
    asked(house, what=DESKS[0])
    house.book(TRAFFIC, MEETING_ROOM, "09:00", "10:00")
    house.book(POLICE, HALL, "17:00", "18:00", circle=POLICE_CIRCLE)
    assert waits(house) == ()


def test_what_the_coordinator_may_not_know_for_a_while_is_not_shown_for_that_while(house: House) -> None:
    asked(house)
    house.book(POLICE, HALL, "13:00", "14:00", TOMORROW, circle=POLICE_CIRCLE, agree=True)
    (one,) = waits(house)
    assert [view.span for view in one.views] == [house.span("14:05", "15:00", TOMORROW)]


def test_what_is_barred_to_the_coordinator_altogether_is_not_found(house: House, database: str) -> None:
    made = asked(house)
    house.book(POLICE, HALL, "12:00", "16:00", TOMORROW, circle=POLICE_CIRCLE, agree=True)
    assert waits(house) == ()
    before = rows_by_table(database)
    for answer in (approving.approve, approving.decline):
        for number in (made.id, "x" * 22):
            with pytest.raises(NotFound):
                answer(house.viewer(COORDINATOR), number, house.clock())
    assert rows_by_table(database) == before


@pytest.mark.parametrize("who", [ARTIST, POLICE, TRAFFIC, ADMINISTRATOR])
def test_only_the_coordinator_answers_and_sees_what_waits(house: House, who: str) -> None:
    made = asked(house)
    for number in (made.id, "x" * 22):
        for answer in (approving.approve, approving.decline):
            with pytest.raises(Forbidden):
                answer(house.viewer(who), number, house.clock())
    with pytest.raises(Forbidden):
        approving.queue(house.viewer(who), house.place, house.clock())


# --- a yes, a no, and neither -----------------------------------------------------------------


def test_a_yes_makes_it_a_booking_like_any_other(house: House) -> None:
    made = asked(house)
    before = [tuple(row) for row in run(select(claims))]
    approve(house, made)
    assert status(house, made) is Status.CONFIRMED
    assert waits(house) == ()
    assert [tuple(row) for row in run(select(claims))] == before


def test_a_no_ends_it_and_its_time_is_free(house: House) -> None:
    made = asked(house)
    decline(house, made, "Vi har målare här då.")
    assert status(house, made) is Status.CANCELLED
    assert run(select(claims)).all() == []
    house.book(TRAFFIC, MEETING_ROOM, "13:00", "15:00", TOMORROW)


def test_the_words_of_a_no_are_kept_nowhere_but_in_what_the_booker_is_told(
    house: House, database: str
) -> None:
    decline(house, asked(house), "Vi har målare här då.")
    kept = {name: rows for name, rows in rows_by_table(database).items() if name not in ("notices", "outbox")}
    assert "målare" not in repr(kept)


def test_a_no_and_a_yes_reach_the_whole_series(house: House) -> None:
    first = weekly(house)
    second = weekly(house, what=HALL, day=TOMORROW + timedelta(days=1))
    approve(house, first)
    decline(house, second)
    assert {row.occurrence_id for row in run(select(claims))} == {1, 2, 3}
    (hers,) = [looking.mine(house.viewer(ARTIST), house.place, _month(house), house.clock())]
    assert [view.status for view in hers.views] == [Status.CONFIRMED] * 3


def _month(house: House) -> object:
    span = house.span("00:00", "24:00")
    return span.widened(after=timedelta(days=30))


def test_nothing_is_answered_twice(house: House, database: str) -> None:
    agreed, refused = asked(house), asked(house, "09:00", "10:00")
    approve(house, agreed)
    decline(house, refused)
    mine = house.book(TRAFFIC, DESKS[0], "09:00", "10:00").view
    before = rows_by_table(database)
    for made in (agreed, refused, mine):
        for answer in (approve, decline):
            with pytest.raises(Refused) as wrong:
                answer(house, made)
            assert not still_waiting(wrong)
    assert rows_by_table(database) == before


def test_what_nobody_answers_lapses_by_itself_and_only_then(house: House) -> None:
    made = asked(house, day=NEXT_WEEK)
    house.clock.step(hours=47, minutes=59)
    assert approving.lapse(house.clock()) == 0
    house.clock.step(minutes=1)
    assert waits(house) == ()
    with pytest.raises(Refused):
        approve(house, made)
    assert [approving.lapse(house.clock()), approving.lapse(house.clock())] == [1, 0]
    assert status(house, made) is Status.CANCELLED
    assert run(select(claims)).all() == []


def test_answers_and_lapses_stand_in_the_journal(house: House) -> None:
    coordinator = house.viewer(COORDINATOR).person
    for answer in (approve, decline):
        answer(house, asked(house, "09:00", "10:00"))
        house.clock.step(hours=1)
        cancelled = house.viewer(ARTIST)
        for each in looking.mine(cancelled, house.place, _month(house), house.clock()).views:
            cancelling.cancel(cancelled, each.id, house.clock())
    asked(house)
    house.clock.step(hours=48)
    approving.lapse(house.clock())
    noted = [(row.action, row.actor_id) for row in run(select(journal).order_by(journal.c.id))]
    assert [each for each in noted if each[0] not in ("booking:book", "booking:cancel")] == [
        ("premises:load", None),
        *[each for each in noted if each[0].startswith("person:")],
        ("booking:approve", coordinator),
        ("booking:decline", coordinator),
        ("booking:lapse", None),
    ]


# --- meanwhile it holds its place -------------------------------------------------------------


def test_a_second_wish_for_the_same_time_clashes_at_once_and_after_a_yes(house: House) -> None:
    made = asked(house)
    for _ in range(2):
        with pytest.raises(Clash):
            house.book(TRAFFIC, MEETING_ROOM, "14:00", "16:00", TOMORROW)
        if waits(house):
            approve(house, made)
    assert operating.audit()[0].broken == ()


def test_a_briefing_that_pressed_a_waiting_room_aside_keeps_its_time_after_a_yes(house: House) -> None:
    made = asked(house)
    house.book(POLICE, HALL, "13:00", "14:00", TOMORROW, circle=POLICE_CIRCLE, agree=True)
    approve(house, made)
    hers = looking.look_at(house.viewer(ARTIST), made.id, house.clock()).view
    assert (hers.status, hers.suspended) == (Status.CONFIRMED, (house.span("13:00", "14:05", TOMORROW),))
    assert operating.audit()[0].broken == ()


# --- changed ----------------------------------------------------------------------------------


def test_what_waits_and_is_moved_goes_on_waiting_and_is_asked_about_as_it_is(house: House) -> None:
    made = asked(house)
    (before,) = waits(house)
    house.clock.step(hours=1)
    moved = move(house, made, "15:00", "17:00", day=NEXT_WEEK)
    assert moved.status is Status.PENDING
    (after,) = waits(house)
    assert after.views[0].span == house.span("15:00", "17:00", NEXT_WEEK)
    assert after.answer_by == house.clock() + timedelta(hours=48)
    with pytest.raises(Changed):
        approve(house, made, before.tag)
    approve(house, made, after.tag)


@pytest.mark.parametrize(
    "change",
    [
        {"times": ("14:00", "16:00")},
        {"times": ("12:30", "15:00")},
        {"resource": HALL},
        {"clear_desks": True},
    ],
    ids=str,
)
def test_what_was_approved_waits_again_when_it_is_to_be_more_or_elsewhere(
    house: House, change: dict[str, object]
) -> None:
    made = asked(house)
    approve(house, made)
    change = dict(change)  # the one given is every database's
    times = change.pop("times", ())
    assert move(house, made, *times, **change).status is Status.PENDING  # type: ignore[misc]
    assert len(waits(house)) == 1


@pytest.mark.parametrize(
    "change", [{"times": ("13:30", "14:30")}, {"title": "Genrep"}, {"resource": DESKS[0]}], ids=str
)
def test_what_was_approved_stays_so_when_it_is_less_or_only_other_words(
    house: House, change: dict[str, object]
) -> None:
    made = asked(house)
    approve(house, made)
    change = dict(change)  # the one given is every database's
    times = change.pop("times", ())
    assert move(house, made, *times, **change).status is Status.CONFIRMED  # type: ignore[misc]


def test_who_is_in_the_room_may_stay_a_little_longer(house: House) -> None:
    made = asked(house)
    approve(house, made)
    house.clock.now = house.at("14:30", TOMORROW)
    assert move(house, made, "13:00", "15:30").status is Status.CONFIRMED


def test_of_a_series_that_waits_again_the_time_that_has_begun_stays_approved(house: House) -> None:
    made = weekly(house)
    approve(house, made)
    house.clock.now = house.at("13:30", TOMORROW)
    last = TOMORROW + timedelta(days=14)
    move(house, made, "16:00", "18:00", day=last, occurrence=house.at("13:00", last))
    (one,) = waits(house)
    assert len(one.views) == 2
    decline(house, made)
    views = looking.mine(house.viewer(ARTIST), house.place, _month(house), house.clock()).views
    assert [(view.span.start, view.status) for view in views] == [
        (house.at("13:00", TOMORROW), Status.CONFIRMED)
    ]


# --- told -------------------------------------------------------------------------------------


def test_the_booker_is_told_of_a_yes_a_no_with_its_words_and_of_none(house: House) -> None:
    approve(house, asked(house, "09:00", "10:00"))
    decline(house, asked(house, "11:00", "12:00"), "Vi har målare här då.")
    asked(house, day=NEXT_WEEK)
    house.clock.step(hours=48)
    approving.lapse(house.clock())
    told = run(select(notices).where(notices.c.person_id == house.viewer(ARTIST).person))
    assert {(row.kind, row.words) for row in told} == {
        ("approved", None),
        ("declined", "Vi har målare här då."),
        ("lapsed", None),
    }
