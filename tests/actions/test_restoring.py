"""Undoing a cancelling: within ten minutes a booking stands again as what it was, where its time is still free."""

from collections.abc import Iterable
from datetime import timedelta

import pytest

from booking.actions import approving, booking, cancelling, looking, noticing, restoring
from booking.actions.changes import Scope
from booking.actions.errors import Clash, NotFound, Refused
from booking.actions.operating import audit
from booking.domain.bookings import Repetition, Status
from booking.domain.notices import News
from booking.domain.permissions import Forbidden
from booking.domain.refusals import Reason
from booking.domain.views import Board, Busy, Full, blank
from booking.storage import journal
from booking.storage.journal import Action
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
    TRAFFIC,
)
from tests.support.house import House

pytestmark = pytest.mark.usefixtures("inside")
PLANTED = "Operation Blåsippa"


def cancel(house: House, who: str, made: Full, scope: Scope = Scope.THIS) -> None:
    cancelling.cancel(house.viewer(who), made.id, house.clock(), scope=scope, occurrence=made.occurrence)


def undo(house: House, who: str, made: Full) -> Full:
    return restoring.restore(house.viewer(who), made.id, house.clock(), made.occurrence)


def refused(house: House, who: str, made: Full) -> list[Reason]:
    with pytest.raises(Refused) as found:
        undo(house, who, made)
    return [each.reason for each in found.value.refusals]


def clashes(house: House, who: str, made: Full) -> Clash:
    with pytest.raises(Clash) as found:
        undo(house, who, made)
    return found.value


def board(house: House, who: str) -> Board:
    return looking.board(house.viewer(who), house.place, house.span("07:00", "21:00"), house.clock()).board


def busy(house: House, who: str, resource: str) -> list[Busy]:
    return [each for each in board(house, who).busy if each.resource == resource]


def heard(house: House, who: str) -> list[News]:
    return [each.notice.news for each in reversed(noticing.told(house.viewer(who), house.clock()))]


def weekly(house: House, who: str = POLICE, times: int = 4) -> Full:
    return house.book(who, DESKS[0], "10:00", "11:00", repeat=Repetition(f"FREQ=WEEKLY;COUNT={times}")).view


def standing(house: House, made: Full) -> list[int]:
    """Which weeks of a series stand, counted from its first."""
    names = [made.occurrence + timedelta(weeks=week) for week in range(4)]
    seen = [looking.look_at(house.viewer(POLICE), made.id, house.clock(), name).view for name in names]
    return [week for week, view in enumerate(seen) if view.status is not Status.CANCELLED]


def alike(one: Full, other: Full) -> bool:
    """Whether two views say the same of a booking, its age apart."""
    ages: Iterable[str] = ("sequence", "version", "changed")
    return {**vars(blank(one)), **dict.fromkeys(ages)} == {**vars(blank(other)), **dict.fromkeys(ages)}


# --- it stands again --------------------------------------------------------------------------


def test_a_booking_stands_again_as_what_it_was_and_calendars_show_it_again(house: House) -> None:
    made = house.book(
        TRAFFIC, DESKS[1], "10:00", "11:00", title="Skyltning", note="Två", attendees=(GUARD,)
    ).view
    house.clock.step(minutes=1)
    cancel(house, TRAFFIC, made)
    house.clock.step(minutes=9, seconds=59)
    again = undo(house, TRAFFIC, made)
    assert alike(again, made)
    assert (again.sequence, again.uid) == (made.sequence + 2, made.uid)
    assert house.clash(ARTIST, DESKS[1], "10:30", "11:00").clashes
    assert not any(each.broken for each in audit())


def test_a_colleague_may_undo_it_and_both_are_noted_and_told(house: House) -> None:
    made = house.book(POLICE, DESKS[1], "10:00", "11:00").view
    cancel(house, POLICE_COLLEAGUE, made)
    house.clock.step(minutes=1)
    undo(house, POLICE_COLLEAGUE, made)
    assert heard(house, POLICE) == [News.CANCELLED, News.RESTORED]
    assert heard(house, POLICE_COLLEAGUE) == []
    assert journal.was_recorded(Action.BOOKING_RESTORE, made.id, house.clock())


def test_a_booking_that_has_begun_can_be_undone_as_long_as_it_has_not_ended(house: House) -> None:
    made = house.book(POLICE, DESKS[1], "07:00", "07:08").view
    house.clock.step(minutes=5)
    cancel(house, POLICE, made)
    house.clock.step(minutes=2)
    undo(house, POLICE, made)
    cancel(house, POLICE, made)
    house.clock.step(minutes=1)
    assert refused(house, POLICE, made) == [Reason.ENDED]


