"""Within earshot of something confidential: what was there gives way for that time, what comes is taken over."""

import pytest
from sqlalchemy import select

from booking.actions import cancelling, changing, feeding, looking, operating
from booking.actions.changes import Changes
from booking.actions.errors import Clash, NotFound, Refused
from booking.actions.feeding import FeedKind, FeedWish
from booking.actions.wishing import Given
from booking.domain.people import Visibility
from booking.domain.refusals import Reason
from booking.domain.views import Board, Busy, Full
from booking.storage import sealed
from booking.storage.database import run
from booking.storage.tables import displacements, occurrences, openings, terms
from tests.cast import (
    ARTIST,
    COORDINATOR,
    DESKS,
    GUARD,
    HALL,
    MIKA,
    POLICE,
    POLICE_CIRCLE,
    POLICE_COLLEAGUE,
    PREMISES,
    SOCIAL,
    TRAFFIC,
    VISION_CIRCLE,
)
from tests.support.dump import rows_by_table
from tests.support.house import House

pytestmark = pytest.mark.usefixtures("inside")


def board(house: House, who: str) -> Board:
    day = house.span("00:00", "24:00")
    return looking.board(house.viewer(who), house.place, day, house.clock()).board


def on_desk(house: House, who: str, desk: str = DESKS[1]) -> list[tuple[str, str, str]]:
    """What stands on a desk's row of somebody's board: kind, from and to by the wall clock."""
    zone = house.place.premises.zone
    return [
        (
            type(each).__name__,
            f"{each.span.start.astimezone(zone):%H:%M}",
            f"{each.span.end.astimezone(zone):%H:%M}",
        )
        for each in board(house, who).entries
        if each.resource == desk
    ]


def brief(house: House, start: str = "14:00", end: str = "14:30", **fields: object) -> Full:
    return house.book(POLICE, HALL, start, end, circle=POLICE_CIRCLE, agree=True, **fields).view


# --- made across ------------------------------------------------------------------------------


def test_a_desk_taken_during_a_briefing_is_as_confidential_as_the_briefing(house: House) -> None:
    brief(house)
    made = house.book(GUARD, DESKS[1], "13:00", "16:00", title="Rapport", visibility="open")
    desk = made.view
    assert (desk.visibility, desk.sealed) == (Visibility.CONFIDENTIAL, True)
    assert sealed.get(made.terms) == {"title": "Rapport", "note": "", "attendees": []}
    assert run(select(terms.c.title).where(terms.c.booking_id == desk.id)).scalars().all() == [None]
    assert looking.look_at(house.viewer(POLICE_COLLEAGUE), desk.id, house.clock()).view.id == desk.id
    for outsider in (ARTIST, TRAFFIC, COORDINATOR, SOCIAL):
        with pytest.raises(NotFound):
            looking.look_at(house.viewer(outsider), desk.id, house.clock())
        assert on_desk(house, outsider) == [("Busy", "13:00", "16:00")]


def test_it_stays_confidential_when_the_briefing_is_cancelled(house: House) -> None:
    briefing = brief(house)
    desk = house.book(GUARD, DESKS[1], "13:00", "16:00", title="Rapport").view
    cancelling.cancel(house.viewer(POLICE), briefing.id, house.clock())
    assert looking.look_at(house.viewer(POLICE), desk.id, house.clock()).view.sealed
    assert on_desk(house, TRAFFIC) == [("Busy", "13:00", "16:00")]
    assert on_desk(house, TRAFFIC, DESKS[0]) == []


def test_its_organiser_cannot_open_it_to_others(house: House) -> None:
    brief(house)
    desk = house.book(GUARD, DESKS[1], "13:00", "16:00").view
    changes = Changes(visibility=Visibility.OPEN, disclose=True)
    with pytest.raises(Refused) as refused:
        changing.change(house.viewer(GUARD), desk.id, changes, None, house.clock())
    assert [each.reason for each in refused.value.refusals] == [Reason.STAYS_CONFIDENTIAL]


def test_a_desk_taken_across_two_circles_is_for_those_who_are_in_both(house: House) -> None:
    brief(house)
    house.book(MIKA, HALL, "14:30", "15:00", circle=VISION_CIRCLE)
    desk = house.book(GUARD, DESKS[1], "14:15", "14:45").view
    assert len(desk.circles) == 2
    assert looking.look_at(house.viewer(POLICE), desk.id, house.clock()).view.id == desk.id
    with pytest.raises(NotFound):
        looking.look_at(house.viewer(MIKA), desk.id, house.clock())


