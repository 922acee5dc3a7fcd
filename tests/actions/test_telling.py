"""Who is told what: once, only what they may know, and the same whatever hidden thing was the cause."""

from collections.abc import Callable

import pytest
from sqlalchemy import delete, select, update

from booking.actions import cancelling, changing, noticing
from booking.actions.changes import Changes, Scope
from booking.actions.errors import Clash
from booking.actions.noticing import Told, Wishes
from booking.domain.bookings import Repetition
from booking.domain.notices import News
from booking.domain.views import Full
from booking.storage.database import run, transaction
from booking.storage.tables import notices, outbox, people
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
    TRAFFIC,
)
from tests.support.house import House

pytestmark = pytest.mark.usefixtures("inside")


def told(house: House, who: str) -> list[Told]:
    return noticing.told(house.viewer(who), house.clock())


def heard(house: House, who: str) -> list[News]:
    """What somebody was told, the oldest first."""
    return [each.notice.news for each in reversed(told(house, who))]


def brief(house: House, start: str = "14:00", end: str = "14:30", **fields: object) -> Full:
    return house.book(POLICE, HALL, start, end, circle=POLICE_CIRCLE, agree=True, **fields).view


def change(house: House, who: str, made: Full, scope: Scope = Scope.THIS, **fields: object) -> None:
    changes = Changes(**fields)  # type: ignore[arg-type]
    changing.change(house.viewer(who), made.id, changes, None, house.clock(), scope)


def cancel(house: House, who: str, made: Full, scope: Scope = Scope.THIS) -> None:
    cancelling.cancel(house.viewer(who), made.id, house.clock(), scope=scope)


def weekly(house: House, who: str = POLICE, times: int = 3, **fields: object) -> Full:
    repeat = Repetition(f"FREQ=WEEKLY;COUNT={times}")
    return house.book(who, DESKS[0], "10:00", "11:00", repeat=repeat, **fields).view


# --- giving way -------------------------------------------------------------------------------


def test_who_has_to_give_way_is_told_which_booking_and_never_for_whom(house: House) -> None:
    made = house.book(ARTIST, DESKS[1], "13:00", "15:00").view
    brief(house)
    (notice,) = told(house, ARTIST)
    assert (notice.notice.news, notice.notice.booking) == (News.DISPLACED, made.id)
    assert (notice.notice.span, notice.resource) == (made.span, DESKS[1])
    assert (notice.notice.sender, notice.notice.words) == (None, None)
    assert notice.view is not None
    assert notice.view.suspended == (house.span("14:00", "14:30"),)


def test_members_who_sit_through_it_are_told_nothing(house: House) -> None:
    house.book(GUARD, DESKS[1], "13:00", "15:00")
    brief(house)
    assert heard(house, GUARD) == []


def test_each_displaced_booking_is_told_once_though_the_briefing_comes_back(house: House) -> None:
    for hours in (("13:00", "15:00"), ("16:00", "17:00")):
        house.book(ARTIST, DESKS[1], *hours)
    house.book(POLICE, HALL, "12:00", "18:00", circle=POLICE_CIRCLE, agree=True)
    assert heard(house, ARTIST) == [News.DISPLACED, News.DISPLACED]


def test_what_is_lost_already_is_not_told_again_when_something_else_hidden_bars_it(house: House) -> None:
    house.book(ARTIST, DESKS[1], "13:00", "15:00")
    house.book(POLICE, DESKS[2], "13:00", "15:00", circle=POLICE_CIRCLE, agree=True)
    house.clock.step(minutes=5)
    house.book(POLICE_COLLEAGUE, DESKS[0], "13:30", "14:30", circle=POLICE_CIRCLE, agree=True)
    assert heard(house, ARTIST) == [News.DISPLACED]


def test_time_that_is_lost_later_is_told_then(house: House) -> None:
    house.book(ARTIST, DESKS[1], "13:00", "15:00")
    brief(house)
    house.clock.step(minutes=5)
    brief(house, "14:30", "15:00")
    assert heard(house, ARTIST) == [News.DISPLACED, News.DISPLACED]


def test_who_has_it_back_is_told_once_it_is_whole(house: House) -> None:
    house.book(ARTIST, DESKS[1], "13:00", "16:00")
    first, second = brief(house), brief(house, "14:30", "15:00")
    cancel(house, POLICE, first)
    assert News.GIVEN_BACK not in heard(house, ARTIST)
    cancel(house, POLICE, second)
    assert heard(house, ARTIST).count(News.GIVEN_BACK) == 1


def test_who_took_another_time_is_not_told_that_it_is_given_back(house: House) -> None:
    made = house.book(ARTIST, DESKS[1], "13:00", "15:00").view
    briefing = brief(house)
    later = house.span("17:00", "19:00")
    change(house, ARTIST, made, start=later.start, end=later.end)
    cancel(house, POLICE, briefing)
    assert heard(house, ARTIST) == [News.DISPLACED]


