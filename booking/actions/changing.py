"""Changing and cancelling a booking of one's own organisation, under the premises' lock.

Imports storage and the domain. Raises the errors of `booking.actions.errors` and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from booking.actions.booking import aged, seal, tell_displaced
from booking.actions.errors import Changed, Clash, Refused
from booking.actions.judging import Judged, agreed, clash
from booking.actions.looking import (
    Opened,
    etag_of,
    eyes_over,
    look_at,
    seen_whole,
    stored,
    unsealed,
)
from booking.actions.wishing import Given, Order, present, resolve, rule_out
from booking.domain.attempts import Attempt
from booking.domain.bookings import Booking, Content
from booking.domain.claims import Claim
from booking.domain.disclosure import Eyes
from booking.domain.people import Viewer, Visibility
from booking.domain.permissions import Deed, require
from booking.domain.refusals import Reason, Refusal, Wish, invited_outside, words
from booking.domain.spans import Span, whole_days
from booking.storage import directory, journal, ledger, recording
from booking.storage.database import GuardRefused, transaction
from booking.storage.journal import Action
from booking.storage.places import Place


@dataclass(frozen=True)
class Changes:
    """What is to be changed; None leaves a field as it is. `disclose` confirms opening what was confidential."""

    resource: str | None = None
    start: datetime | None = None
    end: datetime | None = None
    title: str | None = None
    note: str | None = None
    visibility: Visibility | None = None
    circle: str | None = None
    attendees: tuple[str, ...] | None = None
    equipment: tuple[str, ...] | None = None
    clear_desks: bool | None = None
    displace: frozenset[Given] | None = None
    disclose: bool = False

    @property
    def names(self) -> list[str]:
        """The names of the fields that are given."""
        return [
            name
            for name, value in vars(self).items()
            if value is not None and name not in ("displace", "disclose")
        ]


def change(viewer: Viewer, booking_id: str, changes: Changes, etag: str | None, now: datetime) -> Opened:
    """Change a booking of one's own organisation. Changed when `etag` is not its present one.

    A change of a text tries no rule about time; a move is tried only for what it adds. What is said in a
    confidential booking stays closed in the answer.
    """
    number = look_at(viewer, booking_id, now).place.id
    try:
        with transaction(number):
            _change(present(viewer), booking_id, changes, etag, now)
    except GuardRefused:
        raise Clash(Span(changes.start or now, changes.end or now)) from None
    return look_at(viewer, booking_id, now)


def _change(viewer: Viewer, booking_id: str, changes: Changes, etag: str | None, now: datetime) -> None:
    place, booking, eyes = stored(viewer, booking_id, now)
    view = seen_whole(eyes, booking)
    require(viewer, Deed.BOOKING_CHANGE, view)
    assert view is not None
    if etag is not None and etag != etag_of(view):
        raise Changed
    _refuse_what_time_forbids(booking, changes, now)
    order = _as_order(place, booking, changes)
    _refuse_other_eyes(viewer, booking, changes)
    if _moves(place, booking, order) or _discloses(booking, changes):
        changed, laid = _moved(viewer, place, booking, changes, order, now)
    else:
        changed, laid = _reworded(viewer, place, booking, order, now), None
    _store(place, booking, changed, laid, changes, viewer, now)


def _moves(place: Place, booking: Booking, order: Order) -> bool:
    """Whether anything that claims are made of differs; what is only said again is no move."""
    equipment = tuple(sorted(place.resource_key(name) or name for name in order.equipment))
    asked = (place.resource_key(order.resource), order.span, equipment, order.clear_desks)
    return asked != (booking.resource, booking.span, booking.equipment, booking.clear_desks)


def _store(
    place: Place,
    before: Booking,
    after: Booking,
    laid: list[Claim] | None,
    changes: Changes,
    viewer: Viewer,
    now: datetime,
) -> None:
    moved = (before.span, before.resource, before.status) != (after.span, after.resource, after.status)
    after = replace(after, version=before.version + 1, sequence=before.sequence + int(moved), changed=now)
    recording.change(place, after, laid)
    seal(after)
    journal.record(Action.BOOKING_CHANGE, after.id, now, viewer.person, changes.names)
    if before.confidential and not after.confidential:
        journal.record(Action.BOOKING_DISCLOSE, after.id, now, viewer.person)


def _refuse_what_time_forbids(booking: Booking, changes: Changes, now: datetime) -> None:
    if booking.span.end <= now:
        raise Refused((Refusal(Reason.ENDED, "starts"),))
    if booking.span.start <= now and changes.start not in (None, booking.span.start):
        raise Refused((Refusal(Reason.BEGUN, "starts"),))


def _discloses(booking: Booking, changes: Changes) -> bool:
    return booking.circle is not None and changes.visibility in (Visibility.OPEN, Visibility.INTERNAL)


def _refuse_other_eyes(viewer: Viewer, booking: Booking, changes: Changes) -> None:
    """What has been seen cannot be unseen; what was confidential is opened by its organiser, who confirms it."""
    if _discloses(booking, changes):
        if booking.organiser != viewer.person:
            raise Refused((Refusal(Reason.ONLY_THE_ORGANISER, "visibility"),))
        if not changes.disclose:
            raise Refused((Refusal(Reason.CONFIRM_DISCLOSURE, "visibility"),))
    elif (
        booking.confidential
        and booking.circle is None
        and changes.visibility in (Visibility.OPEN, Visibility.INTERNAL)
    ):
        raise Refused((Refusal(Reason.STAYS_CONFIDENTIAL, "visibility"),))
    elif not booking.confidential and changes.visibility is Visibility.CONFIDENTIAL:
        raise Refused((Refusal(Reason.CANNOT_BECOME_CONFIDENTIAL, "visibility"),))


def _as_order(place: Place, booking: Booking, changes: Changes) -> Order:
    """The order that the booking, with its changes, would have been."""
    content = booking.content or unsealed(booking.id)
    visibility = changes.visibility or booking.visibility
    kept = booking.circle if visibility is Visibility.CONFIDENTIAL else None
    circle = directory.named_circles([kept])[kept].key if kept is not None else None
    return Order(
        premises=place.premises.key,
        resource=changes.resource or booking.resource,
        span=Span(changes.start or booking.span.start, changes.end or booking.span.end),
        title=content.title if changes.title is None else changes.title,
        note=content.note if changes.note is None else changes.note,
        visibility=visibility,
        circle=changes.circle or circle,
        attendees=tuple(e.email for e in content.attendees)
        if changes.attendees is None
        else changes.attendees,
        equipment=booking.equipment if changes.equipment is None else changes.equipment,
        clear_desks=booking.clear_desks if changes.clear_desks is None else changes.clear_desks,
        displace=changes.displace,
    )


def _reworded(viewer: Viewer, place: Place, booking: Booking, order: Order, now: datetime) -> Booking:
    """Only words, visibility or people change: no rule about time, no claim is touched."""
    resolved = resolve(viewer, place, order, now)
    wish = resolved.wishes[0]
    outside = invited_outside(wish, booking.circles)
    if wrong := (*resolved.wrong, *words(wish), *_circle_changed(booking, wish), *outside):
        raise Refused(wrong)
    content = Content(order.title, order.note, resolved.invited)
    return replace(booking, content=content, visibility=wish.visibility)


def _circle_changed(booking: Booking, wish: Wish) -> list[Refusal]:
    same = wish.use.circle == booking.circle
    return [] if same else [Refusal(Reason.CANNOT_BECOME_CONFIDENTIAL, "circle")]


def _moved(
    viewer: Viewer, place: Place, booking: Booking, changes: Changes, order: Order, now: datetime
) -> tuple[Booking, list[Claim]]:
    """Another time, resource or reach: the rules are tried anew, the claims for what they add."""
    resolved = resolve(viewer, place, order, now)
    begun = booking.span.start <= now
    owner = replace(
        resolved, wishes=tuple(replace(wish, started=begun, coming=0) for wish in resolved.wishes)
    )
    rule_out(owner)
    wish = owner.wishes[0]
    if not _discloses(booking, changes) and (wrong := _circle_changed(booking, wish)):
        raise Refused(tuple(wrong))
    wish = replace(wish, use=replace(wish.use, organisation=booking.organisation))
    eyes, standing = _eyes_for(viewer, place, booking, wish.span, now)
    attempt = Attempt(eyes, directory.all_circles(), wish.use, standing.claims, changing=booking)
    verdict = attempt.judge(wish.span)
    judged = Judged(wish, eyes, verdict, resolved.invited)
    if verdict.refused or not agreed(order, verdict.displaceable):
        raise clash(viewer, place, wish.span, [judged], now, changing=booking)
    must_share = verdict.crossed if _discloses(booking, changes) else booking.circles
    if outside := tuple(invited_outside(wish, must_share)):
        raise Refused(outside)
    tell_displaced(viewer, verdict.displaceable, now)
    changed = replace(
        booking,
        resource=wish.use.resource.key,
        span=wish.span,
        visibility=wish.visibility,
        circle=wish.use.circle,
        circles=must_share,
        content=Content(order.title, order.note, resolved.invited),
        equipment=tuple(sorted(each.key for each in wish.use.equipment)),
        clear_desks=wish.use.clear_desks,
    )
    return changed, aged(place, booking.id, verdict.kept, verdict.added)


def _eyes_for(
    viewer: Viewer, place: Place, booking: Booking, span: Span, now: datetime
) -> tuple[Eyes, ledger.Standing]:
    hull = Span(min(span.start, booking.span.start), max(span.end, booking.span.end))
    return eyes_over(viewer, place, whole_days(hull, place.premises.zone), now)


def cancel(viewer: Viewer, booking_id: str, now: datetime, etag: str | None = None) -> None:
    """Cancel a booking of one's own organisation that has not ended. It stays in history."""
    number = look_at(viewer, booking_id, now).place.id
    with transaction(number):
        _, booking, eyes = stored(present(viewer), booking_id, now)
        view = seen_whole(eyes, booking)
        require(viewer, Deed.BOOKING_CANCEL, view)
        if etag is not None and view is not None and etag != etag_of(view):
            raise Changed
        if booking.span.end <= now:
            raise Refused((Refusal(Reason.ENDED, "starts"),))
        recording.cancel(booking_id, now)
        journal.record(Action.BOOKING_CANCEL, booking_id, now, viewer.person)
