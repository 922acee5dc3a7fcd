"""What leaves the rules for a viewer: Full, Busy, Wall and Board, and nothing else.

Standard library only. `booking.domain.disclosure` alone makes them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from functools import cached_property

from booking.domain.bookings import Content, Purpose, Repetition, Status, key_of
from booking.domain.people import CircleId, OrganisationId, Visibility
from booking.domain.spans import Span


@dataclass(frozen=True)
class Full:
    """A booking, or the visible piece of one, that its viewer may know.

    `content` is None while it is sealed; `suspended` are the parts that had to give way. That and how it
    repeats are told to the booking's own organisation only. `invited`: its viewer is, by name; whom a
    confidential one invites is sealed. Times are UTC.
    """

    id: str
    resource: str
    equipment: tuple[str, ...]
    span: Span
    occurrence: datetime
    organisation: OrganisationId
    organiser: str
    visibility: Visibility
    circle: CircleId | None
    circles: frozenset[CircleId]
    sealed: bool
    content: Content | None
    clear_desks: bool
    status: Status
    suspended: tuple[Span, ...]
    clipped: bool
    mine: bool
    ours: bool
    uid: str
    sequence: int
    version: int
    changed: datetime | None
    purpose: Purpose = Purpose.USE
    urgent: bool = False
    repetition: Repetition | None = None
    checked_in: bool = False
    missed: bool = False
    answer_by: datetime | None = None
    invited: bool = False

    @cached_property
    def key(self) -> str:
        """The name of this occurrence among all occurrences of all bookings."""
        return key_of(self.id, self.occurrence)


@dataclass(frozen=True, slots=True)
class Busy:
    """Taken time of a resource, merged; nothing else is known of it."""

    resource: str
    span: Span


class WallView(StrEnum):
    """How a wall is to stand, or that it is to be left alone."""

    OPEN = "open"
    CLOSED = "closed"
    BUSY = "busy"


@dataclass(frozen=True, slots=True)
class Wall:
    """How a partition is to stand over a span, as its viewer may know."""

    partition: str
    state: WallView
    span: Span


@dataclass(frozen=True)
class Board:
    """Everything one viewer may know of a premises in a window: entries and walls, by start.

    `gave_way` are the viewer's own organisation's bookings that had to give way in the window, each whole,
    with its suspended parts; what is left of them stands among the entries too.
    """

    entries: tuple[Full | Busy, ...]
    walls: tuple[Wall, ...]
    gave_way: tuple[Full, ...] = ()

    @cached_property
    def bookings(self) -> tuple[Full, ...]:
        """The entries that are bookings."""
        return tuple(entry for entry in self.entries if isinstance(entry, Full))

    @cached_property
    def busy(self) -> tuple[Busy, ...]:
        """The entries that are taken time."""
        return tuple(entry for entry in self.entries if isinstance(entry, Busy))


def blank(view: Full) -> Full:
    """The same view with its content closed, as lists show what is sealed."""
    return replace(view, content=None) if view.sealed else view
