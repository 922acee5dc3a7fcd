"""The page of what a premises consists of: names, what is retired, opening hours. Imports the actions.

It answers with the same words whatever is booked there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from booking.actions import furnishing
from booking.actions.errors import Refused
from booking.actions.looking import Place
from booking.domain.fields import WEEKDAYS
from booking.domain.permissions import Deed
from booking.domain.premises import Kind, Premises
from booking.domain.refusals import Reason, Refusal
from booking.domain.spans import day_of
from booking.web.cards import name_of
from booking.web.clock import now
from booking.web.coordination import named, where
from booking.web.pieces import read_day
from booking.web.sentences import sentence
from booking.web.wording import plain_day, weekday

pages = Blueprint("furnishing", __name__)
Page = tuple[str, int] | Response


@dataclass(frozen=True)
class Row:
    """A place in the list."""

    key: str
    icon: str
    name: str
    name_en: str
    zones: str
    retired: str
    retired_day: str


@pages.get("/samordning/lokalen")
def show() -> tuple[str, int]:
    """The places, what they are called and until when they are there, and the opening hours."""
    _viewer, place = where(Deed.PREMISES_FURNISH, named())
    return _page(place, 200)


@pages.post("/samordning/lokalen/namn")
def rename() -> Page:
    """Call a place otherwise."""
    viewer, place = where(Deed.PREMISES_FURNISH, named())
    name, name_en = _text("namn"), _text("namn_en")
    key = place.premises.key
    return _done(place, lambda: furnishing.rename(viewer, key, _text("plats"), name, name_en, now()), "namn")


@pages.post("/samordning/lokalen/bort")
def retire() -> Page:
    """Take a place away from a day on."""
    viewer, place = where(Deed.PREMISES_FURNISH, named())
    day = read_day(_text("datum"))
    if day is None:
        return _page(place, 422, _("Choose a day."))
    key = place.premises.key
    return _done(place, lambda: furnishing.retire(viewer, key, _text("plats"), day, now()), "bort")


@pages.post("/samordning/lokalen/tider")
def set_hours() -> Page:
    """Other opening hours; what is said of named days stays as it is."""
    viewer, place = where(Deed.PREMISES_FURNISH, named())
    before = furnishing.hours_of(viewer, place)
    kept = {day: times for day, times in before.items() if day not in WEEKDAYS}
    written = {day: _hours(_text(day)) for day in WEEKDAYS if _text(day)}
    key = place.premises.key
    return _done(place, lambda: furnishing.set_hours(viewer, key, {**kept, **written}, now()), "tider")


def _text(field: str) -> str:
    return request.form.get(field, "").replace("\0", "\ufffd").strip()


def _hours(text: str) -> str:
    """Hours as the definition writes them, whichever dash and point they were typed with."""
    return text.replace("–", "-").replace(".", ":").replace(" ", "")


def _done(place: Place, act: Callable[[], None], word: str) -> Page:
    try:
        act()
    except Refused as refused:
        return _page(place, 422, _sentence(refused.refusals[0], place.premises))
    return redirect(url_for("furnishing.show", lokal=named(), sagt=word), 303)


def _sentence(refusal: Refusal, premises: Premises) -> str:
    if refusal.reason is Reason.IN_THE_PAST:
        return _("That day has passed.")
    return sentence(refusal, premises.zone)


def _said() -> str:
    return {
        "namn": _("The name has been changed. Those who have booked there are told."),
        "bort": _("The place is taken away from that day. Those who have booked there are told."),
        "tider": _("The hours have been changed. Those who have booked outside them are told."),
    }.get(request.args.get("sagt", ""), "")


def _page(place: Place, status: int, wrong: str = "") -> tuple[str, int]:
    viewer = where(Deed.PREMISES_FURNISH)[0]
    premises, today = place.premises, day_of(now(), place.premises.zone)
    hours = furnishing.hours_of(viewer, place)
    text = render_template(
        "coordination/premises.html",
        place=place,
        rows=_rows(premises, today),
        days=[(day, weekday(number), hours.get(day) or "") for number, day in enumerate(WEEKDAYS)],
        today=today.isoformat(),
        said=_said(),
        wrong=wrong,
    )
    return text, status


def _rows(premises: Premises, today: date) -> list[Row]:
    """The places that are there, and then those that have been taken away."""
    ordered = sorted(premises.resources, key=lambda each: not each.there_on(today))
    return [
        Row(
            key=each.key,
            icon={Kind.DESK: "desk", Kind.TABLE: "table", Kind.ROOM: "wall"}.get(each.kind, "day"),
            name=each.name.sv,
            name_en=each.name.en,
            zones=", ".join(name_of(premises, zone) for zone in each.zones),
            retired=plain_day(each.retired) if each.retired else "",
            retired_day=each.retired.isoformat() if each.retired else "",
        )
        for each in ordered
    ]
