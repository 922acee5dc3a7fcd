"""Sessions that stand: whose eyes are behind one, which ones somebody has, and ending them.

Imports storage and the domain.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from booking.actions import limiting
from booking.actions.errors import NotFound
from booking.domain.people import PersonId, Viewer
from booking.domain.permissions import Deed, require
from booking.storage import directory, factors, journal, sessions
from booking.storage.database import Touches, note, transaction
from booking.storage.journal import Action
from booking.storage.passwords import right_password
from booking.storage.sessions import Session

IDLE = timedelta(hours=8)
IDLE_SHARED = timedelta(minutes=10)
LONGEST = timedelta(days=7)
LONGEST_SHARED = timedelta(hours=12)
TOUCH_EVERY = timedelta(minutes=1)
CONFIRMED_FOR = timedelta(minutes=10)


@dataclass(frozen=True)
class Seen:
    """One of somebody's own sessions; `here` is the one they look with, `proved` that it gave a second factor."""

    id: str
    program: str
    shared: bool
    proved: bool
    began: datetime
    seen: datetime
    here: bool


def standing(secret: str, now: datetime) -> Session | None:
    """The session, if it still lets somebody in: not ended, idled out, too old, or waiting for a second factor."""
    found = sessions.find(secret)
    return found if found and _stands(found, now) else None


def _stands(session: Session, now: datetime) -> bool:
    idle, longest = (IDLE_SHARED, LONGEST_SHARED) if session.shared else (IDLE, LONGEST)
    return not session.pending and now - session.seen_at <= idle and now - session.created_at <= longest


def viewer_of_session(secret: str, now: datetime, at_work: bool = True) -> Viewer | None:
    """The eyes behind a session, with today's circles; None when it does not stand or its person has gone.

    Only what somebody does `at_work` keeps it from idling out, not what an open page asks of itself.
    """
    known = sessions.find_with_person(secret)
    if known is None:
        return None
    session, found = known
    if not _stands(session, now) or found.ended(now):
        return None
    if at_work and now - session.seen_at >= TOUCH_EVERY:
        note(lambda: sessions.touch(secret, now))
    return directory.viewer_of(found, proved=session.proved_at is not None)


def sign_out(secret: str) -> None:
    """End the session; a copied cookie is dead with it."""
    with transaction(touches=Touches.NOTHING):
        sessions.end(secret)


# --- one's own --------------------------------------------------------------------------------


def sessions_of(viewer: Viewer, secret: str, now: datetime) -> tuple[Seen, ...]:
    """The viewer's sessions that stand, the last used first."""
    person, here = _whose(viewer), sessions.find(secret)
    return tuple(
        Seen(
            each.id,
            each.program,
            each.shared,
            each.proved_at is not None,
            each.created_at,
            each.seen_at,
            here is not None and each.id == here.id,
        )
        for each in sessions.of(person)
        if _stands(each, now)
    )


def end_session(viewer: Viewer, number: str, now: datetime) -> None:
    """End one of the viewer's own sessions; NotFound when they have no such one."""
    person = _whose(viewer)
    with transaction(touches=Touches.NOTHING):
        if not sessions.end_one(person, number):
            raise NotFound
        journal.record(Action.PERSON_SESSION_END, f"person {person}", now, person)


def sign_out_everywhere(viewer: Viewer, now: datetime) -> None:
    """End every session of the viewer, this one too."""
    person = _whose(viewer)
    with transaction(touches=Touches.NOTHING):
        sessions.end_all(person)
        journal.record(Action.PERSON_SESSIONS_END, f"person {person}", now, person)


def _whose(viewer: Viewer) -> PersonId:
    require(viewer, Deed.SESSION_END)
    assert viewer.person is not None
    return viewer.person


# --- saying again who one is ------------------------------------------------------------------


def confirmed(session: Session, now: datetime) -> bool:
    """Whether its person has said who they are so lately that they may change how they sign in."""
    return session.confirmed_at is not None and now - session.confirmed_at <= CONFIRMED_FOR


def owes_proof(session: Session) -> bool:
    """Whether its person has a second factor by now, and this session never gave it."""
    return session.proved_at is None and factors.has_any(session.person)


def confirm(viewer: Viewer, secret: str, password: str, address: str, now: datetime) -> bool:
    """Give the password again; whether it was right. Counted as signing in is: TooMany after ten failures."""
    require(viewer, Deed.FACTOR_KEEP)
    found = directory.person(viewer.person) if viewer.person is not None else None
    assert found is not None
    tried = limiting.of_account(found.email, address)
    limiting.refuse(tried, now)
    right = right_password(found.password_hash, password)
    with transaction(touches=Touches.NOTHING):
        if right:
            sessions.confirm(secret, now)
        else:
            limiting.count(tried, now)
    return right
