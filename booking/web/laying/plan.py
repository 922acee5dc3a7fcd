"""The small plan in the strip: zones side by side with the walls between them, drawn from the premises' data.

Imports the domain. Two drawings, lying and standing; a state is a class of page.css, never a colour here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from booking.domain.people import OrganisationId
from booking.domain.premises import Kind, Resource, Zone
from booking.domain.views import WallView
from booking.web.laying.lines import Day, Piece, Sort

PAPER = {False: (204.0, 92.0), True: (92.0, 140.0)}  # by whether it stands upright
EDGE, WALL, GAP = 6.0, 8.0, 3.0
DESK = (36.0, 24.0)
MARKS = {
    Sort.BOOKING: "busy",
    Sort.OUT: "out",
    Sort.BUSY: "red",
    Sort.GAVE_WAY: "red",
    Sort.PART: "part",
    Sort.FREE: "free",
}


@dataclass(frozen=True)
class Shape:
    """A rectangle, and what is written in it; `organisation` lends it its colour."""

    mark: str
    x: float
    y: float
    width: float
    height: float
    radius: float = 2
    organisation: OrganisationId | None = None
    text: str = ""


@dataclass(frozen=True)
class Drawing:
    """A plan of a size, its shapes from the back."""

    upright: bool
    width: float
    height: float
    shapes: tuple[Shape, ...]


Box = tuple[float, float, float, float]


def plan(day: Day, upright: bool) -> Drawing:
    """The premises as it stands just now."""
    width, height = PAPER[upright]
    return Drawing(upright, width, height, tuple(_shapes(day, upright)))


def _shapes(day: Day, upright: bool) -> Iterator[Shape]:
    width, height = PAPER[upright]
    yield Shape("house", 2, 2, width - 4, height - 4)
    zones = day.premises.zones
    length = (height if upright else width) - 2 * EDGE - (len(zones) - 1) * (WALL + 2 * GAP)
    weights = [_weight(day, zone, upright) for zone in zones]
    along = EDGE
    for zone, weight in zip(zones, weights, strict=True):
        own = length * weight / sum(weights)
        box = (EDGE, along, width - 2 * EDGE, own) if upright else (along, EDGE, own, height - 2 * EDGE)
        if along > EDGE:
            yield from _wall(day, zone, along, upright)
        yield from _zone(day, zone, box, upright)
        along += own + WALL + 2 * GAP


def _weight(day: Day, zone: Zone, upright: bool) -> float:
    desks = len(_of(day, zone, Kind.DESK))
    if upright:
        return max(48.0, 34.0 * -(-desks // 2))
    return max(74.0, 52.0 * -(-desks // 2))


def _of(day: Day, zone: Zone, kind: Kind) -> list[Resource]:
    return [each for each in day.there.of_kind(kind) if each.zones == (zone.key,)]


def _current(day: Day, key: str, *sorts: Sort) -> Piece | None:
    """What a place is used for just now; what is taken comes before what is free."""
    found = [each for each in day.lines[key] if each.span.contains(day.now) and each.sort in (sorts or MARKS)]
    return min(found, key=lambda each: list(MARKS).index(each.sort), default=None)


def _mark(day: Day, resource: Resource) -> tuple[str, OrganisationId | None]:
    piece = _current(day, resource.key)
    if piece is None:
        return "free", None
    return MARKS[piece.sort], _whose(piece)


def _whose(piece: Piece) -> OrganisationId | None:
    return piece.view.organisation if piece.view and piece.sort is Sort.BOOKING else None


def _zone(day: Day, zone: Zone, box: Box, upright: bool) -> Iterator[Shape]:
    x, y, width, height = box
    rooms = [each for each in day.there.of_kind(Kind.ROOM) if zone.key in each.zones]
    taken = next((piece for each in rooms if (piece := _on_the_floor(day, each, zone))), None)
    if taken is not None:
        yield Shape(MARKS[taken.sort], x, y, width, height, 2, _whose(taken))
    tables, desks = _of(day, zone, Kind.TABLE), _of(day, zone, Kind.DESK)
    if tables and desks:
        own = width * 0.4
        yield from _table(day, tables[0], (x, y, own, height), upright)
        yield from _desks(day, desks, (x + own, y, width - own, height), upright)
    elif tables:
        yield from _table(day, tables[0], box, upright)
    else:
        yield from _desks(day, desks, box, upright)


def _table(day: Day, table: Resource, box: Box, upright: bool) -> Iterator[Shape]:
    x, y, width, height = box
    mark, whose = _mark(day, table)
    across, deep = (width * 0.45, height * 0.46) if upright else (width * 0.35, height * 0.5)
    yield Shape(mark, x + (width - across) / 2, y + (height - deep) / 2, across, deep, 4, whose)


def _on_the_floor(day: Day, room: Resource, zone: Zone) -> Piece | None:
    """What fills a zone: a booking that takes its floor, or its own room being taken."""
    piece = _current(day, room.key, Sort.BOOKING, Sort.OUT, Sort.BUSY)
    if piece is None or (piece.sort is Sort.BUSY and room.zones != (zone.key,)):
        return None
    if piece.view and zone.key not in day.premises.by_key[piece.view.resource].zones:
        return None
    return piece


def _desks(day: Day, desks: list[Resource], box: Box, upright: bool) -> Iterator[Shape]:
    x, y, width, height = box
    if not desks:
        return
    columns = 2 if upright else -(-len(desks) // 2)
    rows = -(-len(desks) // columns)
    wide, high = width / columns, height / rows
    for number, desk in enumerate(desks):
        mark, whose = _mark(day, desk)
        across, deep = min(DESK[0], wide - 8), min(DESK[1], high - 6)
        left = x + (number % columns) * wide + (wide - across) / 2
        top = y + (number // columns) * high + (high - deep) / 2
        yield Shape(mark, left, top, across, deep, 2, whose, short_name(desk.name.sv))


def short_name(name: str) -> str:
    """The figure at the end of a name, else its first letters."""
    last = name.rsplit(" ", 1)[-1]
    return last if last.isdigit() else name[:3]


def _wall(day: Day, zone: Zone, along: float, upright: bool) -> Iterator[Shape]:
    """The wall before a zone, as it stands: panes, folded panes, a rail to be moved along, or paved."""
    wall = next((each for each in day.premises.partitions if zone.key in each.between), None)
    if wall is None:
        return
    found = (each for each in day.lines[wall.key] if each.sort is Sort.WALL and each.span.contains(day.now))
    state = next((each.wall for each in found), None)
    width, height = PAPER[upright]
    start, length = 4.0, (width if upright else height) - 8
    for mark, offset, long in _wall_parts(state, length):
        at, size = along - GAP - WALL, WALL
        if upright:
            yield Shape(mark, start + offset, at, long, size, 0)
        else:
            yield Shape(mark, at, start + offset, size, long, 0)


def _wall_parts(state: WallView | None, length: float) -> Iterator[tuple[str, float, float]]:
    if state is WallView.BUSY:
        yield "red", 0, length
    elif state is WallView.CLOSED:
        yield from (("pane", length / 5 * number, length / 5) for number in range(5))
    elif state is WallView.OPEN:
        yield from (("pane", offset, 3) for offset in (0, 4, length - 7, length - 3))
    else:
        yield "rail", 0, length
