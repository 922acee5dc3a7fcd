"""What a calendar program reads from a feed is what was booked, and nothing beside it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from icalendar import Calendar, Event
from icalendar.parser import unescape_backslash

from booking.web import ical
from booking.web.ical import Entry

STOCKHOLM = ZoneInfo("Europe/Stockholm")
HOUR = timedelta(hours=1)
KEY = b"a key of the installation's own"

MEETING = Entry(
    uid="b1@samlokal",
    starts=datetime(2026, 5, 4, 8, 0, tzinfo=UTC),
    ends=datetime(2026, 5, 4, 9, 30, tzinfo=UTC),
    summary="Samråd, våren; del 2",
    location="Mötesrummet",
    stamp=datetime(2026, 4, 1, 12, 0, 0, 999_999, tzinfo=UTC),
    description="Logga in för mer: https://samlokal.example.org/bookings/b1",
    sequence=3,
    modified=datetime(2026, 4, 2, 12, 0, tzinfo=UTC),
)
TAKEN = Entry(
    uid="5f2c",
    starts=datetime(2026, 5, 4, 10, 0, tzinfo=UTC),
    ends=datetime(2026, 5, 4, 11, 0, tzinfo=UTC),
    summary="Upptaget",
    location="Arbetsplats 1, Arbetsplats 2",
    stamp=datetime(2026, 5, 4, 10, 0, tzinfo=UTC),
    busy=True,
    transparent=True,
)
# Beside any character at all, those that mean something in iCalendar or in its parsers come often.
WORDS = st.one_of(
    st.text(st.characters(), max_size=200),
    st.text(
        st.sampled_from('\\nN;,:"^ \t\r\n\x00\x0b\x0c\x1c\x85\u2028\u2029\ud800åä😀BEGIND'), max_size=200
    ),
)


def feed(*entries: Entry, zone: ZoneInfo = STOCKHOLM) -> bytes:
    return ical.calendar("Mina bokningar", "teal", zone, entries)


def unfolded(body: bytes) -> str:
    return body.decode().replace("\r\n ", "")


def vevent(entry: Entry) -> list[str]:
    lines = unfolded(feed(entry)).split("\r\n")
    return lines[lines.index("BEGIN:VEVENT") : lines.index("END:VEVENT") + 1]


def read(body: bytes) -> list[Event]:
    return Calendar.from_ical(body).events


def sendable(text: str) -> str:
    """The text as it can be sent at all: its letters and its line breaks."""
    lines = re.sub("\r\n|\r|\u2028|\u2029", "\n", text).replace("\t", " ")
    return re.sub("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]", "", lines)


def test_a_booking_is_in_the_feed_as_it_was_booked() -> None:
    assert vevent(MEETING) == [
        "BEGIN:VEVENT",
        "UID:b1@samlokal",
        "DTSTAMP:20260401T120000Z",
        "DTSTART;TZID=Europe/Stockholm:20260504T100000",
        "DTEND;TZID=Europe/Stockholm:20260504T113000",
        "SUMMARY:Samråd\\, våren\\; del 2",
        "LOCATION:Mötesrummet",
        "DESCRIPTION:Logga in för mer: https://samlokal.example.org/bookings/b1",
        "CLASS:PRIVATE",
        "STATUS:CONFIRMED",
        "SEQUENCE:3",
        "LAST-MODIFIED:20260402T120000Z",
        "TRANSP:OPAQUE",
        "END:VEVENT",
    ]


def test_taken_time_has_no_history_even_if_it_is_given_one() -> None:
    given_one = replace(TAKEN, sequence=4, modified=TAKEN.stamp, tentative=True)

    assert (
        vevent(given_one)
        == vevent(TAKEN)
        == [
            "BEGIN:VEVENT",
            "UID:5f2c",
            "DTSTAMP:20260504T100000Z",
            "DTSTART;TZID=Europe/Stockholm:20260504T120000",
            "DTEND;TZID=Europe/Stockholm:20260504T130000",
            "SUMMARY:Upptaget",
            "LOCATION:Arbetsplats 1\\, Arbetsplats 2",
            "CLASS:PRIVATE",
            "TRANSP:TRANSPARENT",
            "X-MICROSOFT-CDO-BUSYSTATUS:FREE",
            "END:VEVENT",
        ]
    )


def test_a_booking_that_awaits_approval_is_tentative() -> None:
    assert "STATUS:TENTATIVE" in vevent(replace(MEETING, tentative=True))


def test_the_calendar_tells_its_name_its_colour_and_how_often_to_ask() -> None:
    body = ical.calendar("Sergels torg, allt", "teal", STOCKHOLM, [])

    assert body.decode().split("\r\n")[:11] == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Samlokal//Samlokal//SV",
        "CALSCALE:GREGORIAN",
        "NAME:Sergels torg\\, allt",
        "X-WR-CALNAME:Sergels torg\\, allt",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
        "COLOR:teal",
        "BEGIN:VTIMEZONE",
        "TZID:Europe/Stockholm",
    ]
    assert body.endswith(b"END:VTIMEZONE\r\nEND:VCALENDAR\r\n")


def test_the_feed_invites_nobody_reminds_nobody_and_names_no_organiser() -> None:
    body = feed(MEETING, TAKEN).decode()

    assert not re.search(
        "^(METHOD|ATTENDEE|ORGANIZER|BEGIN:VALARM|SOURCE|URL|CATEGORIES|CREATED)", body, re.M
    )
    assert body.count("BEGIN:VTIMEZONE") == 1
    assert set(re.findall("^CLASS:.*", body, re.M)) == {"CLASS:PRIVATE\r"}


def test_the_doubled_autumn_hour_goes_out_in_utc() -> None:
    night = replace(
        MEETING,
        starts=datetime(2026, 10, 24, 20, tzinfo=UTC),
        ends=datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
    )

    assert vevent(night)[3:5] == ["DTSTART;TZID=Europe/Stockholm:20261024T220000", "DTEND:20261025T013000Z"]


@pytest.mark.parametrize(
    "starts",
    [datetime(2026, 3, 28, 22, tzinfo=UTC), datetime(2026, 10, 24, 22, tzinfo=UTC)],
    ids=["spring", "autumn"],
)
@pytest.mark.parametrize("hours", range(1, 9))
def test_a_booking_across_the_change_of_the_clock_has_its_right_length(starts: datetime, hours: int) -> None:
    (event,) = read(feed(replace(MEETING, starts=starts, ends=starts + hours * HOUR)))

    assert event.start.astimezone(UTC) == starts
    assert event.end.astimezone(UTC) - event.start.astimezone(UTC) == hours * HOUR


@given(summary=WORDS, location=WORDS.map("Rum ".__add__), description=WORDS.map("Mer: ".__add__), name=WORDS)
@example(
    summary="C:\\Nils\\nu \\\\n", location="Rum\r\nATTENDEE:x", description="a\rb\nc", name="\r\nMETHOD:X"
)
def test_whatever_is_written_in_a_booking_stays_in_its_place(
    summary: str, location: str, description: str, name: str
) -> None:
    entry = replace(MEETING, summary=summary, location=location, description=description)
    body = ical.calendar(name, "teal", STOCKHOLM, [entry])

    (event,) = read(body)
    assert (event["SUMMARY"], event["LOCATION"], event["DESCRIPTION"]) == (
        sendable(summary),
        sendable(location),
        sendable(description),
    )
    # The library reads NAME as a value of unknown kind, and so leaves the unescaping to its reader.
    assert unescape_backslash(Calendar.from_ical(body)["NAME"]) == sendable(name)
    assert list(event) == list(read(feed(MEETING))[0])
    assert (
        body.decode().replace("\r\n ", "").splitlines()
        == body.decode().replace("\r\n ", "").split("\r\n")[:-1]
    )
    assert len(body.decode().replace("\r\n ", "").splitlines()) == len(
        feed(MEETING).decode().replace("\r\n ", "").splitlines()
    )


@given(summary=WORDS)
def test_every_line_ends_in_crlf_and_keeps_within_75_octets(summary: str) -> None:
    of_all_lengths = [replace(MEETING, summary="x" * length) for length in range(60, 80)]
    *lines, last = feed(replace(MEETING, summary="Å" * 40 + summary), *of_all_lengths).split(b"\r\n")

    assert last == b""
    assert max(map(len, lines)) <= 75
    assert not any(b"\r" in line or b"\n" in line for line in lines)
    assert all(line.decode() for line in lines)  # no letter is cut in two


def test_a_title_without_end_is_cut_and_says_so() -> None:
    (event,) = read(feed(replace(MEETING, summary="ö" * 10_000_000)))

    assert event["SUMMARY"] == "ö" * 254 + "…"


@given(st.permutations([replace(MEETING, uid=f"b{n}", sequence=n % 2) for n in range(4)] + [TAKEN]))
def test_the_feed_is_the_same_until_something_changes(entries: list[Entry]) -> None:
    usual = feed(*[replace(MEETING, uid=f"b{n}", sequence=n % 2) for n in range(4)], TAKEN)

    assert feed(*entries) == usual
    assert ical.etag_of(feed(*entries)) == ical.etag_of(usual)
    assert ical.etag_of(feed(TAKEN)) != ical.etag_of(usual)
    assert re.fullmatch('"[0-9a-f]{40}"', ical.etag_of(usual))


def test_a_time_said_in_another_zone_is_the_same_time() -> None:
    there = replace(MEETING, starts=MEETING.starts.astimezone(ZoneInfo("Asia/Tokyo")))

    assert feed(there) == feed(MEETING)


@pytest.mark.parametrize(
    "wrong",
    [
        {"starts": datetime(2026, 5, 4, 8, 0, tzinfo=UTC).replace(tzinfo=None)},
        {"stamp": datetime(2026, 5, 4, 8, 0, tzinfo=UTC).replace(tzinfo=None)},
        {"ends": MEETING.starts},
        {"ends": MEETING.starts - HOUR},
        {"uid": ""},
    ],
)
def test_an_entry_that_makes_no_sense_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"time zone|an entry needs"):
        feed(replace(MEETING, **wrong))


@pytest.mark.parametrize("colour", ["", "#00ffaa", "teal\r\nMETHOD:PUBLISH", "blå"])
def test_a_colour_that_is_no_name_is_refused(colour: str) -> None:
    with pytest.raises(ValueError, match="colour"):
        ical.calendar("Mina bokningar", colour, STOCKHOLM, [])


def test_taken_time_is_known_by_feed_resources_and_span_and_by_nothing_else() -> None:
    def uid(
        key: bytes = KEY,
        feed_id: str = "f1",
        resources: tuple[str, ...] = ("desk-1", "desk-2"),
        span: tuple[datetime, datetime] = (TAKEN.starts, TAKEN.ends),
    ) -> str:
        return ical.busy_uid(key, feed_id, resources, *span)

    tokyo = ZoneInfo("Asia/Tokyo")
    same = [
        uid(),
        uid(resources=("desk-2", "desk-1")),
        uid(span=(TAKEN.starts.astimezone(tokyo), TAKEN.ends.astimezone(tokyo))),
    ]
    others = [
        uid(key=b"another"),
        uid(feed_id="f2"),
        uid(resources=("desk-1",)),
        uid(resources=("desk-1,desk-2",)),
        uid(feed_id='f1", ["desk-1'),
        uid(span=(TAKEN.starts - HOUR, TAKEN.ends)),
        uid(span=(TAKEN.starts, TAKEN.ends + HOUR)),
    ]
    assert len(set(same)) == 1
    assert len({*same, *others}) == 8
    assert re.fullmatch("[0-9a-f]{40}", uid())


def test_taken_time_needs_a_key_and_a_time_zone() -> None:
    with pytest.raises(ValueError, match="key"):
        ical.busy_uid(b"", "f1", ["desk-1"], TAKEN.starts, TAKEN.ends)
    with pytest.raises(ValueError, match="time zone"):
        ical.busy_uid(KEY, "f1", ["desk-1"], TAKEN.starts.replace(tzinfo=None), TAKEN.ends)
