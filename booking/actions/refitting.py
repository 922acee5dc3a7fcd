"""Refitting: what is booked ahead holds, in a premises that was changed, what it would hold if it were booked now.

Called in the transaction that stored the changed premises and holds its lock. Imports storage and the domain.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from booking.actions.giving_back import give_back
from booking.domain.bookings import Booking
from booking.domain.claims import Claim, demands
from booking.domain.definition import DefinitionError
from booking.domain.disclosure import use_of
from booking.domain.premises import Premises
from booking.domain.refitting import also_kept_out, cannot_stand, claimed_alike, fits, refitted
from booking.storage import ledger, places, recording
from booking.storage.circles import all_circles
from booking.storage.places import Place


@dataclass(frozen=True)
class Fitted:
    """An occurrence as it is in the changed premises, with all its claims; `frees` where it gave some up."""

    booking: Booking
    claims: tuple[Claim, ...]
    frees: bool


def refit(before: Premises, place: Place, now: datetime) -> None:
    """Lay what has not ended as the changed premises has it; DefinitionError where something could not stand there.

    What is only added to a premises has no claims yet, so that adding is never refused.
    """
    if claimed_alike(before, place.premises):
        return
    numbers = ledger.numbers_ahead(place, now)
    standing = ledger.beside(place, numbers)
    coming = {standing.named[number] for number in numbers}
    ahead = [each for each in standing.bookings if each.key in coming]
    turn = places.next_turn(place.id)
    fitted = list(_fitted(before, place.premises, ahead, standing.claims, turn))
    _refuse_clashes(place.premises, fitted, standing.claims, turn)
    _store(place, fitted)
    give_back(place, [each.booking.span for each in fitted if each.frees], now)


def _fitted(
    before: Premises, after: Premises, ahead: Iterable[Booking], claims: Iterable[Claim], turn: int
) -> Iterator[Fitted]:
    """Those whose use takes something else than before, or keeps something else from everybody."""
    own = _by_occurrence(claims)
    for booking in ahead:
        kept = _keeping_out(before, after, booking)
        old, wanted = (demands(one, use_of(one, it)) for one, it in ((before, booking), (after, kept)))
        if kept != booking or set(old) != set(wanted):
            held = refitted(old, wanted, own[booking.key], booking, turn)
            yield Fitted(kept, held, frees=not set(old) <= set(wanted))


def _keeping_out(before: Premises, after: Premises, booking: Booking) -> Booking:
    if not booking.purpose.keeps_out:
        return booking
    more = also_kept_out(before, after, (booking.resource, *booking.equipment))
    return replace(booking, equipment=tuple(sorted((*booking.equipment, *more))))


def _by_occurrence(claims: Iterable[Claim]) -> Mapping[str, Sequence[Claim]]:
    found: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        found[claim.occurrence].append(claim)
    return found


def _refuse_clashes(premises: Premises, fitted: Sequence[Fitted], claims: Iterable[Claim], turn: int) -> None:
    anew = {each.booking.key for each in fitted}
    others = [claim for claim in claims if claim.occurrence not in anew]
    there = [*others, *(claim for each in fitted for claim in each.claims)]
    met = {
        f"{one.space} {max(one.span.start, other.span.start).astimezone(premises.zone):%Y-%m-%d %H:%M}"
        for one, other in cannot_stand(there, turn, all_circles().admits)
    }
    if met:
        raise DefinitionError(f"what is booked ahead could not stand there: {', '.join(sorted(met))}")


def _store(place: Place, fitted: Sequence[Fitted]) -> None:
    anew: dict[str, list[tuple[Booking, Sequence[Claim]]]] = defaultdict(list)
    for each in fitted:
        anew[each.booking.id].append((each.booking, each.claims))
    recording.hold_otherwise(place, anew)
    keeping = {each.booking.terms: each.booking for each in fitted if each.booking.purpose.keeps_out}
    for terms, booking in keeping.items():
        recording.keep_out_of(place, terms, booking.equipment)


# --- the audit --------------------------------------------------------------------------------


def misfits(place: Place, numbers: Iterable[int]) -> tuple[str, ...]:
    """Those of some occurrences that stand and hold anything else than their use lays claim to, by their keys."""
    wanted = list(numbers)
    standing = ledger.beside(place, wanted)
    own, premises = _by_occurrence(standing.claims), place.premises
    asked = {standing.named[number] for number in wanted}
    return tuple(
        each.key
        for each in standing.bookings
        if each.key in asked and not fits(demands(premises, use_of(premises, each)), own[each.key], each)
    )
