"""Undoing a cancelling: for a short time the booking can stand again as what it was, where its time is still free.

It is judged as a booking made now and its claims are new; nobody gives way to it, and an ordinary one does not come
back into what has become barred meanwhile: it was seen, so it cannot be taken over.
Imports storage and the domain. Raises the errors of `booking.actions.errors` and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from booking.actions import telling
from booking.actions.approving import answer_by
from booking.actions.booking import aged
from booking.actions.cancelling import WAITED
from booking.actions.changes import Changes, as_order
from booking.actions.errors import Clash, NotFound, Refused
from booking.actions.judging import Judged, Tried, clash
from booking.actions.looking import eyes_over_all, look_at, place_of, seen_whole, stored
from booking.actions.wishing import Order, Resolved, present, refuse, resolve
from booking.domain.attempts import Attempt
from booking.domain.bookings import Booking, Content, Status
from booking.domain.disclosure import knows
from booking.domain.people import Viewer
from booking.domain.permissions import Deed, may, require
from booking.domain.refusals import Reason, Refusal, refusals
from booking.domain.spans import whole_days
from booking.domain.views import Full
from booking.storage import directory, giving_way, journal, ledger, naming, places, recording
from booking.storage.circles import all_circles
from booking.storage.database import GuardRefused, Touches, transaction
from booking.storage.journal import Action
from booking.storage.places import Place

UNDO_FOR = timedelta(minutes=10)
UNSAID = Content()  # words that stand already are not tried, so nothing sealed is opened


def undoable(viewer: Viewer, view: Full, now: datetime) -> bool:
    """Whether its cancelling can still be undone, as far as time and rights go."""
    return may(viewer, Deed.BOOKING_RESTORE, view) and _noted(view.id, view.changed, now) is not None


def restore(viewer: Viewer, booking_id: str, now: datetime, occurrence: datetime | None = None) -> Full:
    """Undo the cancelling of an occurrence, and of all that was cancelled with it and has not ended.

    NotFound for all but its own people. Refused after ten minutes or by a rule; Clash by what has come there
    meanwhile, or what would have to give way.
    """
    place = place_of(viewer, booking_id)
    try:
        with transaction(place.id, touches=Touches.BOOKINGS):
            restored = _restore(present(viewer), booking_id, now, occurrence)
    except GuardRefused:
        view = look_at(viewer, booking_id, now, occurrence).view
        raise Clash(view.span) from None
    return look_at(viewer, booking_id, now, restored.occurrence).view


def _restore(viewer: Viewer, booking_id: str, now: datetime, occurrence: datetime | None) -> Booking:
    place, named, eyes = stored(viewer, booking_id, now, occurrence)
    view = seen_whole(eyes, named, occurrence)
    if view is None or not (view.ours or view.mine):
        raise NotFound
    require(viewer, Deed.BOOKING_RESTORE, view)
    noted = _noted(named.id, named.changed, now)
    if noted is None or _has_left(named):
        raise Refused((Refusal(Reason.UNDO_PASSED, "starts"),))
    gone = _cancelled_together(viewer, place, named, now)
    if not gone:
        raise Refused((Refusal(Reason.ENDED, "starts"),))
    if WAITED in noted and any(each.span.start <= now for each in gone):
        raise Refused((Refusal(Reason.BEGUN, "starts"),))  # nobody has approved it
    judged = _judged(viewer, place, gone, now)
    turn = places.next_turn(place.id)
    laid = [
        claim
        for each, tried in zip(gone, judged.tried, strict=True)
        if tried.verdict
        for claim in aged(each.key, turn, (), tried.verdict.added)
    ]
    restored = _as_it_was(place, gone, WAITED in noted, now)
    recording.restore(place, restored, laid, now)
    _end_displacements(place, restored, now)
    telling.restored(place, restored, viewer.person, now)
    journal.record(Action.BOOKING_RESTORE, booking_id, now, viewer.person)
    return next((each for each in restored if each.key == named.key), restored[0])


def _noted(booking_id: str, changed: datetime | None, now: datetime) -> tuple[str, ...] | None:
    """What was noted of a cancelling that can still be undone; None when there is none."""
    if changed is None or now - changed >= UNDO_FOR:
        return None
    return journal.fields_at(Action.BOOKING_CANCEL, booking_id, changed)


def _has_left(booking: Booking) -> bool:
    """Whether its organiser's account ends before it: such a booking is not there to come back."""
    organiser = directory.people_by_id([booking.organiser]).get(booking.organiser)
    return organiser is None or organiser.ended(booking.span.end)


