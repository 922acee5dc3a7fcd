"""Booking: the form, the answer to it before it is sent, and the sending. Imports actions and the domain."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import replace
from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from booking.actions import booking, looking
from booking.actions.booking import Repeatable
from booking.actions.errors import Clash, KeyReused, NotFound, Refused
from booking.actions.looking import Opened
from booking.actions.wishing import ANY_DESK, Order
from booking.domain.people import Viewer
from booking.domain.permissions import Deed, require
from booking.domain.premises import Premises
from booking.web.answering import REFUSED, Answer, Asking, mark_all
from booking.web.choices import Choices, offered, usual_span
from booking.web.clock import now
from booking.web.copying import copy_into
from booking.web.language import language
from booking.web.laying.placing import Placing
from booking.web.occurrences import checked, named_occurrence
from booking.web.pieces import instead, read_alternative, read_day, read_occurrences, write_occurrence
from booking.web.site import secret_key
from booking.web.surroundings import surroundings
from booking.web.viewer import current_viewer
from booking.web.wish_form import (
    Asked,
    BookingForm,
    put_resource,
    put_span,
    read,
)
from booking.web.wording import clock, hours, plain_day, week

pages = Blueprint("book", __name__)
SOME_OF_THEM, UNMOVED = (
    "hoppa",
    "bara",
)  # of a series: those that go, and those that go without anybody giving way
PROMISES = ("i_stallet", SOME_OF_THEM, UNMOVED)
KEY = re.compile(r"[\w-]{16,64}", re.ASCII)
Page = Response | str | tuple[str, int]


@pages.get("/boka")
def form() -> Page:
    """The form, filled in as far as the link says, with the answer to what it says."""
    copied = _copied()
    viewer, premises = _where(copied.place.premises.key if copied else request.args.get("lokal"))
    asking = Asking(viewer, premises, now())
    filled = _from_link(asking, copied)
    asked = read(filled, premises, titled=False)
    return _page(filled, asking, asking.answer(filled, asked))


@pages.post("/boka/svar")
def answer() -> Page:
    """The answer to the fields so far, as a fragment; they come by POST, for a circle belongs in no address."""
    filled = BookingForm()
    viewer, premises = _where(filled.text("premises") or None)
    asking = Asking(viewer, premises, now())
    found = asking.answer(filled, read(filled, premises, titled=False))
    return render_template(
        "book/_answer.html",
        answer=found,
        form=filled,
        scripted=True,
        day=day_in_words(filled),
        leaving=_leaving(filled),
        **_drawn(asking, filled, found),
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
    promised = any(name in request.form for name in PROMISES)
    stale = promised and not filled.text("told").endswith(f" {filled.question}")
    if chosen is not None or stale or request.form.get("gor") == "kolla":
        return _looked(filled, asking)
    asked = read(filled, premises)
    wanted = asked.order and _as_promised(asked.order)
    return _send(filled, asking, asked, wanted)


# --- what a button does -----------------------------------------------------------------------


def _looked(filled: BookingForm, asking: Asking) -> Page:
    """The form again with its answer; nothing is booked."""
    asked = read(filled, asking.premises, titled=False)
    found = mark_all(filled, asked, asking.refusals(asked.order), asking.premises)
    return _page(filled, asking, asking.answer(filled, asked), 422 if found else 200)


def _choose(filled: BookingForm, text: str, premises: Premises) -> None:
    found = read_alternative(text) or abort(400)
    if filled.text("place") != ANY_DESK or filled.text("desk"):
        put_resource(filled, found[0], premises)
    put_span(filled, found[1], premises.zone)


def _as_promised(order: Order) -> Order:
    """What the pressed button of an answer promised: another time, or exactly those of a series that go."""
    other = request.form.get("i_stallet")
    if other is not None:
        return instead(order, other) or abort(400)
    for name in (SOME_OF_THEM, UNMOVED):
        left_out = request.form.get(name)
        if left_out is not None:
            order = replace(order, skip=True, left_out=read_occurrences(left_out) or abort(400))
            return order if name == SOME_OF_THEM else replace(order, displace=None)
    return order


def _send(filled: BookingForm, asking: Asking, asked: Asked, wanted: Order | None) -> Page:
    """Book it. What is wrong goes to its field, what clashes to the answer; nothing typed is lost."""
    if asked.faults or asked.order is None or wanted is None:
        mark_all(filled, asked, asking.refusals(asked.order), asking.premises)
        return _page(filled, asking, asking.answer(filled, asked), 422)
    try:
        made = booking.book(asking.viewer, wanted, asking.now, _repeatable(filled, wanted))
    except Refused as refused:
        mark_all(filled, asked, refused.refusals, asking.premises)
        return _page(filled, asking, None, 422)
    except Clash as clash:
        found = asking.after_clash(wanted, clash, filled)
        if wanted.repeat is not None or not (clash.clashes or clash.displaceable):
            # A part of a series, or met in the database itself: look again at the whole of it.
            found = replace(asking.answer(filled, asked), faster=not clash.displaceable)
        return _page(filled, asking, found, 409)
    except KeyReused:
        filled.key.data = ""
        return _page(filled, asking, asking.answer(filled, asked), 409, used=True)
    occurrence = write_occurrence(made.view.occurrence)
    return redirect(url_for("mine.mine", bokad=made.view.id, tillfalle=occurrence), 303)


def _repeatable(filled: BookingForm, order: Order) -> Repeatable | None:
    """What makes a second press of the same button the same booking. Keyed: a title can be guessed from a bare hash."""
    key = filled.text("key")
    if not KEY.fullmatch(key):
        return None
    given = sorted(map(repr, order.displace or ()))
    said = repr((replace(order, displace=None), given)).encode()
    return Repeatable(f"page {key}", hmac.new(secret_key(), said, hashlib.sha256).hexdigest())


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


def _copied() -> Opened | None:
    """The booking that the link wants another one of, opened; NotFound when the viewer may not know it."""
    number = request.args.get("kopia")
    if number is None:
        return None
    require(current_viewer(), Deed.BOOKING_BOOK)
    return looking.open_details(current_viewer(), checked(number), now(), "copy", named_occurrence())


def _from_link(asking: Asking, copied: Opened | None) -> BookingForm:
    """A fresh form with what the link or the copied booking says, and the usual for all they do not say."""
    premises = asking.premises
    filled = BookingForm(formdata=request.args)
    offer = offered(asking.viewer, premises, asking.now)
    if copied is not None:
        copy_into(filled, copied, asking.now)
    if filled.text("place") in premises.by_key:
        put_resource(filled, filled.text("place"), premises)
    elif not filled.text("place") and offer.places:
        filled.place.data = offer.places[0].value
    _usual_times(filled, offer, asking)
    if not filled.text("visibility"):
        filled.visibility.data = offer.visibility.value
    if not filled.text("circle") and offer.circles:
        filled.circle.data = offer.circles[0].value
    filled.premises.data = premises.key
    return filled


def _usual_times(filled: BookingForm, offer: Choices, asking: Asking) -> None:
    """Today's next quarter and the usual length of the place, where no times are given."""
    premises = asking.premises
    minutes = next((each.minutes for each in offer.places if each.value == filled.text("place")), 60)
    span = usual_span(asking.viewer, premises, minutes, asking.now)
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
    order = read(probe, premises, titled=False).order
    if order is not None:
        end = min(order.span.end, order.span.start + timedelta(minutes=minutes))
        put_span(filled, replace(order.span, end=end), premises.zone)


