"""Coming, leaving early, and what happens when nobody comes."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from booking.actions import cancelling, checking_in, looking
from booking.actions.errors import Changed, NotFound, Refused
from booking.domain.bookings import Repetition, Status
from booking.domain.permissions import Forbidden
from booking.domain.refusals import Reason
from booking.domain.views import Full
from booking.storage.database import run
from booking.storage.tables import claims, journal, notices, occurrences
from tests.cast import (
    ARTIST,
    COORDINATOR,
    DESKS,
    GUARD,
    HALL,
    MEETING_ROOM,
    POLICE,
    POLICE_CIRCLE,
    POLICE_COLLEAGUE,
    SOCIAL,
    TABLE,
    TRAFFIC,
)
from tests.support.dump import rows_by_table
from tests.support.house import House

pytestmark = pytest.mark.usefixtures("inside")


def come(house: House, who: str, made: Full, clock: str, **more: datetime) -> None:
    checking_in.check_in(house.viewer(who), made.id, house.at(clock), **more)


def leave(house: House, who: str, made: Full, clock: str, **more: str) -> None:
    checking_in.end_early(house.viewer(who), made.id, house.at(clock), **more)  # type: ignore[arg-type]


def release(house: House, clock: str) -> int:
    house.clock.now = house.at(clock)
    return checking_in.release_missed(house.clock())


def seen(house: House, who: str, made: Full) -> Full:
    return looking.look_at(house.viewer(who), made.id, house.clock(), made.occurrence).view


def reasons(refused: pytest.ExceptionInfo[Refused]) -> list[Reason]:
    return [each.reason for each in refused.value.refusals]


# --- checking in ------------------------------------------------------------------------------


@pytest.mark.parametrize("what", [DESKS[0], TABLE, MEETING_ROOM, HALL])
def test_the_one_who_booked_checks_in_and_keeps_the_place(house: House, what: str) -> None:
    made = house.book(POLICE, what, "10:00", "12:00").view
    come(house, POLICE, made, "09:50")
    assert release(house, "10:30") == 0
    assert seen(house, POLICE, made).checked_in
    assert seen(house, POLICE, made).status is Status.CONFIRMED


def test_a_colleague_or_somebody_invited_checks_in_too(house: House) -> None:
    for number, who in enumerate((POLICE_COLLEAGUE, TRAFFIC)):
        made = house.book(POLICE, DESKS[number], "10:00", "12:00", attendees=(TRAFFIC,)).view
        come(house, who, made, "10:05")
        assert seen(house, POLICE, made).checked_in


def test_others_who_may_know_of_it_do_not(house: House) -> None:
    made = house.book(POLICE, DESKS[0], "10:00", "12:00", attendees=(TRAFFIC,), visibility="open").view
    for who in (GUARD, COORDINATOR, ARTIST):
        with pytest.raises(Forbidden):
            come(house, who, made, "10:05")


def test_what_one_may_not_know_is_not_there(house: House) -> None:
    made = house.book(POLICE, HALL, "10:00", "12:00", circle=POLICE_CIRCLE).view
    for who in (TRAFFIC, COORDINATOR, SOCIAL, ARTIST):
        for act in (come, leave):
            with pytest.raises(NotFound):
                act(house, who, made, "10:05")
    come(house, POLICE_COLLEAGUE, made, "10:05")


def test_twice_is_harmless(house: House, database: str) -> None:
    made = house.book(POLICE, DESKS[0], "10:00", "12:00").view
    come(house, POLICE, made, "09:55")
    before = rows_by_table(database)
    come(house, POLICE_COLLEAGUE, made, "10:20")
    assert rows_by_table(database) == before


@pytest.mark.parametrize(("clock", "reason"), [("09:44", Reason.TOO_EARLY), ("12:00", Reason.ENDED)])
def test_not_before_a_quarter_to_nor_when_it_has_ended(house: House, clock: str, reason: Reason) -> None:
    made = house.book(POLICE, DESKS[0], "10:00", "12:00").view
    with pytest.raises(Refused) as refused:
        come(house, POLICE, made, clock)
    assert reasons(refused) == [reason]


def test_not_to_what_was_cancelled(house: House) -> None:
    made = house.book(POLICE, DESKS[0], "10:00", "12:00").view
    cancelling.cancel(house.viewer(POLICE), made.id, house.clock())
    with pytest.raises(Forbidden):
        come(house, POLICE, made, "10:05")


def test_each_time_of_a_series_is_checked_in_to_alone(house: House) -> None:
    made = house.book(POLICE, DESKS[0], "10:00", "12:00", repeat=Repetition("FREQ=DAILY;COUNT=3")).view
    come(house, POLICE, made, "10:00")
    with pytest.raises(Refused) as refused:
        come(house, POLICE, made, "10:00", occurrence=made.occurrence + timedelta(days=1))
    assert reasons(refused) == [Reason.TOO_EARLY]
    rows = run(select(occurrences.c.checked_in_at).order_by(occurrences.c.starts)).scalars().all()
    assert rows == [house.at("10:00"), None, None]


# --- ending early -----------------------------------------------------------------------------


def test_what_is_left_is_free_for_others(house: House) -> None:
    made = house.book(POLICE, MEETING_ROOM, "08:00", "12:00").view
    leave(house, POLICE_COLLEAGUE, made, "10:00")
    house.clock.now = house.at("10:00")
    house.book(TRAFFIC, MEETING_ROOM, "10:00", "11:00")
    assert seen(house, POLICE, made).span == house.span("08:00", "10:00")
    assert "booking:end" in run(select(journal.c.action)).scalars().all()


def test_others_time_comes_back_when_a_briefing_ends_early(house: House) -> None:
    desk = house.book(ARTIST, DESKS[1], "09:00", "13:00", visibility="open").view
    briefing = house.book(POLICE, HALL, "10:00", "14:00", circle=POLICE_CIRCLE, agree=True).view
    leave(house, POLICE, briefing, "11:00")
    house.clock.now = house.at("11:00")
    (mine,) = looking.mine(house.viewer(ARTIST), house.place, desk.span, house.clock()).views
    assert mine.suspended == (house.span("10:00", "11:00"),)
    assert seen(house, POLICE_COLLEAGUE, briefing).content is None


def test_a_room_that_gave_way_is_given_back_from_then_on(house: House) -> None:
    hall = house.book(TRAFFIC, HALL, "09:00", "15:00").view
    briefing = house.book(POLICE, HALL, "10:00", "14:00", circle=POLICE_CIRCLE, agree=True).view
    leave(house, POLICE, briefing, "11:00")
    house.clock.now = house.at("11:00")
    (mine,) = looking.mine(house.viewer(TRAFFIC), house.place, hall.span, house.clock()).views
    assert mine.suspended == (house.span("10:00", "11:00"),)


def test_only_what_has_begun_and_not_ended_ends_early(house: House) -> None:
    made = house.book(POLICE, DESKS[0], "10:00", "12:00").view
    for clock, reason in (("09:59", Reason.NOT_BEGUN), ("12:00", Reason.ENDED)):
        with pytest.raises(Refused) as refused:
            leave(house, POLICE, made, clock)
        assert reasons(refused) == [reason]


def test_others_end_nothing_early(house: House) -> None:
    made = house.book(POLICE, DESKS[0], "10:00", "12:00", attendees=(TRAFFIC,)).view
    for who in (TRAFFIC, COORDINATOR):
        with pytest.raises(Forbidden):
            leave(house, who, made, "10:30")


def test_what_somebody_changed_meanwhile_is_not_ended_unseen(house: House) -> None:
    made = house.book(POLICE, DESKS[0], "10:00", "12:00").view
    with pytest.raises(Changed):
        leave(house, POLICE, made, "10:30", etag='"stale"')


# --- nobody came ------------------------------------------------------------------------------


def test_a_desk_nobody_came_to_is_free_after_a_quarter_and_its_organiser_told(house: House) -> None:
    made = house.book(TRAFFIC, DESKS[0], "10:00", "12:00").view
    assert release(house, "10:14") == 0
    assert release(house, "10:15") == 1
    after = seen(house, TRAFFIC, made)
    assert (after.status, after.missed) == (Status.CANCELLED, True)
    row = run(select(notices)).one()
    told = (row.kind, row.person_id, row.booking_id, row.occurrence)
    assert told == ("missed", house.viewer(TRAFFIC).person, made.id, made.occurrence)
    assert run(select(claims)).all() == []
    house.book(GUARD, DESKS[0], "10:15", "11:00")


def test_to_run_it_again_does_nothing_more(house: House, database: str) -> None:
    house.book(TRAFFIC, DESKS[0], "10:00", "12:00")
    assert release(house, "10:20") == 1
    before = rows_by_table(database)
    assert release(house, "10:21") == 0
    assert rows_by_table(database) == before


def test_of_a_series_only_the_missed_time_is_released(house: House) -> None:
    house.book(TRAFFIC, DESKS[0], "10:00", "12:00", repeat=Repetition("FREQ=DAILY;COUNT=3"))
    assert release(house, "10:20") == 1
    rows = run(select(occurrences.c.missed).order_by(occurrences.c.starts)).scalars().all()
    assert rows == [True, False, False]


def test_what_was_booked_just_before_it_started_stays(house: House) -> None:
    house.clock.now = house.at("09:40")
    house.book(TRAFFIC, DESKS[0], "10:00", "12:00")
    house.book(TRAFFIC, DESKS[1], "09:40", "12:00")
    assert release(house, "10:20") == 0


def test_what_had_ended_already_is_not_called_missed(house: House) -> None:
    house.book(TRAFFIC, DESKS[0], "10:00", "10:20")
    assert release(house, "10:20") == 0


def test_what_gave_way_to_a_missed_booking_is_given_back(house: House) -> None:
    desk = house.book(TRAFFIC, DESKS[0], "09:00", "13:00", visibility="open").view
    come(house, TRAFFIC, desk, "09:00")
    for each in DESKS[1:]:
        other = house.book(GUARD, each, "09:00", "13:00").view
        come(house, GUARD, other, "09:00")
    house.book(POLICE, DESKS[0], "10:00", "12:00", urgent=True, agree=True)
    assert seen(house, TRAFFIC, desk).suspended == (house.span("10:00", "12:00"),)
    assert release(house, "10:15") == 1
    assert seen(house, TRAFFIC, desk).suspended == (house.span("10:00", "10:15"),)


@pytest.mark.parametrize("who", [POLICE, POLICE_COLLEAGUE])
def test_confidential_bookings_are_never_released(house: House, who: str) -> None:
    house.book(who, HALL, "10:00", "12:00", circle=POLICE_CIRCLE)
    house.book(GUARD, DESKS[0], "10:00", "14:00")  # taken over by the briefing it is made across
    assert release(house, "10:30") == 0


@pytest.mark.parametrize("holder", [GUARD, TRAFFIC, ARTIST])
@pytest.mark.parametrize(
    ("start", "kept"), [("10:00", True), ("11:45", True), ("09:00", False), ("12:00", False)]
)
def test_whether_a_desk_is_released_does_not_depend_on_whether_its_holder_is_in_the_circle(
    house: House, holder: str, start: str, kept: bool
) -> None:
    house.book(holder, DESKS[0], start, "13:00", visibility="open")
    house.book(POLICE, HALL, "09:30", "12:00", circle=POLICE_CIRCLE, agree=True)
    house.clock.now = house.at(start)
    house.clock.step(minutes=15)
    assert checking_in.release_missed(house.clock()) == (0 if kept else 1)


def test_it_goes_by_the_briefing_as_it_stands(house: House) -> None:
    for desk, holder in ((DESKS[0], GUARD), (DESKS[1], TRAFFIC)):
        house.book(holder, desk, "10:00", "15:00", visibility="open")
    briefing = house.book(POLICE, HALL, "09:30", "12:00", circle=POLICE_CIRCLE, agree=True).view
    cancelling.cancel(house.viewer(POLICE), briefing.id, house.clock())
    assert release(house, "10:15") == 2


def test_a_briefing_that_ended_early_still_barred_the_start(house: House) -> None:
    for desk, holder in ((DESKS[0], GUARD), (DESKS[1], TRAFFIC)):
        house.book(holder, desk, "10:00", "15:00", visibility="open")
    briefing = house.book(POLICE, HALL, "09:30", "12:00", circle=POLICE_CIRCLE, agree=True).view
    leave(house, POLICE, briefing, "10:05")
    assert release(house, "10:20") == 0


def test_a_room_that_had_to_give_way_at_its_start_is_not_released(house: House) -> None:
    house.book(TRAFFIC, HALL, "10:00", "15:00")
    house.book(POLICE, HALL, "09:30", "12:00", circle=POLICE_CIRCLE, agree=True)
    assert release(house, "10:20") == 0


def test_who_booked_is_told_when_a_colleague_ends_it(house: House) -> None:
    made = house.book(POLICE, DESKS[0], "10:00", "12:00").view
    leave(house, POLICE, made, "11:00")
    assert run(select(notices)).all() == []
    other = house.book(POLICE, DESKS[1], "10:00", "12:00").view
    leave(house, POLICE_COLLEAGUE, other, "11:00")
    row = run(select(notices)).one()
    assert (row.kind, row.person_id) == ("changed", house.viewer(POLICE).person)
