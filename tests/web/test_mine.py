"""My bookings: what is coming, what was, and what had to give way, as people meet them."""

import re
from collections.abc import Callable
from datetime import timedelta

from booking.domain.bookings import Repetition
from tests.cast import (
    ADMINISTRATOR,
    ARTIST,
    DESKS,
    HALL,
    MEETING_ROOM,
    POLICE,
    POLICE_CIRCLE,
    POLICE_COLLEAGUE,
    SOCIAL,
    SOCIAL_CIRCLE,
    TABLE,
    TODAY,
    TRAFFIC,
)
from tests.support.house import House, Visitor

PLANTED = "Operation Blåsippa"


def words(page: str) -> str:
    """The words of a page, without marks."""
    return " ".join(re.sub(r"<[^>]*>", " ", page.split("<main", 1)[1]).split())


def test_bookings_stand_by_day_with_place_and_wall(house: House, browser: Callable[[str], Visitor]) -> None:
    house.book(POLICE, MEETING_ROOM, "13:00", "14:00", TODAY + timedelta(days=1), title="Genomgång")
    house.book(POLICE, DESKS[1], "11:00", "12:00", title="Rapport")
    house.book(TRAFFIC, DESKS[2], "11:00", "12:00", title="Skyltning")
    page = words(browser(POLICE).get("/mina").text)
    assert "Today, Tuesday 24 November 11:00–12:00 Rapport Desk 2 Change" in page
    assert "Tomorrow, Wednesday 25 November 13:00–14:00 Genomgång Meeting room, wall closed" in page
    assert page.index("Today, ") < page.index("Tomorrow, ")
    assert "Skyltning" not in page


def test_nothing_coming_is_said_with_a_way_to_book(browser: Callable[[str], Visitor]) -> None:
    page = browser(POLICE).get("/mina").text
    assert "You have no coming bookings." in page
    assert page.count('href="/boka"') >= 2


def test_who_cannot_book_is_shown_no_button_for_it(browser: Callable[[str], Visitor]) -> None:
    page = browser(ADMINISTRATOR).get("/mina")
    assert page.status_code == 200
    assert 'class="btn pri hide-s"' not in page.text


def test_a_confidential_booking_of_ones_own_stays_closed_in_the_list(
    house: House, browser: Callable[[str], Visitor]
) -> None:
    house.book(
        POLICE, HALL, "17:00", "17:45", title=PLANTED, note=PLANTED, circle=POLICE_CIRCLE, clear_desks=True
    )
    page = browser(POLICE).get("/mina").text
    assert PLANTED not in page
    text = words(page)
    assert "Confidential Show the title 17:00–17:45 Whole premises, wall open, desks cleared" in text
    assert "Polis och ordningsvakter" in text


def test_what_has_been_stands_under_earlier_the_latest_first(
    house: House, browser: Callable[[str], Visitor]
) -> None:
    house.book(POLICE, DESKS[0], "08:00", "09:00", title="Först")
    house.book(POLICE, DESKS[0], "09:00", "10:00", title="Sedan")
    house.clock.step(hours=5)
    visitor = browser(POLICE)
    assert "Först" not in visitor.get("/mina").text
    page = visitor.get("/mina?vy=tidigare").text
    assert page.index("Sedan") < page.index("Först")
    assert "/andra" not in page


def test_colleagues_bookings_show_when_asked_for(house: House, browser: Callable[[str], Visitor]) -> None:
    house.book(POLICE_COLLEAGUE, DESKS[0], "11:00", "12:00", title="Hens rapport")
    visitor = browser(POLICE)
    assert "Hens rapport" not in visitor.get("/mina").text
    page = visitor.get("/mina?vem=alla").text
    assert "Hens rapport" in page
    assert "Polis Två" in page


