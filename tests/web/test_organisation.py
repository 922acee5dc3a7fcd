"""The page of one's own organisation: its people, handing over, letting go."""

import re
from collections.abc import Callable

import pytest

from booking.actions import looking
from booking.domain.bookings import Status
from booking.domain.views import Full
from tests.cast import (
    ADMINISTRATOR,
    ARTIST,
    COORDINATOR,
    DESKS,
    GUARD,
    HALL,
    POLICE,
    POLICE_CIRCLE,
    POLICE_COLLEAGUE,
    TRAFFIC,
)
from tests.support.dump import done_by_table
from tests.support.house import House, Visitor

Browser = Callable[[str], Visitor]
PAGE = "/organisationen"
TOKEN = re.compile(r'name="csrf_token" value="[^"]*"')


def seen(house: House, made: Full) -> Full:
    with house.inside():
        return looking.look_at(house.viewer(POLICE), made.id, house.clock(), made.occurrence).view


def body(visitor: Visitor) -> str:
    """What the page says, its frame left out: there the one who takes over sees that there is news."""
    return TOKEN.sub("", visitor.get(PAGE).text.partition("<main")[2])


def test_its_administrator_finds_the_people_of_the_organisation(house: House, browser: Browser) -> None:
    visitor = browser(POLICE)
    assert PAGE in visitor.get("/mina").text
    page = visitor.get(PAGE).text
    assert POLICE in page
    assert POLICE_COLLEAGUE in page
    assert GUARD not in page


@pytest.mark.parametrize("who", [POLICE_COLLEAGUE, COORDINATOR, ADMINISTRATOR, ARTIST, TRAFFIC])
def test_nobody_else_has_the_page_or_does_what_it_does(
    house: House, browser: Browser, database: str, who: str
) -> None:
    house.book(POLICE_COLLEAGUE, DESKS[0], "10:00", "12:00")
    visitor = browser(who)
    assert PAGE not in visitor.get("/mina").text
    before = {name: rows for name, rows in done_by_table(database).items() if name != "sessions"}
    fields = {"vem": POLICE_COLLEAGUE, "till": POLICE}
    assert visitor.get(PAGE).status_code == 403
    for path in (f"{PAGE}/lamna-over", f"{PAGE}/avsluta"):
        assert visitor.submit(path, fields).status_code == 403
    after = {name: rows for name, rows in done_by_table(database).items() if name != "sessions"}
    assert after == before


def test_handing_over_says_the_same_whatever_there_was(house: House, browser: Browser) -> None:
    visitor, fields = browser(POLICE), {"vem": POLICE_COLLEAGUE, "till": POLICE}
    assert visitor.submit(f"{PAGE}/lamna-over", fields).status_code == 303
    nothing = body(visitor)
    made = house.book(POLICE_COLLEAGUE, HALL, "10:00", "12:00", circle=POLICE_CIRCLE).view
    assert visitor.submit(f"{PAGE}/lamna-over", fields).status_code == 303
    assert body(visitor) == nothing
    assert "Handed over." in nothing
    assert seen(house, made).mine


def test_letting_go_asks_what_becomes_of_what_is_ahead(house: House, browser: Browser) -> None:
    made = house.book(POLICE_COLLEAGUE, DESKS[0], "10:00", "12:00").view
    visitor, colleague = browser(POLICE), browser(POLICE_COLLEAGUE)
    asked = visitor.submit(f"{PAGE}/avsluta", {"vem": POLICE_COLLEAGUE})
    assert asked.status_code == 200
    assert "is cancelled" in asked.text
    assert colleague.is_let_in()
    answer = visitor.submit(f"{PAGE}/avsluta", {"vem": POLICE_COLLEAGUE, "till": "avboka"})
    assert answer.status_code == 303
    assert seen(house, made).status is Status.CANCELLED
    assert not colleague.is_let_in()
    assert "has left" in visitor.get(PAGE).text


def test_or_it_goes_to_a_colleague(house: House, browser: Browser) -> None:
    made = house.book(POLICE_COLLEAGUE, DESKS[0], "10:00", "12:00").view
    browser(POLICE).submit(f"{PAGE}/avsluta", {"vem": POLICE_COLLEAGUE, "till": POLICE})
    assert seen(house, made).mine


def test_the_last_administrator_is_told_why_not(house: House, browser: Browser) -> None:
    answer = browser(POLICE).submit(f"{PAGE}/avsluta", {"vem": POLICE, "till": POLICE_COLLEAGUE})
    assert answer.status_code == 422
    assert "without an administrator" in answer.text


@pytest.mark.parametrize("to", [GUARD, POLICE_COLLEAGUE, "nobody@example.org", "x"])
def test_only_a_colleague_who_is_there_takes_over(house: House, browser: Browser, to: str) -> None:
    visitor = browser(POLICE)
    for path in (f"{PAGE}/lamna-over", f"{PAGE}/avsluta"):
        answer = visitor.submit(path, {"vem": POLICE_COLLEAGUE, "till": to})
        assert answer.status_code == 422
        assert "Choose a colleague who is still there." in answer.text


def test_people_of_others_are_not_there(house: House, browser: Browser) -> None:
    visitor = browser(POLICE)
    for path in (f"{PAGE}/lamna-over", f"{PAGE}/avsluta"):
        for to in ("", POLICE_COLLEAGUE):
            assert visitor.submit(path, {"vem": GUARD, "till": to}).status_code == 404
