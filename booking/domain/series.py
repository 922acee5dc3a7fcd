"""Series: the days of a pattern, and the times at which a booking comes back on them by the wall clock.

Standard library only. Whatever a pattern says, no more than `MOST` days are ever made.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import MAXYEAR, date, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from booking.domain.patterns import Fault as Fault
from booking.domain.patterns import Frequency as Frequency
from booking.domain.patterns import Pattern as Pattern
from booking.domain.patterns import WrongPattern as WrongPattern
from booking.domain.patterns import read_rule as read_rule
from booking.domain.patterns import write_rule as write_rule
from booking.domain.spans import Span, day_of, instant

MOST = 366  # occurrences
LONGEST = 2  # calendar years from the first day to the last


@dataclass(frozen=True)
class Time:
    """When one occurrence is: its local day, and its span, or None where the clock skips its start or end."""

    day: date
    span: Span | None


def days(pattern: Pattern, first: date) -> tuple[date, ...]:
    """The local days of a series from `first` on; WrongPattern rather than a day too many or too late.

    The series begins on the first day of the pattern at `first` or after it. A month without the date is
    skipped, and every n weeks counts weeks from Monday (RFC 5545 section 3.3.10).
    """
    last = _last_day(first)
    if pattern.until is not None and pattern.until < first:
        raise WrongPattern(Fault.NO_OCCURRENCE)
    if pattern.count is not None and pattern.count > MOST:
        raise WrongPattern(Fault.TOO_MANY)
    wanted = _days_between(pattern, first, min(pattern.until or last, last))
    found = tuple(islice(wanted, pattern.count or MOST + 1))
    if not found:
        raise WrongPattern(Fault.NO_OCCURRENCE)
    if len(found) < (pattern.count or 0) or (pattern.until or last) > last:
        raise WrongPattern(Fault.TOO_LONG)
    if len(found) > MOST:
        raise WrongPattern(Fault.TOO_MANY)
    return found


def _last_day(first: date) -> date:
    """The last day that a series may reach."""
    if first.year > MAXYEAR - LONGEST:
        return date.max
    day = 28 if (first.month, first.day) == (2, 29) else first.day
    return first.replace(year=first.year + LONGEST, day=day)


def _days_between(pattern: Pattern, first: date, end: date) -> Iterator[date]:
    """The days of the pattern from the first to the end, inclusive."""
    allowed = range(first.toordinal(), end.toordinal() + 1)
    return (
        date.fromordinal(each) for each in STEPS[pattern.frequency](pattern, first, end) if each in allowed
    )


def _daily(pattern: Pattern, first: date, end: date) -> Iterator[int]:
    return iter(range(first.toordinal(), end.toordinal() + 1, pattern.interval))


def _weekly(pattern: Pattern, first: date, end: date) -> Iterator[int]:
    weekdays = sorted(pattern.weekdays or {first.weekday()})
    mondays = range(first.toordinal() - first.weekday(), end.toordinal() + 1, 7 * pattern.interval)
    return (monday + weekday for monday in mondays for weekday in weekdays)


def _monthly(pattern: Pattern, first: date, end: date) -> Iterator[int]:
    for month in range(_months(first), _months(end) + 1, pattern.interval):
        start = date(month // 12, month % 12 + 1, 1)
        length = monthrange(start.year, start.month)[1]
        day = _day_of_month(pattern, start, length) or first.day
        if day <= length:
            yield start.toordinal() + day - 1


def _months(day: date) -> int:
    return day.year * 12 + day.month - 1


def _day_of_month(pattern: Pattern, start: date, length: int) -> int | None:
    """The day that the pattern names in a month, which may lack it; None where it names none."""
    if pattern.nth is None:
        return length if pattern.month_day == -1 else pattern.month_day
    which, weekday = pattern.nth
    soonest = 1 + (weekday - start.weekday()) % 7
    if which == -1:
        return soonest + (length - soonest) // 7 * 7
    return soonest + 7 * (which - 1)


STEPS: Mapping[Frequency, Callable[[Pattern, date, date], Iterator[int]]] = {
    Frequency.DAILY: _daily,
    Frequency.WEEKLY: _weekly,
    Frequency.MONTHLY: _monthly,
}


def occurrences(
    pattern: Pattern, span: Span, zone: ZoneInfo, except_: Collection[date] = ()
) -> tuple[Time, ...]:
    """The times at which the span's wall clock comes back on the days of the pattern, but for those left out.

    A start or an end that exists twice is the first of the two. WrongPattern as in `days`, and when no day is
    left. A span that ends before it starts does so on every day: the caller refuses it.
    """
    first, nights = day_of(span.start, zone), day_of(span.end, zone) - day_of(span.start, zone)
    starts, ends = (moment.astimezone(zone).time() for moment in (span.start, span.end))
    kept = [day for day in days(pattern, first) if day not in except_]
    if not kept:
        raise WrongPattern(Fault.NO_OCCURRENCE)
    return tuple(
        Time(day, _span(instant(day, starts, zone), instant(day + nights, ends, zone))) for day in kept
    )


def _span(start: datetime | None, end: datetime | None) -> Span | None:
    return Span(start, end) if start and end else None


def rest_of(pattern: Pattern, first: date, since: date, last: date) -> tuple[date, Pattern]:
    """What is left of a series that began on `first`: its first day from `since` on, and its pattern from there.

    It ends on `last` at the latest, and is no longer than a series may be. WrongPattern when no day is left.
    """
    wanted = _days_between(pattern, first, min(pattern.until or last, last))
    left = [day for day in islice(wanted, pattern.count) if day >= since]
    if not left:
        raise WrongPattern(Fault.NO_OCCURRENCE)
    latest = _last_day(left[0])
    until = max(day for day in left[:MOST] if day <= latest)
    return left[0], replace(pattern, count=None, until=until)


def shifted(pattern: Pattern, days: int) -> Pattern:
    """The pattern of the same series so many days later, or earlier below zero.

    WrongPattern for a monthly one, and where the weekdays of one week would come to lie in two of which only
    every n-th is meant.
    """
    if days == 0:
        return pattern
    weeks = {(weekday + days) // 7 for weekday in pattern.weekdays}
    if pattern.frequency is Frequency.MONTHLY or (pattern.interval > 1 and len(weeks) > 1):
        raise WrongPattern(Fault.CANNOT_MOVE)
    weekdays = frozenset((weekday + days) % 7 for weekday in pattern.weekdays)
    return replace(pattern, weekdays=weekdays, until=pattern.until and _moved(pattern.until, days))


def _moved(day: date, days: int) -> date:
    try:
        return day + timedelta(days=days)
    except OverflowError:
        raise WrongPattern(Fault.TOO_LONG) from None
