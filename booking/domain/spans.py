"""Spans of time, half-open [start, end) and always aware UTC, and the local days of a premises.

Standard library only. All arithmetic on taken, free and barred time is done with the set
operations here, so that 'merge first, cut afterwards' has one meaning.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, order=True, slots=True)
class Span:
    """A half-open span of time, aware UTC; ``start < end`` or it is empty."""

    start: datetime
    end: datetime

    def overlaps(self, other: Span) -> bool:
        """Whether the two share an instant; spans that only meet do not."""
        return self.start < other.end and other.start < self.end

    def contains(self, moment: datetime) -> bool:
        """Whether the moment lies in the span; the end does not."""
        return self.start <= moment < self.end

    def cut(self, window: Span) -> Span | None:
        """The part inside the window, or None."""
        start, end = max(self.start, window.start), min(self.end, window.end)
        return Span(start, end) if start < end else None

    def widened(self, before: timedelta = timedelta(), after: timedelta = timedelta()) -> Span:
        """The span begun earlier and ended later."""
        return Span(self.start - before, self.end + after)

    @property
    def length(self) -> timedelta:
        """Elapsed time, not the difference of wall clocks."""
        return self.end - self.start


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same time as maximal spans, sorted; spans that meet become one."""
    out: list[Span] = []
    for span in sorted(spans):
        if out and span.start <= out[-1].end:
            out[-1] = Span(out[-1].start, max(out[-1].end, span.end))
        elif span.start < span.end:
            out.append(span)
    return tuple(out)


def within(spans: Iterable[Span], window: Span) -> tuple[Span, ...]:
    """The parts of the spans inside the window, in their order."""
    return tuple(part for span in spans if (part := span.cut(window)))


def parts(taken: Sequence[Span], window: Span) -> tuple[Span, ...]:
    """The parts inside the window of spans that are `merged`; what lies elsewhere costs nothing."""
    first = bisect_right(taken, window.start, key=lambda span: span.end)
    last = bisect_left(taken, window.end, key=lambda span: span.start)
    return within(taken[first:last], window)


def common(some: Iterable[Span], others: Iterable[Span]) -> tuple[Span, ...]:
    """The time that lies in both, as maximal spans."""
    cuts = merged(others)
    return merged(part for span in some for part in parts(cuts, span))


def without(spans: Iterable[Span], taken: Iterable[Span]) -> tuple[Span, ...]:
    """What is left of the spans when the taken time is removed, as maximal spans."""
    holes = merged(taken)
    return tuple(part for span in merged(spans) for part in _parts_between(span, holes))


def _parts_between(span: Span, holes: tuple[Span, ...]) -> Iterator[Span]:
    start = span.start
    for hole in holes:
        if hole.end <= start or hole.start >= span.end:
            continue
        if hole.start > start:
            yield Span(start, hole.start)
        start = hole.end
    if start < span.end:
        yield Span(start, span.end)


def overlapping(spans: Iterable[Span], span: Span) -> tuple[Span, ...]:
    """Those of the spans, whole, that overlap the one given."""
    return tuple(each for each in spans if each.overlaps(span))


# --- the wall clock of a premises -------------------------------------------------------------


def instant(day: date, clock: time, zone: ZoneInfo) -> datetime | None:
    """The UTC instant of a wall clock time, or None where it does not exist that night.

    A time that exists twice is the first of the two (RFC 5545 section 3.3.5).
    """
    local = datetime.combine(day, clock.replace(tzinfo=None, fold=0), zone)
    moment = local.astimezone(UTC)
    back = moment.astimezone(zone)
    return moment if (back.date(), back.time()) == (day, clock.replace(tzinfo=None, fold=0)) else None


def day_start(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of a local day, UTC (midnight may not exist, as in some zones)."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def local_day(day: date, zone: ZoneInfo) -> Span:
    """A local day as a span: 23, 24 or 25 hours."""
    return Span(day_start(day, zone), day_start(day + timedelta(days=1), zone))


def day_of(moment: datetime, zone: ZoneInfo) -> date:
    """The local day in which an instant lies."""
    return moment.astimezone(zone).date()


def last_day(end: datetime, zone: ZoneInfo) -> date:
    """The last local day of what lasts until an instant."""
    return day_of(end - timedelta(seconds=1), zone)


def days_of(span: Span, zone: ZoneInfo) -> Iterator[date]:
    """The local days a span touches, in order."""
    day = day_of(span.start, zone)
    while day_start(day, zone) < span.end:
        yield day
        day += timedelta(days=1)


def whole_days(span: Span, zone: ZoneInfo) -> Span:
    """The local days a span touches, whole, as one span."""
    days = list(days_of(span, zone)) or [day_of(span.start, zone)]
    return Span(day_start(days[0], zone), day_start(days[-1] + timedelta(days=1), zone))


def ceiling_to(moment: datetime, minutes: int) -> datetime:
    """The next instant at a whole multiple of minutes past the hour, or the moment itself."""
    floor = moment.replace(minute=moment.minute - moment.minute % minutes, second=0, microsecond=0)
    return floor if floor == moment else floor + timedelta(minutes=minutes)
