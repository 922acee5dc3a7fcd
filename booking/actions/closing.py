"""Emergency closures: the coordinator closes zones at once, whatever is there, and is told nothing of what that was.

Everything in the zones gives way, hidden or not, whatever its rank, and is given back when the closure ends before
its time. A block or an older closure gives way to a newer one too: the newer is what everybody reads. Imports
storage and the domain. Raises the errors of `booking.actions.errors` and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from booking.actions.blocking import places_named
from booking.actions.booking import new_booking, store
from booking.actions.errors import NotFound, Refused
from booking.actions.giving_back import give_back
from booking.actions.judging import Judged, Tried
from booking.actions.looking import Opened, eyes_over, look_at, place_for, place_of, seen_whole, stored
from booking.actions.wishing import Order, present, resolve, rule_out
from booking.domain.attempts import NEWEST, Verdict
from booking.domain.attendance import cut_claims
from booking.domain.bookings import Booking, Purpose
from booking.domain.claims import Claim, demands, laid
from booking.domain.displacement import Loss
from booking.domain.people import NO_CIRCLES, Viewer, Visibility
from booking.domain.permissions import Deed, require
from booking.domain.premises import Premises
from booking.domain.refusals import Reason, Refusal
from booking.domain.spans import Span, within, without
from booking.storage import journal, ledger, naming, recording
from booking.storage.database import transaction
from booking.storage.journal import Action
from booking.storage.ledger import Standing
from booking.storage.places import Place


@dataclass(frozen=True)
class Closing:
    """What the coordinator closes. `places`: zones, or the premises, by key; `start` None is at once; UTC."""

    premises: str
    places: tuple[str, ...]
    end: datetime
    reason: str
    start: datetime | None = None


def close(viewer: Viewer, wanted: Closing, now: datetime) -> Opened:
    """Close zones to everybody. Refused by a rule; never a clash, and never a word of what was there."""
    require(viewer, Deed.CLOSURE_MAKE)
    place = place_for(viewer, wanted.premises)
    order = _order(place.premises, wanted, now)
    with transaction(place.id):
        closure = _close(present(viewer), place, order, now)
    return look_at(viewer, closure.id, now)


def end(viewer: Viewer, booking_id: str, now: datetime) -> None:
    """End a closure before its time: what gave way is given back. Refused when it has ended."""
    require(viewer, Deed.CLOSURE_MAKE)
    with transaction(place_of(viewer, booking_id).id):
        place, booking, eyes = stored(present(viewer), booking_id, now)
        if booking.purpose is not Purpose.CLOSURE:
            raise NotFound
        require(viewer, Deed.BOOKING_CANCEL, seen_whole(eyes, booking))
        if booking.span.end <= now:
            raise Refused((Refusal(Reason.ENDED, "starts"),))
        held = ledger.beside(place, naming.numbers_of(booking.id).values()).claims
        _shorten(place, booking, held, now)
        give_back(place, [booking.span], now)
        journal.record(Action.CLOSURE_END, booking.id, now, viewer.person)


def _order(premises: Premises, wanted: Closing, now: datetime) -> Order:
    zones = {zone.key for zone in premises.zones}
    if not set(wanted.places) <= zones | {premises.key}:
        raise Refused((Refusal(Reason.UNKNOWN_RESOURCE, "resource"),))
    first, *others = places_named(premises, wanted.places)
    if not wanted.reason.strip():
        raise Refused((Refusal(Reason.REASON_MISSING, "title"),))
    start = wanted.start or _whole_minute(now)
    return Order(
        premises=premises.key,
        resource=first.key,
        span=Span(start, wanted.end),
        title=wanted.reason.strip(),
        visibility=Visibility.OPEN,
        equipment=tuple(each.key for each in others),
        blocked=True,
    )


def _whole_minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


def _close(viewer: Viewer, place: Place, order: Order, now: datetime) -> Booking:
    resolved = resolve(viewer, place, order, now)
    rule_out(resolved)
    wish = resolved.wishes[0]
    eyes, standing = eyes_over(viewer, place, order.span, now)
    added = laid(demands(place.premises, wish.use), order.span, "", NEWEST)
    losses = tuple(_losses(added, order.span, standing))
    verdict = Verdict(False, (), (), losses, NO_CIRCLES, kept=(), added=added)
    judged = Judged((Tried(wish, (), verdict),), eyes, standing, resolved.invited, resolved.organiser)
    made = [replace(each, purpose=Purpose.CLOSURE) for each in new_booking(judged, order, now)]
    store(place, judged, made, now, viewer.person)
    return made[0]


def _losses(added: Sequence[Claim], span: Span, standing: Standing) -> Iterator[Loss]:
    """What everything in the closed places loses: all of its time in the span, as if it were nowhere then."""
    closed = {claim.space for claim in added}
    inside = {
        claim.occurrence
        for claim in standing.claims
        if claim.space in closed and not claim.released and claim.span.overlaps(span)
    }
    for booking in standing.bookings:
        if booking.key in inside:
            spans = without(within([span], booking.span), booking.released)
            yield Loss(booking.key, spans, released=True)


def _shorten(place: Place, booking: Booking, held: Iterable[Claim], now: datetime) -> None:
    """What has begun ends now, and stays in history as long as it was; what has not is cancelled."""
    span = Span(booking.span.start, _whole_minute(now))
    if span.start >= span.end:
        recording.cancel([booking], now)
        return
    ended = replace(
        booking, span=span, version=booking.version + 1, sequence=booking.sequence + 1, changed=now
    )
    recording.change(place, [ended], cut_claims(held, ended))
