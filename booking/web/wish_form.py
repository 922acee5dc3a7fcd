"""The booking form's fields: what is read from them, and what goes wrong where. Imports actions and the domain.

Attributes are English; the names in the page and in links are Swedish, for they stand in addresses.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField, StringField

from booking.actions.wishing import ANY_DESK, Order
from booking.domain.people import Visibility
from booking.domain.premises import Premises
from booking.domain.refusals import Reason, Refusal
from booking.domain.spans import Span, day_of, day_start, instant
from booking.web.forms import Fault as Fault
from booking.web.forms import mark as mark
from booking.web.pieces import END_OF_DAY, agreed, on_the_wall, read_alternative, read_day, write_piece
from booking.web.repeat_form import ASKED as REPEAT_ASKED
from booking.web.repeat_form import RepeatForm, read_repetition
from booking.web.sentences import sentence

CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)", re.ASCII)


class BookingForm(RepeatForm):
    """What one can ask for. Nothing is judged here: refusals come from the actions, to their fields."""

    premises = StringField(name="lokal")
    place = RadioField(name="plats", choices=[])
    desk = SelectField(name="arbetsplats", choices=[])
    day = StringField(name="datum")
    start = SelectField(name="fran", choices=[])
    end = SelectField(name="till", choices=[])
    last_day = StringField(name="tilldatum")
    exact = StringField(name="exakt")
    title = StringField(name="rubrik")
    visibility = RadioField(name="vem", choices=[])
    circle = SelectField(name="krets", choices=[])
    equipment = SelectMultipleField(name="utrustning", choices=[])
    clear_desks = BooleanField(name="tom")
    attendees = StringField(name="kallade")
    note = StringField(name="anteckning")
    yes = StringField(name="vika")
    yes_begun = BooleanField(name="vika_pagaende")
    disclose = BooleanField(name="roj")
    urgent = BooleanField(name="bradskande")
    organiser = SelectField(name="kollega", choices=[])
    scope = StringField(name="omfattning")
    key = StringField(name="nyckel")
    told = StringField(name="besked")
    etag = StringField(name="version")
    opened = StringField(name="oppnat")

    @property
    def resource(self) -> str:
        """The resource asked for: the chosen desk, if one was chosen."""
        asked = self.text("place")
        return self.text("desk") or ANY_DESK if asked == ANY_DESK else asked

    @property
    def question(self) -> str:
        """A short mark of everything an answer depends on: an answer to another question is not to be used."""
        repeats = bool(self.text("repeat"))
        asked = [self._said(name) for name in ASKED if repeats or name not in REPEAT_ASKED]
        return hashlib.sha256(repr(asked).encode()).hexdigest()[:16]

    def _said(self, name: str) -> object:
        """What a field says, whether a link left it out or the page sent it empty."""
        if name == "circle":
            return circle_in(self)
        value = self[name].data
        return self.several(name) if isinstance(value, list) else value or ""


ASKED = (
    "premises", "place", "desk", "day", "start", "end", "last_day", "visibility", "circle", "equipment",
    "clear_desks", "urgent", "scope", *REPEAT_ASKED,
)  # fmt: skip
FIELD_OF = {
    "starts": "start",
    "ends": "end",
    "resource": "place",
    "visibility": "visibility",
    "circle": "circle",
    "title": "title",
    "note": "note",
    "attendees": "attendees",
    "equipment": "equipment",
    "clear_desks": "clear_desks",
    "repeat": "repeat",
    "organiser": "organiser",
}


# --- what goes wrong --------------------------------------------------------------------------


def faults(refusals: Iterable[Refusal], zone: ZoneInfo) -> list[Fault]:
    """Refusals as sentences at their fields."""
    return [Fault(FIELD_OF[each.field], sentence(each, zone)) for each in refusals]


# --- reading ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Asked:
    """What the form asks for: an order, unless the times could not be read, and what is wrong already."""

    order: Order | None
    faults: tuple[Fault, ...]


def read(form: BookingForm, premises: Premises, titled: bool = True) -> Asked:
    """The order in the form. With `titled`, what is more than a desk must say what it is about."""
    zone = premises.zone
    span, wrong = read_span(form, zone)
    repeat = None
    if span is not None:
        repeat, unread = read_repetition(form, day_of(span.start, zone), zone)
        wrong += unread
    if titled and not form.text("title").strip() and needs_title(form.resource, premises):
        wrong.append(Fault("title", _("Write what the booking is about.")))
    if form.text("visibility") not in ("", *Visibility):
        wrong.append(Fault("visibility", _("Choose who may know.")))
        return Asked(None, tuple(wrong))
    if span is None or (form.text("repeat") and repeat is None):
        return Asked(None, tuple(wrong))
    order = Order(
        premises=premises.key,
        resource=form.resource,
        span=span,
        title=form.text("title").strip(" \t"),
        note=form.text("note").strip(),
        visibility=visibility_in(form),
        circle=circle_in(form),
        attendees=emails(form.text("attendees")),
        equipment=tuple(form.equipment.data or ()),
        clear_desks=bool(form.clear_desks.data),
        displace=agreed(form.text("yes")),
        begun_too=bool(form.yes_begun.data),
        urgent=bool(form.urgent.data),
        repeat=repeat,
        organiser=form.text("organiser") or None,
    )
    return Asked(order, tuple(wrong))


def needs_title(resource: str, premises: Premises) -> bool:
    """Whether the page asks what it is about: of rooms and tables, where others wonder."""
    found = premises.by_key.get(resource)
    return found is not None and found.kind in ("room", "table")


def visibility_in(form: BookingForm) -> Visibility | None:
    """Who may know, as chosen; None leaves it to the organisation's default."""
    chosen = form.text("visibility")
    return Visibility(chosen) if chosen in set(Visibility) else None


