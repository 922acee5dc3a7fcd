"""Signed-in browsers. A session is reached by its secret, of which only the hash is kept.

Imports the domain and the tables.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, delete, select, update

from booking.domain.people import PersonId
from booking.storage.database import run
from booking.storage.directory import Person, read_owner, with_owner
from booking.storage.tables import sessions
from booking.storage.tokens import hashed, new_id, new_token

PROGRAM_LENGTH = 80
BY_SECRET = with_owner(select(sessions), sessions.c.person_id).where(
    sessions.c.token_hash == bindparam("hash")
)


@dataclass(frozen=True)
class Session:
    """One signed-in browser. `shared`: on a computer several people use.

    `pending`: the second factor is still to come, and until then it lets nobody in. `proved_at` is when the second
    factor was given, `confirmed_at` when that or the password last was. `program` is the browser in a few words.
    """

    id: str
    person: PersonId
    shared: bool
    pending: bool
    proved_at: datetime | None
    confirmed_at: datetime | None
    program: str
    created_at: datetime
    seen_at: datetime


def begin(
    person: PersonId,
    shared: bool,
    now: datetime,
    *,
    program: str = "",
    pending: bool = False,
    proved: bool = False,
) -> str:
    """Open a session for somebody who has just said who they are, and give its secret, which is not stored."""
    secret = new_token()
    run(
        sessions.insert().values(
            token_hash=hashed(secret),
            id=new_id(),
            person_id=person,
            shared=shared,
            pending=pending,
            proved_at=now if proved else None,
            confirmed_at=now,
            program=program[:PROGRAM_LENGTH],
            created_at=now,
            seen_at=now,
        )
    )
    return secret


def prove(secret: str, now: datetime) -> str:
    """The second factor was given: the session has a new secret, and the one before is dead."""
    fresh = new_token()
    values = {
        "token_hash": hashed(fresh),
        "pending": False,
        "proved_at": now,
        "confirmed_at": now,
        "seen_at": now,
    }
    run(update(sessions).where(sessions.c.token_hash == hashed(secret)).values(**values))
    return fresh


def confirm(secret: str, now: datetime) -> None:
    """Note that the password was given again."""
    run(update(sessions).where(sessions.c.token_hash == hashed(secret)).values(confirmed_at=now))


def touch(secret: str, now: datetime) -> None:
    """Note that a session was used."""
    run(update(sessions).where(sessions.c.token_hash == hashed(secret)).values(seen_at=now))


def unprove(person: PersonId) -> None:
    """What a person's sessions were proved with is gone, and so is the proof."""
    run(update(sessions).where(sessions.c.person_id == person).values(proved_at=None))


def find(secret: str) -> Session | None:
    """The session with this secret."""
    row = run(select(sessions).where(sessions.c.token_hash == hashed(secret))).first()
    return _session(row) if row else None


def find_with_person(secret: str) -> tuple[Session, Person] | None:
    """The session with this secret and whose it is, in one statement: every request asks it."""
    row = run(BY_SECRET, {"hash": hashed(secret)}).first()
    return (_session(row), read_owner(row)) if row else None


def of(person: PersonId) -> list[Session]:
    """A person's sessions, the last used first; those that wait for the second factor let nobody in."""
    query = select(sessions).where(sessions.c.person_id == person, ~sessions.c.pending)
    return [_session(row) for row in run(query.order_by(sessions.c.seen_at.desc(), sessions.c.id))]


def _session(row: Row[Any]) -> Session:
    return Session(
        id=row.id,
        person=row.person_id,
        shared=row.shared,
        pending=row.pending,
        proved_at=row.proved_at,
        confirmed_at=row.confirmed_at,
        program=row.program,
        created_at=row.created_at,
        seen_at=row.seen_at,
    )


# --- ending -----------------------------------------------------------------------------------


def end(secret: str) -> None:
    """End a session; a copied cookie is dead with it."""
    run(delete(sessions).where(sessions.c.token_hash == hashed(secret)))


def end_one(person: PersonId, number: str) -> bool:
    """End one of a person's own sessions; False when they have no such one."""
    return bool(_deleted(delete(sessions).where(sessions.c.person_id == person, sessions.c.id == number)))


def end_all(person: PersonId) -> int:
    """End every session of a person; how many there were."""
    return _deleted(delete(sessions).where(sessions.c.person_id == person))


def forget(opened_before: datetime) -> int:
    """Remove sessions too old to let anybody in; how many there were."""
    return _deleted(delete(sessions).where(sessions.c.created_at < opened_before))


def _deleted(statement: Any) -> int:
    count: int = run(statement).rowcount
    return count
