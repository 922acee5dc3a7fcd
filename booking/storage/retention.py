"""What is old enough to be destroyed, counted and destroyed some at a time. Imports the domain and the tables.

Claims are never touched: what is free and what is Busy stays as it is, and so does who may know.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, and_, bindparam, delete, exists, func, or_, select, update

from booking.domain.retention import REMOVED, Decision, Kind, Periods
from booking.storage.database import run
from booking.storage.tables import (
    attendees,
    authenticators,
    challenges,
    disposals,
    journal,
    notices,
    occurrences,
    openings,
    openings_circles,
    outbox,
    passkeys,
    people,
    recovery_codes,
    retention_decisions,
    reviews,
    sealed,
    terms,
)
from booking.storage.tokens import new_id

AT_ONCE = 500
NOWHERE = "removed.invalid"  # RFC 2606 section 2


@dataclass(frozen=True)
class Shelf:
    """Where things of one kind stand: what numbers them, which of them ended before a limit, how some are destroyed."""

    kind: Kind
    number: Column[Any]
    old: Callable[[datetime], ColumnElement[bool]]
    destroy: Callable[[Sequence[Any]], None]


# --- decisions --------------------------------------------------------------------------------


def decision() -> Decision | None:
    """The decision that holds: the newest; None before there is one."""
    found = retention_decisions.c
    row = run(select(retention_decisions).order_by(found.id.desc()).limit(1)).first()
    if row is None:
        return None
    periods = Periods(row.sealed_days, row.details_days, row.log_days)
    return Decision(row.id, row.reference, periods, row.decided_at)


def decide(reference: str, periods: Periods, now: datetime) -> None:
    """Record a decision, which holds from now on in place of the earlier."""
    run(retention_decisions.insert().values(reference=reference, decided_at=now, **vars(periods)))


# --- counting and destroying ------------------------------------------------------------------


def count(shelf: Shelf, before: datetime) -> int:
    """How many on a shelf are older than the limit."""
    found: int = run(select(func.count(shelf.number)).where(shelf.old(before))).scalar_one()
    return found


def destroy_some(shelf: Shelf, before: datetime, by: Decision, now: datetime) -> int:
    """Destroy some of what is older than the limit, in the transaction that runs; how many, 0 when none is left.

    What is destroyed is noted first: the guards of the logs let go only what a disposal names.
    """
    query = select(shelf.number).where(shelf.old(before)).order_by(shelf.number).limit(AT_ONCE)
    numbers = run(query).scalars().all()
    if numbers:
        noted = {"decision_id": by.id, "kind": shelf.kind.value, "before": before, "at": now}
        run(disposals.insert().values(count=len(numbers), **noted))
        shelf.destroy(numbers)
    return len(numbers)


def _past(of: Column[Any], before: datetime) -> ColumnElement[bool]:
    """No occurrence, cancelled or not, that has these terms ended later. Terms that none has any more are past."""
    return ~exists().where(occurrences.c.terms_id == of, occurrences.c.ends >= before)


def _speaks(before: datetime) -> ColumnElement[bool]:
    invites = exists().where(attendees.c.terms_id == terms.c.id)
    said = or_(terms.c.title.is_not(None), terms.c.note.is_not(None), invites)
    return and_(said, _past(terms.c.id, before))


def _wipe_details(numbers: Sequence[str]) -> None:
    run(delete(attendees).where(attendees.c.terms_id.in_(numbers)))
    run(update(terms).where(terms.c.id.in_(numbers)).values(title=None, note=None))


def _destroy_messages(numbers: Sequence[int]) -> None:
    run(delete(outbox).where(outbox.c.notice_id.in_(numbers)))
    run(delete(notices).where(notices.c.id.in_(numbers)))


def _destroy_openings(numbers: Sequence[int]) -> None:
    run(delete(openings_circles).where(openings_circles.c.opening_id.in_(numbers)))
    run(delete(openings).where(openings.c.id.in_(numbers)))


def _named(before: datetime) -> ColumnElement[bool]:
    return and_(people.c.ends_at < before, ~people.c.email.endswith(f"@{NOWHERE}"))


def _forget_people(numbers: Sequence[int]) -> None:
    """The account stays, for what it booked; who it was, and how it signed in, goes."""
    for table in (authenticators, challenges, passkeys, recovery_codes):
        run(delete(table).where(table.c.person_id.in_(numbers)))
    nobody = {"name": REMOVED, "password_hash": None, "handle": None, "organisation_admin": False}
    run(
        update(people)
        .where(people.c.id == bindparam("number"))
        .values(email=bindparam("address"), by_mail=False, invitations=False, remind_minutes=None, **nobody),
        [{"number": number, "address": f"{new_id()}@{NOWHERE}"} for number in numbers],
    )


def _deleted(number: Column[Any]) -> Callable[[Sequence[Any]], None]:
    def destroy(numbers: Sequence[Any]) -> None:
        run(delete(number.table).where(number.in_(numbers)))

    return destroy


SHELVES = (
    Shelf(
        Kind.SEALED,
        sealed.c.terms_id,
        lambda before: _past(sealed.c.terms_id, before),
        _deleted(sealed.c.terms_id),
    ),
    Shelf(Kind.DETAILS, terms.c.id, _speaks, _wipe_details),
    Shelf(Kind.MESSAGES, notices.c.id, lambda before: notices.c.made_at < before, _destroy_messages),
    Shelf(Kind.ACCESS_LOG, openings.c.id, lambda before: openings.c.at < before, _destroy_openings),
    Shelf(Kind.ACCESS_LOG, reviews.c.id, lambda before: reviews.c.signed_at < before, _deleted(reviews.c.id)),
    Shelf(Kind.JOURNAL, journal.c.id, lambda before: journal.c.at < before, _deleted(journal.c.id)),
    Shelf(Kind.ACCOUNTS, people.c.id, _named, _forget_people),
)
