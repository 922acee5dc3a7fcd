"""Notices and the outbox: what is told is written in the transaction that does what it tells of.

Imports the domain and the tables.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import or_, select

from booking.domain.notices import News
from booking.domain.people import PersonId
from booking.domain.spans import Span
from booking.storage.database import run
from booking.storage.tables import notices, outbox, people
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
) -> None:
    """Tell a person something, in the transaction that runs: in their page, and by mail if they want it.

    `words` are what a person wrote to another, and never of a confidential booking. The same notice is not
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
    if _wants_mail(person, now):
        put(person, "notice", now, notice_id=number)


def put(person: PersonId, kind: str, now: datetime, **about: Any) -> None:
    """One letter to one person into the outbox, due at once. `about` are the columns that say of what."""
    run(
        outbox.insert().values(
            public_id=new_id(), person_id=person, kind=kind, made_at=now, due_at=now, **about
        )
    )


def _told(values: dict[str, Any]) -> bool:
    same = (notices.c[name].is_not_distinct_from(value) for name, value in values.items())
    return run(select(notices.c.id).where(*same).limit(1)).first() is not None


def _wants_mail(person: PersonId, now: datetime) -> bool:
    stays = or_(people.c.ends_at.is_(None), people.c.ends_at > now)
    return run(select(people.c.id).where(people.c.id == person, people.c.by_mail, stays)).first() is not None