def test_only_people_of_the_circle_can_be_invited_to_it(house: House) -> None:
    brief(house)
    with pytest.raises(Refused) as refused:
        house.book(GUARD, DESKS[1], "14:00", "15:00", attendees=(TRAFFIC,))
    assert [each.reason for each in refused.value.refusals] == [Reason.ATTENDEE_OUTSIDE_CIRCLE]
    house.book(GUARD, DESKS[1], "14:00", "15:00", attendees=(POLICE,))


def test_no_booking_is_moved_into_earshot_not_even_by_a_member(house: House) -> None:
    brief(house)
    for who, desk in ((GUARD, DESKS[1]), (TRAFFIC, DESKS[2])):
        made = house.book(who, desk, "12:00", "13:00").view
        changes = Changes(end=house.at("14:15"))
        with pytest.raises(Clash):
            changing.change(house.viewer(who), made.id, changes, None, house.clock())


# --- there before -----------------------------------------------------------------------------


@pytest.mark.parametrize("holder", [ARTIST, GUARD])
def test_an_older_desk_is_seen_outside_the_briefing_and_busy_within_whoever_has_it(
    house: House, holder: str
) -> None:
    house.book(holder, DESKS[1], "13:00", "15:00", visibility="open")
    brief(house)
    expected = [("Full", "13:00", "14:00"), ("Busy", "14:00", "14:30"), ("Full", "14:30", "15:00")]
    for outsider in (TRAFFIC, COORDINATOR, SOCIAL):
        assert on_desk(house, outsider) == expected


def test_the_two_pieces_tell_nothing_of_the_row_they_are_cut_from(house: House) -> None:
    made = house.book(ARTIST, DESKS[1], "13:00", "15:00", visibility="open").view
    brief(house)
    first, second = (each for each in board(house, TRAFFIC).bookings if each.resource == DESKS[1])
    assert len({first.uid, second.uid, made.uid}) == 3
    for piece in (first, second):
        assert (piece.version, piece.sequence, piece.changed, piece.suspended) == (0, 0, None, ())
        assert piece.occurrence == piece.span.start


def test_the_circle_sees_an_older_desk_whole(house: House) -> None:
    house.book(ARTIST, DESKS[1], "13:00", "15:00", visibility="open")
    brief(house)
    assert on_desk(house, POLICE_COLLEAGUE) == [("Full", "13:00", "15:00")]


def test_it_is_given_back_whole_when_the_briefing_is_cancelled(house: House) -> None:
    made = house.book(ARTIST, DESKS[1], "13:00", "15:00", visibility="open").view
    briefing = brief(house)
    cancelling.cancel(house.viewer(POLICE), briefing.id, house.clock())
    assert on_desk(house, TRAFFIC) == [("Full", "13:00", "15:00")]
    (mine,) = looking.mine(house.viewer(ARTIST), house.place, made.span, house.clock()).views
    assert mine.suspended == ()


def test_only_what_no_other_briefing_bars_is_given_back(house: House) -> None:
    house.book(ARTIST, DESKS[1], "13:00", "16:00", visibility="open")
    first = brief(house)
    brief(house, "14:30", "15:00")
    assert on_desk(house, TRAFFIC)[1] == ("Busy", "14:00", "15:00")
    cancelling.cancel(house.viewer(POLICE), first.id, house.clock())
    assert on_desk(house, TRAFFIC) == [
        ("Full", "13:00", "14:30"),
        ("Busy", "14:30", "15:00"),
        ("Full", "15:00", "16:00"),
    ]


@pytest.mark.parametrize("clear_desks", [True, False])
def test_what_gave_way_last_is_given_back_first(house: House, clear_desks: bool) -> None:
    """Not the artist, who had made room for it: else that would tell what the briefing had taken."""
    for desk in (DESKS[0], DESKS[2], DESKS[3]):
        house.book(COORDINATOR, desk, "14:00", "15:00")
    house.book(ARTIST, DESKS[1], "14:00", "15:00", visibility="open")
    house.book(TRAFFIC, DESKS[1], "14:00", "15:00", visibility="open", urgent=True, agree=True)
    secret = brief(house, clear_desks=clear_desks)
    cancelling.cancel(house.viewer(POLICE), secret.id, house.clock())
    assert [each.organisation for each in board(house, GUARD).bookings if each.resource == DESKS[1]] == [
        house.viewer(TRAFFIC).organisation
    ]


