"""A table (CSV) as entries: with columns of its own choosing, or as Outlook exports them in English and Swedish."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

from booking.actions.importing import Entry, Passed, Unreadable
from booking.domain.spans import Span
from booking.web.reading.moments import Left, instant_of
from booking.web.reading.words import named, one_line, several_lines

DELIMITERS = ",;\t"
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "uid": ("uid", "id"),
    "title": ("title", "subject", "titel", "rubrik", "ämne"),
    "note": ("note", "description", "anteckning", "beskrivning"),
    "place": ("place", "resource", "location", "resurs", "plats"),
    "starts": ("starts", "start", "startar", "börjar"),
    "ends": ("ends", "end", "slut", "slutar"),
    "start_day": ("start date", "startdatum"),
    "start_time": ("start time", "starttid"),
    "end_day": ("end date", "slutdatum"),
    "end_time": ("end time", "sluttid"),
    "private": ("private", "privat"),
    "whole_day": ("all day event", "all-day event", "heldagshändelse", "hela dagen"),
    "shown_as": ("show time as", "visa tid som"),
}
WHEN = ("starts", "ends", "start_day", "start_time", "end_day", "end_time")
YES = frozenset({"true", "yes", "1", "sant", "ja"})
FREE = frozenset({"free", "ledig"})


def read(text: str, zone: ZoneInfo, most: int) -> list[Entry]:
    """Every row under the first, which names the columns; at most one more than `most`.

    Unreadable when there is no table or no column for when something starts and ends.
    """
    header = text.partition("\n")[0]
    rows = csv.reader(StringIO(text, newline=""), delimiter=max(DELIMITERS, key=header.count))
    try:
        named_columns = _columns(next(rows, []))
        return [
            _entry(
                {name: row[at].strip() for name, at in named_columns.items() if at < len(row)}, number, zone
            )
            for number, row in enumerate(rows, start=2)
            if any(row) and number <= most + 2
        ]
    except csv.Error:
        raise Unreadable("It is no table that can be read (CSV).") from None


def _columns(header: list[str]) -> Mapping[str, int]:
    """Where each column that is known stands."""
    found = [each.strip().casefold() for each in header]
    known = {name: found.index(each) for name, words in COLUMNS.items() for each in words if each in found}
    if not ({"starts", "ends"} <= known.keys() or {"start_day", "end_day"} <= known.keys()):
        raise Unreadable(
            "It is neither an iCalendar file nor a table whose first line names the columns "
            "'starts' and 'ends', or 'start date', 'start time', 'end date' and 'end time'."
        )
    return known


def _entry(row: Mapping[str, str], number: int, zone: ZoneInfo) -> Entry:
    title = row.get("title", "")
    entry = Entry(
        uid=row.get("uid")
        or named(title, *(row.get(each, "") for each in COLUMNS if each.startswith(("start", "end")))),
        where=f"line {number}",
        title=one_line(title),
        note=several_lines(row.get("note", "")),
        place=row.get("place", ""),
        private=row.get("private", "").casefold() in YES,
    )
    if row.get("shown_as", "").casefold() in FREE:
        return replace(entry, passed=Passed.FREE)
    try:
        return replace(entry, span=_span(row, zone))
    except Left as left:
        return replace(entry, passed=left.why)
    except (ValueError, TypeError, OverflowError):
        return replace(entry, passed=Passed.UNREADABLE)


def _span(row: Mapping[str, str], zone: ZoneInfo) -> Span:
    if row.get("starts") or "start_day" not in row:
        start, end = (datetime.fromisoformat(row.get(each, "")) for each in ("starts", "ends"))
    else:
        start, end = (_moment(row, each) for each in ("start", "end"))
    if row.get("whole_day", "").casefold() in YES and end <= start:
        end = start + timedelta(days=1)
    return Span(instant_of(start, zone), instant_of(end, zone))


def _moment(row: Mapping[str, str], which: str) -> datetime:
    at = row.get(f"{which}_time", "").replace(".", ":") or "00:00"
    return datetime.combine(date.fromisoformat(row.get(f"{which}_day", "")), time.fromisoformat(at))
