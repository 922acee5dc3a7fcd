"""Patterns and first days for the tests of series, and the words to say them in."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import strategies as st

from booking.domain.patterns import Fault, Frequency, Pattern, WrongPattern

DAILY, WEEKLY, MONTHLY = Frequency
MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = range(7)
STOCKHOLM = ZoneInfo("Europe/Stockholm")
ZONES = (
    STOCKHOLM,
    ZoneInfo("America/Los_Angeles"),
    ZoneInfo("Asia/Kathmandu"),
    ZoneInfo("Pacific/Kiritimati"),
)

first_days = st.dates(date(2026, 1, 1), date(2031, 12, 31))
intervals = st.one_of(st.integers(1, 4), st.integers(1, 40))
ends = st.one_of(
    st.builds(lambda count: {"count": count}, st.one_of(st.integers(1, 30), st.integers(1, 400))),
    st.builds(lambda until: {"until": until}, st.dates(date(2026, 1, 1), date(2035, 12, 31))),
)


def with_end(**fields: st.SearchStrategy[object]) -> st.SearchStrategy[Pattern]:
    return st.builds(lambda end, **rest: Pattern(**rest, **end), ends, interval=intervals, **fields)


daily = with_end(frequency=st.just(Frequency.DAILY))
weekly = with_end(frequency=st.just(Frequency.WEEKLY), weekdays=st.frozensets(st.integers(0, 6)))
monthly = st.one_of(
    with_end(frequency=st.just(Frequency.MONTHLY), month_day=st.sampled_from((None, -1, *range(1, 32)))),
    with_end(
        frequency=st.just(Frequency.MONTHLY),
        nth=st.tuples(st.sampled_from((1, 2, 3, 4, -1)), st.integers(0, 6)),
    ),
)
patterns = st.one_of(daily, weekly, monthly)


@st.composite
def begun(draw: st.DrawFn) -> tuple[Pattern, date]:
    """A pattern and a day that is one of its own."""
    kind = draw(st.sampled_from(("daily", "weekly", "date", "last day", "weekday", "last weekday")))
    first = draw(first_days)
    shape: dict[str, Any] = {"frequency": Frequency.MONTHLY}
    if kind == "daily":
        shape = {"frequency": Frequency.DAILY}
    elif kind == "weekly":
        others = draw(st.frozensets(st.integers(0, 6)))
        shape = {"frequency": Frequency.WEEKLY, "weekdays": others and others | {first.weekday()}}
    elif kind == "date":
        shape["month_day"] = draw(st.sampled_from((None, first.day)))
    elif kind == "last day":
        first = _end_of_month(first)
        shape["month_day"] = -1
    elif kind == "weekday":
        first = first.replace(day=min(first.day, 28))
        shape["nth"] = ((first.day - 1) // 7 + 1, first.weekday())
    else:
        end = _end_of_month(first)
        first = end - timedelta(days=draw(st.integers(0, 6)))
        shape["nth"] = (-1, first.weekday())
    end = draw(
        st.one_of(
            st.builds(lambda count: {"count": count}, st.integers(1, 380)),
            st.builds(lambda days: {"until": first + timedelta(days=days)}, st.integers(0, 740)),
        )
    )
    return Pattern(interval=draw(intervals), **shape, **end), first


def _end_of_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def fault(make: Callable[..., object], *args: Any, **fields: Any) -> Fault:
    """Why it is refused."""
    with pytest.raises(WrongPattern) as caught:
        make(*args, **fields)
    return caught.value.reason
