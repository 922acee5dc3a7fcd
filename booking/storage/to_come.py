"""What lies ahead: whose it is, who waits for it and who is to be reminded. Imports the domain and the tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, or_, select

from booking.domain.bookings import Booking, Purpose, Status
from booking.domain.people import CircleId, OrganisationId, PersonId
from booking.domain.spans import Span, merged
from booking.storage.database import run
from booking.storage.ledger import alone
from booking.storage.places import Place
from booking.storage.rows import LONGEST_CLAIM
from booking.storage.stakes import Stored
from booking.storage.tables import (
    attendees,
    bookings,
    claims,
    occurrences,
    people,
    terms_circles,
)


def coming(organisation: OrganisationId, circles: Iterable[CircleId], now: datetime) -> int:
    """How many occurrences an organisation has ahead, blocks and what is for other circles not counted."""
    others = (
        exists()
        .where(terms_circles.c.terms_id == occurrences.c.terms_id)
        .where(terms_circles.c.circle_id.not_in(sorted(circles)))
    )
    query = (
        select(func.count())
        .select_from(occurrences.join(bookings))
        .where(
            occurrences.c.organisation_id == organisation,
            occurrences.c.starts > now,
            ~occurrences.c.cancelled,
            ~others,
            bookings.c.kind == Purpose.USE.value,
        )
    )
    count: int = run(query).scalar_one()
    return count


def ahead_in(organisation: OrganisationId, circles: Iterable[CircleId], now: datetime) -> bool:
    """Whether an organisation has anything that has not ended and is confidential to one of some circles."""
    query = (
        select(occurrences.c.id)
        .join(terms_circles, terms_circles.c.terms_id == occurrences.c.terms_id)
        .where(
            occurrences.c.organisation_id == organisation,
            occurrences.c.ends > now,
            ~occurrences.c.cancelled,
            terms_circles.c.circle_id.in_(list(circles)),
        )
    )
    return run(query.limit(1)).first() is not None


def secret_ahead(place: Place, circles: Iterable[CircleId], now: datetime) -> tuple[Span, ...]:
    """The time to come in which anything is said in a premises that only one of some circles may hear, merged."""
    query = select(claims.c.starts, claims.c.ends).where(
        claims.c.premises_id == place.id,
        claims.c.starts > now - LONGEST_CLAIM,
        claims.c.ends > now,
        claims.c.kind == Stored.SECRECY.value,
        claims.c.about.in_(list(circles)),
        ~claims.c.released,
    )
    return merged(Span(max(row.starts, now), row.ends) for row in run(query))


def ahead_of(
    place: Place, person: PersonId, organisation: OrganisationId, now: datetime
) -> dict[str, list[Booking]]:
    """What a person booked for an organisation that stands and has not ended: occurrences by their booking."""
    query = (
        select(occurrences.c.id)
        .join(bookings)
        .where(
            bookings.c.organiser_id == person,
            bookings.c.organisation_id == organisation,
            occurrences.c.premises_id == place.id,
            occurrences.c.ends > now,
            ~occurrences.c.cancelled,
        )
    )
    found: dict[str, list[Booking]] = defaultdict(list)
    for each in alone(place, run(query).scalars()):
        found[each.id].append(each)
    return found


def booked_ahead(now: datetime) -> set[OrganisationId]:
    """The organisations that have anything booked that stands and has not ended."""
    coming = occurrences.c.ends > now, ~occurrences.c.cancelled
    return set(run(select(occurrences.c.organisation_id).where(*coming).distinct()).scalars())


def begun_without(place: Place, window: Span, now: datetime) -> list[int]:
    """The occurrences that started in the window, have not ended and to which nobody has checked in."""
    query = (
        select(occurrences.c.id)
        .join(bookings)
        .where(
            occurrences.c.premises_id == place.id,
            occurrences.c.starts >= window.start,
            occurrences.c.starts < window.end,
            occurrences.c.ends > now,
            ~occurrences.c.cancelled,
            occurrences.c.checked_in_at.is_(None),
            bookings.c.kind == Purpose.USE.value,
            bookings.c.status == Status.CONFIRMED.value,
        )
    )
    return list(run(query.order_by(occurrences.c.starts, occurrences.c.id)).scalars())


def to_remind(place: Place, window: Span) -> list[tuple[int, datetime | None]]:
    """The confirmed occurrences that start in the window and concern somebody who wants to be reminded.

    Their numbers, and when somebody was last reminded of each.
    """
    wanting = select(people.c.id).where(people.c.remind_minutes.is_not(None))
    invited = select(attendees.c.terms_id).where(attendees.c.person_id.in_(wanting))
    query = (
        select(occurrences.c.id, occurrences.c.reminded_at)
        .join(bookings)
        .where(
            occurrences.c.premises_id == place.id,
            occurrences.c.starts > window.start,
            occurrences.c.starts <= window.end,
            ~occurrences.c.cancelled,
            bookings.c.kind == Purpose.USE.value,
            bookings.c.status == Status.CONFIRMED.value,
            or_(bookings.c.organiser_id.in_(wanting), occurrences.c.terms_id.in_(invited)),
        )
    )
    return [tuple(row) for row in run(query.order_by(occurrences.c.starts, occurrences.c.id))]


@dataclass(frozen=True)
class Waits:
    """An occurrence of a booking that waits for approval, and when that wait ends by itself; UTC."""

    number: int
    booking: str
    answer_by: datetime


def waiting(place: Place) -> list[Waits]:
    """All that waits for approval in a premises, the booking made first first, each by start."""
    query = (
        select(occurrences.c.id, bookings.c.id.label("booking"), bookings.c.answer_by)
        .join(bookings)
        .where(
            bookings.c.answer_by.is_not(None),
            bookings.c.status == Status.PENDING.value,
            bookings.c.premises_id == place.id,
            ~occurrences.c.cancelled,
        )
        .order_by(bookings.c.created_at, bookings.c.id, occurrences.c.starts)
    )
    return [Waits(row.id, row.booking, row.answer_by) for row in run(query)]
