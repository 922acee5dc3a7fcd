"""The coordinator's page of the displays at doors: made, given a code, taken away. Imports the actions.

A code is written into the one answer that made it; only its hash is kept.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from booking.actions import doors
from booking.actions.doors import Door
from booking.actions.errors import NotFound, Refused
from booking.actions.looking import Place
from booking.domain.attendance import ATTENDED
from booking.domain.permissions import Deed
from booking.domain.premises import Premises
from booking.domain.spans import day_of
from booking.web.cards import name_of
from booking.web.choices import Choice
from booking.web.clock import now
from booking.web.coordination import named, where
from booking.web.sentences import sentence
from booking.web.site import site
from booking.web.wording import moment as written

pages = Blueprint("doors", __name__)
NUMBER = re.compile(r"[0-9a-z]{22}", re.ASCII)
Page = Response | tuple[str, int]


@dataclass(frozen=True)
class Row:
    """A display in the list."""

    id: str
    name: str
    where: str
    seen: str
    waits: bool


@dataclass(frozen=True)
class Typed:
    """What was written in the form, and the sentence at its field where something is wrong."""

    name: str = ""
    resource: str = ""
    field: str = ""
    wrong: str = ""


@dataclass(frozen=True)
class Code:
    """A new code, as it is typed, and the display it is for."""

    text: str
    name: str
    address: str


@pages.get("/samordning/dorrar")
def show() -> Page:
    """The displays of the premises, and the form for a new one."""
    _viewer, place = where(Deed.DOOR_KEEP, named())
    return _page(place, 200)


@pages.post("/samordning/dorrar")
def make() -> Page:
    """Make a display and show its code, this once."""
    viewer, place = where(Deed.DOOR_KEEP, named())
    typed = Typed(_text("namn"), _text("plats"))
    try:
        code = doors.make(viewer, place.premises.key, typed.resource, typed.name, now())
    except Refused as refused:
        first = refused.refusals[0]
        wrong = sentence(first, place.premises.zone)
        return _page(place, 422, typed=Typed(typed.name, typed.resource, first.field, wrong))
    return _page(place, 201, code=_code(code, typed.name))


@pages.post("/samordning/dorrar/<number>/kod")
def renew_code(number: str) -> Page:
    """Another code for a display, shown this once."""
    viewer, place = where(Deed.DOOR_KEEP, named())
    door, code = doors.renew_code(viewer, place.premises.key, _checked(number), now())
    return _page(place, 201, code=_code(code, door.name))


@pages.post("/samordning/dorrar/<number>/bort")
def unpair(number: str) -> Page:
    """Take a display away; its tablet is out at once."""
    viewer, place = where(Deed.DOOR_KEEP, named())
    doors.unpair(viewer, place.premises.key, _checked(number), now())
    return redirect(url_for("doors.show", lokal=place.premises.key, sagt="bort"), 303)


def _text(field: str) -> str:
    return request.form.get(field, "").replace("\0", "\ufffd").strip()


def _checked(number: str) -> str:
    if not NUMBER.fullmatch(number):
        raise NotFound
    return number


def _code(code: str, name: str) -> Code:
    """Two groups of four are easier to carry to a tablet than eight characters."""
    return Code(f"{code[:4]} {code[4:]}", name, site() + url_for("door.pair"))


def _page(place: Place, status: int, code: Code | None = None, typed: Typed | None = None) -> tuple[str, int]:
    viewer, moment = where(Deed.DOOR_KEEP, named())[0], now()
    premises = place.premises
    today = day_of(moment, premises.zone)
    text = render_template(
        "coordination/doors.html",
        place=place,
        rows=[_row(premises, each, moment) for each in doors.of_premises(viewer, place)],
        choices=[
            Choice(each.key, name_of(premises, each.key))
            for each in premises.resources
            if each.kind in ATTENDED and each.there_on(today)
        ],
        typed=typed or Typed(),
        code=code,
        named=premises.names_at_the_door,
        said=_("The display has been taken away.") if request.args.get("sagt") == "bort" else "",
    )
    return text, status


def _row(premises: Premises, door: Door, moment: datetime) -> Row:
    return Row(
        id=door.id,
        name=door.name,
        where=name_of(premises, door.resource),
        seen=written(door.seen, moment, premises.zone) if door.seen else "",
        waits=door.code_until is not None and door.code_until > moment,
    )
