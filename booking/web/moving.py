"""What a change of a booking would meet, said before it is saved. Imports actions and the domain."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, render_template
from flask_babel import gettext as _

from booking.actions import changing, looking
from booking.actions.changes import Scope
from booking.actions.errors import Clash, Refused
from booking.actions.looking import Opened
from booking.domain.permissions import Deed, require
from booking.domain.spans import day_of
from booking.web.answering import FREE, REFUSED, Answer, Asking
from booking.web.book import day_in_words
from booking.web.cards import name_of
from booking.web.change_form import SCOPES, changes_in
from booking.web.clock import now
from booking.web.occurrences import checked, named_occurrence
from booking.web.viewer import current_viewer
from booking.web.wish_form import BookingForm, faults, read
from booking.web.wording import hours, plain_day

pages = Blueprint("moving", __name__)


@pages.post("/bokning/<number>/andra/svar")
def answer(number: str) -> str:
    """The answer to the change form so far, as a fragment. NotFound before anything else is asked."""
    viewer = current_viewer()
    opened = looking.look_at(viewer, checked(number), now(), named_occurrence())
    require(viewer, Deed.BOOKING_CHANGE, opened.view)
    filled = BookingForm()
    asking = Asking(viewer, opened.place.premises, now())
    return render_template(
        "book/_answer.html",
        answer=answer_to_change(asking, opened, filled),
        form=filled,
        scripted=True,
        saving=True,
        day=day_in_words(filled),
        around=None,
    )


def answer_to_change(asking: Asking, opened: Opened, filled: BookingForm) -> Answer | None:
    """Free, what clashes, who would give way or what forbids it; what is said in the booking is not asked about."""
    asked, view, zone = read(filled, asking.premises, titled=False), opened.view, asking.premises.zone
    order = asked.order
    if order is None:
        return Answer(REFUSED, tuple(each.sentence for each in asked.faults)) if asked.faults else None
    scope = SCOPES.get(filled.text("scope"), Scope.THIS)
    several = view.repetition is not None and scope is not Scope.THIS
    changes = changes_in(filled, replace(order, displace=None), view)
    changes = replace(changes, title=None, note=None, attendees=None)
    try:
        many = changing.try_change(asking.viewer, view.id, changes, asking.now, scope, view.occurrence)
    except Clash as clash:
        return replace(asking.after_clash(order, clash, filled, several), faster=False)
    except Refused as refused:
        return Answer(REFUSED, tuple(each.sentence for each in faults(refused.refusals, zone)))
    place, span = name_of(asking.premises, changes.resource or view.resource), order.span
    lines = [f"{place}, {plain_day(day_of(span.start, zone))} {hours(span, zone)}."]
    lines += [_("It goes for all %(num)d times.", num=many)] if many > 1 else []
    return Answer(FREE, tuple(lines), mark=f"{FREE} {filled.question}")
