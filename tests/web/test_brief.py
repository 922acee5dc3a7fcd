"""A booking in brief, as the board shows it in a popover, and a move that is answered before it is saved."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import func, select

from booking.domain.bookings import Repetition
from booking.storage import tables
from booking.storage.database import run
from tests.cast import (
    ADMINISTRATOR,
    ARTIST,
    DESKS,
    GUARD,
    HALL,
    MEETING_ROOM,
    POLICE,
    POLICE_CIRCLE,
    POLICE_COLLEAGUE,
    SOCIAL,
    TRAFFIC,
)
from tests.support.house import House, Visitor

PLANTED = "Operation Blåsippa"
NEVER_USED = "zzzzzzzzzzzzzzzzzzzzzz"
CARRIED = re.compile(r'<a class="blk[^"]*"[^>]* data-from="(\d+)" data-to="(\d+)"')


@pytest.fixture
def briefing(house: House) -> str:
    """A confidential briefing in the hall, by its id."""
    return house.book(
        POLICE, HALL, "17:00", "17:45", title=PLANTED, note="Samling", circle=POLICE_CIRCLE
    ).view.id


def openings(house: House) -> int:
    with house.inside():
        number: int = run(select(func.count()).select_from(tables.openings)).scalar_one()
        return number


def texts(page: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))


# --- in brief ---------------------------------------------------------------------------------


def test_in_brief_it_says_when_where_whose_and_who_may_know(
    house: House, browser: Callable[[str], Visitor]
) -> None:
    made = house.book(TRAFFIC, MEETING_ROOM, "11:00", "12:00", title="Lägesmöte", note="Ta med karta")
    page = browser(POLICE).get(f"/bokning/{made.view.id}/kort").text
    for words in (
        "Lägesmöte",
        "Tuesday 24 November",
        "11:00–12:00",
        "Meeting room, wall closed",
        "Trafikkontoret",
    ):
        assert words in texts(page)
    assert "<html" not in page
    assert "/avboka" not in page
    assert "/andra" not in page
    assert f"/bokning/{made.view.id}" in page
    assert "#ask" in page  # whoever may not change it may ask for it


def test_ones_own_can_be_changed_and_cancelled_from_there(
    house: House, browser: Callable[[str], Visitor]
) -> None:
    number = house.book(POLICE, DESKS[0], "11:00", "12:00").view.id
    for person in (POLICE, POLICE_COLLEAGUE):
        page = browser(person).get(f"/bokning/{number}/kort").text
        assert f"/bokning/{number}/andra" in page
        assert f"/bokning/{number}/avboka" in page
        assert "#ask" not in page
    house.clock.step(hours=6)
    page = browser(POLICE).get(f"/bokning/{number}/kort").text
    assert "/andra" not in page
    assert "/avboka" not in page


def test_what_one_may_not_know_is_an_address_never_used(house: House, briefing: str) -> None:
    for outsider in (ARTIST, TRAFFIC, SOCIAL, ADMINISTRATOR):
        visitor = house.visitor(outsider)
        hidden, never = (visitor.get(f"/bokning/{each}/kort") for each in (briefing, NEVER_USED))
        assert (hidden.status_code, hidden.data) == (404, never.data)
        tried = [visitor.submit(f"/bokning/{each}/oppna", {"kort": "1"}) for each in (briefing, NEVER_USED)]
        assert tried[0].status_code == 404
        assert tried[0].data == tried[1].data
    assert openings(house) == 0


def test_confidential_details_are_opened_in_brief_in_one_answer_and_noted(
    house: House, browser: Callable[[str], Visitor], briefing: str
) -> None:
    guard = browser(GUARD)
    closed = guard.get(f"/bokning/{briefing}/kort")
    assert "Confidential" in texts(closed.text)
    assert "Opening is noted." in texts(closed.text)
    assert PLANTED not in closed.text
    assert openings(house) == 0
    opened = guard.submit(f"/bokning/{briefing}/oppna", {"kort": "1"})
    assert PLANTED in opened.text
    assert "Samling" in opened.text
    assert "<html" not in opened.text
    assert opened.headers["Cache-Control"] == "no-store"
    assert openings(house) == 1
    assert PLANTED not in guard.get(f"/bokning/{briefing}/kort").text


def test_signed_out_it_leads_to_signing_in(house: House, briefing: str) -> None:
    assert "/logga-in" in house.visitor().get(f"/bokning/{briefing}/kort").location


# --- what may be carried ----------------------------------------------------------------------


def test_only_ones_own_organisations_bookings_to_come_can_be_carried(house: House) -> None:
    house.book(POLICE, DESKS[0], "11:00", "12:00", visibility="open")
    house.book(TRAFFIC, DESKS[1], "13:00", "14:00", visibility="open")
    board = "/idag?vy=tavla&datum=2026-11-24"
    assert {*CARRIED.findall(house.visitor(POLICE).get(board).text)} == {("660", "720")}
    assert {*CARRIED.findall(house.visitor(POLICE_COLLEAGUE).get(board).text)} == {("660", "720")}
    assert {*CARRIED.findall(house.visitor(TRAFFIC).get(board).text)} == {("780", "840")}
    for person in (ARTIST, SOCIAL, ADMINISTRATOR):
        assert CARRIED.findall(house.visitor(person).get(board).text) == []
    house.clock.step(hours=4, minutes=30)
    assert "data-begun" in house.visitor(POLICE).get(board).text
    house.clock.step(hours=2)
    assert CARRIED.findall(house.visitor(POLICE).get(board).text) == []


def test_the_circle_sees_a_briefing_that_only_its_own_organisation_can_carry(
    house: House, briefing: str
) -> None:
    board = "/idag?vy=tavla&datum=2026-11-24"
    assert {*CARRIED.findall(house.visitor(POLICE).get(board).text)} == {("1020", "1065")}
    assert f"/bokning/{briefing}" in house.visitor(GUARD).get(board).text
    assert CARRIED.findall(house.visitor(GUARD).get(board).text) == []


def test_on_a_day_when_the_clocks_change_nothing_is_dragged(house: House) -> None:
    visitor = house.visitor(POLICE)
    assert "data-first" in visitor.get("/idag?vy=tavla&datum=2027-03-27").text
    assert "data-first" not in visitor.get("/idag?vy=tavla&datum=2027-03-28").text


# --- a move, answered before it is saved ------------------------------------------------------


def the_answer(page: str) -> str:
    found = re.search(r'<div role="status".*?(?=<div class="acts">)', page, re.DOTALL)
    assert found
    return texts(found[0])


def test_a_link_puts_another_time_and_place_into_the_form_and_says_that_it_is_free(
    house: House, browser: Callable[[str], Visitor]
) -> None:
    number = house.book(POLICE, DESKS[0], "11:00", "12:00").view.id
    page = browser(POLICE).get(f"/bokning/{number}/andra?fran=13:00&till=14:15&plats={DESKS[1]}").text
    assert re.search(r'<option value="13:00" selected', page)
    assert re.search(r'<option value="14:15" selected', page)
    assert re.search(rf'<option value="{DESKS[1]}" selected', page)
    assert "Free Desk 2, Tuesday 24 November 13:00–14:15." in the_answer(page)


def test_a_link_to_what_is_taken_says_what_it_clashes_with_as_one_may_know_it(
    house: House, browser: Callable[[str], Visitor], briefing: str
) -> None:
    number = house.book(ARTIST, DESKS[0], "11:00", "12:00").view.id
    answer = the_answer(browser(ARTIST).get(f"/bokning/{number}/andra?fran=17:15&till=18:15").text)
    assert "Clashes" in answer
    assert "17:00–17:45" in answer
    for secret in (PLANTED, "Polis", "Confidential"):
        assert secret not in answer


def test_what_a_rule_forbids_is_said_too(house: House, browser: Callable[[str], Visitor]) -> None:
    number = house.book(ARTIST, DESKS[0], "11:00", "12:00").view.id
    late = house.clock.now.date() + timedelta(days=300)
    answer = the_answer(browser(ARTIST).get(f"/bokning/{number}/andra?datum={late}").text)
    assert "This cannot be booked" in answer


@pytest.mark.parametrize(
    "query", ["", "?fran=nonsense", "?plats=nowhere&till=99:99", "?fran=15:00", "?datum=x"]
)
def test_what_cannot_be_read_leaves_the_booking_as_it_stands(
    house: House, browser: Callable[[str], Visitor], query: str
) -> None:
    number = house.book(POLICE, DESKS[0], "11:00", "12:00").view.id
    page = browser(POLICE).get(f"/bokning/{number}/andra{query}").text
    assert re.search(r'<option value="11:00" selected', page)
    assert re.search(r'<option value="12:00" selected', page)


def test_looking_at_a_move_changes_nothing(house: House, browser: Callable[[str], Visitor]) -> None:
    made = house.book(POLICE, DESKS[0], "11:00", "12:00", repeat=Repetition("FREQ=DAILY;COUNT=3"))
    visitor = browser(POLICE)
    page = visitor.get(f"/bokning/{made.view.id}/andra?fran=13:00&till=14:00").text
    assert "Only this" in texts(page)  # a series asks how much of it, as ever
    assert "11:00–12:00" in texts(visitor.get(f"/bokning/{made.view.id}/kort").text)
