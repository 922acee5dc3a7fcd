"""Which occurrences somebody means, and what they are called. Imports the domain and the tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import func, select

from booking.domain.bookings import key_of
from booking.storage.database import run
from booking.storage.rows import rows_with
from booking.storage.tables import (
    bookings,
    occurrences,
)


def premises_of(booking: str) -> int | None:
    """The number of the premises a booking belongs to; None when there is no such booking."""
    number: int | None = run(select(bookings.c.premises_id).where(bookings.c.id == booking)).scalar()
    return number


def numbers_of(booking: str) -> dict[datetime, int]:
    """The numbers of a booking's occurrences by their names, oldest first."""
    query = select(occurrences.c.occurrence, occurrences.c.id).where(occurrences.c.booking_id == booking)
    return dict(run(query.order_by(occurrences.c.occurrence)).all())


def meant(booking: str, occurrence: datetime | None, now: datetime) -> dict[str, int]:
    """The occurrences of a booking that somebody may mean, the likeliest first: numbers by key.

    By name, or else by an instant in it. Without either those to come, then those that stood, the latest
    first, then what is cancelled. All of them, for which of them somebody may know is not decided here.
    """
    query = select(occurrences).where(occurrences.c.booking_id == booking).order_by(occurrences.c.starts)
    rows = run(query).all()
    standing = [row for row in rows if not row.cancelled]
    if occurrence is None:
        coming = [row for row in standing if row.ends > now]
        past = [row for row in standing if row.ends <= now]
        found = [*coming, *reversed(past), *(row for row in rows if row.cancelled)]
    else:
        named = [row for row in rows if row.occurrence == occurrence]
        found = [*named, *(row for row in standing if row.starts <= occurrence < row.ends)]
    return {key_of(booking, row.occurrence): row.id for row in found}


def spoken_of(
    said: Iterable[tuple[str, datetime | None]], now: datetime
) -> dict[tuple[str, datetime | None], tuple[int, int]]:
    """The numbers of premises and occurrence that somebody was told of, by booking and occurrence.

    Of a series without an occurrence the next that comes, else its last.
    """
    wanted = set(said)
    series = [booking for booking, occurrence in wanted if occurrence is None]
    chosen = _coming_or_last(series, now) if series else {}
    names = {each: (each[0], each[1] or chosen.get(each[0])) for each in wanted}
    columns = (occurrences.c.premises_id, occurrences.c.id)
    query = select(occurrences.c.booking_id, occurrences.c.occurrence, *columns).where(
        occurrences.c.occurrence.in_({occurrence for _, occurrence in names.values() if occurrence})
    )
    rows = rows_with(query, occurrences.c.booking_id, [booking for booking, _ in wanted])
    found = {(booking, name): (premises, number) for booking, name, premises, number in rows}
    return {each: found[name] for each, name in names.items() if name in found}


def _coming_or_last(bookings_: Sequence[str], now: datetime) -> dict[str, datetime]:
    last = select(occurrences.c.booking_id, func.max(occurrences.c.occurrence)).group_by(
        occurrences.c.booking_id
    )
    coming = (
        select(occurrences.c.booking_id, func.min(occurrences.c.occurrence))
        .where(~occurrences.c.cancelled, occurrences.c.ends > now)
        .group_by(occurrences.c.booking_id)
    )
    found: dict[str, datetime] = {}
    for query in (last, coming):
        found |= dict(rows_with(query, occurrences.c.booking_id, bookings_))
    return found


def known_uids(uids: Iterable[str]) -> set[str]:
    """Those of the names in calendars that stored bookings have, cancelled ones too."""
    return {row.uid for row in rows_with(select(bookings.c.uid), bookings.c.uid, uids)}
