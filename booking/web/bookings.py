"""One booking: its page, opening what is confidential in it, changing and cancelling. Imports actions and the domain.

Whether the viewer may know it is asked first, by every method: what they may not know is not there. Of a series the
address names the occurrence; without it the next to come is meant.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from booking.actions import cancelling, changing, looking, repeating, restoring
from booking.actions.changes import Scope
from booking.actions.errors import Changed, Clash, Refused
from booking.actions.looking import Opened
from booking.domain.bookings import Status
from booking.domain.permissions import Deed, may, require
from booking.web import history
from booking.web.answering import Answer, Asking, mark_all
from booking.web.book import SOME_OF_THEM, page
from booking.web.brief import ASKED as ASKED_IN_BRIEF
from booking.web.brief import in_brief
from booking.web.cards import card, name_of
from booking.web.change_form import SCOPES, as_filled, changes_in, move_to, put_move, scope_name, stays
from booking.web.clock import now
from booking.web.moving import answer_to_change
from booking.web.news import when
from booking.web.occurrences import address, checked, named_occurrence
from booking.web.pieces import agreed, read_alternative, read_occurrence, read_occurrences, write_occurrence
from booking.web.reviewing import readers_of
from booking.web.sentences import sentence
from booking.web.series_cards import AT_ONCE, Row, SeriesCard, series_card
from booking.web.viewer import channel, current_viewer
from booking.web.wish_form import BookingForm, put_resource, put_span, read
from booking.web.wording import long_day, plain_day

pages = Blueprint("bookings", __name__)
MOST_PAGES = 1000
Page = Response | str | tuple[str, int]


@pages.get("/bokning/<number>")
def show(number: str) -> Page:
    """A booking with its facts; what is confidential in it stays closed."""
    return _shown(_look(number), now())


@pages.post("/bokning/<number>/oppna")
def open_details(number: str) -> Page:
    """The same page, or the same in brief, with what is confidential in this one answer; the opening is noted."""
    _look(number)
    opened = looking.open_details(current_viewer(), number, now(), channel(), named_occurrence())
    return in_brief(opened, now()) if ASKED_IN_BRIEF in request.form else _shown(opened, now())


@pages.post("/bokning/<number>/avboka")
def cancel(number: str) -> Page:
    """Cancel it at once; of a series ask first which of it, and cancel nothing until that is said."""
    opened = _look(number)
    scope = SCOPES.get(request.form.get("omfattning", ""))
    if scope is None and opened.view.repetition is not None:
        require(current_viewer(), Deed.BOOKING_CANCEL, opened.view)
        return _which(opened)
    scope = scope or Scope.THIS
    try:
        cancelling.cancel(current_viewer(), number, now(), scope=scope, occurrence=opened.view.occurrence)
    except Refused as refused:
        zone = opened.place.premises.zone
        return _shown(opened, now(), sentence(refused.refusals[0], zone)), 422
    return _back_to_mine(opened, "avbokad", scope)


@pages.post("/bokning/<number>/angra")
def restore(number: str) -> Page:
    """Undo its cancelling, as long as that goes; else say why not, and offer to book it anew."""
    opened = _look(number)
    if opened.view.status is not Status.CANCELLED:
        return _back_to_mine(opened, "aterstalld", Scope.THIS)  # a second press of the same button
    try:
        restored = restoring.restore(current_viewer(), number, now(), opened.view.occurrence)
    except Refused as refused:
        zone = opened.place.premises.zone
        return _shown(opened, now(), sentence(refused.refusals[0], zone)), 422
    except Clash as clash:
        words = Asking(current_viewer(), opened.place.premises, now()).words(clash)
        met = words.lines(clash.clashes) or tuple(words.yielding(each, False) for each in clash.displaceable)
        return _shown(opened, now(), " ".join((_("The time has been taken."), *met))), 409
    return redirect(
        url_for("mine.mine", aterstalld=restored.id, tillfalle=write_occurrence(restored.occurrence)), 303
    )


@pages.get("/bokning/<number>/flytta")
def offered(number: str) -> Page:
    """One of the nearest free times, as a letter offers it: what is booked, and a button that takes the other."""
    opened, moment = _look(number), now()
    require(current_viewer(), Deed.BOOKING_CHANGE, opened.view)
    text = request.args.get("valj", "")
    chosen, premises = read_alternative(text), opened.place.premises
    if chosen is None or chosen[0] not in premises.by_key or opened.view.span.end <= moment:
        return redirect(address(opened.view, "bookings.change"), 303)
    shown = card(premises, opened.view, opened.names, moment)
    return render_template(
        "bookings/move.html",
        card=shown,
        now=when(opened.view.span, premises.zone),
        place=name_of(premises, chosen[0]),
        when=when(chosen[1], premises.zone),
        chosen=text,
        premises_name=premises.name,
    )


@pages.post("/bokning/<number>/flytta")
def move(number: str) -> Page:
    """Take one of the nearest free times instead of the one that had to give way."""
    opened = _look(number)
    require(current_viewer(), Deed.BOOKING_CHANGE, opened.view)
    chosen = read_alternative(request.form.get("valj", ""))
    if chosen is None:
        return redirect(address(opened.view, "bookings.change"), 303)
    changes = move_to(opened.view, *chosen)
    try:
        changing.change(current_viewer(), number, changes, None, now(), occurrence=opened.view.occurrence)
    except (Clash, Refused):
        return redirect(address(opened.view, "bookings.change", valj=request.form["valj"]), 303)
    return _back_to_mine(opened, "andrad", Scope.THIS)


@pages.post("/bokning/<number>/forsok")
def try_again(number: str) -> Page:
    """Try a refused date of a series again; what it meets is said beside it."""
    opened = _look(number)
    require(current_viewer(), Deed.BOOKING_CHANGE, opened.view)
    date = read_occurrence(request.form.get("tid", "")) or abort(400)
    given, begun = agreed(request.form.get("vika", "")), "vika_pagaende" in request.form
    try:
        made = repeating.try_again(current_viewer(), number, date, now(), given, begun)
    except Refused as refused:
        zone = opened.place.premises.zone
        return _shown(opened, now(), sentence(refused.refusals[0], zone)), 422
    except Clash as clash:
        asking = Asking(current_viewer(), opened.place.premises, now())
        return _shown(opened, now(), met=(write_occurrence(date), asking.date_met(clash))), 409
    return redirect(address(made, bokad="1"), 303)


@pages.route("/bokning/<number>/andra", methods=["GET", "POST"])
def change(number: str) -> Page:
    """The form with what is booked, and the saving of what was changed in it."""
    viewer, opened = current_viewer(), _look(number)
    require(viewer, Deed.BOOKING_CHANGE, opened.view)
    if opened.view.span.end <= now():
        return redirect(address(opened.view), 303)
    asking = Asking(viewer, opened.place.premises, now())
    if request.method == "POST":
        return _save(opened, BookingForm(), asking)
    filled = as_filled(looking.open_details(viewer, number, now(), "change", named_occurrence()))
    moved = _choose(filled, request.args.get("valj"), opened)
    moved |= put_move(filled, request.args, opened.place.premises)
    return _change_page(
        opened, filled, asking, answer_to_change(asking, opened, filled) if moved else None, 200
    )


# --- changing ---------------------------------------------------------------------------------


def _save(opened: Opened, filled: BookingForm, asking: Asking) -> Page:
    """Save the changes. Somebody else's, made meanwhile, are shown first and then written over knowingly."""
    if _choose(filled, request.form.get("valj"), opened):
        return _change_page(opened, filled, asking, answer_to_change(asking, opened, filled), 200)
    asked = read(filled, asking.premises)
    if asked.faults or asked.order is None:
        mark_all(filled, asked, (), asking.premises)
        return _change_page(opened, filled, asking, None, 422)
    scope = SCOPES.get(filled.text("scope"), Scope.THIS)
    changes = changes_in(filled, asked.order, opened.view)
    left_out = request.form.get(SOME_OF_THEM)
    if left_out is not None and filled.text("told").endswith(f" {filled.question}"):
        changes = replace(changes, skip=True, left_out=read_occurrences(left_out) or abort(400))
    try:
        changing.change(
            asking.viewer,
            opened.view.id,
            changes,
            filled.text("etag"),
            asking.now,
            scope,
            opened.view.occurrence,
        )
    except Refused as refused:
        mark_all(filled, asked, refused.refusals, asking.premises)
        return _change_page(opened, filled, asking, None, 422)
    except Clash as clash:
        several = opened.view.repetition is not None and scope is not Scope.THIS
        found = asking.after_clash(asked.order, clash, filled, several)
        return _change_page(opened, filled, asking, found, 409)
    except Changed:
        filled.etag.data = opened.etag
        return _change_page(opened, filled, asking, None, 409, changed=True)
    if opened.view.repetition is None or scope is Scope.THIS:
        return _back_to_mine(opened, "andrad", Scope.THIS)
    moved = "1" if changes.start or changes.end else None
    return redirect(address(opened.view, andrad=scope_name(scope), flyttad=moved), 303)


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


