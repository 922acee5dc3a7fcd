"""How a booking repeats, in words. Imports the domain and Flask-Babel."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from babel.dates import get_day_names
from flask_babel import gettext as _
from flask_babel import ngettext

from booking.domain.bookings import Repetition
from booking.domain.patterns import Frequency, Pattern, read_rule
from booking.web.language import language
from booking.web.wording import dated_day, short_day

WORKDAYS = frozenset(range(5))


def in_words(repetition: Repetition, day: date, zone: ZoneInfo) -> str:
    """Every Tuesday, without its end. `day` is a local day of the series, for what its rule leaves to it."""
    pattern = read_rule(repetition.rule, zone)
    return {Frequency.DAILY: _daily, Frequency.WEEKLY: _weekly, Frequency.MONTHLY: _monthly}[
        pattern.frequency
    ](pattern, day)


def end_in_words(repetition: Repetition, today: date, zone: ZoneInfo) -> str:
    """Until when, or how many times, and which days are left out."""
    pattern = read_rule(repetition.rule, zone)
    if pattern.until is not None:
        parts = [_("until %(day)s", day=dated_day(pattern.until, today))]
    else:
        parts = [ngettext("%(num)d time", "%(num)d times", pattern.count or 0)]
    if repetition.excepted:
        days = ", ".join(short_day(each) for each in repetition.excepted)
        parts.append(_("not %(days)s", days=days))
    return ", ".join(parts)


def _daily(pattern: Pattern, day: date) -> str:
    return ngettext("every day", "every %(num)d days", pattern.interval)


def _weekly(pattern: Pattern, day: date) -> str:
    weekdays = pattern.weekdays or frozenset({day.weekday()})
    if weekdays == WORKDAYS and pattern.interval == 1:
        return _("every weekday")
    names = ", ".join(weekday(each) for each in sorted(weekdays))
    if pattern.interval == 2:
        return _("every other week: %(days)s", days=names)
    return ngettext("every week: %(days)s", "every %(num)d weeks: %(days)s", pattern.interval, days=names)


def _monthly(pattern: Pattern, day: date) -> str:
    months = ngettext("every month", "every %(num)d months", pattern.interval)
    if pattern.nth is not None:
        which, on = pattern.nth
        ordinals = {1: _("first"), 2: _("second"), 3: _("third"), 4: _("fourth"), -1: _("last")}
        return _("%(months)s on the %(which)s %(day)s", months=months, which=ordinals[which], day=weekday(on))
    if pattern.month_day == -1:
        return _("%(months)s on the last day", months=months)
    return _("%(months)s on day %(day)d", months=months, day=pattern.month_day or day.day)


def weekday(number: int, short: bool = False) -> str:
    """The name of a weekday, Monday 0."""
    name: str = get_day_names("abbreviated" if short else "wide", locale=language())[number]
    return name
