"""What stands: bookings and their claims, around a time or beside each other. Imports the domain and the tables.

Frozen domain values are handed out. Content that is sealed is never read here: `booking.storage.sealed` is asked for
one booking at a time, and only by the action that opens it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, func, or_, select

from booking.domain.bookings import Booking, key_of
from booking.domain.claims import Claim, Hold
from booking.domain.people import OrganisationId, PersonId
from booking.domain.spans import Span, merged
from booking.storage.database import run
from booking.storage.places import Place
from booking.storage.rows import (
    LONGEST_CLAIM,
    a_few,
    bookings_of,
    claim_of,
    overlapping,
    rows_with,
    stands_in,
)
from booking.storage.tables import (
    attendees,
    bookings,
    claims,
    occurrences,
    terms,
    terms_circles,
)
from booking.storage.tables import refused_dates as refused

OCCURRENCE = (occurrences.c.id, occurrences.c.starts, occurrences.c.ends)


@dataclass(frozen=True)
class Standing:
    """What stands around a window: the claims that overlap it, those that gave way too, and their bookings."""

    bookings: tuple[Booking, ...]
    claims: tuple[Claim, ...]
    named: Mapping[int, str]  # the keys of the occurrences by their numbers

    def numbered(self, number: int) -> Booking:
        """The occurrence with this number, which must be among them."""
        key = self.named[number]
        return next(each for each in self.bookings if each.key == key)


def around(place: Place, windows: Iterable[Span]) -> Standing:
    """All that overlaps some windows, and all that overlaps any booking in them, walls' changeover included.

    A booking that starts within the changeover after a window counts as in it: its wall claim reaches in.
    """
    changeover = place.premises.changeover
    reach = merged(window.widened(changeover, changeover) for window in windows)
    live = [
        row
        for some in a_few(reach)
        for row in run(select(*OCCURRENCE).where(or_(*(stands_in(place, span) for span in some))))
    ]
    known = (*reach, *(Span(row.starts, row.ends) for row in live))
    return _standing(place, merged(span.widened(changeover, changeover) for span in known), live)


def beside(place: Place, numbers: Iterable[int]) -> Standing:
    """Some occurrences, and everything that overlaps them, walls' changeover included."""
    return _beside(place, rows_with(select(*OCCURRENCE), occurrences.c.id, numbers))


def _beside(place: Place, mine: Sequence[Row[Any]]) -> Standing:
    changeover = place.premises.changeover
    near = merged(Span(row.starts, row.ends).widened(changeover, changeover) for row in mine)
    return _standing(place, near, mine)


def _standing(place: Place, spans: Sequence[Span], also: Iterable[Row[Any]]) -> Standing:
    """The claims that overlap the spans with their bookings, and other occurrences' bookings besides.

    Numbers are fetched first: a condition that says 'either of two tables' would walk through all history.
    """
    rows = list({row.id: row for some in a_few(spans) for row in _claims_in(place, some)}.values())
    numbers = {row.id for row in also} | {row.occurrence_id for row in rows}
    keys = place.space_keys
    laid = tuple(claim_of(keys, row) for row in rows)
    found = bookings_of(place, numbers, released(laid))
    return Standing(tuple(found.values()), laid, {number: each.key for number, each in found.items()})


def released(laid: Iterable[Claim]) -> dict[str, tuple[Span, ...]]:
    """The time in which each occurrence gave way, by its key: what it holds no longer."""
    found: dict[str, list[Span]] = defaultdict(list)
    for claim in laid:
        if claim.released and isinstance(claim.stake, Hold):
            found[claim.occurrence].append(claim.span)
    return {key: merged(spans) for key, spans in found.items()}


def _claims() -> Select[Any]:
    return select(claims, occurrences.c.booking_id, occurrences.c.occurrence).join(occurrences)


def _claims_in(place: Place, spans: Sequence[Span]) -> list[Row[Any]]:
    """The claims that overlap some of a few spans, those that gave way too."""
    inside = or_(*(overlapping(claims, place.id, span) for span in spans))
    return list(run(_claims().where(inside)))


def all_claims(place: Place) -> tuple[Claim, ...]:
    """Every standing claim of a premises, for the audit."""
    query = _claims().where(claims.c.premises_id == place.id, ~claims.c.released)
    keys = place.space_keys
    return tuple(claim_of(keys, row) for row in run(query))


def alone(place: Place, numbers: Iterable[int]) -> list[Booking]:
    """Some occurrences and nothing beside them, by start; what they have released is not asked."""
    return list(bookings_of(place, numbers, {}).values())


def ahead(place: Place, now: datetime) -> list[Booking]:
    """All occurrences of a premises that stand and have not ended, by start; what they released is not asked."""
    return alone(place, numbers_ahead(place, now))


def numbers_ahead(place: Place, now: datetime) -> list[int]:
    """The numbers of all occurrences of a premises that stand and have not ended."""
    query = select(occurrences.c.id).where(
        occurrences.c.premises_id == place.id,
        occurrences.c.starts > now - LONGEST_CLAIM,
        occurrences.c.ends > now,
        ~occurrences.c.cancelled,
    )
    return list(run(query).scalars())


def concerning(
    place: Place, person: PersonId, organisation: OrganisationId | None, window: Span, colleagues: bool
) -> dict[str, int]:
    """The occurrences a person made or is invited to by name in a window: numbers by key.

    With colleagues, the organisation's too.
    """
    invited = select(attendees.c.terms_id).where(attendees.c.person_id == person)
    whose = [bookings.c.organiser_id == person, occurrences.c.terms_id.in_(invited)]
    if colleagues and organisation is not None:
        whose.append(bookings.c.organisation_id == organisation)
    columns = (occurrences.c.id, occurrences.c.booking_id, occurrences.c.occurrence)
    query = select(*columns).join(bookings).where(stands_in(place, window), or_(*whose))
    return {key_of(row.booking_id, row.occurrence): row.id for row in run(query)}


def sharing(terms_id: str) -> int:
    """How many occurrences have these terms."""
    count: int = run(select(func.count()).where(occurrences.c.terms_id == terms_id)).scalar_one()
    return count


def confidential_terms(booking: str) -> bool:
    """Whether anything of a booking is for circles alone."""
    query = select(terms.c.id).join(terms_circles).where(terms.c.booking_id == booking)
    return run(query.limit(1)).first() is not None


@dataclass(frozen=True)
class RefusedDate:
    """A date that a series could not have when it was booked, UTC, with the slug of its reason."""

    span: Span
    reason: str


def refused_dates(booking: str) -> list[RefusedDate]:
    """The dates of a series that were refused and have not been booked since, by start."""
    found = select(refused).where(refused.c.booking_id == booking).order_by(refused.c.starts)
    return [RefusedDate(Span(row.starts, row.ends), row.reason) for row in run(found)]
