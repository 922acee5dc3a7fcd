"""Patterns: how a booking repeats by the wall clock, and its recurrence rule (RFC 5545 section 3.3.10).

Standard library only. A pattern that can be held has an end; `booking.domain.series` makes its days.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import MAXYEAR, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from booking.domain.spans import day_start

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
PARTS = frozenset({"FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "UNTIL", "COUNT", "WKST"})
NUMBER = re.compile(r"[0-9]{1,18}")
MONTH_DAY = re.compile(r"[+-]?[0-9]{1,2}")
NTH_WEEKDAY = re.compile(rf"([+-]?[0-9]{{1,2}})({'|'.join(WEEKDAYS)})")
LOCAL_MOMENT = re.compile(r"[0-9]{8}T[0-9]{6}")
DATE_OR_UTC = re.compile(r"[0-9]{8}(T[0-9]{6}Z)?")


class Frequency(StrEnum):
    """How a series steps, in the words of RFC 5545 section 3.3.10."""

    DAILY = "DAILY"
    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"


class Fault(StrEnum):
    """Every reason a pattern cannot be used; the value is its name in the API."""

    UNREADABLE = "repeat-unreadable"
    UNSUPPORTED = "repeat-unsupported"
    NO_END = "repeat-without-end"
    TOO_MANY = "repeat-too-many"
    TOO_LONG = "repeat-too-long"
    NO_OCCURRENCE = "repeat-never"
    CANNOT_MOVE = "repeat-cannot-move"


class WrongPattern(ValueError):
    """The pattern cannot be used, for the reason it carries."""

    def __init__(self, reason: Fault) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True)
class Pattern:
    """How a series repeats. It ends either on a local day, inclusive, or after a count, left-out days counted.

    `weekdays` (Monday 0) only weekly; `month_day` (1 to 31, or -1 the last) or `nth` (which of 1 to 4, or -1
    the last, and the weekday) only monthly. What is left out is as on the first day. WrongPattern otherwise.
    """

    frequency: Frequency
    interval: int = 1
    weekdays: frozenset[int] = frozenset()
    month_day: int | None = None
    nth: tuple[int, int] | None = None
    until: date | None = None
    count: int | None = None

    def __post_init__(self) -> None:
        if self.interval < 1 or not (self._weekdays_fit() and self._month_fits()):
            raise WrongPattern(Fault.UNSUPPORTED)
        if self.until is not None and self.count is not None:
            raise WrongPattern(Fault.UNSUPPORTED)
        if self.until is None and self.count is None:
            raise WrongPattern(Fault.NO_END)
        if self.count is not None and self.count < 1:
            raise WrongPattern(Fault.NO_OCCURRENCE)
        if self.until is not None and self.until.year == MAXYEAR:  # its end may be past the calendar's in UTC
            raise WrongPattern(Fault.TOO_LONG)

    def _weekdays_fit(self) -> bool:
        return not self.weekdays or (self.frequency is Frequency.WEEKLY and self.weekdays <= set(range(7)))

    def _month_fits(self) -> bool:
        if self.month_day is None and self.nth is None:
            return True
        if self.frequency is not Frequency.MONTHLY or (self.month_day is not None and self.nth is not None):
            return False
        if self.nth is not None:
            return self.nth[0] in (1, 2, 3, 4, -1) and self.nth[1] in range(7)
        return self.month_day == -1 or self.month_day in range(1, 32)


# --- the rule in text -------------------------------------------------------------------------


def read_rule(text: str, zone: ZoneInfo, begins: time = time()) -> Pattern:
    """The pattern in a recurrence rule (RFC 5545 section 3.3.10); WrongPattern for all that it cannot be.

    UNTIL in UTC becomes the last local day on which the wall clock shows `begins` at that instant or before.
    """
    parts = _parts(text)
    frequency, interval = _frequency(parts), _number(parts.get("INTERVAL", "1"))
    by_day, by_month_day = parts.get("BYDAY"), parts.get("BYMONTHDAY")
    if frequency is Frequency.DAILY and by_day and interval == 1:
        frequency = Frequency.WEEKLY
    monthly = frequency is Frequency.MONTHLY
    pattern = Pattern(
        frequency,
        interval,
        weekdays=_weekdays(by_day) if by_day and not monthly else frozenset(),
        month_day=_month_day(by_month_day) if by_month_day else None,
        nth=_nth(by_day) if by_day and monthly else None,
        until=_until(parts["UNTIL"], zone, begins) if "UNTIL" in parts else None,
        count=_number(parts["COUNT"]) if "COUNT" in parts else None,
    )
    _check_week_start(parts.get("WKST", "MO"), pattern)
    return pattern


def _parts(text: str) -> dict[str, str]:
    pairs = [each.partition("=") for each in text.upper().removeprefix("RRULE:").split(";")]
    parts = {name: value for name, _, value in pairs}
    if not text.isascii() or len(parts) < len(pairs) or not all(parts.values()) or "FREQ" not in parts:
        raise WrongPattern(Fault.UNREADABLE)
    if not parts.keys() <= PARTS:
        raise WrongPattern(Fault.UNSUPPORTED)
    return parts


def _frequency(parts: dict[str, str]) -> Frequency:
    try:
        return Frequency(parts["FREQ"])
    except ValueError:
        raise WrongPattern(Fault.UNSUPPORTED) from None


def _number(value: str) -> int:
    if not NUMBER.fullmatch(value):
        raise WrongPattern(Fault.UNREADABLE)
    return int(value)


def _weekdays(value: str) -> frozenset[int]:
    names = value.split(",")
    if not set(names) <= set(WEEKDAYS):
        raise WrongPattern(Fault.UNSUPPORTED)
    return frozenset(map(WEEKDAYS.index, names))


def _month_day(value: str) -> int:
    if not MONTH_DAY.fullmatch(value):
        raise WrongPattern(Fault.UNSUPPORTED)
    return int(value)


def _nth(value: str) -> tuple[int, int]:
    match = NTH_WEEKDAY.fullmatch(value)
    if match is None:
        raise WrongPattern(Fault.UNSUPPORTED)
    return int(match[1]), WEEKDAYS.index(match[2])


def _until(value: str, zone: ZoneInfo, begins: time) -> date:
    if LOCAL_MOMENT.fullmatch(value):
        raise WrongPattern(Fault.UNSUPPORTED)
    if not DATE_OR_UTC.fullmatch(value):
        raise WrongPattern(Fault.UNREADABLE)
    if value.startswith(str(MAXYEAR)):  # the usual way to say for ever
        raise WrongPattern(Fault.TOO_LONG)
    try:
        if len(value) == len("YYYYMMDD"):
            return date.fromisoformat(value)
        return _last_begun(datetime.fromisoformat(value), zone, begins)
    except (ValueError, OverflowError):
        raise WrongPattern(Fault.UNREADABLE) from None


def _last_begun(moment: datetime, zone: ZoneInfo, begins: time) -> date:
    local = moment.astimezone(zone)
    return local.date() if local.time() >= begins else local.date() - timedelta(days=1)


def _check_week_start(value: str, pattern: Pattern) -> None:
    """Weeks begin on Monday; another beginning is harmless where it decides nothing."""
    decides = pattern.interval > 1 and len(pattern.weekdays) > 1
    if value not in WEEKDAYS or (value != "MO" and decides):
        raise WrongPattern(Fault.UNSUPPORTED)


def write_rule(pattern: Pattern, zone: ZoneInfo) -> str:
    """The pattern as a recurrence rule in its one canonical text; UNTIL is the last second of the day, in UTC."""
    return ";".join(f"{name}={value}" for name, value in _written(pattern, zone))


def _written(pattern: Pattern, zone: ZoneInfo) -> Iterator[tuple[str, str | int]]:
    yield "FREQ", pattern.frequency
    if pattern.interval > 1:
        yield "INTERVAL", pattern.interval
    if pattern.weekdays:
        yield "BYDAY", ",".join(WEEKDAYS[each] for each in sorted(pattern.weekdays))
    if pattern.month_day is not None:
        yield "BYMONTHDAY", pattern.month_day
    if pattern.nth is not None:
        yield "BYDAY", f"{pattern.nth[0]}{WEEKDAYS[pattern.nth[1]]}"
    if pattern.until is not None:
        last = day_start(pattern.until + timedelta(days=1), zone) - timedelta(seconds=1)
        yield "UNTIL", re.sub("[-:]", "", last.replace(tzinfo=None).isoformat()) + "Z"
    if pattern.count is not None:
        yield "COUNT", pattern.count
