"""The week of one place as people of each kind meet it."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from html import unescape

import pytest

from tests.cast import (
    ARTIST,
    COORDINATOR,
    DESKS,
    GUARD,
    HALL,
    MEETING_ROOM,
    POLICE,
    POLICE_CIRCLE,
    TABLE,
    TODAY,
    TRAFFIC,
)
from tests.support.house import House, Visitor

PLANTED = "Operation Blåsippa"
BOARD = "/vecka?plats={}&datum=2026-11-24&vy=tavla"
LIST = "/vecka?plats={}&datum=2026-11-24&vy=lista"
FRIDAY = TODAY + timedelta(days=3)
GAP = re.compile(r'<a class="gap[^"]*" href="([^"]+)"[^>]* aria-label="([^"]+)"')
Browse = Callable[[str], Visitor]


def texts(page: str) -> str:
    """What a page says, its tags taken away."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))


def test_a_week_has_its_seven_days_and_the_bookings_of_the_place(house: House, browser: Browse) -> None:
    house.book(TRAFFIC, MEETING_ROOM, "10:00", "11:00", FRIDAY, title="Lägesmöte", visibility="open")
    house.book(TRAFFIC, DESKS[0], "10:00", "11:00", FRIDAY, title="Skyltning", visibility="open")
    page = browser(POLICE).get(BOARD.format(MEETING_ROOM)).text
    assert "<title>Week – Samlokal, Sergels torg</title>" in page
    assert "<h1>Meeting room</h1>" in page
    assert "Week 48 · 23 Nov – 29 Nov" in texts(page)
    assert re.findall(r"<h3.*?>([^<]+)</a></h3>", page) == [
        "Mon 23 Nov",
        "Tue 24 Nov",
        "Wed 25 Nov",
        "Thu 26 Nov",
        "Fri 27 Nov",
        "Sat 28 Nov",
        "Sun 29 Nov",
    ]
    assert "Lägesmöte" in page
    assert "Skyltning" not in page
    assert "Glass wall: Closed 09:55–11:00" in texts(page)


def test_a_desk_has_no_wall_beside_it(house: House, browser: Browse) -> None:
    assert "Glass wall" not in texts(browser(POLICE).get(BOARD.format(DESKS[0])).text)


def test_a_gap_opens_the_form_on_its_own_day(house: House, browser: Browse) -> None:
    house.book(TRAFFIC, MEETING_ROOM, "10:00", "11:00", FRIDAY, visibility="open")
    page = browser(POLICE).get(BOARD.format(MEETING_ROOM)).text
    found = {unescape(name): unescape(address) for address, name in GAP.findall(page)}
    address = found["Free 11:00–21:00, Meeting room. Book, Friday 27 November"]
    assert address == "/boka?plats=motesrummet&fran=11%3A00&till=12%3A00&datum=2026-11-27"
    assert not any("Monday 23" in name for name in found), "that day is over"


def test_list_and_board_offer_the_same_times(house: House, browser: Browse) -> None:
    house.book(TRAFFIC, TABLE, "13:00", "15:00", FRIDAY, visibility="open")
    visitor = browser(POLICE)
    board = {address for address, _ in GAP.findall(visitor.get(BOARD.format(MEETING_ROOM)).text)}
    listed = set(
        re.findall(r'<a class="btn sm"[^>]* href="([^"]+)"', visitor.get(LIST.format(MEETING_ROOM)).text)
    )
    assert board == listed
    assert len(board) == 7


@pytest.mark.parametrize("address", [BOARD, LIST])
@pytest.mark.parametrize("place", [MEETING_ROOM, HALL, DESKS[2]])
def test_an_outsider_sees_that_the_place_is_taken_and_nothing_more(
    house: House, browser: Browse, address: str, place: str
) -> None:
    number = house.book(POLICE, HALL, "17:00", "17:45", FRIDAY, title=PLANTED, circle=POLICE_CIRCLE).view.id
    page = browser(ARTIST).get(address.format(place)).text
    for word in (PLANTED, number, "Lokalpolis", ">PO<", "Confidential", "/bokning/"):
        assert word not in page, word
    assert "Busy" in texts(page)
    assert "Busy" in texts(page)
    assert re.search("1[67]:[05][05]–17:", texts(page))
    circle = browser(GUARD).get(address.format(place)).text
    assert PLANTED not in circle
    assert (f"/bokning/{number}" in circle) == (place != DESKS[2])


def test_what_had_to_give_way_is_told(house: House, browser: Browse) -> None:
    house.book(ARTIST, DESKS[1], "16:00", "18:00", FRIDAY, title="Skiss", visibility="open")
    house.book(POLICE, HALL, "17:00", "17:45", FRIDAY, title=PLANTED, circle=POLICE_CIRCLE, agree=True)
    for address in (BOARD, LIST):
        assert "Had to give way" in texts(browser(ARTIST).get(address.format(DESKS[1])).text)


def test_the_hours_of_all_days_grow_with_what_is_seen_on_one(house: House, browser: Browse) -> None:
    visitor = browser(POLICE)
    rows = re.compile(r'data-cols="(\d+)"')
    usual = rows.search(visitor.get(BOARD.format(DESKS[0])).text)
    house.book(POLICE, DESKS[0], "22:10", "23:20", FRIDAY)
    late = rows.search(visitor.get(BOARD.format(DESKS[0])).text)
    assert usual
    assert late
    assert (int(usual[1]), int(late[1])) == (174, (24 - 7) * 12)


