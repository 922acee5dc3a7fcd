"""What each category may book: the coordinator's page of rules. Imports the actions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from booking.actions import ruling
from booking.actions.errors import Refused
from booking.actions.looking import Place
from booking.actions.ruling import ALL, BOUNDS, OPENING, OWN, Ruling
from booking.domain.people import Viewer
from booking.domain.permissions import Deed
from booking.domain.premises import Category, Kind
from booking.web.clock import now
from booking.web.coordination import named, where
from booking.web.language import lazily as _l
from booking.web.sentences import sentence

pages = Blueprint("rules", __name__)
Page = tuple[str, int] | Response
CATEGORIES: Mapping[Category, str] = {
    Category.REACTIVE: _l("Reactive: police and guards"),
    Category.PREVENTIVE: _l("Preventive: social work"),
    Category.PLACE: _l("Place: those who care for the place"),
    Category.GUEST: _l("Guests"),
}
HOURS: Mapping[str, str] = {
    ALL: _l("At all hours"),
    OPENING: _l("In the opening hours"),
    OWN: _l("In hours of their own, which only the file says"),
}
KINDS: Mapping[Kind, str] = {
    Kind.ROOM: _l("Rooms"),
    Kind.TABLE: _l("Tables"),
    Kind.DESK: _l("Desks"),
    Kind.EQUIPMENT: _l("Equipment"),
}
NAMES = {"rank": "rang", "days_ahead": "dagar", "longest_hours": "timmar", "most_ahead": "antal"}
DIGITS = 6


@pages.get("/samordning/regler")
def show() -> Page:
    """What each category may book, each with a form."""
    viewer, place = where(Deed.PREMISES_FURNISH, named())
    return _page(viewer, place, 200)


@pages.post("/samordning/regler")
def change() -> Page:
    """Other rules for one category."""
    viewer, place = where(Deed.PREMISES_FURNISH, named())
    wanted = _wanted()
    if wanted is None:
        return _page(viewer, place, 422)
    try:
        ruling.set_ruling(viewer, place.premises.key, wanted, now())
    except Refused as refused:
        wrong = {each.field: sentence(each, place.premises.zone) for each in refused.refusals}
        return _page(viewer, place, 422, wanted, wrong)
    flash(_("The rules are changed. What is booked stands."))
    return redirect(url_for("rules.show", lokal=place.premises.key), 303)


def _wanted() -> Ruling | None:
    form = request.form
    category = next((each for each in Category if each.value == form.get("kategori")), None)
    if category is None:
        return None
    written = form.get("antal", "").strip()
    return Ruling(
        category=category,
        rank=_number("rang"),
        days_ahead=_number("dagar"),
        longest_hours=_number("timmar"),
        most_ahead=(_number("antal") or written) if written else None,
        hours=form.get("tider", OWN),
        confidential=form.get("sekretess") == "ja",
        approval=frozenset(each for each in Kind if each.value in form.getlist("godkannande")),
    )


def _number(field: str) -> int | None:
    text = request.form.get(field, "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= DIGITS else None


def _page(
    viewer: Viewer,
    place: Place,
    status: int,
    tried: Ruling | None = None,
    wrong: Mapping[str, str] | None = None,
) -> tuple[str, int]:
    """As the rules hold; of the one that was refused, as it was written."""
    held = ruling.rulings(viewer, place)
    shown = [tried if tried is not None and tried.category is each.category else each for each in held]
    text = render_template(
        "coordination/rules.html",
        place=place,
        rulings=[replace(each, hours=each.hours if each.hours in HOURS else OWN) for each in shown],
        categories=CATEGORIES,
        hours=HOURS,
        own=[each.category for each in held if each.hours == OWN],
        kinds=KINDS,
        bounds=BOUNDS,
        names=NAMES,
        typed=request.form if tried else {},
        tried=tried.category if tried else None,
        wrong=wrong or {},
    )
    return text, status
