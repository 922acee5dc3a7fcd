"""Notices: what is told is written in the transaction that does what it tells of. Imports domain and tables."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, literal, or_, select, update

from booking.domain.notices import News, Notice
from booking.domain.people import PersonId
from booking.domain.spans import Span
from booking.storage import outbox
from booking.storage.database import run
from booking.storage.outbox import Kind
from booking.storage.tables import notices, people
from booking.storage.tables import outbox as letters
from booking.storage.tokens import new_id


def tell(
    person: PersonId,
    news: News,
    now: datetime,
    *,
    booking: str | None = None,
    occurrence: datetime | None = None,
    span: Span | None = None,
    space: int | None = None,
    sender: PersonId | None = None,
    words: str | None = None,
    always: bool = False,
) -> None:
    """Tell a person something, in the transaction that runs: in their page, and by mail if they want it.

    A booking without an occurrence is a series, and several of its times. `span` is the time it had, `space` the
    number of its place; without them what it has when it is read is said. `words` are what a person wrote to
    another, and never of a confidential booking. `always`: by mail whatever they want. The same notice is not
    written twice in a second.
    """
    values = {
        "person_id": person,
        "kind": news.value,
        "booking_id": booking,
        "occurrence": occurrence,
        "starts": span.start if span else None,
        "ends": span.end if span else None,
        "space_id": space,
        "from_person_id": sender,
        "words": words,
        "made_at": now,
    }
    if _told(values):
        return
    number = run(notices.insert().values(public_id=new_id(), **values)).inserted_primary_key[0]
    if _wants_mail(person, now, always):
        outbox.put(person, Kind.NOTICE, now, notice_id=number)


def _told(values: dict[str, Any]) -> bool:
    same = (notices.c[name].is_not_distinct_from(value) for name, value in values.items())
    return run(select(notices.c.id).where(*same).limit(1)).first() is not None


def _wants_mail(person: PersonId, now: datetime, always: bool) -> bool:
    stays = or_(people.c.ends_at.is_(None), people.c.ends_at > now)
    wants = or_(people.c.by_mail, literal(always))
    return run(select(people.c.id).where(people.c.id == person, wants, stays)).first() is not None


# --- reading ----------------------------------------------------------------------------------


def of(person: PersonId, most: int) -> list[Notice]:
    """What a person was told, the newest first."""
    query = select(notices).where(notices.c.person_id == person)
    return [
        _notice(row) for row in run(query.order_by(notices.c.made_at.desc(), notices.c.id.desc()).limit(most))
    ]


def numbered(number: int) -> Notice | None:
    """The notice with this number, which a letter tells of."""
    row = run(select(notices).where(notices.c.id == number)).first()
    return _notice(row) if row else None


def unread(person: PersonId) -> int:
    """How many a person has not read."""
    query = select(func.count()).where(notices.c.person_id == person, notices.c.read_at.is_(None))
    count: int = run(query).scalar_one()
    return count


def mark_read(person: PersonId, until: datetime, now: datetime) -> None:
    """Note that a person has read what they were told until then."""
    mine = notices.c.person_id == person, notices.c.read_at.is_(None), notices.c.made_at <= until
    run(update(notices).where(*mine).values(read_at=now))


def forget(read_before: datetime) -> int:
    """Remove what was read before then, with what is left of its letters."""
    old = select(notices.c.id).where(notices.c.read_at < read_before)
    run(delete(letters).where(letters.c.notice_id.in_(old)))
    count: int = run(delete(notices).where(notices.c.read_at < read_before)).rowcount
    return count


def names_of(numbers: Iterable[PersonId]) -> dict[PersonId, str]:
    """What people are called."""
    return dict(run(select(people.c.id, people.c.name).where(people.c.id.in_(sorted(set(numbers))))).all())


def _notice(row: Row[Any]) -> Notice:
    return Notice(
        id=row.public_id,
        person=row.person_id,
        news=News(row.kind),
        made=row.made_at,
        booking=row.booking_id,
        occurrence=row.occurrence,
        span=Span(row.starts, row.ends) if row.starts and row.ends else None,
        space=row.space_id,
        sender=row.from_person_id,
        words=row.words,
        read=row.read_at,
    )
