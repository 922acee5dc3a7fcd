"""A booking as the ledger hands it to the actions: stored facts, never shown to anybody as they are.

Standard library only. What a person may see of one is made by `booking.domain.disclosure`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo

from booking.domain.people import NO_CIRCLES, CircleId, OrganisationId, PersonId, Visibility
from booking.domain.premises import Category
from booking.domain.spans import Span


class Status(StrEnum):
    """How a booking stands."""

    CONFIRMED = "confirmed"
    PENDING = "pending"
    CANCELLED = "cancelled"


class Purpose(StrEnum):
    """What a booking is for: use, by people or by whoever stands at a door, or to keep something from everybody."""

    USE = "use"
    DOOR = "door"
    BLOCK = "block"
    CLOSURE = "closure"

    @property
    def keeps_out(self) -> bool:
        """Whether it is the coordinator's word that something is not to be had."""
        return self in (Purpose.BLOCK, Purpose.CLOSURE)


@dataclass(frozen=True)
class Repetition:
    """How a booking repeats: an RRULE (RFC 5545 section 3.3.10), and local days left out of it."""

    rule: str
    excepted: tuple[date, ...] = ()


@dataclass(frozen=True)
class Invitee:
    """A person invited by name."""

    person: PersonId
    name: str
    email: str


class Gone(StrEnum):
    """Why there are no words where there were some: destroyed by a decision, or sealed with a key that is not here."""

    DESTROYED = "destroyed"
    LOCKED = "locked"


@dataclass(frozen=True)
class Content:
    """What is said in a booking: title, note and the people invited; or why that is gone."""

    title: str = ""
    note: str = ""
    attendees: tuple[Invitee, ...] = ()
    gone: Gone | None = None


@dataclass(frozen=True)
class Booking:
    """One occurrence of a booking. `content` is None where it is sealed and was not opened.

    `circle` is the circle it was made confidential to; `circles` are all that a viewer must share to
    know it: that one, or those an ordinary booking took over when it was made across their secrecy.
    `occurrence` is the start it was first given, which names it for good; `version` grows with every change
    of any occurrence. `terms` names what occurrences of a series have in common until one is changed alone;
    `released` is the time in which it gave way, merged; `category` is its organisation's.
    """

    id: str
    resource: str
    span: Span
    occurrence: datetime
    organisation: OrganisationId
    organiser: PersonId
    organiser_name: str
    visibility: Visibility
    circle: CircleId | None = None
    circles: frozenset[CircleId] = NO_CIRCLES
    content: Content | None = Content()
    invited: frozenset[PersonId] = frozenset()
    equipment: tuple[str, ...] = ()
    clear_desks: bool = False
    status: Status = Status.CONFIRMED
    uid: str = ""
    version: int = 1
    sequence: int = 0
    created: datetime | None = None
    changed: datetime | None = None
    terms: str = ""
    category: Category | None = None
    purpose: Purpose = Purpose.USE
    urgent: bool = False
    repetition: Repetition | None = None
    released: tuple[Span, ...] = ()
    checked_in: datetime | None = None
    missed: bool = False
    answer_by: datetime | None = None

    @cached_property
    def key(self) -> str:
        """The name of this occurrence among all occurrences of all bookings."""
        return key_of(self.id, self.occurrence)

    @property
    def confidential(self) -> bool:
        """Whether only a circle may know it, by choice or because it was taken over."""
        return bool(self.circles)


@lru_cache(maxsize=1 << 14)  # asked for each claim of each occurrence
def key_of(booking: str, occurrence: datetime) -> str:
    """The name of one occurrence of a booking."""
    return f"{booking}/{occurrence:%Y%m%dT%H%MZ}"


def uid_of(booking: Booking, zone: ZoneInfo) -> str:
    """What an occurrence is called in calendars, for good: of a series with the local date it was first given."""
    if booking.repetition is None:
        return booking.uid
    return f"{booking.uid}-{booking.occurrence.astimezone(zone):%Y%m%d}"
