"""Noting that somebody was refused something, in a transaction of its own after what was refused was rolled back.

Whether there is such a booking is not asked: the same is done for an address that was never used. Imports storage
and the domain.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from booking.domain.people import Viewer
from booking.storage import denials, journal
from booking.storage.database import Touches, transaction
from booking.storage.journal import Action

AN_HOUR = timedelta(hours=1)
MOST_AN_HOUR = 100
NUMBER = re.compile(r"[0-9a-z]{22,26}", re.ASCII)


def not_theirs(viewer: Viewer, asked: str, now: datetime) -> None:
    """Somebody asked for a booking by an address that is none for them; what cannot be one is kept as nothing."""
    _note(viewer, Action.BOOKING_DENY, asked if NUMBER.fullmatch(asked) else "", now)


def forbidden(viewer: Viewer, deed: str, now: datetime) -> None:
    """Somebody's role does not let them do this deed."""
    _note(viewer, Action.DEED_DENY, deed, now)


def _note(viewer: Viewer, action: Action, subject: str, now: datetime) -> None:
    """One row, but no more than a hundred in an hour for one person; of nobody nothing is kept."""
    if viewer.person is None:
        return
    with transaction(touches=Touches.NOTHING):
        if denials.count_since(viewer.person, now - AN_HOUR) < MOST_AN_HOUR:
            journal.record(action, subject, now, viewer.person)
