"""T7: what is hidden from somebody is not hidden from the rules: nothing they do books over it."""

from collections.abc import Callable
from itertools import product

import pytest

from booking.actions import operating
from booking.storage import ledger
from tests.cast import ARTIST, COORDINATOR, DESKS, HALL, MEETING_ROOM, SOCIAL, SOCIAL_CIRCLE, TABLE, TRAFFIC
from tests.noninterference.fillings import secretly
from tests.noninterference.replay import replay
from tests.noninterference.script import BLOCK, DAY, Ask, order, wish
from tests.noninterference.worlds import MEMBERS, World, a_day_as_all_may_see_it, pair
from tests.support.house import House

STORY = (a_day_as_all_may_see_it, secretly())
PLACES = (*DESKS, TABLE, MEETING_ROOM, HALL)
HOURS = (("16:45", "17:05"), ("17:10", "17:20"), ("17:30", "18:15"), ("16:30", "18:30"))
WAYS = ({}, {"urgent": True}, {"urgent": True, "on_clash": "displace"}, {"on_clash": "skip"})


def held(world: World) -> list[object]:
    """What the hidden booking holds, claim by claim."""
    house = world.house
    with house.inside():
        claims = ledger.all_claims(house.place)
        return [each for each in claims if each.occurrence.startswith(world.hidden[0])]


@pytest.mark.parametrize("who", [ARTIST, TRAFFIC, COORDINATOR])
def test_no_order_of_an_outsider_takes_any_of_it(build_house: Callable[..., House], who: str) -> None:
    with pair(build_house, STORY) as (world,):
        before = held(world)
        asks = [
            Ask("POST", "/api/v1/bookings", json=order(place, *hours, **way))
            for place, hours, way in product(PLACES, HOURS, WAYS)
        ]
        asks += [Ask("POST", "/boka", form=wish(place, *hours)) for place, hours in product(PLACES, HOURS)]
        refused = [got.status for _, got in replay(world, who, asks)]
        assert set(refused) <= {403, 409, 422}, "not one of them was had"
        assert held(world) == before
        with world.house.inside():
            assert [pair for audit in operating.audit() for pair in audit.broken] == []


def test_neither_does_a_block_of_the_coordinators_nor_another_circle(
    build_house: Callable[..., House],
) -> None:
    with pair(build_house, STORY) as (world,):
        before = held(world)
        blocks = [
            Ask("POST", "/samordning/sparra", form={**BLOCK, "plats": [place], "datum": DAY, "vika": "ja"})
            for place in PLACES
        ]
        assert {got.status for _, got in replay(world, COORDINATOR, blocks)} <= {409, 422}
        for place in (DESKS[0], TABLE, MEETING_ROOM, HALL):
            world.house.clash(SOCIAL, place, "17:10", "17:40", circle=SOCIAL_CIRCLE)
        assert held(world) == before


def test_every_member_of_the_script_leaves_it_as_it_was(build_house: Callable[..., House]) -> None:
    """Whatever observers ask of any route, but for a closure, which is to suspend everything in its zones."""
    with pair(build_house, STORY) as (world,):
        before = held(world)
        for who in MEMBERS:
            if who != COORDINATOR:
                list(replay(world, who))
        assert held(world) == before
