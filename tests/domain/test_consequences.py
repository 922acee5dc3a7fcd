"""The six consequences of the design, in the words of the people they concern."""

import pytest

from booking.domain.people import Viewer
from booking.domain.views import Busy
from tests.domain.cast import (
    CIRCLE,
    KONSTNAR,
    MIKA,
    ORDNINGSVAKT,
    POLICE_AND_GUARDS,
    POLIS,
    PREMISES,
    SOCIAL_SERVICES,
    TRAFIK,
    UNGDOMSJOUR,
    VISION,
    span,
)
from tests.domain.world import World

DESKS = [f"arbetsplats-{number}" for number in range(1, 5)]
EVERYTHING = [*DESKS, "konferensbordet", "motesrummet", "hela-lokalen"]


@pytest.fixture
def world() -> World:
    return World()


@pytest.mark.parametrize(
    "times", [("16:00", "17:01"), ("17:00", "17:45"), ("17:20", "17:30"), ("17:44", "19:00")]
)
@pytest.mark.parametrize("resource", EVERYTHING)
def test_1_an_artist_gets_nothing_during_a_police_briefing(
    world: World, resource: str, times: tuple[str, str]
) -> None:
    assert world.book(POLIS, "hela-lokalen", span("17:00", "17:45"), POLICE_AND_GUARDS)
    verdict = world.judge(KONSTNAR, resource, span(*times))
    assert verdict.refused
    assert {(each.resource, type(each)) for each in verdict.clashes} == {(resource, Busy)}
    assert verdict.displaceable == ()


@pytest.mark.parametrize("viewer", [POLIS, ORDNINGSVAKT], ids=lambda viewer: viewer.name)
@pytest.mark.parametrize("desk", DESKS)
def test_1_a_police_officer_or_a_guard_still_takes_a_desk(world: World, viewer: Viewer, desk: str) -> None:
    world.book(POLIS, "hela-lokalen", span("17:00", "17:45"), POLICE_AND_GUARDS)
    verdict = world.judge(viewer, desk, span("16:30", "18:00"))
    assert not verdict.refused
    assert verdict.crossed == {POLICE_AND_GUARDS}


def test_2_behind_the_closed_wall_the_social_services_are_alone_and_the_desks_are_free(world: World) -> None:
    assert world.book(UNGDOMSJOUR, "motesrummet", span("10:00", "11:00"), SOCIAL_SERVICES)
    for desk in DESKS:
        for viewer in (KONSTNAR, TRAFIK, POLIS, MIKA):
            assert not world.judge(viewer, desk, span("10:00", "11:00")).refused
    for viewer in (KONSTNAR, TRAFIK, POLIS, MIKA):
        assert world.judge(viewer, "hela-lokalen", span("10:00", "11:00")).refused
    for place in ("motesrummet", "konferensbordet"):
        assert world.judge(POLIS, place, span("10:30", "10:45"), POLICE_AND_GUARDS).refused
        assert world.judge(POLIS, place, span("10:30", "10:45"), VISION).refused


def test_3_an_artists_desk_gives_way_for_that_half_hour_once_agreed_to(world: World) -> None:
    world.book(KONSTNAR, "arbetsplats-2", span("13:00", "15:00"), id="desk")
    for place in ("hela-lokalen", "arbetsplats-1"):
        verdict = world.judge(POLIS, place, span("14:00", "14:30"), POLICE_AND_GUARDS)
        assert not verdict.refused
        assert [(each.id, each.suspended) for each in verdict.displaceable] == [
            ("desk", (span("14:00", "14:30"),))
        ]
    assert world.book(POLIS, "hela-lokalen", span("14:00", "14:30"), POLICE_AND_GUARDS) is None
    assert world.book(POLIS, "hela-lokalen", span("14:00", "14:30"), POLICE_AND_GUARDS, agreed=True)
    own = world.board(KONSTNAR)
    assert [each.span for each in own.bookings] == [span("13:00", "14:00"), span("14:30", "15:00")]
    assert {each.suspended for each in own.bookings} == {(span("14:00", "14:30"),)}
    assert [(each.id, each.suspended) for each in own.gave_way] == [("desk", (span("14:00", "14:30"),))]
    assert world.broken() == []


