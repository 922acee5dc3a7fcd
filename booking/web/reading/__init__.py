"""Files of other calendars as entries to be brought over. Nothing that a file points to is ever fetched."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from booking.actions.importing import Entry, Unreadable
from booking.web.reading import calendar, table

MOST_OCTETS = 5 * 1024 * 1024
MOST_ENTRIES = 5000


def entries(content: bytes, zone: ZoneInfo) -> list[Entry]:
    """The entries of an iCalendar file (RFC 5545) or a table (CSV), as they stand; `zone` is for times without one.

    Unreadable when it is neither, larger than five megabytes or longer than five thousand entries.
    """
    if len(content) > MOST_OCTETS:
        raise Unreadable(f"It is larger than {MOST_OCTETS // 1024 // 1024} MB. Export fewer years.")
    text = _text(content)
    is_calendar = text.lstrip()[:15].upper() == "BEGIN:VCALENDAR"
    found = calendar.read(text, zone, MOST_ENTRIES) if is_calendar else table.read(text, zone, MOST_ENTRIES)
    if len(found) > MOST_ENTRIES:
        raise Unreadable(f"It has more than {MOST_ENTRIES} entries. Export fewer years.")
    return found


def _text(content: bytes) -> str:
    """UTF-8, as it should be, or what Windows programs write in the west of Europe."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")
