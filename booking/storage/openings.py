"""The access log: who opened which confidential booking, when and by which way; never what stands in it.

A row carries the circles that the booking was confidential to at that moment. Rows are only ever added: the
database refuses the rest. Imports the domain and the tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Row, and_, exists, func, select

from booking.domain.people import CircleId, OrganisationId, PersonId
from booking.domain.reviewing import Opening
from booking.domain.spans import Span
from booking.storage.database import run
from booking.storage.tables import (
    occurrences,
    openings,
    openings_circles,
    organisations,
    people,
    spaces,
    terms,
)


def record(
    person: PersonId,
    organisation: OrganisationId,
    booking: str,
    occurrence: datetime,
    circles: Iterable[CircleId],
    channel: str,
    now: datetime,
) -> None:
    """Add one opening, with the circles of what was opened, in the transaction that runs."""
    inserted = run(
        openings.insert().values(
            person_id=person,
            organisation_id=organisation,
            booking_id=booking,
            occurrence=occurrence,
            channel=channel,
            at=now,
        )
    )
    number = inserted.inserted_primary_key[0]
    rows = [{"circle_id": circle, "opening_id": number} for circle in sorted(circles)]
    run(openings_circles.insert(), rows)


@dataclass(frozen=True)
class Reader:
    """Somebody who opened a booking, UTC. What they are called now, and for whom they opened it."""

    name: str
    organisation: str
    at: datetime
    channel: str


def of_booking(booking: str, most: int) -> list[Reader]:
    """Who opened a booking, the latest first."""
    query = (
        select(people.c.name, organisations.c.name.label("organisation"), openings.c.at, openings.c.channel)
        .select_from(openings)
        .join(people, people.c.id == openings.c.person_id)
        .join(organisations, organisations.c.id == openings.c.organisation_id)
        .where(openings.c.booking_id == booking)
        .order_by(openings.c.at.desc(), openings.c.id.desc())
        .limit(most)
    )
    return [Reader(*row) for row in run(query)]


# --- for whoever reviews ----------------------------------------------------------------------


def within(ages: Iterable[CircleId], known: Iterable[CircleId], period: Span) -> list[Opening]:
    """The openings in a period of what was confidential to a circle, by time.

    `known` are the circles of whoever asks: what was for other circles too is not for them to know.
    """
    all_of_it = occurrences.alias()
    first = select(func.min(all_of_it.c.occurrence)).where(all_of_it.c.booking_id == openings.c.booking_id)
    opened = and_(
        occurrences.c.booking_id == openings.c.booking_id,
        occurrences.c.occurrence == func.coalesce(openings.c.occurrence, first.scalar_subquery()),
    )
    query = (
        select(
            openings,
            people.c.name,
            people.c.ends_at,
            organisations.c.name.label("organisation"),
            occurrences.c.premises_id,
            occurrences.c.starts,
            occurrences.c.ends,
            spaces.c.key.label("place"),
        )
        .select_from(openings)
        .join(people, people.c.id == openings.c.person_id)
        .join(organisations, organisations.c.id == openings.c.organisation_id)
        .join(occurrences, opened)
        .join(terms, terms.c.id == occurrences.c.terms_id)
        .join(spaces, spaces.c.id == terms.c.space_id)
        .where(_for_them(ages, known), openings.c.at >= period.start, openings.c.at < period.end)
        .order_by(openings.c.at, openings.c.id)
    )
    return [_opening(row) for row in run(query)]


def first_of(circle: ColumnElement[CircleId], known: BindParameter[Any]) -> ColumnElement[datetime]:
    """When something confidential to the circle of another query's row was first opened, as `within` would show it."""
    return (
        select(func.min(openings.c.at))
        .join(openings_circles, openings_circles.c.opening_id == openings.c.id)
        .where(openings_circles.c.circle_id == circle, _not_for_others(known))
        .scalar_subquery()
    )


def _for_them(ages: Iterable[CircleId], known: Iterable[CircleId]) -> ColumnElement[bool]:
    theirs = openings_circles.c.opening_id == openings.c.id
    to_them = exists().where(theirs, openings_circles.c.circle_id.in_(sorted(ages)))
    return and_(to_them, _not_for_others(sorted(known)))


def _not_for_others(known: Sequence[CircleId] | BindParameter[Any]) -> ColumnElement[bool]:
    each = openings_circles.alias()
    return ~exists().where(each.c.opening_id == openings.c.id, each.c.circle_id.not_in(known))


def _opening(row: Row[Any]) -> Opening:
    return Opening(
        id=row.id,
        person=row.person_id,
        name=row.name,
        organisation=row.organisation_id,
        organisation_name=row.organisation,
        at=row.at,
        channel=row.channel,
        booking=row.booking_id,
        premises=row.premises_id,
        place=row.place,
        booked=Span(row.starts, row.ends),
        account_ends=row.ends_at,
    )
