"""Calendar feeds and messages as text (RFC 5545, RFC 7986, RFC 5546): redacted entries in, the same bytes out.

Imports of ours only `timezones`, its neighbour: what may be shown was decided before it comes here.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from urllib.parse import quote
from zoneinfo import ZoneInfo

from icalendar.parser import Contentline

from booking.web import timezones

PRODID = "-//Samlokal//Samlokal//SV"
# One CLASS for all entries of all feeds: one that differed would tell what an entry is.
CLASS = "PRIVATE"
LINE_OCTETS = 75  # RFC 5545 §3.1
NAME_CHARACTERS = 255
DESCRIPTION_CHARACTERS = 2000

# RFC 5545 §3.3.11. Escaped here, for icalendar 7.3 makes a line break of the 'N' in 'C:\Nils'. What cannot
# be sent (control characters, lone surrogates) is dropped; U+2028 and U+2029 break lines in some readers.
_ESCAPED: dict[int, str | None] = {
    **dict.fromkeys((*range(0x20), *range(0x7F, 0xA0), *range(0xD800, 0xE000))),
    **{ord(character): "\\" + character for character in "\\;,"},
    **{ord(line_break): "\\n" for line_break in "\n\u2028\u2029"},
    ord("\t"): " ",
}


@dataclass(frozen=True)
class Entry:
    """One VEVENT, already redacted: aware times, ``starts < ends``; see `calendar` for what is written of it.

    `stamp` and `modified` come from the row or the interval, never from the clock.
    """

    uid: str
    starts: datetime
    ends: datetime
    summary: str
    location: str
    stamp: datetime
    description: str = ""
    sequence: int | None = None
    modified: datetime | None = None
    tentative: bool = False
    busy: bool = False  # an interval, not a booking: has no history and no status
    transparent: bool = False  # other people's: its reader stays free
    cancelled: bool = False


class Method(StrEnum):
    """What a message asks of a calendar (RFC 5546 section 3.2)."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


@dataclass(frozen=True)
class Parties:
    """From whom a message is, and the one whom it is for; `comes` when they have said so by booking it."""

    organiser: str
    organiser_name: str
    attendee: str
    attendee_name: str
    comes: bool = False


def calendar(name: str, colour: str, zone: ZoneInfo, entries: Iterable[Entry]) -> bytes:
    """An iCalendar file of the entries in the zone's wall clock, whatever order they come in.

    `colour` is a CSS3 colour name (RFC 7986 §5.9). A doubled hour is written in UTC.
    Raises ValueError for naive times, an entry that does not end after it starts, an
    empty UID, a colour that is no name, or a zone that `timezones.vtimezone` refuses.
    """
    vtimezone = timezones.vtimezone(zone).decode()
    ordered = sorted((entry.starts, entry.ends, _vevent(entry, zone)) for entry in entries)
    vevents = "".join(text for _, _, text in ordered)
    return f"{_header(name, colour)}{vtimezone}{vevents}END:VCALENDAR\r\n".encode()


def message(method: Method, zone: ZoneInfo, entry: Entry, parties: Parties) -> bytes:
    """One entry as a message to one person's calendar (RFC 5546 sections 3.2.2 and 3.2.5). ValueError as `calendar`."""
    vtimezone = timezones.vtimezone(zone).decode()
    vevent = _vevent(entry, zone, _parties(parties, method))
    return f"{_start(method)}{vtimezone}{vevent}END:VCALENDAR\r\n".encode()


def withdrawal(uid: str, sequence: int, stamp: datetime, parties: Parties) -> bytes:
    """A cancellation that says which entry and nothing of it, for those who may no longer know it."""
    vevent = _folded(
        (
            "BEGIN:VEVENT",
            f"UID:{_text(uid)}",
            f"DTSTAMP:{_utc(stamp)}",
            f"SEQUENCE:{sequence}",
            "STATUS:CANCELLED",
            *_parties(parties, Method.CANCEL),
            "END:VEVENT",
        )
    )
    return f"{_start(Method.CANCEL)}{vevent}END:VCALENDAR\r\n".encode()


def busy_uid(
    key: bytes, feed: str, resources: Sequence[str], span_start: datetime, span_end: datetime
) -> str:
    """A UID for taken time: the same for the same interval in the same feed, and telling nothing else.

    A keyed hash (HMAC-SHA256) of feed, resources in any order, and the span in UTC.
    Raises ValueError for an empty key or naive times.
    """
    if not key:
        raise ValueError("a busy UID needs a key, or it could be guessed")
    span = [_utc(span_start), _utc(span_end)]
    # JSON, so that no two different lists of names read as the same text.
    said = json.dumps([feed, sorted(set(resources)), *span])
    return hmac.new(key, said.encode(), hashlib.sha256).hexdigest()[:40]