def test_what_had_to_give_way_stands_first_and_is_told_without_who_or_why(
    house: House, browser: Callable[[str], Visitor]
) -> None:
    house.book(ARTIST, TABLE, "10:00", "11:00", title="Tidigare på dagen")
    house.book(ARTIST, DESKS[1], "17:00", "18:00", title="Repetera")
    house.clock.step(minutes=20)
    house.book(POLICE, HALL, "17:00", "17:45", title=PLANTED, circle=POLICE_CIRCLE, agree=True)
    page = browser(ARTIST).get("/mina").text
    text = words(page)
    assert "Had to give way 17:00–18:00 Repetera" in text
    assert "Had to give way today 17:00–17:45. A booking with priority needs the premises." in text
    assert "You were told 24 Nov 07:20." in text
    assert "Nearest free times:" in text
    assert text.index("Repetera") < text.index("Tidigare på dagen")
    for secret in (PLANTED, "Lokalpolis", "Polis", "Whole premises"):
        assert secret not in text


def test_it_stands_among_the_others_again_when_the_reason_is_gone(
    house: House, browser: Callable[[str], Visitor]
) -> None:
    house.book(ARTIST, DESKS[1], "17:00", "18:00", title="Repetera")
    reason = house.book(POLICE, HALL, "17:00", "17:45", title=PLANTED, circle=POLICE_CIRCLE, agree=True)
    browser(POLICE).submit(f"/bokning/{reason.view.id}/avboka")
    assert "Had to give way" not in browser(ARTIST).get("/mina").text


def test_what_was_just_done_is_told_only_to_whom_it_concerns(
    house: House, browser: Callable[[str], Visitor]
) -> None:
    ours = house.book(TRAFFIC, TABLE, "11:00", "12:00", title="Öppet", visibility="open").view.id
    theirs = house.book(SOCIAL, MEETING_ROOM, "13:00", "14:00", title=PLANTED, circle=SOCIAL_CIRCLE).view.id
    visitor = browser(POLICE)
    nothing = words(visitor.get("/mina").text)
    for query in (
        f"bokad={ours}",
        f"bokad={theirs}",
        f"avbokad={ours}",
        "bokad=never",
        "bokad=%00",
        "bokad=",
    ):
        assert words(visitor.get(f"/mina?{query}").text) == nothing
    assert "Booked. Conference table, today 11:00–12:00." in words(
        browser(TRAFFIC).get(f"/mina?bokad={ours}").text
    )


def test_what_was_just_booked_is_undone_by_one_press(house: House, browser: Callable[[str], Visitor]) -> None:
    made = house.book(POLICE, TABLE, "11:00", "12:00", title="Möte").view.id
    visitor = browser(POLICE)
    text = visitor.get(f"/mina?bokad={made}").text
    undo = re.search(r'role="status">.*?action="([^"]*)".*?Undo', text, re.DOTALL)
    assert undo
    assert visitor.submit(undo[1]).status_code == 303
    assert "You have no coming bookings." in visitor.get("/mina").text


def test_a_series_says_how_it_comes_back_and_its_thirty_times_cost_what_one_does(
    house: House, browser: Callable[[str], Visitor]
) -> None:
    visitor = browser(POLICE)
    house.book(POLICE, TABLE, "11:00", "12:00", title="Möte")
    visitor.get("/mina")
    with house.asked() as one:
        visitor.get("/mina")
    house.book(POLICE, DESKS[0], "11:00", "12:00", title="Pass", repeat=Repetition("FREQ=DAILY;COUNT=29"))
    with house.asked() as many:
        page = visitor.get("/mina").text
    assert len(many) == len(one)
    assert words(page).count("Every day") == 10
    assert words(page).count("And 19 times more") == 1


def test_who_is_not_signed_in_is_asked_to(house: House) -> None:
    answer = house.visitor().get("/mina")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/logga-in")


def test_a_list_of_thirty_asks_the_database_no_more_than_a_list_of_one(
    house: House, browser: Callable[[str], Visitor]
) -> None:
    visitor = browser(POLICE)
    house.book(POLICE, TABLE, "11:00", "12:00", title="Möte")
    visitor.get("/mina")
    with house.asked() as one:
        visitor.get("/mina")
    for number in range(1, 30):
        house.book(POLICE, TABLE, "11:00", "12:00", TODAY + timedelta(days=number), title="Möte")
    with house.asked() as thirty:
        page = visitor.get("/mina").text
    assert page.count('class="bk card') == 30
    assert len(thirty) == len(one)
