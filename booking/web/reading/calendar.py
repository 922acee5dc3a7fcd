"""An iCalendar file (RFC 5545) as entries, as Outlook, Exchange, Google and others write it. Imports icalendar."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar, Component

from booking.actions.importing import Entry, Passed, Unreadable
from booking.domain.spans import Span, day_of, day_start
from booking.web.reading.moments import Left, instant_of
from booking.web.reading.words import named, one_line, several_lines

A_DAY, A_MONTH = timedelta(days=1), timedelta(days=30)
BROKEN = (ValueError, LookupError, TypeError, AttributeError, OverflowError, RecursionError)
TIMES = frozenset({"DTSTART", "DTEND", "DURATION", "RRULE", "EXDATE", "RDATE", "RECURRENCE-ID"})
BEGINNING = re.compile(r"^BEGIN:VEVENT", re.IGNORECASE | re.MULTILINE)
ENDLESS = re.compile(r";UNTIL=9999\w*")
LOCAL_END = re.compile(r"(;UNTIL=\d{8})T\d{6}(?=;|$)")
NTH = re.compile(r"(.*);BYDAY=([A-Z]{2});(.*;)?BYSETPOS=(-?\d)(?:;(.*))?")


def read(text: str, zone: ZoneInfo, most: int) -> list[Entry]:
    """Every VEVENT; one that cannot be brought over says why. Unreadable when it is no calendar, or has over `most`."""
    if len(BEGINNING.findall(text)) > most:
        raise Unreadable(f"It has more than {most} entries. Export fewer years.")
    if not text.rstrip().upper().endswith("END:VCALENDAR"):
        raise Unreadable("It is a calendar that ends in the middle.")
    try:
        calendars = Calendar.from_ical(text, multiple=True)
    except BROKEN:
        raise Unreadable("It is no calendar that can be read (RFC 5545).") from None
    events = [event for each in calendars for event in each.walk("VEVENT")]
    moved = _moved(events, zone)
    return [_entry(event, number, zone, moved) for number, event in enumerate(events, start=1)]


def _moved(events: list[Component], zone: ZoneInfo) -> Mapping[str, set[date]]:
    """Of each series the days that have an entry of their own, by its UID."""
    found: dict[str, set[date]] = {}
    for event in events:
        with suppress(Left, *BROKEN):  # such an entry says itself that it cannot be read
            found.setdefault(_uid(event), set()).update(_days(event, "RECURRENCE-ID", zone))
    return found


def _entry(event: Component, number: int, zone: ZoneInfo, moved: Mapping[str, set[date]]) -> Entry:
    uid = _uid(event)
    entry = Entry(
        uid=f"{uid}/{_text(event, 'RECURRENCE-ID')}" if "RECURRENCE-ID" in event else uid,
        where=f"entry {number}",
        title=one_line(str(event.get("SUMMARY", ""))),
        note=several_lines(str(event.get("DESCRIPTION", ""))),
        place=str(event.get("LOCATION", "")),
        private=str(event.get("CLASS", "PUBLIC")).upper() != "PUBLIC",
    )
    try:
        _leave_what_takes_no_place(event)
        return _timed(entry, event, zone, moved.get(uid, set()))
    except Left as left:
        return replace(entry, passed=left.why)
    except BROKEN:
        return replace(entry, passed=Passed.UNREADABLE)


def _uid(event: Component) -> str:
    """What names it for good; where the file does not say, its own words and times do."""
    said = str(event.get("UID", "")).strip()
    return said or named(_text(event, "DTSTART"), _text(event, "DTEND"), str(event.get("SUMMARY", "")))


def _text(event: Component, name: str) -> str:
    """A property as it stands in the file."""
    value = event.get(name)
    if value is None or isinstance(value, list):
        return ""
    written: bytes = value.to_ical()
    return written.decode()


def _leave_what_takes_no_place(event: Component) -> None:
    if str(event.get("STATUS", "")).upper() == "CANCELLED":
        raise Left(Passed.CANCELLED)
    shown = str(event.get("X-MICROSOFT-CDO-BUSYSTATUS", "")).upper()
    if shown == "FREE" or (not shown and str(event.get("TRANSP", "")).upper() == "TRANSPARENT"):
        raise Left(Passed.FREE)
    if any(name in TIMES for name, _ in event.errors):
        raise Left(Passed.UNREADABLE)
    if "RANGE" in getattr(event.get("RECURRENCE-ID"), "params", ()):
        raise Left(Passed.FOLLOWING)


def _timed(entry: Entry, event: Component, zone: ZoneInfo, moved: set[date]) -> Entry:
    span = _span(event, zone)
    if "RRULE" not in event:
        return replace(entry, span=span)
    if "RDATE" in event:
        raise Left(Passed.EXTRA_DAYS)
    if not _keeps_the_clock(_moment(event, "DTSTART"), zone):
        raise Left(Passed.OTHER_CLOCK)
    excepted = moved.union(_days(event, "EXDATE", zone))
    return replace(entry, span=span, rule=_rule(event), excepted=tuple(sorted(excepted)))


def _span(event: Component, zone: ZoneInfo) -> Span:
    start = _moment(event, "DTSTART")
    if "DTEND" in event:
        end = _moment(event, "DTEND")
    elif "DURATION" in event:
        end = start + _value(event, "DURATION").dt
    else:
        end = start if isinstance(start, datetime) else start + A_DAY
    return Span(_instant(start, zone), _instant(end, zone))


def _value(event: Component, name: str) -> Any:
    """A property; KeyError where it is missing. One that the library could not read has not what is asked of it."""
    return event[name]


def _moment(event: Component, name: str) -> date:
    """A day or a moment; one whose time zone is named must have a zone that is known."""
    value = _value(event, name)
    moment: date = value.dt
    if isinstance(moment, datetime) and moment.tzinfo is None and "TZID" in value.params:
        raise Left(Passed.UNKNOWN_ZONE)
    return moment


def _instant(moment: date, zone: ZoneInfo) -> datetime:
    return instant_of(moment, zone) if isinstance(moment, datetime) else day_start(moment, zone)


def _days(event: Component, name: str, zone: ZoneInfo) -> Iterator[date]:
    """The local days of a property that may stand several times, with several values."""
    values: Any = event.get(name, [])
    for value in values if isinstance(values, list) else [values]:
        for each in getattr(value, "dts", [value]):
            moment = each.dt
            yield day_of(_instant(moment, zone), zone) if isinstance(moment, datetime) else moment


def _keeps_the_clock(start: date, zone: ZoneInfo) -> bool:
    """Whether a year of the event's own clock is a year of the premises' clock."""
    if not isinstance(start, datetime) or start.tzinfo is None:
        return True
    months = (start.replace(tzinfo=None) + number * A_MONTH for number in range(13))
    return all(_offset(each, start.tzinfo) == _offset(each, zone) for each in months)


def _offset(there: datetime, zone: tzinfo) -> timedelta | None:
    return there.replace(tzinfo=zone).utcoffset()


def _rule(event: Component) -> str:
    """The rule in words that `booking.domain.patterns` reads: an end without an hour, none where it is for ever."""
    rule = LOCAL_END.sub(r"\1", ENDLESS.sub("", ";" + _text(event, "RRULE"))).removeprefix(";")
    match = NTH.fullmatch(rule)  # 'the second Tuesday' as older Outlooks have it
    return (
        f"{match[1]};BYDAY={match[4]}{match[2]};{match[3] or ''}{match[5] or ''}".rstrip(";")
        if match
        else rule
    )
