"""Booking one time: what is given, what is refused and why, and what is written when nothing is booked."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from booking.actions import booking, operating
from booking.actions.errors import Clash, NotFound, Refused
from booking.domain.people import Visibility
from booking.domain.permissions import Forbidden
from booking.domain.refusals import Reason
from booking.domain.views import Full
from tests.cast import (
    ADMINISTRATOR,
    ARTIST,
    COORDINATOR,
    DESKS,
    GUARD,
    HALL,
    MEETING_ROOM,
    MIKA,
    MORNING,
    POLICE,
    POLICE_CIRCLE,
    SOCIAL,
    SOCIAL_CIRCLE,
    TABLE,
    TRAFFIC,
)
from tests.support.dump import done_by_table, rows_by_table
from tests.support.house import House

pytestmark = pytest.mark.usefixtures("inside")
ANY_DESK = "any-desk"


def test_what_was_booked_is_shown_as_it_was_booked(house: House) -> None:
    view = house.book(
        POLICE, MEETING_ROOM, "10:00", "11:00", title="Lägesmöte", note="Ta med kartan", attendees=(TRAFFIC,)
    ).view
    assert (view.resource, view.span) == (MEETING_ROOM, house.span("10:00", "11:00"))
    assert (view.visibility, view.sealed, view.mine, view.ours) == (Visibility.INTERNAL, False, True, True)
    assert view.content is not None
    assert (view.content.title, view.content.note) == ("Lägesmöte", "Ta med kartan")
    assert [each.email for each in view.content.attendees] == [TRAFFIC]


def test_the_social_services_talk_in_confidence_unless_they_choose_otherwise(house: House) -> None:
    own = house.book(MIKA, MEETING_ROOM, "10:00", "11:00")
    assert own.view.visibility is Visibility.CONFIDENTIAL
    assert own.view.circle is not None
    assert own.names.circles[own.view.circle].key == "endast-mika"
    assert house.book(MIKA, MEETING_ROOM, "11:00", "12:00", visibility="internal").view.circle is None


def test_a_confidential_table_is_the_room_that_holds_it(house: House) -> None:
    view = house.book(POLICE, TABLE, "10:00", "11:00", circle=POLICE_CIRCLE).view
    assert view.resource == MEETING_ROOM


# --- refused by a rule ------------------------------------------------------------------------

LONG = {"title": "x" * 121}
WRONG: list[tuple[str, tuple[str, str, str], dict[str, Any], set[Reason]]] = [
    (POLICE, (DESKS[0], "11:00", "10:00"), {}, {Reason.ENDS_BEFORE_START}),
    (POLICE, (DESKS[0], "11:00", "11:00"), {}, {Reason.ENDS_BEFORE_START}),
    (POLICE, (DESKS[0], "05:00", "08:00"), {}, {Reason.IN_THE_PAST}),
    (ARTIST, (DESKS[0], "20:00", "21:01"), {}, {Reason.OUTSIDE_HOURS}),
    (ARTIST, (DESKS[0], "10:00", "14:01"), {}, {Reason.TOO_LONG}),
    (
        ARTIST,
        (DESKS[0], "16:00", "21:30"),
        LONG,
        {Reason.OUTSIDE_HOURS, Reason.TOO_LONG, Reason.TITLE_TOO_LONG},
    ),
    (ARTIST, (DESKS[0], "10:00", "11:00"), {"visibility": "confidential"}, {Reason.NO_CONFIDENTIAL}),
    (POLICE, ("matsalen", "10:00", "11:00"), {}, {Reason.UNKNOWN_RESOURCE}),
    (POLICE, (DESKS[0], "10:00", "11:00"), {"circle": SOCIAL_CIRCLE}, {Reason.CIRCLE_NOT_YOURS}),
    (POLICE, (DESKS[0], "10:00", "11:00"), {"circle": "finns-inte"}, {Reason.CIRCLE_NOT_YOURS}),
    (POLICE, (DESKS[0], "10:00", "11:00"), {"title": "en\nrad till"}, {Reason.TITLE_LINE_BREAK}),
    (POLICE, (DESKS[0], "10:00", "11:00"), {"title": "en\u2028rad till"}, {Reason.TITLE_LINE_BREAK}),
    (POLICE, (DESKS[0], "10:00", "11:00"), {"title": "\x07"}, {Reason.UNPRINTABLE}),
    (POLICE, (DESKS[0], "10:00", "11:00"), {"note": "å" * 4001}, {Reason.NOTE_TOO_LONG}),
    (POLICE, (DESKS[0], "10:00", "11:00"), {"attendees": ("ingen@example.org",)}, {Reason.UNKNOWN_PERSON}),
    (POLICE, (DESKS[0], "10:00", "11:00"), {"equipment": (DESKS[1],)}, {Reason.UNKNOWN_EQUIPMENT}),
    (POLICE, (DESKS[0], "10:00", "11:00"), {"clear_desks": True}, {Reason.DESKS_ARE_NOT_CLEARED_FOR}),
    (
        POLICE,
        (MEETING_ROOM, "10:00", "11:00"),
        {"circle": POLICE_CIRCLE, "attendees": (MIKA,)},
        {Reason.ATTENDEE_OUTSIDE_CIRCLE},
    ),
]


@pytest.mark.parametrize(("who", "what", "fields", "reasons"), WRONG)
def test_a_rule_refuses_with_every_reason_and_nothing_is_written(
    house: House,
    database: str,
    who: str,
    what: tuple[str, str, str],
    fields: dict[str, Any],
    reasons: set[Reason],
) -> None:
    before = done_by_table(database)
    with pytest.raises(Refused) as refused:
        house.book(who, *what, **fields)
    assert {each.reason for each in refused.value.refusals} == reasons
    assert done_by_table(database) == before


def test_nobody_books_further_ahead_than_their_kind_may(house: House) -> None:
    last = MORNING.date() + timedelta(days=30)
    house.book(ARTIST, DESKS[0], "10:00", "11:00", last)
    with pytest.raises(Refused) as refused:
        house.book(ARTIST, DESKS[0], "10:00", "11:00", last + timedelta(days=1))
    assert [each.reason for each in refused.value.refusals] == [Reason.TOO_FAR_AHEAD]


def test_no_time_is_longer_than_31_days(house: House) -> None:
    order = house.order(DESKS[0], "10:00", "11:00")
    longest = replace(order, span=replace(order.span, end=order.span.start + timedelta(days=31)))
    booking.book(house.viewer(POLICE), longest, house.clock())
    longer = replace(order, span=replace(order.span, end=order.span.start + timedelta(days=31, minutes=1)))
    with pytest.raises(Refused) as refused:
        booking.book(house.viewer(GUARD), longer, house.clock())
    assert [each.reason for each in refused.value.refusals] == [Reason.TOO_LONG]


def test_an_administrator_of_the_system_books_nothing(house: House) -> None:
    with pytest.raises(Forbidden):
        house.book(ADMINISTRATOR, DESKS[0], "10:00", "11:00")


def test_a_premises_that_is_not_there_is_not_found(house: House) -> None:
    order = replace(house.order(DESKS[0], "10:00", "11:00"), premises="plattan")
    with pytest.raises(NotFound):
        booking.book(house.viewer(POLICE), order, house.clock())


# --- refused by what stands -------------------------------------------------------------------


def test_a_desk_that_somebody_has_is_refused_with_who_has_it(house: House) -> None:
    taken = house.book(TRAFFIC, DESKS[0], "10:00", "12:00", title="Skyltar", visibility="open").view
    clash = house.clash(ARTIST, DESKS[0], "11:00", "13:00")
    assert [(each.id, each.span) for each in clash.clashes if isinstance(each, Full)] == [
        (taken.id, taken.span)
    ]


def test_what_clashes_is_not_written(house: House, database: str) -> None:
    house.book(TRAFFIC, DESKS[0], "10:00", "12:00")
    before = rows_by_table(database)
    house.clash(POLICE, DESKS[0], "11:00", "13:00", title="Aldrig sparad")
    assert rows_by_table(database) == before


def test_any_desk_gives_each_person_a_desk_of_their_own_until_none_is_left(house: House) -> None:
    given = [
        house.book(who, ANY_DESK, "10:00", "11:00").view.resource for who in (POLICE, GUARD, TRAFFIC, ARTIST)
    ]
    assert sorted(given) == list(DESKS)
    clash = house.clash(COORDINATOR, ANY_DESK, "10:30", "11:30")
    assert len([each for each in clash.clashes if isinstance(each, Full)]) == 4
    assert house.book(COORDINATOR, ANY_DESK, "11:00", "12:00").view.resource in DESKS


@pytest.mark.parametrize(
    ("who", "resource", "fields"),
    [
        (ARTIST, DESKS[0], {}),
        (ARTIST, ANY_DESK, {}),
        (TRAFFIC, MEETING_ROOM, {}),
        (TRAFFIC, HALL, {}),
        (TRAFFIC, HALL, {"clear_desks": True}),
        (SOCIAL, MEETING_ROOM, {"circle": SOCIAL_CIRCLE}),
        (GUARD, HALL, {"circle": POLICE_CIRCLE}),
        (POLICE, DESKS[0], {"circle": POLICE_CIRCLE}),
    ],
)
def test_every_time_that_is_offered_instead_can_be_had(
    house: House, who: str, resource: str, fields: dict[str, Any]
) -> None:
    house.book(POLICE, HALL, "17:00", "17:45", circle=POLICE_CIRCLE)
    house.book(SOCIAL, MEETING_ROOM, "18:00", "18:30", circle=SOCIAL_CIRCLE)
    house.book(TRAFFIC, DESKS[0], "15:00", "16:30", visibility="open")
    house.book(COORDINATOR, HALL, "19:00", "20:00", visibility="open", clear_desks=True)
    clash = house.clash(who, resource, "17:15", "18:15", **fields)
    assert clash.alternatives
    for each in clash.alternatives:
        order = replace(house.order(each.resource, "17:15", "18:15", **fields), span=each.span)
        booking.try_out(house.viewer(who), order, house.clock())


# --- trying out -------------------------------------------------------------------------------


def test_trying_out_answers_as_booking_would_and_writes_nothing(house: House, database: str) -> None:
    house.book(ARTIST, DESKS[1], "13:00", "15:00", visibility="open")
    before = rows_by_table(database)
    police, now = house.viewer(POLICE), house.clock()
    order = house.order(DESKS[0], "10:00", "11:00", title="Provad")
    shown = booking.preview(booking.try_out(police, order, now), order, now)
    with pytest.raises(Clash) as clash:
        booking.try_out(police, house.order(HALL, "14:00", "14:30", circle=POLICE_CIRCLE), now)
    with pytest.raises(Refused):
        booking.try_out(police, house.order(DESKS[0], "11:00", "10:00"), now)
    assert len(clash.value.displaceable) == 1
    assert rows_by_table(database) == before
    booked = house.book(POLICE, DESKS[0], "10:00", "11:00", title="Provad").view
    assert replace(shown, id=booked.id, uid=booked.uid) == booked


def test_the_audit_is_clean_after_all_kinds_of_bookings(house: House) -> None:
    house.book(ARTIST, DESKS[1], "14:00", "17:30")
    house.book(POLICE, HALL, "17:00", "17:45", circle=POLICE_CIRCLE, agree=True)
    house.book(GUARD, DESKS[0], "17:15", "18:15")
    (audit,) = operating.audit()
    assert audit.claims > 10
    assert audit.broken == ()
