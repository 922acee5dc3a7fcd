"""Bookings and free times as a field's value carries them: a name and a span in UTC. Imports actions and the domain."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from booking.actions.wishing import Given, Order
from booking.domain.spans import Span, day_of, day_start

PIECE = re.compile(r"([\w-]{1,64}) (\S{17}) (\S{17})", re.ASCII)
MOMENT = "%Y-%m-%dT%H:%MZ"
NAME = "%Y%m%dT%H%M%SZ"  # of an occurrence, as an address carries it
LONGEST_LIST = 20_000  # characters, of the names of some occurrences of a series
END_OF_DAY = "24:00"
YEARS = range(2000, 2200)  # what clocks can be asked about without running out of calendar


def agreed(text: str) -> frozenset[Given] | None:
    """Exactly what was said yes to; None without a yes."""
    return frozenset(read_pieces(text)) or None


def read_pieces(text: str) -> list[Given]:
    """The list a yes carries; nothing, if any of it cannot be read."""
    found = [PIECE.fullmatch(part) for part in text.split(",")] if text else []
    spans = [(each[1], _read_moments(each[2], each[3])) if each else None for each in found]
    if any(each is None or each[1] is None for each in spans):
        return []
    return [Given(each[0], each[1]) for each in spans if each]


def write_piece(name: str, span: Span) -> str:
    """A booking, or a resource, with a span of whole minutes or finer rounded down, for a field's value."""
    return f"{name} {span.start:{MOMENT}} {span.end:{MOMENT}}"


def read_alternative(text: str) -> tuple[str, Span] | None:
    """A resource and a span as `write_piece` wrote them."""
    found = PIECE.fullmatch(text)
    span = _read_moments(found[2], found[3]) if found else None
    return (found[1], span) if found and span else None


def _read_moments(start: str, end: str) -> Span | None:
    try:
        first, last = (datetime.strptime(each, MOMENT).replace(tzinfo=UTC) for each in (start, end))
    except ValueError:
        return None
    return Span(first, last) if first.year in YEARS and last.year in YEARS else None


def read_day(text: str) -> date | None:
    """A day written 2026-11-24."""
    try:
        day = date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None
    return day if day and day.year in YEARS else None


def write_occurrence(occurrence: datetime) -> str:
    """The name of an occurrence in an address: its first start in UTC, 20261201T080000Z."""
    return f"{occurrence.astimezone(UTC):{NAME}}"


def read_occurrence(text: str) -> datetime | None:
    """The occurrence that an address names; None when it cannot be one."""
    try:
        found = datetime.strptime(text, NAME).replace(tzinfo=UTC)
    except ValueError:
        return None
    return found if found.year in YEARS and write_occurrence(found) == text else None


def write_occurrences(occurrences: Iterable[datetime]) -> str:
    """The names of several occurrences, for a field's value."""
    return ",".join(write_occurrence(each) for each in sorted(set(occurrences)))


def read_occurrences(text: str) -> tuple[datetime, ...] | None:
    """The occurrences that a field's value names, by start; None when any of it cannot be read."""
    found = [read_occurrence(each) for each in text.split(",")] if len(text) < LONGEST_LIST else [None]
    return tuple(sorted({each for each in found if each})) if all(found) else None


def instead(order: Order, text: str) -> Order | None:
    """The same order at another time, as a button of the answer carries it."""
    found = read_alternative(text)
    return replace(order, resource=found[0], span=found[1], displace=None) if found else None


def on_the_wall(span: Span, zone: ZoneInfo) -> tuple[tuple[date, str], tuple[date, str]]:
    """The local day and the clock of each end; a midnight at the end is 24:00 of the day before."""
    day, last = day_of(span.start, zone), day_of(span.end, zone)
    start, end = (f"{each.astimezone(zone):%H:%M}" for each in (span.start, span.end))
    if day_start(last, zone) == span.end:
        last, end = last - timedelta(days=1), END_OF_DAY
    return (day, start), (last, end)
