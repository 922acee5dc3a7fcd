"""One's own bookings, by day, with what had to give way first. Imports actions and the domain."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from flask import Blueprint, render_template, request
from flask_babel import gettext as _

from booking.actions import feeding, looking, restoring
from booking.actions.changes import Scope
from booking.actions.errors import NotFound
from booking.actions.looking import Mine, Opened
from booking.actions.repeating import refused_dates
from booking.domain.people import Viewer
from booking.domain.permissions import Deed, may
from booking.domain.spans import Span
from booking.domain.views import Full
from booking.web.answering import Offer
from booking.web.cards import Card, card, day_heading, day_in_sentence
from booking.web.change_form import SCOPES
from booking.web.clock import now
from booking.web.feed_cards import feed_card
from booking.web.occurrences import NUMBER, named_occurrence
from booking.web.offers import nearest
from booking.web.pieces import write_occurrence
from booking.web.viewer import current_viewer

pages = Blueprint("mine", __name__)
AHEAD = timedelta(days=800)
BACK = timedelta(days=90)
OF_A_SERIES = 10  # so many times of one series are listed; its own page has them all
OFFERED_FOR = 3  # so many that gave way get their nearest free times at once; the rest by their form


@dataclass(frozen=True)
class Day:
    """A day's heading and its bookings. `more` says of a booking and its occurrence how many follow unshown."""

    heading: str
    cards: tuple[Card, ...]
    more: Mapping[tuple[str, str], int]


@dataclass(frozen=True)
class GaveWay:
    """A booking that had to give way, with the nearest free times."""

    card: Card
    day: str
    offers: tuple[Offer, ...]


@pages.get("/mina")
def mine() -> str:
    """Coming bookings, or with ?vy=tidigare those of the last three months; ?vem=alla also colleagues'."""
    viewer, moment = current_viewer(), now()
    earlier = request.args.get("vy") == "tidigare"
    ours = request.args.get("vem") == "alla"
    found = _found(viewer, moment, earlier, ours)
    gave = [] if earlier else [each for each in found if any(part.end > moment for part in each[1].suspended)]
    rest = [each for each in found if each not in gave]
    return render_template(
        "mine/mine.html",
        earlier=earlier,
        ours=ours,
        gave=list(_gave_way(viewer, gave, moment)),
        days=_by_day(rest, moment, earlier),
        said=_said(viewer, moment),
        feeds=[feed_card(each) for each in feeding.subscriptions(viewer)],
        books=may(viewer, Deed.BOOKING_BOOK),
        shared=viewer.of_an_organisation,
    )


Found = tuple[Mine, Full]


def _found(viewer: Viewer, moment: datetime, earlier: bool, ours: bool) -> list[Found]:
    window = Span(moment - BACK, moment) if earlier else Span(moment, moment + AHEAD)
    pages = [looking.mine(viewer, place, window, moment, ours) for place in looking.premises_for(viewer)]
    found = [(each, view) for each in pages for view in each.views]
    if earlier:
        found = [each for each in found if each[1].span.end <= moment]
    return sorted(found, key=lambda each: each[1].span, reverse=earlier)


def _by_day(found: Iterable[Found], moment: datetime, earlier: bool) -> list[Day]:
    shown, more = _folded(found)
    cards = [
        (card(page.place.premises, view, page.names, moment, page.told.get(view.key)), page.place.premises)
        for page, view in shown
    ]
    return [
        Day(day_heading(day, moment, group[0][1].zone), tuple(each for each, _ in group), more)
        for day, entries in groupby(cards, key=lambda each: each[0].day)
        if (group := list(entries))
    ]


def _folded(found: Iterable[Found]) -> tuple[list[Found], Mapping[tuple[str, str], int]]:
    """Of each series the first so many, and how many more there are after the last that is shown."""
    shown, seen, last = [], Counter[str](), dict[str, tuple[str, str]]()
    for each in found:
        view = each[1]
        seen[view.id] += view.repetition is not None
        if seen[view.id] <= OF_A_SERIES:
            shown.append(each)
            last[view.id] = (view.id, write_occurrence(view.occurrence))
    more = {last[number]: count - OF_A_SERIES for number, count in seen.items() if count > OF_A_SERIES}
    return shown, defaultdict(int, more)


# --- what had to give way ---------------------------------------------------------------------


def _gave_way(viewer: Viewer, gave: Iterable[Found], moment: datetime) -> Iterable[GaveWay]:
    for number, (page, view) in enumerate(gave):
        premises = page.place.premises
        shown = card(premises, view, page.names, moment, page.told.get(view.key))
        offers = nearest(viewer, page.place, view, moment) if number < OFFERED_FOR and view.ours else ()
        yield GaveWay(shown, day_in_sentence(shown.day, moment, premises.zone), tuple(offers))


# --- what was just done -----------------------------------------------------------------------


@dataclass(frozen=True)
class Said:
    """What the step before did: a word, the facts, the endpoint that undoes it, and how many dates were refused."""

    word: str
    facts: str
    card: Card
    undo: str = ""
    refused: int = 0


def _said(viewer: Viewer, moment: datetime) -> Said | None:
    """What the step before did, told from the booking as its viewer may know it."""
    words = {
        "bokad": _("Booked."),
        "andrad": _("Changed."),
        "avbokad": _("Cancelled."),
        "aterstalld": _("Undone: the booking stands again."),
    }
    for name, word in words.items():
        number = request.args.get(name, "")
        if not NUMBER.fullmatch(number):
            continue
        try:
            opened = looking.look_at(viewer, number, moment, named_occurrence())
        except NotFound:
            return None
        shown = card(opened.place.premises, opened.view, opened.names, moment)
        if not (opened.view.ours or opened.view.mine) or shown.cancelled != (name == "avbokad"):
            return None
        booked = name == "bokad"
        if booked and shown.pending:
            word = _("Waiting for approval.")
        return Said(
            word,
            _facts(opened, shown, moment, booked),
            shown,
            undo="bookings.cancel" if booked else _undo(viewer, opened, moment),
            refused=len(refused_dates(viewer, number, moment)) if booked and shown.repeats else 0,
        )
    return None


def _undo(viewer: Viewer, opened: Opened, moment: datetime) -> str:
    return "bookings.restore" if restoring.undoable(viewer, opened.view, moment) else ""


def _facts(opened: Opened, shown: Card, moment: datetime, booked: bool) -> str:
    """Where and when; of a series how it repeats when it was booked, or how much of it was cancelled."""
    when = f"{day_in_sentence(shown.day, moment, opened.place.premises.zone)} {shown.hours}"
    reach = SCOPES.get(request.args.get("omfattning", ""))
    if booked and shown.repeats:
        return _("%(where)s, %(rhythm)s, first %(when)s.", where=shown.where, rhythm=shown.repeats, when=when)
    if shown.repeats and reach is Scope.FOLLOWING:
        return _("%(where)s, %(when)s and all that follow.", where=shown.where, when=when)
    if shown.repeats and reach is Scope.ALL:
        return _("%(where)s, all that were to come of the series.", where=shown.where)
    return f"{shown.where}, {when}."
