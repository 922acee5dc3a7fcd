"""Bookings and their claims written down: added, changed, cancelled, given way. Imports domain and tables.

Called in the transaction that holds the premises' lock, after everything was judged. The occurrences given to
one call are all of one booking.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, select, update

from booking.domain.bookings import Booking, Repetition, Status, key_of
from booking.domain.claims import Claim
from booking.domain.people import PersonId
from booking.domain.spans import Span
from booking.storage.database import run
from booking.storage.naming import numbers_of
from booking.storage.places import Place
from booking.storage.stakes import columns
from booking.storage.tables import (
    attendees,
    bookings,
    claims,
    displacements,
    occurrences,
    refused_dates,
    terms,
    terms_circles,
    terms_equipment,
)

AT_ONCE = 500


def add(place: Place, made: Sequence[Booking]) -> dict[str, int]:
    """Store a new booking with all its occurrences and what it takes along; its claims are laid after.

    The numbers of its occurrences by their keys.
    """
    first = made[0]
    row = {
        "id": first.id,
        "premises_id": place.id,
        "uid": first.uid,
        "kind": first.purpose.value,
        "created_at": first.created,
        **_of_the_booking(first),
    }
    run(bookings.insert(), row)
    for shared in {each.terms: each for each in made}.values():
        run(terms.insert(), {"id": shared.terms, **_of_the_terms(place, shared)})
        _add_belongings(place, shared)
    return _add_occurrences(place, made)


def add_occurrence(place: Place, made: Booking) -> None:
    """Store a new occurrence of a booking that stands, with its terms; no claims yet."""
    put_terms(place, made)
    _add_occurrences(place, [made])


def _add_occurrences(place: Place, made: Sequence[Booking]) -> dict[str, int]:
    rows = [
        {
            "booking_id": each.id,
            "premises_id": place.id,
            "occurrence": each.occurrence,
            "made_at": each.created,
            **_of_the_occurrence(each),
        }
        for each in made
    ]
    stored = run(occurrences.insert().returning(occurrences.c.occurrence, occurrences.c.id), rows)
    return {key_of(made[0].id, name): number for name, number in stored}


def change(place: Place, changed: Sequence[Booking], laid: Iterable[Claim] | None) -> None:
    """Store changed occurrences; with claims, these take the place of those the occurrences had."""
    first = changed[0]
    run(update(bookings).where(bookings.c.id == first.id).values(**_of_the_booking(first)))
    for shared in {each.terms: each for each in changed}.values():
        put_terms(place, shared)
    run(
        update(occurrences).where(
            occurrences.c.booking_id == bindparam("whose"), occurrences.c.occurrence == bindparam("which")
        ),
        [{"whose": each.id, "which": each.occurrence, **_of_the_occurrence(each)} for each in changed],
    )
    if laid is not None:
        _lift(changed)
        lay(place, _named(first.id), laid)


def cancel(changed: Sequence[Booking], now: datetime, missed: bool = False) -> None:
    """Cancel occurrences: they stay in history, and their claims are lifted.

    The booking is cancelled with the last of them. `missed`: nobody came.
    """
    first = changed[0]
    _lift(changed)
    run(
        update(occurrences)
        .where(occurrences.c.id.in_(bindparam("numbers", expanding=True)))
        .values(cancelled=True, missed=missed, changed_at=now, sequence=occurrences.c.sequence + 1),
        {"numbers": _numbers(changed)},
    )
    left = select(occurrences.c.id).where(occurrences.c.booking_id == first.id, ~occurrences.c.cancelled)
    values: dict[str, Any] = {"version": bookings.c.version + 1}
    if run(left.limit(1)).first() is None:
        values |= {"status": Status.CANCELLED.value, "answer_by": None}
    run(update(bookings).where(bookings.c.id == first.id).values(**values))


def restore(place: Place, restored: Sequence[Booking], laid: Iterable[Claim], now: datetime) -> None:
    """Cancelled occurrences stand again as they are given, with new claims; calendars are told by a new sequence."""
    first = restored[0]
    run(
        update(occurrences)
        .where(occurrences.c.id.in_(bindparam("numbers", expanding=True)))
        .values(cancelled=False, changed_at=now, sequence=occurrences.c.sequence + 1),
        {"numbers": _numbers(restored)},
    )
    values = {"status": first.status.value, "answer_by": first.answer_by, "version": bookings.c.version + 1}
    run(update(bookings).where(bookings.c.id == first.id).values(**values))
    lay(place, _named(first.id), laid)


def hold_again(place: Place, booking: Booking, laid: Iterable[Claim]) -> None:
    """The claims of one occurrence anew: parted otherwise into what stands and what gave way."""
    _lift([booking])
    lay(place, _named(booking.id), laid)


def hold_otherwise(place: Place, anew: Mapping[str, Sequence[tuple[Booking, Sequence[Claim]]]]) -> None:
    """The claims of occurrences anew, by their bookings. All are lifted before any is laid: they may trade places."""
    for some in anew.values():
        _lift([each for each, _ in some])
    for booking, some in anew.items():
        lay(place, _named(booking), [claim for _, laid in some for claim in laid])


def keep_out_of(place: Place, terms_id: str, resources: Iterable[str]) -> None:
    """What has these terms keeps everybody out of just these, beside its own resource."""
    run(delete(terms_equipment).where(terms_equipment.c.terms_id == terms_id))
    rows = [{"terms_id": terms_id, "space_id": place.space_ids[key]} for key in resources]
    if rows:
        run(terms_equipment.insert(), rows)


def answer(booking: str, status: Status, now: datetime) -> None:
    """Store the answer to what waited for approval; calendars are told by a new sequence (RFC 5546 section 2.1.4)."""
    values = {"status": status.value, "answer_by": None, "version": bookings.c.version + 1}
    run(update(bookings).where(bookings.c.id == booking).values(**values))
    standing = update(occurrences).where(occurrences.c.booking_id == booking, ~occurrences.c.cancelled)
    run(standing.values(sequence=occurrences.c.sequence + 1, changed_at=now))


def hand_over(booking: str, to: PersonId, numbers: Sequence[int], now: datetime) -> None:
    """A booking has another organiser, whom its coming occurrences were changed to."""
    values = {"organiser_id": to, "version": bookings.c.version + 1}
    run(update(bookings).where(bookings.c.id == booking).values(**values))
    for start in range(0, len(numbers), AT_ONCE):
        some = occurrences.c.id.in_(numbers[start : start + AT_ONCE])
        run(update(occurrences).where(some).values(changed_at=now))


def check_in(booking: Booking, now: datetime) -> None:
    """Note that somebody came."""
    here = update(occurrences).where(occurrences.c.id.in_(_numbers([booking])))
    run(here.values(checked_in_at=now))


def remind(number: int, now: datetime) -> None:
    """Note that those who wanted to be reminded by now were."""
    run(update(occurrences).where(occurrences.c.id == number).values(reminded_at=now))


# --- refused dates ----------------------------------------------------------------------------


def keep_refused(booking: str, refused: Iterable[tuple[Span, str]]) -> None:
    """Keep the dates of a series that were refused, each with the slug of its reason."""
    rows = [
        {"booking_id": booking, "starts": span.start, "ends": span.end, "reason": reason}
        for span, reason in refused
    ]
    if rows:
        run(refused_dates.insert(), rows)


def forget_refused(booking: str, starts: datetime) -> None:
    """A refused date was booked after all."""
    found = refused_dates.c
    run(delete(refused_dates).where(found.booking_id == booking, found.starts == starts))


# --- giving way -------------------------------------------------------------------------------


def displace(booking: Booking, by: str, spans: Iterable[Span], now: datetime, moved: bool = False) -> None:
    """Note the parts of an occurrence that gave way, to which booking, and when its organiser is told."""
    (number,) = _numbers([booking])
    rows = [
        {
            "occurrence_id": number,
            "by_booking_id": by,
            "starts": part.start,
            "ends": part.end,
            "told_at": now,
            "moved": moved,
        }
        for part in spans
    ]
    if rows:
        run(displacements.insert(), rows)


def give_back(numbers: Iterable[int], now: datetime) -> None:
    """Note that displacements have come to their end."""
    run(update(displacements).where(displacements.c.id.in_(list(numbers))).values(given_back_at=now))


# --- rows -------------------------------------------------------------------------------------


def _of_the_booking(booking: Booking) -> dict[str, Any]:
    repetition = booking.repetition
    return {
        "organisation_id": booking.organisation,
        "organiser_id": booking.organiser,
        "urgent": booking.urgent,
        "status": booking.status.value,
        "answer_by": booking.answer_by,
        "rule": repetition.rule if repetition else None,
        "excepted": _excepted(repetition),
        "version": booking.version,
    }


def _excepted(repetition: Repetition | None) -> str | None:
    days = repetition.excepted if repetition else ()
    return ",".join(day.isoformat() for day in days) or None


def _of_the_occurrence(booking: Booking) -> dict[str, Any]:
    return {
        "organisation_id": booking.organisation,
        "terms_id": booking.terms,
        "starts": booking.span.start,
        "ends": booking.span.end,
        "sequence": booking.sequence,
        "changed_at": booking.changed,
        "checked_in_at": booking.checked_in,
    }


def put_terms(place: Place, booking: Booking) -> None:
    """Store what occurrences take and say, in place of what these terms were before."""
    values = _of_the_terms(place, booking)
    changed = run(update(terms).where(terms.c.id == booking.terms).values(**values))
    if not changed.rowcount:
        run(terms.insert().values(id=booking.terms, **values))
    else:
        for table in (terms_circles, terms_equipment, attendees):
            run(delete(table).where(table.c.terms_id == booking.terms))
    _add_belongings(place, booking)


def _of_the_terms(place: Place, booking: Booking) -> dict[str, Any]:
    content = booking.content
    return {
        "booking_id": booking.id,
        "space_id": place.space_ids[booking.resource],
        "visibility": booking.visibility.value,
        "circle_id": booking.circle,
        "clear_desks": booking.clear_desks,
        "title": content.title if content and not booking.confidential else None,
        "note": content.note if content and not booking.confidential else None,
    }


def _add_belongings(place: Place, booking: Booking) -> None:
    """Circles, equipment and, where they are not sealed, the people invited."""
    known = booking.content.attendees if booking.content and not booking.confidential else ()
    for table, column, values in (
        (terms_circles, "circle_id", sorted(booking.circles)),
        (terms_equipment, "space_id", [place.space_ids[key] for key in booking.equipment]),
        (attendees, "person_id", [each.person for each in known]),
    ):
        if values:
            run(table.insert(), [{"terms_id": booking.terms, column: value} for value in values])


def _named(booking: str) -> dict[str, int]:
    return {key_of(booking, name): number for name, number in numbers_of(booking).items()}


def _numbers(changed: Sequence[Booking]) -> list[int]:
    names = _named(changed[0].id)
    return [names[each.key] for each in changed]


def _lift(changed: Sequence[Booking]) -> None:
    numbers = _numbers(changed)
    for start in range(0, len(numbers), AT_ONCE):
        run(delete(claims).where(claims.c.occurrence_id.in_(numbers[start : start + AT_ONCE])))


def lay(place: Place, numbers: Mapping[str, int], laid: Iterable[Claim]) -> None:
    """Store claims of occurrences, whose numbers are given by their keys."""
    rows = [_claim_row(place, numbers[claim.occurrence], claim) for claim in laid]
    if rows:
        run(claims.insert(), rows)


def _claim_row(place: Place, occurrence: int, claim: Claim) -> dict[str, Any]:
    return {
        "premises_id": place.id,
        "space_id": place.space_ids[claim.space],
        "occurrence_id": occurrence,
        **columns(claim.stake)._asdict(),
        "starts": claim.span.start,
        "ends": claim.span.end,
        "since": claim.since,
        "released": claim.released,
    }
