"""Who gives way to whom: by rank, for the time the place is taken, and given back when the reason goes."""

import pytest

from booking.domain.claims import Hold
from booking.domain.people import Visibility
from booking.domain.spans import Span, within
from booking.domain.views import Busy
from tests.domain.cast import (
    KONSTNAR,
    KONSTNAR2,
    MIKA,
    ORDNINGSVAKT,
    POLICE_AND_GUARDS,
    POLIS,
    TRAFIK,
    span,
)
from tests.domain.world import World

HALL, ROOM, TABLE = "hela-lokalen", "motesrummet", "konferensbordet"
DESK_1, DESK_2 = "arbetsplats-1", "arbetsplats-2"


@pytest.fixture
def world() -> World:
    return World()


def suspended(world: World, id: str, viewer: object = KONSTNAR) -> list[Span]:
    """What the booking's own organisation is told it has lost."""
    return list(world.eyes(viewer).whole(world.bookings[id]).suspended)  # type: ignore[arg-type]


# --- rank -------------------------------------------------------------------------------------


def test_the_police_may_ask_an_artist_to_give_way_and_list_the_exact_time(world: World) -> None:
    world.book(KONSTNAR, TABLE, span("13:00", "15:00"), id="table")
    verdict = world.judge(POLIS, ROOM, span("14:00", "14:30"), POLICE_AND_GUARDS)
    assert not verdict.refused
    assert [(each.id, each.suspended) for each in verdict.displaceable] == [
        ("table", (span("14:00", "14:30"),))
    ]


def test_an_ordinary_booking_that_is_not_urgent_asks_nobody_to_give_way(world: World) -> None:
    world.book(KONSTNAR, TABLE, span("13:00", "15:00"))
    assert world.judge(POLIS, ROOM, span("14:00", "14:30")).refused
    assert not world.judge(POLIS, ROOM, span("14:00", "14:30"), urgent=True).refused


def test_nobody_gives_way_to_an_equal_nor_to_a_lower_rank(world: World) -> None:
    world.book(MIKA, TABLE, span("13:00", "15:00"))
    for viewer in (POLIS, TRAFIK, KONSTNAR):
        assert world.judge(viewer, ROOM, span("14:00", "14:30"), urgent=True).refused
    assert world.judge(POLIS, ROOM, span("14:00", "14:30"), POLICE_AND_GUARDS).refused


def test_the_place_organisation_may_ask_guests_alone(world: World) -> None:
    world.book(KONSTNAR, DESK_1, span("13:00", "15:00"))
    world.book(TRAFIK, DESK_2, span("13:00", "15:00"))
    assert not world.judge(TRAFIK, DESK_1, span("14:00", "15:00"), urgent=True).refused
    world.book(MIKA, "arbetsplats-3", span("13:00", "15:00"))
    assert world.judge(TRAFIK, "arbetsplats-3", span("14:00", "15:00"), urgent=True).refused


def test_what_is_confidential_gives_way_to_nobody(world: World) -> None:
    world.book(ORDNINGSVAKT, ROOM, span("13:00", "15:00"), POLICE_AND_GUARDS)
    assert world.judge(POLIS, ROOM, span("14:00", "14:30"), urgent=True).refused


def test_what_is_busy_to_the_one_who_presses_is_never_listed(world: World) -> None:
    world.book(KONSTNAR, DESK_1, span("13:00", "15:00"), id="desk")
    world.book(POLIS, HALL, span("14:00", "14:30"), POLICE_AND_GUARDS, agreed=True)
    verdict = world.judge(TRAFIK, DESK_1, span("14:00", "14:30"), urgent=True)
    assert verdict.refused
    assert verdict.displaceable == ()
    assert verdict.clashes == (Busy(DESK_1, span("14:00", "14:30")),)


# --- how much is lost -------------------------------------------------------------------------


def test_a_hold_gives_way_for_the_changeover_of_the_wall_too(world: World) -> None:
    world.book(TRAFIK, HALL, span("09:00", "12:00"), id="hall", visibility=Visibility.OPEN)
    assert world.book(MIKA, ROOM, span("10:00", "11:00"), world_circle(), agreed=True)
    assert suspended(world, "hall", TRAFIK) == [span("09:55", "11:05")]
    held = {claim.space for claim in world.claims["hall"] if claim.released and claim.stake == Hold()}
    assert held == {"motesdelen", "kontoret", TABLE}
    outside = [each.span for each in world.board(KONSTNAR).bookings if each.id == "hall"]
    assert outside == [span("09:00", "09:55"), span("11:05", "12:00")]
    assert within(world.eyes(KONSTNAR).busy(HALL), span("08:00", "13:00")) == (span("09:55", "11:05"),)
    assert world.broken() == []


