"""How a booking repeats, as text between calendars: what is read, what is refused, and what is written."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.domain.patterns import Fault, Pattern, WrongPattern, read_rule, write_rule
from booking.domain.spans import day_of
from tests.domain.repeats import (
    DAILY,
    FRIDAY,
    MONDAY,
    MONTHLY,
    STOCKHOLM,
    SUNDAY,
    TUESDAY,
    WEDNESDAY,
    WEEKLY,
    ZONES,
    fault,
    patterns,
)

READ = {
    "FREQ=DAILY;COUNT=5": Pattern(DAILY, count=5),
    "FREQ=DAILY;INTERVAL=3;COUNT=5": Pattern(DAILY, 3, count=5),
    "RRULE:FREQ=DAILY;COUNT=5": Pattern(DAILY, count=5),
    "rrule:freq=weekly;byday=tu;count=5": Pattern(WEEKLY, weekdays=frozenset({TUESDAY}), count=5),
    "FREQ=WEEKLY;COUNT=5": Pattern(WEEKLY, count=5),
    "COUNT=5;BYDAY=WE,MO,WE;FREQ=WEEKLY": Pattern(WEEKLY, weekdays=frozenset({MONDAY, WEDNESDAY}), count=5),
    "FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR;COUNT=5": Pattern(WEEKLY, weekdays=frozenset(range(5)), count=5),
    "FREQ=MONTHLY;COUNT=5": Pattern(MONTHLY, count=5),
    "FREQ=MONTHLY;BYMONTHDAY=31;COUNT=5": Pattern(MONTHLY, month_day=31, count=5),
    "FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=5": Pattern(MONTHLY, month_day=-1, count=5),
    "FREQ=MONTHLY;BYDAY=2TU;COUNT=5": Pattern(MONTHLY, nth=(2, TUESDAY), count=5),
    "FREQ=MONTHLY;BYDAY=+2TU;COUNT=5": Pattern(MONTHLY, nth=(2, TUESDAY), count=5),
    "FREQ=MONTHLY;BYDAY=-1FR;COUNT=5": Pattern(MONTHLY, nth=(-1, FRIDAY), count=5),
    "FREQ=DAILY;UNTIL=20270131": Pattern(DAILY, until=date(2027, 1, 31)),
    "FREQ=DAILY;UNTIL=20270131T225959Z": Pattern(DAILY, until=date(2027, 1, 31)),
    "FREQ=DAILY;UNTIL=20270131T230000Z": Pattern(DAILY, until=date(2027, 2, 1)),
    "FREQ=DAILY;UNTIL=20270731T215959Z": Pattern(DAILY, until=date(2027, 7, 31)),
    "FREQ=DAILY;UNTIL=20270731T220000Z": Pattern(DAILY, until=date(2027, 8, 1)),
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE;WKST=MO;COUNT=5": Pattern(
        WEEKLY, 2, frozenset({MONDAY, WEDNESDAY}), count=5
    ),
    "FREQ=WEEKLY;BYDAY=MO,SU;WKST=SU;COUNT=5": Pattern(WEEKLY, weekdays=frozenset({MONDAY, SUNDAY}), count=5),
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO;WKST=SU;COUNT=5": Pattern(WEEKLY, 2, frozenset({MONDAY}), count=5),
    "FREQ=DAILY;INTERVAL=1000000000;COUNT=1000000000": Pattern(DAILY, 10**9, count=10**9),
}


@pytest.mark.parametrize(("text", "pattern"), READ.items(), ids=READ)
def test_what_other_calendars_write_is_read(text: str, pattern: Pattern) -> None:
    assert read_rule(text, STOCKHOLM) == pattern


REFUSED = {
    "": Fault.UNREADABLE,
    "every Tuesday": Fault.UNREADABLE,
    "COUNT=5": Fault.UNREADABLE,
    "FREQ=DAILY;COUNT=5;": Fault.UNREADABLE,
    "FREQ=DAILY;COUNT=": Fault.UNREADABLE,
    "FREQ=DAILY;COUNT=5;COUNT=5": Fault.UNREADABLE,
    "FREQ=DAILY;COUNT=+5": Fault.UNREADABLE,
    "FREQ=DAILY;COUNT=٣": Fault.UNREADABLE,
    "FREQ=DAıLY;COUNT=5": Fault.UNREADABLE,
    "FREQ=DAILY;INTERVAL=-1;COUNT=5": Fault.UNREADABLE,
    "FREQ=DAILY;COUNT=" + "9" * 5000: Fault.UNREADABLE,
    "FREQ=DAILY;UNTIL=20270231": Fault.UNREADABLE,
    "FREQ=DAILY;UNTIL=2027-01-31": Fault.UNREADABLE,
    "FREQ=DAILY;UNTIL=20270131T250000Z": Fault.UNREADABLE,
    "FREQ=DAILY;UNTIL=20270131T225959+0100": Fault.UNREADABLE,
    "FREQ=DAILY;UNTIL=00000101": Fault.UNREADABLE,
    " FREQ=DAILY;COUNT=5": Fault.UNREADABLE,
    "FREQ=DAILY;UNTIL=20270131T225959": Fault.UNSUPPORTED,
    "FREQ=DAILY;UNTIL=20270131;COUNT=5": Fault.UNSUPPORTED,
    "FREQ=DAILY;INTERVAL=0;COUNT=5": Fault.UNSUPPORTED,
    "FREQ=YEARLY;COUNT=5": Fault.UNSUPPORTED,
    "FREQ=HOURLY;COUNT=5": Fault.UNSUPPORTED,
    "FREQ=DAILY;BYHOUR=10;COUNT=5": Fault.UNSUPPORTED,
    "FREQ=DAILY;BYMONTH=1;COUNT=5": Fault.UNSUPPORTED,
    "FREQ=DAILY;BYMONTHDAY=1;COUNT=5": Fault.UNSUPPORTED,
    "FREQ=DAILY;INTERVAL=2;BYDAY=MO,TU;COUNT=5": Fault.UNSUPPORTED,
    "FREQ=WEEKLY;BYDAY=2TU;COUNT=5": Fault.UNSUPPORTED,
    "FREQ=WEEKLY;BYDAY=TU,;COUNT=5": Fault.UNSUPPORTED,
    "FREQ=WEEKLY;BYMONTHDAY=1;COUNT=5": Fault.UNSUPPORTED,
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU;WKST=SU;COUNT=5": Fault.UNSUPPORTED,
    "FREQ=WEEKLY;WKST=XX;COUNT=5": Fault.UNSUPPORTED,
    "FREQ=MONTHLY;BYDAY=TU;COUNT=5": Fault.UNSUPPORTED,
    "FREQ=MONTHLY;BYDAY=TU;BYSETPOS=2;COUNT=5": Fault.UNSUPPORTED,
    "FREQ=MONTHLY;BYDAY=1TU,3TU;COUNT=5": Fault.UNSUPPORTED,
    "FREQ=MONTHLY;BYDAY=5TU;COUNT=5": Fault.UNSUPPORTED,
    "FREQ=MONTHLY;BYDAY=-2TU;COUNT=5": Fault.UNSUPPORTED,
    "FREQ=MONTHLY;BYDAY=0TU;COUNT=5": Fault.UNSUPPORTED,
    "FREQ=MONTHLY;BYMONTHDAY=1,15;COUNT=5": Fault.UNSUPPORTED,
    "FREQ=MONTHLY;BYMONTHDAY=0;COUNT=5": Fault.UNSUPPORTED,
    "FREQ=MONTHLY;BYMONTHDAY=32;COUNT=5": Fault.UNSUPPORTED,
    "FREQ=MONTHLY;BYMONTHDAY=-2;COUNT=5": Fault.UNSUPPORTED,
    "FREQ=MONTHLY;BYMONTHDAY=1;BYDAY=1TU;COUNT=5": Fault.UNSUPPORTED,
    "FREQ=WEEKLY;BYDAY=TU": Fault.NO_END,
    "FREQ=DAILY;COUNT=0": Fault.NO_OCCURRENCE,
    "FREQ=DAILY;UNTIL=99991231T235959Z": Fault.TOO_LONG,
    "FREQ=DAILY;UNTIL=99981231T233000Z": Fault.TOO_LONG,
}


@pytest.mark.parametrize(("text", "reason"), REFUSED.items(), ids=[each[:60] for each in REFUSED])
def test_what_is_not_meant_here_is_refused_with_the_reason(text: str, reason: Fault) -> None:
    assert fault(read_rule, text, STOCKHOLM) is reason


def test_the_reason_is_told_by_its_name_in_the_api() -> None:
    assert str(WrongPattern(Fault.NO_END)) == "repeat-without-end"


def test_before_the_calendar_began_there_is_no_day() -> None:
    for zone in ZONES:
        assert read_rule("FREQ=DAILY;UNTIL=00010101", zone).until == date.min
    assert fault(read_rule, "FREQ=DAILY;UNTIL=00010101T000000Z", ZONES[1]) is Fault.UNREADABLE
    assert fault(read_rule, "FREQ=DAILY;UNTIL=00010101T000000Z", STOCKHOLM, time(10)) is Fault.UNREADABLE


words = st.one_of(
    st.text(max_size=12),
    st.integers(-(10**20), 10**20).map(str),
    st.sampled_from(("DAILY", "WEEKLY", "MONTHLY", "MO", "2TU", "-1SU", "SU", "31", "1", "99991231T235959Z")),
    st.datetimes().map(lambda moment: f"{moment:%Y%m%dT%H%M%S}Z"),
)
names = st.one_of(
    st.sampled_from(("FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "UNTIL", "COUNT", "WKST", "BYSETPOS")),
    st.text(),
)
sentences = st.lists(st.tuples(names, st.lists(words, min_size=1, max_size=3).map(",".join)), max_size=6)
almost_rules = sentences.map(lambda parts: ";".join(f"{name}={value}" for name, value in parts))


@given(st.one_of(st.text(), almost_rules), st.sampled_from(ZONES), st.times())
def test_any_text_is_a_pattern_or_refused(text: str, zone: ZoneInfo, begins: time) -> None:
    try:
        pattern = read_rule(text, zone, begins)
    except WrongPattern:
        return
    assert read_rule(write_rule(pattern, zone), zone) == pattern


@given(patterns, st.sampled_from(ZONES), st.times())
def test_what_is_written_is_read_back_as_it_was(pattern: Pattern, zone: ZoneInfo, begins: time) -> None:
    text = write_rule(pattern, zone)
    assert read_rule(text, zone) == pattern == read_rule(text.lower(), zone)
    assert read_rule(text, zone, begins.replace(second=0, microsecond=0)) == pattern
    assert write_rule(read_rule(text, zone), zone) == text


@given(st.integers(0, 5 * 366 * 24 * 3600), st.sampled_from(ZONES))
def test_the_last_day_is_the_one_on_which_the_end_falls_here(seconds: int, zone: ZoneInfo) -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    pattern = read_rule(f"FREQ=DAILY;UNTIL={moment:%Y%m%dT%H%M%S}Z", zone)
    assert pattern.until == day_of(moment, zone)


def test_an_end_just_before_the_days_start_leaves_that_day_out() -> None:
    """Calendars that cut a series in two end the first part a second before the second begins."""
    before, on = "FREQ=DAILY;UNTIL=20270113T085959Z", "FREQ=DAILY;UNTIL=20270113T090000Z"
    assert read_rule(before, STOCKHOLM, time(10)).until == date(2027, 1, 12)
    assert read_rule(on, STOCKHOLM, time(10)).until == date(2027, 1, 13)
    assert read_rule("FREQ=DAILY;UNTIL=20270113", STOCKHOLM, time(10)).until == date(2027, 1, 13)


WRITTEN = {
    "FREQ=DAILY;COUNT=5": Pattern(DAILY, count=5),
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE;COUNT=5": Pattern(WEEKLY, 2, frozenset({WEDNESDAY, MONDAY}), count=5),
    "FREQ=MONTHLY;BYDAY=-1FR;COUNT=5": Pattern(MONTHLY, nth=(-1, FRIDAY), count=5),
    "FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=5": Pattern(MONTHLY, month_day=-1, count=5),
    "FREQ=DAILY;UNTIL=20270131T225959Z": Pattern(DAILY, until=date(2027, 1, 31)),
    "FREQ=DAILY;UNTIL=20270328T215959Z": Pattern(DAILY, until=date(2027, 3, 28)),
    "FREQ=DAILY;UNTIL=00010102T224747Z": Pattern(DAILY, until=date(1, 1, 2)),
}


@pytest.mark.parametrize(("text", "pattern"), WRITTEN.items(), ids=WRITTEN)
def test_a_pattern_is_written_in_one_way(text: str, pattern: Pattern) -> None:
    assert write_rule(pattern, STOCKHOLM) == text


def test_a_pattern_that_means_nothing_cannot_be_made() -> None:
    assert fault(Pattern, DAILY) is Fault.NO_END
    assert fault(Pattern, DAILY, until=date(2027, 1, 31), count=5) is Fault.UNSUPPORTED
    assert fault(Pattern, DAILY, count=0) is Fault.NO_OCCURRENCE
    assert fault(Pattern, DAILY, 0, count=5) is Fault.UNSUPPORTED
    assert fault(Pattern, DAILY, weekdays=frozenset({MONDAY}), count=5) is Fault.UNSUPPORTED
    assert fault(Pattern, WEEKLY, weekdays=frozenset({7}), count=5) is Fault.UNSUPPORTED
    assert fault(Pattern, WEEKLY, month_day=1, count=5) is Fault.UNSUPPORTED
    assert fault(Pattern, MONTHLY, nth=(2, 7), count=5) is Fault.UNSUPPORTED
    assert fault(Pattern, MONTHLY, nth=(2, MONDAY), month_day=1, count=5) is Fault.UNSUPPORTED
    assert fault(Pattern, DAILY, until=date.max - timedelta(days=30)) is Fault.TOO_LONG
