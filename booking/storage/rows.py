"""Rows of bookings and claims: how they are asked for and become values. Imports the domain and the tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, String, and_, cast, func, select

from booking.domain.bookings import Booking, Content, Gone, Invitee, Purpose, Repetition, Status, key_of
from booking.domain.claims import Claim
from booking.domain.people import Visibility
from booking.domain.premises import Category
from booking.domain.spans import Span
from booking.storage.database import run
from booking.storage.places import Place
from booking.storage.stakes import Columns, stake
from booking.storage.tables import (
    attendees,
    bookings,
    occurrences,
    organisations,
    people,
    terms,
    terms_circles,
    terms_equipment,
)

OF_THE_BOOKING = ("id", "booking_id", "premises_id", "organisation_id")
VALUES_AT_ONCE = 1000
AT_ONCE = 100  # spans in one statement: databases bound how deep a condition may be
# 31 days, the changeover and a night of 25 hours, bounded as in the schema
LONGEST_CLAIM = timedelta(days=32)


def rows_with(query: Select[Any], column: ColumnElement[Any], values: Iterable[Any]) -> list[Any]:
    """The rows in which the column is one of the values, asked for a thousand at a time."""
    wanted = sorted(set(values))
    parts = (wanted[start : start + VALUES_AT_ONCE] for start in range(0, len(wanted), VALUES_AT_ONCE))
    return [row for part in parts for row in run(query.where(column.in_(part)))]


def a_few(spans: Sequence[Span]) -> Iterator[Sequence[Span]]:
    """The spans, as many at a time as one statement takes."""
    return (spans[start : start + AT_ONCE] for start in range(0, len(spans), AT_ONCE))


def overlapping(table: Any, premises: int, window: Span) -> ColumnElement[bool]:
    """Bounded on both sides by the longest claim, so that history costs nothing."""
    return and_(
        table.c.premises_id == premises,
        table.c.starts < window.end,
        table.c.starts > window.start - LONGEST_CLAIM,
        table.c.ends > window.start,
    )


def stands_in(place: Place, window: Span) -> ColumnElement[bool]:
    """Whether an occurrence of a premises stands and overlaps the window."""
    return and_(overlapping(occurrences, place.id, window), ~occurrences.c.cancelled)


def _belonging(table: Any, column: ColumnElement[int], name: str) -> ColumnElement[str]:
    """Numbers that belong to the terms in a row, in one column, as `_numbers_in` reads them."""
    written = select(func.aggregate_strings(cast(column, String), " ")).where(table.c.terms_id == terms.c.id)
    return written.scalar_subquery().label(name)


BOOKINGS = (
    select(
        bookings,
        occurrences.c.id.label("number"),
        *(column for column in terms.c if column.name not in ("id", "booking_id")),
        *(column for column in occurrences.c if column.name not in OF_THE_BOOKING),
        people.c.name.label("organiser_name"),
        organisations.c.category,
        _belonging(terms_circles, terms_circles.c.circle_id, "circles"),
        _belonging(terms_equipment, terms_equipment.c.space_id, "equipment"),
    )
    .join(occurrences, occurrences.c.booking_id == bookings.c.id)
    .join(terms, terms.c.id == occurrences.c.terms_id)
    .join(people, people.c.id == bookings.c.organiser_id)
    .join(organisations, organisations.c.id == bookings.c.organisation_id)
)


def bookings_of(
    place: Place, numbers: Iterable[int], gave_way: Mapping[str, tuple[Span, ...]]
) -> dict[int, Booking]:
    """The bookings of some occurrences by number, cancelled ones too, by start."""
    rows = rows_with(BOOKINGS.where(bookings.c.premises_id == place.id), occurrences.c.id, numbers)
    rows.sort(key=lambda row: (row.starts, row.id))
    invited = _invited(row.terms_id for row in rows)
    keys = place.space_keys
    return {
        row.number: _booking(
            row, keys, invited[row.terms_id], gave_way.get(key_of(row.id, row.occurrence), ())
        )
        for row in rows
    }


def _numbers_in(written: str | None) -> list[int]:
    return [int(each) for each in (written or "").split()]


def _invited(ids: Iterable[str]) -> dict[str, list[Invitee]]:
    query = select(attendees.c.terms_id, people.c.id, people.c.name, people.c.email).join(people)
    groups: dict[str, list[Invitee]] = defaultdict(list)
    for shared, *person in sorted(rows_with(query, attendees.c.terms_id, ids), key=lambda row: row.email):
        groups[shared].append(Invitee(*person))
    return groups


def _booking(
    row: Row[Any], keys: Mapping[int, str], invited: Sequence[Invitee], gave_way: tuple[Span, ...]
) -> Booking:
    circles = frozenset(_numbers_in(row.circles))
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
        circles=circles,
        content=None if circles else _content(row, invited),
        invited=frozenset(each.person for each in invited),
        equipment=tuple(sorted(keys[number] for number in _numbers_in(row.equipment))),
        clear_desks=row.clear_desks,
        status=Status.CANCELLED if row.cancelled else Status(row.status),
        uid=row.uid,
        version=row.version,
        sequence=row.sequence,
        created=row.made_at,
        changed=row.changed_at,
        terms=row.terms_id,
        category=Category(row.category),
        purpose=Purpose(row.kind),
        urgent=row.urgent,
        repetition=_repetition(row),
        released=gave_way,
        checked_in=row.checked_in_at,
        missed=row.missed,
        answer_by=row.answer_by,
    )


def _content(row: Row[Any], invited: Iterable[Invitee]) -> Content:
    """What is said openly. Whoever books writes a title, if an empty one: where there is none it was destroyed."""
    gone = Gone.DESTROYED if row.title is None else None
    return Content(row.title or "", row.note or "", tuple(invited), gone)


def _repetition(row: Row[Any]) -> Repetition | None:
    if row.rule is None:
        return None
    return Repetition(
        row.rule, tuple(date.fromisoformat(day) for day in (row.excepted or "").split(",") if day)
    )


def claim_of(keys: Mapping[int, str], row: Row[Any]) -> Claim:
    """A claim out of its row, with the keys of the spaces by their numbers."""
    found = stake(Columns(row.kind, row.about, row.tag))
    key = key_of(row.booking_id, row.occurrence)
    return Claim(keys[row.space_id], found, Span(row.starts, row.ends), key, row.since, row.released)