def etag_of(body: bytes) -> str:
    """The strong, quoted entity tag of these bytes (RFC 9110 §8.8.3)."""
    return f'"{hashlib.sha256(body).hexdigest()[:40]}"'


def _header(name: str, colour: str) -> str:
    if not (colour.isascii() and colour.isalpha()):
        raise ValueError(f"not a CSS3 colour name: {colour!r}")
    called = _text(name, NAME_CHARACTERS)
    return _folded(
        (
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            f"PRODID:{PRODID}",
            "CALSCALE:GREGORIAN",
            f"NAME:{called}",
            f"X-WR-CALNAME:{called}",
            "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
            "X-PUBLISHED-TTL:PT1H",
            f"COLOR:{colour}",
        )
    )


def _start(method: Method) -> str:
    return _folded(
        ("BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODID}", "CALSCALE:GREGORIAN", f"METHOD:{method.value}")
    )


def _parties(parties: Parties, method: Method) -> Iterator[str]:
    yield f"ORGANIZER;CN={_quoted(parties.organiser_name)}:{_mailto(parties.organiser)}"
    answered = "ACCEPTED" if parties.comes else "NEEDS-ACTION"
    asked = f";ROLE=REQ-PARTICIPANT;PARTSTAT={answered};RSVP=FALSE" if method is Method.REQUEST else ""
    yield f"ATTENDEE;CN={_quoted(parties.attendee_name)}{asked}:{_mailto(parties.attendee)}"


def _quoted(name: str) -> str:
    """A parameter's value (RFC 5545 section 3.2), which cannot hold a quotation mark or a control character."""
    plain = "".join(character for character in name if character.isprintable())
    return '"' + plain.replace('"', "'")[:NAME_CHARACTERS] + '"'


def _mailto(address: str) -> str:
    return "mailto:" + quote(address, safe="@!#$&'*+-/=?^_`{|}~.")


def _vevent(entry: Entry, zone: ZoneInfo, more: Iterable[str] = ()) -> str:
    if not entry.uid or _utc(entry.ends) <= _utc(entry.starts):
        raise ValueError("an entry needs a UID and an end after its start")
    return _folded(
        (
            "BEGIN:VEVENT",
            f"UID:{_text(entry.uid)}",
            f"DTSTAMP:{_utc(entry.stamp)}",
            f"DTSTART{_time(entry.starts, zone)}",
            f"DTEND{_time(entry.ends, zone)}",
            *_words(entry),
            f"CLASS:{CLASS}",
            *(() if entry.busy else _history(entry)),
            *_transparency(entry),
            *more,
            "END:VEVENT",
        )
    )


def _words(entry: Entry) -> Iterator[str]:
    yield f"SUMMARY:{_text(entry.summary, NAME_CHARACTERS)}"
    if entry.location:
        yield f"LOCATION:{_text(entry.location, NAME_CHARACTERS)}"
    if entry.description:
        yield f"DESCRIPTION:{_text(entry.description, DESCRIPTION_CHARACTERS)}"


def _history(entry: Entry) -> Iterator[str]:
    yield f"STATUS:{'CANCELLED' if entry.cancelled else 'TENTATIVE' if entry.tentative else 'CONFIRMED'}"
    if entry.sequence is not None:
        yield f"SEQUENCE:{entry.sequence}"
    if entry.modified is not None:
        yield f"LAST-MODIFIED:{_utc(entry.modified)}"


def _transparency(entry: Entry) -> tuple[str, ...]:
    if entry.transparent:
        return "TRANSP:TRANSPARENT", "X-MICROSOFT-CDO-BUSYSTATUS:FREE"
    return ("TRANSP:OPAQUE",)


def _time(moment: datetime, zone: ZoneInfo) -> str:
    said = _utc(moment)  # also refuses a naive time
    there = timezones.local_time(moment, zone)
    return f":{said}" if there is None else f";TZID={zone.key}:{_digits(there)}"


def _utc(moment: datetime) -> str:
    if moment.tzinfo is None:
        raise ValueError(f"a time without a time zone: {moment}")
    return f"{_digits(moment.astimezone(UTC))}Z"


def _digits(moment: datetime) -> str:
    return moment.isoformat()[:19].replace("-", "").replace(":", "")


def _text(value: str, limit: int | None = None) -> str:
    lines = value.replace("\r\n", "\n").replace("\r", "\n")
    if limit is not None and len(lines) > limit:
        lines = lines[: limit - 1] + "…"
    return lines.translate(_ESCAPED)


def _folded(lines: Iterable[str]) -> str:
    # The library folds character by character, so it is only asked where there is something to fold.
    return "".join((line if len(line.encode()) < LINE_OCTETS else _fold(line)) + "\r\n" for line in lines)


def _fold(line: str) -> str:
    folded: bytes = Contentline(line).to_ical()  # type: ignore[no-untyped-call]
    return folded.decode()
