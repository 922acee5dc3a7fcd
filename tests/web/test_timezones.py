"""The clock in a calendar program that believes our VTIMEZONE is the clock on the wall, in any zone."""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, time, timedelta
from importlib import resources
from io import StringIO
from zoneinfo import ZoneInfo, available_timezones

import pytest
from dateutil.rrule import rrulestr
from dateutil.tz import tzical
from hypothesis import example, given
from hypothesis import strategies as st
from icalendar import Calendar, Component

from booking.web import timezones

STOCKHOLM = ZoneInfo("Europe/Stockholm")
HOUR = timedelta(hours=1)
WEEK = timedelta(weeks=1)

# Where clocks are moved: as here; by half an hour and in the southern summer; on other Sundays;
# never; with a negative saving; on a date of its own each year; the evening before; at 24:00 of a last
# Thursday; by quarters; two days after a fourth Thursday.
ZONES = [
    "Europe/Stockholm",
    "Australia/Lord_Howe",
    "America/New_York",
    "Asia/Kolkata",
    "Europe/Dublin",
    "Africa/Casablanca",
    "America/Nuuk",
    "Africa/Cairo",
    "Pacific/Chatham",
    "Asia/Gaza",
    "America/Santiago",
    "Asia/Jerusalem",
    "America/St_Johns",
    "Asia/Riyadh",
    "UTC",
]


def read(zone: ZoneInfo) -> Component:
    lines = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" + timezones.vtimezone(zone) + b"END:VCALENDAR\r\n"
    (component,) = Calendar.from_ical(lines).walk("VTIMEZONE")
    return component


def changes(zone: ZoneInfo, years: range) -> list[datetime]:
    """The whole hours of UTC after which the zone's clock is another."""
    hours = (datetime(years.start, 1, 1, tzinfo=UTC) + n * HOUR for n in range(len(years) * 365 * 24))
    return [
        hour
        for hour in hours
        if hour.astimezone(zone).utcoffset() != (hour + HOUR).astimezone(zone).utcoffset()
    ]


@pytest.mark.parametrize("key", ZONES)
def test_a_time_in_the_feed_is_the_same_moment_to_its_reader(key: str) -> None:
    zone = ZoneInfo(key)
    believed = tzical(StringIO(timezones.vtimezone(zone).decode())).get()
    quarters = [timedelta(minutes=15 * n) for n in range(-16, 21)]
    near_a_change = [change + quarter for change in changes(zone, range(2025, 2028)) for quarter in quarters]
    all_years = [datetime(2020, 1, 1, tzinfo=UTC) + n * 1.1 * WEEK for n in range(600)]

    said = {moment: timezones.local_time(moment, zone) for moment in near_a_change + all_years}

    read_back = {m: there.replace(tzinfo=believed) for m, there in said.items() if there is not None}
    assert len(read_back) > 300
    assert {m: there.utcoffset() for m, there in read_back.items()} == {
        m: m.astimezone(zone).utcoffset() for m in read_back
    }


def test_only_the_doubled_autumn_hour_needs_utc_in_stockholm() -> None:
    minutes = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=5 * n) for n in range(365 * 24 * 12)]

    doubtful = [moment for moment in minutes if timezones.local_time(moment, STOCKHOLM) is None]

    assert doubtful[0] == datetime(2026, 10, 25, 0, tzinfo=UTC)
    assert doubtful[-1] == datetime(2026, 10, 25, 1, 55, tzinfo=UTC)
    assert len(doubtful) == 24


def test_stockholm_changes_by_two_yearly_rules_on_the_clock_before_the_change() -> None:
    assert timezones.vtimezone(STOCKHOLM).decode().split("\r\n") == [
        "BEGIN:VTIMEZONE",
        "TZID:Europe/Stockholm",
        "BEGIN:STANDARD",
        "DTSTART:19701025T030000",
        "TZOFFSETFROM:+0200",
        "TZOFFSETTO:+0100",
        "TZNAME:CET",
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10",
        "END:STANDARD",
        "BEGIN:DAYLIGHT",
        "DTSTART:19700329T020000",
        "TZOFFSETFROM:+0100",
        "TZOFFSETTO:+0200",
        "TZNAME:CEST",
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3",
        "END:DAYLIGHT",
        "END:VTIMEZONE",
        "",
    ]


def test_every_zone_of_the_world_can_house_premises() -> None:
    for key in sorted(available_timezones()):
        parts = read(ZoneInfo(key)).subcomponents
        assert {tuple(part) for part in parts} <= {
            ("DTSTART", "TZOFFSETFROM", "TZOFFSETTO", "TZNAME"),
            ("DTSTART", "TZOFFSETFROM", "TZOFFSETTO", "TZNAME", "RRULE"),
        }
        assert [part.name for part in parts] in (["STANDARD"], ["STANDARD", "DAYLIGHT"])
        assert all(("RRULE" in part) == (len(parts) == 2) for part in parts)


