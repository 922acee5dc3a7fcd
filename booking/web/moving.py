"""What a move of a booking would meet, said before it is saved. Imports actions and the domain."""

from __future__ import annotations

from dataclasses import replace

from booking.actions import changing
from booking.actions.errors import Clash, Refused
from booking.actions.looking import Opened
from booking.domain.spans import day_of
from booking.web.answering import FREE, REFUSED, Answer, Asking
from booking.web.cards import name_of
from booking.web.change_form import move_to
from booking.web.wish_form import BookingForm, faults, read
from booking.web.wording import hours, plain_day


def answer_to_move(asking: Asking, opened: Opened, filled: BookingForm) -> Answer | None:
    """Free, what clashes, who would give way or what forbids it, for this one occurrence; None without a time."""
    order, view, zone = read(filled, asking.premises, titled=False).order, opened.view, asking.premises.zone
    if order is None:
        return None
    move = move_to(view, order.resource, order.span)
    try:
        changing.try_move(asking.viewer, view.id, move, asking.now, view.occurrence)
    except Clash as clash:
        return replace(asking.after_clash(order, clash, filled), faster=False)
    except Refused as refused:
        return Answer(REFUSED, tuple(each.sentence for each in faults(refused.refusals, zone)))
    place, span = name_of(asking.premises, order.resource), order.span
    return Answer(FREE, (f"{place}, {plain_day(day_of(span.start, zone))} {hours(span, zone)}.",))
