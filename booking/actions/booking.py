"""Booking, in one transaction under the premises' lock, and trying out what booking would answer.

Imports storage and the domain. Raises the errors of `booking.actions.errors` and nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from booking.actions import denying, telling
from booking.actions.approving import answer_by
from booking.actions.displacing import displace
from booking.actions.errors import Clash, KeyReused, Refused
from booking.actions.judging import Judged, Tried, judge
from booking.actions.looking import Opened, open_details, opened, place_for
from booking.actions.wishing import Order, present
from booking.domain.bookings import Booking, Content, Purpose, Status
from booking.domain.claims import Claim
from booking.domain.people import PersonId, Viewer
from booking.domain.permissions import Deed, require
from booking.domain.views import Full
from booking.storage import journal, places, recording, sealed
from booking.storage.access import remember, remembered
from booking.storage.database import GuardRefused, Touches, transaction
from booking.storage.journal import Action
from booking.storage.places import Place
from booking.storage.tokens import new_id

CLASHED = "clash"
BOOKED = {
    Purpose.USE: Action.BOOKING_BOOK,
    Purpose.DOOR: Action.BOOKING_BOOK,
    Purpose.BLOCK: Action.BLOCK_MAKE,
    Purpose.CLOSURE: Action.CLOSURE_MAKE,
}


@dataclass(frozen=True)
class Repeatable:
    """An Idempotency-Key with the fingerprint of the order it came with."""

    key: str
    fingerprint: str


def book(viewer: Viewer, order: Order, now: datetime, repeatable: Repeatable | None = None) -> Opened:
    """Book, once or in series. Refused by a rule, Clash by what stands, KeyReused by another order with the same key.

    What comes back is its first time to come.
    """
    require(viewer, Deed.BLOCK_MAKE if order.blocked else Deed.BOOKING_BOOK)
    place = place_for(viewer, order.premises)
    assert viewer.person is not None
    try:
        with transaction(place.id, touches=Touches.BOOKINGS):
            earlier = _booked_before(viewer.person, repeatable, now)
            made = None if earlier else _book(present(viewer), place, order, now, repeatable)
    except GuardRefused:
        raise Clash(order.span) from None
    except Refused as refused:
        denying.wish(viewer, place, order, refused, now)
        raise
    if made is None:
        return open_details(viewer, earlier or "", now, channel="booking")
    if made.view is not None:
        return opened(place, made.view, made.booking.terms, viewer)
    return open_details(viewer, made.booking.id, now, channel="booking", occurrence=made.booking.occurrence)


def try_out(viewer: Viewer, order: Order, now: datetime) -> Judged:
    """Judge an order as `book` would, and write nothing; the same errors."""
    require(viewer, Deed.BLOCK_MAKE if order.blocked else Deed.BOOKING_BOOK)
    return judge(viewer, place_for(viewer, order.premises), order, now)


def _booked_before(person: PersonId, repeatable: Repeatable | None, now: datetime) -> str | None:
    found = remembered(person, repeatable.key, now) if repeatable else None
    if found is None or repeatable is None:
        return None
    if found[0] != repeatable.fingerprint:
        raise KeyReused
    return found[1]


@dataclass(frozen=True)
class Made:
    """The first time of a new booking, and how whoever booked it sees it."""

    booking: Booking
    view: Full | None


def _book(viewer: Viewer, place: Place, order: Order, now: datetime, repeatable: Repeatable | None) -> Made:
    judged = judge(viewer, place, order, now)
    made = new_booking(judged, order, now)
    store(place, judged, made, now, viewer.person)
    if repeatable:
        remember(_asker(viewer), repeatable.key, repeatable.fingerprint, made[0].id, now)
    return Made(made[0], _seen_at_once(judged, made[0]))


def _seen_at_once(judged: Judged, made: Booking) -> Full | None:
    """The view of what was just stored, as reading it would give it.

    None where it has to be read: what gave way was judged as standing, and opening a colleague's words is noted.
    """
    view = judged.eyes.whole(made)
    return None if judged.losses or (view.sealed and not view.mine) else view


def store(
    place: Place, judged: Judged, made: Sequence[Booking], now: datetime, actor: PersonId | None
) -> None:
    """Write a new booking down, with what gives way to it and the dates that were refused."""
    turn = places.next_turn(place.id)
    laid = [
        claim
        for each, tried in zip(made, judged.fitting, strict=True)
        if tried.verdict
        for claim in aged(each.key, turn, (), tried.verdict.added)
    ]
    numbers = recording.add(place, made)
    for shared in {each.terms: each for each in made}.values():
        if shared.confidential:
            sealed.add(shared.terms, _said(shared))
    displace(place, judged.standing, judged.losses, made[0], laid, now, actor)
    recording.lay(place, numbers, laid)
    recording.keep_refused(made[0].id, [(each.wish.span, why(each)) for each in judged.refused])
    telling.booked(place, made, actor, now)
    journal.record(BOOKED[made[0].purpose], made[0].id, now, actor)


def new_booking(judged: Judged, order: Order, now: datetime) -> tuple[Booking, ...]:
    """The occurrences that a judged wish makes, with fresh ids; those of one reach share their terms."""
    wish, number, uid = judged.wish, new_id(), order.uid or f"{new_id()}@samlokal"
    assert wish.viewer.organisation is not None
    # What the coordinator may not know they are not asked about.
    waits = wish.waits and not all(each.circles for each in judged.fitting)
    starts = [each.wish.span.start for each in judged.fitting]
    terms = {circles: new_id() for circles in {each.circles for each in judged.fitting}}
    at = now.replace(microsecond=0)  # as it is stored
    return tuple(
        Booking(
            id=number,
            resource=wish.use.resource.key,
            span=each.wish.span,
            occurrence=each.wish.span.start,
            organisation=wish.viewer.organisation,
            organiser=judged.organiser.person,
            organiser_name=judged.organiser.name,
            visibility=wish.visibility,
            circle=wish.use.circle,
            circles=each.circles,
            content=Content(order.title, order.note, judged.invited),
            invited=frozenset(person.person for person in judged.invited),
            equipment=tuple(sorted(one.key for one in wish.use.equipment)),
            clear_desks=wish.use.clear_desks,
            status=Status.PENDING if waits else Status.CONFIRMED,
            uid=uid,
            created=at,
            changed=at,
            terms=terms[each.circles],
            category=wish.viewer.category,
            purpose=Purpose.BLOCK if wish.use.blocked else Purpose.USE,
            urgent=wish.use.urgent,
            repetition=judged.repetition,
            answer_by=answer_by(wish.premises, starts, now) if waits else None,
        )
        for each in judged.fitting
    )


def preview(judged: Judged, order: Order, now: datetime) -> Full:
    """The view that the booking would have, for a dry run; it has no id."""
    return judged.eyes.whole(replace(new_booking(judged, order, now)[0], id=""))


def why(tried: Tried) -> str:
    """The slug of why a time of a series was refused: the rule, or that it clashed."""
    return tried.wrong[0].reason.value if tried.wrong else CLASHED


def aged(key: str, turn: int, kept: Sequence[Claim], added: Sequence[Claim]) -> list[Claim]:
    """The claims to store: what is kept is as old as it was, what is added is the newest."""
    return [*kept, *(replace(claim, occurrence=key, since=turn) for claim in added)]


def seal(booking: Booking) -> None:
    """What is said in a confidential booking goes into the sealed record of its terms and nowhere else."""
    if not booking.confidential:
        sealed.forget(booking.terms)
    elif booking.content is not None:
        sealed.put(booking.terms, _said(booking))


def _said(booking: Booking) -> dict[str, object]:
    content = booking.content
    assert content is not None
    people = [each.person for each in content.attendees]
    return {"title": content.title, "note": content.note, "attendees": people}


def _asker(viewer: Viewer) -> PersonId:
    assert viewer.person is not None
    return viewer.person
