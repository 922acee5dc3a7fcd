"""Handing over what a colleague booked, and letting somebody go from one's own organisation."""

import pytest
from sqlalchemy import select

from booking.actions import cancelling, feeding, handing_over, leaving, looking, membership
from booking.actions.errors import NotFound, Refused
from booking.actions.feeding import FeedKind, FeedWish
from booking.actions.sessions import viewer_of_session
from booking.actions.signing_in import Browser, sign_in
from booking.domain.bookings import Repetition, Status
from booking.domain.people import Role
from booking.domain.permissions import Forbidden
from booking.domain.refusals import Reason
from booking.domain.views import Full
from booking.storage import access, directory, sessions
from booking.storage.database import run, transaction
from booking.storage.tables import journal, notices, outbox, people
from tests.cast import (
    ADMINISTRATOR,
    ARTIST,
    COORDINATOR,
    DESKS,
    GUARD,
    HALL,
    MEETING_ROOM,
    PASSWORD,
    POLICE,
    POLICE_CIRCLE,
    POLICE_COLLEAGUE,
    PREMISES,
    TRAFFIC,
)
from tests.support.dump import rows_by_table
from tests.support.house import House

pytestmark = pytest.mark.usefixtures("inside")
NOBODY = "ingen@example.org"


def hand_over(house: House, by: str = POLICE, who: str = POLICE_COLLEAGUE, to: str = POLICE) -> None:
    handing_over.hand_over(house.viewer(by), who, to, house.clock())


def let_go(house: House, by: str = POLICE, who: str = POLICE_COLLEAGUE, to: str | None = POLICE) -> None:
    leaving.deactivate(house.viewer(by), who, house.clock(), to)


def seen(house: House, who: str, made: Full) -> Full:
    return looking.look_at(house.viewer(who), made.id, house.clock(), made.occurrence).view


def made_administrator(house: House, email: str) -> None:
    with transaction():
        run(people.update().where(people.c.email == email).values(organisation_admin=True))


def told() -> list[tuple[str, int]]:
    """Who was told that which booking has another organiser."""
    rows = run(select(notices).order_by(notices.c.id))
    return [(row.booking_id, row.person_id) for row in rows if row.kind == "handed_over"]


# --- who may ----------------------------------------------------------------------------------


def test_an_administrator_sees_the_people_of_their_own_organisation_only(house: House) -> None:
    found = leaving.people_of(house.viewer(POLICE), house.clock())
    assert [(each.email, each.administrator, each.you) for each in found] == [
        (POLICE, True, True),
        (POLICE_COLLEAGUE, False, False),
    ]


@pytest.mark.parametrize("who", [POLICE_COLLEAGUE, COORDINATOR, ADMINISTRATOR, ARTIST, TRAFFIC])
def test_nobody_else_lists_hands_over_or_lets_go(house: House, database: str, who: str) -> None:
    house.book(POLICE_COLLEAGUE, DESKS[0], "10:00", "12:00")
    before = rows_by_table(database)
    for act in (
        lambda: leaving.people_of(house.viewer(who), house.clock()),
        lambda: hand_over(house, who),
        lambda: let_go(house, who),
        lambda: let_go(house, who, to=None),
    ):
        with pytest.raises(Forbidden):
            act()
    assert rows_by_table(database) == before


def test_not_even_an_administrator_of_the_system_who_was_put_in_the_organisation(house: House) -> None:
    organisation = house.viewer(POLICE).organisation
    with transaction():
        values = {"organisation_id": organisation, "organisation_admin": True}
        run(people.update().where(people.c.email == ADMINISTRATOR).values(**values))
    assert house.viewer(ADMINISTRATOR).role is Role.ADMINISTRATOR
    with pytest.raises(Forbidden):
        let_go(house, ADMINISTRATOR)


def test_people_of_other_organisations_are_not_there(house: House) -> None:
    for who in (GUARD, ARTIST, ADMINISTRATOR, NOBODY):
        with pytest.raises(NotFound):
            hand_over(house, who=who)
        with pytest.raises(NotFound):
            let_go(house, who=who)


@pytest.mark.parametrize("to", [GUARD, ARTIST, POLICE_COLLEAGUE, NOBODY, ""])
def test_bookings_go_only_to_another_colleague_who_is_there(house: House, to: str) -> None:
    for act in (hand_over, let_go):
        with pytest.raises(Refused) as refused:
            act(house, to=to)
        assert [each.reason for each in refused.value.refusals] == [Reason.UNKNOWN_COLLEAGUE]


