"""Time as sets of minutes, and the days of a premises through both changes of the clock."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.domain.spans import (
    Span,
    ceiling_to,
    common,
    day_of,
    day_start,
    days_of,
    instant,
    local_day,
    merged,
    overlapping,
    within,
    without,
)

STOCKHOLM = ZoneInfo("Europe/Stockholm")
SPRING, AUTUMN = date(2027, 3, 28), date(2026, 10, 25)
MIDNIGHT = datetime(2026, 11, 24, tzinfo=UTC)
minutes = st.integers(0, 60)
spans = st.builds(
    lambda a, length: Span(MIDNIGHT + timedelta(minutes=a), MIDNIGHT + timedelta(minutes=a + length)),
    minutes,
    st.integers(1, 20),
)
moments = st.integers(0, 2 * 366 * 24 * 3600 * 10**6).map(lambda n: MIDNIGHT + timedelta(microseconds=n))
many = st.lists(spans, max_size=8)


def taken(some: list[Span] | tuple[Span, ...]) -> set[int]:
    """The minutes past midnight that the spans cover."""
    return {
        minute for minute in range(90) if any(s.contains(MIDNIGHT + timedelta(minutes=minute)) for s in some)
    }


def is_maximal(some: tuple[Span, ...]) -> bool:
    return all(one.end < other.start for one, other in pairwise(some))


@given(many)
def test_merged_time_is_the_same_time_in_as_few_spans_as_can_be(some: list[Span]) -> None:
    assert taken(merged(some)) == taken(some)
    assert is_maximal(merged(some))
    assert merged(merged(some)) == merged(some) == merged(reversed(some))


@given(many, many)
def test_what_two_have_in_common_and_what_one_lacks_make_up_the_whole(
    some: list[Span], others: list[Span]
) -> None:
    assert taken(common(some, others)) == taken(some) & taken(others)
    assert taken(without(some, others)) == taken(some) - taken(others)
    assert is_maximal(common(some, others))
    assert is_maximal(without(some, others))
    assert merged([*common(some, others), *without(some, others)]) == merged(some)
    assert common(some, others) == common(others, some)


@given(many, spans)
def test_a_window_cuts_and_does_not_add(some: list[Span], window: Span) -> None:
    assert taken(within(some, window)) == taken(some) & taken([window])
    assert all(each in some and each.overlaps(window) for each in overlapping(some, window))
    assert taken(within(overlapping(some, window), window)) == taken(within(some, window))


@given(spans, spans)
def test_two_spans_overlap_when_they_share_a_minute_and_not_when_they_meet(one: Span, other: Span) -> None:
    assert one.overlaps(other) == other.overlaps(one) == bool(taken([one]) & taken([other]))
    assert (one.cut(other) is None) == (not one.overlaps(other))


def test_an_empty_span_is_no_time() -> None:
    assert merged([Span(MIDNIGHT, MIDNIGHT)]) == ()


@pytest.mark.parametrize(
    ("day", "hours"),
    [(SPRING, 23), (AUTUMN, 25), (date(2026, 11, 24), 24)],
    ids=["spring", "autumn", "usual"],
)
def test_a_day_is_as_long_as_the_clock_makes_it(day: date, hours: int) -> None:
    assert local_day(day, STOCKHOLM).length == timedelta(hours=hours)
    assert local_day(day, STOCKHOLM).end == local_day(day + timedelta(days=1), STOCKHOLM).start


def test_half_past_two_does_not_exist_on_the_spring_night() -> None:
    assert instant(SPRING, time(2, 30), STOCKHOLM) is None
    assert instant(SPRING, time(2), STOCKHOLM) is None
    assert instant(SPRING, time(1, 59), STOCKHOLM) == datetime(2027, 3, 28, 0, 59, tzinfo=UTC)
    assert instant(SPRING, time(3), STOCKHOLM) == datetime(2027, 3, 28, 1, tzinfo=UTC)


def test_half_past_two_on_the_autumn_night_is_the_first_of_the_two() -> None:
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert instant(AUTUMN, time(2, 30), STOCKHOLM) == first
    assert instant(AUTUMN, time(2, 30, fold=1), STOCKHOLM) == first


@given(moments)
def test_every_instant_lies_in_its_own_local_day(moment: datetime) -> None:
    day = day_of(moment, STOCKHOLM)
    assert local_day(day, STOCKHOLM).contains(moment)
    assert day_start(day, STOCKHOLM) <= moment


@given(st.dates(date(2026, 1, 1), date(2027, 12, 1)), st.integers(1, 5000))
def test_the_days_of_a_span_cover_it_and_none_is_idle(day: date, length: int) -> None:
    span = Span(
        day_start(day, STOCKHOLM) + timedelta(minutes=90),
        day_start(day, STOCKHOLM) + timedelta(minutes=90 + length),
    )
    days = [local_day(each, STOCKHOLM) for each in days_of(span, STOCKHOLM)]
    assert without([span], days) == ()
    assert all(each.overlaps(span) for each in days)


def test_a_day_without_a_midnight_begins_when_it_begins() -> None:
    sao_paulo = ZoneInfo("America/Sao_Paulo")  # summer time began at midnight there
    assert day_start(date(2018, 11, 4), sao_paulo) == datetime(2018, 11, 4, 3, tzinfo=UTC)
    assert local_day(date(2018, 11, 4), sao_paulo).length == timedelta(hours=23)


@given(moments)
def test_the_next_quarter_is_a_quarter_and_less_than_one_away(moment: datetime) -> None:
    quarter = ceiling_to(moment, 15)
    assert (quarter.minute % 15, quarter.second, quarter.microsecond) == (0, 0, 0)
    assert timedelta() <= quarter - moment < timedelta(minutes=15)
