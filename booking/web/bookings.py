"""One booking: its page, opening what is confidential in it, changing and cancelling. Imports actions and the domain.

Whether the viewer may know it is asked first, by every method: what they may not know is not there.
"""

from __future__ import annotations

import re
from datetime import datetime

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from booking.actions import cancelling, changing, looking
from booking.actions.errors import Changed, Clash, NotFound, Refused
from booking.actions.looking import Opened
from booking.domain.permissions import Deed, require
from booking.web.answering import Answer, Asking, mark_all
from booking.web.book import page
from booking.web.cards import card, name_of
from booking.web.change_form import as_filled, changes_in, move_to, stays
from booking.web.clock import now
from booking.web.news import when
from booking.web.pieces import read_alternative, read_occurrence
from booking.web.sentences import sentence
from booking.web.viewer import channel, current_viewer
from booking.web.wish_form import BookingForm, put_resource, put_span, read
from booking.web.wording import long_day, plain_day

pages = Blueprint("bookings", __name__)
NUMBER = re.compile(r"[\w-]{1,64}", re.ASCII)
Page = Response | str | tuple[str, int]


@pages.get("/bokning/<number>")
def show(number: str) -> Page:
    """A booking with its facts; what is confidential in it stays closed."""
    return _shown(_look(number), now())


@pages.post("/bokning/<number>/oppna")
def open_details(number: str) -> Page:
    """The same page with what is confidential in it, in this one answer; the opening is noted."""
    _look(number)
    return _shown(looking.open_details(current_viewer(), number, now(), channel()), now())


@pages.post("/bokning/<number>/avboka")
def cancel(number: str) -> Page:
    """Cancel it at once."""
    opened = _look(number)
    try:
        cancelling.cancel(current_viewer(), number, now())
    except Refused as refused:
        zone = opened.place.premises.zone
        return _shown(opened, now(), sentence(refused.refusals[0], zone)), 422
    return redirect(url_for("mine.mine", avbokad=number), 303)


@pages.get("/bokning/<number>/flytta")
def offered(number: str) -> Page:
    """One of the nearest free times, as a letter offers it: what is booked, and a button that takes the other."""
    named = read_occurrence(request.args.get("tillfalle", ""))
    opened, moment = _look(number, named), now()
    require(current_viewer(), Deed.BOOKING_CHANGE, opened.view)
    text = request.args.get("valj", "")
    chosen, premises = read_alternative(text), opened.place.premises
    if chosen is None or chosen[0] not in premises.by_key or opened.view.span.end <= moment:
        return redirect(
            url_for("bookings.change", number=number, tillfalle=request.args.get("tillfalle")), 303
        )
    shown = card(premises, opened.view, opened.names, moment)
    return render_template(
        "bookings/move.html",
        card=shown,
        now=when(opened.view.span, premises.zone),
        place=name_of(premises, chosen[0]),
        when=when(chosen[1], premises.zone),
        chosen=text,
        occurrence=request.args.get("tillfalle", ""),
        premises_name=premises.name,
    )


@pages.post("/bokning/<number>/flytta")
def move(number: str) -> Page:
    """Take one of the nearest free times instead of the one that had to give way."""
    opened = _look(number)
    require(current_viewer(), Deed.BOOKING_CHANGE, opened.view)
    chosen = read_alternative(request.form.get("valj", ""))
    if chosen is None:
        return redirect(url_for("bookings.change", number=number), 303)
    try:
        changing.change(current_viewer(), number, move_to(opened.view, *chosen), None, now())
    except (Clash, Refused):
        return redirect(url_for("bookings.change", number=number, valj=request.form["valj"]), 303)
    return redirect(url_for("mine.mine", andrad=number), 303)


@pages.route("/bokning/<number>/andra", methods=["GET", "POST"])
def change(number: str) -> Page:
    """The form with what is booked, and the saving of what was changed in it."""
    viewer, opened = current_viewer(), _look(number)
    require(viewer, Deed.BOOKING_CHANGE, opened.view)
    if opened.view.span.end <= now():
        return redirect(url_for("bookings.show", number=number), 303)
    asking = Asking(viewer, opened.place.premises, now())
    if request.method == "POST":
        return _save(opened, BookingForm(), asking)
    filled = as_filled(looking.open_details(viewer, number, now(), channel()))
    _choose(filled, request.args.get("valj"), opened)
    return _change_page(opened, filled, asking, None, 200)


# --- changing ---------------------------------------------------------------------------------


def _save(opened: Opened, filled: BookingForm, asking: Asking) -> Page:
    """Save the changes. Somebody else's, made meanwhile, are shown first and then written over knowingly."""
    if _choose(filled, request.form.get("valj"), opened):
        return _change_page(opened, filled, asking, None, 200)
    asked = read(filled, asking.premises, asking.now)
    if asked.faults or asked.order is None:
        mark_all(filled, asked, (), asking.premises)
        return _change_page(opened, filled, asking, None, 422)
    changes = changes_in(filled, asked.order, opened.view)
    try:
        changing.change(asking.viewer, opened.view.id, changes, filled.text("etag"), asking.now)
    except Refused as refused:
        mark_all(filled, asked, refused.refusals, asking.premises)
        return _change_page(opened, filled, asking, None, 422)
    except Clash as clash:
        found = asking.after_clash(asked.order, clash, filled)
        return _change_page(opened, filled, asking, found, 409)
    except Changed:
        filled.etag.data = opened.etag
        return _change_page(opened, filled, asking, None, 409, changed=True)
    return redirect(url_for("mine.mine", andrad=opened.view.id), 303)


def _choose(filled: BookingForm, text: str | None, opened: Opened) -> bool:
    chosen = read_alternative(text or "")
    if chosen is None or chosen[0] not in opened.place.premises.by_key:
        return False
    put_resource(filled, chosen[0], opened.place.premises)
    put_span(filled, chosen[1], opened.place.premises.zone)
    return True


def _change_page(
    opened: Opened,
    filled: BookingForm,
    asking: Asking,
    answer: Answer | None,
    status: int,
    changed: bool = False,
) -> Page:
    shown = card(asking.premises, opened.view, opened.names, asking.now)
    return page(
        filled,
        asking,
        answer,
        status,
        template="bookings/change.html",
        card=shown,
        day_heading=plain_day(shown.day),
        stays=stays(opened.view),
        saving=True,
        changed=changed,
    )


# --- showing ----------------------------------------------------------------------------------


def _look(number: str, occurrence: datetime | None = None) -> Opened:
    """The booking as this viewer may know it; NotFound before anything else is asked."""
    if not NUMBER.fullmatch(number):
        raise NotFound
    return looking.look_at(current_viewer(), number, now(), occurrence)


def _shown(opened: Opened, moment: datetime, wrong: str = "") -> str:
    shown = card(opened.place.premises, opened.view, opened.names, moment)
    return render_template(
        "bookings/show.html",
        card=shown,
        day=long_day(shown.day),
        content=opened.view.content,
        wrong=wrong,
        premises_name=opened.place.premises.name,
    )
