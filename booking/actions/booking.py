"""Booking, in one transaction under the premises' lock, and trying out what booking would answer.

Imports storage and the domain. Raises the errors of `booking.actions.errors` and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from booking.actions.errors import Clash, KeyReused
from booking.actions.judging import Judged, judge
from booking.actions.looking import Opened, open_details, place_for
from booking.actions.wishing import Order, present
from booking.domain.bookings import Booking, Content
from booking.domain.claims import Claim
from booking.domain.people import PersonId, Viewer
from booking.domain.permissions import Deed, require
from booking.domain.views import Full
from booking.storage import journal, places, recording, sealed
from booking.storage.access import remember, remembered
from booking.storage.database import GuardRefused, transaction
from booking.storage.journal import Action
from booking.storage.places import Place
from booking.storage.tokens import new_id


@dataclass(frozen=True)
class Repeatable:
    """An Idempotency-Key with the fingerprint of the order it came with."""

    key: str
    fingerprint: str


def book(viewer: Viewer, order: Order, now: datetime, repeatable: Repeatable | None = None) -> Opened:
    """Book one time. Refused by a rule, Clash by what stands, KeyReused by another order with the same key."""
    require(viewer, Deed.BOOKING_BOOK)
    place = place_for(viewer, order.premises)
    assert viewer.person is not None
    try:
        with transaction(place.id):
            earlier = _booked_before(viewer.person, repeatable, now)
            booking_id = earlier or _book(present(viewer), place, order, now, repeatable)
    except GuardRefused:
        raise Clash(order.span) from None
    return open_details(viewer, booking_id, now, channel="booking")


def try_out(viewer: Viewer, order: Order, now: datetime) -> Judged:
    """Judge an order as `book` would, and write nothing; the same errors."""
    require(viewer, Deed.BOOKING_BOOK)
    return judge(viewer, place_for(viewer, order.premises), order, now)


def _booked_before(person: PersonId, repeatable: Repeatable | None, now: datetime) -> str | None:
    found = remembered(person, repeatable.key, now) if repeatable else None
    if found is None or repeatable is None:
        return None
    if found[0] != repeatable.fingerprint:
        raise KeyReused
    return found[1]


def _book(viewer: Viewer, place: Place, order: Order, now: datetime, repeatable: Repeatable | None) -> str:
    judged = judge(viewer, place, order, now)
    booking = new_booking(judged, order, now)
    recording.add(place, booking, aged(place, booking.id, (), judged.verdict.added))
    seal(booking)
    tell_displaced(viewer, judged.verdict.displaceable, now)
    journal.record(Action.BOOKING_BOOK, booking.id, now, viewer.person)
    if repeatable:
        remember(booking.organiser, repeatable.key, repeatable.fingerprint, booking.id, now)
    return booking.id


def new_booking(judged: Judged, order: Order, now: datetime) -> Booking:
    """The booking that a judged wish makes, with fresh ids."""
    wish, number = judged.wish, new_id()
    assert wish.viewer.person is not None
    assert wish.viewer.organisation is not None
    return Booking(
        id=number,
        resource=wish.use.resource.key,
        span=wish.span,
        occurrence=wish.span.start,
        organisation=wish.viewer.organisation,
        organiser=wish.viewer.person,
        organiser_name=wish.viewer.name,
        visibility=wish.visibility,
        circle=wish.use.circle,
        circles=judged.circles,
        content=Content(order.title, order.note, judged.invited),
        invited=frozenset(each.person for each in judged.invited),
        equipment=tuple(sorted(each.key for each in wish.use.equipment)),
        clear_desks=wish.use.clear_desks,
        uid=f"{new_id()}@samlokal",
        created=now,
        changed=now,
    )


def preview(judged: Judged, order: Order, now: datetime) -> Full:
    """The view that the booking would have, for a dry run; it has no id."""
    return judged.eyes.whole(replace(new_booking(judged, order, now), id=""))


def aged(place: Place, booking: str, kept: tuple[Claim, ...], added: tuple[Claim, ...]) -> list[Claim]:
    """The claims to store: what is kept is as old as it was, what is added is the newest."""
    turn = places.next_turn(place.id)
    return [*kept, *(replace(claim, booking=booking, since=turn) for claim in added)]


def seal(booking: Booking) -> None:
    """What is said in a confidential booking goes into its sealed record and nowhere else."""
    if not booking.confidential:
        sealed.forget(booking.id)
    elif booking.content is not None:
        content = booking.content
        people = [each.person for each in content.attendees]
        sealed.put(booking.id, {"title": content.title, "note": content.note, "attendees": people})


def tell_displaced(viewer: Viewer, displaced: tuple[Full, ...], now: datetime) -> None:
    """Note every part that had to give way, so that its organisation is told."""
    for piece in displaced:
        for part in piece.suspended:
            recording.tell_displaced(piece.id, part, now)
        journal.record(Action.BOOKING_DISPLACE, piece.id, now, viewer.person)
