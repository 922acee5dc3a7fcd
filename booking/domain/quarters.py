"""Quarters of a year as a premises counts them: by its own local days. Standard library only."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from booking.domain.spans import Span, day_of, day_start

WRITTEN = re.compile(r"(2\d{3})-[KQ]([1-4])", re.ASCII)


@dataclass(frozen=True, order=True)
class Quarter:
    """A quarter: its year and its number, 1 to 4."""

    year: int
    number: int

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def before(self) -> Quarter:
        """The quarter before it."""
        return Quarter(self.year, self.number - 1) if self.number > 1 else Quarter(self.year - 1, 4)

    @property
    def after(self) -> Quarter:
        """The quarter after it."""
        return Quarter(self.year, self.number + 1) if self.number < 4 else Quarter(self.year + 1, 1)

    def span(self, zone: ZoneInfo) -> Span:
        """Its local days, from the first instant to the first of the next quarter."""
        return Span(day_start(self.first, zone), day_start(self.after.first, zone))

    def ended(self, now: datetime, zone: ZoneInfo) -> bool:
        """Whether its last local day has ended."""
        return self.span(zone).end <= now

    def over(self, now: datetime, zone: ZoneInfo) -> Span:
        """Those of its local days that have ended; an empty span while there is none."""
        whole = self.span(zone)
        today = day_start(day_of(now, zone), zone)
        return Span(whole.start, min(whole.end, max(whole.start, today)))


def quarter_of(day: date) -> Quarter:
    """The quarter that a day lies in."""
    return Quarter(day.year, (day.month + 2) // 3)


def running(now: datetime, zone: ZoneInfo) -> Quarter:
    """The quarter that is on in a premises."""
    return quarter_of(day_of(now, zone))


def read_quarter(text: str) -> Quarter | None:
    """A quarter as it is written, 2026-K4 or 2026-Q4; None where it is none of this millennium."""
    found = WRITTEN.fullmatch(text)
    return Quarter(int(found[1]), int(found[2])) if found else None
