"""The page of what a premises consists of: names, what is retired, opening hours. Imports the actions.

It answers with the same words whatever is booked there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from booking.actions import furnishing, ruling
from booking.actions.errors import Refused
from booking.actions.looking import Place
from booking.actions.ruling import Adding
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
from booking.web.wording import long_day, plain_day, weekday

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


@pages.post("/samordning/lokalen/dagar")
def set_day() -> Page:
    """Other hours on one day; without any the premises is closed then."""
    viewer, place = where(Deed.PREMISES_FURNISH, named())
    day = read_day(_text("datum"))
    if day is None or day < day_of(now(), place.premises.zone):
        return _page(place, 422, _("Choose a day that has not passed."), "day")
    hours, reason, key = _hours(_text("tider")) or "closed", _text("skal"), place.premises.key
    return _done(place, lambda: furnishing.set_day(viewer, key, day, hours, reason, now()), "dag", "day")


@pages.post("/samordning/lokalen/dagar/bort")
def unset_day() -> Page:
    """The ordinary hours on a day that had others."""
    viewer, place = where(Deed.PREMISES_FURNISH, named())
    hours = dict(furnishing.hours_of(viewer, place))
    if _text("datum") in WEEKDAYS or hours.pop(_text("datum"), None) is None:
        return _page(place, 422, _("Choose a day that has not passed."), "day")
    key = place.premises.key
    return _done(place, lambda: furnishing.set_hours(viewer, key, hours, now()), "dag", "day")


@pages.post("/samordning/lokalen/ny")
def add() -> Page:
    """One more desk or piece of equipment."""
    viewer, place = where(Deed.PREMISES_FURNISH, named())
    kind, _sep, zone = _text("slag").partition(":")
    found = next((each for each in Kind if each.value == kind), None)
    wanted = Adding(found, _text("namn"), _text("namn_en"), zone)
    key = place.premises.key
    return _done(place, lambda: ruling.add(viewer, key, wanted, now()), "ny", "new")


def _text(field: str) -> str:
    return request.form.get(field, "").replace("\0", "\ufffd").strip()


def _hours(text: str) -> str:
    """Hours as the definition writes them, whichever dash and point they were typed with."""
    return text.replace("–", "-").replace(".", ":").replace(" ", "")


def _done(place: Place, act: Callable[[], None], word: str, part: str = "") -> Page:
    try:
        act()
    except Refused as refused:
        return _page(place, 422, _sentence(refused.refusals[0], place.premises), part)
    return redirect(url_for("furnishing.show", lokal=named(), sagt=word), 303)


def _sentence(refusal: Refusal, premises: Premises) -> str:
    if refusal.reason is Reason.IN_THE_PAST:
        return _("That day has passed.")
    return sentence(refusal, premises.zone)


def _said() -> str:
    return {
        "namn": _("The name has been changed. Those who have booked there are told."),
        "bort": _("The place is taken away from that day. Those who have booked there are told."),
        "dag": _("The hours of that day have been changed. Those who have booked outside them are told."),
        "ny": _("It is there, and can be booked."),
        "tider": _("The hours have been changed. Those who have booked outside them are told."),
    }.get(request.args.get("sagt", ""), "")


def _page(place: Place, status: int, wrong: str = "", part: str = "") -> tuple[str, int]:
    """With what was wrong, in the `part` of the page where it was written; what was written there stands again."""
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
        named=_named(hours, today),
        kinds=_kinds(premises),
        typed=request.form if wrong else {},
        wrong=wrong,
        part=part,
    )
    return text, status


def _named(hours: Mapping[str, Any], today: date) -> list[tuple[str, str, str]]:
    """The days to come that have hours of their own: as they are written, in words, and the hours."""
    days = sorted(day for day in hours if day not in WEEKDAYS and date.fromisoformat(day) >= today)
    return [(day, long_day(date.fromisoformat(day)), _opening(hours[day])) for day in days]


def _opening(written: object) -> str:
    """The hours of a day as they are read, and why."""
    own = written if isinstance(written, Mapping) else {"hours": written}
    times = own.get("hours")
    said = _("closed") if times in (None, "closed") else str(times).replace("-", "–")
    return ": ".join(filter(None, (said, str(own.get("reason", "")))))


def _kinds(premises: Premises) -> list[tuple[str, str]]:
    """What can be added: a desk in each zone, and equipment."""
    desks = [
        (f"{Kind.DESK.value}:{zone.key}", _("Desk, %(zone)s", zone=name_of(premises, zone.key)))
        for zone in premises.zones
    ]
    return [*desks, (Kind.EQUIPMENT.value, _("Equipment"))]


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
