"""A booking as the start of another one: its fields put into a fresh form. Imports actions and the domain.

What is sealed in it is opened by that, and the opening is noted.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from booking.actions.looking import Opened
from booking.domain.people import CHOSEN, Visibility
from booking.domain.spans import Span, day_of, instant
from booking.domain.views import Full
from booking.web.wish_form import BookingForm, put_resource, put_span


def copy_into(filled: BookingForm, opened: Opened, now: datetime) -> None:
    """Fill the form from a booking whose content has been opened; on the next day where its own has passed."""
    view, premises, content = opened.view, opened.place.premises, opened.view.content
    assert content is not None
    filled.title.data, filled.note.data = content.title, content.note
    filled.attendees.data = "\n".join(each.email for each in content.attendees)
    filled.equipment.data, filled.clear_desks.data = list(view.equipment), view.clear_desks
    if view.visibility in CHOSEN:
        filled.visibility.data = view.visibility.value
        filled.circle.data = _circle(opened)
    put_resource(filled, view.resource, premises)
    put_span(filled, _ahead(view, premises.zone, now), premises.zone)


def _circle(opened: Opened) -> str:
    """The circle it is confidential to; what took over several leaves it to the list's first."""
    view = opened.view
    known = view.circles if view.circle is None else {view.circle}
    keys = {opened.names.circles[each].key for each in known}
    return keys.pop() if view.visibility is Visibility.CONFIDENTIAL and len(keys) == 1 else ""


def _ahead(view: Full, zone: ZoneInfo, now: datetime) -> Span:
    """Its time, or by the wall clock the same time on the first day on which that is still to come."""
    if view.span.start > now:
        return view.span
    clock, day = view.span.start.astimezone(zone).time(), day_of(now, zone)
    starts = (instant(day + timedelta(days=ahead), clock, zone) for ahead in range(3))
    start = next((each for each in starts if each and each > now), now)
    return Span(start, start + view.span.length)