def test_3_behind_the_closed_wall_nobody_has_to_give_way(world: World) -> None:
    world.book(KONSTNAR, "arbetsplats-2", span("13:00", "15:00"))
    verdict = world.judge(POLIS, "motesrummet", span("14:00", "14:30"), POLICE_AND_GUARDS)
    assert not verdict.refused
    assert verdict.displaceable == ()


def test_4_something_confidential_at_a_desk_needs_the_office_free_of_outsiders(world: World) -> None:
    world.book(TRAFIK, "arbetsplats-1", span("10:00", "11:00"), id="traffic")
    world.book(MIKA, "arbetsplats-2", span("10:00", "11:00"), id="mika")
    verdict = world.judge(UNGDOMSJOUR, "arbetsplats-3", span("10:30", "12:00"), SOCIAL_SERVICES)
    assert [each.id for each in verdict.displaceable] == ["traffic"]
    verdict = world.judge(
        UNGDOMSJOUR, "arbetsplats-3", span("10:30", "12:00"), CIRCLE["endast-ungdomsjouren"]
    )
    assert [each.id for each in verdict.displaceable] == ["traffic", "mika"]


def test_4_something_confidential_at_a_desk_needs_the_wall_closed(world: World) -> None:
    world.book(POLIS, "hela-lokalen", span("10:00", "11:00"), id="hall")
    verdict = world.judge(UNGDOMSJOUR, "arbetsplats-3", span("11:04", "12:00"), SOCIAL_SERVICES)
    assert verdict.refused
    assert [each.id for each in verdict.clashes if not isinstance(each, Busy)] == ["hall"]
    assert not world.judge(UNGDOMSJOUR, "arbetsplats-3", span("11:05", "12:00"), SOCIAL_SERVICES).refused
    assert world.book(UNGDOMSJOUR, "arbetsplats-3", span("12:00", "13:00"), SOCIAL_SERVICES)
    assert world.judge(TRAFIK, "hela-lokalen", span("13:04", "14:00")).refused
    assert not world.judge(TRAFIK, "motesrummet", span("12:00", "13:00")).refused


def test_5_an_open_gathering_in_the_hall_leaves_the_desks_and_keeps_the_wall_open(world: World) -> None:
    world.book(TRAFIK, "hela-lokalen", span("10:00", "11:00"))
    for viewer in (KONSTNAR, POLIS):
        assert all(not world.judge(viewer, desk, span("10:00", "11:00")).refused for desk in DESKS)
    assert world.judge(POLIS, "motesrummet", span("10:30", "11:30")).refused
    assert world.judge(POLIS, "motesrummet", span("11:04", "11:30")).refused
    assert not world.judge(POLIS, "motesrummet", span("11:05", "11:30")).refused


def test_6_the_wall_must_be_moved_between_the_room_and_the_hall(world: World) -> None:
    world.book(POLIS, "motesrummet", span("13:00", "14:00"), id="room")
    early = world.judge(POLIS, "hela-lokalen", span("14:00", "15:00"))
    assert early.refused
    assert [each.span for each in early.clashes] == [span("13:00", "14:00")]
    assert not world.judge(POLIS, "hela-lokalen", span("14:05", "15:00")).refused
    assert not world.judge(POLIS, "motesrummet", span("14:00", "15:00")).refused


def test_6_the_wall_must_be_moved_before_what_comes_after_too(world: World) -> None:
    world.book(POLIS, "hela-lokalen", span("14:00", "15:00"), id="hall")
    late = world.judge(POLIS, "motesrummet", span("13:00", "13:58"))
    assert late.refused
    assert [each.span for each in late.clashes] == [span("14:00", "15:00")], "the answer says what it met"
    assert not world.judge(POLIS, "motesrummet", span("13:00", "13:55")).refused


def test_a_closed_meeting_makes_the_hall_busy_for_the_changeover_too(world: World) -> None:
    world.book(UNGDOMSJOUR, "motesrummet", span("10:00", "11:00"), SOCIAL_SERVICES)
    busy = {
        key: [each.span for each in world.board(KONSTNAR).busy if each.resource == key]
        for key in PREMISES.by_key
    }
    assert busy["hela-lokalen"] == [span("09:55", "11:05")]
    assert busy["motesrummet"] == busy["konferensbordet"] == [span("10:00", "11:00")]
    assert all(busy[desk] == [] for desk in DESKS)
