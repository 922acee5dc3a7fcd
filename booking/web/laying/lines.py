"""What happens in each place through a day, as one viewer may know it: bookings, taken time, what is free.

Imports the domain and the type of a Look. Free time is time in which an ordinary booking by this viewer
meets nothing that they can see or are told of as taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property

from booking.actions.looking import Look
from booking.domain.claims import Demand, Hold, Use, compatible, demands
from booking.domain.disclosure import NO_ORGANISATION, use_of
from booking.domain.people import Viewer
from booking.domain.permissions import Deed, may
from booking.domain.premises import Kind, Partition, Premises, Resource, Rule
from booking.domain.spans import Span, ceiling_to, merged, within, without
from booking.domain.views import Full, WallView
from booking.web.laying.frame import AFTER_CLOSING, Frame


class Sort(StrEnum):
    """What a piece of a line is."""

    BOOKING = "booking"
    OUT = "out"  # out of order or closed, with its reason
    THROUGH = "through"  # a booking that goes straight through a wall
    BUSY = "busy"
    PART = "part"  # another place is booked, and keeps this one from being
    GAVE_WAY = "gaveway"
    EAR = "ear"
    PALE = "pale"
    FREE = "free"
    WALL = "wall"


@dataclass(frozen=True)
class Piece:
    """A stretch of a line. `span` is exact, UTC; `since` is where free time began before now cut it."""

    sort: Sort
    span: Span
    view: Full | None = None
    wall: WallView | None = None
    cause: Resource | None = None
    bookable: bool = False
    since: datetime | None = None


Line = tuple[Piece, ...]


class Day:
    """One viewer's day in one premises, as lines by the keys of the places and walls."""

    def __init__(self, look: Look, viewer: Viewer, frame: Frame, now: datetime) -> None:
        self.premises = look.place.premises
        self.there = self.premises.on(frame.day)
        self.board = look.board
        self.viewer = viewer
        self.frame = frame
        self.now = now
        self._refused: dict[str, tuple[Span, ...]] = {}
        self._wanted: dict[str, tuple[Demand, ...]] = {}
        self._uses = {
            view.key: use_of(self.premises, view) for view in (*self.board.bookings, *self.board.gave_way)
        }
        self._over = {key: lies_over(self.premises, use) for key, use in self._uses.items()}
        self._demands = {key: demands(self.premises, use) for key, use in self._uses.items()}

    @cached_property
    def lines(self) -> dict[str, Line]:
        """Every place's and every wall's line, each by start."""
        found = {each.key: self._line(each) for each in self.premises.resources}
        return {**found, **{wall.key: self._wall_line(wall) for wall in self.premises.partitions}}

    # --- what a booking lies over -------------------------------------------------------------

    def over(self, key: str, views: Iterable[Full]) -> list[Full]:
        """Those of the views that lie over a place or a wall."""
        return [view for view in views if key in self._over[view.key]]

    def _refused_by(self, view: Full, resource: Resource) -> tuple[Span, ...]:
        """When a known booking keeps an ordinary one of the resource away, changeover included."""
        return merged(
            held.over(view.span).widened(after=demand.lead)
            for demand in self._ordinary(resource)
            for held in self._demands[view.key]
            if demand.space == held.space and not compatible(demand.stake, held.stake, _in_the_circle)
        )

    def _ordinary(self, resource: Resource) -> tuple[Demand, ...]:
        if resource.key not in self._wanted:
            use = Use(resource, self.viewer.organisation or NO_ORGANISATION)
            self._wanted[resource.key] = demands(self.premises, use)
        return self._wanted[resource.key]

    def keeping_out(self, resource: Resource) -> list[tuple[Full, tuple[Span, ...]]]:
        """The known bookings that keep an ordinary one of the resource away, each with when."""
        found = [(view, self._refused_by(view, resource)) for view in self.board.bookings]
        return [(view, spans) for view, spans in found if spans]

    def refused(self, resource: Resource) -> tuple[Span, ...]:
        """All the time in which an ordinary booking of the resource by this viewer would be refused."""
        if resource.key not in self._refused:
            busy = [each.span for each in self.board.busy if each.resource == resource.key]
            known = [part for _, spans in self.keeping_out(resource) for part in spans]
            self._refused[resource.key] = merged([*busy, *known])
        return self._refused[resource.key]

    # --- one place ----------------------------------------------------------------------------

    def _line(self, resource: Resource) -> Line:
        taken = [*self._bookings(resource.key), *self._gave_way(resource.key)]
        taken += self._busy(resource.key, taken)
        taken += self._parts(resource, taken)
        return _by_start([*taken, *self._within_earshot(resource), *self._free(resource)])

    def _bookings(self, key: str) -> Iterator[Piece]:
        for view in self.over(key, self.board.bookings):
            yield Piece(Sort.OUT if view.purpose.keeps_out else Sort.BOOKING, view.span, view)

    def _gave_way(self, key: str) -> Iterator[Piece]:
        for view in self.over(key, self.board.gave_way):
            yield from (Piece(Sort.GAVE_WAY, part, view) for part in within(view.suspended, self.frame.span))

    def _busy(self, key: str, taken: Iterable[Piece]) -> list[Piece]:
        own = [piece.span for piece in taken if piece.sort is Sort.GAVE_WAY]
        spans = without([each.span for each in self.board.busy if each.resource == key], own)
        return [Piece(Sort.BUSY, span) for span in spans]

    def _parts(self, resource: Resource, taken: Iterable[Piece]) -> list[Piece]:
        """Where another place's booking keeps this one from being booked: a room whose table is taken."""
        covered = [piece.span for piece in taken]
        return [
            Piece(Sort.PART, part, cause=self.premises.by_key[view.resource])
            for view in self.board.bookings
            if resource.key not in self._over[view.key]
            for part in without(self._refused_by(view, resource), covered)
        ]

    def _within_earshot(self, resource: Resource) -> Iterator[Piece]:
        """What is heard in the place's zone, or goes on around it, without taking the place itself."""
        for view in self.board.bookings:
            use = self._uses[view.key]
            if len(resource.zones) != 1 or resource.key in self._over[view.key]:
                continue
            if use.zones & set(resource.zones) and (use.circle is not None or use.takes_floor):
                yield Piece(Sort.EAR if use.circle is not None else Sort.PALE, view.span, view)

    # --- free time ----------------------------------------------------------------------------

    @property
    def _rule(self) -> Rule | None:
        return self.premises.rule_for(self.viewer.category)

    def _may_book(self, resource: Resource) -> bool:
        rule = self._rule
        return rule is not None and rule.admits(resource) and may(self.viewer, Deed.BOOKING_BOOK)

    @cached_property
    def hours(self) -> tuple[Span, ...]:
        """The shown time in which this viewer may book, or look for what is free: the opening hours, or all."""
        rule, frame = self._rule, self.frame
        if rule is not None and rule.hours is None and frame.open is not None:
            return merged([frame.open, *(part for part in frame.closed if part.length > AFTER_CLOSING)])
        own = rule.hours.span(frame.day, frame.zone) if rule and rule.hours else frame.open
        return within([own], frame.span) if own else ()

    def _free(self, resource: Resource) -> Iterator[Piece]:
        """Free time from now on; what is over is nobody's to book."""
        soon = Span(ceiling_to(self.now, 5), max(self.now, self.frame.span.end))
        sight = self.premises.horizon(self.viewer.category, self.now)
        for span in without(self.hours, self.refused(resource)):
            for part in within([span], soon):
                yield Piece(
                    Sort.FREE,
                    part,
                    bookable=self._may_book(resource) and part.end <= sight,
                    since=span.start,
                )

    # --- a wall -------------------------------------------------------------------------------

    def _wall_line(self, wall: Partition) -> Line:
        through = [Piece(Sort.THROUGH, view.span, view) for view in self.over(wall.key, self.board.bookings)]
        told = [
            Piece(Sort.WALL, each.span, wall=each.state)
            for each in self.board.walls
            if each.partition == wall.key
        ]
        rest = without([self.frame.open or self.frame.span], [each.span for each in told])
        return _by_start([*through, *told, *(Piece(Sort.WALL, part) for part in rest)])


def lies_over(premises: Premises, use: Use) -> frozenset[str]:
    """The places whose line a use stands in, and the walls it goes straight through."""
    held = {each.space for each in demands(premises, use) if isinstance(each.stake, Hold)}
    places = {
        each.key
        for each in premises.resources
        if each.key in held or (each.kind is Kind.ROOM and held & set(each.zones))
    }
    inner = premises.inner_partitions(use.zones) if use.takes_floor else ()
    return frozenset(places | {wall.key for wall in inner})


def _in_the_circle(_organisation: int, _circle: int) -> bool:
    """Who knows a booking is in its circle."""
    return True


def _by_start(pieces: Iterable[Piece]) -> Line:
    return tuple(
        sorted(pieces, key=lambda each: (each.span.start, list(Sort).index(each.sort), each.span.end))
    )
