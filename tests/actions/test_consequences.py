"""What follows from the claims, as the people at Sergels torg meet it: six consequences, each shown whole."""

import pytest

from booking.actions import looking
from booking.domain.bookings import Status
from booking.domain.views import Busy, Full
from tests.cast import (
    ARTIST,
    COORDINATOR,
    DESKS,
    GUARD,
    HALL,
    MEETING_ROOM,
    MIKA,
    POLICE,
    POLICE_CIRCLE,
    POLICE_COLLEAGUE,
    SOCIAL,
    SOCIAL_CIRCLE,
    TABLE,
    TRAFFIC,
)
from tests.support.house import House

pytestmark = pytest.mark.usefixtures("inside")
DURING_THE_BRIEFING = [
    ("17:00", "17:45"),
    ("16:30", "17:01"),
    ("17:44", "18:30"),
    ("16:00", "19:00"),
    ("17:10", "17:20"),
]


def the_briefing(house: House) -> Full:
    return house.book(POLICE, HALL, "17:00", "17:45", title="Utsättning", circle=POLICE_CIRCLE).view


# --- 1 ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("start", "end"), DURING_THE_BRIEFING)
def test_an_artist_gets_neither_desk_nor_table_during_the_police_briefing(
    house: House, start: str, end: str
) -> None:
    the_briefing(house)
    for resource in (*DESKS, TABLE):
        clash = house.clash(ARTIST, resource, start, end)
        assert clash.clashes == (Busy(resource, house.span("17:00", "17:45")),)
        assert clash.displaceable == ()


@pytest.mark.parametrize(("start", "end"), DURING_THE_BRIEFING)
def test_nobody_outside_the_circle_gets_anything_during_the_police_briefing(
    house: House, start: str, end: str
) -> None:
    the_briefing(house)
    for outsider in (TRAFFIC, COORDINATOR, MIKA):
        for resource in (*DESKS, TABLE, MEETING_ROOM, HALL):
            clash = house.clash(outsider, resource, start, end, visibility="internal")
            assert {type(each) for each in clash.clashes} == {Busy}


def test_an_artist_asks_for_a_room_that_is_free_and_waits_for_the_coordinator(house: House) -> None:
    the_briefing(house)
    for resource in (MEETING_ROOM, HALL):
        clash = house.clash(ARTIST, resource, "17:00", "17:45")
        assert {type(each) for each in clash.clashes} == {Busy}
    for resource, start, end in ((MEETING_ROOM, "12:00", "13:00"), (HALL, "13:05", "14:00")):
        assert house.book(ARTIST, resource, start, end).view.status is Status.PENDING


def test_an_artist_may_stay_until_the_briefing_begins_and_come_when_it_has_ended(house: House) -> None:
    the_briefing(house)
    house.book(ARTIST, DESKS[1], "15:00", "17:00")
    house.book(ARTIST, DESKS[1], "17:45", "19:00")
    house.book(ARTIST, TABLE, "17:45", "19:00")


@pytest.mark.parametrize("insider", [POLICE, POLICE_COLLEAGUE, GUARD])
def test_police_and_guards_take_a_desk_during_their_own_briefing(house: House, insider: str) -> None:
    the_briefing(house)
    house.book(insider, DESKS[1], "17:00", "17:45")


def test_the_circle_itself_cannot_have_the_hall_twice(house: House) -> None:
    briefing = the_briefing(house)
    clash = house.clash(GUARD, HALL, "17:30", "18:00", circle=POLICE_CIRCLE)
    assert [(each.id, each.content) for each in clash.clashes if isinstance(each, Full)] == [
        (briefing.id, None)
    ]


# --- 2 ----------------------------------------------------------------------------------------


def the_talk(house: House) -> Full:
    return house.book(SOCIAL, MEETING_ROOM, "10:00", "11:00", title="Samtal", circle=SOCIAL_CIRCLE).view


def test_desks_stay_free_for_anybody_while_the_social_services_talk_behind_the_wall(house: House) -> None:
    the_talk(house)
    for who, desk in zip((ARTIST, TRAFFIC, POLICE, MIKA), DESKS, strict=True):
        house.book(who, desk, "10:00", "11:00", visibility="internal")


def test_the_hall_cannot_be_had_while_the_social_services_talk_behind_the_wall(house: House) -> None:
    the_talk(house)
    clash = house.clash(TRAFFIC, HALL, "10:30", "11:30")
    assert clash.clashes == (Busy(HALL, house.span("09:55", "11:05")),)
    house.clash(TRAFFIC, HALL, "11:04", "12:00")
    house.book(TRAFFIC, HALL, "11:05", "12:00")


def test_another_circle_cannot_talk_behind_the_same_wall_at_the_same_time(house: House) -> None:
    the_talk(house)
    for circle, resource in ((POLICE_CIRCLE, MEETING_ROOM), (POLICE_CIRCLE, TABLE), (None, MEETING_ROOM)):
        clash = house.clash(POLICE, resource, "10:00", "11:00", circle=circle)
        assert {type(each) for each in clash.clashes} == {Busy}


# --- 3 ----------------------------------------------------------------------------------------


