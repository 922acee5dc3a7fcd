"""Every query about bookings and their claims. Hands out frozen domain values; imports domain and tables.

Content that is sealed is never read here: `booking.storage.sealed` is asked for one booking at a time,
and only by the action that opens it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select

from booking.domain.bookings import Booking, Content, Invitee, Status
from booking.domain.claims import Claim
from booking.domain.people import OrganisationId, PersonId, Visibility
from booking.domain.spans import Span, merged
from booking.storage.database import run
from booking.storage.places import Place
from booking.storage.stakes import Columns, stake
from booking.storage.tables import (
    attendees,
    booking_circles,
    booking_equipment,
    bookings,
    claims,
    displacements,
    occurrences,
    people,
)

OCCURRENCE = (occurrences.c.id, occurrences.c.starts, occurrences.c.ends)
VALUES_AT_ONCE = 1000
AT_ONCE = 100  # spans in one statement: databases bound how deep a condition may be
# 31 days, the changeover and a night of 25 hours, bounded as in the schema
LONGEST_CLAIM = timedelta(days=32)


@dataclass(frozen=True)
class Standing:
    """What stands around a window: the claims that overlap it, and the bookings they belong to."""

    bookings: tuple[Booking, ...]
    claims: tuple[Claim, ...]


def around(place: Place, window: Span) -> Standing:
    """All that overlaps a window, and all that overlaps any booking in it, walls' changeover included.

    A booking that starts within the changeover after the window counts as in it: its wall claim reaches in.
    """
    changeover = place.premises.changeover
    reach = window.widened(changeover, changeover)
    live = run(select(*OCCURRENCE).where(_live(place, reach))).all()
    hull = Span(
        min([reach.start, *(row.starts for row in live)]), max([reach.end, *(row.ends for row in live)])
    )
    return _standing(place, [hull.widened(changeover, changeover)], live)


def _live(place: Place, window: Span) -> ColumnElement[bool]:
    return and_(_overlapping(occurrences, place.id, window), ~occurrences.c.cancelled)


def _overlapping(table: Any, premises: int, window: Span) -> ColumnElement[bool]:
    """Bounded on both sides by the longest claim, so that history costs nothing."""
    return and_(
        table.c.premises_id == premises,
        table.c.starts < window.end,
        table.c.starts > window.start - LONGEST_CLAIM,
        table.c.ends > window.start,
    )


def all_claims(place: Place) -> tuple[Claim, ...]:
    """Every standing claim of a premises, for the audit."""
    query = select(claims, occurrences.c.booking_id).join(occurrences).where(claims.c.premises_id == place.id)
    keys = place.space_keys
    return tuple(_claim(keys, row) for row in run(query) if not row.released)


def premises_of(booking: str) -> int | None:
    """The number of the premises a booking belongs to; None when there is no such booking."""
    number: int | None = run(select(bookings.c.premises_id).where(bookings.c.id == booking)).scalar()
    return number


def concerning(
    place: Place, person: PersonId, organisation: OrganisationId | None, window: Span, colleagues: bool
) -> list[str]:
    """Bookings a person made or is invited to by name in a window, and with colleagues the organisation's."""
    invited = select(attendees.c.booking_id).where(attendees.c.person_id == person)
    whose = [bookings.c.organiser_id == person, bookings.c.id.in_(invited)]
    if colleagues and organisation is not None:
        whose.append(bookings.c.organisation_id == organisation)
    query = select(bookings.c.id).join(occurrences).where(_live(place, window), or_(*whose))
    return list(run(query).scalars())


def beside(place: Place, ids: Iterable[str]) -> Standing:
    """Some bookings, and everything that overlaps them, walls' changeover included."""
    changeover = place.premises.changeover
    mine = _each(select(*OCCURRENCE), occurrences.c.booking_id, ids)
    near = merged(Span(row.starts, row.ends).widened(changeover, changeover) for row in mine)
    return _standing(place, near, mine)


def _standing(place: Place, spans: Sequence[Span], also: Iterable[Row[Any]]) -> Standing:
    """The claims that overlap the spans with their bookings, and other occurrences' bookings besides.

    Numbers are fetched first: a condition that says 'either of two tables' would walk through all history.
    """
    parts = (spans[start : start + AT_ONCE] for start in range(0, len(spans), AT_ONCE))
    rows = [row for part in parts for row in _claims_in(place, part)]
    numbers = {row.id for row in also} | {row.occurrence_id for row in rows}
    keys = place.space_keys
    return Standing(tuple(_bookings(place, numbers)), tuple(_claim(keys, row) for row in rows))


