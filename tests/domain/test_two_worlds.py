"""Two worlds that differ only in what outsiders may not know are one world to every outsider."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.domain.attempts import Attempt
from booking.domain.disclosure import Eyes
from booking.domain.people import NOBODY, Viewer, Visibility
from booking.domain.spans import Span
from booking.domain.views import Board, Busy
from tests.domain import rules
from tests.domain.cast import (
    ADMIN,
    CIRCLE,
    CIRCLES,
    HOUSES,
    KONSTNAR,
    MIKA,
    ORDNINGSVAKT,
    PLATS,
    POLICE_AND_GUARDS,
    POLIS,
    POLIS_TOKEN,
    PREMISES,
    SOCIAL_SERVICES,
    TRAFIK,
    UNGDOMSJOUR,
    VISION,
    at,
    span,
)
from tests.domain.scripts import When, houses, whens
from tests.domain.twins import OUTSIDERS, Deed, acts, told
from tests.domain.world import World


@given(houses, acts, st.sampled_from(sorted(OUTSIDERS)), whens)
def test_an_outsider_cannot_tell_two_worlds_apart(
    house: str, script: list[Deed], name: str, tried: When
) -> None:
    rules.two_worlds_look_alike(house, script, name, tried.span)


BRIEFING = span("10:00", "11:00")
ASIDE = span("09:00", "12:00")


def board_of(world: World, *outsiders: Viewer) -> list[Board]:
    return [world.board(each) for each in outsiders or OUTSIDERS.values()]


def briefed(circle: int = POLICE_AND_GUARDS, who: Viewer = POLIS, **more: Any) -> World:
    """An artist and the place organisation have desks; then there is a briefing in the hall."""
    world = World()
    world.book(KONSTNAR, "arbetsplats-2", ASIDE, id="artist", visibility=Visibility.OPEN)
    world.book(PLATS, "arbetsplats-3", span("10:30", "13:00"), id="place")
    assert world.book(who, "hela-lokalen", BRIEFING, circle, agreed=True, **more)
    return world


def test_the_circle_the_organisation_and_clearing_free_desks_do_not_show() -> None:
    ways = [
        briefed(),
        briefed(who=ORDNINGSVAKT),
        briefed(circle=VISION),
        briefed(circle=SOCIAL_SERVICES, who=MIKA),
        briefed(circle=CIRCLE["endast-mika"], who=MIKA),
    ]
    assert all(board_of(each) == board_of(ways[0]) for each in ways)


def test_clearing_the_desks_does_not_show() -> None:
    worlds = [World(), World()]
    for world, cleared in zip(worlds, (True, False), strict=True):
        assert world.book(POLIS, "hela-lokalen", BRIEFING, POLICE_AND_GUARDS, clear_desks=cleared)
    assert board_of(worlds[0]) == board_of(worlds[1])


def test_who_has_a_desk_again_after_a_briefing_does_not_tell_whether_it_had_cleared_the_desks() -> None:
    """An artist's desk went to an urgent use; where that gave way in turn, it is given back first."""
    worlds = [World(), World()]
    for world, cleared in zip(worlds, (True, False), strict=True):
        world.book(KONSTNAR, "arbetsplats-2", BRIEFING, id="artist", visibility=Visibility.OPEN)
        assert world.book(TRAFIK, "arbetsplats-2", BRIEFING, id="urgent", urgent=True, agreed=True)
        secret = world.book(
            POLIS, "hela-lokalen", BRIEFING, POLICE_AND_GUARDS, agreed=True, clear_desks=cleared
        )
        assert secret
        world.cancel(secret)
        assert world.bookings["artist"].released == (BRIEFING,)
    assert board_of(worlds[0]) == board_of(worlds[1])


def test_which_desk_something_confidential_is_said_at_does_not_show() -> None:
    worlds = [World(), World()]
    for world, desk in zip(worlds, ("arbetsplats-1", "arbetsplats-4"), strict=True):
        world.book(KONSTNAR, "arbetsplats-2", ASIDE, id="artist", visibility=Visibility.OPEN)
        assert world.book(POLIS, desk, BRIEFING, POLICE_AND_GUARDS, agreed=True)
    assert board_of(worlds[0]) == board_of(worlds[1])
    for viewer in (KONSTNAR, TRAFIK):
        tries = [[world.judge(viewer, key, BRIEFING) for key in PREMISES.by_key] for world in worlds]
        assert tries[0] == tries[1]


def test_what_a_desk_had_with_it_does_not_tell_which_desk_was_taken() -> None:
    """Not those either who may not know whose the desk was: a projector held beside it stays taken."""
    house = HOUSES["sergels-torg"]
    worlds = [World(premises=house), World(premises=house)]
    for world, desk in zip(worlds, ("arbetsplats-1", "arbetsplats-3"), strict=True):
        assert world.book(KONSTNAR, "arbetsplats-3", BRIEFING, equipment=(house.by_key["projektor"],))
        assert world.book(POLIS, desk, BRIEFING, POLICE_AND_GUARDS, agreed=True)
    assert board_of(worlds[0]) == board_of(worlds[1])


