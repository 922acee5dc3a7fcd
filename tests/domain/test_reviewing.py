"""The review of the access log: what a reviewer is shown, whose it is, and when it is overdue."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.domain.people import Role, Viewer
from booking.domain.premises import Category
from booking.domain.reviewing import (
    EVERY,
    HASTE,
    LEAVING,
    LONG_AFTER,
    MANY,
    SAMPLE,
    Age,
    Knowledge,
    Opening,
    Why,
    begins,
    drawn,
    due,
    kept_by,
    mark,
    overdue,
    remarkable,
    sample_size,
    watched,
)
from booking.domain.spans import Span
from tests.domain.cast import PREMISES

NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
SECRET, OTHER = b"one secret", b"another secret"
POLICE, GUARDS, GUESTS = 1, 2, 3
KNOWN = Knowledge({1: PREMISES}, frozenset({POLICE, GUARDS}), frozenset({90}))


def opening(number: int = 1, **more: object) -> Opening:
    """An opening that no rule picks out, but for what is said."""
    usual = Opening(
        id=number,
        person=7,
        name="Anna",
        organisation=POLICE,
        organisation_name="Polisen",
        at=NOON,
        channel="page",
        booking="b",
        premises=1,
        place="stage",
        booked=Span(NOON - timedelta(hours=1), NOON + timedelta(hours=1)),
    )
    return replace(usual, **more)  # type: ignore[arg-type]


def reasons(*rows: Opening) -> dict[int, set[Why]]:
    return {number: set(why) for number, why in remarkable(rows, KNOWN).items()}


def test_an_ordinary_opening_is_picked_out_by_no_rule() -> None:
    assert reasons(opening()) == {}


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (opening(at=NOON.replace(hour=2)), Why.CLOSED),
        (opening(account_ends=NOON + LEAVING), Why.LEAVING),
        (opening(account_ends=NOON + timedelta(days=1)), Why.LEAVING),
        (opening(organisation=GUESTS), Why.LEFT),
        (opening(booked=Span(NOON - timedelta(days=40), NOON - LONG_AFTER)), Why.LONG_AFTER),
        (opening(person=90), Why.REVIEWER),
    ],
)
def test_each_rule_picks_out_its_own(row: Opening, why: Why) -> None:
    assert reasons(row) == {1: {why}}


@pytest.mark.parametrize(
    "row",
    [
        opening(account_ends=NOON + LEAVING + timedelta(seconds=1)),
        opening(booked=Span(NOON - timedelta(days=40), NOON - LONG_AFTER + timedelta(seconds=1))),
        opening(organisation=GUARDS),
    ],
)
def test_what_is_just_within_the_usual_is_not_picked_out(row: Opening) -> None:
    assert reasons(row) == {}


def series(count: int, apart: timedelta, **more: object) -> list[Opening]:
    return [opening(n, at=NOON + n * apart, booking=f"b{n}", **more) for n in range(count)]


def test_more_bookings_than_usual_within_a_few_minutes_are_picked_out() -> None:
    haste = series(MANY + 1, HASTE / MANY)
    assert reasons(*haste) == {each.id: {Why.MANY} for each in haste}
    assert reasons(*haste[1:]) == {}
    assert reasons(*series(MANY + 1, HASTE / MANY + timedelta(seconds=1))) == {}


def test_opening_one_booking_again_and_again_is_no_haste_and_neither_is_what_several_people_open() -> None:
    rows = series(3 * MANY, timedelta(seconds=10))
    assert reasons(*(replace(each, booking="b") for each in rows)) == {}
    assert reasons(*(replace(each, person=each.id % 3) for each in rows)) == {}


ROWS = st.lists(
    st.builds(
        lambda number, person, booking, minutes: (number, person, booking, minutes),
        st.integers(1, 10_000),
        st.integers(1, 4),
        st.integers(1, 9),
        st.integers(0, 60),
    ),
    unique_by=lambda each: each[0],
    max_size=60,
).map(
    lambda rows: [
        opening(number, person=person, booking=f"b{booking}", at=NOON + timedelta(minutes=minutes))
        for number, person, booking, minutes in rows
    ]
)


@given(ROWS)
def test_haste_is_what_a_look_at_every_window_finds(rows: list[Opening]) -> None:
    expected = {
        row.id
        for row in rows
        for first in rows
        if row.person == first.person and first.at <= row.at <= first.at + HASTE
        if len(
            {
                each.booking
                for each in rows
                if each.person == row.person and first.at <= each.at <= first.at + HASTE
            }
        )
        > MANY
    }
    assert {number for number, why in reasons(*rows).items() if Why.MANY in why} == expected


@given(st.integers(0, 5000))
def test_all_of_a_few_are_drawn_and_never_fewer_than_twenty_of_more(rows: int) -> None:
    size = sample_size(rows)
    assert min(rows, SAMPLE) <= size <= rows
    assert size * 20 >= rows


@given(ROWS, st.randoms())
def test_asking_again_draws_the_same_in_whatever_order_the_rows_come(
    rows: list[Opening], random: object
) -> None:
    again: list[Opening] = list(rows)
    random.shuffle(again)  # type: ignore[attr-defined]
    found = drawn(rows, SECRET, 1, NOON)
    assert drawn(again, SECRET, 1, NOON) == found
    assert len(found) == sample_size(len(rows))
    assert found <= {row.id for row in rows}


@given(ROWS, st.integers(0, 60))
def test_a_row_that_comes_later_draws_no_other_row_but_itself(rows: list[Opening], cut: int) -> None:
    """Else waiting, and looking again, would fish for other rows."""
    before = sorted(rows, key=lambda row: row.id)[:cut]
    if sample_size(len(before)) == sample_size(len(rows)):
        new = drawn(rows, SECRET, 1, NOON) - drawn(before, SECRET, 1, NOON)
        assert new <= {row.id for row in rows} - {row.id for row in before}


def test_another_circle_another_period_and_another_secret_draw_others() -> None:
    rows = [opening(number) for number in range(400)]
    draws = {
        drawn(rows, SECRET, 1, NOON),
        drawn(rows, SECRET, 2, NOON),
        drawn(rows, SECRET, 1, NOON + timedelta(days=1)),
        drawn(rows, OTHER, 1, NOON),
    }
    assert len(draws) == 4


# --- when -------------------------------------------------------------------------------------


def test_a_log_waits_from_its_first_row_and_then_from_its_last_review() -> None:
    empty, later = Age(1, "own", "Only us", POLICE, 1, succeeded=False), NOON + timedelta(days=3)
    begun, reviewed = replace(empty, first_opening=NOON), replace(empty, signed_until=later)
    assert begins([empty, empty]) is None
    assert begins([empty, replace(begun, first_opening=later), begun]) == NOON
    assert begins([replace(reviewed, first_opening=NOON), reviewed]) == later


def test_it_is_overdue_after_ninety_days_and_an_empty_log_never() -> None:
    assert due(NOON) == NOON + EVERY
    assert not overdue(NOON, NOON + EVERY)
    assert overdue(NOON, NOON + EVERY + timedelta(seconds=1))
    assert not overdue(None, NOON)


def test_the_mark_of_what_was_shown_is_of_one_person_one_circle_and_one_period() -> None:
    period = Span(NOON, NOON + timedelta(days=1))
    marks = {
        mark(SECRET, 7, 1, period),
        mark(SECRET, 8, 1, period),
        mark(SECRET, 7, 2, period),
        mark(SECRET, 7, 1, replace(period, end=period.end + timedelta(seconds=1))),
        mark(SECRET, 7, 1, replace(period, start=period.start + timedelta(seconds=1))),
        mark(OTHER, 7, 1, period),
    }
    assert len(marks) == 6


# --- whose ------------------------------------------------------------------------------------

REVIEWER = Viewer(
    person=90,
    role=Role.MEMBER,
    organisation=POLICE,
    category=Category.REACTIVE,
    circles=frozenset({1, 2, 5}),
    organisation_admin=True,
)
AGES = [
    Age(1, "own", "Only us", POLICE, 1, succeeded=False),
    Age(2, "old", "Briefings", POLICE, 2, succeeded=True),
    Age(4, "between", "Briefings", POLICE, 2, succeeded=True),
    Age(5, "new", "Briefings anew", POLICE, 2, succeeded=False),
    Age(6, "others", "Others", GUARDS, 6, succeeded=False),
]


def origins(viewer: Viewer, ages: Sequence[Age] = AGES) -> list[int]:
    return [each.origin for each in watched(viewer, ages)]


def test_the_ages_of_a_circle_are_reviewed_as_one_but_for_those_one_is_not_in() -> None:
    briefings, own = watched(REVIEWER, AGES)
    assert (own.origin, own.ages) == (1, {1})
    assert (briefings.origin, briefings.key, briefings.name) == (2, "new", "Briefings anew")
    assert briefings.ages == {2, 5}


@pytest.mark.parametrize(
    "other",
    [
        replace(REVIEWER, organisation_admin=False),
        replace(REVIEWER, role=Role.ADMINISTRATOR),
        replace(REVIEWER, organisation=GUARDS),
        replace(REVIEWER, circles=frozenset()),
        replace(REVIEWER, person=None),
        REVIEWER.as_outsider(),
    ],
)
def test_nobody_else_reviews_it(other: Viewer) -> None:
    assert origins(other) == []


def test_a_steward_that_has_left_its_circle_reviews_it_no_longer() -> None:
    assert origins(replace(REVIEWER, circles=frozenset({1, 2}))) == [1]


def test_all_the_people_of_the_steward_may_read_what_was_done_to_the_circle() -> None:
    assert [each.origin for each in kept_by(replace(REVIEWER, organisation_admin=False), AGES)] == [2, 1]
