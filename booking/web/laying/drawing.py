"""A floor on paper, and how everything on it stands at a moment: areas, halls, places, walls, lying or upright.

Imports the domain. A state is a mark, and a class of plan.css; words are the template's business.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from math import atan2, degrees, hypot

from booking.domain.floors import Box, Door, Fixture, Floor, Ground, Outline, Point, Stand, Track, around
from booking.domain.names import Name
from booking.domain.premises import Kind
from booking.domain.sketching import floor_of
from booking.domain.views import Full
from booking.web.laying.lanes import lanes_of
from booking.web.laying.lines import Day, Sort
from booking.web.laying.moment import MARKS, Mark, Spot, WallNow, on_the_floor, spot, walls
from booking.web.laying.paper import Paper

SMALLEST_WITH_WORDS = (148.0, 92.0)  # a place drawn smaller shows its figure alone


@dataclass(frozen=True)
class Measures:
    """Of a drawing: its width, where the floor begins, how high the square beyond is, chairs, the hall's card."""

    width: float
    left: float
    top: float
    beyond: float
    chair: tuple[float, float, float]  # how long, how deep, how far from its table
    card: tuple[float, float]


MEASURES = {
    False: Measures(960, 21, 12, 57, (40, 22, 10), (476, 160)),
    True: Measures(400, 14, 10, 34, (34, 17, 6), (336, 148)),
}  # by whether it stands upright


@dataclass(frozen=True)
class Area:
    """A zone's floor: with the state of the room that is this zone, else with what fills it."""

    outline: Outline
    box: Box
    spot: Spot | None
    mark: Mark
    view: Full | None


@dataclass(frozen=True)
class Placed:
    """A table or a desk. `small`: too small for words. `under`: taken by the booking of the hall it stands in."""

    box: Box
    spot: Spot
    chairs: tuple[Box, ...]
    small: bool
    under: bool


@dataclass(frozen=True)
class Hall:
    """A booking that fills several zones at once. Its words stand on a card over the desks it has `cleared`, if any."""

    view: Full
    outlines: tuple[Outline, ...]
    card: Box
    cleared: bool


@dataclass(frozen=True)
class Wall:
    """A wall as it stands, drawn along a line of a length from a point, turned by degrees."""

    now: WallNow
    start: Point
    turn: float
    length: float
    panes: int


@dataclass(frozen=True)
class Gap:
    """A door or a window in the outer wall; a door has the tip of its leaf and the way it swings."""

    start: Point
    end: Point
    tip: Point = (0, 0)
    radius: float = 0
    sweep: int = 0
    name: Name | None = None
    name_at: Point = (0, 0)
    panes: int = 1


@dataclass(frozen=True)
class Drawing:
    """A floor plan of a size, from the back: areas, halls, places, fixtures, walls."""

    upright: bool
    width: float
    height: float
    beyond: float
    outside: Name | None
    outline: Outline
    areas: tuple[Area, ...]
    halls: tuple[Hall, ...]
    places: tuple[Placed, ...]
    fixtures: tuple[Fixture, ...]
    walls: tuple[Wall, ...]
    windows: tuple[Gap, ...]
    doors: tuple[Gap, ...]


def drawing(day: Day, at: datetime, upright: bool) -> Drawing:
    """The floor of a day's premises as it stands at a moment."""
    measures, floor = MEASURES[upright], floor_of(day.there, upright)
    top = measures.top + (measures.beyond if floor.outside else 0)
    paper = Paper.across(floor, measures.left, top, measures.width - 2 * measures.left)
    halls = tuple(_halls(day, at, floor, paper, measures))
    filled = {hall.view.key for hall in halls}
    places = tuple(_places(day, at, floor, paper, measures, halls))
    stand = {each.key: each for each in walls(day, lanes_of(day.there), at)}
    return Drawing(
        upright=upright,
        width=measures.width,
        height=round(top + floor.height * paper.down + measures.top),
        beyond=measures.beyond - 17 if not upright else measures.beyond - 10,
        outside=floor.outside,
        outline=paper.outline(floor.outline),
        areas=tuple(area for each in floor.grounds if (area := _area(day, at, each, paper, filled))),
        halls=halls,
        places=places,
        fixtures=tuple(Fixture(each.name, paper.box(each.box)) for each in floor.fixtures),
        walls=tuple(_wall(stand[each.key], each, paper) for each in floor.tracks if each.key in stand),
        windows=tuple(Gap(paper.point(e.start), paper.point(e.end), panes=e.panes) for e in floor.windows),
        doors=tuple(_door(each, floor, paper) for each in floor.doors),
    )