def test_nor_to_one_who_has_left(house: House) -> None:
    let_go(house)
    with pytest.raises(Refused):
        hand_over(house, who=POLICE, to=POLICE_COLLEAGUE)


# --- handing over -----------------------------------------------------------------------------


def test_what_is_to_come_is_the_others_and_both_are_told(house: House) -> None:
    made = house.book(POLICE_COLLEAGUE, DESKS[0], "10:00", "12:00").view
    hand_over(house)
    after = seen(house, POLICE, made)
    assert (after.mine, after.organiser, after.version) == (True, "Polis Ett", made.version + 1)
    assert not seen(house, POLICE_COLLEAGUE, made).mine
    both = {house.viewer(each).person for each in (POLICE, POLICE_COLLEAGUE)}
    assert {person for _, person in told()} == both
    assert {booking for booking, _ in told()} == {made.id}


def test_what_is_past_keeps_who_booked_it(house: House) -> None:
    past = house.book(POLICE_COLLEAGUE, DESKS[0], "08:00", "09:00").view
    under_way = house.book(POLICE_COLLEAGUE, DESKS[1], "08:00", "12:00").view
    house.clock.now = house.at("09:00")
    hand_over(house)
    assert seen(house, POLICE, past).organiser == "Polis Två"
    assert seen(house, POLICE, under_way).organiser == "Polis Ett"


def test_a_series_goes_whole(house: House) -> None:
    repeat = Repetition("FREQ=DAILY;COUNT=4")
    made = house.book(POLICE_COLLEAGUE, DESKS[0], "08:00", "09:00", repeat=repeat).view
    house.clock.step(days=1)
    hand_over(house)
    assert len(told()) == 2
    later = looking.look_at(house.viewer(POLICE), made.id, house.clock()).view
    assert (later.mine, later.repetition) == (True, made.repetition)


def test_what_others_of_the_organisation_booked_stays_theirs(house: House) -> None:
    made = house.book(POLICE, DESKS[0], "10:00", "12:00").view
    hand_over(house)
    assert seen(house, POLICE, made).mine


def test_a_confidential_booking_is_handed_over_closed(house: House) -> None:
    made = house.book(
        POLICE_COLLEAGUE, HALL, "10:00", "11:00", title="Utsättning", circle=POLICE_CIRCLE, attendees=(GUARD,)
    ).view
    hand_over(house)
    opened = looking.open_details(house.viewer(POLICE), made.id, house.clock(), "page").view
    assert opened.mine
    assert opened.content is not None
    assert (opened.content.title, [each.email for each in opened.content.attendees]) == (
        "Utsättning",
        [GUARD],
    )


def test_the_answer_is_the_same_whatever_there_was(house: House) -> None:
    assert handing_over.hand_over(house.viewer(POLICE), POLICE_COLLEAGUE, POLICE, house.clock()) is None  # type: ignore[func-returns-value]
    house.book(POLICE_COLLEAGUE, HALL, "10:00", "11:00", circle=POLICE_CIRCLE)
    assert handing_over.hand_over(house.viewer(POLICE), POLICE_COLLEAGUE, POLICE, house.clock()) is None  # type: ignore[func-returns-value]


def test_each_is_journalled_by_who_did_it(house: House) -> None:
    made = house.book(POLICE_COLLEAGUE, DESKS[0], "10:00", "12:00").view
    hand_over(house)
    row = run(select(journal).where(journal.c.action == "booking:hand-over")).one()
    assert (row.actor_id, row.subject, row.fields) == (house.viewer(POLICE).person, made.id, "organiser")


# --- leaving ----------------------------------------------------------------------------------


def test_who_leaves_is_out_at_once_by_every_way(house: House) -> None:
    viewer = house.viewer(POLICE_COLLEAGUE)
    assert viewer.person is not None
    with transaction():
        session = sessions.begin(viewer.person, False, house.clock())
        link = access.issue_link(viewer.person, "password", house.at("24:00"))
    _, token = membership.issue_token(viewer, "program", True, house.clock())
    _, feed = feeding.issue(viewer, FeedWish(PREMISES, FeedKind.MINE), house.clock())
    let_go(house)
    assert viewer_of_session(session, house.clock()) is None
    assert membership.viewer_of_token(token, house.clock()) is None
    assert sign_in(POLICE_COLLEAGUE, PASSWORD, Browser("::1"), house.clock()) is None
    for act in (
        lambda: membership.look_at_link(link, house.clock()),
        lambda: feeding.fetch(feeding.reader(feed, "test", house.clock()), house.clock()),
    ):
        with pytest.raises(NotFound):
            act()
    found = leaving.people_of(house.viewer(POLICE), house.clock())
    assert [(each.email, each.ended) for each in found] == [(POLICE, False), (POLICE_COLLEAGUE, True)]


