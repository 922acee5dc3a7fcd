"""What comes to its end by itself: accounts of guests, and what is kept no longer than it is of use.

Imports storage and the domain. Each is a job of the worker: given the time, it says how many things it ended.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from booking.actions.cancelling import call_off_ahead
from booking.actions.handing_over import organisation_of
from booking.actions.inviting import SOON
from booking.actions.sessions import LONGEST
from booking.domain.notices import News
from booking.storage import (
    access,
    directory,
    invitations,
    journal,
    notices,
    organisations,
    outbox,
    places,
    sessions,
    to_come,
)
from booking.storage.database import Touches, transaction
from booking.storage.journal import Action
from booking.storage.notices import tell

INVITATIONS_KEPT = timedelta(days=30)
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


def call_off_for_the_ended(now: datetime) -> int:
    """What guests whose account has ended have booked after that is cancelled; how many guests they were.

    Their places are for others: a guest is there by their account alone, and has no colleague to take it over.
    """
    if not organisations.ended_with_times_ahead(to_come.booked_ahead(now), now):
        return 0
    everywhere = places.used_by(None)
    with transaction(*(place.id for place in everywhere)):
        gone = organisations.ended_with_times_ahead(to_come.booked_ahead(now), now)
        for each in gone:
            call_off_ahead(everywhere, each.id, organisation_of(each), now, None)
    return len(gone)


def warn_guests(now: datetime) -> int:
    """Guests whose account ends within a week are told so, once for each end that it is given; how many."""
    warned = 0
    with transaction(touches=Touches.NOTHING):
        for each in organisations.guests_ending(now, now + SOON):
            assert each.ends_at is not None
            subject = f"person {each.id}"
            if not journal.was_recorded(Action.PERSON_WARN, subject, each.ends_at - SOON):
                tell(each.id, News.ENDING, now)
                journal.record(Action.PERSON_WARN, subject, now)
                warned += 1
    return warned


def forget(now: datetime) -> int:
    """Forget old sessions, idempotency keys and invitations, notices read long ago and letters sent; how many."""
    with transaction(touches=Touches.NOTHING):
        asked = invitations.forget(now - INVITATIONS_KEPT)
        letters = outbox.forget(now - LETTERS_KEPT)
        told = notices.forget(now - READ_NOTICES_KEPT)
        return asked + letters + told + sessions.forget(now - LONGEST) + access.forget_keys(now)
