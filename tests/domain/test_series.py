"""The days and times of a series, against another reader of the rule, and through both changes of the clock."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice

import pytest
from dateutil.rrule import rrulestr
from hypothesis import assume, given
from hypothesis import strategies as st

from booking.domain.series import (
    MOST,
    Fault,
    Frequency,
    Pattern,
    Time,
    WrongPattern,
    days,
    occurrences,
    read_rule,
    rest_of,
    shifted,
    write_rule,
)
from booking.domain.spans import Span, instant
from tests.domain.repeats import (
    DAILY,
    FRIDAY,
    MONDAY,
    MONTHLY,
    STOCKHOLM,
    SUNDAY,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    WEEKLY,
    begun,
    fault,
    first_days,
    patterns,
)

TUESDAY_24 = date(2026, 11, 24)
NIGHTS = {  # when the clock goes to summer time and back, by the year
    2026: (date(2026, 3, 29), date(2026, 10, 25)),
    2027: (date(2027, 3, 28), date(2027, 10, 31)),
    2028: (date(2028, 3, 26), date(2028, 10, 29)),
    2029: (date(2029, 3, 25), date(2029, 10, 28)),
    2030: (date(2030, 3, 31), date(2030, 10, 27)),
}
SPRINGS = [spring for spring, _ in NIGHTS.values()]
AUTUMNS = [autumn for _, autumn in NIGHTS.values()]
WEEK = timedelta(weeks=1)


def outcome(pattern: Pattern, first: date) -> tuple[date, ...] | Fault:
    """The days, or why there are none."""
    try:
        return days(pattern, first)
    except WrongPattern as wrong:
        return wrong.reason


def by_another_reader(pattern: Pattern, first: date) -> tuple[date, ...] | Fault:
    """What the rule says to dateutil, and then what a series may be."""
    start = datetime.combine(first, time(12), STOCKHOLM)
    rule = rrulestr(write_rule(pattern, STOCKHOLM), dtstart=start)
    found = tuple(each.date() for each in islice(rule, MOST + 1))
    end = first.replace(year=first.year + 2, day=min(first.day, 28) if first.month == 2 else first.day)
    if pattern.until and pattern.until < first:
        return Fault.NO_OCCURRENCE
    if pattern.count and pattern.count > MOST:
        return Fault.TOO_MANY
    if not found or found[0] > end:
        return Fault.NO_OCCURRENCE
    if found[-1] > end or (pattern.until and pattern.until > end):
        return Fault.TOO_LONG
    return Fault.TOO_MANY if len(found) > MOST else found


@given(begun())
def test_another_reader_of_the_rule_finds_the_same_days(made: tuple[Pattern, date]) -> None:
    assert outcome(*made) == by_another_reader(*made)


@given(patterns, first_days)
def test_another_reader_agrees_on_any_first_day(pattern: Pattern, first: date) -> None:
    assert outcome(pattern, first) == by_another_reader(pattern, first)


def test_every_weekday_is_monday_to_friday() -> None:
    found = days(Pattern(WEEKLY, weekdays=frozenset(range(5)), count=7), TUESDAY_24)
    assert [each.day for each in found] == [24, 25, 26, 27, 30, 1, 2]


def test_weekly_without_weekdays_is_on_the_first_days() -> None:
    assert days(Pattern(WEEKLY, count=3), TUESDAY_24) == (TUESDAY_24, date(2026, 12, 1), date(2026, 12, 8))


def test_every_other_week_counts_from_monday() -> None:
    """Sunday belongs to the week of the Thursday before it."""
    pattern = Pattern(WEEKLY, 2, frozenset({TUESDAY, SUNDAY}), count=4)
    assert days(pattern, TUESDAY_24) == (
        TUESDAY_24,
        date(2026, 11, 29),
        date(2026, 12, 8),
        date(2026, 12, 13),
    )
    assert days(pattern, date(2026, 11, 29))[:2] == (date(2026, 11, 29), date(2026, 12, 8))


def test_a_month_without_the_31st_is_skipped() -> None:
    for pattern in (Pattern(MONTHLY, count=4), Pattern(MONTHLY, month_day=31, count=4)):
        assert [each.month for each in days(pattern, date(2027, 1, 31))] == [1, 3, 5, 7]


def test_the_last_day_of_every_month_is_skipped_in_none() -> None:
    found = days(Pattern(MONTHLY, month_day=-1, count=4), date(2027, 12, 31))
    assert found == (date(2027, 12, 31), date(2028, 1, 31), date(2028, 2, 29), date(2028, 3, 31))


def test_monthly_by_weekday() -> None:
    assert days(Pattern(MONTHLY, nth=(4, TUESDAY), count=3), TUESDAY_24) == (
        TUESDAY_24,
        date(2026, 12, 22),
        date(2027, 1, 26),
    )
    last = days(Pattern(MONTHLY, nth=(-1, FRIDAY), count=3), date(2026, 11, 27))
    assert last == (date(2026, 11, 27), date(2026, 12, 25), date(2027, 1, 29))


@pytest.mark.parametrize(
    ("pattern", "begins"),
    [
        (Pattern(WEEKLY, weekdays=frozenset({MONDAY, WEDNESDAY}), count=3), date(2026, 11, 25)),
        (Pattern(MONTHLY, month_day=23, count=3), date(2026, 12, 23)),
        (Pattern(MONTHLY, month_day=-1, count=3), date(2026, 11, 30)),
        (Pattern(MONTHLY, nth=(3, TUESDAY), count=3), date(2026, 12, 15)),
        (Pattern(MONTHLY, nth=(-1, MONDAY), count=3), date(2026, 11, 30)),
    ],
    ids=lambda value: write_rule(value, STOCKHOLM) if isinstance(value, Pattern) else None,
)
def test_a_series_begins_on_its_first_own_day_from_the_day_asked_for(pattern: Pattern, begins: date) -> None:
    assert days(pattern, TUESDAY_24)[0] == begins


def test_a_series_without_a_day_in_two_years_is_none() -> None:
    never = Pattern(WEEKLY, 10**9, frozenset({MONDAY}), count=3)
    assert fault(days, never, TUESDAY_24) is Fault.NO_OCCURRENCE


def test_a_series_that_ended_before_it_began_is_none() -> None:
    assert fault(days, Pattern(DAILY, until=date(2026, 11, 23)), TUESDAY_24) is Fault.NO_OCCURRENCE
    assert days(Pattern(DAILY, until=TUESDAY_24), TUESDAY_24) == (TUESDAY_24,)


def test_366_times_and_not_once_more() -> None:
    year_on = date(2027, 11, 24)
    assert len(days(Pattern(DAILY, count=366), TUESDAY_24)) == 366
    assert days(Pattern(DAILY, until=year_on), TUESDAY_24)[-1] == year_on
    assert len(days(Pattern(DAILY, until=year_on), TUESDAY_24)) == 366
    assert fault(days, Pattern(DAILY, count=367), TUESDAY_24) is Fault.TOO_MANY
    assert fault(days, Pattern(DAILY, until=date(2027, 11, 25)), TUESDAY_24) is Fault.TOO_MANY


def test_two_years_and_not_a_day_more() -> None:
    two_years_on = date(2028, 11, 24)
    assert days(Pattern(MONTHLY, count=25), TUESDAY_24)[-1] == two_years_on
    assert days(Pattern(MONTHLY, until=two_years_on), TUESDAY_24)[-1] == two_years_on
    assert fault(days, Pattern(MONTHLY, count=26), TUESDAY_24) is Fault.TOO_LONG
    assert fault(days, Pattern(MONTHLY, until=date(2028, 11, 25)), TUESDAY_24) is Fault.TOO_LONG
    assert days(Pattern(DAILY, 366, count=2), date(2028, 2, 29))[-1] == date(2029, 3, 1)
    assert fault(days, Pattern(MONTHLY, until=date(2030, 3, 1)), date(2028, 2, 29)) is Fault.TOO_LONG


@pytest.mark.parametrize("frequency", Frequency)
def test_absurd_numbers_are_answered_at_once(frequency: Frequency) -> None:
    assert fault(days, Pattern(frequency, 10**9, count=10**9), TUESDAY_24) is Fault.TOO_MANY
    assert fault(days, Pattern(frequency, 10**9, count=2), TUESDAY_24) is Fault.TOO_LONG
    assert fault(days, Pattern(frequency, until=date(9998, 12, 31)), TUESDAY_24) is Fault.TOO_LONG
    assert days(Pattern(frequency, 10**9, count=1), TUESDAY_24) == (TUESDAY_24,)
    assert days(Pattern(frequency, count=1), date.max) == (date.max,)
    assert fault(days, Pattern(frequency, count=2), date.max) is Fault.TOO_LONG
    assert days(Pattern(frequency, until=date.min), date.min) == (date.min,)


# --- the wall clock ---------------------------------------------------------------------------


def at(day: date, clock: time, until: time, nights: int = 0) -> Span:
    """From one wall clock time to another, so many nights later."""
    start, end = instant(day, clock, STOCKHOLM), instant(day + timedelta(days=nights), until, STOCKHOLM)
    assert start
    assert end
    return Span(start, end)


def weekly_over(night: date, clock: time, until: time, nights: int = 0) -> list[Span | None]:
    """The spans of a weekly series from the week before the night to the week after it."""
    first = night - WEEK
    made = occurrences(Pattern(WEEKLY, count=3), at(first, clock, until, nights), STOCKHOLM)
    assert [each.day for each in made] == [first, night, night + WEEK]
    return [each.span for each in made]


@pytest.mark.parametrize("night", SPRINGS + AUTUMNS, ids=str)
def test_ten_oclock_stays_ten_oclock(night: date) -> None:
    assert weekly_over(night, time(10), time(11)) == [
        at(day, time(10), time(11)) for day in (night - WEEK, night, night + WEEK)
    ]


@pytest.mark.parametrize("night", SPRINGS, ids=str)
def test_on_the_spring_night_half_past_two_does_not_exist(night: date) -> None:
    before, on, after = weekly_over(night, time(2, 30), time(4))
    assert on is None
    assert before == at(night - WEEK, time(2, 30), time(4))
    assert after == at(night + WEEK, time(2, 30), time(4))


@pytest.mark.parametrize("night", SPRINGS, ids=str)
def test_on_the_spring_night_nothing_ends_at_half_past_two(night: date) -> None:
    assert [span is None for span in weekly_over(night, time(1), time(2, 30))] == [False, True, False]
    friday = night - timedelta(days=2)
    assert weekly_over(friday, time(22), time(2, 30), nights=2)[1] is None


@pytest.mark.parametrize("night", SPRINGS, ids=str)
def test_on_the_spring_night_one_to_four_is_two_hours(night: date) -> None:
    assert lengths(weekly_over(night, time(1), time(4))) == [3, 2, 3]
    assert lengths(weekly_over(night - timedelta(days=1), time(22), time(6), nights=1)) == [8, 7, 8]


@pytest.mark.parametrize("night", AUTUMNS, ids=str)
def test_on_the_autumn_night_one_to_four_is_four_hours(night: date) -> None:
    assert lengths(weekly_over(night, time(1), time(4))) == [3, 4, 3]
    assert lengths(weekly_over(night - timedelta(days=1), time(22), time(6), nights=1)) == [8, 9, 8]


@pytest.mark.parametrize("night", AUTUMNS, ids=str)
def test_on_the_autumn_night_half_past_two_is_the_first_of_two(night: date) -> None:
    midnight = datetime(night.year, night.month, night.day, tzinfo=UTC)
    assert weekly_over(night, time(2, 30), time(3))[1] == Span(
        midnight + timedelta(minutes=30), midnight + timedelta(hours=2)
    )
    assert weekly_over(night, time(1), time(2, 30))[1] == Span(
        midnight - timedelta(hours=1), midnight + timedelta(minutes=30)
    )


def test_a_series_begun_in_the_second_of_two_hours_is_by_the_clock_in_the_first() -> None:
    second = Span(datetime(2026, 10, 25, 1, 30, tzinfo=UTC), datetime(2026, 10, 25, 3, tzinfo=UTC))
    made = occurrences(Pattern(WEEKLY, count=2), second, STOCKHOLM)
    assert [each.span for each in made] == [
        at(each, time(2, 30), time(4)) for each in (date(2026, 10, 25), date(2026, 11, 1))
    ]
    assert lengths([each.span for each in made]) == [2.5, 1.5]


def lengths(spans: list[Span | None]) -> list[float]:
    return [span.length / timedelta(hours=1) for span in spans if span]


def test_days_left_out_are_left_out_and_make_room_for_no_others() -> None:
    span = at(TUESDAY_24, time(10), time(11))
    made = occurrences(
        Pattern(WEEKLY, count=4), span, STOCKHOLM, {TUESDAY_24, date(2026, 12, 8), date(2026, 12, 9)}
    )
    assert made == tuple(
        Time(day, at(day, time(10), time(11))) for day in (date(2026, 12, 1), date(2026, 12, 15))
    )


def test_a_series_with_every_day_left_out_is_none() -> None:
    span = at(TUESDAY_24, time(10), time(11))
    left_out = {TUESDAY_24, date(2026, 12, 1)}
    assert fault(occurrences, Pattern(WEEKLY, count=2), span, STOCKHOLM, left_out) is Fault.NO_OCCURRENCE


def test_the_day_of_a_booking_is_the_local_one() -> None:
    """Half past midnight in Stockholm is still the day before in UTC."""
    span = at(TUESDAY_24, time(0, 30), time(1))
    assert [each.day for each in occurrences(Pattern(DAILY, count=2), span, STOCKHOLM)] == [
        TUESDAY_24,
        date(2026, 11, 25),
    ]


clocks = st.integers(0, 24 * 60 - 1).map(lambda minute: time(minute // 60, minute % 60))


@given(begun(), clocks, clocks, st.integers(0, 3))
def test_every_occurrence_shows_the_same_on_the_clock(
    made: tuple[Pattern, date], clock: time, until: time, nights: int
) -> None:
    pattern, first = made
    assume(isinstance(outcome(pattern, first), tuple))
    start, end = instant(first, clock, STOCKHOLM), instant(first + timedelta(days=nights), until, STOCKHOLM)
    assume(start and end and start < end)
    assert start
    assert end
    found = occurrences(pattern, Span(start, end), STOCKHOLM)
    assert found[0] == Time(first, Span(start, end))
    assert tuple(each.day for each in found) == days(pattern, first)
    for each in found:
        starts = instant(each.day, clock, STOCKHOLM)
        ends = instant(each.day + timedelta(days=nights), until, STOCKHOLM)
        assert each.span == (Span(starts, ends) if starts and ends else None)
        assert each.span is None or each.span.start < each.span.end


# --- moving a series --------------------------------------------------------------------------


@given(begun(), st.integers(-20, 20))
def test_a_series_moved_is_every_day_moved(made: tuple[Pattern, date], by: int) -> None:
    pattern, first = made
    try:
        moved = shifted(pattern, by)
    except WrongPattern:
        assert pattern.frequency is MONTHLY or (pattern.interval > 1 and len(pattern.weekdays) > 1)
        return
    before, after = outcome(pattern, first), outcome(moved, first + timedelta(days=by))
    assume(isinstance(before, tuple) and isinstance(after, tuple))
    assert isinstance(before, tuple)
    assert after == tuple(day + timedelta(days=by) for day in before)
    assert shifted(moved, -by) == pattern


def test_tuesdays_and_thursdays_moved_a_day_are_wednesdays_and_fridays() -> None:
    moved = shifted(Pattern(WEEKLY, weekdays=frozenset({TUESDAY, THURSDAY}), until=date(2027, 1, 31)), 1)
    assert moved == Pattern(WEEKLY, weekdays=frozenset({WEDNESDAY, FRIDAY}), until=date(2027, 2, 1))


def test_a_series_that_steps_without_names_moves_only_its_end() -> None:
    assert shifted(Pattern(DAILY, 2, count=5), 3) == Pattern(DAILY, 2, count=5)
    assert shifted(Pattern(WEEKLY, 2, until=date(2027, 1, 31)), 3) == Pattern(
        WEEKLY, 2, until=date(2027, 2, 3)
    )


def test_monthly_stays_on_its_day() -> None:
    for pattern in (Pattern(MONTHLY, count=5), Pattern(MONTHLY, nth=(2, TUESDAY), count=5)):
        assert shifted(pattern, 0) == pattern
        assert fault(shifted, pattern, 1) is Fault.CANNOT_MOVE


def test_every_other_weeks_days_cannot_be_moved_into_two_weeks() -> None:
    pattern = Pattern(WEEKLY, 2, frozenset({MONDAY, FRIDAY}), count=5)
    assert shifted(pattern, 2).weekdays == {WEDNESDAY, SUNDAY}
    assert shifted(pattern, 7) == pattern
    assert fault(shifted, pattern, 3) is Fault.CANNOT_MOVE


def test_a_series_cannot_be_moved_out_of_the_calendar() -> None:
    assert fault(shifted, Pattern(DAILY, until=date(9998, 12, 31)), 10**9) is Fault.TOO_LONG
    assert fault(shifted, Pattern(DAILY, until=date(2027, 1, 31)), 10**12) is Fault.TOO_LONG


# --- what is left of one --------------------------------------------------------------------------


def test_what_is_left_of_a_series_keeps_its_step_and_its_end() -> None:
    """Every other Tuesday and Thursday since 1 September 2026; every day for good; twelve Mondays."""
    since, last = date(2026, 11, 24), date(2028, 11, 23)
    fortnights = read_rule("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH;UNTIL=20261231", STOCKHOLM)
    first, left = rest_of(fortnights, date(2026, 9, 1), since, last)
    assert first == date(2026, 11, 24)
    begun = [day for day in days(fortnights, date(2026, 9, 1)) if day >= since]
    assert list(days(left, first)) == begun
    daily = read_rule("FREQ=DAILY;UNTIL=20351231", STOCKHOLM)
    first, left = rest_of(daily, date(2010, 1, 1), since, last)
    assert (first, len(days(left, first))) == (since, 366)
    twelve = read_rule("FREQ=WEEKLY;COUNT=12", STOCKHOLM)
    first, left = rest_of(twelve, date(2026, 9, 14), since, last)
    assert days(left, first) == (date(2026, 11, 30),)
    with pytest.raises(WrongPattern):
        rest_of(twelve, date(2026, 1, 5), since, last)
