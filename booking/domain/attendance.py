"""Who came: when one checks in, when nobody did, and what is never released for it.

Standard library only. Whether a booking is released never depends on anybody's circles: what is confidential,
or began in time that is barred to anyone, is left alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from booking.domain.bookings import Booking, Purpose, Status
from booking.domain.claims import BySpace, Claim, Secrecy, parted
from booking.domain.disclosure import use_of
from booking.domain.premises import Kind, Premises
from booking.domain.spans import MINUTE, Span, ceiling_to, within
from booking.domain.views import Full

BEFORE_START = timedelta(minutes=15)
JUST_MADE = timedelta(minutes=30)  # made so shortly before its start, it needs no check-in
ATTENDED = frozenset({Kind.DESK, Kind.TABLE, Kind.ROOM})


def is_attended(premises: Premises, booking: Booking | Full) -> bool:
    """Whether people check in to it: a use of a place where one sits."""
    return booking.purpose is Purpose.USE and premises.by_key[booking.resource].kind in ATTENDED


def door_open(span: Span, now: datetime) -> bool:
    """Whether one may check in: from a quarter of an hour before the start until it ends."""
    return span.widened(before=BEFORE_START).contains(now)


def came(booking: Booking) -> bool:
    """Whether it counts as checked in, by somebody or by having been made just before its start, or later."""
    if booking.checked_in is not None:
        return True
    return booking.created is not None and booking.created >= booking.span.start - JUST_MADE


def is_missed(premises: Premises, booking: Booking, standing: Iterable[Claim], now: datetime) -> bool:
    """Whether nobody came within the premises' time to an occurrence that is to be released for it.

    `standing` are the claims around its start, those of others too.
    """
    late = booking.span.start + premises.check_in_within <= now < booking.span.end
    return (
        late
        and booking.status is Status.CONFIRMED
        and is_attended(premises, booking)
        and not booking.confidential
        and not came(booking)
        and not starts_barred(premises, booking, standing)
    )


def starts_barred(premises: Premises, booking: Booking, standing: Iterable[Claim]) -> bool:
    """Whether its start is barred to anyone, members of the circle or not, or had to give way."""
    start = booking.span.start
    if any(part.contains(start) for part in booking.released):
        return True
    claims = BySpace(claim for claim in standing if isinstance(claim.stake, Secrecy) and not claim.released)
    first = Span(start, start + MINUTE)
    return any(
        claim.span.contains(start)
        for zone in use_of(premises, booking).zones
        for claim in claims.over(zone, first)
    )


def ended_at(booking: Booking, now: datetime) -> Booking:
    """The occurrence as it is when it ends at the next whole minute; it must have begun and not ended."""
    end = max(ceiling_to(now, 1), booking.span.start + MINUTE)
    span = Span(booking.span.start, min(end, booking.span.end))
    return replace(booking, span=span, released=within(booking.released, span))


def cut_claims(claims: Iterable[Claim], shortened: Booking) -> tuple[Claim, ...]:
    """The claims of an occurrence as far as it now goes, those that gave way too, as old as they were."""
    mine = [claim for claim in claims if claim.occurrence == shortened.key]
    reach = Span(min((claim.span.start for claim in mine), default=shortened.span.start), shortened.span.end)
    kept = [replace(claim, span=part) for claim in mine if (part := claim.span.cut(reach))]
    return parted(kept, shortened.span, shortened.released)
