"""A floor for a premises whose file draws none: its zones in a row, the partitions between, its places in a grid.

Standard library only. Lying, the zones stand side by side; upright, one above the other.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

from booking.domain.floors import Box, Floor, Ground, Point, Stand, Track
from booking.domain.premises import Kind, Partition, Premises, Resource, Zone
from booking.domain.surveying import STANDING, chairs_of

CELLS = {
    False: (250.0, 150.0),
    True: (184.0, 114.0),
}  # by whether it is upright, with the room around a place
DESKS = {False: (210.0, 118.0), True: (170.0, 100.0)}
TABLES = {False: (150.0, 76.0), True: (116.0, 52.0)}
HEADS = {False: 92.0, True: 56.0}  # where the name of a zone's room stands
NARROWEST = {False: 300.0, True: 372.0}  # of a zone
WALL = 28.0  # between two zones
PANE = 60.0


def floor_of(premises: Premises, upright: bool) -> Floor:
    """The floor as the file draws it, or a sketch."""
    drawn = premises.upright_floor if upright else premises.floor
    return drawn or sketch(premises, upright)


def sketch(premises: Premises, upright: bool) -> Floor:
    """A floor laid out from zones, partitions, tables and desks alone."""
    sizes = [_size(premises, zone, upright) for zone in premises.zones] or [
        (NARROWEST[upright], HEADS[upright])
    ]
    across = max(size[0 if upright else 1] for size in sizes)
    along = sum(size[1 if upright else 0] for size in sizes) + WALL * (len(sizes) - 1)
    whole = Box(0, 0, across, along) if upright else Box(0, 0, along, across)
    boxes = list(_in_a_row(sizes, across, upright)) if premises.zones else []
    drawn = list(zip(premises.zones, boxes, strict=True))
    return Floor(
        width=whole.width,
        height=whole.height,
        outline=whole.outline,
        grounds=tuple(Ground(zone.key, box.outline) for zone, box in drawn),
        tracks=tuple(_tracks(premises, drawn, upright)),
        stands=tuple(stand for zone, box in drawn for stand in _stands(premises, zone, box, upright)),
    )


def _places(premises: Premises, zone: Zone) -> list[Resource]:
    return [each for kind in STANDING for each in premises.of_kind(kind) if each.zones == (zone.key,)]


def _grid(count: int, upright: bool) -> tuple[int, int]:
    """How many columns and rows for so many places."""
    if upright:
        return (2, ceil(count / 2)) if count > 1 else (1, 1)
    rows = 1 if count < 2 else 2 if count < 9 else 3
    return max(1, ceil(count / rows)), rows


def _head(premises: Premises, zone: Zone, upright: bool) -> float:
    rooms = premises.of_kind(Kind.ROOM)
    return HEADS[upright] if any(zone.key in each.zones for each in rooms) else 0.0


def _size(premises: Premises, zone: Zone, upright: bool) -> tuple[float, float]:
    columns, rows = _grid(len(_places(premises, zone)), upright)
    wide, high = CELLS[upright]
    return max(NARROWEST[upright], columns * wide), rows * high + _head(premises, zone, upright)


def _in_a_row(sizes: list[tuple[float, float]], across: float, upright: bool) -> Iterator[Box]:
    start = 0.0
    for width, height in sizes:
        yield Box(0, start, across, height) if upright else Box(start, 0, width, across)
        start += (height if upright else width) + WALL


def _stands(premises: Premises, zone: Zone, box: Box, upright: bool) -> Iterator[Stand]:
    places = _places(premises, zone)
    columns, rows = _grid(len(places), upright)
    head = _head(premises, zone, upright)
    wide, high = box.width / columns, (box.height - head) / rows
    for number, each in enumerate(places):
        width, height = (TABLES if each.kind is Kind.TABLE else DESKS)[upright]
        stand = Box(
            box.x + number % columns * wide + (wide - width) / 2,
            box.y + head + number // columns * high + (high - height) / 2,
            width,
            height,
        )
        above, right, below, left = chairs_of(each, stand)
        most = int(width // 32)
        yield Stand(each.key, stand, (min(above, most), right, min(below, most), left))


def _tracks(premises: Premises, drawn: list[tuple[Zone, Box]], upright: bool) -> Iterator[Track]:
    """Each partition before the later of its zones; several in one place share its length."""
    for number, (_, box) in enumerate(drawn):
        here = [each for each in premises.partitions if _later(each, drawn) == number]
        length = box.width if upright else box.height
        middle = (box.y if upright else box.x) - WALL / 2
        for turn, wall in enumerate(here):
            first, last = length * turn / len(here), length * (turn + 1) / len(here)
            start, end = (_at(each, middle, upright) for each in (first, last))
            yield Track(wall.key, start, end, max(2, round((last - first) / PANE)))


def _at(along: float, middle: float, upright: bool) -> Point:
    return (along, middle) if upright else (middle, along)


def _later(wall: Partition, drawn: list[tuple[Zone, Box]]) -> int:
    return max(number for number, (zone, _) in enumerate(drawn) if zone.key in wall.between)
