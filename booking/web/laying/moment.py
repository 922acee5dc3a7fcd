"""How the places and walls of a day stand at one moment, as one viewer may know it.

Imports the domain. Free means that this viewer's ordinary booking would stand. The strip, the lanes' names, the
lists and both plans say what is here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from booking.domain.people import OrganisationId
from booking.domain.premises import Kind, Name, Resource
from booking.domain.spans import Span, ceiling_to
from booking.domain.views import Full, WallView
from booking.web.laying.lanes import Lane
from booking.web.laying.lines import Day, Piece, Sort


class State(StrEnum):
    """How a place stands."""

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

    key: str
    name: Name
    state: WallView | None
    until: datetime | None
    free: datetime | None
    later: Piece | None


class Mark(StrEnum):
    """What a place is drawn as: classes of page.css and plan.css."""

    BUSY = "busy"
    OUT = "out"
    PAVED = "red"
    PART = "part"
    FREE = "free"
    SHUT = "shut"
    OVER = "over"  # it was not taken then, as far as the viewer may know


MARKS = {
    Sort.BOOKING: Mark.BUSY,
    Sort.OUT: Mark.OUT,
    Sort.BUSY: Mark.PAVED,
    Sort.GAVE_WAY: Mark.PAVED,
    Sort.PART: Mark.PART,
    Sort.FREE: Mark.FREE,
}


@dataclass(frozen=True)
class Spot:
    """A place at a moment: what it is used for, how it stands, and the free time to be had from then on."""

    resource: Resource
    piece: Piece | None
    standing: Standing
    offer: Piece | None
    mark: Mark

    @property
    def view(self) -> Full | None:
        """The booking that has it, which the viewer may know."""
        return self.piece.view if self.piece else None

    @property
    def organisation(self) -> OrganisationId | None:
        """Whose colour it has."""
        return self.view.organisation if self.view and self.mark is Mark.BUSY else None


def standing(day: Day, resource: Resource, at: datetime | None = None) -> Standing:
    """How a place stands to this viewer, now where no moment is given."""
    refused, moment = day.refused(resource), at or day.now
    free = free_pieces(day, resource)
    taken = next((span for span in refused if span.contains(moment)), None)
    if taken:
        after = next((piece.span for piece in free if piece.span.start >= taken.end), None)
        return Standing(State.BUSY, taken.end, after if after and after.start == taken.end else None)
    hours = next((span for span in day.hours if span.contains(moment)), None)
    if hours is None:
        opens = next((span.start for span in day.hours if span.start > moment), None)
        return Standing(State.CLOSED, opens)
    following = next((span for span in refused if span.start > moment), None)
    until = min(following.start, hours.end) if following else hours.end
    return Standing(State.FREE, until, following)


def free_pieces(day: Day, resource: Resource) -> list[Piece]:
    """The free time of a place from now on."""
    return [piece for piece in day.lines[resource.key] if piece.sort is Sort.FREE]


def current(day: Day, key: str, at: datetime, *sorts: Sort) -> Piece | None:
    """What a place is used for at a moment; what is taken comes before what is free."""
    found = [each for each in day.lines[key] if each.span.contains(at) and each.sort in (sorts or MARKS)]
    return min(found, key=lambda each: list(Sort).index(each.sort), default=None)


def spot(day: Day, resource: Resource, at: datetime) -> Spot:
    """A place at a moment."""
    stands = standing(day, resource, at)
    piece = current(day, resource.key, at)
    if piece is not None:
        mark = MARKS[piece.sort]
    elif stands.state is State.CLOSED:
        mark = Mark.SHUT
    elif stands.state is State.BUSY:
        mark = Mark.PART
    else:
        mark = Mark.FREE if at >= day.now else Mark.OVER
    return Spot(resource, piece, stands, _offer(day, resource, at), mark)


def _offer(day: Day, resource: Resource, at: datetime) -> Piece | None:
    """The bookable time from a moment on; from a moment that is over, nothing."""
    start = max(at, ceiling_to(day.now, 5))
    found = next((each for each in free_pieces(day, resource) if each.span.contains(start)), None)
    if found is None or not found.bookable or at < day.now:
        return None
    return replace(found, span=Span(start, found.span.end))


def on_the_floor(day: Day, zone: str, at: datetime) -> Piece | None:
    """What fills a zone at a moment: a booking that takes its floor, or its own room being taken."""
    rooms = (each for each in day.there.of_kind(Kind.ROOM) if zone in each.zones)
    return next((piece for each in rooms if (piece := _of_room(day, each, zone, at))), None)


def _of_room(day: Day, room: Resource, zone: str, at: datetime) -> Piece | None:
    piece = current(day, room.key, at, Sort.BOOKING, Sort.OUT, Sort.BUSY)
    if piece is None or (piece.sort is Sort.BUSY and room.zones != (zone,)):
        return None
    if piece.view and zone not in day.premises.by_key[piece.view.resource].zones:
        return None
    return piece


def walls(day: Day, lanes: tuple[Lane, ...], at: datetime | None = None) -> Iterator[WallNow]:
    """How each wall stands, now where no moment is given."""
    return (wall_now(day, lane, at) for lane in lanes if lane.wall)


def wall_now(day: Day, lane: Lane, at: datetime | None = None) -> WallNow:
    """How a wall stands, now where no moment is given, and what is known to come."""
    at = at or day.now
    pieces = [piece for piece in day.lines[lane.key] if piece.sort is Sort.WALL]
    now = next((piece for piece in pieces if piece.span.contains(at)), None)
    coming = [piece for piece in pieces if piece.span.start > at]
    return WallNow(
        key=lane.key,
        name=lane.name,
        state=now.wall if now else None,
        until=now.span.end if now else None,
        free=next((piece.span.start for piece in coming if piece.wall is None), None),
        later=next((piece for piece in coming if piece.wall in (WallView.OPEN, WallView.CLOSED)), None),
    )
