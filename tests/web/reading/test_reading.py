"""Files of other calendars: what is read of them, what is left, and how much is too much."""

from datetime import UTC, date, datetime

import pytest

from booking.actions.importing import Entry, Passed, Unreadable
from booking.domain.spans import Span
from booking.web import reading
from tests.cast import ZONE

CLOCK = (
    "BEGIN:VTIMEZONE\nTZID:Own\nBEGIN:STANDARD\nDTSTART:16010101T000000\nTZOFFSETFROM:{0}\nTZOFFSETTO:{0}\n"
)
OTHER = CLOCK.format("+0900") + "END:STANDARD\nEND:VTIMEZONE\n"


def calendar(*events: str, before: str = "") -> bytes:
    told = "".join(f"BEGIN:VEVENT\n{each}\nEND:VEVENT\n" for each in events)
    return f"BEGIN:VCALENDAR\nVERSION:2.0\n{before}{told}END:VCALENDAR\n".replace("\n", "\r\n").encode()


def one(event: str, before: str = "") -> Entry:
    (entry,) = reading.entries(calendar(event, before=before), ZONE)
    return entry


def hours(start: int, end: int) -> Span:
    return Span(datetime(2026, 12, 1, start, tzinfo=UTC), datetime(2026, 12, 1, end, tzinfo=UTC))


@pytest.mark.parametrize(
    "times",
    [
        "DTSTART;TZID=W. Europe Standard Time:20261201T090000\nDURATION:PT1H",
        "DTSTART;TZID=Europe/Stockholm:20261201T090000\nDTEND;TZID=Europe/Stockholm:20261201T100000",
        "DTSTART:20261201T080000Z\nDTEND:20261201T090000Z",
        "DTSTART:20261201T090000\nDTEND:20261201T100000",
    ],
)
def test_a_time_is_read_in_whatever_zone_it_is_told(times: str) -> None:
    assert one(f"UID:1\n{times}").span == hours(8, 9)


def test_a_time_by_the_files_own_zone_is_read_and_a_series_by_its_clock_left() -> None:
    times = "DTSTART;TZID=Own:20261201T090000\nDTEND;TZID=Own:20261201T100000"
    assert one(f"UID:1\n{times}", OTHER).span == hours(0, 1)
    assert one(f"UID:1\n{times}\nRRULE:FREQ=DAILY;COUNT=3", OTHER).passed is Passed.OTHER_CLOCK


@pytest.mark.parametrize(
    ("told", "read"),
    [
        ("FREQ=WEEKLY;BYDAY=TU;UNTIL=20261231T090000", "FREQ=WEEKLY;BYDAY=TU;UNTIL=20261231"),
        ("FREQ=WEEKLY;UNTIL=99991231T235959Z;BYDAY=TU", "FREQ=WEEKLY;BYDAY=TU"),
        ("FREQ=MONTHLY;BYDAY=TU;BYSETPOS=-1", "FREQ=MONTHLY;BYDAY=-1TU"),
        ("FREQ=MONTHLY;INTERVAL=2;BYDAY=WE;BYSETPOS=2;COUNT=4", "FREQ=MONTHLY;BYDAY=2WE;COUNT=4;INTERVAL=2"),
        ("FREQ=SECONDLY", "FREQ=SECONDLY"),  # no rule of ours: refused when it is booked
    ],
)
def test_a_rule_is_told_as_ours_are(told: str, read: str) -> None:
    rule = one(f"UID:1\nDTSTART:20261201T090000\nRRULE:{told}").rule
    assert rule is not None
    assert sorted(rule.split(";")) == sorted(read.split(";"))


def test_days_that_were_left_out_or_moved_are_left_out() -> None:
    series = "UID:1\nDTSTART:20261201T090000\nDTEND:20261201T100000\nRRULE:FREQ=DAILY;COUNT=9\n"
    series += "EXDATE:20261202T090000,20261203T090000\nEXDATE;VALUE=DATE:20261204"
    moved = "UID:1\nRECURRENCE-ID:20261205T090000\nDTSTART:20261205T150000\nDTEND:20261205T160000"
    first, second = reading.entries(calendar(series, moved), ZONE)
    assert first.excepted == tuple(date(2026, 12, day) for day in (2, 3, 4, 5))
    assert second.rule is None
    assert first.uid != second.uid


@pytest.mark.parametrize(
    ("event", "why"),
    [
        ("STATUS:CANCELLED", Passed.CANCELLED),
        ("TRANSP:TRANSPARENT", Passed.FREE),
        ("X-MICROSOFT-CDO-BUSYSTATUS:FREE", Passed.FREE),
        ("RRULE:FREQ=DAILY\nRDATE:20270101T000000Z", Passed.EXTRA_DAYS),
        ("RECURRENCE-ID;RANGE=THISANDFUTURE:20261201T090000", Passed.FOLLOWING),
        ("DURATION:for a while", Passed.UNREADABLE),
        ("DTSTART:20261202T090000", Passed.UNREADABLE),  # a second one
    ],
)
def test_what_cannot_be_brought_over_says_why(event: str, why: Passed) -> None:
    assert one(f"UID:1\nDTSTART:20261201T090000\n{event}").passed is why


def test_a_zone_that_nobody_knows_is_said() -> None:
    assert one("UID:1\nDTSTART;TZID=Ingenstans:20261201T090000").passed is Passed.UNKNOWN_ZONE


def test_words_that_no_page_can_show_are_taken_out_and_long_ones_cut() -> None:
    entry = one(
        f"UID:1\nDTSTART:20261201T090000\nSUMMARY:A\u202eB{'x' * 200}\nDESCRIPTION:rad\\nrad\x07{'y' * 5000}"
    )
    assert entry.title.startswith("A B")
    assert (len(entry.title), len(entry.note)) == (120, 4000)
    assert entry.note.startswith("rad\nrad y")


@pytest.mark.parametrize(
    "content",
    [
        b"x" * (reading.MOST_OCTETS + 1),
        calendar(*["UID:1"] * (reading.MOST_ENTRIES + 1)),
        b"title,starts,ends\n" + b"a,2026-12-01T09:00,2026-12-01T10:00\n" * (reading.MOST_ENTRIES + 1),
        b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID\r\n",
        b"title;when\nA;now\n",
        b'title,starts,ends\n"' + b"x" * 200_000,
        b"",
    ],
    ids=["large", "long", "long table", "no calendar", "no columns", "no table", "empty"],
)
def test_too_much_or_nothing_is_refused_with_a_sentence(content: bytes) -> None:
    with pytest.raises(Unreadable, match=r"\.$"):
        reading.entries(content, ZONE)


def test_a_table_of_the_west_of_europes_own_coding_is_read() -> None:
    text = "Titel\tBörjar\tSlutar\tResurs\nMöte\t2026-12-01 09:00\t2026-12-01T09:00Z\tMötesrummet\n"
    (entry,) = reading.entries(text.encode("cp1252"), ZONE)
    assert (entry.title, entry.place, entry.span) == ("Möte", "Mötesrummet", hours(8, 9))
