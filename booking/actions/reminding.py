"""Reminding people of what is to come, as long before as each of them chose. Imports storage and the domain.

An occurrence remembers when somebody was last reminded of it: whoever was due by then has been told, so that
people who chose different times get one reminder each.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from booking.actions import telling
from booking.domain.bookings import Booking
from booking.domain.disclosure import Eyes
from booking.domain.people import PersonId
from booking.domain.spans import Span
from booking.storage import directory, ledger, places, recording, to_come
from booking.storage.database import Touches, transaction
from booking.storage.directory import Person
from booking.storage.ledger import Standing
from booking.storage.places import Place


def remind(now: datetime) -> int:
    """Remind whoever is due; how many reminders were sent. To run it again, or twice at once, does no harm."""
    ahead = Span(now, now + directory.longest_reminder())
    waiting = [place for place in places.used_by(None) if to_come.to_remind(place, ahead)]
    return sum(_remind(place, ahead, now) for place in waiting)


def _remind(place: Place, ahead: Span, now: datetime) -> int:
    sent = 0
    with transaction(place.id, touches=Touches.BOOKINGS):
        waiting = to_come.to_remind(place, ahead)
        standing = ledger.beside(place, [number for number, _ in waiting])
        concerned = _people_of(standing.numbered(number) for number, _ in waiting)
        for number, before in waiting:
            booking = standing.numbered(number)
            due = [
                person
                for person in _due(booking, concerned, before, now)
                if _starts_for(person, place, standing, booking, now)
            ]
            for person in due:
                telling.reminded(place, booking, person.id, now)
            if due:
                recording.remind(number, now)
            sent += len(due)
    return sent


def _people_of(bookings: Iterable[Booking]) -> dict[PersonId, Person]:
    return directory.people_by_id({number for each in bookings for number in (each.organiser, *each.invited)})


def _due(
    booking: Booking, concerned: dict[PersonId, Person], before: datetime | None, now: datetime
) -> Iterator[Person]:
    """Its people whose time to be reminded has come since somebody last was.

    Whom a confidential one invites is sealed: its organiser alone is reminded.
    """
    for number in sorted({booking.organiser, *booking.invited}):
        person = concerned[number]
        if person.reminded_before is None or person.ended(now):
            continue
        when = booking.span.start - person.reminded_before
        if when <= now and (before is None or when > before):
            yield person


def _starts_for(person: Person, place: Place, standing: Standing, booking: Booking, now: datetime) -> bool:
    """Whether it is there for the person from its start on, as they may know it: not suspended, not busy to them."""
    reader = directory.viewer_of(person, proved=True)  # the notice itself is read with the eyes of a session
    eyes = Eyes(reader, place.premises, standing.bookings, standing.claims, now)
    if booking.key not in eyes.known:
        return False
    return any(piece.span.start == booking.span.start for piece in eyes.pieces(booking))
