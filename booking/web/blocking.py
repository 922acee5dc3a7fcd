"""The form that keeps places from everybody, and the list of what would give way to it. Imports the actions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta

from flask import Blueprint, abort, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response
from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField, StringField

from booking.actions import blocking
from booking.actions.blocking import Wanted
from booking.actions.errors import Clash, Refused
from booking.actions.looking import Place
from booking.domain.bookings import Repetition
from booking.domain.people import Viewer
from booking.domain.permissions import Deed
from booking.domain.premises import Premises
from booking.domain.refusals import Refusal
from booking.domain.series import Frequency, Pattern, write_rule
from booking.domain.spans import Span, ceiling_to, day_of
from booking.web.answering import Answer, Asking
from booking.web.choices import Choice
from booking.web.clock import now
from booking.web.coordination import named, where
from booking.web.forms import Form
from booking.web.language import language
from booking.web.pieces import agreed, on_the_wall, read_day, read_occurrences
from booking.web.sentences import sentence
from booking.web.wish_form import BookingForm, read_span

pages = Blueprint("blocking", __name__)
QUARTERS = tuple(f"{hour:02}:{minute:02}" for hour in range(24) for minute in range(0, 60, 15))
FREQUENCIES = {"varje-dag": Frequency.DAILY, "varje-vecka": Frequency.WEEKLY}
FIELD_OF = {"starts": "start", "ends": "end", "resource": "places", "title": "reason", "repeat": "until"}
Page = tuple[str, int]


class BlockForm(Form):
    """What is to be blocked. Nothing is judged here: refusals come from the actions, to their fields."""

    places = SelectMultipleField(name="plats", choices=[])
    day = StringField(name="datum")
    start = SelectField(name="fran", choices=[])
    end = SelectField(name="till", choices=[])
    last_day = StringField(name="tilldatum")
    repeat = RadioField(name="upprepa", choices=[])
    until = StringField(name="upprepa_till")
    left_out = StringField(name="hoppa")
    reason = StringField(name="skal")
    public = BooleanField(name="synligt")
    yes = StringField(name="vika")
    yes_begun = BooleanField(name="vika_pagaende")

    def text(self, field: str) -> str:
        """What was written in a field, without what no database takes."""
        written: str | None = self[field].data
        return (written or "").replace("\0", "\ufffd")

    def mark(self, field: str, words: str) -> None:
        """Put a sentence at a field."""
        self[field].errors = (*self[field].errors, words)


@dataclass(frozen=True)
class Group:
    """A zone with what stands in it, as boxes to tick; the last has what stands in no zone or over several."""

    zone: Choice | None
    places: tuple[Choice, ...]


@pages.get("/samordning/sparra")
def form() -> Page:
    """The form, with the next whole hour filled in."""
    _, place = where(Deed.BLOCK_MAKE, named())
    filled = BlockForm(formdata=None)
    filled.places.data, filled.repeat.data, filled.public.data = [], "", True
    start = ceiling_to(now(), 60)
    put_span(filled, Span(start, start + timedelta(hours=2)), place.premises)
    return _page(filled, place, None, 200)


@pages.post("/samordning/sparra")
def send() -> Page | Response:
    """Block it. What is wrong goes to its field; what would give way is listed, to be agreed to."""
    viewer, place = where(Deed.BLOCK_MAKE, named())
    filled = BlockForm()
    wanted = _read(filled, place.premises)
    if wanted is None:
        return _page(filled, place, None, 422)
    try:
        blocking.block(viewer, wanted, now())
    except Refused as refused:
        mark_refusals(filled, refused.refusals, place.premises)
        return _page(filled, place, None, 422)
    except Clash as clash:
        return _page(filled, place, _answer(viewer, place, wanted, clash), 409)
    return redirect(url_for("coordination.overview", sagt="sparrat"), 303)


# --- reading ----------------------------------------------------------------------------------


def put_span(filled: BlockForm, span: Span, premises: Premises) -> None:
    """Write a span into the form's fields, by the wall clock of the premises."""
    (day, start), (last, end) = on_the_wall(span, premises.zone)
    filled.day.data, filled.start.data, filled.end.data = day.isoformat(), start, end
    filled.last_day.data = last.isoformat() if last != day else ""


