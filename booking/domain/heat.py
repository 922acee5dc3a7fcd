"""How much of each hour of each weekday was in use. Standard library only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from booking.domain.premises import Premises
from booking.domain.spans import Span, merged
from booking.domain.suppression import Amount, tally

HOUR = timedelta(hours=1)
STEPS = 5
Cell = tuple[int, int]  # a weekday from Monday, which is 0, and the hour that begins by the wall clock


@dataclass(frozen=True)
class Heat:
    """Per cent of each hour of the week in which something was booked, 0 to 100; None is withheld.

    `hours` are those in which the premises is open on some weekday.
    """

    hours: tuple[int, ...]
    cells: Mapping[Cell, int | None]


def step(share: int | None) -> int:
    """Which of five steps a share is drawn in, from 1; 0 where there is nothing to draw."""
    return -(-share * STEPS // 100) if share else 0


def elapsed(counted: Span, zone: ZoneInfo) -> Mapping[Cell, int]:
    """How many minutes of a time lie in each hour of the week: one lies twice in the night to winter time."""
    return _minutes([counted], zone)


def heat(premises: Premises, there: Mapping[Cell, int], held: Mapping[int, Iterable[Span]]) -> Heat:
    """Of the minutes of each hour, as `elapsed` has them, those in which occurrences, by number, held something."""
    hours = _open_hours(premises)
    used = _minutes(merged(span for spans in held.values() for span in spans), premises.zone)
    times: dict[Cell, set[int]] = defaultdict(set)
    for number, spans in held.items():
        for cell, _ in _cells(spans, premises.zone):
            times[cell].add(number)
    cells = [(weekday, hour) for weekday in range(7) for hour in hours]
    told = tally({cell: Amount(len(times[cell]), used[cell]) for cell in cells}).groups
    return Heat(
        hours,
        {
            cell: None
            if amount is None
            else round(100 * amount.minutes / there[cell])
            if there.get(cell)
            else 0
            for cell, amount in told.items()
        },
    )


def _open_hours(premises: Premises) -> tuple[int, ...]:
    days = [each for each in premises.hours.week if each is not None]
    if not days:
        return ()
    first = min(start.hour for start, _ in days)
    last = max(-(-(end.hour * 60 + end.minute) // 60) or 24 for _, end in days)
    return tuple(range(first, last))


def _minutes(spans: Iterable[Span], zone: ZoneInfo) -> dict[Cell, int]:
    found: dict[Cell, int] = defaultdict(int)
    for cell, minutes in _cells(spans, zone):
        found[cell] += minutes
    return found


def _cells(spans: Iterable[Span], zone: ZoneInfo) -> Iterator[tuple[Cell, int]]:
    """Each part of the spans that lies in one hour of the wall clock, and its length in minutes."""
    for span in spans:
        start = span.start
        while start < span.end:
            end = min(_next_hour(start, zone), span.end)
            local = start.astimezone(zone)
            yield (local.weekday(), local.hour), (end - start) // timedelta(minutes=1)
            start = end


def _next_hour(moment: datetime, zone: ZoneInfo) -> datetime:
    local = moment.astimezone(zone)
    return moment + HOUR - timedelta(minutes=local.minute, seconds=local.second)