def _claims_in(place: Place, spans: Sequence[Span]) -> list[Row[Any]]:
    """The standing claims that overlap some of a few spans."""
    inside = or_(*(_overlapping(claims, place.id, span) for span in spans))
    query = select(claims, occurrences.c.booking_id).join(occurrences).where(inside, ~claims.c.released)
    return list(run(query))


def _each(query: Select[Any], column: ColumnElement[Any], values: Iterable[Any]) -> list[Any]:
    """The rows in which the column is one of the values, asked for a thousand at a time."""
    wanted = sorted(set(values))
    parts = (wanted[start : start + VALUES_AT_ONCE] for start in range(0, len(wanted), VALUES_AT_ONCE))
    return [row for part in parts for row in run(query.where(column.in_(part)))]


def coming(organisation: OrganisationId, now: datetime) -> int:
    """How many occurrences an organisation has ahead."""
    query = select(func.count()).where(
        occurrences.c.organisation_id == organisation, occurrences.c.starts > now, ~occurrences.c.cancelled
    )
    count: int = run(query).scalar_one()
    return count


def told(booking_ids: Iterable[str]) -> dict[str, datetime]:
    """When each booking last had to give way."""
    query = (
        select(displacements.c.booking_id, func.max(displacements.c.told_at))
        .where(displacements.c.booking_id.in_(list(booking_ids)))
        .group_by(displacements.c.booking_id)
    )
    return dict(run(query).all())


def _bookings(place: Place, numbers: Iterable[int]) -> list[Booking]:
    """The bookings of some occurrences, cancelled ones too, by start."""
    query = (
        select(
            bookings,
            occurrences.c.starts,
            occurrences.c.ends,
            occurrences.c.occurrence,
            occurrences.c.cancelled,
            people.c.name.label("organiser_name"),
        )
        .join(occurrences, occurrences.c.booking_id == bookings.c.id)
        .join(people, people.c.id == bookings.c.organiser_id)
        .where(bookings.c.premises_id == place.id)
    )
    rows = sorted(_each(query, occurrences.c.id, numbers), key=lambda row: (row.starts, row.id))
    ids = [row.id for row in rows]
    circles = _grouped(select(booking_circles), booking_circles.c.booking_id, ids)
    equipment = _grouped(select(booking_equipment), booking_equipment.c.booking_id, ids)
    invited = _invited(ids)
    keys = place.space_keys
    return [_booking(row, keys, circles[row.id], equipment[row.id], invited[row.id]) for row in rows]


def _grouped(query: Select[Any], column: ColumnElement[Any], ids: Iterable[str]) -> dict[str, list[int]]:
    groups: dict[str, list[int]] = defaultdict(list)
    for booking, other in _each(query, column, ids):
        groups[booking].append(other)
    return groups


def _invited(ids: Iterable[str]) -> dict[str, list[Invitee]]:
    query = select(attendees.c.booking_id, people.c.id, people.c.name, people.c.email).join(people)
    groups: dict[str, list[Invitee]] = defaultdict(list)
    for booking, *person in sorted(_each(query, attendees.c.booking_id, ids), key=lambda row: row.email):
        groups[booking].append(Invitee(*person))
    return groups


def _booking(
    row: Row[Any], keys: Any, circles: list[int], equipment: list[int], invited: list[Invitee]
) -> Booking:
    sealed = bool(circles)
    return Booking(
        id=row.id,
        resource=keys[row.space_id],
        span=Span(row.starts, row.ends),
        occurrence=row.occurrence,
        organisation=row.organisation_id,
        organiser=row.organiser_id,
        organiser_name=row.organiser_name,
        visibility=Visibility(row.visibility),
        circle=row.circle_id,
        circles=frozenset(circles),
        content=None if sealed else Content(row.title or "", row.note or "", tuple(invited)),
        invited=frozenset(each.person for each in invited),
        equipment=tuple(sorted(keys[number] for number in equipment)),
        clear_desks=row.clear_desks,
        status=Status.CANCELLED if row.cancelled else Status(row.status),
        uid=row.uid,
        version=row.version,
        sequence=row.sequence,
        created=row.created_at,
        changed=row.changed_at,
    )


def _claim(keys: Any, row: Row[Any]) -> Claim:
    found = stake(Columns(row.kind, row.about, row.tag))
    return Claim(keys[row.space_id], found, Span(row.starts, row.ends), row.booking_id, row.since)