def test_the_one_who_gives_way_is_told_when_and_never_for_whom(house: House) -> None:
    made = house.book(ARTIST, DESKS[1], "13:00", "15:00", visibility="open").view
    brief(house)
    told = run(select(displacements, occurrences.c.booking_id).join(occurrences)).one()
    assert (told.booking_id, told.starts, told.ends) == (made.id, house.at("14:00"), house.at("14:30"))
    (mine,) = looking.mine(house.viewer(ARTIST), house.place, made.span, house.clock()).views
    assert mine.suspended == (house.span("14:00", "14:30"),)
    (other,) = looking.mine(house.viewer(ARTIST), house.place, made.span, house.clock()).told.items()
    assert other == (made.key, house.clock())


def test_nobody_gives_way_without_an_exact_yes(house: House, database: str) -> None:
    house.book(ARTIST, DESKS[1], "13:00", "15:00", visibility="open")
    clash = house.clash(POLICE, HALL, "14:00", "14:30", circle=POLICE_CIRCLE)
    house.book(TRAFFIC, DESKS[2], "14:00", "15:00", visibility="open")
    before = rows_by_table(database)
    earlier = frozenset(Given(each.id) for each in clash.displaceable)
    for displace in (earlier, frozenset(), None):
        again = house.clash(POLICE, HALL, "14:00", "14:30", circle=POLICE_CIRCLE, displace=displace)
        assert len(again.displaceable) == 2
    assert rows_by_table(database) == before


def test_members_desks_stand_through_the_briefing_unasked(house: House) -> None:
    house.book(GUARD, DESKS[1], "13:00", "15:00")
    house.book(POLICE, HALL, "14:00", "14:30", circle=POLICE_CIRCLE)
    assert run(select(displacements)).all() == []


def test_a_room_or_a_table_in_the_zones_never_gives_way_to_an_equal(house: House) -> None:
    house.book(SOCIAL, "motesrummet", "14:00", "15:00", visibility="internal")
    clash = house.clash(POLICE, HALL, "14:00", "14:30", circle=POLICE_CIRCLE)
    assert clash.displaceable == ()


# --- what follows -----------------------------------------------------------------------------


def test_each_opening_of_a_confidential_booking_is_noted_but_the_organisers_own(house: House) -> None:
    made = brief(house, title="Utsättning")
    for who in (POLICE, GUARD, POLICE_COLLEAGUE, GUARD):
        looking.open_details(house.viewer(who), made.id, house.clock(), "page")
    board(house, GUARD)
    with pytest.raises(NotFound):
        looking.open_details(house.viewer(TRAFFIC), made.id, house.clock(), "page")
    noted = [(row.person_id, row.booking_id, row.channel) for row in run(select(openings))]
    guard, colleague = house.viewer(GUARD).person, house.viewer(POLICE_COLLEAGUE).person
    assert noted == [(who, made.id, "page") for who in (guard, colleague, guard)]


def test_a_subscription_to_a_desk_shows_outsiders_the_same_as_the_board(house: House) -> None:
    house.book(GUARD, DESKS[1], "13:00", "15:00", visibility="open", title="Rapport")
    brief(house)
    wish = FeedWish(PREMISES, FeedKind.RESOURCE, DESKS[1])
    for subscriber in (TRAFFIC, POLICE, GUARD):
        _, secret = feeding.issue(house.viewer(subscriber), wish, house.clock())
        content = feeding.fetch(feeding.reader(secret, "test", house.clock()), house.clock())
        assert content.busy == (Busy(DESKS[1], house.span("14:00", "14:30")),)
        assert [each.clipped for each in content.bookings] == [True, True]


def test_the_audit_stays_clean_through_all_of_it(house: House) -> None:
    house.book(ARTIST, DESKS[1], "13:00", "15:00", visibility="open")
    first = brief(house)
    house.book(GUARD, DESKS[0], "14:00", "16:00")
    brief(house, "14:30", "15:00")
    cancelling.cancel(house.viewer(POLICE), first.id, house.clock())
    house.book(TRAFFIC, DESKS[2], "14:00", "14:30")
    (audit,) = operating.audit()
    assert audit.broken == ()
