"""A circle that demands a second factor: to a session without one its bookings are Busy, from the next request on."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from booking.actions import booking, cancelling, feeding, looking, membership, noticing, reminding
from booking.actions.errors import Clash, NotFound, Refused
from booking.actions.feeding import FeedKind, FeedWish
from booking.actions.looking import Opened
from booking.actions.sessions import viewer_of_session
from booking.actions.wishing import Given
from booking.domain.people import Viewer
from booking.domain.refusals import Reason
from booking.domain.views import Board
from booking.storage import factors, sessions
from booking.storage.circles import circles_of
from booking.storage.database import run, transaction
from booking.storage.tables import circles, openings
from tests.cast import (
    ARTIST,
    DESKS,
    GUARD,
    HALL,
    MEETING_ROOM,
    POLICE,
    POLICE_CIRCLE,
    POLICE_COLLEAGUE,
    PREMISES,
    SOCIAL,
    TRAFFIC,
    VISION_CIRCLE,
)
from tests.support.house import House

OWN_CIRCLE = "endast-lokalpolisomrade-norrmalm"
pytestmark = pytest.mark.usefixtures("inside")


def demand(circle: str, demanded: bool = True) -> None:
    with transaction():
        run(circles.update().where(circles.c.key == circle).values(second_factor=demanded))


@pytest.fixture(autouse=True)
def demanding(house: House, inside: None) -> None:
    demand(POLICE_CIRCLE)


@pytest.fixture
def briefing(house: House) -> Opened:
    """Booked by the police with their second factor, into the circle that demands it."""
    viewer = house.viewer(POLICE, proved=True)
    order = house.order(HALL, "17:00", "17:45", title="Utsättning", circle=POLICE_CIRCLE)
    return booking.book(viewer, order, house.clock())


def seen(house: House, viewer: Viewer) -> Board:
    return looking.board(viewer, house.place, house.span("00:00", "24:00"), house.clock()).board


def test_with_the_second_factor_it_is_there_as_to_the_circle_it_is(house: House, briefing: Opened) -> None:
    for who in (POLICE, POLICE_COLLEAGUE, GUARD):
        viewer = house.viewer(who, proved=True)
        assert [each.id for each in seen(house, viewer).bookings] == [briefing.view.id]
        opened = looking.open_details(viewer, briefing.view.id, house.clock(), "page")
        assert opened.view.content is not None
        assert opened.view.content.title == "Utsättning"


@pytest.mark.parametrize("who", [POLICE, POLICE_COLLEAGUE, GUARD])
def test_without_it_the_circles_own_people_see_what_an_outsider_sees(
    house: House, briefing: Opened, who: str
) -> None:
    outsider = seen(house, house.viewer(TRAFFIC))
    assert outsider.bookings == ()
    assert outsider.busy
    assert seen(house, house.viewer(who)) == outsider
    for act in (looking.look_at, cancelling.cancel):
        with pytest.raises(NotFound):
            act(house.viewer(who), briefing.view.id, house.clock())
    assert run(select(openings)).all() == []


def test_even_whoever_booked_it_does_not_find_it_among_their_own(house: House, briefing: Opened) -> None:
    day = house.span("00:00", "24:00")
    unproved, proved = (
        looking.mine(house.viewer(POLICE, proved=each), house.place, day, house.clock())
        for each in (False, True)
    )
    assert unproved.views == ()
    assert [each.id for each in proved.views] == [briefing.view.id]


def test_without_it_one_books_as_an_outsider_and_meets_what_they_meet(house: House, briefing: Opened) -> None:
    clashes = []
    for viewer in (house.viewer(GUARD), house.viewer(TRAFFIC)):
        with pytest.raises(Clash) as refused:
            booking.book(viewer, house.order(DESKS[0], "17:10", "17:30"), house.clock())
        clashes.append(refused.value.clashes)
    assert clashes[0] == clashes[1]
    booking.book(house.viewer(GUARD, proved=True), house.order(DESKS[0], "17:10", "17:30"), house.clock())


def test_it_counts_from_the_very_next_request(house: House) -> None:
    demand(POLICE_CIRCLE, False)
    made = house.book(POLICE, HALL, "17:00", "17:45", circle=POLICE_CIRCLE).view
    viewer = house.viewer(GUARD)
    assert looking.look_at(viewer, made.id, house.clock()).view.id == made.id
    demand(POLICE_CIRCLE)
    with pytest.raises(NotFound):
        looking.look_at(house.viewer(GUARD), made.id, house.clock())
    with pytest.raises(NotFound):
        cancelling.cancel(house.viewer(POLICE), made.id, house.clock())


def test_a_circle_that_demands_nothing_is_open_as_before(house: House, briefing: Opened) -> None:
    made = house.book(POLICE, MEETING_ROOM, "10:00", "11:00", circle=VISION_CIRCLE).view
    assert looking.look_at(house.viewer(GUARD), made.id, house.clock()).view.id == made.id


# --- booking into it --------------------------------------------------------------------------


def why_not(act: Callable[[], object]) -> set[Reason]:
    with pytest.raises(Refused) as refused:
        act()
    return {each.reason for each in refused.value.refusals}


def test_nobody_books_into_it_without_their_second_factor(house: House) -> None:
    def book(who: str) -> set[Reason]:
        return why_not(lambda: house.book(who, HALL, "17:00", "17:45", circle=POLICE_CIRCLE))

    assert book(POLICE) == book(TRAFFIC) == {Reason.CIRCLE_NOT_YOURS}


def test_nor_into_ones_own_where_that_demands_it_whether_named_or_not(house: House) -> None:
    demand(OWN_CIRCLE)
    for fields in ({"circle": OWN_CIRCLE}, {"visibility": "confidential"}):
        assert why_not(lambda f=fields: house.book(POLICE, HALL, "17:00", "17:45", **f)) == {  # type: ignore[misc]
            Reason.CIRCLE_NOT_YOURS
        }


# --- who never has one ------------------------------------------------------------------------


def test_no_token_opens_it_whoever_made_it_and_however(house: House, briefing: Opened) -> None:
    viewer = house.viewer(POLICE, proved=True)
    for confidential in (True, False):
        _, secret = membership.issue_token(viewer, "program", confidential, house.clock())
        eyes = membership.viewer_of_token(secret, house.clock())
        assert eyes is not None
        assert not eyes.proved
        with pytest.raises(NotFound):
            looking.look_at(eyes, briefing.view.id, house.clock())


def test_no_feed_shows_that_it_is_ones_own(house: House, briefing: Opened) -> None:
    wish = FeedWish(PREMISES, FeedKind.MINE, colleagues=True, neutral=True)
    _, secret = feeding.issue(house.viewer(POLICE, proved=True), wish, house.clock())
    found = feeding.fetch(feeding.reader(secret, "program", house.clock()), house.clock())
    assert (found.bookings, found.busy) == ((), ())


def test_a_confidential_token_is_made_with_the_second_factor_by_whoever_has_one(house: House) -> None:
    viewer = house.viewer(POLICE)
    membership.issue_token(viewer, "before", True, house.clock())
    assert viewer.person is not None
    with transaction():
        factors.add_passkey(viewer.person, b"1", b"2", 0, "Nyckel", house.clock())
    assert why_not(lambda: membership.issue_token(viewer, "program", True, house.clock())) == {
        Reason.PROVE_FIRST
    }
    membership.issue_token(viewer, "plain", False, house.clock())
    membership.issue_token(house.viewer(POLICE, proved=True), "program", True, house.clock())


# --- being told -------------------------------------------------------------------------------


def test_whose_it_is_is_still_reminded_and_reads_of_what_with_their_second_factor(
    house: House, briefing: Opened
) -> None:
    noticing.wish(house.viewer(POLICE), noticing.Wishes("sv", True, False, 15), house.clock())
    house.clock.now = house.at("16:50")
    assert reminding.remind(house.clock()) == 1
    for proved in (False, True):
        (told,) = noticing.told(house.viewer(POLICE, proved=proved), house.clock())
        assert told.hidden is not proved


def test_what_gave_way_for_it_comes_back_when_it_goes(house: House) -> None:
    desk = house.book(ARTIST, DESKS[1], "16:30", "18:00", visibility="open").view
    order = house.order(HALL, "17:00", "17:45", circle=POLICE_CIRCLE, displace=frozenset({Given(desk.id)}))
    made = booking.book(house.viewer(POLICE, proved=True), order, house.clock()).view
    cancelling.cancel(house.viewer(POLICE, proved=True), made.id, house.clock())
    (mine,) = looking.mine(house.viewer(ARTIST), house.place, desk.span, house.clock()).views
    assert mine.suspended == ()


# --- sessions ---------------------------------------------------------------------------------


def test_only_whose_organisation_is_in_such_a_circle_is_told_what_a_second_factor_opens(house: House) -> None:
    demanded = {
        who: bool(circles_of(house.viewer(who).organisation).demanding)
        for who in (POLICE, GUARD, SOCIAL, ARTIST)
    }
    assert demanded == {POLICE: True, GUARD: True, SOCIAL: False, ARTIST: False}


def test_a_session_sees_with_its_second_factor_until_that_is_gone(house: House) -> None:
    person = house.viewer(POLICE).person
    assert person is not None
    with transaction():
        secret = sessions.begin(person, False, house.clock(), proved=True)
    eyes = viewer_of_session(secret, house.clock())
    assert eyes is not None
    assert eyes.proved
    with transaction():
        sessions.unprove(person)
    eyes = viewer_of_session(secret, house.clock())
    assert eyes is not None
    assert not eyes.proved
