"""One's own bookings, by day, with what had to give way first. Imports actions and the domain."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from flask import Blueprint, render_template, request
from flask_babel import gettext as _

from booking.actions import feeding, looking
from booking.actions.errors import NotFound
from booking.actions.looking import Mine
from booking.domain.people import Viewer
from booking.domain.permissions import Deed, may
from booking.domain.spans import Span
from booking.domain.views import Full
from booking.web.answering import Offer
from booking.web.cards import Card, card, day_heading, day_in_sentence
from booking.web.clock import now
from booking.web.feed_cards import feed_card
from booking.web.offers import nearest
from booking.web.viewer import current_viewer

pages = Blueprint("mine", __name__)
AHEAD = timedelta(days=800)
BACK = timedelta(days=90)
OFFERED_FOR = 3  # so many that gave way get their nearest free times at once; the rest by their form
NUMBER = re.compile(r"[\w-]{1,64}", re.ASCII)


@dataclass(frozen=True)
class Day:
    """A day's heading and its bookings."""

    heading: str
    cards: tuple[Card, ...]


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
    cards = [
        (card(page.place.premises, view, page.names, moment, page.told.get(view.key)), page.place.premises)
        for page, view in found
    ]
    return [
        Day(day_heading(day, moment, group[0][1].zone), tuple(each for each, _ in group))
        for day, entries in groupby(cards, key=lambda each: each[0].day)
        if (group := list(entries))
    ]


# --- what had to give way ---------------------------------------------------------------------


def _gave_way(viewer: Viewer, gave: Iterable[Found], moment: datetime) -> Iterable[GaveWay]:
    for number, (page, view) in enumerate(gave):
        premises = page.place.premises
        shown = card(premises, view, page.names, moment, page.told.get(view.key))
        offers = nearest(viewer, page.place, view, moment) if number < OFFERED_FOR and view.ours else ()
        yield GaveWay(shown, day_in_sentence(shown.day, moment, premises.zone), tuple(offers))


# --- what was just done -----------------------------------------------------------------------


def _said(viewer: Viewer, moment: datetime) -> tuple[str, str, str] | None:
    """What the step before did, told from the booking as its viewer may know it: word, facts, and what undoes it."""
    words = {"bokad": _("Booked."), "andrad": _("Changed."), "avbokad": _("Cancelled.")}
    for name, word in words.items():
        number = request.args.get(name, "")
        if not NUMBER.fullmatch(number):
            continue
        try:
            opened = looking.look_at(viewer, number, moment)
        except NotFound:
            return None
        premises = opened.place.premises
        shown = card(premises, opened.view, opened.names, moment)
        if not (opened.view.ours or opened.view.mine) or shown.cancelled != (name == "avbokad"):
            return None
        facts = f"{shown.where}, {day_in_sentence(shown.day, moment, premises.zone)} {shown.hours}."
        return word, facts, number if name == "bokad" else ""
    return None
