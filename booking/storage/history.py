"""The journal, read as far as somebody's reach goes. Imports the domain and the tables.

What is out of reach is left out by the question itself, so that no page is shorter for what is hidden.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, String, and_, cast, exists, false, literal, or_, select

from booking.domain.bookings import Purpose
from booking.domain.history import ANSWERS, LOADED, NOTHING, OF_BOOKINGS, UNTOLD, Reach
from booking.domain.people import CircleId, OrganisationId, PersonId, Visibility
from booking.storage.database import run
from booking.storage.tables import (
    bookings,
    journal,
    people,
    premises,
    premises_organisations,
    terms,
    terms_circles,
)


@dataclass(frozen=True)
class Entry:
    """One entry of the journal, UTC. `actor` None: it came by itself; `fields` are names of what was changed."""

    at: datetime
    action: str
    subject: str
    fields: tuple[str, ...]
    actor: PersonId | None
    actor_name: str
    actor_organisation: OrganisationId | None


def latest(reach: Reach, before: datetime | None, most: int) -> tuple[list[Entry], datetime | None]:
    """The latest entries within reach before an instant, and before which there are more; None when there are none.

    Entries of one second stay together: there may be some more than `most`.
    """
    if reach == NOTHING:
        return [], None
    inside = [_within(reach), journal.c.action.not_in(sorted(UNTOLD))]
    earlier = inside if before is None else [*inside, journal.c.at < before]
    times = select(journal.c.at).where(*earlier).order_by(journal.c.at.desc()).offset(most - 1).limit(1)
    last: datetime | None = run(times).scalar()
    page = earlier if last is None else [*earlier, journal.c.at >= last]
    entries = [_entry(row) for row in run(_entries().where(*page))]
    if last is None:
        return entries, None
    older = run(select(journal.c.id).where(*inside, journal.c.at < last).limit(1)).first()
    return entries, last if older else None


def _entries() -> Select[Any]:
    return (
        select(journal, people.c.name, people.c.organisation_id)
        .select_from(journal)
        .outerjoin(people, people.c.id == journal.c.actor_id)
        .order_by(journal.c.at.desc(), journal.c.id.desc())
    )


def _entry(row: Row[Any]) -> Entry:
    return Entry(
        at=row.at,
        action=row.action,
        subject=row.subject,
        fields=tuple(each for each in row.fields.split(",") if each),
        actor=row.actor_id,
        actor_name=row.name or "",
        actor_organisation=row.organisation_id,
    )


def people_named(numbers: Iterable[PersonId]) -> dict[PersonId, str]:
    """What people are called, by their numbers."""
    query = select(people.c.id, people.c.name).where(people.c.id.in_(sorted(set(numbers))))
    return dict(run(query).all())


# --- reach ------------------------------------------------------------------------------------


def _within(reach: Reach) -> ColumnElement[bool]:
    parts: list[ColumnElement[bool]] = [false()]
    if reach.booking is not None:
        parts.append(and_(journal.c.subject == reach.booking, _of(*OF_BOOKINGS), _only_for(reach.circles)))
    if reach.organisation is not None:
        parts += _of_organisation(reach.organisation, reach.circles)
    if reach.house is not None:
        parts += _of_house(reach.house, reach.circles)
    if reach.accounts:
        parts += [_of("person"), journal.c.action == LOADED]
    if reach.subjects:
        named = [f"circle {number}" for number in sorted(reach.subjects)]
        parts.append(and_(_of("circle", "review"), journal.c.subject.in_(named)))
    return or_(*parts)


def _of_organisation(number: OrganisationId, circles: Iterable[CircleId]) -> list[ColumnElement[bool]]:
    """Its people, what these hold, and the bookings it made that are for no other circles."""
    theirs = people.c.organisation_id == number
    about = select(literal("person ") + cast(people.c.id, String)).where(theirs)
    made = exists().where(bookings.c.id == journal.c.subject, bookings.c.organisation_id == number)
    return [
        and_(_of("person"), journal.c.subject.in_(about)),
        and_(_of("organisation"), journal.c.subject == f"organisation {number}"),
        and_(_of("token", "feed"), journal.c.actor_id.in_(select(people.c.id).where(theirs))),
        and_(_of(*OF_BOOKINGS), made, _only_for(circles)),
    ]


def _of_house(number: OrganisationId, circles: Iterable[CircleId]) -> list[ColumnElement[bool]]:
    """The premises it uses, what is kept from everybody there, and what was answered to those who asked."""
    used = select(premises_organisations.c.premises_id).where(
        premises_organisations.c.organisation_id == number
    )
    names = select(literal("premises ") + premises.c.key).where(premises.c.id.in_(used))
    there = and_(bookings.c.id == journal.c.subject, bookings.c.premises_id.in_(used))
    quiet = exists().where(
        terms.c.booking_id == journal.c.subject, terms.c.visibility == Visibility.OWN.value
    )
    own = bookings.c.organisation_id == number
    kept = exists().where(there, bookings.c.kind != Purpose.USE.value, or_(own, ~quiet))
    asked = exists().where(there, bookings.c.kind == Purpose.USE.value)
    return [
        and_(_of("premises", "door", "guest", "organisation"), journal.c.subject.in_(names)),
        and_(_of(*OF_BOOKINGS), kept, _only_for(circles)),
        and_(journal.c.action.in_(sorted(ANSWERS)), asked, _only_for(circles)),
    ]


def _of(*kinds: str) -> ColumnElement[bool]:
    return or_(*(journal.c.action.startswith(f"{kind}:") for kind in kinds))


def _only_for(circles: Iterable[CircleId]) -> ColumnElement[bool]:
    """Whether nothing of the booking is for other circles than these."""
    others = (
        exists()
        .select_from(terms.join(terms_circles))
        .where(terms.c.booking_id == journal.c.subject, terms_circles.c.circle_id.not_in(sorted(circles)))
    )
    return ~others