def test_the_irish_winter_is_the_standard_time_to_calendar_programs() -> None:
    winter, summer = read(ZoneInfo("Europe/Dublin")).subcomponents

    assert (winter.name, winter["TZNAME"], winter["TZOFFSETTO"].td) == ("STANDARD", "GMT", timedelta())
    assert (summer.name, summer["TZNAME"], summer["TZOFFSETTO"].td) == ("DAYLIGHT", "IST", HOUR)


def test_ramadan_in_casablanca_goes_out_in_utc_for_no_yearly_rule_says_it() -> None:
    zone = ZoneInfo("Africa/Casablanca")

    assert timezones.local_time(datetime(2026, 3, 1, 12, tzinfo=UTC), zone) is None
    assert timezones.local_time(datetime(2026, 6, 1, 12, tzinfo=UTC), zone) is not None


def test_an_hour_doubled_once_by_decree_goes_out_in_utc() -> None:
    moment = datetime(2020, 12, 26, 22, 30, tzinfo=UTC)  # Volgograd gave up an hour, with no yearly rule

    assert timezones.local_time(moment, ZoneInfo("Europe/Volgograd")) is None
    assert timezones.local_time(moment + HOUR, ZoneInfo("Europe/Volgograd")) is not None


def test_an_hour_doubled_by_the_rule_alone_goes_out_in_utc() -> None:
    moment = datetime(1975, 10, 26, 1, 30, tzinfo=UTC)  # Stockholm had no summer time yet

    assert timezones.local_time(moment, STOCKHOLM) is None
    assert timezones.local_time(moment + HOUR, STOCKHOLM) is not None


def test_years_before_the_rule_go_out_in_utc() -> None:
    assert timezones.local_time(datetime(1975, 7, 1, tzinfo=UTC), STOCKHOLM) is None
    assert timezones.local_time(datetime(1965, 1, 1, tzinfo=UTC), STOCKHOLM) is None


@given(
    month=st.integers(1, 12),
    week=st.integers(1, 5),
    weekday=st.integers(0, 6),
    hours=st.integers(-167, 167),
    minutes=st.sampled_from([0, 30]),
)
# Where the days among which it falls touch the end of February or the new year.
@example(month=2, week=5, weekday=0, hours=-30, minutes=0)
@example(month=2, week=5, weekday=0, hours=30, minutes=0)
@example(month=2, week=4, weekday=3, hours=30, minutes=0)
@example(month=2, week=4, weekday=3, hours=167, minutes=0)
@example(month=2, week=1, weekday=3, hours=-30, minutes=0)
@example(month=3, week=1, weekday=3, hours=-30, minutes=0)
@example(month=3, week=1, weekday=3, hours=-167, minutes=0)
@example(month=1, week=1, weekday=3, hours=-30, minutes=0)
@example(month=1, week=1, weekday=3, hours=-167, minutes=0)
@example(month=12, week=5, weekday=3, hours=30, minutes=0)
@example(month=12, week=5, weekday=3, hours=167, minutes=0)
def test_a_change_at_any_hour_of_any_week_falls_on_its_day_every_year(
    month: int, week: int, weekday: int, hours: int, minutes: int
) -> None:
    rule, at = timezones.recurrence(f"M{month}.{week}.{weekday}/{hours}:{minutes:02}")
    clock = timedelta(hours=hours, minutes=-minutes if hours < 0 else minutes)

    def named(year: int) -> datetime:
        days = [
            day
            for day in calendar.Calendar().itermonthdates(year, month)
            if day.month == month and day.isoweekday() % 7 == weekday
        ]
        return datetime.combine((days[:4] if week < 5 else days)[min(week, len(days)) - 1], time())

    expected = [named(year) + clock for year in range(1999, 2033)]
    new_year = datetime.combine(date(1998, 1, 1), time())
    found = rrulestr(rule, dtstart=new_year + at).between(expected[0], expected[-1], inc=True)
    assert found == expected


@pytest.mark.parametrize(
    "posix",
    ["", "CET", "CET-1CEST", "CET-1CEST,J60,J300", "CET-1CEST,59,299", "CET-1CEST,M13.1.0,M3.1.0", "X0"],
)
def test_a_rule_that_cannot_be_told_is_refused(posix: str) -> None:
    with pytest.raises(ValueError, match="not a time zone rule"):
        timezones.observances(posix)


def test_offsets_and_names_are_read_as_posix_writes_them() -> None:
    assert timezones.observances("<-02>2<-01>,M3.5.0/-1,M10.5.0/0") == (
        timezones.Observance("-02", -2 * HOUR, "M10.5.0/0"),
        timezones.Observance("-01", -HOUR, "M3.5.0/-1"),
    )
    assert timezones.observances("<+0545>-5:45") == (timezones.Observance("+0545", 5.75 * HOUR),)


def test_a_zone_without_a_name_is_refused() -> None:
    with resources.files("tzdata").joinpath("zoneinfo", "Europe", "Stockholm").open("rb") as tzif:
        nameless = ZoneInfo.from_file(tzif)
    with pytest.raises(ValueError, match="without a name"):
        timezones.vtimezone(nameless)
