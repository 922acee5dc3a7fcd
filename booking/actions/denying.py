"""Noting that somebody was refused something, in a transaction of its own after what was refused was rolled back.

Of a wish that a rule refused its organisation and the rule are kept, for the follow-up report, and neither person,
place nor the time that was wished for. What clashed is not kept: how many did would tell how much is hidden.

Whether there is such a booking is not asked: the same is done for an address that was never used. Imports storage
and the domain.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from booking.actions.errors import Refused
from booking.actions.wishing import Order, default_visibility
from booking.domain.people import Viewer, Visibility
from booking.domain.refusals import COUNTED
from booking.domain.spans import day_of, day_start
from booking.storage import denials, journal
from booking.storage.database import Touches, transaction
from booking.storage.journal import Action
from booking.storage.places import Place

AN_HOUR = timedelta(hours=1)
MOST_AN_HOUR = 100
NUMBER = re.compile(r"[0-9a-z]{22,26}", re.ASCII)


def not_theirs(viewer: Viewer, asked: str, now: datetime) -> None:
    """Somebody asked for a booking by an address that is none for them; what cannot be one is kept as nothing."""
    _note(viewer, Action.BOOKING_DENY, asked if NUMBER.fullmatch(asked) else "", now)


def forbidden(viewer: Viewer, deed: str, now: datetime) -> None:
    """Somebody's role does not let them do this deed."""
    _note(viewer, Action.DEED_DENY, deed, now)


def wish(viewer: Viewer, place: Place, order: Order, refused: Refused, now: datetime) -> None:
    """An ordinary booking was refused by rules: each is noted once a day for an organisation."""
    wanted = order.visibility or default_visibility(viewer)
    if order.blocked or wanted is Visibility.CONFIDENTIAL or viewer.organisation is None:
        return
    subject = f"{viewer.organisation} {place.premises.key}"
    today = day_start(day_of(now, place.premises.zone), place.premises.zone)
    with transaction(touches=Touches.NOTHING):
        for reason in sorted({each.reason for each in refused.refusals} & COUNTED):
            if not journal.is_noted(Action.BOOKING_REFUSE, subject, reason.value, today):
                journal.record(Action.BOOKING_REFUSE, subject, now, fields=[reason.value])


def _note(viewer: Viewer, action: Action, subject: str, now: datetime) -> None:
    """One row, but no more than a hundred in an hour for one person; of nobody nothing is kept."""
    if viewer.person is None:
        return
    with transaction(touches=Touches.NOTHING):
        if denials.count_since(viewer.person, now - AN_HOUR) < MOST_AN_HOUR:
            journal.record(action, subject, now, viewer.person)
