"""The floor plan is drawn in the premises' file, or laid out from what the premises consists of."""

import copy
import tomllib
from collections.abc import Callable
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import booking
from booking.domain.definition import DefinitionError, read_premises
from booking.domain.floors import Box, Floor, contains, holds
from booking.domain.premises import Kind, Name, Partition, Premises, Resource, Zone
from booking.domain.sketching import floor_of, sketch
from tests.domain.cast import PREMISES, THEATRE, TODAY

CONTENT = tomllib.loads((Path(booking.__file__).parent / "premises" / "sergels_torg.toml").read_text("utf-8"))
HOOKED = ((0.0, 0.0), (10.0, 0.0), (10.0, 4.0), (4.0, 4.0), (4.0, 10.0), (0.0, 10.0))


# --- shapes -------------------------------------------------------------------------------------


def test_a_point_on_the_edge_is_inside_and_one_in_the_notch_is_not() -> None:
    assert contains(HOOKED, (0, 5))
    assert contains(HOOKED, (10, 4))
    assert contains(HOOKED, (2, 9))
    assert not contains(HOOKED, (5, 5))
    assert not contains(HOOKED, (11, 2))


def test_a_table_stands_on_a_hooked_floor_only_where_all_of_it_is_floor() -> None:
    assert holds(HOOKED, Box(0, 0, 10, 4))
    assert holds(HOOKED, Box(1, 1, 3, 8))
    assert not holds(HOOKED, Box(3, 3, 2, 2)), "its corner is in the notch"
    assert not holds(HOOKED, Box(8, 1, 3, 2)), "it goes through the wall"
    pillared = (
        (0.0, 0.0),
        (10.0, 0.0),
        (10.0, 10.0),
        (6.0, 10.0),
        (6.0, 3.0),
        (5.0, 3.0),
        (5.0, 10.0),
        (0.0, 10.0),
    )
    assert not holds(pillared, Box(1, 5, 8, 2)), "its corners are on the floor, and a pillar goes through it"


def test_what_touches_does_not_overlap() -> None:
    assert not Box(0, 0, 2, 2).overlaps(Box(2, 0, 2, 2))
    assert Box(0, 0, 2, 2).overlaps(Box(1.9, 1.9, 2, 2))


# --- as the file draws it -----------------------------------------------------------------------


def test_the_floor_of_sergels_torg_shows_everything_that_stands_there() -> None:
    for floor in (PREMISES.floor, PREMISES.upright_floor):
        assert floor is not None
        assert [each.zone for each in floor.grounds] == ["motesdelen", "kontoret"]
        assert [each.key for each in floor.tracks] == ["glasvaggen"]
        assert [each.resource for each in floor.stands] == [
            "konferensbordet",
            *(f"arbetsplats-{number}" for number in range(1, 5)),
        ]
        assert {each.name.sv for each in floor.fixtures} == {"Pentry", "WC"}
        assert [each.name.en for each in floor.doors if each.name] == ["Entrance"]
        assert floor.outside == Name("Sergels torg", "Sergels torg")
        assert sum(sum(each.chairs) for each in floor.stands) == PREMISES.by_key["konferensbordet"].seats
    assert PREMISES.floor.grounds[0].box.right < PREMISES.floor.grounds[1].box.x  # type: ignore[union-attr]
    assert PREMISES.upright_floor.grounds[0].box.bottom < PREMISES.upright_floor.grounds[1].box.y  # type: ignore[union-attr]


def test_a_tables_chairs_are_its_seats_where_the_file_does_not_say() -> None:
    content = copy.deepcopy(CONTENT)
    content["plan"]["places"]["konferensbordet"] = [125, 180, 215, 300]
    floor = read_premises(content).floor
    assert floor is not None
    assert floor.stands[0].chairs == (0, 4, 0, 4), "along its two long sides"


def test_a_zone_may_have_any_shape() -> None:
    content = copy.deepcopy(CONTENT)
    content["plan"]["zones"]["kontoret"] = [
        [495, 0],
        [1150, 0],
        [1150, 625],
        [900, 625],
        [900, 500],
        [495, 500],
    ]
    floor = read_premises(content).floor
    assert floor is not None
    assert len(floor.grounds[1].outline) == 6


def test_what_is_retired_may_be_left_out_of_the_drawing_or_stand_there_still() -> None:
    content = copy.deepcopy(CONTENT)
    content["resources"][6]["retired"] = TODAY.isoformat()
    assert read_premises(content).floor == PREMISES.floor
    del content["plan"]["places"]["arbetsplats-4"]
    floor = read_premises(content).floor
    assert floor is not None
    assert len(floor.stands) == 4


