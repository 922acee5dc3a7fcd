"""The form of an emergency closure, and its end. Imports the actions.

It answers with the same words whatever was there.
"""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from booking.actions import closing
from booking.actions.closing import Closing
from booking.actions.errors import Refused
from booking.actions.looking import Place
from booking.domain.permissions import Deed
from booking.domain.premises import Premises
from booking.domain.spans import Span, ceiling_to
from booking.web.blocking import BlockForm, clocks, groups, mark_refusals, put_span
from booking.web.clock import now
from booking.web.coordination import named, where
from booking.web.occurrences import checked
from booking.web.wish_form import BookingForm, read_span

pages = Blueprint("closing", __name__)
AT_ONCE = ""  # no start chosen


@pages.get("/samordning/stang")
def form() -> tuple[str, int]:
    """The form: from now until the end of the hour after next."""
    _viewer, place = where(Deed.CLOSURE_MAKE, named())
    filled = BlockForm(formdata=None)
    filled.places.data = []
    put_span(filled, Span(now(), ceiling_to(now() + timedelta(hours=1), 60)), place.premises)
    filled.start.data = AT_ONCE
    return _page(filled, place, 200)


@pages.post("/samordning/stang")
def send() -> tuple[str, int] | Response:
    """Close. What is wrong goes to its field."""
    viewer, place = where(Deed.CLOSURE_MAKE, named())
    filled = BlockForm()
    wanted = _read(filled, place.premises)
    if wanted is None:
        return _page(filled, place, 422)
    try:
        closing.close(viewer, wanted, now())
    except Refused as refused:
        mark_refusals(filled, refused.refusals, place.premises)
        return _page(filled, place, 422)
    return redirect(url_for("coordination.overview", sagt="stangt"), 303)


@pages.post("/samordning/stang/<number>/hav")
def end(number: str) -> Response:
    """End a closure before its time."""
    viewer, _place = where(Deed.CLOSURE_MAKE)
    try:
        closing.end(viewer, checked(number), now())
    except Refused:
        return redirect(url_for("coordination.overview", sagt="slut"), 303)
    return redirect(url_for("coordination.overview", sagt="oppnat"), 303)


def _read(filled: BlockForm, premises: Premises) -> Closing | None:
    """What the form asks for; None when something in it cannot be read, which then stands at its field."""
    at_once = filled.text("start") == AT_ONCE
    data = {name: filled.text(name) for name in ("day", "start", "end", "last_day")}
    if at_once:
        data["start"] = "00:00"
    span, wrong = read_span(BookingForm(formdata=None, data=data), premises.zone)
    for fault in wrong:
        filled.mark(fault.field, fault.sentence)
    if not filled.places.data:
        filled.mark("places", _("Choose at least one zone."))
    if filled.errors or span is None:
        return None
    places = tuple(filled.places.data or ())
    return Closing(premises.key, places, span.end, filled.text("reason"), None if at_once else span.start)


def _page(filled: BlockForm, place: Place, status: int) -> tuple[str, int]:
    odd = (filled.text("start"), filled.text("end"))
    text = render_template(
        "coordination/close.html",
        form=filled,
        place=place,
        zones=[group.zone for group in groups(place.premises) if group.zone],
        starts=clocks(odd, last=False),
        ends=clocks(odd, last=True),
    )
    return text, status
