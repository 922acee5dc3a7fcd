"""The floor of a premises as it is drawn: its walls, zones and partitions, and where each table and desk stands.

Standard library only. Lengths are in a unit of the drawing's own; (0, 0) is the upper left corner of the floor.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from booking.domain.names import Name

Point = tuple[float, float]
Outline = tuple[Point, ...]


@dataclass(frozen=True)
class Box:
    """A rectangle."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Where it ends to the right."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Where it ends below."""
        return self.y + self.height

    @property
    def middle(self) -> Point:
        """Its middle."""
        return self.x + self.width / 2, self.y + self.height / 2

    @property
    def outline(self) -> Outline:
        """Its corners, clockwise from the upper left."""
        return (self.x, self.y), (self.right, self.y), (self.right, self.bottom), (self.x, self.bottom)

    def overlaps(self, other: Box) -> bool:
        """Whether they share any floor; to touch is not to share."""
        across = self.x < other.right and other.x < self.right
        return across and self.y < other.bottom and other.y < self.bottom

    def inset(self, by: float) -> Box:
        """The same, smaller by so much on every side."""
        return Box(self.x + by, self.y + by, self.width - 2 * by, self.height - 2 * by)


@dataclass(frozen=True)
class Ground:
    """The floor of a zone."""

    zone: str
    outline: Outline

    @property
    def box(self) -> Box:
        """The smallest rectangle around it."""
        return around(self.outline)


@dataclass(frozen=True)
class Track:
    """What stands along a line: a partition with its panes by its key, or the panes of a window."""

    key: str
    start: Point
    end: Point
    panes: int


@dataclass(frozen=True)
class Stand:
    """Where a table or a desk stands, with its chairs above, to the right, below and to the left."""

    resource: str
    box: Box
    chairs: tuple[int, int, int, int] = (0, 0, 0, 0)


@dataclass(frozen=True)
class Door:
    """A door in the outer wall, and what it is called."""

    start: Point
    end: Point
    name: Name | None


@dataclass(frozen=True)
class Fixture:
    """What else is there: a pantry, a staircase."""

    name: Name
    box: Box


@dataclass(frozen=True)
class Floor:
    """A drawn floor. `outside` is what lies beyond its upper wall."""

    width: float
    height: float
    outline: Outline
    grounds: tuple[Ground, ...]
    tracks: tuple[Track, ...]
    stands: tuple[Stand, ...]
    windows: tuple[Track, ...] = ()
    doors: tuple[Door, ...] = ()
    fixtures: tuple[Fixture, ...] = ()
    outside: Name | None = None


def around(points: Iterable[Point]) -> Box:
    """The smallest rectangle around some points."""
    across, down = zip(*points, strict=True)
    return Box(min(across), min(down), max(across) - min(across), max(down) - min(down))


def contains(outline: Outline, point: Point) -> bool:
    """Whether a point lies within an outline or on its edge."""
    x, y = point
    inside = False
    for (ax, ay), (bx, by) in pairwise((*outline, outline[0])):
        turn = (bx - ax) * (y - ay) - (by - ay) * (x - ax)
        if turn == 0 and min(ax, bx) <= x <= max(ax, bx) and min(ay, by) <= y <= max(ay, by):
            return True
        if (ay > y) != (by > y) and (turn > 0) == (by > ay):
            inside = not inside
    return inside


def holds(outline: Outline, box: Box) -> bool:
    """Whether a rectangle lies wholly within an outline; it may touch the edge."""
    edges = pairwise((*outline, outline[0]))
    return all(contains(outline, each) for each in box.outline) and not any(
        _crosses(box, start, end) for start, end in edges
    )


def _crosses(box: Box, start: Point, end: Point) -> bool:
    """Whether a line goes through the inside of a rectangle: what is left of it between the four sides."""
    first, last = 0.0, 1.0
    for begin, step, low, high in (
        (start[0], end[0] - start[0], box.x, box.right),
        (start[1], end[1] - start[1], box.y, box.bottom),
    ):
        if step == 0:
            if not low < begin < high:
                return False
            continue
        enter, leave = sorted(((low - begin) / step, (high - begin) / step))
        first, last = max(first, enter), min(last, leave)
    return first < last
