"""Who gives way to whom, for which time, and when it is given back.

Standard library only. Rank decides only whether a Hold or a wall may give way; ordinary Presence always does,
to anything confidential.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from booking.domain.bookings import Booking, Purpose
from booking.domain.claims import (
    BySpace,
    Claim,
    Demand,
    Hold,
    Presence,
    Secrecy,
    Use,
    WallState,
    demands,
    lost_time,
    refused_time,
    refusing,
)
from booking.domain.disclosure import use_of
from booking.domain.people import Viewer
from booking.domain.premises import Premises
from booking.domain.spans import Span, common, within, without

LOWEST = 2**31  # the rank of those whose category has no rule


@dataclass(frozen=True)
class Loss:
    """What one occurrence loses to a newer use, UTC. `released`: its claims go too, for a Hold or a wall met."""

    occurrence: str
    spans: tuple[Span, ...]
    released: bool


def gives_way(ours: Claim, standing: Claim) -> bool:
    """Whether ordinary presence gives way: it does, whatever its rank, to anything confidential."""
    return isinstance(ours.stake, Secrecy) and isinstance(standing.stake, Presence)


def outranks(premises: Premises, viewer: Viewer, use: Use, booking: Booking) -> bool:
    """Whether a use may take a booking's Hold or wall: by rank, and never what is confidential or a block."""
    if not use.presses or booking.confidential or booking.purpose is not Purpose.USE:
        return False
    own, theirs = premises.rule_for(viewer.category), premises.rule_for(booking.category)
    return own is not None and own.rank < (theirs.rank if theirs else LOWEST)


def loss(premises: Premises, booking: Booking, newer: Iterable[Claim], met: Iterable[Claim]) -> Loss:
    """What a booking loses to newer claims, of which `met` are its own claims that they cannot stand with.

    A Hold gives way for all the time in which its resource is Busy to outsiders because of what is newer, the
    changeover included; presence alone for the time it is heard.
    """
    added, own = list(newer), list(met)
    if any(isinstance(claim.stake, Hold | WallState) for claim in own):
        lost = lost_time(demands(premises, use_of(premises, booking)), added)
        return Loss(booking.key, without(within(lost, booking.span), booking.released), released=True)
    heard = [claim.span for claim in added if isinstance(claim.stake, Secrecy)]
    return Loss(booking.key, common((claim.span for claim in own), heard), released=False)


def free_again(wanted: Iterable[Demand], released: Iterable[Span], others: BySpace) -> tuple[Span, ...]:
    """The released time in which nothing that stands meets a Hold or a wall of a use with these demands."""
    firm = [each for each in wanted if not isinstance(each.stake, Presence | Secrecy)]
    refused = [
        refused_time(demand, claim)
        for demand, claim in refusing(firm, others, lambda _organisation, _circle: True)
    ]
    return without(released, refused)
