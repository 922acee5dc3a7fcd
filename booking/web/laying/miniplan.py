"""The small plan in the strip: the floor as it stands just now, without words.

Imports the domain. Two drawings, lying and standing; a state is a class of page.css, never a colour here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from booking.domain.floors import Box, Floor, Track
from booking.domain.people import OrganisationId
from booking.domain.premises import Kind
from booking.domain.sketching import floor_of
from booking.domain.views import WallView
from booking.web.laying.lines import Day, Sort
from booking.web.laying.moment import MARKS, Mark, current, on_the_floor, spot
from booking.web.laying.paper import Paper

PAPER = {False: Box(0, 0, 204, 92), True: Box(0, 0, 92, 140)}  # by whether it stands upright
EDGE, WALL = 6.0, 8.0
SMALLEST_WITH_WORDS = 16.0


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
class Miniature:
    """A plan of a size, its shapes from the back."""

    upright: bool
    width: float
    height: float
    shapes: tuple[Shape, ...]


def miniature(day: Day, upright: bool) -> Miniature:
    """The premises as it stands just now."""
    whole = PAPER[upright]
    floor = floor_of(day.there, upright)
    paper = Paper.filled(floor, whole.inset(EDGE))
    return Miniature(upright, whole.width, whole.height, tuple(_shapes(day, floor, paper, whole)))


def _shapes(day: Day, floor: Floor, paper: Paper, whole: Box) -> Iterator[Shape]:
    yield _shape("house", whole.inset(2))
    for ground in floor.grounds:
        taken = on_the_floor(day, ground.zone, day.now)
        if taken is not None:
            whose = taken.view.organisation if taken.view and taken.sort is Sort.BOOKING else None
            yield _shape(MARKS[taken.sort], paper.box(ground.box), 2, whose)
    for stand in floor.stands:
        if stand.resource in day.there.by_key:
            yield _place(day, stand.resource, paper.box(stand.box))
    for track in floor.tracks:
        yield from _wall(day, track, paper)


def _shape(
    mark: str, box: Box, radius: float = 2, organisation: OrganisationId | None = None, text: str = ""
) -> Shape:
    return Shape(mark, box.x, box.y, box.width, box.height, radius, organisation, text)


def _place(day: Day, key: str, box: Box) -> Shape:
    found = spot(day, day.premises.by_key[key], day.now)
    mark = Mark.FREE if found.mark is Mark.OVER else found.mark
    if found.resource.kind is Kind.TABLE:
        return _shape(mark, box, 4, found.organisation)
    text = short_name(found.resource.name.sv) if box.height >= SMALLEST_WITH_WORDS else ""
    return _shape(mark, box, 2, found.organisation, text)


def short_name(name: str) -> str:
    """The figure at the end of a name, else its first letters."""
    last = name.rsplit(" ", 1)[-1]
    return last if last.isdigit() else name[:3]


def _wall(day: Day, track: Track, paper: Paper) -> Iterator[Shape]:
    """A wall as it stands: panes, folded panes, a rail to be moved along, or paved."""
    piece = current(day, track.key, day.now, Sort.WALL)
    start, end = paper.point(track.start), paper.point(track.end)
    lies = abs(end[0] - start[0]) > abs(end[1] - start[1])
    x, y = min(start[0], end[0]), min(start[1], end[1])
    for mark, offset, long in _parts(
        piece.wall if piece else None, abs(end[0] - start[0]) or abs(end[1] - start[1])
    ):
        if lies:
            yield Shape(mark, x + offset, y - WALL / 2, long, WALL, 0)
        else:
            yield Shape(mark, x - WALL / 2, y + offset, WALL, long, 0)


def _parts(state: WallView | None, length: float) -> Iterator[tuple[str, float, float]]:
    if state is WallView.BUSY:
        yield "red", 0, length
    elif state is WallView.CLOSED:
        yield from (("pane", length / 5 * number, length / 5) for number in range(5))
    elif state is WallView.OPEN:
        yield from (("pane", offset, 3) for offset in (0, 4, length - 7, length - 3))
    else:
        yield "rail", 0, length
