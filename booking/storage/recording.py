"""Bookings and their claims written down: added, changed, cancelled, given way. Imports domain and tables.

Called in the transaction that holds the premises' lock, after everything was judged.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update

from booking.domain.bookings import Booking, Status
from booking.domain.claims import Claim
from booking.domain.spans import Span
from booking.storage.database import run
from booking.storage.places import Place
from booking.storage.stakes import columns
from booking.storage.tables import (
    attendees,
    booking_circles,
    booking_equipment,
    bookings,
    claims,
    displacements,
    occurrences,
)


def add(place: Place, booking: Booking, laid: Iterable[Claim]) -> None:
    """Store a new booking with its one occurrence, what it takes along, and its claims."""
    run(
        bookings.insert().values(
            id=booking.id, premises_id=place.id, created_at=booking.created, **_row(place, booking)
        )
    )
    run(
        occurrences.insert().values(
            booking_id=booking.id,
            premises_id=place.id,
            organisation_id=booking.organisation,
            occurrence=booking.occurrence,
            starts=booking.span.start,
            ends=booking.span.end,
        )
    )
    _add_belongings(place, booking)
    _lay(place, booking.id, laid)


def change(place: Place, booking: Booking, laid: Iterable[Claim] | None) -> None:
    """Store a changed booking; with claims, they take the place of those it had."""
    run(update(bookings).where(bookings.c.id == booking.id).values(**_row(place, booking)))
    run(
        update(occurrences)
        .where(occurrences.c.booking_id == booking.id)
        .values(starts=booking.span.start, ends=booking.span.end)
    )
    for table in (booking_circles, booking_equipment, attendees):
        run(delete(table).where(table.c.booking_id == booking.id))
    _add_belongings(place, booking)
    if laid is not None:
        _lift(booking.id)
        _lay(place, booking.id, laid)


def cancel(booking: str, now: datetime) -> None:
    """Cancel a booking: it stays in history, and its claims are lifted."""
    _lift(booking)
    run(update(occurrences).where(occurrences.c.booking_id == booking).values(cancelled=True))
    run(
        update(bookings)
        .where(bookings.c.id == booking)
        .values(
            status=Status.CANCELLED.value,
            version=bookings.c.version + 1,
            sequence=bookings.c.sequence + 1,
            changed_at=now,
        )
    )


def tell_displaced(booking: str, span: Span, now: datetime) -> None:
    """Note that a part of a booking had to give way, and when its organisation is told."""
    run(displacements.insert().values(booking_id=booking, starts=span.start, ends=span.end, told_at=now))


def _row(place: Place, booking: Booking) -> dict[str, Any]:
    content = booking.content
    return {
        "space_id": place.space_ids[booking.resource],
        "organisation_id": booking.organisation,
        "organiser_id": booking.organiser,
        "visibility": booking.visibility.value,
        "circle_id": booking.circle,
        "clear_desks": booking.clear_desks,
        "title": content.title if content and not booking.confidential else None,
        "note": content.note if content and not booking.confidential else None,
        "status": booking.status.value,
        "uid": booking.uid,
        "version": booking.version,
        "sequence": booking.sequence,
        "changed_at": booking.changed,
    }


def _add_belongings(place: Place, booking: Booking) -> None:
    """Circles, equipment and, where they are not sealed, the people invited."""
    known = booking.content.attendees if booking.content and not booking.confidential else ()
    for table, column, values in (
        (booking_circles, "circle_id", sorted(booking.circles)),
        (booking_equipment, "space_id", [place.space_ids[key] for key in booking.equipment]),
        (attendees, "person_id", [each.person for each in known]),
    ):
        if values:
            run(table.insert(), [{"booking_id": booking.id, column: value} for value in values])


def _lift(booking: str) -> None:
    run(
        delete(claims).where(
            claims.c.occurrence_id.in_(select(occurrences.c.id).where(occurrences.c.booking_id == booking))
        )
    )


def _lay(place: Place, booking: str, laid: Iterable[Claim]) -> None:
    number = run(select(occurrences.c.id).where(occurrences.c.booking_id == booking)).scalar_one()
    rows = [_claim_row(place, number, claim) for claim in laid]
    if rows:
        run(claims.insert(), rows)


def _claim_row(place: Place, occurrence: int, claim: Claim) -> dict[str, Any]:
    return {
        "premises_id": place.id,
        "space_id": place.space_ids[claim.space],
        "occurrence_id": occurrence,
        **columns(claim.stake)._asdict(),
        "starts": claim.span.start,
        "ends": claim.span.end,
        "since": claim.since,
    }
