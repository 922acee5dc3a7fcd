"""Approvals: what waits for the coordinator, their yes or no to a whole booking, and what nobody answered in time.

What waits holds its claims all the while, so that it is never approved into a clash. Imports storage and the
domain. Raises the errors of `booking.actions.errors` and nothing else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from booking.actions import telling
from booking.actions.errors import Changed, NotFound, Refused
from booking.actions.giving_back import give_back
from booking.actions.looking import Names, etag_of, names_in, place_of
from booking.actions.wishing import present
from booking.domain.bookings import Booking, Status
from booking.domain.disclosure import Eyes
from booking.domain.notices import News
from booking.domain.people import PersonId, Viewer
from booking.domain.permissions import Deed, require
from booking.domain.premises import Premises
from booking.domain.refusals import NOTE_LENGTH, Reason, Refusal, Wish, unprintable
from booking.domain.spans import without
from booking.domain.views import Full
from booking.storage import journal, ledger, naming, places, recording, to_come
from booking.storage.database import Touches, transaction
from booking.storage.journal import Action
from booking.storage.places import Place

WORDS_LENGTH = min(500, NOTE_LENGTH)


@dataclass(frozen=True)
class Waiting:
    """A booking that waits, as its viewer may know it: its times, when the wait ends by itself, and its tag."""

    views: tuple[Full, ...]
    answer_by: datetime
    tag: str


@dataclass(frozen=True)
class Queue:
    """What waits in a premises, the oldest first."""

    place: Place
    waiting: tuple[Waiting, ...]
    names: Names


def queue(viewer: Viewer, place: Place, now: datetime) -> Queue:
    """All that waits for an answer and that the coordinator may know, the oldest first."""
    require(viewer, Deed.APPROVAL_GIVE)
    numbers = [each.number for each in to_come.waiting(place) if each.answer_by > now]
    standing = ledger.beside(place, numbers)
    eyes = Eyes(viewer, place.premises, standing.bookings, standing.claims, now)
    groups: dict[str, list[Booking]] = {}
    for number in numbers:
        booking = standing.numbered(number)
        if _at_stake(booking):
            groups.setdefault(booking.id, []).append(booking)
    found = tuple(each for group in groups.values() if (each := _seen(eyes, group)))
    return Queue(place, found, names_in(viewer, [view for each in found for view in each.views]))


def approve(viewer: Viewer, booking_id: str, now: datetime, tag: str | None = None) -> None:
    """Say yes to a whole booking. Refused when it no longer waits, Changed when it is not what the tag is of."""
    require(viewer, Deed.APPROVAL_GIVE)
    with transaction(place_of(viewer, booking_id).id, touches=Touches.BOOKINGS):
        place, occurrences = _asked(present(viewer), booking_id, tag, now)
        recording.answer(booking_id, Status.CONFIRMED, now)
        journal.record(Action.BOOKING_APPROVE, booking_id, now, viewer.person)
        telling.answered(place, occurrences, News.APPROVED, now, viewer.person)


def decline(viewer: Viewer, booking_id: str, now: datetime, tag: str | None = None, words: str = "") -> None:
    """Say no to a whole booking, with a sentence to its booker that is kept nowhere else; as `approve`."""
    require(viewer, Deed.APPROVAL_GIVE)
    said = words.strip()
    if len(said) > WORDS_LENGTH:
        raise Refused((Refusal(Reason.NOTE_TOO_LONG, "note", WORDS_LENGTH),))
    if unprintable(said.replace("\n", " ").replace("\r", " ")):
        raise Refused((Refusal(Reason.UNPRINTABLE, "note"),))
    with transaction(place_of(viewer, booking_id).id, touches=Touches.BOOKINGS):
        place, occurrences = _asked(present(viewer), booking_id, tag, now)
        _end(
            place,
            ledger.alone(place, naming.numbers_of(booking_id).values()),
            Action.BOOKING_DECLINE,
            now,
            viewer.person,
        )
        telling.answered(place, occurrences, News.DECLINED, now, viewer.person, said or None)


def lapse(now: datetime) -> int:
    """End every wait that nobody answered in time; how many."""
    return sum(_lapse_in(place, now) for place in places.used_by(None) if _lapsed(place, now))


def _lapsed(place: Place, now: datetime) -> list[str]:
    return list(dict.fromkeys(each.booking for each in to_come.waiting(place) if each.answer_by <= now))


def _lapse_in(place: Place, now: datetime) -> int:
    with transaction(place.id, touches=Touches.BOOKINGS):
        ended = _lapsed(place, now)
        for booking_id in ended:
            occurrences = ledger.alone(place, naming.numbers_of(booking_id).values())
            _end(place, occurrences, Action.BOOKING_LAPSE, now, None)
            met = [each for each in occurrences if _at_stake(each)] or occurrences
            telling.answered(place, met, News.LAPSED, now)
    return len(ended)


def _seen(eyes: Eyes, group: Sequence[Booking]) -> Waiting | None:
    """What waits as these eyes may know it; None where they may know none of it."""
    views = tuple(view for each in group if each.key in eyes.known for view in eyes.pieces(each))
    by = group[0].answer_by
    if not views or by is None:
        return None
    told = " ".join(etag_of(view) for view in views)
    return Waiting(views, by, hashlib.sha256(told.encode()).hexdigest()[:32])


def _asked(
    viewer: Viewer, booking_id: str, tag: str | None, now: datetime
) -> tuple[Place, Sequence[Booking]]:
    """The occurrences of what waits, read under the lock. NotFound when nothing of it is for the viewer to know."""
    place = place_of(viewer, booking_id)
    standing = ledger.beside(place, naming.numbers_of(booking_id).values())
    eyes = Eyes(viewer, place.premises, standing.bookings, standing.claims, now)
    own = [each for each in standing.bookings if each.id == booking_id]
    if not any(each.key in eyes.known and eyes.pieces(each) for each in own):
        raise NotFound
    waiting = [each for each in own if _at_stake(each)]
    if not waiting or waiting[0].answer_by is None or waiting[0].answer_by <= now:
        raise Refused((Refusal(Reason.NOT_WAITING, "starts"),))
    seen = _seen(eyes, waiting)
    if tag is not None and (seen is None or seen.tag != tag):
        raise Changed
    return place, waiting


def _at_stake(occurrence: Booking) -> bool:
    """Whether it waits. What had begun when its booking was asked about again was approved before, and stands."""
    by = occurrence.answer_by
    return occurrence.status is Status.PENDING and by is not None and by <= occurrence.span.start


def _end(
    place: Place, occurrences: Sequence[Booking], action: Action, now: datetime, actor: PersonId | None
) -> None:
    """Cancel what waited of a booking."""
    booking_id = occurrences[0].id
    ended = [each for each in occurrences if _at_stake(each)]
    if ended:
        recording.cancel(ended, now)
    if any(each.status is not Status.CANCELLED for each in occurrences if each not in ended):
        recording.answer(booking_id, Status.CONFIRMED, now)
    give_back(place, [each.span for each in ended], now)
    journal.record(action, booking_id, now, actor)


# --- when it waits ----------------------------------------------------------------------------


def answer_by(premises: Premises, starts: Iterable[datetime], now: datetime) -> datetime:
    """When a wait that begins now ends by itself: in good time, and before the first of the times to come."""
    return min([now + premises.approval_kept, *(start for start in starts if start > now)])


def asks_anew(before: Booking, after: Booking, wish: Wish, now: datetime) -> bool:
    """Whether a change is another booking to whoever approved it: more time, another place, or let be seen.

    Not of what has begun: whoever is in the room stays until somebody else has it.
    """
    if not wish.waits or after.confidential or before.span.start <= now:
        return False
    more = bool(without([after.span], [before.span])) or not set(after.equipment) <= set(before.equipment)
    cleared = after.clear_desks and not before.clear_desks
    return more or cleared or before.resource != after.resource or before.confidential


def waiting_again(place: Place, changed: Sequence[Booking], now: datetime) -> list[Booking]:
    """Changed occurrences of a booking that waits from now on, as if it had been booked now."""
    after = {each.key: each for each in changed}
    others = ledger.alone(place, naming.numbers_of(changed[0].id).values())
    standing = [after.get(each.key, each) for each in others if each.status is not Status.CANCELLED]
    by = answer_by(place.premises, [each.span.start for each in standing], now)
    return [replace(each, status=Status.PENDING, answer_by=by) for each in changed]
