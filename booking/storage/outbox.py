"""The outbox: one row for one letter to one person, written with what it tells. Imports the tables.

A letter is claimed by moving its time forward in a transaction of its own, so that no two workers have it at
once; whoever claimed it and was killed leaves it due again when that time has come.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update

from booking.domain.people import PersonId
from booking.storage.database import run
from booking.storage.tables import outbox, people
from booking.storage.tokens import new_id

AT_ONCE = 500


class Kind(StrEnum):
    """What a letter is: a notice, an entry for the reader's calendar or its end, or a link for a password.

    A link's secret is stored nowhere: it is made when the letter is written.
    """

    NOTICE = "notice"
    REQUEST = "request"
    CANCEL = "cancel"
    WELCOME = "welcome"  # a link to choose a first password
    RESET = "reset"  # a link to choose a new one
    INVITE = "invite"  # a link by which a guest makes their account


@dataclass(frozen=True)
class Due:
    """A claimed letter. `id` stands in its Message-ID; `attempts` counts this one.

    It is for a person, or for the address of an `invitation`, which may have no account.
    """

    number: int
    id: str
    person: PersonId | None
    kind: Kind
    notice: int | None
    booking: str | None
    occurrence: datetime | None
    made: datetime
    attempts: int
    invitation: int | None = None


@dataclass(frozen=True)
class Post:
    """How many letters wait to be sent, and how many were given up."""

    waiting: int
    given_up: int


@dataclass(frozen=True)
class Entry:
    """An occurrence for somebody's calendar, and when its letter is due; UTC."""

    booking: str
    occurrence: datetime
    due: datetime


# --- writing ----------------------------------------------------------------------------------


def put(person: PersonId, kind: Kind, now: datetime, due: datetime | None = None, **about: Any) -> None:
    """One letter to one person, due at once or later. `about` are the columns that say of what."""
    run(outbox.insert().values(**_row(person, kind, now, due or now), **about))


def put_entries(kind: Kind, whose: Iterable[PersonId], entries: Iterable[Entry], now: datetime) -> None:
    """A letter for each entry to each of those who want their calendar by mail and whose account stands."""
    wanting = _by_calendar(whose, now)
    rows = [
        {**_row(person, kind, now, each.due), "booking_id": each.booking, "occurrence": each.occurrence}
        for person in wanting
        for each in entries
    ]
    for start in range(0, len(rows), AT_ONCE):
        run(outbox.insert(), rows[start : start + AT_ONCE])


def put_invitation(number: int, now: datetime) -> None:
    """One letter to the address of an invitation, in place of one that has not been sent."""
    drop_invitation(number)
    run(outbox.insert().values(**_row(None, Kind.INVITE, now, now), invitation_id=number))


def drop_invitation(number: int) -> None:
    """No letter speaks of an invitation any more; one that has not been sent is not sent."""
    run(delete(outbox).where(outbox.c.invitation_id == number))


def _row(person: PersonId | None, kind: Kind, now: datetime, due: datetime) -> dict[str, Any]:
    return {"public_id": new_id(), "person_id": person, "kind": kind.value, "made_at": now, "due_at": due}


def _by_calendar(whose: Iterable[PersonId], now: datetime) -> list[PersonId]:
    stays = or_(people.c.ends_at.is_(None), people.c.ends_at > now)
    query = select(people.c.id).where(people.c.id.in_(sorted(set(whose))), people.c.invitations, stays)
    return list(run(query.order_by(people.c.id)).scalars())


def take_back(person: PersonId, kind: Kind) -> None:
    """A letter that has not been sent is not sent."""
    unsent = outbox.c.person_id == person, outbox.c.kind == kind.value, outbox.c.sent_at.is_(None)
    run(delete(outbox).where(*unsent))


# --- sending ----------------------------------------------------------------------------------


def waits(now: datetime) -> bool:
    """Whether any letter is due."""
    return run(select(outbox.c.id).where(outbox.c.due_at <= now).limit(1)).first() is not None


def claim(now: datetime, lease: timedelta) -> Due | None:
    """The letter that has been due the longest, for one worker alone until the lease ends; None when there is none."""
    query = select(outbox).where(outbox.c.due_at <= now).order_by(outbox.c.due_at, outbox.c.id)
    row = run(query.limit(1).with_for_update(skip_locked=True)).first()
    if row is None:
        return None
    taken = {"due_at": now + lease, "attempts": row.attempts + 1}
    run(update(outbox).where(outbox.c.id == row.id).values(**taken))
    return Due(
        number=row.id,
        id=row.public_id,
        person=row.person_id,
        kind=Kind(row.kind),
        notice=row.notice_id,
        booking=row.booking_id,
        occurrence=row.occurrence,
        made=row.made_at,
        attempts=row.attempts + 1,
        invitation=row.invitation_id,
    )


def sent(due: Due, now: datetime) -> None:
    """Note that the server took a letter."""
    run(update(outbox).where(outbox.c.id == due.number).values(sent_at=now, due_at=None))


def later(due: Due, when: datetime) -> None:
    """Try a letter again then."""
    run(update(outbox).where(_unsent(due)).values(due_at=when))


def give_up(due: Due) -> None:
    """A letter is tried no more."""
    run(update(outbox).where(_unsent(due)).values(due_at=None))


def drop(due: Due) -> None:
    """A letter has nothing to say any more, or nobody to say it to."""
    run(delete(outbox).where(_unsent(due)))


def _unsent(due: Due) -> ColumnElement[bool]:
    return and_(outbox.c.id == due.number, outbox.c.sent_at.is_(None))


# --- keeping ----------------------------------------------------------------------------------


def post(now: datetime) -> Post:
    """What waits, entries for a calendar whose time has not come left out, and what was given up."""
    waiting = or_(outbox.c.due_at <= now, and_(outbox.c.due_at.is_not(None), outbox.c.attempts > 0))
    given_up = and_(outbox.c.due_at.is_(None), outbox.c.sent_at.is_(None))
    counts = [
        run(select(func.count()).select_from(outbox).where(each)).scalar_one() for each in (waiting, given_up)
    ]
    return Post(*counts)


def stuck(attempts: int) -> bool:
    """Whether a letter that was tried so often still waits."""
    tried = outbox.c.due_at.is_not(None), outbox.c.attempts >= attempts
    return run(select(outbox.c.id).where(*tried).limit(1)).first() is not None


def forget(before: datetime) -> int:
    """Remove what was sent or given up and was made before then, and what nobody has tried since then."""
    done = or_(outbox.c.sent_at < before, and_(outbox.c.due_at.is_(None), outbox.c.made_at < before))
    count: int = run(delete(outbox).where(or_(done, outbox.c.due_at < before))).rowcount
    return count
