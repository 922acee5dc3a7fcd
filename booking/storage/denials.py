"""What somebody was refused, as it stands in the journal. Imports the domain, the journal and the tables."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, exists, func, select

from booking.domain.people import CircleId, PersonId
from booking.domain.spans import Span
from booking.storage.database import run
from booking.storage.journal import Action
from booking.storage.tables import journal, organisations, people, terms, terms_circles

DENIALS = (Action.BOOKING_DENY, Action.DEED_DENY)


def count_since(person: PersonId, since: datetime) -> int:
    """How often somebody was refused after an instant."""
    query = select(func.count()).where(
        journal.c.actor_id == person,
        journal.c.at > since,
        journal.c.action.in_([each.value for each in DENIALS]),
    )
    count: int = run(query).scalar_one()
    return count


@dataclass(frozen=True)
class Denial:
    """Somebody asked for a booking that was not for them to know, UTC. Who they are now; "" without organisation."""

    name: str
    organisation: str
    at: datetime


def within(ages: Iterable[CircleId], known: Iterable[CircleId], period: Span, most: int) -> list[Denial]:
    """The latest attempts in a period at what is confidential to a circle, by time.

    `known` are the circles of whoever asks: what is for other circles too is not for them to know.
    """
    said = terms.join(terms_circles)
    of_it = terms.c.booking_id == journal.c.subject
    to_them = exists().select_from(said).where(of_it, terms_circles.c.circle_id.in_(sorted(ages)))
    to_others = exists().select_from(said).where(of_it, terms_circles.c.circle_id.not_in(sorted(known)))
    query = (
        select(people.c.name, organisations.c.name.label("organisation"), journal.c.at)
        .select_from(journal)
        .join(people, people.c.id == journal.c.actor_id)
        .outerjoin(organisations, organisations.c.id == people.c.organisation_id)
        .where(
            journal.c.action == Action.BOOKING_DENY.value,
            journal.c.at >= period.start,
            journal.c.at < period.end,
            and_(to_them, ~to_others),
        )
        .order_by(journal.c.at.desc(), journal.c.id.desc())
        .limit(most)
    )
    return [Denial(row.name, row.organisation or "", row.at) for row in reversed(run(query).all())]
