"""Coming, leaving, a place's own page and its sign, and asking to swap, as people meet them."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select

from booking.actions import looking
from booking.domain.views import Full
from booking.storage.database import run
from booking.storage.tables import notices
from tests.cast import (
    ADMINISTRATOR,
    ARTIST,
    COORDINATOR,
    DESKS,
    GUARD,
    HALL,
    MEETING_ROOM,
    POLICE,
    POLICE_CIRCLE,
    POLICE_COLLEAGUE,
    TABLE,
    TRAFFIC,
)
from tests.support.house import House, Visitor

Browser = Callable[[str], Visitor]
PLANTED = "Operation Blåsippa"


def seen(house: House, who: str, made: Full) -> Full:
    with house.inside():
        return looking.look_at(house.viewer(who), made.id, house.clock()).view


def at(house: House, clock: str) -> None:
    house.clock.now = house.at(clock)


# --- the buttons ------------------------------------------------------------------------------


def test_one_checks_in_and_ends_from_the_bookings_own_page(house: House, browser: Browser) -> None:
    made = house.book(TRAFFIC, DESKS[0], "10:00", "12:00").view
    visitor, path = browser(TRAFFIC), f"/bokning/{made.id}"
    assert "Check in" not in visitor.get(path).text
    at(house, "09:50")
    page = visitor.get(path).text
    assert "Check in" in page
    assert "End now" not in page
    answer = visitor.submit(f"{path}/checka-in")
    assert (answer.status_code, answer.location.partition("?")[0]) == (303, path)
    page = visitor.get(path).text
    assert "You are checked in." in page
    assert "Check in<" not in page
    at(house, "11:00")
    assert "End now" in visitor.get(path).text
    visitor.submit(f"{path}/avsluta", {"next": "/idag"})
    assert seen(house, TRAFFIC, made).span == house.span("10:00", "11:00")


def test_the_buttons_lead_back_to_where_they_stood_and_never_out_of_the_house(
    house: House, browser: Browser
) -> None:
    made = house.book(TRAFFIC, DESKS[0], "10:00", "12:00").view
    at(house, "10:05")
    visitor = browser(TRAFFIC)
    for onward, expected in (("/mina", "/mina"), ("//elsewhere.example", f"/bokning/{made.id}")):
        answer = visitor.submit(f"/bokning/{made.id}/checka-in", {"next": onward})
        assert answer.location.partition("?")[0] == expected


def test_they_stand_among_ones_own_bookings_and_over_the_board(house: House, browser: Browser) -> None:
    house.book(TRAFFIC, DESKS[0], "10:00", "12:00")
    house.book(TRAFFIC, DESKS[1], "18:00", "19:00")
    at(house, "10:05")
    visitor = browser(TRAFFIC)
    assert visitor.get("/mina").text.count("Check in<") == 1
    page = visitor.get("/idag").text
    assert re.search(r'<button[^>]*form="attend"[^>]*checka-in[^>]*>Check in</button>', page)
    assert '<form id="attend"' in page
    assert "Check in<" not in browser(GUARD).get("/idag").text


def test_the_part_that_keeps_itself_up_to_date_stays_the_same_bytes(house: House, browser: Browser) -> None:
    house.book(TRAFFIC, DESKS[0], "10:00", "12:00")
    at(house, "10:05")
    visitor = browser(TRAFFIC)
    first = visitor.get("/idag/delar")
    assert "checka-in" in first.text
    assert visitor.get("/idag/delar", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304


def test_too_late_is_said_and_nothing_done(house: House, browser: Browser) -> None:
    made = house.book(TRAFFIC, DESKS[0], "10:00", "12:00").view
    at(house, "12:00")
    visitor = browser(TRAFFIC)
    for step in ("checka-in", "avsluta"):
        visitor.submit(f"/bokning/{made.id}/{step}")
        assert "The booking has ended." in visitor.get(f"/bokning/{made.id}").text


@pytest.mark.parametrize("step", ["checka-in", "avsluta", "fraga"])
def test_what_one_may_not_know_answers_as_an_address_never_used(
    house: House, browser: Browser, step: str
) -> None:
    made = house.book(POLICE, HALL, "10:00", "12:00", circle=POLICE_CIRCLE).view
    at(house, "10:05")
    for who in (TRAFFIC, COORDINATOR, ADMINISTRATOR, ARTIST):
        visitor = browser(who)
        for which in ("", "?tillfalle=20261124T090000Z", "?tillfalle=x"):
            hidden = visitor.submit(f"/bokning/{made.id}/{step}{which}")
            unused = visitor.submit(f"/bokning/{'x' * 22}/{step}{which}")
            assert (hidden.status_code, hidden.data) == (unused.status_code, unused.data)
            assert hidden.status_code == 404


# --- a place ----------------------------------------------------------------------------------


def address(house: House, key: str) -> str:
    return f"/plats/{house.place.public_ids[key]}"


def test_a_free_place_can_be_booked_at_once(house: House, browser: Browser) -> None:
    at(house, "10:05")
    page = browser(TRAFFIC).get(address(house, DESKS[0])).text
    assert "Free until" in page
    link = re.search(r'href="(/boka\?[^"]*)">Book it now', page)
    assert link
    assert browser(TRAFFIC).get(link[1].replace("&amp;", "&")).status_code == 200


def test_one_checks_in_by_the_place_where_one_stands(house: House, browser: Browser) -> None:
    house.book(TRAFFIC, TABLE, "10:00", "12:00", title="Lägesmöte")
    at(house, "10:05")
    page = browser(TRAFFIC).get(address(house, TABLE)).text
    assert "Lägesmöte" in page
    assert "Check in<" in page
    assert "Book it now" not in page
    other = browser(GUARD).get(address(house, TABLE)).text
    assert "Lägesmöte" in other
    assert "Check in<" not in other


def test_what_is_confidential_is_busy_to_others_and_closed_to_its_circle(
    house: House, browser: Browser
) -> None:
    house.book(POLICE, HALL, "10:00", "12:00", title=PLANTED, circle=POLICE_CIRCLE)
    at(house, "10:05")
    for key in (HALL, DESKS[0], MEETING_ROOM):
        page = browser(TRAFFIC).get(address(house, key)).text
        assert "Busy until" in page
        assert "Confidential" not in page
    page = browser(POLICE_COLLEAGUE).get(address(house, HALL)).text
    assert "Confidential" in page
    assert PLANTED not in page
    assert "Check in<" in page


def test_places_that_are_none_are_not_there(house: House, browser: Browser) -> None:
    wall = house.place.public_ids["glasvaggen"]
    for number in ("x" * 22, DESKS[0], wall, "å"):
        assert browser(TRAFFIC).get(f"/plats/{number}").status_code == 404


def test_the_coordinator_prints_a_sign_for_every_place(house: House, browser: Browser) -> None:
    page = browser(COORDINATOR).get("/samordning/skyltar")
    assert page.text.count("<svg") >= 7
    assert page.text.count('class="sign card"') == 7
    assert " style=" not in page.text
    for who in (POLICE, ARTIST, ADMINISTRATOR):
        assert browser(who).get("/samordning/skyltar").status_code == 403


# --- asking to swap ---------------------------------------------------------------------------


def test_a_question_reaches_whoever_has_booked(house: House, browser: Browser) -> None:
    made = house.book(TRAFFIC, TABLE, "10:00", "12:00", visibility="open").view
    visitor, path = browser(ARTIST), f"/bokning/{made.id}"
    assert "Ask to swap" in visitor.get(path).text
    assert visitor.submit(f"{path}/fraga", {"ord": "Kan vi byta?"}).status_code == 303
    assert "Your question has been sent." in visitor.get(path).text
    with house.inside():
        row = run(select(notices)).one()
        assert (row.person_id, row.words) == (house.viewer(TRAFFIC).person, "Kan vi byta?")
    assert "Ask to swap" not in browser(TRAFFIC).get(path).text


def test_what_is_wrong_is_said_and_what_was_written_is_kept(house: House, browser: Browser) -> None:
    made = house.book(TRAFFIC, TABLE, "10:00", "12:00").view
    answer = browser(GUARD).submit(f"/bokning/{made.id}/fraga", {"ord": "x" * 501})
    assert answer.status_code == 422
    assert "x" * 501 in answer.text
    assert "Write 500 characters at most." in answer.text


def test_the_sixth_question_of_a_day_waits(house: House, browser: Browser) -> None:
    made = house.book(TRAFFIC, TABLE, "10:00", "12:00").view
    visitor = browser(GUARD)
    sent = [visitor.submit(f"/bokning/{made.id}/fraga", {"ord": "Byta?"}).status_code for _ in range(6)]
    assert sent == [303] * 5 + [429]


def test_nobody_writes_about_what_is_confidential(house: House, browser: Browser) -> None:
    made = house.book(POLICE, HALL, "10:00", "12:00", circle=POLICE_CIRCLE).view
    visitor = browser(GUARD)
    assert "<textarea" not in visitor.get(f"/bokning/{made.id}").text
    visitor.submit(f"/bokning/{made.id}/fraga", {"ord": PLANTED})
    with house.inside():
        assert run(select(notices.c.words)).scalars().all() == [None]
