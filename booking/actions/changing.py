"""Changing a booking of one's own organisation, under the premises' lock: one occurrence, those that follow, or all.

What an edit does not touch stays as it is: occurrences that have ended, exceptions made earlier, claims that
are not moved. Imports storage and the domain. Raises the errors of `booking.actions.errors` and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from booking.actions import telling
from booking.actions.changes import (
    Changes,
    Part,
    Scope,
    as_order,
    circle_changed,
    discloses,
    in_reach,
    on_terms,
    refuse_stale,
    write_down,
)
from booking.actions.errors import Clash, Refused
from booking.actions.looking import (
    Opened,
    etag_of,
    look_at,
    place_of,
    seen_whole,
    stored,
)
from booking.actions.moving import move, weighed
from booking.actions.wishing import present, refuse, resolve
from booking.domain.bookings import Booking, Content
from booking.domain.people import Viewer, Visibility
from booking.domain.permissions import Deed, require
from booking.domain.refusals import Reason, Refusal, invited_outside, words
from booking.domain.spans import Span
from booking.storage.database import GuardRefused, Touches, transaction
from booking.storage.places import Place


def change(
    viewer: Viewer,
    booking_id: str,
    changes: Changes,
    etag: str | None,
    now: datetime,
    scope: Scope = Scope.THIS,
    occurrence: datetime | None = None,
) -> Opened:
    """Change a booking of one's own organisation. Changed when `etag` is not its present one.

    A change of a text tries no rule about time; a move is tried only for what it adds. Of a series, a new start
    or end moves every occurrence in reach by as much, by the wall clock. What is said in a confidential booking
    stays closed in the answer.
    """
    place = place_of(viewer, booking_id)
    try:
        with transaction(place.id, touches=Touches.BOOKINGS):
            named = _change(present(viewer), booking_id, changes, etag, now, scope, occurrence)
    except GuardRefused:
        raise Clash(Span(changes.start or now, changes.end or now)) from None
    return look_at(viewer, booking_id, now, named)


def try_change(
    viewer: Viewer,
    booking_id: str,
    changes: Changes,
    now: datetime,
    scope: Scope = Scope.THIS,
    occurrence: datetime | None = None,
) -> int:
    """How many occurrences a change would reach; raises Clash or Refused as `change` would. Nothing is written."""
    place, booking, eyes = stored(viewer, booking_id, now, occurrence)
    require(viewer, Deed.BOOKING_CHANGE, seen_whole(eyes, booking, occurrence))
    reached, anew = _reached(viewer, place, booking, changes, scope, now)
    if anew:
        parts = _parted(viewer, place, reached, changes, now)
        weighed(viewer, place, booking, parts, changes, now)
    return len(reached)


def _change(
    viewer: Viewer,
    booking_id: str,
    changes: Changes,
    etag: str | None,
    now: datetime,
    scope: Scope,
    occurrence: datetime | None,
) -> datetime:
    place, booking, eyes = stored(viewer, booking_id, now, occurrence)
    view = seen_whole(eyes, booking, occurrence)
    require(viewer, Deed.BOOKING_CHANGE, view)
    assert view is not None
    refuse_stale(viewer, booking_id, etag, etag_of(view), now)
    reached, anew = _reached(viewer, place, booking, changes, scope, now)
    parts = _parted(viewer, place, reached, changes, now)
    if anew:
        changed = move(viewer, place, booking, parts, changes, scope, now)
    else:
        changed = _reword(viewer, place, parts, changes, now)
    telling.changed(place, reached, changed, viewer.person, now)
    return booking.occurrence


def _reached(
    viewer: Viewer, place: Place, booking: Booking, changes: Changes, scope: Scope, now: datetime
) -> tuple[tuple[Booking, ...], bool]:
    """The occurrences that are changed, and whether their claims are laid anew; Refused where it may not be."""
    _refuse_what_time_forbids(booking, changes, now)
    _refuse_other_eyes(viewer, booking, changes)
    reached = in_reach(viewer, place, booking, scope, now)
    moves = _moves(place, reached, changes)
    if moves and len(reached) > 1:
        reached = tuple(each for each in reached if each.span.start > now)
        refuse([] if reached else [Refusal(Reason.BEGUN, "starts")])
    return reached, moves or discloses(booking, changes)


def _refuse_what_time_forbids(booking: Booking, changes: Changes, now: datetime) -> None:
    if booking.span.end <= now:
        raise Refused((Refusal(Reason.ENDED, "starts"),))
    if booking.span.start <= now and changes.start not in (None, booking.span.start):
        raise Refused((Refusal(Reason.BEGUN, "starts"),))


def _refuse_other_eyes(viewer: Viewer, booking: Booking, changes: Changes) -> None:
    """What has been seen cannot be unseen; what was confidential is opened by its organiser, who confirms it."""
    if discloses(booking, changes):
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


def _moves(place: Place, reached: Sequence[Booking], changes: Changes) -> bool:
    """Whether anything that claims are made of differs; what is only said again is no move."""
    return any(_differs(place, each, changes) for each in reached)


def _differs(place: Place, booking: Booking, changes: Changes) -> bool:
    resource = place.resource_key(changes.resource) if changes.resource else booking.resource
    equipment = booking.equipment
    if changes.equipment is not None:
        equipment = tuple(sorted(place.resource_key(name) or name for name in changes.equipment))
    clear = booking.clear_desks if changes.clear_desks is None else changes.clear_desks
    span = Span(changes.start or booking.span.start, changes.end or booking.span.end)
    asked = (resource, span, equipment, clear)
    return asked != (booking.resource, booking.span, booking.equipment, booking.clear_desks)


def _parted(
    viewer: Viewer, place: Place, reached: Iterable[Booking], changes: Changes, now: datetime
) -> list[Part]:
    """The occurrences by their terms, each with its order: what they do not share stays their own."""
    shared: dict[str, list[Booking]] = {}
    for each in reached:
        shared.setdefault(each.terms, []).append(each)
    parts = []
    for group in shared.values():
        order = as_order(place, group[0], changes)
        parts.append(Part(tuple(group), order, resolve(viewer, place, order, now)))
    return parts


def _reword(
    viewer: Viewer, place: Place, parts: Sequence[Part], changes: Changes, now: datetime
) -> list[Booking]:
    """Only words, visibility or people change: no rule about time, no claim is touched."""
    changed = []
    for part in parts:
        first, wish = part.occurrences[0], part.resolved.wishes[0]
        outside = invited_outside(wish, first.circles)
        refuse([*part.resolved.wrong, *words(wish), *circle_changed(first, wish), *outside])
        content = Content(part.order.title, part.order.note, part.resolved.invited)
        reworded = [replace(each, content=content, visibility=wish.visibility) for each in part.occurrences]
        changed += on_terms(reworded)
    return write_down(viewer, place, changed, None, changes, now)
