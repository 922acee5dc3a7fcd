"""What holds just now, in three short answers: the wall, the room, and the desks or one's own next booking.

Imports the domain. Free means that this viewer's ordinary booking would stand.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from booking.domain.premises import Kind, Name, Resource
from booking.domain.spans import Span
from booking.domain.views import Full, WallView
from booking.web.laying.lanes import Lane
from booking.web.laying.lines import Day, Piece, Sort


class State(StrEnum):
    """How a place stands just now."""

    FREE = "free"
    BUSY = "busy"
    CLOSED = "closed"


@dataclass(frozen=True)
class Standing:
    """How a place stands, until when, and the span of the opposite that follows, if any."""

    state: State
    until: datetime | None
    then: Span | None = None


@dataclass(frozen=True)
class WallNow:
    """How a wall stands: `state` None may be moved. `free` is when it next may, `later` what is known to come."""

    name: Name
    state: WallView | None
    until: datetime | None
    free: datetime | None
    later: Piece | None


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


def standing(day: Day, resource: Resource) -> Standing:
    """How a place stands just now to this viewer."""
    refused, now = day.refused(resource), day.now
    free = _free(day, resource)
    taken = next((span for span in refused if span.contains(now)), None)
    if taken:
        after = next((piece.span for piece in free if piece.span.start >= taken.end), None)
        return Standing(State.BUSY, taken.end, after if after and after.start == taken.end else None)
    hours = next((span for span in day.hours if span.contains(now)), None)
    if hours is None:
        opens = next((span.start for span in day.hours if span.start > now), None)
        return Standing(State.CLOSED, opens)
    following = next((span for span in refused if span.start > now), None)
    until = min(following.start, hours.end) if following else hours.end
    return Standing(State.FREE, until, following)


def strip(day: Day, lanes: tuple[Lane, ...], guest: bool, coming: Full | None) -> Strip:
    """The answers of the premises: its walls, of which the first is told, its first room or two, its desks."""
    walls = tuple(wall_now(day, lane) for lane in lanes if lane.wall)
    rooms = [lane for lane in lanes if lane.kind is Kind.ROOM][: 1 if walls else 2]
    places = day.premises.by_key
    return Strip(
        walls=walls,
        rooms=tuple(RoomNow(lane.name, standing(day, places[lane.key])) for lane in rooms),
        desks=_desks(day, lanes),
        guest=guest,
        next=coming,
    )


def _free(day: Day, resource: Resource) -> list[Piece]:
    return [piece for piece in day.lines[resource.key] if piece.sort is Sort.FREE]


def wall_now(day: Day, lane: Lane) -> WallNow:
    """How a wall stands just now, and what is known to come."""
    pieces = [piece for piece in day.lines[lane.key] if piece.sort is Sort.WALL]
    current = next((piece for piece in pieces if piece.span.contains(day.now)), None)
    coming = [piece for piece in pieces if piece.span.start > day.now]
    return WallNow(
        name=lane.name,
        state=current.wall if current else None,
        until=current.span.end if current else None,
        free=next((piece.span.start for piece in coming if piece.wall is None), None),
        later=next((piece for piece in coming if piece.wall in (WallView.OPEN, WallView.CLOSED)), None),
    )


def _desks(day: Day, lanes: tuple[Lane, ...]) -> DesksNow | None:
    desks = [day.premises.by_key[lane.key] for lane in lanes if lane.kind is Kind.DESK]
    if not desks:
        return None
    free = [each for each in desks if standing(day, each).state is State.FREE]
    offers = [
        (piece.span.start, number, piece) for number, each in enumerate(desks) for piece in _free(day, each)
    ]
    first = min(offers, default=None, key=lambda offer: offer[:2])
    return DesksNow(
        free=len(free),
        total=len(desks),
        desk=desks[first[1]] if first else None,
        piece=first[2] if first else None,
    )