def test_a_desk_that_gives_way_to_an_urgent_use_is_moved_and_its_holder_told(house: House) -> None:
    house.book(ARTIST, DESKS[1], "13:00", "15:00")
    house.book(POLICE, DESKS[1], "13:00", "15:00", urgent=True, agree=True, visibility="internal")
    (notice,) = told(house, ARTIST)
    assert notice.notice.news is News.MOVED
    assert notice.resource == DESKS[0]


# --- changed and cancelled by others ----------------------------------------------------------


def test_a_colleagues_change_is_told_with_their_name_and_ones_own_is_not(house: House) -> None:
    made = house.book(POLICE, DESKS[0], "10:00", "11:00").view
    change(house, POLICE, made, title="Mitt")
    assert heard(house, POLICE) == []
    change(house, POLICE_COLLEAGUE, made, title="Vårt")
    (notice,) = told(house, POLICE)
    assert (notice.notice.news, notice.sender) == (News.CHANGED, "Polis Två")


def test_a_colleagues_cancellation_is_told_and_ones_own_is_not(house: House) -> None:
    mine, ours = (house.book(POLICE, desk, "10:00", "11:00").view for desk in DESKS[:2])
    cancel(house, POLICE, mine)
    cancel(house, POLICE_COLLEAGUE, ours)
    (notice,) = told(house, POLICE)
    assert (notice.notice.news, notice.notice.booking) == (News.CANCELLED, ours.id)


@pytest.mark.parametrize("act", [change, cancel])
def test_of_a_series_one_act_is_told_once(house: House, act: Callable[..., None]) -> None:
    made = weekly(house)
    act(house, POLICE_COLLEAGUE, made, Scope.ALL, **({"title": "Nytt"} if act is change else {}))
    (notice,) = told(house, POLICE)
    assert (notice.notice.occurrence, notice.notice.span) == (None, None)
    assert notice.view is not None


def test_nothing_is_told_of_a_change_that_is_refused(house: House) -> None:
    made = house.book(POLICE, DESKS[0], "10:00", "11:00").view
    house.book(SOCIAL, DESKS[0], "12:00", "13:00", visibility="internal")
    span = house.span("12:00", "13:00")
    with pytest.raises(Clash):
        change(house, POLICE_COLLEAGUE, made, start=span.start, end=span.end)
    assert heard(house, POLICE) == []
    assert run(select(outbox)).all() == []


# --- invited ----------------------------------------------------------------------------------


def test_the_invited_of_an_ordinary_booking_are_told_and_the_organiser_is_not(house: House) -> None:
    house.book(TRAFFIC, MEETING_ROOM, "10:00", "11:00", attendees=(POLICE, TRAFFIC))
    (notice,) = told(house, POLICE)
    assert notice.notice.news is News.INVITED
    assert notice.view is not None
    assert notice.view.organiser == "Trafik Kontor"
    assert heard(house, TRAFFIC) == []


def test_nobody_is_told_of_an_invitation_to_something_confidential(house: House) -> None:
    house.book(POLICE, MEETING_ROOM, "10:00", "11:00", circle=POLICE_CIRCLE, attendees=(GUARD,))
    assert heard(house, GUARD) == []
    assert run(select(outbox)).all() == []


def test_who_is_invited_later_is_told_then_and_nobody_again(house: House) -> None:
    made = house.book(TRAFFIC, MEETING_ROOM, "10:00", "11:00", attendees=(POLICE,)).view
    house.clock.step(minutes=1)
    change(house, TRAFFIC, made, attendees=(POLICE, SOCIAL))
    assert (heard(house, POLICE), heard(house, SOCIAL)) == ([News.INVITED], [News.INVITED])


def test_a_booking_made_for_a_colleague_is_handed_to_them(house: House) -> None:
    house.book(POLICE, DESKS[0], "10:00", "11:00", organiser=POLICE_COLLEAGUE)
    assert heard(house, POLICE_COLLEAGUE) == [News.HANDED_OVER]


def test_what_waits_for_approval_is_told_to_the_coordinator(house: House) -> None:
    house.book(ARTIST, MEETING_ROOM, "10:00", "11:00")
    (notice,) = told(house, COORDINATOR)
    assert (notice.notice.news, notice.resource) == (News.ASKED, MEETING_ROOM)


# --- read through one's own eyes --------------------------------------------------------------


def test_what_one_may_no_longer_know_is_not_in_the_notice(house: House) -> None:
    house.book(POLICE, MEETING_ROOM, "10:00", "11:00", circle=POLICE_CIRCLE)
    made = house.book(POLICE, HALL, "17:00", "18:00", circle=POLICE_CIRCLE).view
    cancel(house, POLICE_COLLEAGUE, made)
    with transaction():
        outside = run(select(people.c.organisation_id).where(people.c.email == TRAFFIC)).scalar_one()
        run(update(people).where(people.c.email == POLICE).values(organisation_id=outside))
    (notice,) = told(house, POLICE)
    assert notice.hidden
    assert (notice.place, notice.view, notice.resource, notice.sender) == (None, None, None, "")


