"""Every reason a rule gives, at its field; all at once; and exactly at the limit it passes."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from booking.domain.claims import Use
from booking.domain.people import Role, Viewer, Visibility
from booking.domain.premises import Category, Hours, Kind, Rule
from booking.domain.refusals import NOTE_LENGTH, RULES, TITLE_LENGTH, Reason, Refusal, Wish, refusals
from booking.domain.spans import MINUTE, Span
from tests.domain.cast import (
    ADMIN,
    EQUIPPED,
    KONSTNAR,
    MIKA,
    NOW,
    POLICE_AND_GUARDS,
    POLIS,
    POLIS_TOKEN,
    PROJECTOR,
    SOCIAL_SERVICES,
    THEATRE,
    TRAFIK,
    at,
    span,
    utc,
)


def wish(
    viewer: Viewer = TRAFIK, resource: str = "arbetsplats-1", when: Span | None = None, **more: object
) -> Wish:
    """Something that no rule is against, but for what is given."""
    use_of = {name: more.pop(name) for name in ("circle", "clear_desks", "equipment") if name in more}
    return replace(
        Wish(
            viewer=viewer,
            premises=EQUIPPED,
            use=Use(EQUIPPED.by_key[resource], viewer.organisation or 0, **use_of),  # type: ignore[arg-type]
            span=when or span("09:00", "10:00"),
            visibility=Visibility.INTERNAL,
            title="Planering",
            note="",
            now=NOW,
        ),
        **more,  # type: ignore[arg-type]
    )


def given(tried: Wish) -> list[tuple[Reason, str]]:
    return [(each.reason, each.field) for each in refusals(tried)]


@pytest.mark.parametrize("viewer", [TRAFIK, POLIS, MIKA, KONSTNAR], ids=lambda viewer: viewer.name)
def test_an_ordinary_wish_meets_no_rule(viewer: Viewer) -> None:
    assert refusals(wish(viewer)) == ()


def test_the_end_comes_after_the_start() -> None:
    assert given(wish(when=span("10:00", "09:30"))) == [(Reason.ENDS_BEFORE_START, "ends")]
    assert given(wish(when=span("10:00", "10:00"))) == [(Reason.ENDS_BEFORE_START, "ends")]
    assert given(wish(when=span("10:00", "10:01"))) == []


def test_times_are_whole_minutes() -> None:
    second, tick = timedelta(seconds=1), timedelta(microseconds=1)
    odd = Span(at("09:00") + second, at("10:00") + tick)
    assert given(wish(when=odd)) == [(Reason.NOT_WHOLE_MINUTES, "starts"), (Reason.NOT_WHOLE_MINUTES, "ends")]


def test_nothing_is_booked_back_in_time() -> None:
    noon = at("12:00")
    assert given(wish(now=noon)) == [(Reason.IN_THE_PAST, "starts")]
    assert given(wish(now=noon, when=span("11:58", "13:00"))) == [(Reason.IN_THE_PAST, "starts")]
    assert given(wish(now=noon, when=span("11:59", "13:00"))) == [], "the minute in which the form was sent"
    assert given(wish(now=noon, when=span("12:00", "13:00"))) == []


def test_what_has_begun_keeps_its_start_and_cannot_end_in_the_past() -> None:
    noon = at("12:00")
    assert given(wish(now=noon, when=span("11:00", "13:00"), started=True)) == []
    assert given(wish(now=noon, when=span("11:00", "12:00"), started=True)) == [(Reason.IN_THE_PAST, "ends")]


@pytest.mark.parametrize(
    ("viewer", "longest"),
    [(KONSTNAR, timedelta(hours=4)), (POLIS, timedelta(days=31))],
    ids=["artist", "police"],
)
def test_a_booking_is_as_long_as_one_may(viewer: Viewer, longest: timedelta) -> None:
    start = at("09:00")
    assert given(wish(viewer, when=Span(start, start + longest))) == []
    assert refusals(wish(viewer, when=Span(start, start + longest + MINUTE)))[0] == Refusal(
        Reason.TOO_LONG, "ends", longest
    )


def test_one_books_until_the_end_of_the_last_local_day() -> None:
    last = span("20:00", "21:00", day=30)
    assert given(wish(KONSTNAR, when=last)) == []
    assert given(wish(KONSTNAR, when=span("09:00", "10:00", day=31))) == [(Reason.TOO_FAR_AHEAD, "starts")]
    night = Span(at("23:00", 731), at("00:00", 732))
    assert given(wish(POLIS, when=night)) == []
    assert given(wish(POLIS, when=Span(night.start, night.end + MINUTE))) == [
        (Reason.TOO_FAR_AHEAD, "starts")
    ]
    assert given(wish(POLIS, when=night, now=at("23:59"))) == [], "the same all day"


def test_within_hours_and_exactly_at_them() -> None:
    assert given(wish(when=span("07:00", "21:00"), now=at("06:00"))) == []
    for times in (("06:59", "08:00"), ("20:00", "21:01")):
        assert given(wish(when=span(*times, day=1))) == [(Reason.OUTSIDE_HOURS, "starts")]
    assert refusals(wish(when=span("20:00", "22:00")))[0].limit == (time(7), time(21))
    assert given(wish(when=Span(at("20:00"), at("08:00", 1)))) == [(Reason.OUTSIDE_HOURS, "starts")]
    assert given(wish(POLIS, when=Span(at("20:00"), at("08:00", 1)))) == [], (
        "the premises is first of all theirs"
    )


def test_hours_are_wall_clock_hours_on_the_days_the_clock_changes() -> None:
    before = {"now": utc(date(2027, 3, 1), "12:00")}
    spring = Span(utc(date(2027, 3, 28), "05:00"), utc(date(2027, 3, 28), "19:00"))
    assert given(wish(when=spring, **before)) == []
    assert given(wish(when=Span(spring.start - MINUTE, spring.end - MINUTE), **before)) == [
        (Reason.OUTSIDE_HOURS, "starts")
    ]


def test_days_that_are_open_to_midnight_join_and_named_days_are_their_own() -> None:
    house = THEATRE.premises
    open_hours = house.hours.open_spans(Span(at("00:00"), at("00:00", 1)), house.zone)
    assert open_hours == (Span(at("08:00"), at("00:00", 1)),)
    assert house.hours.on(date(2026, 12, 24)) == (time(10), time(15))
    assert house.hours.on(date(2026, 12, 25)) is None
    assert house.hours.on(date(2026, 11, 29)) is None
    always = Hours(((time(), time()),) * 7)
    assert always.open_spans(Span(at("00:00"), at("00:00", 3)), house.zone) == (
        Span(at("00:00"), at("00:00", 3)),
    )


def test_hours_that_begin_in_the_hour_the_spring_night_leaves_out_begin_after_it() -> None:
    night = Hours(((time(2, 30), time(6)),) * 7).span(date(2027, 3, 28), EQUIPPED.zone)
    assert night == Span(utc(date(2027, 3, 28), "01:00"), utc(date(2027, 3, 28), "04:00"))


def test_so_many_bookings_ahead_and_no_more() -> None:
    rule = replace(EQUIPPED.rules[Category.PLACE], most_ahead=3)
    few = replace(EQUIPPED, rules={Category.PLACE: rule})
    assert given(wish(premises=few, coming=2)) == []
    assert given(wish(premises=few, coming=3)) == [(Reason.TOO_MANY_AHEAD, "starts")]
    assert given(wish(coming=1000)) == []


def test_an_administrator_of_no_organisation_books_nothing() -> None:
    assert given(wish(ADMIN)) == [(Reason.MAY_NOT_BOOK, "resource")]


def test_some_resources_are_not_for_everyone() -> None:
    rule = replace(EQUIPPED.rules[Category.GUEST], kinds=frozenset({Kind.DESK}))
    strict = replace(EQUIPPED, rules={Category.GUEST: rule})
    assert given(wish(KONSTNAR, premises=strict)) == []
    assert given(wish(KONSTNAR, "konferensbordet", premises=strict)) == [(Reason.NOT_FOR_YOU, "resource")]
    assert given(wish(KONSTNAR, premises=strict, equipment=(PROJECTOR,))) == [
        (Reason.NOT_FOR_YOU, "resource")
    ]


def test_a_rule_may_name_what_its_category_books() -> None:
    rule = replace(EQUIPPED.rules[Category.GUEST], resources=frozenset({"arbetsplats-1"}))
    strict = replace(EQUIPPED, rules={Category.GUEST: rule})
    assert given(wish(KONSTNAR, "arbetsplats-1", premises=strict)) == []
    assert given(wish(KONSTNAR, "arbetsplats-2", premises=strict)) == [(Reason.NOT_FOR_YOU, "resource")]


def test_a_guest_needs_the_coordinators_approval_for_a_room_and_not_for_the_table() -> None:
    for room in ("motesrummet", "hela-lokalen"):
        assert wish(KONSTNAR, room).waits
        assert given(wish(KONSTNAR, room)) == []
    assert not wish(KONSTNAR, "konferensbordet").waits
    assert not wish(POLIS, "motesrummet").waits


def secret(viewer: Viewer = POLIS, circle: int | None = POLICE_AND_GUARDS, **more: object) -> Wish:
    return wish(viewer, visibility=Visibility.CONFIDENTIAL, circle=circle, **more)


def test_confidential_is_to_a_circle_of_ones_own_by_those_who_may() -> None:
    assert given(secret()) == []
    assert given(secret(circle=SOCIAL_SERVICES)) == [(Reason.CIRCLE_NOT_YOURS, "circle")]
    assert given(secret(circle=None)) == [(Reason.CIRCLE_NOT_YOURS, "circle")]
    assert given(secret(circle=999)) == [(Reason.CIRCLE_NOT_YOURS, "circle")], "as if it were not there"
    assert given(secret(KONSTNAR)) == [(Reason.NO_CONFIDENTIAL, "visibility")]
    assert given(secret(POLIS_TOKEN)) == [(Reason.TOKEN_NOT_CONFIDENTIAL, "visibility")]
    assert given(wish(POLIS, circle=POLICE_AND_GUARDS)) == [(Reason.CIRCLE_WITHOUT_SECRECY, "circle")]


def test_a_guest_by_role_is_told_so_whatever_their_category() -> None:
    lent = replace(POLIS, role=Role.GUEST)
    assert given(secret(lent)) == [(Reason.NO_CONFIDENTIAL, "visibility")]


def test_those_invited_to_something_confidential_are_in_its_circle() -> None:
    inside, outside = POLIS.circles, TRAFIK.circles
    assert given(secret(attendee_circles=(inside, inside))) == []
    assert given(secret(attendee_circles=(inside, outside))) == [
        (Reason.ATTENDEE_OUTSIDE_CIRCLE, "attendees")
    ]
    assert given(wish(POLIS, attendee_circles=(outside,))) == []


def test_a_title_is_one_line_and_bounded() -> None:
    assert given(wish(title="å" * TITLE_LENGTH)) == []
    assert given(wish(title="å" * (TITLE_LENGTH + 1))) == [(Reason.TITLE_TOO_LONG, "title")]
    assert given(wish(title="x" * 10_000_000)) == [(Reason.TITLE_TOO_LONG, "title")]
    for text in ("two\nlines", "two\r\nlines", "ends\n", "two\u2028lines", "two\x0blines"):
        assert given(wish(title=text)) == [(Reason.TITLE_LINE_BREAK, "title")], text


@pytest.mark.parametrize(
    "text", ["nul\x00", "bell\x07", "lone \ud800", "turned \u202etxt", "held \u2066in", "\x7f"]
)
def test_what_no_page_can_show_is_refused(text: str) -> None:
    assert given(wish(title=text)) == [(Reason.UNPRINTABLE, "title")]
    assert given(wish(note=text)) == [(Reason.UNPRINTABLE, "note")]


@pytest.mark.parametrize(
    "text", ["kl.\u00a010", "hem\u00adtjänst", "👩\u200d👩\u200d👧", "مرحبا\u200f", "☂\ufe0f", "–"]
)
def test_what_people_paste_is_taken(text: str) -> None:
    assert given(wish(title=text, note=text)) == []


def test_a_note_has_lines_and_is_bounded() -> None:
    assert given(wish(note="one\r\n\ttwo\n" * 10)) == []
    assert given(wish(note="å" * NOTE_LENGTH)) == []
    assert given(wish(note="å" * (NOTE_LENGTH + 1))) == [(Reason.NOTE_TOO_LONG, "note")]


def test_desks_are_cleared_only_for_what_takes_the_floor() -> None:
    assert given(wish(clear_desks=True)) == [(Reason.DESKS_ARE_NOT_CLEARED_FOR, "clear_desks")]
    assert given(wish(resource="konferensbordet", clear_desks=True)) == [
        (Reason.DESKS_ARE_NOT_CLEARED_FOR, "clear_desks")
    ]
    assert given(wish(resource="hela-lokalen", clear_desks=True)) == []
    assert (
        given(
            replace(
                secret(),
                use=replace(secret().use, resource=EQUIPPED.by_key["konferensbordet"], clear_desks=True),
            )
        )
        == []
    )


def test_all_reasons_are_told_at_once_each_at_its_field() -> None:
    bad = wish(
        KONSTNAR,
        "motesrummet",
        Span(at("02:00", 40), at("09:00", 40)),
        visibility=Visibility.CONFIDENTIAL,
        title="a\nb",
        note="\x00",
    )
    assert given(bad) == [
        (Reason.TOO_LONG, "ends"),
        (Reason.TOO_FAR_AHEAD, "starts"),
        (Reason.OUTSIDE_HOURS, "starts"),
        (Reason.NO_CONFIDENTIAL, "visibility"),
        (Reason.TITLE_LINE_BREAK, "title"),
        (Reason.UNPRINTABLE, "note"),
    ]


def test_a_span_of_a_century_is_refused_and_not_walked_through() -> None:
    forever = Span(at("09:00"), datetime(9000, 1, 1, tzinfo=NOW.tzinfo))
    assert Reason.TOO_LONG in {each.reason for each in refusals(wish(when=forever))}


def test_every_rule_stands_in_the_list_once_and_says_what_it_is() -> None:
    assert len(set(RULES)) == len(RULES)
    assert all(rule.__doc__ for rule in RULES)
    assert Rule(1, 1, MINUTE).kinds == frozenset(Kind)
