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
from booking.domain.claims import Claim, Hold, Presence, Secrecy, Stake, WallPosition, WallState
from booking.domain.people import OrganisationId, PersonId, Visibility
from booking.domain.spans import Span, merged
from booking.storage.database import run
from booking.storage.places import Place
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

AT_ONCE = 100  # spans in one statement: databases bound how deep a condition may be
LONGEST_CLAIM = timedelta(
    days=32
)  # 31 days, the changeover and a night of 25 hours, bounded as in the schema
HOLD_KIND, WALL_KIND, PRESENCE_KIND, SECRECY_KIND = 1, 2, 3, 4
WALL_TAGS = {WallPosition.OPEN: 1, WallPosition.CLOSED: 2}
POSITIONS = {tag: position for position, tag in WALL_TAGS.items()}
FIRST_FREE_TAG = 16


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
    hull = _hull(place, window.widened(changeover, changeover)).widened(changeover, changeover)
    return _standing(place, _overlapping(claims, place.id, hull), _live(place, window))


def _hull(place: Place, window: Span) -> Span:
    query = select(func.min(occurrences.c.starts), func.max(occurrences.c.ends)).where(_live(place, window))
    start, end = run(query).one()
    return Span(min(start, window.start), max(end, window.end)) if start else window


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


def find(place: Place, booking: str) -> Booking | None:
    """One booking by its id, cancelled ones too."""
    return next(iter(_bookings(place, occurrences.c.booking_id == booking)), None)


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
    wanted = list(ids)
    mine, changeover = occurrences.alias(), place.premises.changeover
    spans = run(select(mine.c.starts, mine.c.ends).where(mine.c.booking_id.in_(wanted))).all()
    near = merged(Span(start, end).widened(changeover, changeover) for start, end in spans)
    rows = [
        row
        for start in range(0, len(near), AT_ONCE)
        for row in _claims_in(place, near[start : start + AT_ONCE])
    ]
    keys, numbers = place.space_keys, sorted({row.occurrence_id for row in rows})
    which = or_(occurrences.c.id.in_(numbers), occurrences.c.booking_id.in_(wanted))
    return Standing(tuple(_bookings(place, which)), tuple(_claim(keys, row) for row in rows))


def _claims_in(place: Place, spans: Sequence[Span]) -> list[Row[Any]]:
    """The standing claims that overlap some of a few spans."""
    inside = or_(*(_overlapping(claims, place.id, span) for span in spans))
    query = select(claims, occurrences.c.booking_id).join(occurrences).where(inside, ~claims.c.released)
    return list(run(query))


def _standing(place: Place, inside: ColumnElement[bool], also: ColumnElement[bool]) -> Standing:
    """The claims inside and their bookings, with other bookings besides."""
    keys = place.space_keys
    rows = run(select(claims, occurrences.c.booking_id).join(occurrences).where(inside, ~claims.c.released))
    wanted = select(claims.c.occurrence_id).where(inside)
    return Standing(
        claims=tuple(_claim(keys, row) for row in rows),
        bookings=tuple(_bookings(place, or_(occurrences.c.id.in_(wanted), also))),
    )


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


def _bookings(place: Place, condition: ColumnElement[bool]) -> list[Booking]:
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
        .where(bookings.c.premises_id == place.id, condition)
        .order_by(occurrences.c.starts, bookings.c.id)
    )
    rows = run(query).all()
    ids = [row.id for row in rows]
    if not ids:
        return []
    circles = _grouped(select(booking_circles).where(booking_circles.c.booking_id.in_(ids)))
    equipment = _grouped(select(booking_equipment).where(booking_equipment.c.booking_id.in_(ids)))
    invited = _invited(ids)
    keys = place.space_keys
    return [_booking(row, keys, circles[row.id], equipment[row.id], invited[row.id]) for row in rows]


def _grouped(query: Select[Any]) -> dict[str, list[int]]:
    groups: dict[str, list[int]] = defaultdict(list)
    for booking, other in run(query):
        groups[booking].append(other)
    return groups


def _invited(ids: Sequence[str]) -> dict[str, list[Invitee]]:
    query = (
        select(attendees.c.booking_id, people.c.id, people.c.name, people.c.email)
        .join(people)
        .where(attendees.c.booking_id.in_(ids))
        .order_by(people.c.email)
    )
    groups: dict[str, list[Invitee]] = defaultdict(list)
    for booking, *person in run(query):
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
    return Claim(keys[row.space_id], _stake(row), Span(row.starts, row.ends), row.booking_id, row.since)


def _stake(row: Row[Any]) -> Stake:
    match row.kind:
        case 1:
            return Hold()
        case 2:
            return WallState(POSITIONS[row.tag])
        case 3:
            return Presence(row.about)
        case _:
            return Secrecy(row.about)