@pytest.mark.parametrize("sunday", [date(2026, 10, 25), date(2027, 3, 28)])
def test_a_week_in_which_the_clocks_change_has_the_same_hours_every_day(
    house: House, browser: Browse, sunday: date
) -> None:
    house.clock.now = house.at("12:00", sunday - timedelta(days=5))
    house.book(POLICE, DESKS[0], "00:30", "04:30", sunday, title="Natten")
    house.book(POLICE, DESKS[0], "10:00", "11:00", sunday, title="Dagen")
    house.book(POLICE, DESKS[0], "10:00", "11:00", sunday - timedelta(days=1), title="Dagen")
    page = browser(POLICE).get(f"/vecka?plats={DESKS[0]}&datum={sunday}").text
    morning = re.findall(r'id="w-booking-[^"]+" data-area="(\d+)/\d+/(\d+)/\d+"', page)
    assert morning.count(("122", "134")) == 2


def test_the_days_that_a_phone_shows_begin_with_the_one_asked_for_and_stay_in_the_week(
    house: House, browser: Browse
) -> None:
    for day, first in (("2026-11-24", 1), ("2026-11-27", 4), ("2026-11-29", 4)):
        page = browser(POLICE).get(f"/vecka?datum={day}").text
        assert f"three-{first}" in page
        assert len(re.findall(r'<h3 class="wd far', page)) == 4


def test_other_weeks_and_places_are_a_click_away(house: House, browser: Browse) -> None:
    page = browser(POLICE).get(BOARD.format(DESKS[1])).text
    assert (
        'href="/vecka?plats=arbetsplats-2&amp;datum=2026-11-17" aria-label="The week before, week 47"' in page
    )
    assert (
        'href="/vecka?plats=arbetsplats-2&amp;datum=2026-12-01" aria-label="The week after, week 49"' in page
    )
    assert '<option value="arbetsplats-2" selected>Desk 2</option>' in page
    assert '<option value="hela-lokalen">Whole premises</option>' in page


@pytest.mark.parametrize("query", ["datum=2026-02-30", "datum=i+morgon", "datum=9999-12-31", ""])
def test_a_day_that_cannot_be_read_is_in_this_week(house: House, browser: Browse, query: str) -> None:
    answer = browser(POLICE).get(f"/vecka?{query}")
    assert answer.status_code == 200
    assert "Week 48" in answer.text


@pytest.mark.parametrize("place", ["vinden", "glasvaggen", "kontoret", "%00"])
def test_a_place_that_is_not_there_is_not_found(house: House, place: str) -> None:
    for address in ("/vecka", "/vecka/delar"):
        assert house.visitor(POLICE).get(f"{address}?plats={place}").status_code == 404


def test_a_place_is_known_by_its_public_name_too(house: House, browser: Browse) -> None:
    number = house.place.public_ids[DESKS[2]]
    assert "<h1>Desk 3</h1>" in browser(POLICE).get(f"/vecka?plats={number}").text


def test_the_parts_are_sent_again_only_when_something_shown_has_changed(
    house: House, browser: Browse
) -> None:
    visitor, address = browser(ARTIST), f"/vecka/delar?plats={MEETING_ROOM}&datum=2026-11-24"
    first = visitor.get(address)
    tag = first.headers["ETag"]
    assert first.text.strip() in visitor.get(f"/vecka?plats={MEETING_ROOM}&datum=2026-11-24").text
    assert visitor.get(address, headers={"If-None-Match": tag}).status_code == 304
    house.book(TRAFFIC, DESKS[0], "10:00", "11:00", visibility="open")
    assert visitor.get(address, headers={"If-None-Match": tag}).status_code == 304, "of another place"
    house.book(TRAFFIC, MEETING_ROOM, "10:00", "11:00", visibility="open")
    assert visitor.get(address, headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize("address", [BOARD, LIST])
def test_a_full_week_asks_the_database_no_more_than_an_empty_one(
    house: House, browser: Browse, asked: Callable[[Callable[[], object]], list[str]], address: str
) -> None:
    visitor, page = browser(ARTIST), address.format(DESKS[0])
    house.book(TRAFFIC, DESKS[0], "08:00", "08:30", visibility="open")
    visitor.get(page)
    one = asked(lambda: visitor.get(page))
    for number in range(14):
        day = TODAY + timedelta(days=number % 4)
        house.book(
            COORDINATOR, DESKS[0], f"{10 + number // 4:02}:00", f"{10 + number // 4:02}:30", day, title="x"
        )
    assert len(asked(lambda: visitor.get(page))) == len(one)


def test_everything_on_the_week_has_its_place_in_the_one_style_block(house: House) -> None:
    house.book(TRAFFIC, MEETING_ROOM, "10:00", "11:00", FRIDAY, visibility="open")
    page = house.visitor(POLICE).get(BOARD.format(MEETING_ROOM)).text
    block = re.search(r'<style nonce="[^"]+">(.*?)</style>', page, re.DOTALL)
    assert block
    placed = re.findall(r' id="([^"]+)" data-area="([^"]+)"', page)
    assert len({name for name, _ in placed}) == len(placed) > 50
    for name, area in placed:
        assert f"#{name}{{grid-area:{area}}}" in block[1]
    assert " style=" not in page