def test_others_keep_their_ways_in(house: House) -> None:
    _, token = membership.issue_token(house.viewer(POLICE), "program", True, house.clock())
    let_go(house)
    assert membership.viewer_of_token(token, house.clock()) is not None


def test_what_they_have_ahead_goes_to_the_one_named(house: House) -> None:
    made = house.book(POLICE_COLLEAGUE, HALL, "10:00", "12:00", circle=POLICE_CIRCLE).view
    let_go(house)
    assert seen(house, POLICE, made).mine
    assert told() == [(made.id, house.viewer(POLICE).person)]


def test_or_is_cancelled_and_what_gave_way_comes_back(house: House) -> None:
    desk = house.book(ARTIST, DESKS[1], "09:00", "13:00", visibility="open").view
    briefing = house.book(POLICE_COLLEAGUE, HALL, "10:00", "11:00", circle=POLICE_CIRCLE, agree=True).view
    series = house.book(
        POLICE_COLLEAGUE, DESKS[0], "12:00", "13:00", repeat=Repetition("FREQ=DAILY;COUNT=3")
    ).view
    let_go(house, to=None)
    for made in (briefing, series):
        assert seen(house, POLICE, made).status is Status.CANCELLED
    (mine,) = looking.mine(house.viewer(ARTIST), house.place, desk.span, house.clock()).views
    assert mine.suspended == ()
    house.book(TRAFFIC, MEETING_ROOM, "10:00", "11:00")


def test_what_was_cancelled_before_is_not_touched(house: House) -> None:
    made = house.book(POLICE_COLLEAGUE, DESKS[0], "10:00", "12:00").view
    cancelling.cancel(house.viewer(POLICE), made.id, house.clock())
    let_go(house)
    assert seen(house, POLICE, made).organiser == "Polis Två"


def test_the_last_administrator_does_not_leave(house: House, database: str) -> None:
    before = rows_by_table(database)
    for to in (None, POLICE_COLLEAGUE):
        with pytest.raises(Refused) as refused:
            let_go(house, who=POLICE, to=to)
        assert [each.reason for each in refused.value.refusals] == [Reason.LAST_ADMINISTRATOR]
    assert rows_by_table(database) == before


def test_one_of_two_administrators_may_leave_and_then_acts_no_more(house: House) -> None:
    made_administrator(house, POLICE_COLLEAGUE)
    before = house.viewer(POLICE)
    let_go(house, who=POLICE, to=POLICE_COLLEAGUE)
    with pytest.raises(Forbidden):
        leaving.deactivate(before, POLICE_COLLEAGUE, house.clock())
    with pytest.raises(Refused):
        let_go(house, by=POLICE_COLLEAGUE, who=POLICE_COLLEAGUE, to=None)


def test_it_is_journalled_and_told_to_nobody_outside(house: House) -> None:
    let_go(house)
    number = house.viewer(POLICE_COLLEAGUE).person
    row = run(select(journal).where(journal.c.action == "person:deactivate")).one()
    assert (row.actor_id, row.subject) == (house.viewer(POLICE).person, f"person {number}")
    found = directory.person_by_email(POLICE_COLLEAGUE)
    assert found is not None
    assert found.ends_at == house.clock()


def test_no_letter_goes_to_who_has_left(house: House) -> None:
    house.book(POLICE_COLLEAGUE, DESKS[0], "10:00", "12:00")
    let_go(house, to=None)
    number = house.viewer(POLICE_COLLEAGUE).person
    assert run(select(outbox).where(outbox.c.person_id == number)).all() == []


def test_calendars_by_mail_follow_the_new_organiser(house: House) -> None:
    house.book(POLICE_COLLEAGUE, DESKS[0], "10:00", "12:00")
    with transaction():
        run(people.update().values(invitations=True))
        run(outbox.delete())
    hand_over(house)
    rows = run(select(outbox).where(outbox.c.kind != "notice").order_by(outbox.c.id))
    sent = [(row.person_id, row.kind) for row in rows]
    leaver, heir = (house.viewer(each).person for each in (POLICE_COLLEAGUE, POLICE))
    assert sent == [(leaver, "cancel"), (heir, "request")]