def _cancelled_together(viewer: Viewer, place: Place, named: Booking, now: datetime) -> tuple[Booking, ...]:
    """The occurrences that one act cancelled, as far as they are for the viewer to know and have not ended."""
    every = ledger.alone(place, naming.numbers_of(named.id).values())
    return tuple(
        each
        for each in every
        if each.status is Status.CANCELLED
        and each.changed == named.changed
        and each.span.end > now
        and knows(viewer, each)
    )


# --- judging ----------------------------------------------------------------------------------


def _judged(viewer: Viewer, place: Place, gone: Sequence[Booking], now: datetime) -> Judged:
    """All of it weighed as if booked now; Refused by a rule, Clash when any of it cannot stand or displaces."""
    eyes, standing = eyes_over_all(
        viewer, place, [whole_days(each.span, place.premises.zone) for each in gone], now
    )
    circles = all_circles()
    orders = {each.terms: _order(place, each) for each in gone}
    resolved = {terms: resolve(viewer, place, order, now) for terms, order in orders.items()}
    tried = []
    for each in gone:
        wish = replace(
            resolved[each.terms].wishes[0],
            span=each.span,
            started=each.span.start <= now,
            times=len(gone),
        )
        wrong = refusals(wish)
        wish = replace(wish, use=replace(wish.use, organisation=each.organisation))
        attempt = Attempt(eyes, circles, wish.use, standing.claims, changing=each)
        tried.append(Tried(wish, wrong, None if wrong else attempt.judge(each.span)))
    _refuse_rules(resolved.values(), tried)
    first = next(iter(resolved.values()))
    judged = Judged(tuple(tried), eyes, standing, first.invited, first.organiser)
    if judged.refused or judged.displaceable:
        raise clash(viewer, place, gone[0].span, [judged], judged, now, changing=gone[0])
    return judged


def _order(place: Place, booking: Booking) -> Order:
    return as_order(place, replace(booking, content=UNSAID), Changes())


def _refuse_rules(resolved: Iterable[Resolved], tried: Iterable[Tried]) -> None:
    refuse(
        [
            *(each for one in resolved for each in one.wrong),
            *(each for one in tried for each in one.wrong),
        ]
    )


# --- standing again ---------------------------------------------------------------------------


def _as_it_was(place: Place, gone: Sequence[Booking], waited: bool, now: datetime) -> list[Booking]:
    """The occurrences as they stood; what waited for approval waits again, and is asked about anew."""
    others = ledger.alone(place, naming.numbers_of(gone[0].id).values())
    standing = next((each for each in others if each.status is not Status.CANCELLED), None)
    if standing is not None:
        return [replace(each, status=standing.status, answer_by=standing.answer_by) for each in gone]
    if waited:
        by = answer_by(place.premises, [each.span.start for each in gone], now)
        return [replace(each, status=Status.PENDING, answer_by=by) for each in gone]
    return [replace(each, status=Status.CONFIRMED, answer_by=None) for each in gone]


def _end_displacements(place: Place, restored: Sequence[Booking], now: datetime) -> None:
    """What they had lost before is theirs again: they came back whole."""
    names = naming.numbers_of(restored[0].id)
    own = {names[each.occurrence] for each in restored}
    found = giving_way.displaced(place, [each.span for each in restored], now)
    recording.give_back([each.number for each in found if each.occurrence in own], now)