def _area(day: Day, at: datetime, ground: Ground, paper: Paper, filled: set[str]) -> Area | None:
    """A zone's floor; None where nothing is to be said of it, or a hall is drawn there."""
    outline, box = paper.outline(ground.outline), paper.box(ground.box)
    taken = on_the_floor(day, ground.zone, at)
    if taken and taken.view and taken.view.key in filled:
        return None
    room = next((each for each in day.there.of_kind(Kind.ROOM) if each.zones == (ground.zone,)), None)
    if room is not None:
        found = spot(day, room, at)
        return Area(outline, box, found, found.mark, found.view)
    return Area(outline, box, None, MARKS[taken.sort], taken.view) if taken else None


def _halls(day: Day, at: datetime, floor: Floor, paper: Paper, measures: Measures) -> Iterator[Hall]:
    joined: dict[str, tuple[Full, list[Ground]]] = {}
    for ground in floor.grounds:
        piece = on_the_floor(day, ground.zone, at)
        if piece and piece.view and piece.sort is Sort.BOOKING:
            joined.setdefault(piece.view.key, (piece.view, []))[1].append(ground)
    for view, grounds in joined.values():
        if len(grounds) > 1:
            most = max(grounds, key=lambda ground: _desks(day, floor, ground))
            card = _card(paper.box(most.box), measures) if view.clear_desks else paper.box(grounds[0].box)
            yield Hall(view, _filled(floor, grounds, paper), card, view.clear_desks)


def _desks(day: Day, floor: Floor, ground: Ground) -> int:
    stands = [day.premises.by_key[each.resource] for each in floor.stands]
    return sum(each.kind is Kind.DESK and each.zones == (ground.zone,) for each in stands)


def _filled(floor: Floor, grounds: list[Ground], paper: Paper) -> tuple[Outline, ...]:
    """One shape through the walls where that covers nothing else, else each zone by itself."""
    others = [each.box for each in floor.grounds if each not in grounds]
    if not others:
        return (paper.outline(floor.outline),)
    whole = around(point for each in grounds for point in each.outline)
    if any(whole.overlaps(each) for each in others):
        return tuple(paper.outline(each.outline) for each in grounds)
    return (paper.outline(whole.outline),)


def _card(box: Box, measures: Measures) -> Box:
    """Where a hall's words stand: in the middle of its ground."""
    width, height = min(measures.card[0], box.width - 24), min(measures.card[1], box.height - 24)
    return Box(box.middle[0] - width / 2, box.middle[1] - height / 2 - height * 0.1, width, height)


def _places(
    day: Day, at: datetime, floor: Floor, paper: Paper, measures: Measures, halls: tuple[Hall, ...]
) -> Iterator[Placed]:
    filled = {hall.view.key for hall in halls}
    cards = [hall.card for hall in halls if hall.cleared]
    for stand in floor.stands:
        if stand.resource in day.there.by_key:
            found = spot(day, day.premises.by_key[stand.resource], at)
            box = paper.box(stand.box)
            small = box.width < SMALLEST_WITH_WORDS[0] or box.height < SMALLEST_WITH_WORDS[1]
            small = small or any(card.overlaps(Box(box.x, box.y, box.width, 30)) for card in cards)
            under = found.view is not None and found.view.key in filled
            yield Placed(box, found, tuple(_chairs(stand, box, measures)), small, under)


def _chairs(stand: Stand, table: Box, measures: Measures) -> Iterator[Box]:
    long, deep, off = measures.chair
    above, right, below, left = stand.chairs
    for count, y in ((above, table.y - off - deep), (below, table.bottom + off)):
        for number in range(count):
            yield Box(table.x + table.width * (number + 0.5) / count - long / 2, y, long, deep)
    for count, x in ((left, table.x - off - deep), (right, table.right + off)):
        for number in range(count):
            yield Box(x, table.y + table.height * (number + 0.5) / count - long / 2, deep, long)


def _wall(now: WallNow, track: Track, paper: Paper) -> Wall:
    """Drawn from its left end, or upwards, so that words along it are read from the left or from below."""
    ends = sorted((paper.point(track.start), paper.point(track.end)), key=lambda each: (each[0], -each[1]))
    along, down = ends[1][0] - ends[0][0], ends[1][1] - ends[0][1]
    return Wall(now, ends[0], round(degrees(atan2(down, along)), 2), hypot(along, down), track.panes)


def _door(door: Door, floor: Floor, paper: Paper) -> Gap:
    """Hung at its end, opening into the floor."""
    start, end = paper.point(door.start), paper.point(door.end)
    middle = around(paper.outline(floor.outline)).middle
    along, down = end[0] - start[0], end[1] - start[1]
    inward = (
        (down, -along) if (middle[0] - end[0]) * down - (middle[1] - end[1]) * along > 0 else (-down, along)
    )
    tip = (end[0] + inward[0], end[1] + inward[1])
    radius = hypot(along, down)
    sweep = int(along * inward[1] - down * inward[0] < 0)
    name_at = ((start[0] + end[0]) / 2 + inward[0] * 0.12, (start[1] + end[1]) / 2 + inward[1] * 0.12)
    return Gap(start, end, tip, radius, sweep, door.name, name_at)
