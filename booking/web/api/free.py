"""Looking for free times. Imports the actions and Flask."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from werkzeug.wrappers import Response

from booking.actions import finding, looking
from booking.actions.errors import Refused
from booking.actions.looking import Place
from booking.actions.wishing import Order
from booking.domain.people import Visibility
from booking.domain.permissions import Deed, require
from booking.domain.premises import LONGEST_OCCURRENCE, Kind
from booking.domain.refusals import Refusal
from booking.domain.spans import MINUTE, Span, ceiling_to
from booking.web.api import reading, views
from booking.web.api.boards import WHICH, window_in
from booking.web.api.faults import Fault, wrong
from booking.web.api.kinds import Choice, Name, Number, Time
from booking.web.api.operations import Answer, answered, operation
from booking.web.api.problems import here
from booking.web.api.reading import Field
from booking.web.clock import now
from booking.web.viewer import current_viewer

LONGEST_SEARCH = timedelta(days=92)

FREE_QUERY = (
    Field("resource", Name(), "the id or the key of a resource, or any-desk; this or kind"),
    Field("kind", Choice(tuple(Kind)), "any resource of this kind"),
    Field("minutes", Number(1, LONGEST_OCCURRENCE // MINUTE), "how long", required=True),
    Field("from", Time(), "the times nearest after this come first", required=True),
    Field("to", Time(), "at most 92 days later", required=True),
    Field("confidential_to", Name(), "the id or the key of a circle: as a booking confidential to it"),
    Field("limit", Number(1, 50), "how many times at most", left_out=10),
)
FREE = views.exactly(free=views.several(views.named("Free")))
# What a rule says of a booking's field, said at the parameter it came from.
ASKED_BY = {"ends": "minutes", "starts": "from", "circle": "confidential_to", "visibility": "confidential_to"}


@operation(
    "GET",
    "/premises/<premises>/free",
    summary="The nearest free times",
    about="Times at which exactly that booking would be accepted from you, and nobody would give way: your "
    "organisation's own visibility, or confidential to the circle you name. What the coordinator must approve "
    "is offered where it can be asked for.",
    path=WHICH,
    query=FREE_QUERY,
    answers={200: Answer("Nearest first; empty when there is none.", FREE)},
    problems=(403, 404),
)
def free(premises: str) -> Response:
    """The nearest times at which a booking of that length would be accepted."""
    viewer = current_viewer()
    place = here(looking.place_for(viewer, premises))
    asked = reading.query(FREE_QUERY)
    if (asked["resource"] is None) == (asked["kind"] is None):
        raise wrong("resource", Fault.EITHER_OR)
    require(viewer, Deed.BOOKING_BOOK)
    window = _whole_minutes(window_in(asked, place, LONGEST_SEARCH))
    kind = Kind(asked["kind"]) if asked["kind"] else None
    order = _order(asked, place, window)
    try:
        found = finding.find_free(viewer, place, order, kind, window, asked["limit"], now())
    except Refused as refused:
        raise Refused(tuple(_asked_by(each, kind) for each in refused.refusals)) from None
    return answered({"free": [views.free(each, place) for each in found]})


def _whole_minutes(window: Span) -> Span:
    """The whole minutes in a window, for bookings begin and end at them."""
    return Span(ceiling_to(window.start, 1), window.end.replace(second=0))


def _order(asked: dict[str, Any], place: Place, window: Span) -> Order:
    """A booking of that length, as it would be asked for."""
    circle = asked["confidential_to"]
    return Order(
        premises=place.premises.key,
        resource=asked["resource"] or "",
        span=Span(window.start, window.start + asked["minutes"] * MINUTE),
        visibility=None if circle is None else Visibility.CONFIDENTIAL,
        circle=circle,
    )


def _asked_by(refusal: Refusal, kind: Kind | None) -> Refusal:
    asked = {**ASKED_BY, "resource": "kind" if kind else "resource"}
    return replace(refusal, field=asked.get(refusal.field, refusal.field))