def test_the_table_or_its_room_does_not_show() -> None:
    worlds = [World(), World()]
    for world, place in zip(worlds, ("konferensbordet", "motesrummet"), strict=True):
        assert world.book(UNGDOMSJOUR, place, BRIEFING, SOCIAL_SERVICES)
    assert board_of(worlds[0]) == board_of(worlds[1])


def test_one_meeting_or_two_that_meet_do_not_show_nor_which_was_booked_first() -> None:
    halves = [span("10:00", "10:25"), span("10:25", "11:00")]
    worlds = [World(), World(), World()]
    for world, parts in zip(worlds, ([BRIEFING], halves, halves[::-1]), strict=True):
        for part in parts:
            assert world.book(POLIS, "motesrummet", part, POLICE_AND_GUARDS)
    assert board_of(worlds[0]) == board_of(worlds[1]) == board_of(worlds[2])


def test_an_older_desk_of_a_member_looks_like_that_of_anyone_else() -> None:
    """Mika is in the circle of the one briefing and not of the other."""
    worlds = [World(), World()]
    for world, (who, circle) in zip(
        worlds, ((MIKA, SOCIAL_SERVICES), (POLIS, POLICE_AND_GUARDS)), strict=True
    ):
        world.book(MIKA, "arbetsplats-1", ASIDE, id="older")
        assert world.book(who, "hela-lokalen", BRIEFING, circle, agreed=True)
    seen = [board_of(world, TRAFIK, PLATS, KONSTNAR, ADMIN, POLIS_TOKEN, NOBODY) for world in worlds]
    assert seen[0] == seen[1]
    pieces = seen[0][0].bookings
    assert [each.span for each in pieces] == [span("09:00", "10:00"), span("11:00", "12:00")]
    assert {(each.version, each.sequence, each.changed) for each in pieces} == {(0, 0, None)}


@pytest.mark.parametrize("end", ["10:05", "10:30", "11:00"])
def test_how_far_something_older_reaches_under_a_briefing_does_not_show(end: str) -> None:
    worlds = [World(), World()]
    worlds[0].book(PLATS, "arbetsplats-1", span("09:00", "10:45"), id="older")
    worlds[1].book(PLATS, "arbetsplats-1", span("09:00", end), id="older")
    for world in worlds:
        assert world.book(POLIS, "hela-lokalen", BRIEFING, POLICE_AND_GUARDS, agreed=True)
    assert board_of(worlds[0], TRAFIK, KONSTNAR) == board_of(worlds[1], TRAFIK, KONSTNAR)
    assert worlds[0].board(TRAFIK).bookings[0].span == span("09:00", "10:00")


def test_changing_desks_does_not_tell_whether_a_member_sits_at_the_other() -> None:
    worlds = [briefed(), briefed()]
    assert worlds[0].book(ORDNINGSVAKT, "arbetsplats-1", BRIEFING)
    answers = [world.change(KONSTNAR, "artist", resource="arbetsplats-1") for world in worlds]
    assert answers[0] is not None
    assert answers[0].refused
    assert told(answers[0]) == told(answers[1])
    assert board_of(worlds[0]) == board_of(worlds[1])


def test_editing_something_confidential_there_and_back_does_not_show() -> None:
    worlds = [briefed(), briefed()]
    briefing = next(each.id for each in worlds[0].bookings.values() if each.circle)
    assert worlds[0].change(POLIS, briefing, span=span("10:00", "10:30"), agreed=True)
    assert worlds[0].change(POLIS, briefing, span=BRIEFING, agreed=True)
    assert worlds[0].bookings[briefing].version == 3
    assert board_of(worlds[0]) == board_of(worlds[1])


def test_a_refusal_shows_no_seam_where_two_nights_meet() -> None:
    """The clash ends with the day, as that day's board does, however much lies loaded beyond it."""
    worlds = [World(), World()]
    late, early = at("22:00"), at("05:00", 1)
    for world, parts in zip(
        worlds, ([(late, early)], [(late, at("02:00", 1)), (at("02:00", 1), early)]), strict=True
    ):
        for start, end in parts:
            assert world.book(POLIS, "motesrummet", Span(start, end), POLICE_AND_GUARDS)
    part_loaded = [
        Attempt(
            Eyes(TRAFIK, PREMISES, world.bookings.values(), loaded, world.now),
            CIRCLES,
            world.use(TRAFIK, "motesrummet"),
            loaded,
        ).judge(span("21:30", "23:00"))
        for world in worlds
        for loaded in [[each for each in world.standing if each.span.start < at("00:00", 1)]]
    ]
    assert part_loaded[0].clashes == part_loaded[1].clashes
    assert part_loaded[0].clashes == (Busy("motesrummet", Span(late, at("00:00", 1))),)
