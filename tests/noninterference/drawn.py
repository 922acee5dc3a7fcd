"""Hidden things as hypothesis draws them: one scene, in two ways that differ in all that observers may not know.

Imports the fillings.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from hypothesis import strategies as st

from booking.actions import changing, looking
from booking.actions.changes import Changes
from booking.actions.errors import Clash, Refused
from booking.domain.bookings import Repetition
from booking.domain.permissions import Forbidden
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
    SOCIAL,
    SOCIAL_CIRCLE,
    TABLE,
    TODAY,
    TRAFFIC,
    VISION_CIRCLE,
)
from tests.noninterference.worlds import World

SCENES = ((MEETING_ROOM, TABLE), (HALL,), (DESKS[0], DESKS[2]))
INSIDERS = {
    POLICE_CIRCLE: (POLICE, GUARD),
    SOCIAL_CIRCLE: (SOCIAL, MIKA),
    VISION_CIRCLE: (POLICE, GUARD, SOCIAL, MIKA),
}
BEGIN = 17 * 60


@dataclass(frozen=True)
class Scene:
    """Where and when something is said, the same in both worlds; minutes from 17.00, and for how many days."""

    where: int
    start: int
    length: int
    days: int


@dataclass(frozen=True)
class Way:
    """How it was done: all of it is what observers may not know."""

    circle: str
    who: int
    place: int
    words: int
    cut: int | None
    later_first: bool
    series: bool
    edits: int
    reads: int
    desk_inside: bool


@dataclass(frozen=True)
class Visible:
    """Somebody's ordinary booking, asked for in both worlds alike."""

    who: str
    what: str
    start: int
    length: int


def clock(minutes: int) -> str:
    """Minutes from 17.00 as a wall clock."""
    return f"{(BEGIN + minutes) // 60:02}:{(BEGIN + minutes) % 60:02}"


def book(world: World, asked: Visible) -> str:
    """Ask for it; what came of it, in a word."""
    try:
        world.house.book(asked.who, asked.what, clock(asked.start), clock(asked.start + asked.length))
    except (Clash, Refused, Forbidden) as answer:
        return type(answer).__name__
    return "booked"


def done(world: World, scene: Scene, way: Way) -> None:
    """Do the hidden thing in one way. Clash or Refused when it cannot be."""
    who = INSIDERS[way.circle][way.who % len(INSIDERS[way.circle])]
    what = SCENES[scene.where][way.place % len(SCENES[scene.where])]
    said = {"title": "x" * way.words, "note": "y" * way.words, "circle": way.circle}
    parts = _parts(scene, way.cut)
    for start, end in reversed(parts) if way.later_first else parts:
        for day in range(1 if way.series else scene.days):
            repeat = Repetition(f"FREQ=DAILY;COUNT={scene.days}") if way.series and scene.days > 1 else None
            hours = (clock(start), clock(end), TODAY + timedelta(days=day))
            number = world.house.book(who, what, *hours, agree=True, repeat=repeat, **said).view.id
            _live(world, world.hide(number), who, way)
    if way.desk_inside:
        with suppress(Clash):
            world.house.book(who, DESKS[3], clock(scene.start), clock(scene.start + scene.length))


def _parts(scene: Scene, cut: int | None) -> list[tuple[int, int]]:
    start, end = scene.start, scene.start + scene.length
    return [(start, end)] if cut is None else [(start, start + cut), (start + cut, end)]


def _live(world: World, number: str, who: str, way: Way) -> None:
    house = world.house
    with house.inside():
        for turn in range(way.edits):
            change = Changes(title=f"Ändring {turn}")
            changing.change(house.viewer(who), number, change, None, house.clock())
        for _ in range(way.reads):
            looking.open_details(house.viewer(who), number, house.clock(), "page")


ways = st.builds(
    Way,
    circle=st.sampled_from(list(INSIDERS)),
    who=st.integers(0, 3),
    place=st.integers(0, 1),
    words=st.sampled_from([1, 120]),
    cut=st.sampled_from([None, 10, 20]),
    later_first=st.booleans(),
    series=st.booleans(),
    edits=st.integers(0, 2),
    reads=st.integers(0, 2),
    desk_inside=st.booleans(),
)
scenes = st.builds(
    Scene, st.integers(0, 2), st.sampled_from([0, 15, 30]), st.sampled_from([30, 45]), st.sampled_from([1, 2])
)
visibles = st.lists(
    st.builds(
        Visible,
        st.sampled_from([ARTIST, TRAFFIC, COORDINATOR]),
        st.sampled_from([DESKS[0], DESKS[2], TABLE, MEETING_ROOM, HALL]),
        st.sampled_from([-30, 0, 20, 45]),
        st.sampled_from([20, 60]),
    ),
    max_size=2,
)
