"""What a use that stands holds once its premises was changed: what it would lay there if it were made today.

Standard library only. Nothing gives way to a changed premises, and nothing falls silent for it: whoever changes it
has to settle first what could not stand there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence

from booking.domain.bookings import Booking
from booking.domain.claims import (
    Admits,
    BySpace,
    Claim,
    Demand,
    Stake,
    compatible,
    kept_and_added,
    laid,
    parted,
)
from booking.domain.premises import Premises
from booking.domain.spans import Span, merged


def claimed_alike(one: Premises, other: Premises) -> bool:
    """Whether every use lays the same claims in both: names, hours and rules, and what is retired, change none."""
    return _shape(one) == _shape(other)


def _shape(premises: Premises) -> object:
    return (
        premises.changeover,
        {zone.key for zone in premises.zones},
        {(wall.key, wall.between) for wall in premises.partitions},
        {(each.key, each.kind, each.zones) for each in premises.resources},
    )


def also_kept_out(before: Premises, after: Premises, kept: Collection[str]) -> tuple[str, ...]:
    """What has come to be where a block or closure of some resources keeps everybody out, by key.

    A zone of which it kept everything it keeps whole; and the premises, where it kept all there was.
    """
    known = frozenset(kept)
    if known >= before.by_key.keys():
        return tuple(key for key in after.by_key if key not in known)
    whole = {each.key for each in before.zones if (inside := _in(before, {each.key})) and inside <= known}
    was, there = _in(before, whole), _in(after, whole)
    return tuple(key for key in after.by_key if key in there - was - known)


def _in(premises: Premises, zones: Collection[str]) -> frozenset[str]:
    return frozenset(each.key for each in premises.lying_in(frozenset(zones)))


def refitted(
    before: Iterable[Demand], after: Iterable[Demand], held: Sequence[Claim], booking: Booking, since: int
) -> tuple[Claim, ...]:
    """The claims of an occurrence whose use demanded something else before the premises was changed.

    What stays is as old as it was, what is new of the age `since`; what had given way before gives way in all.
    """
    old, wanted = set(before), list(after)
    new = [each for each in wanted if each not in old]
    touched = {(each.space, each.stake) for each in (*new, *(old - set(wanted)))}
    kept, added = kept_and_added(laid(new, booking.span, booking.key, since), held, since)
    untouched = (claim for claim in held if (claim.space, claim.stake) not in touched)
    return parted((*untouched, *kept, *added), booking.span, booking.released)


def cannot_stand(standing: Iterable[Claim], since: int, admits: Admits) -> Iterator[tuple[Claim, Claim]]:
    """Every claim of the age `since` with a standing one of another occurrence that it cannot stand with."""
    spaces = BySpace(claim for claim in standing if not claim.released)
    for claims in spaces.groups():
        for claim in (each for each in claims if each.since == since):
            for other in spaces.over(claim.space, claim.span):
                apart = other.occurrence != claim.occurrence
                if apart and not compatible(claim.stake, other.stake, admits):
                    yield claim, other


def fits(wanted: Iterable[Demand], held: Iterable[Claim], booking: Booking) -> bool:
    """Whether an occurrence holds just what its use demands, in the time in which it has not given way."""
    whole = laid(wanted, booking.span, booking.key, 0)
    return _times(held) == _times(parted(whole, booking.span, booking.released))


def _times(claims: Iterable[Claim]) -> dict[tuple[str, Stake, bool], tuple[Span, ...]]:
    found: dict[tuple[str, Stake, bool], list[Span]] = defaultdict(list)
    for claim in claims:
        found[claim.space, claim.stake, claim.released].append(claim.span)
    return {about: merged(spans) for about, spans in found.items()}