def test_cancelled_and_undone_and_cancelled_again(house: House) -> None:
    made = house.book(POLICE, DESKS[1], "10:00", "11:00").view
    for _ in range(2):
        cancel(house, POLICE, made)
        house.clock.step(minutes=1)
        undo(house, POLICE, made)
        house.clock.step(minutes=1)
    cancel(house, POLICE, made)
    house.book(TRAFFIC, DESKS[1], "10:00", "11:00")


# --- and when it does not ---------------------------------------------------------------------


def test_after_ten_minutes_it_is_refused(house: House) -> None:
    made = house.book(POLICE, DESKS[1], "10:00", "11:00").view
    cancel(house, POLICE, made)
    house.clock.step(minutes=10)
    assert refused(house, POLICE, made) == [Reason.UNDO_PASSED]


def test_what_has_come_there_meanwhile_is_what_refuses_it(house: House) -> None:
    made = house.book(POLICE, DESKS[1], "10:00", "11:00").view
    cancel(house, POLICE, made)
    taken = house.book(TRAFFIC, DESKS[1], "10:30", "12:00", title="Skyltning").view
    found = clashes(house, POLICE, made)
    assert [(each.id, each.span) for each in found.clashes if isinstance(each, Full)] == [
        (taken.id, taken.span)
    ]
    assert made.status is not looking.look_at(house.viewer(POLICE), made.id, house.clock()).view.status


def test_nobody_gives_way_to_an_undoing(house: House) -> None:
    made = house.book(POLICE, HALL, "10:00", "11:00", title=PLANTED, circle=POLICE_CIRCLE).view
    cancel(house, POLICE, made)
    desk = house.book(ARTIST, DESKS[1], "10:00", "11:00").view
    found = clashes(house, POLICE, made)
    assert [each.id for each in found.displaceable] == [desk.id]
    assert heard(house, ARTIST) == []
    assert board(house, ARTIST).busy == ()


def test_what_had_given_way_and_was_given_back_stays_given_back(house: House) -> None:
    desk = house.book(ARTIST, DESKS[1], "10:00", "12:00").view
    made = house.book(POLICE, HALL, "10:00", "11:00", circle=POLICE_CIRCLE, agree=True).view
    cancel(house, POLICE, made)
    assert [each.id for each in clashes(house, POLICE, made).displaceable] == [desk.id]
    assert heard(house, ARTIST) == [News.DISPLACED, News.GIVEN_BACK]


def test_others_than_its_own_people_find_nothing_to_undo(house: House) -> None:
    seen = house.book(POLICE, DESKS[1], "10:00", "11:00", visibility="open").view
    hidden = house.book(POLICE, MEETING_ROOM, "12:00", "13:00", circle=POLICE_CIRCLE).view
    for made in (seen, hidden):
        cancel(house, POLICE, made)
        for who in (TRAFFIC, ARTIST, COORDINATOR, GUARD):
            with pytest.raises(NotFound):
                undo(house, who, made)


def test_what_stands_cannot_be_undone(house: House) -> None:
    made = house.book(POLICE, DESKS[1], "10:00", "11:00").view
    with pytest.raises(Forbidden):
        undo(house, POLICE, made)


def test_what_was_not_approved_is_not_made_to_stand_by_undoing(house: House) -> None:
    made = house.book(ARTIST, MEETING_ROOM, "10:00", "11:00").view
    approving.decline(house.viewer(COORDINATOR), made.id, house.clock(), words="Tyvärr upptaget")
    assert refused(house, ARTIST, made) == [Reason.UNDO_PASSED]


# --- approval ---------------------------------------------------------------------------------


def test_what_waited_waits_again_and_what_was_approved_is_approved(house: House) -> None:
    made = house.book(ARTIST, MEETING_ROOM, "10:00", "11:00").view
    cancel(house, ARTIST, made)
    house.clock.step(minutes=1)
    again = undo(house, ARTIST, made)
    assert again.status is Status.PENDING
    assert again.answer_by is not None
    assert again.answer_by <= made.span.start
    assert heard(house, COORDINATOR) == [News.ASKED, News.ASKED]
    approving.approve(house.viewer(COORDINATOR), made.id, house.clock())
    house.clock.step(minutes=1)
    cancel(house, ARTIST, made)
    assert undo(house, ARTIST, made).status is Status.CONFIRMED


# --- series -----------------------------------------------------------------------------------


