"""What a report is made from, in a few statements whatever the number of bookings. Imports the domain and the tables.

Nothing that is said in a booking is read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, or_, select

from booking.domain.bookings import Purpose, Status
from booking.domain.claims import Claim
from booking.domain.facts import Answered, Declined, Facts, Occasion, Secret, Yielded
from booking.domain.history import ANSWERS
from booking.domain.people import CircleId, Visibility
from booking.domain.premises import Category
from booking.domain.spans import Span
from booking.storage.database import run
from booking.storage.journal import Action
from booking.storage.places import Place
from booking.storage.rows import LONGEST_CLAIM
from booking.storage.stakes import Columns, stake
from booking.storage.tables import (
    bookings,
    circles,
    claims,
    displacements,
    journal,
    occurrences,
    organisations,
    terms,
    terms_circles,
    terms_equipment,
)

KNOWN = (Visibility.OPEN.value, Visibility.INTERNAL.value)


def facts(place: Place, window: Span) -> Facts:
    """All that reports on times in the window are made from."""
    rows = run(_occurrences(place, window)).all()
    taken, lost, sworn = _taken_along(place, window), _given_way(place, window), _circles(place, window)
    times = [window, *(Span(row.starts, row.ends) for row in rows)]
    reach = Span(min(each.start for each in times), max(each.end for each in times))
    keys = place.space_keys
    return Facts(
        occasions=tuple(
            Occasion(
                number=row.id,
                resources=tuple(keys[number] for number in (row.space_id, *taken[row.terms_id])),
                span=Span(row.starts, row.ends),
                organisation=row.organisation_id,
                category=Category(row.category),
                purpose=Purpose(row.kind),
                lost=tuple(Span(each.starts, each.ends) for each in lost[row.id] if _is_lost(each)),
                missed=row.missed,
            )
            for row in rows
            if row.visibility in KNOWN and not row.secret
        ),
        yielded=tuple(
            Yielded(number, each.organisation_id, Category(each.category))
            for number, some in lost.items()
            for each in some
        ),
        secrets=tuple(
            Secret(row.booking_id, row.organisation_id, sworn[row.terms_id], Span(row.starts, row.ends))
            for row in rows
            if row.secret and row.kind == Purpose.USE.value
        ),
        answered=tuple(Answered(row.action, row.at) for row in run(_answers(place, window))),
        declined=tuple(Declined(row.fields, row.at) for row in run(_refused(place, window))),
        hidden=_hidden(place, reach),
    )


def _secret(terms_id: ColumnElement[str]) -> ColumnElement[bool]:
    return exists().where(terms_circles.c.terms_id == terms_id)


def _in(place: Place, window: Span, table: Any = occurrences) -> ColumnElement[bool]:
    """Bounded on both sides by the longest claim, so that the rest of history costs nothing."""
    return and_(
        table.c.premises_id == place.id,
        table.c.starts < window.end,
        table.c.starts > window.start - LONGEST_CLAIM,
        table.c.ends > window.start,
    )


def _occurrences(place: Place, window: Span) -> Select[Any]:
    """Those that stood, and those that were released because nobody came."""
    stood = and_(~occurrences.c.cancelled, bookings.c.status == Status.CONFIRMED.value)
    return (
        select(
            *(occurrences.c[name] for name in ("id", "booking_id", "terms_id", "starts", "ends", "missed")),
            occurrences.c.organisation_id,
            organisations.c.category,
            bookings.c.kind,
            terms.c.space_id,
            terms.c.visibility,
            _secret(terms.c.id).label("secret"),
        )
        .join(bookings, bookings.c.id == occurrences.c.booking_id)
        .join(terms, terms.c.id == occurrences.c.terms_id)
        .join(organisations, organisations.c.id == occurrences.c.organisation_id)
        .where(_in(place, window), or_(stood, occurrences.c.missed))
        .order_by(occurrences.c.starts, occurrences.c.id)
    )


def _taken_along(place: Place, window: Span) -> defaultdict[str, list[int]]:
    """The further places of blocks, by their terms."""
    query = (
        select(terms_equipment)
        .distinct()
        .join(occurrences, occurrences.c.terms_id == terms_equipment.c.terms_id)
        .join(bookings, bookings.c.id == occurrences.c.booking_id)
        .where(_in(place, window), bookings.c.kind != Purpose.USE.value)
        .order_by(terms_equipment.c.space_id)
    )
    found: defaultdict[str, list[int]] = defaultdict(list)
    for row in run(query):
        found[row.terms_id].append(row.space_id)
    return found


def _given_way(place: Place, window: Span) -> defaultdict[int, list[Row[Any]]]:
    """What gave way to bookings that everybody may know, all their terms, by the number of the occurrence."""
    by = terms.alias()
    unknown = or_(by.c.visibility.not_in(KNOWN), _secret(by.c.id))
    query = (
        select(displacements, bookings.c.organisation_id, organisations.c.category)
        .join(occurrences, occurrences.c.id == displacements.c.occurrence_id)
        .join(bookings, bookings.c.id == displacements.c.by_booking_id)
        .join(organisations, organisations.c.id == bookings.c.organisation_id)
        .where(_in(place, window), ~exists().where(by.c.booking_id == bookings.c.id, unknown))
        .order_by(displacements.c.id)
    )
    found: defaultdict[int, list[Row[Any]]] = defaultdict(list)
    for row in run(query):
        found[row.occurrence_id].append(row)
    return found


def _answers(place: Place, window: Span) -> Select[Any]:
    """When bookings that everybody may know, all their terms, were approved, declined or left without an answer."""
    unknown = or_(terms.c.visibility.not_in(KNOWN), _secret(terms.c.id))
    return (
        select(journal.c.action, journal.c.at)
        .join(bookings, bookings.c.id == journal.c.subject)
        .where(
            journal.c.action.in_(sorted(ANSWERS)),
            journal.c.at >= window.start,
            journal.c.at < window.end,
            bookings.c.premises_id == place.id,
            ~exists().where(terms.c.booking_id == bookings.c.id, unknown),
        )
        .order_by(journal.c.id)
    )


def _refused(place: Place, window: Span) -> Select[Any]:
    """Which rules refused ordinary wishes, and when."""
    return (
        select(journal.c.fields, journal.c.at)
        .where(
            journal.c.action == Action.BOOKING_REFUSE.value,
            journal.c.at >= window.start,
            journal.c.at < window.end,
            journal.c.subject.endswith(f" {place.premises.key}", autoescape=True),
        )
        .order_by(journal.c.id)
    )


def _is_lost(row: Row[Any]) -> bool:
    return row.given_back_at is None and not row.moved


def _circles(place: Place, window: Span) -> defaultdict[str, frozenset[CircleId]]:
    """The circles of what is for circles alone, by its terms; all ages of a circle are one."""
    first = func.coalesce(circles.c.origin_id, circles.c.id).label("first")
    query = (
        select(terms_circles.c.terms_id, first)
        .distinct()
        .join(circles, circles.c.id == terms_circles.c.circle_id)
        .join(occurrences, occurrences.c.terms_id == terms_circles.c.terms_id)
        .where(_in(place, window))
    )
    found: defaultdict[str, frozenset[CircleId]] = defaultdict(frozenset)
    for row in run(query):
        found[row.terms_id] |= {row.first}
    return found


def _hidden(place: Place, reach: Span) -> tuple[Claim, ...]:
    """The standing claims of what not everybody may know, the changeover of walls around the times included."""
    changeover = place.premises.changeover
    query = (
        select(claims)
        .join(occurrences, occurrences.c.id == claims.c.occurrence_id)
        .join(terms, terms.c.id == occurrences.c.terms_id)
        .where(
            _in(place, reach.widened(changeover, changeover), claims),
            ~claims.c.released,
            or_(terms.c.visibility.not_in(KNOWN), _secret(terms.c.id)),
        )
    )
    return tuple(_claims(place, run(query)))


def _claims(place: Place, rows: Iterable[Row[Any]]) -> Iterable[Claim]:
    keys = place.space_keys
    for row in rows:
        found = stake(Columns(row.kind, row.about, row.tag))
        yield Claim(keys[row.space_id], found, Span(row.starts, row.ends), "", row.since)
