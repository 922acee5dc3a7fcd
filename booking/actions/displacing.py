"""Giving way done: what each displaced occurrence loses is written down, and its organiser told at once.

Called in the transaction that holds the premises' lock, before the claims of what presses are laid. Imports
storage and the domain.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from booking.actions import telling
from booking.actions.giving_back import suspended
from booking.domain.bookings import Booking, Purpose
from booking.domain.claims import BySpace, Claim, Hold, Secrecy, Use, demands, kept_and_added, laid, parted
from booking.domain.disclosure import use_of
from booking.domain.displacement import Loss
from booking.domain.people import PersonId
from booking.domain.premises import Kind, Premises, Resource
from booking.domain.spans import Span, merged, without
from booking.storage import journal, places, recording
from booking.storage.journal import Action
from booking.storage.ledger import Standing
from booking.storage.places import Place
from booking.storage.tokens import new_id


def displace(
    place: Place,
    standing: Standing,
    losses: Iterable[Loss],
    by: Booking,
    pressing: Sequence[Claim],
    now: datetime,
    actor: PersonId | None,
) -> None:
    """Make each occurrence that loses time give way to the claims that press.

    To an ordinary use or a block a desk is moved to an equal free one where there is one; all else is suspended
    for the time it loses, and never moved where something confidential presses.
    """
    known = {each.key: each for each in standing.bookings}
    claims = list(standing.claims)
    for loss in _whole(losses):
        booking = known[loss.occurrence]
        moved = (
            None
            if by.confidential or not loss.released
            else _to_an_equal_desk(place, booking, claims, pressing, now)
        )
        if moved is not None:
            changed, held = moved
            recording.change(place, [changed], held)
        elif loss.released:
            held = list(parted(_own(claims, booking), booking.span, merged((*booking.released, *loss.spans))))
            recording.hold_again(place, booking, held)
        else:
            held = _own(claims, booking)
        claims = [*(each for each in claims if each.occurrence != booking.key), *held]
        # Of what they had lost before nobody is told again: it would say whether it was held or only muted.
        before = suspended(place, booking, standing.bookings, standing.claims, now)
        recording.displace(booking, by.id, without(loss.spans, before), now, moved=moved is not None)
        if moved is not None:
            telling.moved(place, moved[0], now)
        elif booking.purpose is Purpose.USE:
            telling.displaced(place, booking, loss.spans, before, now)
        journal.record(Action.BOOKING_DISPLACE, booking.id, now, actor)


def _whole(losses: Iterable[Loss]) -> Iterable[Loss]:
    """One loss for each occurrence: it may meet several times of a series."""
    found: dict[str, Loss] = {}
    for each in losses:
        known = found.get(each.occurrence, Loss(each.occurrence, (), released=False))
        spans = merged((*known.spans, *each.spans))
        found[each.occurrence] = Loss(each.occurrence, spans, known.released or each.released)
    return found.values()


def _own(claims: Iterable[Claim], booking: Booking) -> list[Claim]:
    return [each for each in claims if each.occurrence == booking.key]


def _to_an_equal_desk(
    place: Place, booking: Booking, claims: Sequence[Claim], pressing: Sequence[Claim], now: datetime
) -> tuple[Booking, list[Claim]] | None:
    """The occurrence at a free desk of the same zone, for all its time, with its claims; None where there is none.

    Never within a secret of anybody: where it stood would tell whether its holder may be there.
    """
    premises = place.premises
    if (
        premises.by_key[booking.resource].kind is not Kind.DESK
        or booking.span.start <= now
        or booking.released
    ):
        return None
    others = BySpace(
        each for each in (*claims, *pressing) if each.occurrence != booking.key and not each.released
    )
    for desk in premises.of_kind(Kind.DESK, frozenset(premises.by_key[booking.resource].zones)):
        if premises.keeps(desk, booking.span.end) and _free(premises, desk, booking.span, others):
            return _at(place, booking, desk, _own(claims, booking), now)
    return None


def _free(premises: Premises, desk: Resource, span: Span, others: BySpace) -> bool:
    held = any(isinstance(claim.stake, Hold) for claim in others.over(desk.key, span))
    return not held and not any(
        isinstance(claim.stake, Secrecy) for zone in desk.zones for claim in others.over(zone, span)
    )


def _at(
    place: Place, booking: Booking, desk: Resource, held: list[Claim], now: datetime
) -> tuple[Booking, list[Claim]]:
    use: Use = replace(use_of(place.premises, booking), resource=desk)
    turn = places.next_turn(place.id)
    kept, added = kept_and_added(
        laid(demands(place.premises, use), booking.span, booking.key, turn), held, turn
    )
    moved = replace(
        booking,
        resource=desk.key,
        terms=new_id() if booking.repetition else booking.terms,
        version=booking.version + 1,
        sequence=booking.sequence + 1,
        changed=now,
    )
    return moved, [*kept, *added]