Spoil = Callable[[dict[str, Any]], object]
FAULTS: dict[str, tuple[Spoil, str]] = {
    "a word that is not known": (lambda p: p.update(sise=[1, 1]), "plan: there is no 'sise' here"),
    "no size": (lambda p: p.pop("size"), "plan.size: write a list of 2 numbers"),
    "a size of nothing": (lambda p: p.update(size=[0, 500]), "plan.size: a floor has a width and a height"),
    "a size in words": (lambda p: p.update(size=["wide", "high"]), "plan.size"),
    "a zone that is missing": (lambda p: p["zones"].pop("kontoret"), "plan.zones: kontoret is missing"),
    "a zone that is not there": (
        lambda p: p["zones"].update(vinden=[0, 0, 1, 1]),
        "plan.zones: there is no vinden",
    ),
    "a zone outside the floor": (
        lambda p: p["zones"].update(kontoret=[495, 0, 656, 625]),
        "plan.zones.kontoret: it goes outside the floor",
    ),
    "a zone of two corners": (
        lambda p: p["zones"].update(kontoret=[[0, 0], [1, 1]]),
        "plan.zones.kontoret: an outline",
    ),
    "a zone of no width": (
        lambda p: p["zones"].update(kontoret=[495, 0, 0, 625]),
        "plan.zones.kontoret: write x, y",
    ),
    "a wall that is missing": (lambda p: p["partitions"].clear(), "plan.partitions: glasvaggen is missing"),
    "a wall that is not there": (
        lambda p: p["partitions"].update(muren={"line": [0, 0, 0, 9]}),
        "plan.partitions: there is no muren",
    ),
    "a wall of no length": (
        lambda p: p["partitions"]["glasvaggen"].update(line=[480, 0, 480, 0]),
        "plan.partitions.glasvaggen.line: a line goes from one point to another",
    ),
    "a wall outside the floor": (
        lambda p: p["partitions"]["glasvaggen"].update(line=[480, 0, 480, 626]),
        "plan.partitions.glasvaggen: it goes outside the floor",
    ),
    "a wall of no pane": (
        lambda p: p["partitions"]["glasvaggen"].update(panes=0),
        "plan.partitions.glasvaggen",
    ),
    "a wall that is only a list": (lambda p: p["partitions"].update(glasvaggen=[1]), "must be a table"),
    "a place that is missing": (
        lambda p: p["places"].pop("arbetsplats-2"),
        "plan.places: arbetsplats-2 is missing",
    ),
    "a place that is not there": (
        lambda p: p["places"].update({"arbetsplats-9": [0, 0, 9, 9]}),
        "there is no table or desk arbetsplats-9",
    ),
    "a room among the places": (
        lambda p: p["places"].update(motesrummet=[0, 0, 9, 9]),
        "there is no table or desk motesrummet",
    ),
    "a place outside the floor": (
        lambda p: p["places"].update({"arbetsplats-4": [950, 272, 262, 148]}),
        "plan.places.arbetsplats-4: it goes outside the floor",
    ),
    "a place in another zone": (
        lambda p: p["places"].update({"arbetsplats-4": [10, 10, 90, 90]}),
        "plan.places.arbetsplats-4: it does not stand in its zone",
    ),
    "two places in one": (
        lambda p: p["places"].update({"arbetsplats-4": [700, 272, 262, 148]}),
        "plan.places.arbetsplats-4: it stands where arbetsplats-3 stands",
    ),
    "chairs by the dozen": (
        lambda p: p["places"]["konferensbordet"].update(chairs=[0, 24, 0, 0]),
        "plan.places.konferensbordet.chairs: at most",
    ),
    "a chair below nothing": (
        lambda p: p["places"]["konferensbordet"].update(chairs=[0, -1, 0, 0]),
        "none below 0",
    ),
    "a thing without a name": (lambda p: p["fixtures"][1].pop("name"), "plan.fixtures: 'name' is missing"),
    "a thing outside the floor": (
        lambda p: p["fixtures"][1].update(box=[1100, 525, 112, 100]),
        "plan.fixtures: WC goes outside the floor",
    ),
    "a door to nowhere": (lambda p: p["doors"][0].pop("line"), "plan.doors.line: write a list of 4 numbers"),
    "a window outside the floor": (
        lambda p: p["windows"][0].update(line=[0, 0, 1151, 0]),
        "plan.windows: it goes outside the floor",
    ),
    "windows that are no list": (lambda p: p.update(windows=3), "plan.windows: must be a list of tables"),
    "an outline beyond the size": (
        lambda p: p.update(outline=[0, 0, 1151, 625]),
        "plan.outline: it goes outside the floor",
    ),
    "a fault in the upright drawing": (
        lambda p: p["upright"]["places"].pop("arbetsplats-2"),
        "plan.upright.places: arbetsplats-2 is missing",
    ),
    "a drawing in words": (lambda p: p.update(upright="as above"), "plan.upright: must be a table"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_in_a_drawing_is_named_where_it_stands(fault: str) -> None:
    content = copy.deepcopy(CONTENT)
    spoil, said = FAULTS[fault]
    spoil(content["plan"])
    with pytest.raises(DefinitionError) as refused:
        read_premises(content)
    assert said in str(refused.value)


# --- laid out from what there is ----------------------------------------------------------------


def is_sensible(premises: Premises, floor: Floor) -> None:
    """Assert that everything is drawn once, within the floor and its zone, and nothing over anything else."""
    whole = Box(0, 0, floor.width, floor.height)
    grounds = {each.zone: each for each in floor.grounds}
    assert set(grounds) == {each.key for each in premises.zones}
    standing = [each for each in premises.resources if each.kind in (Kind.TABLE, Kind.DESK)]
    assert sorted(each.resource for each in floor.stands) == sorted(each.key for each in standing)
    for stand in floor.stands:
        assert holds(whole.outline, stand.box)
        assert holds(grounds[premises.by_key[stand.resource].zones[0]].outline, stand.box)
    for one, other in combinations(floor.stands, 2):
        assert not one.box.overlaps(other.box)
    for ground, another in combinations(floor.grounds, 2):
        assert not ground.box.overlaps(another.box)
    assert sorted(each.key for each in floor.tracks) == sorted(each.key for each in premises.partitions)
    for track in floor.tracks:
        assert contains(whole.outline, track.start)
        assert contains(whole.outline, track.end)


@pytest.mark.parametrize("upright", [False, True])
@pytest.mark.parametrize("premises", [PREMISES, THEATRE.premises], ids=lambda each: each.key)
def test_a_premises_that_draws_no_floor_gets_one(premises: Premises, upright: bool) -> None:
    is_sensible(premises, sketch(premises, upright))


def test_the_zones_stand_in_their_order_with_the_walls_between_them() -> None:
    theatre = THEATRE.premises
    lying, upright = sketch(theatre, False), sketch(theatre, True)
    assert [each.zone for each in sorted(lying.grounds, key=lambda each: each.box.x)] == [
        "scenen",
        "salen",
        "foajen",
    ]
    assert [each.zone for each in sorted(upright.grounds, key=lambda each: each.box.y)] == [
        "scenen",
        "salen",
        "foajen",
    ]
    ridan, dorrarna = lying.tracks
    assert lying.grounds[0].box.right < ridan.start[0] < lying.grounds[1].box.x < dorrarna.start[0]


def test_the_floor_that_is_drawn_goes_before_the_one_that_is_laid_out() -> None:
    assert floor_of(PREMISES, upright=False) == PREMISES.floor
    assert floor_of(PREMISES, upright=True) == PREMISES.upright_floor
    assert floor_of(replace(PREMISES, upright_floor=None), upright=True) == sketch(PREMISES, upright=True)


@st.composite
def houses(draw: st.DrawFn) -> Premises:
    """A premises of any size and shape."""
    zones = [Zone(f"z{n}", Name(f"Z{n}", f"Z{n}")) for n in range(draw(st.integers(0, 5)))]
    keys = [each.key for each in zones]
    pairs = list(combinations(keys, 2))
    walls = draw(st.lists(st.sampled_from(pairs), max_size=5)) if pairs else []
    kinds = [Kind.TABLE, Kind.DESK, Kind.ROOM, Kind.EQUIPMENT]
    resources = [
        Resource(
            f"r{number}",
            kind if keys else Kind.EQUIPMENT,
            Name("R", "R"),
            (draw(st.sampled_from(keys)),) if keys and kind is not Kind.EQUIPMENT else (),
            draw(st.integers(0, 40)),
        )
        for number, kind in enumerate(draw(st.lists(st.sampled_from(kinds), max_size=40)))
    ]
    return replace(
        PREMISES,
        zones=tuple(zones),
        partitions=tuple(
            Partition(f"p{number}", Name("P", "P"), frozenset(pair)) for number, pair in enumerate(walls)
        ),
        resources=tuple(resources),
        floor=None,
        upright_floor=None,
    )


@given(houses(), st.booleans())
def test_however_many_zones_and_places_there_are_each_has_room_on_the_floor(
    house: Premises, upright: bool
) -> None:
    is_sensible(house, sketch(house, upright))
