"""What comes to its end by itself: accounts of guests, and what is kept no longer than it is of use.

Imports storage and the domain. Each is a job of the worker: given the time, it says how many things it ended.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from booking.actions.sessions import LONGEST
from booking.storage import access, directory, journal, notices, outbox, sessions
from booking.storage.database import transaction
from booking.storage.journal import Action

READ_NOTICES_KEPT = timedelta(days=90)
LETTERS_KEPT = timedelta(days=30)


def end_accounts(now: datetime) -> int:
    """Accounts whose time has come lose every session, token, feed and link; how many were ended."""
    ended = 0
    with transaction():
        for person in directory.ended_accounts(now):
            if access.revoke_all(person):
                journal.record(Action.PERSON_END, f"person {person}", now)
                ended += 1
    return ended


def forget(now: datetime) -> int:
    """Forget old sessions and idempotency keys, notices read long ago and letters that were sent; how many."""
    with transaction():
        letters = outbox.forget(now - LETTERS_KEPT)
        told = notices.forget(now - READ_NOTICES_KEPT)
        return letters + told + sessions.forget(now - LONGEST) + access.forget_keys(now)
