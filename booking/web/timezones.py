"""A time zone's yearly change of clocks, read from its own TZif footer, as an iCalendar VTIMEZONE.

Standard library, icalendar and dateutil only; nothing of ours.
"""

from __future__ import annotations

import re
import struct
import zoneinfo
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from importlib import resources
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from icalendar import Component, Timezone, TimezoneDaylight, TimezoneStandard, vRecur

_DAY = timedelta(days=1)
# The observances begin in 1970, so a year later every moment lies in one of them.
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001  (a VTIMEZONE speaks in wall clocks)
_COVERED_FROM = datetime(1971, 1, 1, tzinfo=UTC)
_YEAR = date(2001, 1, 1)  # any year of 365 days, to lay a rule's dates out in
_NEXT_YEAR = date(2002, 1, 1)
_WEEKDAYS = ("SU", "MO", "TU", "WE", "TH", "FR", "SA")  # POSIX counts from Sunday

_NAME = r"(?:[A-Za-z]{3,}|<[A-Za-z0-9+-]{3,}>)"
_CLOCK = r"[+-]?\d{1,3}(?::\d{2}){0,2}"
# No zone names its days by number, as POSIX also could ('J60'): such a rule is refused.
_CHANGE = rf"M(?:[1-9]|1[0-2])\.[1-5]\.[0-6](?:/{_CLOCK})?"
_POSIX = re.compile(rf"({_NAME})({_CLOCK})(?:({_NAME})({_CLOCK})?,({_CHANGE}),({_CHANGE}))?", re.ASCII)


@dataclass(frozen=True)
class Observance:
    """What the clock shows for a part of the year; ``begins`` is POSIX text, '' for all the year."""

    name: str
    offset: timedelta
    begins: str = ""


def vtimezone(zone: ZoneInfo) -> bytes:
    """The zone's VTIMEZONE (RFC 5545 §3.6.5): one yearly rule for each change of its clock.

    A zone whose clock stands still gets a single STANDARD. Raises ValueError for a
    zone without a key, a TZif footer or a rule that two yearly observances can say.
    """
    return _vtimezone(_key(zone))


def local_time(moment: datetime, zone: ZoneInfo) -> datetime | None:
    """The zone's wall clock at an aware moment, or None where only UTC says it for certain.

    None in the doubled hour, and where the VTIMEZONE's rule is not what the zone did
    (Casablanca's Ramadan, years before the rule). Raises ValueError like `vtimezone`.
    """
    there, ruled = moment.astimezone(zone), moment.astimezone(_ruled(_key(zone)))
    certain = (
        moment >= _COVERED_FROM
        and there.utcoffset() == ruled.utcoffset()
        and _happens_once(there)
        and _happens_once(ruled)
    )
    return there if certain else None


def observances(posix: str) -> tuple[Observance, ...]:
    """The one or two observances of a POSIX TZ string (RFC 9636 §3.3.1); ValueError if it is none."""
    match = _POSIX.fullmatch(posix)
    if match is None:
        raise ValueError(f"not a time zone rule: {posix!r}")
    name, offset, summer_name, summer_offset, start, end = match.groups()
    standard = -_clock(offset)  # POSIX counts westward
    if summer_name is None:
        return (Observance(name.strip("<>"), standard),)
    summer = -_clock(summer_offset) if summer_offset else standard + timedelta(hours=1)
    return (
        Observance(name.strip("<>"), standard, end),
        Observance(summer_name.strip("<>"), summer, start),
    )


def recurrence(change: str) -> tuple[str, timedelta]:
    """The RRULE of a POSIX change such as 'M10.5.0/3', and its time of day on the clock before it."""
    day, _, clock = change.partition("/")
    month, week, weekday = map(int, day[1:].split("."))
    # Hours may be negative or beyond 24: then the change is on another day than the one named.
    days, at = divmod(_clock(clock or "2"), _DAY)
    name = _WEEKDAYS[(weekday + days) % 7]
    if days:
        return f"FREQ=YEARLY;{_seven_days(month, week, days)};BYDAY={name}", at
    return f"FREQ=YEARLY;BYMONTH={month};BYDAY={-1 if week == 5 else week}{name}", at