def _page(
    filled: BookingForm, asking: Asking, found: Answer | None, status: int = 200, used: bool = False
) -> tuple[str, int]:
    if not KEY.fullmatch(filled.text("key")):
        filled.key.data = secrets.token_urlsafe(24)
    return page(
        filled,
        asking,
        found,
        status,
        used=used,
        heading=_("New booking"),
        leaving=_leaving(filled),
        **_drawn(asking, filled, found),
    )


def _drawn(asking: Asking, filled: BookingForm, found: Answer | None) -> dict[str, Any]:
    """The hours around what is asked for, and the hand that places them."""
    near = surroundings(asking, filled, found)
    zone = asking.premises.zone
    return {
        "around": near,
        "at": Placing(near.frame) if near else None,
        "hours": lambda span: hours(span, zone),
        "hour": lambda moment: clock(moment, zone)[:2],
        "language": language(),
    }


def _leaving(filled: BookingForm) -> str:
    """The board of the day asked for, where "book nothing" leads."""
    day = read_day(filled.text("day"))
    return url_for("today.today", datum=day and day.isoformat(), lokal=filled.text("premises") or None)


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
        offer=offered(asking.viewer, asking.premises, asking.now, odd),
        answer=found,
        day=day_in_words(filled),
        late=status == 409,
        **more,
    )
    return text, status


def day_in_words(filled: BookingForm) -> str:
    """The day in the form with its week; nothing where it cannot be read."""
    day = read_day(filled.text("day"))
    return _("%(day)s, week %(week)s", day=plain_day(day), week=week(day)) if day else ""
