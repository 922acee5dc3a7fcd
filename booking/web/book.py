"""Booking: the form, the answer to it before it is sent, and the sending. Imports actions and the domain."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import replace
from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from booking.actions import booking, looking
from booking.actions.booking import Repeatable
from booking.actions.errors import Clash, KeyReused, NotFound, Refused
from booking.actions.wishing import ANY_DESK, Order
from booking.domain.people import Viewer
from booking.domain.permissions import Deed, require
from booking.domain.premises import Premises
from booking.web.answering import REFUSED, Answer, Asking, mark_all
from booking.web.choices import Choices, offered, usual_span
from booking.web.clock import now
from booking.web.pieces import instead, read_alternative
from booking.web.viewer import current_viewer
from booking.web.wish_form import (
    Asked,
    BookingForm,
    put_resource,
    put_span,
    read,
    read_day,
)
from booking.web.wording import plain_day, week

pages = Blueprint("book", __name__)
KEY = re.compile(r"[\w-]{16,64}", re.ASCII)
Page = Response | str | tuple[str, int]


@pages.get("/boka")
def form() -> Page:
    """The form, filled in as far as the link says, with the answer to what it says."""
    viewer, premises = _where(request.args.get("lokal"))
    asking = Asking(viewer, premises, now())
    filled = _from_link(viewer, premises)
    asked = read(filled, premises, asking.now, titled=False)
    return _page(filled, asking, asking.answer(filled, asked))


@pages.get("/boka/svar")
def answer() -> Page:
    """The answer to the fields so far, as a fragment. Titles and notes are not among them: addresses are logged."""
    viewer, premises = _where(request.args.get("lokal"))
    asking = Asking(viewer, premises, now())
    filled = BookingForm(formdata=request.args)
    found = asking.answer(filled, read(filled, premises, asking.now, titled=False))
    return render_template(
        "book/_answer.html", answer=found, form=filled, scripted=True, day=_day_in_words(filled)
    )


@pages.post("/boka")
def send() -> Page:
    """Book, or do what the pressed button says: look whether it is free, choose another time, book that instead."""
    filled = BookingForm()
    viewer, premises = _where(filled.text("premises") or None)
    asking = Asking(viewer, premises, now())
    chosen = request.form.get("valj")
    if chosen is not None:
        _choose(filled, chosen, premises)
    other = request.form.get("i_stallet")
    stale = other is not None and not filled.text("told").endswith(f" {filled.question}")
    if chosen is not None or stale or request.form.get("gor") == "kolla":
        return _looked(filled, asking)
    asked = read(filled, premises, asking.now)
    if other is not None and asked.order is not None:
        asked = replace(asked, order=instead(asked.order, other) or abort(400))
    return _send(filled, asking, asked)


# --- what a button does -----------------------------------------------------------------------


def _looked(filled: BookingForm, asking: Asking) -> Page:
    """The form again with its answer; nothing is booked."""
    asked = read(filled, asking.premises, asking.now, titled=False)
    found = mark_all(filled, asked, asking.refusals(asked.order), asking.premises)
    return _page(filled, asking, asking.answer(filled, asked), 422 if found else 200)


def _choose(filled: BookingForm, text: str, premises: Premises) -> None:
    found = read_alternative(text) or abort(400)
    if filled.text("place") != ANY_DESK or filled.text("desk"):
        put_resource(filled, found[0], premises)
    put_span(filled, found[1], premises.zone)


def _send(filled: BookingForm, asking: Asking, asked: Asked) -> Page:
    """Book it. What is wrong goes to its field, what clashes to the answer; nothing typed is lost."""
    if asked.faults or asked.order is None:
        mark_all(filled, asked, asking.refusals(asked.order), asking.premises)
        return _page(filled, asking, asking.answer(filled, asked), 422)
    try:
        made = booking.book(asking.viewer, asked.order, asking.now, _repeatable(filled, asked.order))
    except Refused as refused:
        mark_all(filled, asked, refused.refusals, asking.premises)
        return _page(filled, asking, None, 422)
    except Clash as clash:
        found = asking.after_clash(asked.order, clash, filled)
        if not (clash.clashes or clash.displaceable):  # met in the database itself: look again for what it is
            found = replace(asking.answer(filled, asked), faster=True)
        return _page(filled, asking, found, 409)
    except KeyReused:
        filled.key.data = ""
        return _page(filled, asking, asking.answer(filled, asked), 409, used=True)
    return redirect(url_for("mine.mine", bokad=made.view.id), 303)


def _repeatable(filled: BookingForm, order: Order) -> Repeatable | None:
    """What makes a second press of the same button the same booking. Keyed: a title can be guessed from a bare hash."""
    key = filled.text("key")
    if not KEY.fullmatch(key):
        return None
    given = sorted(map(repr, order.displace or ()))
    said = repr((replace(order, displace=None), given)).encode()
    secret: str = current_app.config["SECRET_KEY"]
    return Repeatable(f"page {key}", hmac.new(secret.encode(), said, hashlib.sha256).hexdigest())


# --- the page ---------------------------------------------------------------------------------


def _where(name: str | None) -> tuple[Viewer, Premises]:
    """Who books, and in which premises: the only one they use, or the one named."""
    viewer = current_viewer()
    require(viewer, Deed.BOOKING_BOOK)
    if name:
        return viewer, looking.place_for(viewer, name).premises
    found = looking.premises_for(viewer)
    if not found:
        raise NotFound
    return viewer, found[0].premises


def _from_link(viewer: Viewer, premises: Premises) -> BookingForm:
    """A fresh form with what the link says, and the usual for all it does not say."""
    filled = BookingForm(formdata=request.args)
    offer = offered(viewer, premises)
    if filled.text("place") in premises.by_key:
        put_resource(filled, filled.text("place"), premises)
    elif not filled.text("place") and offer.places:
        filled.place.data = offer.places[0].value
    _usual_times(filled, offer, viewer, premises)
    if not filled.text("visibility"):
        filled.visibility.data = offer.visibility.value
    return filled


def _usual_times(filled: BookingForm, offer: Choices, viewer: Viewer, premises: Premises) -> None:
    """Today's next quarter and the usual length of the place, where the link gives no times."""
    minutes = next((each.minutes for each in offer.places if each.value == filled.text("place")), 60)
    span = usual_span(viewer, premises, minutes, now())
    fields = (filled.day, filled.start, filled.end, filled.last_day)
    given = [each.data for each in fields]
    put_span(filled, span, premises.zone)
    if given[1]:
        _from_start(filled, str(given[0] or filled.day.data), str(given[1]), minutes, premises)
    for field, value in zip(fields, given, strict=True):
        if value:
            field.data = value


