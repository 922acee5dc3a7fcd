"""What stands around the time that a form asks for, as its asker may know it. Imports actions and the domain."""

from __future__ import annotations

from datetime import timedelta

from booking.actions import looking
from booking.actions.wishing import ANY_DESK
from booking.domain.claims import Use
from booking.domain.people import Visibility
from booking.domain.premises import Kind, Premises
from booking.domain.spans import Span, day_of, local_day
from booking.web.answering import Answer, Asking
from booking.web.laying.around import Around, around
from booking.web.wish_form import BookingForm, read

LONGEST = timedelta(days=31)


def surroundings(asking: Asking, filled: BookingForm, found: Answer | None) -> Around | None:
    """The hours around the time in the form; None where it names no time or no place that there is."""
    premises = asking.premises
    order = read(filled, premises, titled=False).order
    key = _taken(premises, filled, found)
    if order is None or key is None or not timedelta() < order.span.length <= LONGEST:
        return None
    day = day_of(order.span.start, premises.zone)
    place = looking.place_for(asking.viewer, premises.key)
    look = looking.board(asking.viewer, place, local_day(day, premises.zone), asking.now)
    secret = (
        0 if order.visibility is Visibility.CONFIDENTIAL else None
    )  # which circle is nothing to a drawing
    use = Use(premises.by_key[key], 0, secret, order.clear_desks)
    return around(look, asking.viewer, use, Span(order.span.start, order.span.end), day, asking.now)


def _taken(premises: Premises, filled: BookingForm, found: Answer | None) -> str | None:
    """The place it is about: the desk that would be had, where any desk does; the first where none is to be had."""
    key = (found.resource if found else "") or filled.resource
    if key == ANY_DESK:
        key = next((each.key for each in premises.of_kind(Kind.DESK)), "")
    return key if key in premises.by_key else None
