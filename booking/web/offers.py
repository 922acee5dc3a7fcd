"""The nearest free times for what had to give way, in a page and in a letter. Imports actions and the domain."""

from __future__ import annotations

from datetime import datetime, timedelta

from booking.actions import finding
from booking.actions.errors import Refused
from booking.actions.looking import Place
from booking.actions.wishing import Order
from booking.domain.people import Viewer, Visibility
from booking.domain.premises import Kind
from booking.domain.spans import Span
from booking.domain.views import Full
from booking.web.answering import Asking, Offer

NEAR = timedelta(days=7)
MOST = 3


def nearest(viewer: Viewer, place: Place, view: Full, moment: datetime) -> list[Offer]:
    """The nearest free times of the same length on the same place, or on an equal desk."""
    premises = place.premises
    order = Order(
        premises=premises.key,
        resource=view.resource,
        span=view.span,
        visibility=Visibility.INTERNAL if view.sealed else view.visibility,
        equipment=view.equipment,
    )
    desk = premises.by_key[view.resource].kind is Kind.DESK
    window = Span(max(moment, view.span.start), max(moment, view.span.start) + NEAR)
    try:
        free = finding.find_free(viewer, place, order, Kind.DESK if desk else None, window, MOST, moment)
    except Refused:
        return []
    return [Asking(viewer, premises, moment).offer(order, each) for each in free]