def _read(filled: BlockForm, premises: Premises) -> Wanted | None:
    """What the form asks for; None when something in it cannot be read, which then stands at its field."""
    probe = BookingForm(
        formdata=None, data={name: filled.text(name) for name in ("day", "start", "end", "last_day")}
    )
    span, wrong = read_span(probe, premises.zone)
    for fault in wrong:
        filled.mark(fault.field, fault.sentence)
    if not filled.places.data:
        filled.mark("places", _("Choose at least one place."))
    repeat = _repetition(filled, premises)
    if filled.errors or span is None:
        return None
    return Wanted(
        premises=premises.key,
        places=tuple(filled.places.data or ()),
        span=span,
        reason=filled.text("reason"),
        public=bool(filled.public.data),
        repeat=repeat,
        skip=bool(filled.text("left_out")),
        left_out=(read_occurrences(filled.text("left_out")) or abort(400))
        if filled.text("left_out")
        else None,
        displace=agreed(filled.text("yes")),
        begun_too=bool(filled.yes_begun.data),
    )


def _repetition(filled: BlockForm, premises: Premises) -> Repetition | None:
    frequency = FREQUENCIES.get(filled.text("repeat"))
    if frequency is None:
        return None
    until = read_day(filled.text("until"))
    if until is None:
        filled.mark("until", _("Choose the last day."))
        return None
    return Repetition(write_rule(Pattern(frequency, until=until), premises.zone))


def mark_refusals(filled: BlockForm, refusals: Iterable[Refusal], premises: Premises) -> None:
    """Put what the rules say at its fields."""
    for each in refusals:
        filled.mark(FIELD_OF.get(each.field, "places"), sentence(each, premises.zone))


# --- the answer -------------------------------------------------------------------------------


def _answer(viewer: Viewer, place: Place, wanted: Wanted, clash: Clash) -> Answer:
    """What the block met, day by day where it repeats; no other time is offered."""
    asking, order = Asking(viewer, place.premises, now()), blocking.order_of(viewer, wanted)
    return asking.after_clash(order, replace(clash, alternatives=()), BookingForm(formdata=None))


# --- the page ---------------------------------------------------------------------------------


def clocks(odd: Iterable[str], last: bool) -> list[Choice]:
    """Every quarter of the day, and the odd minutes asked for."""
    values = {*QUARTERS, *(each for each in odd if len(each) == 5)}
    values = (values | {"24:00"}) - {"00:00"} if last else values - {"24:00"}
    return [Choice(each, each.replace(":", ".") if language() == "sv" else each) for each in sorted(values)]


def groups(premises: Premises) -> list[Group]:
    """What can be blocked today: zone by zone, and then what stands in none of them or over several."""
    there = premises.on(day_of(now(), premises.zone))
    found = [
        Group(
            Choice(zone.key, zone.name[language()]),
            tuple(
                Choice(each.key, each.name[language()])
                for each in there.resources
                if each.zones == (zone.key,)
            ),
        )
        for zone in there.zones
    ]
    others = tuple(
        Choice(each.key, each.name[language()]) for each in there.resources if len(each.zones) != 1
    )
    return [*(each for each in found if each.places), *([Group(None, others)] if others else [])]


def _page(filled: BlockForm, place: Place, answer: Answer | None, status: int) -> Page:
    odd = (filled.text("start"), filled.text("end"))
    text = render_template(
        "coordination/block.html",
        form=filled,
        place=place,
        groups=groups(place.premises),
        starts=clocks(odd, last=False),
        ends=clocks(odd, last=True),
        answer=answer,
    )
    return text, status
