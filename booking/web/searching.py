"""Searching in the bookings one may know. The question is sent, not written into the address: addresses are logged."""

from __future__ import annotations

from itertools import groupby

from flask import Blueprint, render_template
from flask_babel import gettext as _
from wtforms import StringField

from booking.actions import searching
from booking.actions.searching import Found
from booking.domain.permissions import Deed, require
from booking.domain.searching import LONGEST, words_of
from booking.web.cards import Card, card, day_heading
from booking.web.clock import now
from booking.web.forms import Fault, Form, mark
from booking.web.language import lazily as _l
from booking.web.viewer import current_viewer

pages = Blueprint("searching", __name__)
Days = list[tuple[str, list[Card]]]


class SearchForm(Form):
    """What is looked for."""

    asked = StringField(_l("Search for"), name="ord")


@pages.get("/sok")
def form() -> str:
    """The field alone."""
    require(current_viewer(), Deed.PREMISES_LOOK)
    return _page(SearchForm(formdata=None))


@pages.post("/sok")
def search() -> str | tuple[str, int]:
    """What was found, by day: first what comes, then what was."""
    viewer, asked = current_viewer(), SearchForm()
    require(viewer, Deed.PREMISES_LOOK)
    if not words_of(asked.text("asked")):
        mark(asked, [Fault("asked", _("Write at least two letters."))])
        return _page(asked), 422
    return _page(asked, searching.search(viewer, asked.text("asked"), now()))


def _page(asked: SearchForm, found: list[Found] | None = None) -> str:
    return render_template(
        "search/search.html",
        form=asked,
        searched=found is not None,
        found=[each for each in found or [] if each.coming or each.earlier],
        several=len(found or []) > 1,
        days=_days,
        most=searching.MOST,
        longest=LONGEST,
    )


def _days(found: Found, earlier: bool) -> Days:
    """What was found in one premises, day by day as it comes."""
    premises, moment = found.place.premises, now()
    views = found.earlier if earlier else found.coming
    cards = [card(premises, view, found.names, moment) for view in views]
    return [
        (day_heading(day, moment, premises.zone), list(group))
        for day, group in groupby(cards, key=lambda each: each.day)
    ]
