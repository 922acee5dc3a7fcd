"""Free times: when, and on which resource, a wish would be accepted and nobody would give way.

Imports storage and the domain; writes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from booking.actions.errors import Alternative
from booking.actions.looking import eyes_over
from booking.actions.wishing import Order, resolve, rule_out
from booking.domain.attempts import Attempt, nearest, open_gaps
from booking.domain.bookings import Booking
from booking.domain.people import Viewer, Visibility
from booking.domain.premises import Kind, Premises, Resource
from booking.domain.refusals import Reason, Wish
from booking.domain.spans import Span, ceiling_to, without
from booking.storage.circles import all_circles
from booking.storage.places import Place

DAYS_AROUND = timedelta(days=7)
ALTERNATIVES = 3
BY_TIME = frozenset({Reason.OUTSIDE_HOURS, Reason.TOO_FAR_AHEAD, Reason.IN_THE_PAST, Reason.RETIRED})


def alternatives(
    viewer: Viewer, place: Place, wish: Wish, now: datetime, changing: Booking | None = None
) -> list[Alternative]:
    """The nearest times on that resource, and the same time on an equal one, for this very wish or change."""
    window = wish.span.widened(DAYS_AROUND, DAYS_AROUND)
    length, near = wish.span.length, wish.span.start
    around = free_times(viewer, place, [wish], window, length, near, ALTERNATIVES, now, changing)
    if wish.use.resource.kind is not Kind.DESK:
        return around
    equals = [
        replace(wish, use=replace(wish.use, resource=desk))
        for desk in place.premises.of_kind(Kind.DESK, wish.use.zones)
        if desk.key != wish.use.resource.key
    ]
    same = free_times(viewer, place, equals, wish.span, length, near, 1, now, changing)
    return [*same, *around][:ALTERNATIVES]


def free_times(
    viewer: Viewer,
    place: Place,
    wanted: list[Wish],
    window: Span,
    length: timedelta,
    near: datetime,
    limit: int,
    now: datetime,
    changing: Booking | None = None,
) -> list[Alternative]:
    """The times in a window, nearest first, at which one of the wishes would be accepted and nobody gives way.

    With `changing`, the wishes are changes of that booking.
    """
    rule = place.premises.rule_for(viewer.category)
    bounds = window.cut(Span(ceiling_to(now, 1), place.premises.horizon(viewer.category, now)))
    if rule is None or bounds is None or length <= timedelta() or length > rule.longest:
        return []
    eyes, standing = eyes_over(viewer, place, bounds, now)
    circles = all_circles()
    open_time = [bounds]
    if rule.hours is not None:
        open_time = [
            part for span in rule.hours.open_spans(bounds, place.premises.zone) if (part := span.cut(bounds))
        ]
    found: list[Alternative] = []
    for wish in wanted:
        refused = Attempt(eyes, circles, wish.use, standing.claims, changing).refused_spans()
        gaps = open_gaps(_while_there(place.premises, wish.use.resource, open_time), refused, length)
        found += [Alternative(wish.use.resource.key, span) for span in nearest(gaps, length, near, limit)]
    return sorted(found, key=lambda each: (abs(each.span.start - near), each.span, each.resource))[:limit]


def _while_there(premises: Premises, resource: Resource, spans: Iterable[Span]) -> Iterable[Span]:
    """The part of the spans in which a resource has not been retired."""
    gone_at = premises.retired_at(resource)
    return spans if gone_at is None else without(spans, [Span(gone_at, datetime.max.replace(tzinfo=UTC))])


def find_free(
    viewer: Viewer, place: Place, order: Order, kind: Kind | None, window: Span, limit: int, now: datetime
) -> list[Alternative]:
    """Free times for an order whose span gives the length; with a kind, on any resource of it.

    Refused when a rule that time does not mend is against it.
    """
    if order.visibility is None and not viewer.trusted:
        order = replace(order, visibility=Visibility.INTERNAL)  # what such eyes can book at all
    names = [each.key for each in place.premises.of_kind(kind)] if kind else [order.resource]
    start = ceiling_to(max(window.start, now), 1)
    timed = replace(order, span=Span(start, start + order.span.length))
    wanted: list[Wish] = []
    for name in names:
        resolved = resolve(viewer, place, replace(timed, resource=name), now)
        rule_out(resolved, ignoring=BY_TIME)
        wanted += resolved.wishes
    return free_times(viewer, place, wanted, window, order.span.length, window.start, limit, now)