@cache
def _vtimezone(key: str) -> bytes:
    both = observances(_footer(key))
    component = Timezone()
    component.add("TZID", key)
    if len(both) == 1:
        component.add_component(_part(TimezoneStandard(), both[0], _EPOCH, both[0].offset))
    else:
        # By offset, not by name: Dublin calls its summer the standard and its winter the saving.
        winter, summer = sorted(both, key=lambda observance: observance.offset)
        component.add_component(_yearly(TimezoneStandard(), winter, summer.offset))
        component.add_component(_yearly(TimezoneDaylight(), summer, winter.offset))
    return bytes(component.to_ical(sorted=False))


def _yearly(part: Component, observance: Observance, before: timedelta) -> Component:
    # DTSTART is on the clock before the change, as POSIX says it too.
    rule, at = recurrence(observance.begins)
    begins: datetime = rrulestr(rule, dtstart=_EPOCH + at)[0]
    _part(part, observance, begins, before).add("RRULE", vRecur.from_ical(rule))
    return part


def _part(part: Component, observance: Observance, begins: datetime, before: timedelta) -> Component:
    part.add("DTSTART", begins)
    part.add("TZOFFSETFROM", before)
    part.add("TZOFFSETTO", observance.offset)
    part.add("TZNAME", observance.name)
    return part


def _seven_days(month: int, week: int, days: int) -> str:
    """The dates among which one weekday is `days` after a given one: 'the day after the last Thursday'."""
    first = _start_of(month) + (week - 1) * 7 * _DAY if week < 5 else _start_of(month + 1) - 7 * _DAY
    dates = [first + (days + n) * _DAY for n in range(7)]
    # Every year, leap years too, they keep their distance from its beginning or from its end.
    from_end = month > 2 or (month == 2 and week == 5)
    # Rules by month are read by most programs, so they are written wherever they are exact.
    if len({each.month for each in dates}) == 1 and from_end == (dates[0].month > 2):
        return f"BYMONTH={dates[0].month};BYMONTHDAY={','.join(str(each.day) for each in dates)}"
    return f"BYYEARDAY={','.join(str(_day_of_year(each, from_end)) for each in dates)}"


def _day_of_year(day: date, from_end: bool) -> int:
    if day < _YEAR or (from_end and day < _NEXT_YEAR):
        return (day - (_YEAR if day < _YEAR else _NEXT_YEAR)).days
    return (day - (_NEXT_YEAR if day >= _NEXT_YEAR else _YEAR)).days + 1


def _start_of(month: int) -> date:
    return _YEAR.replace(month=month) if month < 13 else _NEXT_YEAR


def _clock(text: str) -> timedelta:
    """A signed POSIX time, hours[:minutes[:seconds]]."""
    hours, minutes, seconds = (*map(int, text.lstrip("+-").split(":")), 0, 0)[:3]
    length = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return -length if text.startswith("-") else length


def _happens_once(there: datetime) -> bool:
    return there.replace(fold=1 - there.fold).utcoffset() == there.utcoffset()


@cache
def _ruled(key: str) -> ZoneInfo:
    """The zone as if its footer had ruled always: what a reader of our VTIMEZONE believes."""
    one_type = b"\0" * 7
    block = struct.pack(">4sc15x6l", b"TZif", b"3", 0, 0, 0, 0, 1, 1) + one_type
    footer = f"\n{_footer(key)}\n".encode("ascii")
    return ZoneInfo.from_file(BytesIO(block + block + footer), key=key)


@cache
def _footer(key: str) -> str:
    """The POSIX TZ string that ends the zone's TZif (RFC 9636 §3.3)."""
    stored = _tzif(key)
    if stored[:4] != b"TZif" or stored[4:5] < b"2":
        raise ValueError(f"time zone {key} carries no rule for the years to come")
    return stored.rstrip(b"\n").rpartition(b"\n")[2].decode("ascii")


def _tzif(key: str) -> bytes:
    # Looked for where ZoneInfo looks, in its order, so that both speak of the same zone.
    for root in zoneinfo.TZPATH:
        path = Path(root, key)
        if path.is_file():
            return path.read_bytes()
    return resources.files("tzdata").joinpath("zoneinfo", *key.split("/")).read_bytes()


def _key(zone: ZoneInfo) -> str:
    if not zone.key:
        raise ValueError("a time zone without a name cannot be told to others")
    return zone.key