def test_ten_notices_ask_no_more_questions_than_one(house: House) -> None:
    made = [house.book(POLICE, DESKS[0], f"{hour}:00", f"{hour}:30").view for hour in range(10, 20)]
    change(house, POLICE_COLLEAGUE, made[0], title="Nytt")
    with house.asked() as said:
        assert len(told(house, POLICE)) == 1
    one = len(said)
    for each in made[1:]:
        change(house, POLICE_COLLEAGUE, each, title="Nytt")
    house.clock.step(minutes=1)
    with house.asked() as said:
        assert len(told(house, POLICE)) == 10
    assert len(said) == one


# --- calendars by mail ------------------------------------------------------------------------


def by_mail(house: House, *emails: str) -> None:
    for email in emails:
        viewer = house.viewer(email)
        noticing.wish(viewer, Wishes("sv", by_mail=False, invitations=True, remind=None), house.clock())


def entries(house: House) -> list[tuple[str, str]]:
    query = select(outbox.c.kind, people.c.email).join(people).where(outbox.c.kind != "notice")
    return sorted((row.kind, row.email) for row in run(query))


def test_who_chose_mail_gets_the_bookings_they_make_and_are_invited_to(house: House) -> None:
    by_mail(house, TRAFFIC, POLICE)
    house.book(TRAFFIC, MEETING_ROOM, "10:00", "11:00", attendees=(POLICE, SOCIAL))
    assert entries(house) == [("request", POLICE), ("request", TRAFFIC)]


def test_nothing_confidential_goes_to_a_calendar_by_mail(house: House) -> None:
    by_mail(house, POLICE, GUARD)
    made = brief(house, attendees=(GUARD,))
    house.book(GUARD, DESKS[1], "14:00", "15:00")  # made across it, and as confidential
    change(house, POLICE, made, title="Annat")
    cancel(house, POLICE, made)
    assert entries(house) == []


def test_a_move_and_a_cancellation_follow_and_a_note_does_not(house: House) -> None:
    by_mail(house, POLICE)
    made = house.book(POLICE, DESKS[0], "10:00", "11:00").view
    change(house, POLICE_COLLEAGUE, made, note="Ta med nycklar")
    assert entries(house) == [("request", POLICE)]
    change(house, POLICE_COLLEAGUE, made, end=house.at("12:00"))
    cancel(house, POLICE_COLLEAGUE, made)
    assert entries(house) == [("cancel", POLICE), ("request", POLICE), ("request", POLICE)]


def test_who_is_no_longer_invited_has_it_taken_out(house: House) -> None:
    by_mail(house, POLICE)
    made = house.book(TRAFFIC, MEETING_ROOM, "10:00", "11:00", attendees=(POLICE,)).view
    change(house, TRAFFIC, made, attendees=())
    assert entries(house) == [("cancel", POLICE), ("request", POLICE)]


def test_a_series_comes_into_the_calendar_as_it_draws_near(house: House) -> None:
    by_mail(house, POLICE)
    weekly(house, times=20)
    due = [row.due_at for row in run(select(outbox).order_by(outbox.c.occurrence))]
    assert len(due) == 20
    assert due[0] == due[8] == house.clock()
    assert due[9] > house.clock()
    assert due == sorted(due)


# --- the same whatever was hidden -------------------------------------------------------------

Cause = Callable[[House], object]
HIDDEN: dict[str, tuple[Cause, Cause]] = {
    "one briefing, or two that meet": (
        lambda house: brief(house, "14:00", "15:00"),
        lambda house: [brief(house, "14:00", "14:30"), brief(house, "14:30", "15:00")],
    ),
    "which circle": (
        lambda house: brief(house),
        lambda house: house.book(GUARD, HALL, "14:00", "14:30", circle=POLICE_CIRCLE, agree=True),
    ),
    "which desk of the zone": (
        lambda house: house.book(POLICE, DESKS[0], "14:00", "14:30", circle=POLICE_CIRCLE, agree=True),
        lambda house: house.book(POLICE, DESKS[2], "14:00", "14:30", circle=POLICE_CIRCLE, agree=True),
    ),
    "what was cancelled in two steps": (
        lambda house: cancel(house, POLICE, brief(house, "14:00", "15:00")),
        lambda house: [
            cancel(house, POLICE, each)
            for each in (brief(house, "14:00", "14:30"), brief(house, "14:30", "15:00"))
        ],
    ),
}


def lived(house: House, cause: Cause) -> object:
    """What the artist was told of a desk from 13 to 16, in words that stay when the numbers of rows differ."""
    for table in (outbox, notices):
        with transaction():
            run(delete(table))
    made = house.book(ARTIST, DESKS[1], "13:00", "16:00").view
    cause(house)
    found = [
        (each.notice.news, each.notice.made, each.notice.span, each.resource) for each in told(house, ARTIST)
    ]
    letters = len(run(select(outbox)).all())
    cancel(house, ARTIST, made)
    return found, letters


@pytest.mark.parametrize("pair", HIDDEN)
def test_outsiders_are_told_the_same_whatever_hidden_thing_was_the_cause(
    build_house: Callable[..., House], pair: str
) -> None:
    answers = []
    for cause in HIDDEN[pair]:
        house = build_house()
        with house.inside():
            answers.append(lived(house, cause))
    assert answers[0] == answers[1]
    assert answers[0] != ([], 0)