def circle_in(form: BookingForm) -> str | None:
    """The chosen circle; the select stands in the page whatever is chosen above it."""
    return form.text("circle") or None if visibility_in(form) is Visibility.CONFIDENTIAL else None


def emails(text: str) -> tuple[str, ...]:
    """The addresses in a text, one a line or parted by commas."""
    return tuple(dict.fromkeys(re.findall(r"[^\s,;]+", text)))


# --- times ------------------------------------------------------------------------------------


def read_span(form: BookingForm, zone: ZoneInfo) -> tuple[Span | None, list[Fault]]:
    """The span by the wall clock of the premises, as UTC, and what could not be read of it.

    An end that still stands as `put_span` wrote it is the instant it was written for: in the hour that comes
    twice in autumn the clock alone does not tell which.
    """
    day = read_day(form.text("day"))
    last = read_day(form.text("last_day")) if form.text("last_day") else day
    wrong = []
    if day is None:
        wrong.append(Fault("day", _("Choose a day.")))
    if last is None and day is not None:
        wrong.append(Fault("last_day", _("Choose a day.")))
    if day is None or last is None:
        return None, wrong
    known = _known(form, zone)
    start, end = (
        known.get((field, on, form.text(field))) or _read_moment(form.text(field), on, zone, field, wrong)
        for field, on in (("start", day), ("end", last))
    )
    return (Span(start, end) if start and end else None), wrong


def _read_moment(text: str, day: date, zone: ZoneInfo, field: str, wrong: list[Fault]) -> datetime | None:
    if text == END_OF_DAY and field == "end":
        return day_start(day + timedelta(days=1), zone)
    if not CLOCK.fullmatch(text):
        wrong.append(Fault(field, _("Choose a time.")))
        return None
    moment = instant(day, time.fromisoformat(text), zone)
    if moment is None:
        wrong += faults([Refusal(Reason.NO_SUCH_TIME, f"{field}s")], zone)
    return moment


def _known(form: BookingForm, zone: ZoneInfo) -> dict[tuple[str, date, str], datetime]:
    """The instants that the form was filled in for, by their fields and what was written there."""
    exact = read_alternative(form.text("exact"))
    if exact is None:
        return {}
    start, end = on_the_wall(exact[1], zone)
    return {("start", *start): exact[1].start, ("end", *end): exact[1].end}


def put_span(form: BookingForm, span: Span, zone: ZoneInfo) -> None:
    """Write a span into the form's fields, by the wall clock of the premises."""
    (day, start), (last, end) = on_the_wall(span, zone)
    form.day.data, form.start.data, form.end.data = day.isoformat(), start, end
    form.last_day.data = last.isoformat() if last != day else ""
    form.exact.data = write_piece("exakt", span)


def put_resource(form: BookingForm, resource: str, premises: Premises) -> None:
    """Write a resource into the form's fields; a certain desk is a choice among the desks."""
    found = premises.by_key.get(resource)
    is_desk = found is not None and found.kind == "desk"
    form.place.data = ANY_DESK if is_desk else resource
    form.desk.data = resource if is_desk else ""
