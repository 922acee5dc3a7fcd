"""The hours a board shows, and where in them a time lies: one column per five minutes, edges rounded outwards.

Imports the domain. Everything is computed from the opening hours and from what this viewer sees.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from booking.domain.premises import Premises
from booking.domain.spans import Span, instant, local_day, merged, within, without

STEP = timedelta(minutes=5)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
AFTER_CLOSING = timedelta(minutes=30)
USUAL = (time(7), time(21))  # shown of a closed day in a premises that never says when it is open


@dataclass(frozen=True)
class Frame:
    """The shown part of a local day, UTC; `open` are its opening hours, None when closed, and `reason` why."""

    day: date
    zone: ZoneInfo
    span: Span
    open: Span | None
    reason: str = ""

    @property
    def columns(self) -> int:
        """How many columns of five minutes."""
        return self._ceiling(self.span.end)

    @property
    def first_minute(self) -> int | None:
        """The minute of the day that the columns begin at; None on a day on which the clocks change."""
        whole = local_day(self.day, self.zone)
        return (self.span.start - whole.start) // MINUTE if whole.length == DAY else None

    def place(self, span: Span) -> tuple[int, int]:
        """First column and the one after the last, from 0, of the part of a span that is shown."""
        first = max(self._floor(span.start), 0)
        return first, max(min(self._ceiling(span.end), self.columns), first + 1)

    def minutes(self, span: Span) -> int:
        """How many minutes are drawn of a span."""
        first, last = self.place(span)
        return (last - first) * 5

    def shows(self, span: Span) -> bool:
        """Whether any of a span is drawn."""
        return span.overlaps(self.span)

    def _floor(self, moment: datetime) -> int:
        return (moment - self.span.start) // STEP

    def _ceiling(self, moment: datetime) -> int:
        return -((self.span.start - moment) // STEP)

    @cached_property
    def hours(self) -> tuple[tuple[datetime, int], ...]:
        """The whole hours shown, each with its column."""
        first = _whole_hour_before(self.span.start, self.zone)
        found = []
        moment = first if first >= self.span.start else first + HOUR
        while moment <= self.span.end:
            found.append((moment, self._floor(moment)))
            moment += HOUR
        return tuple(found)

    @property
    def lead(self) -> int:
        """Columns before the first whole hour."""
        return self.hours[0][1] if self.hours else 0

    @property
    def closed(self) -> tuple[Span, ...]:
        """The shown time outside the opening hours."""
        return without([self.span], [self.open] if self.open else [])


def frame_for(premises: Premises, day: date, seen: Iterable[Span]) -> Frame:
    """Opening to closing and half an hour, grown to whole hours around what the viewer sees outside that.

    The changeover of a wall alone makes no board grow.
    """
    zone, whole = premises.zone, local_day(day, premises.zone)
    opening = premises.hours.span(day, zone)
    spans = merged(within(seen, whole))
    base = _base(premises, day, opening, spans)
    start, end = base.start, base.end
    if spans and spans[0].start < base.start - premises.changeover:
        start = _whole_hour_before(spans[0].start, zone)
    last = opening.end if opening else base.end
    if spans and spans[-1].end > last + premises.changeover:
        end = max(end, _whole_hour_after(spans[-1].end, zone))
    shown = Span(start, end).cut(whole)
    return Frame(day, zone, shown or whole, opening, premises.hours.reasons.get(day, ""))


def _base(premises: Premises, day: date, opening: Span | None, seen: tuple[Span, ...]) -> Span:
    zone = premises.zone
    if opening is not None:
        return opening.widened(after=AFTER_CLOSING)
    if seen:
        return Span(
            _whole_hour_before(seen[0].start, zone),
            _whole_hour_after(seen[-1].end, zone),
        )
    usual = next((hours for hours in premises.hours.week if hours), USUAL)
    start = instant(day, usual[0], zone)
    end = local_day(day, zone).end if usual[1] == time() else instant(day, usual[1], zone)
    return Span(start, end) if start and end else local_day(day, zone)


def _whole_hour_before(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment - timedelta(minutes=moment.astimezone(zone).minute)


def _whole_hour_after(moment: datetime, zone: ZoneInfo) -> datetime:
    before = _whole_hour_before(moment, zone)
    return before if before == moment else before + HOUR
