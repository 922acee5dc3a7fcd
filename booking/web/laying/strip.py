"""What holds just now, in three short answers: the wall, the room, and the desks or one's own next booking.

Imports the domain.
"""

from __future__ import annotations

from dataclasses import dataclass

from booking.domain.premises import Kind, Name, Resource
from booking.domain.views import Full
from booking.web.laying.lanes import Lane
from booking.web.laying.lines import Day, Piece
from booking.web.laying.moment import Standing, State, WallNow, free_pieces, standing, walls


@dataclass(frozen=True)
class RoomNow:
    """How a room stands."""

    name: Name
    standing: Standing


@dataclass(frozen=True)
class DesksNow:
    """How many desks are free, the first of them with its free time, and else the first to become free."""

    free: int
    total: int
    desk: Resource | None
    piece: Piece | None


@dataclass(frozen=True)
class Strip:
    """The three answers; `next` is a guest's next booking, told instead of the desks."""

    walls: tuple[WallNow, ...]
    rooms: tuple[RoomNow, ...]
    desks: DesksNow | None
    guest: bool
    next: Full | None


def strip(day: Day, lanes: tuple[Lane, ...], guest: bool, coming: Full | None) -> Strip:
    """The answers of the premises: its walls, of which the first is told, its first room or two, its desks."""
    stand = tuple(walls(day, lanes))
    rooms = [lane for lane in lanes if lane.kind is Kind.ROOM][: 1 if stand else 2]
    places = day.premises.by_key
    return Strip(
        walls=stand,
        rooms=tuple(RoomNow(lane.name, standing(day, places[lane.key])) for lane in rooms),
        desks=_desks(day, lanes),
        guest=guest,
        next=coming,
    )


def _desks(day: Day, lanes: tuple[Lane, ...]) -> DesksNow | None:
    desks = [day.premises.by_key[lane.key] for lane in lanes if lane.kind is Kind.DESK]
    if not desks:
        return None
    free = [each for each in desks if standing(day, each).state is State.FREE]
    offers = [
        (piece.span.start, number, piece)
        for number, each in enumerate(desks)
        for piece in free_pieces(day, each)
    ]
    first = min(offers, default=None, key=lambda offer: offer[:2])
    return DesksNow(
        free=len(free),
        total=len(desks),
        desk=desks[first[1]] if first else None,
        piece=first[2] if first else None,
    )
