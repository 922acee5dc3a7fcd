"""Asking whoever has booked something to swap: a sentence of one's own, to a booking one may know.

Imports storage and the domain. Raises the errors of `booking.actions.errors` and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from booking.actions import telling
from booking.actions.errors import TooMany
from booking.actions.looking import place_of, seen_whole, stored
from booking.actions.wishing import present, refuse
from booking.domain.people import Viewer
from booking.domain.permissions import Deed, require
from booking.domain.refusals import Reason, Refusal, unprintable
from booking.domain.views import Full
from booking.storage import journal
from booking.storage.database import transaction
from booking.storage.journal import Action

MOST_WORDS = 500
A_DAY = timedelta(days=1)
MOST_A_DAY = 5


def ask(
    viewer: Viewer, booking_id: str, words: str, now: datetime, occurrence: datetime | None = None
) -> None:
    """Ask the organiser of a booking of another organisation to swap. It must not have ended.

    Of a confidential booking the words are not kept: its organiser is told only that somebody asks. Refused
    by what is wrong with the words, TooMany after five a day.
    """
    assert viewer.person is not None
    said = " ".join(words.split())
    with transaction(place_of(viewer, booking_id).id):
        place, booking, eyes = stored(present(viewer), booking_id, now, occurrence)
        view = seen_whole(eyes, booking)
        require(viewer, Deed.BOOKING_ASK, view)
        assert view is not None
        refuse(_wrong(view, said, now))
        if journal.count_since(Action.BOOKING_ASK, viewer.person, now - A_DAY) >= MOST_A_DAY:
            raise TooMany
        journal.record(Action.BOOKING_ASK, booking_id, now, viewer.person)
        telling.swap_asked(place, booking, viewer.person, None if booking.confidential else said, now)


def _wrong(view: Full, words: str, now: datetime) -> Iterator[Refusal]:
    if view.span.end <= now:
        yield Refusal(Reason.ENDED, "words")
    if view.sealed:
        return
    if not words:
        yield Refusal(Reason.NOTHING_SAID, "words")
    elif len(words) > MOST_WORDS:
        yield Refusal(Reason.NOTE_TOO_LONG, "words", MOST_WORDS)
    elif unprintable(words):
        yield Refusal(Reason.UNPRINTABLE, "words")
