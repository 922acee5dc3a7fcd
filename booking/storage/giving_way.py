"""What gave way to others, and who was told. Imports the domain and the tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, or_, select, true

from booking.domain.bookings import key_of
from booking.domain.notices import News
from booking.domain.people import OrganisationId
from booking.domain.spans import Span
from booking.storage.database import run
from booking.storage.places import Place
from booking.storage.rows import a_few, overlapping, rows_with
from booking.storage.tables import (
    bookings,
    claims,
    displacements,
    notices,
    occurrences,
)


@dataclass(frozen=True)
class Displaced:
    """A part of an occurrence that had to give way and has not been given back; UTC."""

    number: int
    occurrence: int
    span: Span


def gave_way(place: Place, spans: Sequence[Span], now: datetime) -> list[int]:
    """The occurrences that released something in the spans and have not ended, the oldest claims first."""
    found: dict[int, int] = {}
    for some in a_few(spans):
        inside = or_(*(overlapping(claims, place.id, span) for span in some))
        query = (
            select(claims.c.occurrence_id, func.min(claims.c.since))
            .join(occurrences)
            .where(inside, claims.c.released, occurrences.c.ends > now)
            .group_by(claims.c.occurrence_id)
        )
        found.update(dict(run(query).all()))
    return sorted(found, key=lambda number: (found[number], number))


def displaced(
    place: Place, spans: Sequence[Span], now: datetime, of: OrganisationId | None = None
) -> list[Displaced]:
    """The displacements in the spans that have not come to their end, of occurrences that stand.

    Those `of` one organisation, where it is given.
    """
    whose = occurrences.c.organisation_id == of if of is not None else true()
    rows = [
        row
        for some in a_few(spans)
        for row in run(
            select(displacements, occurrences.c.premises_id)
            .join(occurrences)
            .where(
                or_(*(overlapping(occurrences, place.id, span) for span in some)),
                occurrences.c.ends > now,
                ~occurrences.c.cancelled,
                whose,
                displacements.c.given_back_at.is_(None),
                ~displacements.c.moved,
            )
        )
    ]
    return [Displaced(row.id, row.occurrence_id, Span(row.starts, row.ends)) for row in rows]


def told(numbers: Iterable[int]) -> dict[str, datetime]:
    """When it was last told of each occurrence, by its key, that it had to give way.

    Asked of the notices: how often it was displaced would tell how many hidden bookings bar it.
    """
    same = and_(
        notices.c.booking_id == occurrences.c.booking_id,
        notices.c.occurrence == occurrences.c.occurrence,
        notices.c.kind == News.DISPLACED.value,
        notices.c.person_id == bookings.c.organiser_id,
    )
    query = (
        select(occurrences.c.booking_id, occurrences.c.occurrence, func.max(notices.c.made_at))
        .join(bookings, bookings.c.id == occurrences.c.booking_id)
        .join(notices, same)
        .group_by(occurrences.c.booking_id, occurrences.c.occurrence)
    )
    rows = rows_with(query, occurrences.c.id, numbers)
    return {key_of(booking, occurrence): at for booking, occurrence, at in rows}
