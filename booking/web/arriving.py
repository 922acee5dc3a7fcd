"""Coming and leaving: the buttons of a booking, the page of a place that its QR code leads to, and the codes on paper.

Whether the viewer may know a booking is asked first: what they may not know is not there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import segno
from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response

from booking.actions import asking, checking_in, looking
from booking.actions.asking import MOST_A_DAY
from booking.actions.errors import NotFound, Refused, TooMany
from booking.actions.looking import Opened, Place
from booking.domain.attendance import ATTENDED
from booking.domain.permissions import Deed, may, require
from booking.domain.premises import Kind, Resource
from booking.domain.spans import day_of, local_day
from booking.domain.views import Full
from booking.web.cards import Card, card, name_of
from booking.web.clock import now
from booking.web.laying.lines import Sort
from booking.web.laying.moment import State
from booking.web.laying.sheet import Sheet, lay_out
from booking.web.occurrences import address, checked, named_occurrence
from booking.web.sentences import sentence
from booking.web.viewer import current_viewer, local_path
from booking.web.wording import hours, until

pages = Blueprint("arriving", __name__)
NEXT = 3
Page = Response | str | tuple[str, int]


# --- coming and leaving -----------------------------------------------------------------------


@pages.post("/bokning/<number>/checka-in")
def check_in(number: str) -> Response:
    """Note that somebody came."""
    opened, which = _look(number)
    try:
        checking_in.check_in(current_viewer(), number, now(), which)
    except Refused as refused:
        return _back(opened, refused)
    flash(_("You are checked in."))
    return _back(opened)


@pages.post("/bokning/<number>/avsluta")
def end(number: str) -> Response:
    """End it now; the rest of its time is free."""
    opened, which = _look(number)
    try:
        checking_in.end_early(current_viewer(), number, now(), which)
    except Refused as refused:
        return _back(opened, refused)
    flash(_("The booking is ended, and the rest of its time is free."))
    return _back(opened)


@pages.post("/bokning/<number>/fraga")
def ask(number: str) -> Page:
    """Ask whoever has booked to swap; what is wrong with the words is said beside them."""
    opened, which = _look(number)
    words = request.form.get("ord", "")
    try:
        asking.ask(current_viewer(), number, words, now(), which)
    except Refused as refused:
        return _asked_again(opened, words, sentence(refused.refusals[0], opened.place.premises.zone)), 422
    except TooMany:
        wrong = _("You may ask %(most)d times a day at most. Try again tomorrow.", most=MOST_A_DAY)
        return _asked_again(opened, words, wrong), 429
    flash(_("Your question has been sent."))
    return _back(opened)


def _look(number: str) -> tuple[Opened, datetime | None]:
    """The occurrence as this viewer may know it, and its name where the address says one; else NotFound."""
    which = named_occurrence()
    return looking.look_at(current_viewer(), checked(number), now(), which), which


def _back(opened: Opened, refused: Refused | None = None) -> Response:
    """Where the button stood, with why nothing was done if so."""
    if refused is not None:
        flash(sentence(refused.refusals[0], opened.place.premises.zone), "stop")
    return redirect(local_path(request.form.get("next")) or address(opened.view), 303)


def _asked_again(opened: Opened, words: str, wrong: str) -> str:
    shown = card(opened.place.premises, opened.view, opened.names, now())
    return render_template("bookings/ask.html", card=shown, said=words, wrong=wrong)


# --- a place ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Entry:
    """What stands in a place: when, in words, and where it is shown, if it may be."""

    hours: str
    words: str
    address: str


@pages.get("/plats/<number>")
def place(number: str) -> str:
    """A place just now and next, as this viewer may know it: where its QR code leads."""
    viewer, moment = current_viewer(), now()
    found, resource = _place(number)
    zone = found.premises.zone
    look = looking.board(viewer, found, local_day(day_of(moment, zone), zone), moment)
    sheet = lay_out(look, viewer, day_of(moment, zone), moment)
    shown = next(each for each in sheet.cards if each.key == resource.key)
    rule = found.premises.rule_for(viewer.category)
    books = may(viewer, Deed.BOOKING_BOOK) and rule is not None and rule.admits(resource)
    free = shown.standing is not None and shown.standing.state is State.FREE
    return render_template(
        "place/place.html",
        name=name_of(found.premises, resource.key),
        premises={"name": found.premises.name, "short_name": found.premises.name},
        day=url_for("today.today", lokal=found.premises.key),
        state=shown.standing.state.value if shown.standing else "",
        until=_until(sheet, shown.standing.until) if shown.standing else "",
        own=[each for each in _cards(sheet, look, resource, moment) if each.steps.now],
        entries=_entries(sheet, resource, look),
        book=url_for("book.form", plats=resource.key, lokal=found.premises.key) if books and free else "",
    )


def _place(number: str) -> tuple[Place, Resource]:
    """A desk, a table or a room by its public id, in a premises the viewer may use; else NotFound."""
    for each in looking.premises_for(current_viewer()):
        for key, public in each.public_ids.items():
            resource = each.premises.by_key.get(key)
            if public == number and resource is not None and resource.kind in ATTENDED:
                return each, resource
    raise NotFound


def _until(sheet: Sheet, moment: datetime | None) -> str:
    return until(moment, sheet.frame.day, sheet.frame.zone) if moment else ""


def _cards(sheet: Sheet, look: looking.Look, resource: Resource, moment: datetime) -> list[Card]:
    views = [each for each in look.board.bookings if each.resource == resource.key]
    once: dict[str, Full] = {each.key: each for each in views if each.mine or each.ours or each.invited}
    return [card(sheet.premises, each, look.names, moment) for each in once.values()]


def _entries(sheet: Sheet, resource: Resource, look: looking.Look) -> list[Entry]:
    """What stands there now and next, one's own too."""
    line = next(each.line for each in sheet.cards if each.key == resource.key)
    found = []
    for piece in line:
        when = hours(piece.span, sheet.frame.zone)
        if piece.view is not None:
            about = card(sheet.premises, piece.view, look.names, sheet.now)
            words = about.title if about.sealed else f"{about.title} · {about.organisation.name}"
            found.append(Entry(when, words, address(piece.view)))
        elif piece.sort in (Sort.BUSY, Sort.PART):
            found.append(Entry(when, _("Busy"), ""))
    return found[:NEXT]


# --- on paper ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sign:
    """A place's sign: its name, and the address of its page as a drawing for a camera."""

    name: str
    premises: str
    drawing: Markup


@pages.get("/samordning/skyltar")
def signs() -> str:
    """A sign with a QR code for every place, to print and put up."""
    viewer = current_viewer()
    require(viewer, Deed.SIGN_PRINT)
    return render_template(
        "place/signs.html",
        signs=[
            Sign(
                name_of(each.premises, resource.key),
                each.premises.name,
                _drawing(each.public_ids[resource.key]),
            )
            for each in looking.premises_for(viewer)
            for kind in (Kind.ROOM, Kind.TABLE, Kind.DESK)
            for resource in each.premises.of_kind(kind)
        ],
    )


def _drawing(number: str) -> Markup:
    settings = current_app.extensions["samlokal.settings"]
    site = settings.base_url or request.url_root.rstrip("/")
    drawn = segno.make(site + url_for("arriving.place", number=number), micro=False).svg_inline(
        omitsize=True, border=2, title=_("The address of the place as a picture")
    )
    return Markup(drawn)  # noqa: S704 - made by segno alone
