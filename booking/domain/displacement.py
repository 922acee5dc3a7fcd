"""Who gives way to whom, for which time, and when it is given back.

Standard library only. Rank decides only whether a Hold or a wall may give way; ordinary Presence always does,
to anything confidential.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from booking.domain.bookings import Booking
from booking.domain.claims import (
    Admits,
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
from booking.domain.people import CircleId, OrganisationId, Viewer
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
    if not use.presses or booking.confidential or booking.purpose.keeps_out:
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


def everybody(_organisation: OrganisationId, _circle: CircleId) -> bool:
    """Circles left out of account."""
    return True


def in_the_way(own: Iterable[Claim], others: Iterable[Claim]) -> BySpace:
    """What may keep an occurrence with its `own` claims from what it has released.

    That is all that stands, and what came after it even where that had to give way in turn: it is given back
    first. Else who has a place again after a briefing would tell whether the briefing had taken the place too.
    """
    mine = BySpace(own)
    return BySpace(
        each
        for each in others
        if not each.released or any(old.since < each.since for old in mine.over(each.space, each.span))
    )


def free_again(
    wanted: Iterable[Demand],
    released: Iterable[Span],
    others: BySpace,
    admits: Admits = everybody,
    since: int = 0,
) -> tuple[Span, ...]:
    """The released time in which nothing of what is in the way meets a use with these demands.

    A Hold or a wall is met by what holds it now. A secret, as old as `since`, is met by another circle's, and by
    whoever came since and is not admitted: an older presence is mute in it.
    """
    asked = list(wanted)
    firm = [each for each in asked if isinstance(each.stake, Hold | WallState)]
    secret = [each for each in asked if isinstance(each.stake, Secrecy)]
    refused = [refused_time(demand, claim) for demand, claim in refusing(firm, others, everybody)]
    refused += [
        claim.span
        for _, claim in refusing(secret, others, admits)
        if isinstance(claim.stake, Secrecy) or claim.since > since
    ]
    return without(released, refused)
