"""What a change is, what it reaches, and how it is written down. Imports storage and the domain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from booking.actions.booking import seal
from booking.actions.errors import Changed
from booking.actions.looking import (
    etag_of,
    seen_whole,
    stored,
    words_of,
)
from booking.actions.wishing import Given, Order, Resolved
from booking.domain.bookings import Booking, Status
from booking.domain.claims import Claim
from booking.domain.disclosure import knows
from booking.domain.people import Viewer, Visibility
from booking.domain.refusals import Reason, Refusal, Wish
from booking.storage import journal, ledger, naming, recording
from booking.storage.circles import named_circles
from booking.storage.journal import Action
from booking.storage.places import Place
from booking.storage.tokens import new_id


class Scope(StrEnum):
    """How far a change reaches in a series."""

    THIS = "this"
    FOLLOWING = "following"
    ALL = "all"


HOW = ("displace", "begun_too", "disclose", "skip", "left_out")  # no fields: what was said yes to


@dataclass(frozen=True)
class Changes:
    """What is to be changed; None leaves a field as it is. `disclose` confirms opening what was confidential."""

    resource: str | None = None
    start: datetime | None = None
    end: datetime | None = None
    title: str | None = None
    note: str | None = None
    visibility: Visibility | None = None
    circle: str | None = None
    attendees: tuple[str, ...] | None = None
    equipment: tuple[str, ...] | None = None
    clear_desks: bool | None = None
    displace: frozenset[Given] | None = None
    begun_too: bool = False
    disclose: bool = False
    skip: bool = False
    left_out: tuple[datetime, ...] | None = None

    @property
    def names(self) -> list[str]:
        """The names of the fields that are given."""
        return [name for name, value in vars(self).items() if value is not None and name not in HOW]


@dataclass(frozen=True)
class Part:
    """Occurrences that share their terms, with the order that they would be after the change."""

    occurrences: tuple[Booking, ...]
    order: Order
    resolved: Resolved


def refuse_stale(viewer: Viewer, booking_id: str, held: str | None, present_tag: str, now: datetime) -> None:
    """Changed unless the tag held is that of the occurrence, or of the one its booking answers with unasked."""
    if held is None or held == present_tag:
        return
    _, booking, eyes = stored(viewer, booking_id, now)
    view = seen_whole(eyes, booking)
    if view is None or held != etag_of(view):
        raise Changed


def in_reach(
    viewer: Viewer, place: Place, booking: Booking, scope: Scope, now: datetime
) -> tuple[Booking, ...]:
    """The occurrences that a change of this one reaches: of a series, those that stand and have not ended.

    What the viewer may not know is out of reach: a token with an outsider's eyes changes what it sees.
    """
    if booking.repetition is None or scope is Scope.THIS:
        return (booking,)
    names = naming.numbers_of(booking.id)
    first = booking.occurrence if scope is Scope.FOLLOWING else None
    numbers = [number for name, number in names.items() if first is None or name >= first]
    found = ledger.alone(place, numbers)
    standing = (each for each in found if each.status is not Status.CANCELLED and each.span.end > now)
    return tuple(each for each in standing if knows(viewer, each))


def as_order(place: Place, booking: Booking, changes: Changes) -> Order:
    """The order that an occurrence, with the changes, would have been; its time is its own."""
    content = words_of(booking)
    visibility = changes.visibility or booking.visibility
    kept = booking.circle if visibility is Visibility.CONFIDENTIAL else None
    circle = named_circles([kept])[kept].key if kept is not None else None
    return Order(
        premises=place.premises.key,
        resource=changes.resource or booking.resource,
        span=booking.span,
        title=content.title if changes.title is None else changes.title,
        note=content.note if changes.note is None else changes.note,
        visibility=visibility,
        circle=changes.circle or circle,
        kept_circle=kept,
        attendees=tuple(e.email for e in content.attendees)
        if changes.attendees is None
        else changes.attendees,
        equipment=booking.equipment if changes.equipment is None else changes.equipment,
        clear_desks=booking.clear_desks if changes.clear_desks is None else changes.clear_desks,
        displace=changes.displace,
        begun_too=changes.begun_too,
        urgent=booking.urgent,
        skip=changes.skip,
        left_out=changes.left_out,
        blocked=booking.purpose.keeps_out,
    )


def discloses(booking: Booking, changes: Changes) -> bool:
    """Whether what was for a circle is to be for others too."""
    return booking.circle is not None and changes.visibility in (Visibility.OPEN, Visibility.INTERNAL)


def circle_changed(booking: Booking, wish: Wish) -> list[Refusal]:
    """The refusal of another circle than it was booked for; nothing where it is the same."""
    same = wish.use.circle == booking.circle
    return [] if same else [Refusal(Reason.CANNOT_BECOME_CONFIDENTIAL, "circle")]


def on_terms(changed: Sequence[Booking]) -> list[Booking]:
    """Changed occurrences of one terms on terms of their own, where others keep those they had."""
    terms = changed[0].terms
    if changed[0].repetition is None or ledger.sharing(terms) == len(changed):
        return list(changed)
    return on_new_terms(changed)


def on_new_terms(changed: Sequence[Booking]) -> list[Booking]:
    """The same on new terms; what is sealed of them is sealed under those too."""
    content = words_of(changed[0])
    terms = new_id()
    return [replace(each, terms=terms, content=content) for each in changed]


def write_down(
    viewer: Viewer,
    place: Place,
    changed: Sequence[Booking],
    laid: list[Claim] | None,
    changes: Changes,
    now: datetime,
) -> list[Booking]:
    """Write the changed occurrences down; as they are now."""
    version = changed[0].version + 1
    after = [replace(each, version=version, changed=now) for each in changed]
    before = ledger.confidential_terms(after[0].id)
    recording.change(place, after, laid)
    for shared in {each.terms: each for each in after}.values():
        seal(shared)
    journal.record(Action.BOOKING_CHANGE, after[0].id, now, viewer.person, changes.names)
    if before and not all(each.confidential for each in after) and changes.visibility:
        journal.record(Action.BOOKING_DISCLOSE, after[0].id, now, viewer.person)
    return after