def _from_start(filled: BookingForm, day: str, start: str, minutes: int, premises: Premises) -> None:
    """The usual length from a given start; what cannot be read is answered like any other field."""
    probe = BookingForm(formdata=None, data={"day": day, "start": start, "end": "24:00"})
    order = read(probe, premises, now(), titled=False).order
    if order is not None:
        end = min(order.span.end, order.span.start + timedelta(minutes=minutes))
        put_span(filled, replace(order.span, end=end), premises.zone)


def _page(
    filled: BookingForm, asking: Asking, found: Answer | None, status: int = 200, used: bool = False
) -> tuple[str, int]:
    if not KEY.fullmatch(filled.text("key")):
        filled.key.data = secrets.token_urlsafe(24)
    return page(filled, asking, found, status, used=used, heading=_("New booking"))


def page(
    filled: BookingForm,
    asking: Asking,
    found: Answer | None,
    status: int,
    template: str = "book/form.html",
    **more: Any,
) -> tuple[str, int]:
    """The page with the form, as it was filled in, and with its answer if there is one to give."""
    odd = (filled.text("start"), filled.text("end"), filled.text("place"))
    if found is not None and found.kind == REFUSED and filled.errors:
        found = None  # the same sentences stand at their fields
    text = render_template(
        template,
        form=filled,
        offer=offered(asking.viewer, asking.premises, odd),
        answer=found,
        day=_day_in_words(filled),
        late=status == 409,
        **more,
    )
    return text, status


def _day_in_words(filled: BookingForm) -> str:
    day = read_day(filled.text("day"))
    return _("%(day)s, week %(week)s", day=plain_day(day), week=week(day)) if day else ""
