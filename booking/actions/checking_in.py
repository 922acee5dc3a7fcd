"""Checking in, ending early, and releasing what nobody came to. Imports storage and the domain.

Raises the errors of `booking.actions.errors` and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from booking.actions import telling
from booking.actions.changes import refuse_stale
from booking.actions.giving_back import give_back
from booking.actions.looking import etag_of, place_of, seen_whole, stored
from booking.actions.wishing import present, refuse
from booking.domain.attendance import (
    BEFORE_START,
    cut_claims,
    door_open,
    ended_at,
    is_attended,
    is_missed,
)
from booking.domain.bookings import Booking
from booking.domain.disclosure import Eyes
from booking.domain.people import PersonId, Viewer
from booking.domain.permissions import Deed, require
from booking.domain.refusals import Reason, Refusal
from booking.domain.spans import Span
from booking.domain.views import Full
from booking.storage import journal, ledger, naming, places, recording, to_come
from booking.storage.database import Touches, transaction
from booking.storage.journal import Action
from booking.storage.places import Place

LOOKED_BACK = timedelta(days=1)


def check_in(viewer: Viewer, booking_id: str, now: datetime, occurrence: datetime | None = None) -> None:
    """Note that somebody came: anyone of the booking's own organisation, or invited to it. Twice is harmless.

    Refused before a quarter of an hour to its start, once it has ended, and where nobody checks in.
    """
    with transaction(place_of(viewer, booking_id).id, touches=Touches.BOOKINGS):
        place, booking, eyes = stored(present(viewer), booking_id, now, occurrence)
        require(viewer, Deed.BOOKING_CHECK_IN, seen_whole(eyes, booking))
        refuse(_not_now(place, seen(eyes, booking), booking, now))
        if booking.checked_in is None:
            recording.check_in(booking, now)
            journal.record(Action.BOOKING_CHECK_IN, booking_id, now, viewer.person)


def end_early(
    viewer: Viewer,
    booking_id: str,
    now: datetime,
    occurrence: datetime | None = None,
    etag: str | None = None,
) -> None:
    """End what has begun at the next whole minute; the rest of its time is free.

    Changed when `etag` is not its present one; Refused when it has not begun, or has ended.
    """
    with transaction(place_of(viewer, booking_id).id, touches=Touches.BOOKINGS):
        present_viewer = present(viewer)
        place, booking, eyes = stored(present_viewer, booking_id, now, occurrence)
        view = seen_whole(eyes, booking)
        require(viewer, Deed.BOOKING_CHANGE, view)
        assert view is not None
        refuse_stale(present_viewer, booking_id, etag, etag_of(view), now)
        refuse(_not_under_way(booking, now))
        shortened = ended_at(booking, now)
        if shortened.span != booking.span:
            _shorten(place, booking, shortened, viewer.person, now)
            journal.record(Action.BOOKING_END, booking_id, now, viewer.person)


def release_missed(now: datetime) -> int:
    """Release what nobody came to in time, and tell its organiser; how many were released.

    Each premises under its lock, and only what still waits: to run it again, or twice at once, does no harm.
    """
    return sum(_release(place, now) for place in places.used_by(None) if _late(place, now))


def seen(eyes: Eyes, booking: Booking) -> tuple[Full, ...]:
    """All that the viewer sees of an occurrence: whole to its own organisation, else its visible pieces."""
    return (
        (eyes.whole(booking),) if booking.organisation == eyes.viewer.organisation else eyes.pieces(booking)
    )


def _not_now(place: Place, views: Iterable[Full], booking: Booking, now: datetime) -> Iterable[Refusal]:
    spans = [view.span for view in views]
    if not is_attended(place.premises, booking):
        yield Refusal(Reason.NOT_ATTENDED, "starts")
    elif any(door_open(span, now) for span in spans):
        return
    elif now < spans[0].start:
        yield Refusal(Reason.TOO_EARLY, "starts", BEFORE_START)
    else:
        yield Refusal(Reason.ENDED, "starts")


def _not_under_way(booking: Booking, now: datetime) -> Iterable[Refusal]:
    if booking.span.end <= now:
        yield Refusal(Reason.ENDED, "starts")
    elif booking.span.start > now:
        yield Refusal(Reason.NOT_BEGUN, "starts")


def _shorten(
    place: Place, booking: Booking, shortened: Booking, actor: PersonId | None, now: datetime
) -> None:
    claims = ledger.beside(place, [naming.numbers_of(booking.id)[booking.occurrence]]).claims
    changed = replace(shortened, version=booking.version + 1, sequence=booking.sequence + 1, changed=now)
    recording.change(place, [changed], cut_claims(claims, changed))
    give_back(place, [Span(shortened.span.end, booking.span.end)], now)
    telling.changed(place, [booking], [changed], actor, now)


# --- what nobody came to ----------------------------------------------------------------------


def _late(place: Place, now: datetime) -> list[int]:
    """The occurrences of the last day that somebody should have come to by now."""
    latest = now - place.premises.check_in_within
    return to_come.begun_without(place, Span(now - LOOKED_BACK, latest + timedelta(seconds=1)), now)


def _release(place: Place, now: datetime) -> int:
    with transaction(place.id, touches=Touches.BOOKINGS):
        standing = ledger.beside(place, numbers := _late(place, now))
        missed = [
            booking
            for booking in (standing.numbered(number) for number in numbers)
            if is_missed(place.premises, booking, standing.claims, now)
        ]
        for booking in missed:
            recording.cancel([booking], now, missed=True)
            journal.record(Action.BOOKING_RELEASE, booking.id, now)
            telling.missed(place, booking, now)
        give_back(place, [booking.span for booking in missed], now)
    return len(missed)
