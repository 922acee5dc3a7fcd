"""What a display at a door shows of its place: free or busy, until when, what comes next, how its wall stands.

Imports the domain. Everything is made from the display's own view of the day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from booking.actions.looking import Look
from booking.domain.doors import MOST_AHEAD, SHORTEST, books_at_the_door, lengths
from booking.domain.people import Viewer
from booking.domain.premises import Resource
from booking.domain.spans import Span, day_of, within, without
from booking.domain.views import Full
from booking.web.laying.frame import frame_for
from booking.web.laying.lanes import lanes_of
from booking.web.laying.lines import Day
from booking.web.laying.moment import WallNow, wall_now

SOON = timedelta(minutes=15)
WORTH_SAYING = timedelta(minutes=15)  # free time between two bookings
SHOWN = 2


class Light(StrEnum):
    """How the display is lit."""

    FREE = "free"
    SOON = "soon"  # free, but not for long
    BUSY = "busy"
    CLOSED = "closed"


@dataclass(frozen=True)
class Coming:
    """What comes next: a known booking, else time that is taken, or free."""

    span: Span
    view: Full | None = None
    free: bool = False


@dataclass(frozen=True)
class Offer:
    """What can be booked with one tap: from when, and how long, the usual length first."""

    start: datetime
    lengths: tuple[timedelta, ...]


@dataclass(frozen=True)
class Screen:
    """A display, ready for its template. `until` None: not today; `own` are the display's own bookings."""

    resource: Resource
    now: datetime
    light: Light
    until: datetime | None
    current: Full | None
    coming: tuple[Coming, ...]
    wall: WallNow | None
    offer: Offer | None
    own: tuple[Full, ...]

    @property
    def left(self) -> int:
        """How many minutes are left of what is so now."""
        return int((self.until - self.now) / timedelta(minutes=1) + 0.5) if self.until else 0

    @property
    def at_once(self) -> bool:
        """Whether what is offered begins now."""
        return self.offer is not None and self.offer.start <= self.now


def screen(look: Look, viewer: Viewer, resource: Resource, own: tuple[Full, ...], now: datetime) -> Screen:
    """A place just now, to the minute, as its display may know it."""
    premises, now = look.place.premises, now.replace(second=0, microsecond=0)
    today = day_of(now, premises.zone)
    day = Day(look, viewer, frame_for(premises, today, (each.span for each in look.board.entries)), now)
    hours = day.hours if resource.there_on(today) else ()
    free = within(without(hours, day.refused(resource)), Span(now, max(now, day.frame.span.end)))
    light, until = _light(day, resource, hours, free)
    known = [view for view, _ in day.keeping_out(resource)]
    return Screen(
        resource=resource,
        now=now,
        light=light,
        until=until,
        current=next((view for view in known if view.span.contains(now)), None),
        coming=_coming(day, resource, known, free if light in (Light.BUSY, Light.CLOSED) else ()),
        wall=_wall(day, resource),
        offer=_offer(day, resource, free, own),
        own=own,
    )


def _light(
    day: Day, resource: Resource, hours: tuple[Span, ...], free: tuple[Span, ...]
) -> tuple[Light, datetime | None]:
    taken = next((span for span in day.refused(resource) if span.contains(day.now)), None)
    if taken is not None:
        return Light.BUSY, taken.end
    if free and free[0].start == day.now:
        return Light.SOON if free[0].length <= SOON else Light.FREE, free[0].end
    return Light.CLOSED, next((span.start for span in hours if span.start > day.now), None)


def _coming(day: Day, resource: Resource, known: Iterable[Full], free: Iterable[Span]) -> tuple[Coming, ...]:
    """The next two: between bookings free time too, where the display does not say already how long it is free."""
    found = [*_taken(day, resource, known), *(Coming(each, free=True) for each in free)]
    later = [each for each in found if each.span.start > day.now]
    said = [each for each in later if not each.free or each.span.length >= WORTH_SAYING]
    return tuple(sorted(said, key=lambda each: (each.span, each.free))[:SHOWN])


def _taken(day: Day, resource: Resource, known: Iterable[Full]) -> Iterator[Coming]:
    yield from (Coming(view.span, view) for view in known)
    yield from (Coming(each.span) for each in day.board.busy if each.resource == resource.key)


def _offer(day: Day, resource: Resource, free: Iterable[Span], own: tuple[Full, ...]) -> Offer | None:
    rule = day.premises.rule_for(day.viewer.category)
    if len(own) >= MOST_AHEAD or not books_at_the_door(rule, resource):
        return None
    first = next((span for span in free if span.length >= SHORTEST), None)
    return Offer(first.start, lengths(first)) if first else None


def _wall(day: Day, resource: Resource) -> WallNow | None:
    """The first wall beside the place's zones, or within them."""
    beside = [each.key for each in day.premises.partitions if each.between & set(resource.zones)]
    lane = next((lane for lane in lanes_of(day.premises) if lane.key in beside), None)
    return wall_now(day, lane) if lane else None
