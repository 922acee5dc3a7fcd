"""What is drawn of a day, without a database: lanes, blocks, gaps and paving, to the minute."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from booking.actions.looking import Look, Names
from booking.domain.people import Organisation, Viewer, Visibility
from booking.domain.spans import Span, local_day
from booking.domain.views import WallView
from booking.storage.places import Place
from booking.web.laying.blocks import Block
from booking.web.laying.frame import frame_for
from booking.web.laying.lanes import halls_of, lanes_in, lanes_of, tabs_of
from booking.web.laying.lines import Sort
from booking.web.laying.moment import State
from booking.web.laying.sheet import Sheet, lay_out
from tests.cast import TODAY
from tests.domain.cast import (
    ADMIN,
    BOOKERS,
    EQUIPPED,
    KONSTNAR,
    MIKA,
    ORDNINGSVAKT,
    ORGANISATIONS,
    POLICE_AND_GUARDS,
    POLIS,
    PREMISES,
    SHIPPED,
    SOCIAL_SERVICES,
    THEATRE,
    TRAFIK,
    UNGDOMSJOUR,
    at,
    span,
)
from tests.domain.world import World

OPEN = Visibility.OPEN
NAMES = Names(
    {
        ORGANISATIONS[each.key]: Organisation(
            ORGANISATIONS[each.key], each.key, each.name, each.code, each.colour, each.category
        )
        for each in SHIPPED.organisations
    },
    {},
)


def drawn(world: World, viewer: Viewer, day: date = TODAY, now: datetime | None = None) -> Sheet:
    """The sheet of one viewer."""
    world.now = now or world.now
    place = Place(1, "p", world.premises, {}, {})
    board = world.board(viewer, local_day(day, world.premises.zone))
    return lay_out(Look(place, board, NAMES), viewer, day, world.now)


def blocks(sheet: Sheet, *sorts: Sort) -> list[Block]:
    """The blocks that are drawn, those other lanes only speak of left out."""
    return [b for row in sheet.rows for b in row.blocks if b.piece.sort in sorts and not b.said]


def areas(sheet: Sheet, *sorts: Sort) -> list[tuple[str, str, str]]:
    """What is drawn, as first lane to last lane and wall clock times."""
    return [
        (f"{sheet.lanes[b.first].key}/{sheet.lanes[b.last - 1].key}", *clocks(b.piece.span))
        for b in blocks(sheet, *sorts)
    ]


def clocks(each: Span) -> tuple[str, str]:
    return tuple(f"{moment.astimezone(PREMISES.zone):%H:%M}" for moment in (each.start, each.end))


def free(sheet: Sheet, lane: str) -> list[tuple[str, str]]:
    row = next(row for row in sheet.rows if row.lane.key == lane)
    return [clocks(b.piece.span) for b in row.blocks if b.piece.sort is Sort.FREE]


# --- lanes -------------------------------------------------------------------------------------


def test_the_lanes_stand_as_the_premises_does() -> None:
    assert [lane.name.sv for lane in lanes_of(PREMISES)] == [
        "Mötesrummet",
        "Konferensbordet",
        "Glasväggen",
        "Arbetsplats 1",
        "Arbetsplats 2",
        "Arbetsplats 3",
        "Arbetsplats 4",
    ]
    assert [hall.name.sv for hall in halls_of(PREMISES)] == ["Hela lokalen"]


def test_another_premises_has_its_zones_in_a_row_and_what_is_carried_last() -> None:
    assert [lane.key for lane in lanes_of(THEATRE.premises)] == [
        "scenrummet",
        "ridan",
        "salsrummet",
        "langbordet",
        "rundbordet",
        "salsplatsen",
        "dorrarna",
        "biljettplatsen",
        "projektorn",
    ]


def test_a_premises_too_wide_for_a_phone_shows_one_zone_there_with_the_walls_around_it() -> None:
    lanes = lanes_of(THEATRE.premises)
    tabs = tabs_of(THEATRE.premises, lanes, "salen")
    assert [(tab.key, tab.current) for tab in tabs] == [
        ("scenen", False),
        ("salen", True),
        ("foajen", False),
        ("-", False),
    ]
    shown = [lane.key for lane in lanes_in(THEATRE.premises, lanes, tabs)]
    assert shown == ["ridan", "salsrummet", "langbordet", "rundbordet", "salsplatsen", "dorrarna"]
    nowhere = tabs_of(THEATRE.premises, lanes, "nowhere")
    assert [tab.key for tab in nowhere if tab.current] == ["scenen"]
    assert [lane.key for lane in lanes_in(THEATRE.premises, lanes, nowhere)] == ["scenrummet", "ridan"]


def test_a_premises_that_fits_a_phone_has_nothing_to_choose() -> None:
    lanes = lanes_of(PREMISES)
    assert tabs_of(PREMISES, lanes, "kontoret") == ()
    assert lanes_in(PREMISES, lanes, ()) == lanes


# --- the hours ---------------------------------------------------------------------------------


def test_the_board_shows_opening_to_closing_and_half_an_hour() -> None:
    frame = frame_for(PREMISES, TODAY, [])
    assert clocks(frame.span) == ("07:00", "21:30")
    assert frame.columns == 174
    assert [clocks(part) for part in frame.closed] == [("21:00", "21:30")]


@pytest.mark.parametrize(
    ("start", "end", "first", "last"),
    [
        ("08:00", "09:00", "07:00", "21:30"),
        ("22:10", "23:20", "07:00", "00:00"),
        ("05:40", "06:00", "05:00", "21:30"),
    ],
)
def test_the_board_grows_to_whole_hours_around_what_is_seen(
    start: str, end: str, first: str, last: str
) -> None:
    assert clocks(frame_for(PREMISES, TODAY, [span(start, end)]).span) == (first, last)


def test_the_changeover_of_a_wall_alone_makes_no_board_grow() -> None:
    assert clocks(frame_for(PREMISES, TODAY, [span("06:55", "21:05")]).span) == ("07:00", "21:30")


def test_a_time_that_begins_and_ends_between_columns_takes_the_columns_it_touches() -> None:
    frame = frame_for(PREMISES, TODAY, [])
    assert frame.place(span("10:02", "10:03")) == (36, 37)
    assert frame.place(span("10:04", "10:06")) == (36, 38)
    assert frame.place(span("06:00", "23:00")) == (0, 174)


def test_a_night_of_twenty_five_hours_has_both_its_hours() -> None:
    night = date(2026, 10, 25)
    frame = frame_for(PREMISES, night, [local_day(night, PREMISES.zone)])
    labels = [f"{moment.astimezone(PREMISES.zone):%H}" for moment, _ in frame.hours]
    assert frame.columns == 25 * 12
    assert labels[:5] == ["00", "01", "02", "02", "03"]


def test_a_closed_day_shows_the_hours_of_what_is_seen() -> None:
    saturday = date(2026, 11, 28)
    assert frame_for(THEATRE.premises, saturday, []).open is None
    seen = span("10:20", "11:40", 4)
    assert clocks(frame_for(THEATRE.premises, saturday, [seen]).span) == ("10:00", "12:00")


# --- one block for one thing -------------------------------------------------------------------


def test_a_booking_of_the_whole_premises_is_one_block_straight_through_the_wall() -> None:
    world = World()
    world.book(POLIS, "hela-lokalen", span("17:00", "17:45"), POLICE_AND_GUARDS, clear_desks=True)
    sheet = drawn(world, ORDNINGSVAKT)
    assert areas(sheet, Sort.BOOKING, Sort.THROUGH) == [("motesrummet/arbetsplats-4", "17:00", "17:45")]
    assert areas(sheet, Sort.EAR, Sort.BUSY) == []


def test_a_confidential_hall_that_leaves_the_desks_hatches_them_as_within_earshot() -> None:
    world = World()
    world.book(POLIS, "hela-lokalen", span("17:45", "18:45"), POLICE_AND_GUARDS)
    sheet = drawn(world, ORDNINGSVAKT)
    assert areas(sheet, Sort.BOOKING) == [("motesrummet/glasvaggen", "17:45", "18:45")]
    assert areas(sheet, Sort.EAR) == [("arbetsplats-1/arbetsplats-4", "17:45", "18:45")]
    assert ("07:00", "21:00") in free(sheet, "arbetsplats-3")


def test_an_open_hall_is_a_pale_fill_behind_the_desks_that_stay_free() -> None:
    world = World()
    world.book(TRAFIK, "hela-lokalen", span("14:00", "15:00"), visibility=OPEN)
    sheet = drawn(world, KONSTNAR)
    assert areas(sheet, Sort.PALE) == [("arbetsplats-1/arbetsplats-4", "14:00", "15:00")]
    assert areas(sheet, Sort.EAR, Sort.BUSY) == []


def test_a_room_lies_over_its_table_and_the_table_lane_says_so() -> None:
    world = World()
    world.book(TRAFIK, "motesrummet", span("15:15", "16:15"), visibility=OPEN)
    sheet = drawn(world, KONSTNAR)
    assert areas(sheet, Sort.BOOKING) == [("motesrummet/konferensbordet", "15:15", "16:15")]
    said = [b for b in sheet.rows[1].blocks if b.said]
    assert [clocks(b.piece.span) for b in said] == [("15:15", "16:15")]


def test_a_table_alone_keeps_the_room_dashed_and_unbookable() -> None:
    world = World()
    world.book(TRAFIK, "konferensbordet", span("13:00", "15:00"), visibility=OPEN)
    sheet = drawn(world, POLIS)
    assert areas(sheet, Sort.PART) == [("motesrummet/motesrummet", "13:00", "15:00")]
    assert free(sheet, "motesrummet") == [("07:00", "13:00"), ("15:00", "21:00")]


def test_what_is_carried_along_stands_in_its_own_lane_too() -> None:
    world = World(EQUIPPED)
    projector = EQUIPPED.by_key["projektor"]
    world.book(TRAFIK, "motesrummet", span("10:00", "11:00"), visibility=OPEN, equipment=(projector,))
    assert areas(drawn(world, POLIS), Sort.BOOKING) == [
        ("motesrummet/konferensbordet", "10:00", "11:00"),
        ("projektor/projektor", "10:00", "11:00"),
    ]


# --- paved over --------------------------------------------------------------------------------


def test_a_closed_meeting_is_one_paved_area_over_room_and_table_and_the_wall_with_its_changeover() -> None:
    world = World()
    world.book(UNGDOMSJOUR, "motesrummet", span("10:00", "11:00"), SOCIAL_SERVICES)
    sheet = drawn(world, KONSTNAR)
    assert areas(sheet, Sort.BUSY) == [("motesrummet/konferensbordet", "10:00", "11:00")]
    walls = [b.piece for b in blocks(sheet, Sort.WALL) if b.piece.wall]
    assert [(piece.wall, *clocks(piece.span)) for piece in walls] == [(WallView.BUSY, "09:55", "11:05")]
    assert free(sheet, "arbetsplats-1") == [("07:00", "21:00")]


def test_neighbours_taken_for_the_same_time_are_one_area_and_others_are_not() -> None:
    world = World()
    world.book(POLIS, "hela-lokalen", span("17:00", "18:45"), POLICE_AND_GUARDS)
    world.book(ORDNINGSVAKT, "arbetsplats-1", span("18:45", "20:30"))
    sheet = drawn(world, KONSTNAR)
    assert areas(sheet, Sort.BUSY) == [
        ("motesrummet/motesrummet", "16:55", "18:50"),
        ("konferensbordet/konferensbordet", "17:00", "18:45"),
        ("arbetsplats-1/arbetsplats-1", "17:00", "20:30"),
        ("arbetsplats-2/arbetsplats-4", "17:00", "18:45"),
    ]


def test_two_hidden_bookings_that_meet_have_no_seam() -> None:
    one, two = World(), World()
    one.book(UNGDOMSJOUR, "motesrummet", span("10:00", "12:00"), SOCIAL_SERVICES)
    two.book(UNGDOMSJOUR, "motesrummet", span("10:00", "11:00"), SOCIAL_SERVICES)
    two.book(MIKA, "motesrummet", span("11:00", "12:00"), SOCIAL_SERVICES)
    assert drawn(one, POLIS) == drawn(two, POLIS)


def test_cleared_desks_look_the_same_to_outsiders_as_desks_within_earshot() -> None:
    one, two = World(), World()
    one.book(POLIS, "hela-lokalen", span("17:00", "17:45"), POLICE_AND_GUARDS)
    two.book(POLIS, "hela-lokalen", span("17:00", "17:45"), POLICE_AND_GUARDS, clear_desks=True)
    assert drawn(one, TRAFIK) == drawn(two, TRAFIK)


def test_what_had_to_give_way_is_told_its_own_people_and_paved_for_nobody_twice() -> None:
    world = World()
    world.book(KONSTNAR, "arbetsplats-2", span("13:00", "15:00"), visibility=OPEN)
    world.book(POLIS, "hela-lokalen", span("14:00", "14:30"), POLICE_AND_GUARDS, agreed=True)
    own = drawn(world, KONSTNAR)
    assert areas(own, Sort.GAVE_WAY) == [("arbetsplats-2/arbetsplats-2", "14:00", "14:30")]
    assert areas(own, Sort.BOOKING) == [
        ("arbetsplats-2/arbetsplats-2", "13:00", "14:00"),
        ("arbetsplats-2/arbetsplats-2", "14:30", "15:00"),
    ]
    assert ("arbetsplats-2/arbetsplats-2", "14:00", "14:30") not in areas(own, Sort.BUSY)
    assert areas(drawn(world, TRAFIK), Sort.GAVE_WAY) == []


def test_a_booking_that_gave_way_altogether_is_told_too() -> None:
    world = World()
    world.book(KONSTNAR, "arbetsplats-2", span("14:00", "14:30"), visibility=OPEN)
    world.book(POLIS, "hela-lokalen", span("13:00", "15:00"), POLICE_AND_GUARDS, agreed=True)
    assert areas(drawn(world, KONSTNAR), Sort.GAVE_WAY) == [("arbetsplats-2/arbetsplats-2", "14:00", "14:30")]


# --- free time ---------------------------------------------------------------------------------


def busy_day() -> World:
    """A day with something of everything."""
    world = World()
    world.book(ORDNINGSVAKT, "motesrummet", span("07:30", "08:15"))
    world.book(UNGDOMSJOUR, "motesrummet", span("10:00", "11:00"), SOCIAL_SERVICES)
    world.book(MIKA, "arbetsplats-3", span("11:15", "12:30"))
    world.book(KONSTNAR, "konferensbordet", span("13:00", "14:00"), visibility=OPEN)
    world.book(TRAFIK, "hela-lokalen", span("14:30", "15:00"), visibility=OPEN)
    world.book(POLIS, "hela-lokalen", span("17:00", "17:45"), POLICE_AND_GUARDS, clear_desks=True)
    world.book(POLIS, "arbetsplats-2", span("19:00", "20:00"), POLICE_AND_GUARDS)
    return world


@pytest.mark.parametrize("viewer", BOOKERS, ids=lambda viewer: viewer.name)
def test_what_is_shown_as_free_can_be_booked_and_nothing_beside_it(viewer: Viewer) -> None:
    world = busy_day()
    sheet = drawn(world, viewer)
    for card in (card for card in sheet.cards if not card.wall):
        found = [piece.span for piece in card.line if piece.sort is Sort.FREE]
        minute = timedelta(minutes=1)
        assert found, card.key
        for each in found:
            assert not world.judge(viewer, card.key, each).refused, (card.key, each)
        for edge in (e for each in found for e in (each.start - minute, each.end)):
            if sheet.frame.open and sheet.frame.open.contains(edge):
                assert world.judge(viewer, card.key, Span(edge, edge + minute)).refused, (card.key, edge)


def test_the_room_is_free_until_the_wall_must_be_moved() -> None:
    world = World()
    world.book(TRAFIK, "hela-lokalen", span("14:00", "15:00"), visibility=OPEN)
    assert free(drawn(world, POLIS), "motesrummet") == [("07:00", "13:55"), ("15:05", "21:00")]


def test_time_that_has_passed_is_offered_to_nobody() -> None:
    world = World()
    world.book(TRAFIK, "arbetsplats-1", span("09:00", "10:00"), visibility=OPEN)
    sheet = drawn(world, POLIS, now=at("10:22"))
    assert free(sheet, "arbetsplats-1") == [("10:25", "21:00")]
    assert free(drawn(world, POLIS, now=at("10:22", 1)), "arbetsplats-1") == []


def test_a_guest_is_offered_the_rooms_they_must_ask_for_like_the_rest() -> None:
    sheet = drawn(World(), KONSTNAR)
    offered = {sheet.lanes[b.first].key for b in blocks(sheet, Sort.FREE) if b.piece.bookable}
    assert offered == {lane.key for lane in sheet.lanes if not lane.wall}


def test_nobody_is_offered_what_lies_beyond_how_far_they_may_book() -> None:
    for days, may in ((30, True), (31, False)):
        day = TODAY + timedelta(days=days)
        gaps = blocks(drawn(World(), KONSTNAR, day), Sort.FREE)
        assert any(b.piece.bookable for b in gaps) is may


def test_who_belongs_to_no_organisation_is_offered_nothing() -> None:
    assert not any(b.piece.bookable for b in blocks(drawn(World(), ADMIN), Sort.FREE))


# --- just now ----------------------------------------------------------------------------------


def test_three_short_answers_say_what_holds_now() -> None:
    world = busy_day()
    strip = drawn(world, TRAFIK, now=at("10:20")).strip
    assert strip is not None
    assert strip.desks is not None
    wall, room = strip.walls[0], strip.rooms[0]
    assert (wall.state, clock(wall.free)) == (WallView.BUSY, "11:05")
    assert wall.later is not None
    assert (wall.later.wall, *clocks(wall.later.span)) == (WallView.OPEN, "14:25", "15:00")
    assert (room.standing.state, clock(room.standing.until)) == (State.BUSY, "11:00")
    assert room.standing.then is not None
    assert clock(room.standing.then.end) == "13:00"
    assert (strip.desks.free, strip.desks.total) == (4, 4)


def test_after_closing_time_the_places_are_closed() -> None:
    sheet = drawn(World(), TRAFIK, now=at("21:10"))
    assert {row.standing.state for row in sheet.rows if row.standing} == {State.CLOSED}


def clock(moment: datetime | None) -> str:
    assert moment is not None
    return f"{moment.astimezone(PREMISES.zone):%H:%M}"


def test_the_small_plan_paves_what_is_hidden_and_colours_what_is_known() -> None:
    world = busy_day()
    marks = {shape.mark for shape in drawn(world, TRAFIK, now=at("10:20")).drawings[0].shapes}
    assert marks == {"house", "red", "free"}
    known = drawn(world, POLIS, now=at("17:20")).drawings[0].shapes
    assert {shape.organisation for shape in known if shape.mark == "busy"} == {POLIS.organisation}


def test_every_name_on_a_board_is_its_own() -> None:
    for viewer in BOOKERS:
        sheet: Any = drawn(busy_day(), viewer)
        names = [b.name for row in sheet.rows for b in row.blocks]
        assert len(names) == len(set(names))