def test_one_time_of_a_series_comes_back_alone(house: House) -> None:
    made = weekly(house)
    third = looking.look_at(
        house.viewer(POLICE), made.id, house.clock(), made.occurrence + timedelta(weeks=2)
    ).view
    cancel(house, POLICE, made)
    house.clock.step(minutes=1)
    cancel(house, POLICE, third)
    house.clock.step(minutes=1)
    undo(house, POLICE, third)
    assert standing(house, made) == [1, 2, 3]


def test_this_and_those_that_follow_come_back_together(house: House) -> None:
    made = weekly(house)
    second = looking.look_at(
        house.viewer(POLICE), made.id, house.clock(), made.occurrence + timedelta(weeks=1)
    ).view
    cancel(house, POLICE, second, Scope.FOLLOWING)
    assert standing(house, made) == [0]
    house.clock.step(minutes=1)
    undo(house, POLICE, second)
    assert standing(house, made) == [0, 1, 2, 3]


def test_a_whole_series_comes_back_all_or_not_at_all(house: House) -> None:
    made = weekly(house)
    cancel(house, POLICE, made, Scope.ALL)
    booking.book(
        house.viewer(TRAFFIC),
        house.order(DESKS[0], "10:30", "12:00", house.at("10:30").date() + timedelta(weeks=3)),
        house.clock(),
    )
    assert len(clashes(house, POLICE, made).met) == 1
    assert standing(house, made) == []


# --- confidentiality --------------------------------------------------------------------------


def test_a_confidential_one_comes_back_sealed_and_is_busy_to_outsiders_again(house: House) -> None:
    made = house.book(
        POLICE, MEETING_ROOM, "10:00", "11:00", title=PLANTED, note=PLANTED, circle=POLICE_CIRCLE
    ).view
    before = board(house, TRAFFIC)
    cancel(house, POLICE, made)
    assert board(house, TRAFFIC).entries == ()
    house.clock.step(minutes=1)
    again = undo(house, POLICE, made)
    assert again.content is None
    assert board(house, TRAFFIC) == before
    with pytest.raises(NotFound):
        looking.look_at(house.viewer(TRAFFIC), made.id, house.clock())
    opened = looking.open_details(house.viewer(GUARD), made.id, house.clock(), "page")
    assert opened.view.content is not None
    assert (opened.view.content.title, opened.view.content.note) == (PLANTED, PLANTED)
    assert not any(each.broken for each in audit())


def test_what_a_booking_took_over_it_keeps(house: House) -> None:
    briefing = house.book(POLICE, HALL, "10:00", "11:00", circle=POLICE_CIRCLE).view
    desk = house.book(GUARD, DESKS[1], "10:00", "11:00", title=PLANTED).view
    cancel(house, GUARD, desk)
    house.clock.step(minutes=1)
    assert alike(undo(house, GUARD, desk), desk)
    cancel(house, GUARD, desk)
    cancel(house, POLICE, briefing)
    house.clock.step(minutes=1)
    assert undo(house, GUARD, desk).circles == desk.circles
    assert busy(house, TRAFFIC, DESKS[1]) == [Busy(DESKS[1], desk.span)]


@pytest.mark.parametrize("who", [GUARD, TRAFFIC])
def test_what_has_been_seen_does_not_come_back_into_what_is_barred_meanwhile(house: House, who: str) -> None:
    """Member and outsider alike: that it vanished from sight would tell who is in the circle."""
    made = house.book(who, DESKS[1], "10:00", "11:00", visibility="internal").view
    cancel(house, who, made)
    house.book(POLICE, HALL, "10:00", "11:00", title=PLANTED, circle=POLICE_CIRCLE)
    found = clashes(house, who, made)
    if who == TRAFFIC:
        assert found.clashes == (Busy(DESKS[1], house.span("10:00", "11:00")),)
    assert found.displaceable == ()


def test_what_it_had_lost_is_its_own_again_and_is_told_no_more_of(house: House) -> None:
    made = house.book(ARTIST, DESKS[1], "10:00", "12:00").view
    briefing = house.book(POLICE, HALL, "10:00", "11:00", circle=POLICE_CIRCLE, agree=True).view
    cancel(house, ARTIST, made)
    cancel(house, POLICE, briefing)
    house.clock.step(minutes=1)
    assert undo(house, ARTIST, made).suspended == ()
    house.book(POLICE, MEETING_ROOM, "10:00", "11:00", circle=POLICE_CIRCLE)
    assert heard(house, ARTIST) == [News.DISPLACED]
