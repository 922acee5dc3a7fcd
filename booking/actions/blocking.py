"""Blocks: the coordinator's word that places are not to be had, once or in series, with a public reason or none.

A block is booked as everything else is, by `booking.actions.booking`; it is changed and cancelled so too. Imports
storage and the domain. Raises the errors of `booking.actions.errors` and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from booking.actions.booking import book
from booking.actions.errors import Refused
from booking.actions.looking import Opened, eyes_over, place_for
from booking.actions.wishing import Given, Order
from booking.domain.bookings import Repetition
from booking.domain.people import Viewer, Visibility
from booking.domain.permissions import Deed, require
from booking.domain.premises import Kind, Premises, Resource
from booking.domain.refusals import Reason, Refusal
from booking.domain.spans import Span
from booking.domain.views import Full
from booking.storage.places import Place

LAST = (Kind.ROOM, Kind.EQUIPMENT)  # what stands for a block is a place in a zone, without walls to move


@dataclass(frozen=True)
class Wanted:
    """What the coordinator wants kept from everybody. `places`: resources, zones, or the premises, by key.

    A `public` reason is shown to everyone. Without one, nobody but their own organisation sees more than Busy.
    The rest is as in an order.
    """

    premises: str
    places: tuple[str, ...]
    span: Span
    reason: str = ""
    public: bool = True
    repeat: Repetition | None = None
    skip: bool = False
    left_out: tuple[datetime, ...] | None = None
    displace: frozenset[Given] | None = None
    begun_too: bool = False


def block(viewer: Viewer, wanted: Wanted, now: datetime) -> Opened:
    """Keep places from everybody. Refused by a rule; Clash by what stands, or by what would give way unasked."""
    return book(viewer, order_of(viewer, wanted), now)


def order_of(viewer: Viewer, wanted: Wanted) -> Order:
    """The order that a block is. Refused when it names no place that is there, or no reason where it is public."""
    require(viewer, Deed.BLOCK_MAKE)
    premises = place_for(viewer, wanted.premises).premises
    first, *others = places_named(premises, wanted.places)
    if wanted.public and not wanted.reason.strip():
        raise Refused((Refusal(Reason.REASON_MISSING, "title"),))
    return Order(
        premises=premises.key,
        resource=first.key,
        span=wanted.span,
        title=wanted.reason.strip(),
        visibility=Visibility.OPEN if wanted.public else Visibility.OWN,
        equipment=tuple(each.key for each in others),
        displace=wanted.displace,
        begun_too=wanted.begun_too,
        repeat=wanted.repeat,
        skip=wanted.skip,
        left_out=wanted.left_out,
        blocked=True,
    )


def places_named(premises: Premises, names: Iterable[str]) -> Sequence[Resource]:
    """The resources that places are, one at least: each that is named, all in a zone, all there are.

    Refused when one of them is not there, or has nothing in it.
    """
    given = list(dict.fromkeys(names))
    zones = frozenset(zone.key for zone in premises.zones if zone.key in given)
    everything = premises.key in given
    unknown = set(given) - zones - set(premises.by_key) - {premises.key}
    inside = set(premises.lying_in(zones))
    unknown |= {zone for zone in zones if not any(zone in each.zones for each in inside)}
    found = [each for each in premises.resources if everything or each in inside or each.key in given]
    if unknown or not found:
        raise Refused((Refusal(Reason.UNKNOWN_RESOURCE, "resource"),))
    return sorted(found, key=lambda each: LAST.index(each.kind) + 1 if each.kind in LAST else 0)


def coming(viewer: Viewer, place: Place, window: Span, now: datetime) -> tuple[Full, ...]:
    """The blocks and closures in a window, by start, as the coordinator sees them."""
    require(viewer, Deed.BLOCK_MAKE)
    eyes, _ = eyes_over(viewer, place, window, now)
    own = [each for each in eyes.known.values() if each.purpose.keeps_out]
    views = [eyes.whole(each) for each in own if each.span.overlaps(window)]
    return tuple(sorted(views, key=lambda view: (view.span, view.id)))