def test_the_artist_gives_way_for_half_an_hour_when_the_police_say_yes_to_it(house: House) -> None:
    desk = house.book(ARTIST, DESKS[1], "13:00", "15:00", visibility="open").view
    clash = house.clash(POLICE, HALL, "14:00", "14:30", circle=POLICE_CIRCLE)
    assert clash.clashes == ()
    suspended = (desk.id, house.span("13:00", "15:00"), (house.span("14:00", "14:30"),))
    assert [(each.id, each.span, each.suspended) for each in clash.displaceable] == [suspended]
    house.book(POLICE, HALL, "14:00", "14:30", circle=POLICE_CIRCLE, agree=True)
    artist, day = house.viewer(ARTIST), house.span("00:00", "24:00")
    mine = looking.mine(artist, house.place, day, house.clock())
    assert [(each.id, each.span, each.suspended) for each in mine.views] == [suspended]
    assert mine.told == {desk.key: house.clock()}


def test_the_artist_keeps_the_time_before_and_after(house: House) -> None:
    house.book(ARTIST, DESKS[1], "13:00", "15:00", visibility="open")
    house.book(POLICE, HALL, "14:00", "14:30", circle=POLICE_CIRCLE, agree=True)
    for start, end in (("13:30", "14:00"), ("14:30", "15:00")):
        house.clash(TRAFFIC, DESKS[1], start, end)


def test_behind_the_closed_wall_the_police_need_nobodys_place(house: House) -> None:
    house.book(ARTIST, DESKS[1], "13:00", "15:00", visibility="open")
    house.book(POLICE, MEETING_ROOM, "14:00", "14:30", circle=POLICE_CIRCLE)
    artist, day = house.viewer(ARTIST), house.span("00:00", "24:00")
    mine = looking.mine(artist, house.place, day, house.clock())
    assert [each.suspended for each in mine.views] == [()]


# --- 4 ----------------------------------------------------------------------------------------


def test_a_confidential_use_of_a_desk_asks_outsiders_at_the_other_desks_to_give_way(house: House) -> None:
    artist = house.book(ARTIST, DESKS[1], "13:00", "15:00", visibility="open").view
    clash = house.clash(POLICE, DESKS[0], "14:00", "14:30", circle=POLICE_CIRCLE)
    assert [each.id for each in clash.displaceable] == [artist.id]
    house.book(GUARD, DESKS[2], "16:00", "17:00")
    house.book(POLICE, DESKS[0], "16:00", "17:00", circle=POLICE_CIRCLE)


def test_a_confidential_use_of_a_desk_keeps_outsiders_out_of_the_office_and_the_wall_closed(
    house: House,
) -> None:
    house.book(POLICE, DESKS[0], "14:00", "14:30", circle=POLICE_CIRCLE)
    for resource in (*DESKS, HALL):
        house.clash(TRAFFIC, resource, "14:00", "14:30")
    house.clash(TRAFFIC, HALL, "14:34", "15:00")
    house.book(TRAFFIC, MEETING_ROOM, "14:00", "14:30")
    house.book(GUARD, DESKS[1], "14:00", "14:30")


def test_a_confidential_use_of_a_desk_cannot_be_had_while_an_equal_keeps_the_wall_open(house: House) -> None:
    event = house.book(MIKA, HALL, "14:00", "15:00", visibility="open").view
    clash = house.clash(POLICE, DESKS[0], "14:00", "14:30", circle=POLICE_CIRCLE)
    assert [each.id for each in clash.clashes if isinstance(each, Full)] == [event.id]
    assert clash.displaceable == ()


def test_who_keeps_the_wall_open_with_a_lower_rank_is_asked_to_give_way(house: House) -> None:
    event = house.book(COORDINATOR, HALL, "14:00", "15:00", visibility="open").view
    clash = house.clash(POLICE, DESKS[0], "14:00", "14:30", circle=POLICE_CIRCLE)
    assert clash.clashes == ()
    assert [each.id for each in clash.displaceable] == [event.id]


# --- 5 ----------------------------------------------------------------------------------------


def test_an_open_event_in_the_hall_leaves_the_desks_and_keeps_the_wall_open(house: House) -> None:
    event = house.book(COORDINATOR, HALL, "14:00", "15:00", visibility="open").view
    for who, desk in zip((ARTIST, TRAFFIC, POLICE, GUARD), DESKS, strict=True):
        house.book(who, desk, "14:00", "15:00")
    for resource in (MEETING_ROOM, TABLE):
        clash = house.clash(TRAFFIC, resource, "14:30", "15:30")
        assert [each.id for each in clash.clashes if isinstance(each, Full)] == [event.id]


def test_an_event_that_clears_the_desks_takes_them_too(house: House) -> None:
    house.book(COORDINATOR, HALL, "14:00", "15:00", visibility="open", clear_desks=True)
    for desk in DESKS:
        house.clash(ARTIST, desk, "14:30", "15:30")


# --- 6 ----------------------------------------------------------------------------------------


def test_the_wall_needs_five_minutes_between_the_meeting_room_and_the_hall(house: House) -> None:
    house.book(TRAFFIC, MEETING_ROOM, "13:00", "14:00")
    for start in ("14:00", "14:04"):
        house.clash(COORDINATOR, HALL, start, "15:00")
    house.book(COORDINATOR, HALL, "14:05", "15:00")
    house.clash(TRAFFIC, MEETING_ROOM, "15:00", "16:00")
    house.book(TRAFFIC, MEETING_ROOM, "15:05", "16:00")


def test_two_meetings_in_the_meeting_room_need_no_time_between(house: House) -> None:
    house.book(TRAFFIC, MEETING_ROOM, "13:00", "14:00")
    house.book(COORDINATOR, MEETING_ROOM, "14:00", "15:00")
    house.book(POLICE, MEETING_ROOM, "12:00", "13:00")