def world_circle() -> int:
    return next(iter(sorted(MIKA.circles)))


@pytest.mark.parametrize("desk", [DESK_1, DESK_2])
def test_which_desk_a_secret_takes_is_not_told_by_what_gives_way(desk: str) -> None:
    """Something confidential at the artist's own desk or at the next: outsiders see the same, equipment too."""
    worlds = []
    for _ in range(2):
        made = World()
        made.book(KONSTNAR, DESK_2, span("13:00", "15:00"), id="desk")
        worlds.append(made)
    same, other = worlds
    same.book(POLIS, desk, span("14:00", "14:30"), POLICE_AND_GUARDS, agreed=True)
    other.book(POLIS, "arbetsplats-3", span("14:00", "14:30"), POLICE_AND_GUARDS, agreed=True)
    for viewer in (KONSTNAR, KONSTNAR2, TRAFIK):
        assert same.board(viewer) == other.board(viewer)


def test_members_see_what_has_given_way_cut_as_everybody_does(world: World) -> None:
    world.book(KONSTNAR, TABLE, span("13:00", "15:00"), id="table")
    world.book(POLIS, ROOM, span("14:00", "14:30"), agreed=True, urgent=True)
    for viewer in (POLIS, TRAFIK):
        pieces = [each.span for each in world.board(viewer).bookings if each.id == "table"]
        assert pieces == [span("13:00", "14:00"), span("14:30", "15:00")]


# --- given back -------------------------------------------------------------------------------


def test_what_gave_way_is_whole_again_when_the_reason_goes(world: World) -> None:
    world.book(KONSTNAR, TABLE, span("13:00", "15:00"), id="table")
    before = world.claims["table"]
    pressing = world.book(POLIS, ROOM, span("14:00", "14:30"), POLICE_AND_GUARDS, agreed=True)
    assert suspended(world, "table") == [span("14:00", "14:30")]
    world.cancel(pressing or "")
    assert suspended(world, "table") == []
    assert set(world.claims["table"]) == set(before), "as old as it was"


def test_what_somebody_else_took_meanwhile_is_not_given_back(world: World) -> None:
    world.book(KONSTNAR, DESK_1, span("13:00", "15:00"), id="desk")
    pressing = world.book(POLIS, DESK_1, span("14:00", "15:00"), agreed=True, urgent=True)
    world.change(POLIS, pressing or "", span=span("14:00", "14:30"))
    assert suspended(world, "desk") == [span("14:00", "14:30")]
    world.book(TRAFIK, DESK_1, span("14:30", "14:45"))
    assert suspended(world, "desk") == [span("14:00", "14:30")], (
        "it was given back before anybody could take it"
    )
    world.cancel(pressing or "")
    assert suspended(world, "desk") == []


def test_it_is_given_back_across_a_second_briefing_only_where_that_bars_nobody(world: World) -> None:
    world.book(KONSTNAR, DESK_1, span("13:00", "16:00"), id="desk")
    first = world.book(POLIS, DESK_1, span("14:00", "15:00"), POLICE_AND_GUARDS, agreed=True)
    assert world.book(POLIS, DESK_2, span("14:30", "15:30"), POLICE_AND_GUARDS, agreed=True)
    world.cancel(first or "")
    assert suspended(world, "desk") == [span("14:30", "15:30")]
    assert world.broken() == []


def test_a_booking_moved_by_its_holder_leaves_what_it_lost_behind(world: World) -> None:
    world.book(KONSTNAR, TABLE, span("13:00", "15:00"), id="table")
    world.book(POLIS, ROOM, span("14:00", "14:30"), agreed=True, urgent=True)
    world.change(KONSTNAR, "table", span=span("15:00", "17:00"))
    assert suspended(world, "table") == []
    assert world.broken() == []


def test_an_edit_elsewhere_keeps_what_gave_way_suspended(world: World) -> None:
    world.book(KONSTNAR, TABLE, span("13:00", "15:00"), id="table")
    world.book(POLIS, ROOM, span("14:00", "14:30"), agreed=True, urgent=True)
    verdict = world.change(KONSTNAR, "table", span=span("13:00", "15:30"))
    assert verdict is not None
    assert not verdict.refused
    assert suspended(world, "table") == [span("14:00", "14:30")]
