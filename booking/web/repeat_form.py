"""How a booking repeats, as the form asks for it: fields in, a rule out, and back. Imports the domain.

The names in the page and in links are Swedish, for they stand in addresses.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from wtforms import SelectMultipleField, StringField

from booking.domain.bookings import Repetition
from booking.domain.patterns import WEEKDAYS, Frequency, Pattern, WrongPattern, write_rule
from booking.domain.patterns import Fault as WrongBecause
from booking.domain.refusals import Reason, Refusal
from booking.web.forms import Fault, Form
from booking.web.pieces import read_day
from booking.web.sentences import sentence

ON_A_DAY, SO_OFTEN = "datum", "antal"  # how a series ends
MOST_WEEKS = 8  # apart, as the page offers them


class RepeatForm(Form):
    """What one can ask of a series. Nothing asked is one time."""

    repeat = StringField(name="upprepa")
    weeks = StringField(name="veckor")
    weekdays = SelectMultipleField(name="veckodagar", choices=[])
    ends = StringField(name="slut")
    until = StringField(name="sista")
    times = StringField(name="ganger")
    excepted = SelectMultipleField(name="utom", choices=[])


ASKED = ("repeat", "weeks", "weekdays", "ends", "until", "times", "excepted")


def _weekly(form: RepeatForm, day: date) -> dict[str, Any]:
    chosen = frozenset(WEEKDAYS.index(each) for each in form.several("weekdays") if each in WEEKDAYS)
    return {"interval": _number(form.text("weeks") or "1"), "weekdays": chosen or frozenset({day.weekday()})}


def _by_weekday(form: RepeatForm, day: date) -> dict[str, Any]:
    which = (day.day - 1) // 7 + 1
    return {"nth": (which if which < 5 else -1, day.weekday())}


Shape = tuple[Frequency, Callable[[RepeatForm, date], dict[str, Any]]]
SHAPES: Mapping[str, Shape] = {
    "dag": (Frequency.DAILY, lambda form, day: {}),
    "vardag": (Frequency.WEEKLY, lambda form, day: {"weekdays": frozenset(range(5))}),
    "vecka": (Frequency.WEEKLY, _weekly),
    "datum": (Frequency.MONTHLY, lambda form, day: {"month_day": day.day}),
    "veckodag": (Frequency.MONTHLY, _by_weekday),
    "sista": (Frequency.MONTHLY, lambda form, day: {"nth": (-1, day.weekday())}),
}
FIELD_OF = {WrongBecause.NO_END: "until", WrongBecause.TOO_MANY: "times"}


def read_repetition(form: RepeatForm, day: date, zone: ZoneInfo) -> tuple[Repetition | None, list[Fault]]:
    """How the booking that begins on a local day repeats, None for one time; and what could not be read of it."""
    if not form.text("repeat"):
        return None, []
    left_out = [read_day(each) for each in form.several("excepted")]
    wrong = [] if all(left_out) else [Fault("excepted", _("Choose a day."))]
    end = _end(form, wrong)
    if wrong:
        return None, wrong
    try:
        rule = write_rule(_pattern(form, day, end), zone)
    except WrongPattern as fault:
        field = FIELD_OF.get(fault.reason, "repeat")
        return None, [Fault(field, sentence(Refusal(Reason(fault.reason.value), "repeat"), zone))]
    return Repetition(rule, tuple(sorted({each for each in left_out if each}))), []


def _end(form: RepeatForm, wrong: list[Fault]) -> dict[str, Any]:
    if form.text("ends") == SO_OFTEN:
        count = _number(form.text("times"))
        if not count:
            wrong.append(Fault("times", _("Write how many times.")))
        return {"count": count}
    until = read_day(form.text("until"))
    if until is None:
        wrong.append(Fault("until", _("Choose the last day.")))
    return {"until": until}


def _pattern(form: RepeatForm, day: date, end: dict[str, Any]) -> Pattern:
    shape = SHAPES.get(form.text("repeat"))
    if shape is None:
        raise WrongPattern(WrongBecause.UNSUPPORTED)
    frequency, more = shape
    return Pattern(frequency, **more(form, day), **end)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 5 else 0