def _back_to_mine(opened: Opened, what: str, scope: Scope) -> Response:
    """One's own bookings, where what was done is said."""
    view = opened.view
    reach = None if scope is Scope.THIS else scope_name(scope)
    more = {what: view.id, "tillfalle": write_occurrence(view.occurrence), "omfattning": reach}
    return redirect(url_for("mine.mine", **more), 303)  # type: ignore[arg-type]


# --- showing ----------------------------------------------------------------------------------


def _look(number: str) -> Opened:
    """The occurrence as this viewer may know it; NotFound before anything else is asked."""
    return looking.look_at(current_viewer(), checked(number), now(), named_occurrence())


def _which(opened: Opened) -> str:
    """The small form that asks how much of a series is to be cancelled."""
    shown = card(opened.place.premises, opened.view, opened.names, now())
    return render_template("bookings/cancel.html", card=shown, day=plain_day(shown.day))


def _shown(opened: Opened, moment: datetime, wrong: str = "", met: tuple[str, Answer] | None = None) -> str:
    shown = card(opened.place.premises, opened.view, opened.names, moment)
    series = _series(opened, moment)
    return render_template(
        "bookings/show.html",
        card=shown,
        day=long_day(shown.day),
        content=opened.view.content,
        wrong=wrong,
        series=series,
        met=met,
        said=_said(series),
        undoable=restoring.undoable(current_viewer(), opened.view, moment),
        copies=shown.use and may(current_viewer(), Deed.BOOKING_BOOK),
        premises_name=opened.place.premises.name,
        readers=readers_of(opened, moment),
        happenings=history.of_booking(opened, moment),
    )


def _series(opened: Opened, moment: datetime) -> SeriesCard | None:
    """The series it is one of, to its own organisation."""
    if opened.view.repetition is None:
        return None
    asked = request.args.get("sida", "")
    number = min(int(asked), MOST_PAGES) if asked.isascii() and asked.isdecimal() and len(asked) < 5 else 1
    number = max(number, 1)
    found = repeating.occurrences_of(
        current_viewer(), opened.view.id, moment, (number - 1) * AT_ONCE, AT_ONCE
    )
    return series_card(opened, found, number, moment)


def _said(series: SeriesCard | None) -> tuple[str, tuple[Row, ...]] | None:
    """What the step before did, in a word, and what of a series had been moved on its own and was moved along."""
    if request.args.get("bokad"):
        return _("Booked."), ()
    scope = SCOPES.get(request.args.get("andrad", ""))
    if series is None or scope not in (Scope.FOLLOWING, Scope.ALL):
        return None
    moved = series.moved if request.args.get("flyttad") else ()
    return _("Changed."), tuple(each for each in moved if each.follows or scope is Scope.ALL)
