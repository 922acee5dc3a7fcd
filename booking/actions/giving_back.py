"""Giving back: what had to give way is whole again when the reason goes, as far as nothing else has come there.

Called in the transaction that holds the premises' lock, after claims were lifted. Imports storage and the domain.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from booking.actions import telling
from booking.domain.bookings import Booking
from booking.domain.claims import Claim, Secrecy, demands, parted
from booking.domain.disclosure import Eyes, use_of
from booking.domain.displacement import free_again, in_the_way
from booking.domain.people import OrganisationId, Viewer
from booking.domain.spans import Span, merged, within, without
from booking.storage import giving_way, ledger, recording
from booking.storage.circles import all_circles, circles_of
from booking.storage.giving_way import Displaced
from booking.storage.places import Place


def give_back(place: Place, lifted: Iterable[Span], now: datetime, moved: Collection[str] = ()) -> None:
    """Claim again what was released in the lifted time and is free now; tell whom it was given.

    Nothing that has ended is given back, nor anything in the part that has passed. `moved` are the keys of those
    whose own people have just moved them: they need not be told.
    """
    changeover = place.premises.changeover
    spans = merged(span.widened(changeover, changeover) for span in lifted if span.end > now)
    for number in giving_way.gave_way(place, spans, now) if spans else ():
        _claim_again(place, number, now)
    _end_all(place, giving_way.displaced(place, spans, now) if spans else (), now, moved)


def give_back_to(place: Place, organisation: OrganisationId, admitted: Sequence[Span], now: datetime) -> None:
    """An organisation is admitted to what bars the spans to others: what was mute there of its bookings is not now.

    Nothing is claimed anew. Of others' bookings nothing is asked: who is in a circle is nothing to them.
    """
    _end_all(place, giving_way.displaced(place, admitted, now, organisation) if admitted else (), now)


def _end_all(place: Place, found: Iterable[Displaced], now: datetime, moved: Collection[str] = ()) -> None:
    whole: dict[str, Booking] = {}
    for displaced in found:
        if booking := _end(place, displaced, now):
            whole[booking.key] = booking
    for booking in whole.values():
        if booking.key not in moved:
            telling.given_back(place, booking, now)


def _claim_again(place: Place, number: int, now: datetime) -> None:
    standing = ledger.beside(place, [number])
    booking = standing.numbered(number)
    own = [each for each in standing.claims if each.occurrence == booking.key]
    others = in_the_way(own, (each for each in standing.claims if each.occurrence != booking.key))
    wanted = demands(place.premises, use_of(place.premises, booking))
    ahead = within(booking.released, Span(now, booking.span.end))
    since = min((each.since for each in own if isinstance(each.stake, Secrecy)), default=0)
    free = free_again(wanted, ahead, others, all_circles().admits, since)
    if free:
        recording.hold_again(place, booking, parted(own, booking.span, without(booking.released, free)))


def _end(place: Place, displaced: Displaced, now: datetime) -> Booking | None:
    """Note a displacement as ended once its organiser has the time again.

    The booking, when all that is left of it is there again: that is what they can see for themselves, however
    many things had barred it.
    """
    standing = ledger.beside(place, [displaced.occurrence])
    booking = standing.numbered(displaced.occurrence)
    lost = suspended(place, booking, standing.bookings, standing.claims, now)
    if within(lost, displaced.span):
        return None
    recording.give_back([displaced.number], now)
    return None if within(lost, Span(now, booking.span.end)) else booking


def suspended(
    place: Place, booking: Booking, bookings: Sequence[Booking], claims: Sequence[Claim], now: datetime
) -> tuple[Span, ...]:
    """The part of an occurrence that is not there for the organisation whose booking it is."""
    own = Viewer(
        person=booking.organiser,
        organisation=booking.organisation,
        category=booking.category,
        circles=circles_of(booking.organisation).opened(proved=True),
    )
    eyes = Eyes(own, place.premises, bookings, claims, now)
    return eyes.whole(booking).suspended
