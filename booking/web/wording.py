"""Times and days as each language writes them, always in the premises' own time zone.

Swedish 17.00–17.45, English 17:00–17:45. Imports the domain and Flask-Babel.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from babel.dates import format_date, get_day_names
from flask_babel import gettext, ngettext

from booking.domain.spans import Span, day_of, day_start
from booking.web.language import language


def clock(moment: datetime, zone: ZoneInfo) -> str:
    """The time of day: 17.00 in Swedish, 17:00 in English."""
    local = moment.astimezone(zone)
    return f"{local:%H.%M}" if language() == "sv" else f"{local:%H:%M}"


def clock_end(moment: datetime, zone: ZoneInfo) -> str:
    """The time of day of an end; midnight is 24, the end of its day."""
    if moment == day_start(day_of(moment, zone), zone):
        return "24.00" if language() == "sv" else "24:00"
    return clock(moment, zone)


def hours(span: Span, zone: ZoneInfo) -> str:
    """A span within a day, 17.00–17.45; across days with their dates."""
    first, last = day_of(span.start, zone), day_of(span.end - timedelta(microseconds=1), zone)
    if first == last:
        return f"{clock(span.start, zone)}–{clock_end(span.end, zone)}"
    return f"{short_day(first)} {clock(span.start, zone)}–{short_day(last)} {clock_end(span.end, zone)}"


def until(moment: datetime, day: date, zone: ZoneInfo) -> str:
    """A time to come: the clock alone on the day itself, with its date on another."""
    last = day_of(moment - timedelta(microseconds=1), zone)
    return clock_end(moment, zone) if last == day else f"{short_day(last)} {clock_end(moment, zone)}"


def long_day(day: date) -> str:
    """Tisdag 24 november; Tuesday 24 November."""
    text = format_date(day, "EEEE d MMMM", locale=language())
    return text[:1].upper() + text[1:]


def plain_day(day: date) -> str:
    """A day inside a sentence: tisdag 24 november."""
    text = format_date(day, "EEEE d MMMM", locale=language())
    return text if language() == "sv" else text[:1].upper() + text[1:]


def dated_day(day: date, today: date) -> str:
    """A day inside a sentence, with its year where that is not this one: tisdag 16 februari 2027."""
    return plain_day(day) if day.year == today.year else f"{plain_day(day)} {day.year}"


def day_of_moment(moment: datetime | None, now: datetime, zone: tzinfo) -> str:
    """The day of a moment inside a sentence; nothing where there is none."""
    if moment is None:
        return ""
    return dated_day(moment.astimezone(zone).date(), now.astimezone(zone).date())


def weekday(number: int) -> str:
    """Måndag; Monday. Counted from Monday, which is 0."""
    name: str = get_day_names("wide", "stand-alone", locale=language())[number]
    return name[:1].upper() + name[1:]


def short_weekday(day: date) -> str:
    """Tis 24 nov; Tue 24 Nov."""
    text = format_date(day, "EEE d MMM", locale=language()).replace(".", "")
    return text[:1].upper() + text[1:]


def short_day(day: date) -> str:
    """24 nov; 24 Nov."""
    return format_date(day, "d MMM", locale=language()).rstrip(".")


def week(day: date) -> int:
    """The ISO 8601 week."""
    return day.isocalendar().week


def moment(at: datetime, now: datetime, zone: tzinfo) -> str:
    """When something was: the clock alone on the day itself, else with its date."""
    local = at.astimezone(zone)
    said = f"{local:%H.%M}" if language() == "sv" else f"{local:%H:%M}"
    return said if local.date() == now.astimezone(zone).date() else f"{short_day(local.date())} {said}"


def length(duration: timedelta) -> str:
    """A length in words: 45 min, 1 hour, 2 hours 30 min, 31 days."""
    minutes = int(duration.total_seconds()) // 60
    if minutes and minutes % (24 * 60) == 0:
        return ngettext("%(num)d day", "%(num)d days", minutes // (24 * 60))
    full, rest = divmod(minutes, 60)
    parts = [ngettext("%(num)d hour", "%(num)d hours", full)] if full else []
    if rest or not full:
        parts.append(gettext("%(minutes)d min", minutes=rest))
    return " ".join(parts)
