"""Undo after cancelling, as people meet it: a bar on one's own bookings, and what is said when it cannot be."""

import re
from collections.abc import Callable
from datetime import timedelta

from booking.actions import cancelling
from booking.domain.bookings import Repetition
from tests.cast import ARTIST, DESKS, GUARD, MEETING_ROOM, POLICE, POLICE_CIRCLE, TODAY, TRAFFIC
from tests.support.house import House, Visitor

Browser = Callable[[str], Visitor]
UNDO = re.compile(r'action="(/bokning/[^"]+/angra[^"]*)"')


def words(page: str) -> str:
    """The words of a page, without marks."""
    return " ".join(re.sub(r"<[^>]*>", " ", page.split("<main", 1)[1]).split())


def cancelled(visitor: Visitor, number: str, **fields: str) -> str:
    """The page that stands there after a booking was cancelled."""
    answer = visitor.submit(f"/bokning/{number}/avboka", fields, follow_redirects=True)
    assert answer.status_code == 200
    return answer.text


def undone(page: str) -> str:
    """Where the page's button Undo leads."""
    found = UNDO.search(page)
    assert found, "there is nothing to undo with"
    return found[1]


def test_the_bar_undoes_a_cancelling(house: House, browser: Browser) -> None:
    made = house.book(POLICE, DESKS[1], "11:00", "12:00", title="Rapport").view.id
    police = browser(POLICE)
    page = cancelled(police, made)
    assert "Cancelled. Desk 2, today 11:00–12:00. Undo" in words(page)
    answer = police.submit(undone(page), follow_redirects=True)
    assert "Undone: the booking stands again. Desk 2, today 11:00–12:00." in words(answer.text)
    assert "11:00–12:00 Rapport Desk 2" in words(answer.text)
    assert not UNDO.search(answer.text)


def test_a_second_press_of_the_same_button_is_no_fault(house: House, browser: Browser) -> None:
    made = house.book(POLICE, DESKS[1], "11:00", "12:00").view.id
    police = browser(POLICE)
    address = undone(cancelled(police, made))
    for _ in range(2):
        assert police.submit(address).status_code == 303
    assert police.submit(address, follow_redirects=True).status_code == 200


def test_the_page_of_the_booking_undoes_it_too(house: House, browser: Browser) -> None:
    made = house.book(POLICE, DESKS[1], "11:00", "12:00").view.id
    police = browser(POLICE)
    cancelled(police, made)
    address = undone(police.get(f"/bokning/{made}").text)
    house.clock.step(minutes=10)
    late = police.get(f"/bokning/{made}").text
    assert not UNDO.search(late)
    assert "The booking is cancelled. Book it anew" in words(late)
    answer = police.submit(address)
    assert answer.status_code == 422
    assert "That can no longer be undone. Book it anew." in words(answer.text)


def test_how_much_of_a_series_was_cancelled_is_undone(house: House, browser: Browser) -> None:
    repeat = Repetition("FREQ=DAILY;COUNT=3")
    made = house.book(POLICE, DESKS[1], "11:00", "12:00", repeat=repeat).view.id
    police = browser(POLICE)
    page = cancelled(police, made, omfattning="alla")
    assert "No coming bookings" not in police.submit(undone(page), follow_redirects=True).text
    assert words(police.get("/mina").text).count("11:00–12:00 Booked Desk 2") == 3


def test_where_the_time_is_taken_it_says_by_what_and_offers_to_book_anew(
    house: House, browser: Browser
) -> None:
    made = house.book(POLICE, DESKS[1], "11:00", "12:00").view
    police = browser(POLICE)
    address = undone(cancelled(police, made.id))
    house.book(TRAFFIC, DESKS[1], "11:30", "12:30", title="Skyltning")
    answer = police.submit(address)
    assert answer.status_code == 409
    assert "The time has been taken. Desk 2 is booked 11:30–12:30 (Skyltning, Trafikkontoret)." in words(
        answer.text
    )
    assert f'href="/boka?kopia={made.id}' in answer.text


def test_what_hides_in_the_time_is_busy_and_no_more(house: House, browser: Browser) -> None:
    made = house.book(TRAFFIC, MEETING_ROOM, "11:00", "12:00", TODAY + timedelta(days=1)).view
    traffic = browser(TRAFFIC)
    address = undone(cancelled(traffic, made.id))
    day = TODAY + timedelta(days=1)
    hidden = house.book(POLICE, MEETING_ROOM, "11:00", "12:00", day, title="Blåsippa", circle=POLICE_CIRCLE)
    answer = traffic.submit(address)
    assert answer.status_code == 409
    assert "The time has been taken. Meeting room: busy 11:00–12:00." in words(answer.text)
    for secret in ("Blåsippa", "Polis", hidden.view.id):
        assert secret not in answer.text


def test_for_others_there_is_nothing_to_undo(house: House, browser: Browser) -> None:
    seen = house.book(POLICE, DESKS[1], "11:00", "12:00", visibility="open").view.id
    hidden = house.book(POLICE, MEETING_ROOM, "13:00", "14:00", circle=POLICE_CIRCLE).view.id
    for number in (seen, hidden):
        with house.inside():
            cancelling.cancel(house.viewer(POLICE), number, house.clock())
    artist = browser(ARTIST)
    never = artist.submit(f"/bokning/{'0' * 22}/angra")
    for who, number in ((ARTIST, seen), (ARTIST, hidden), (GUARD, hidden)):
        answer = browser(who).submit(f"/bokning/{number}/angra")
        assert answer.status_code == 404
        if who == ARTIST:
            assert answer.data == never.data
