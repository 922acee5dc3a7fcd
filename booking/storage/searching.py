"""What a search looks through first: the words of occurrences that stand in clear. Nothing sealed is read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select

from booking.domain.people import CircleId
from booking.domain.spans import Span
from booking.storage.database import run
from booking.storage.places import Place
from booking.storage.tables import bookings, occurrences, organisations, people, terms, terms_circles


@dataclass(frozen=True)
class Words:
    """What stands in clear of one occurrence; `starts` is UTC."""

    number: int
    starts: datetime
    resource: str
    texts: tuple[str | None, ...]


def words_in(place: Place, window: Span, circles: Iterable[CircleId]) -> Iterator[Words]:
    """The words of every occurrence of a premises that stands and starts in the window, by start.

    But for what is confidential to other circles than these: how much of that there is shows in nothing.
    """
    others = (
        exists()
        .where(terms_circles.c.terms_id == occurrences.c.terms_id)
        .where(terms_circles.c.circle_id.not_in(sorted(circles)))
    )
    query = (
        select(
            occurrences.c.id,
            occurrences.c.starts,
            terms.c.space_id,
            terms.c.title,
            terms.c.note,
            people.c.name,
            organisations.c.name,
        )
        .select_from(occurrences)
        .join(terms, terms.c.id == occurrences.c.terms_id)
        .join(bookings, bookings.c.id == occurrences.c.booking_id)
        .join(people, people.c.id == bookings.c.organiser_id)
        .join(organisations, organisations.c.id == bookings.c.organisation_id)
        .where(
            occurrences.c.premises_id == place.id,
            occurrences.c.starts >= window.start,
            occurrences.c.starts < window.end,
            ~occurrences.c.cancelled,
            ~others,
        )
        .order_by(occurrences.c.starts, occurrences.c.id)
    )
    keys = place.space_keys
    return (Words(number, starts, keys[space], tuple(texts)) for number, starts, space, *texts in run(query))
