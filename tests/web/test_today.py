"""The day's board as people of each kind meet it."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from markupsafe import escape

from booking.domain.bookings import Booking, Repetition
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
    SOCIAL,
    SOCIAL_CIRCLE,
    TABLE,
    TRAFFIC,
)
from tests.support.house import House, Visitor

PLANTED = "Operation Blåsippa"
BOARD = "/idag?vy=tavla"
LIST = "/idag?vy=lista"
PARTS = "/idag/delar?datum=2026-11-24"
GAP = re.compile(r'<a class="gap" href="([^"]+)"[^>]* aria-label="([^"]+)"')
PLACED = re.compile(r' data-([lnpqfd])="(\d+)"')


def english(visitor: Visitor) -> Visitor:
    """The same browser, with its pages in English."""
    visitor.set_cookie("sprak", "en")
    return visitor


def texts(page: str) -> str:
    """What a page says, its tags taken away."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))


def a_briefing(house: House) -> str:
    """The police's briefing of the whole premises, 17.00–17.45."""
    opened = house.book(
        POLICE, HALL, "17:00", "17:45", title=PLANTED, note="Mellan raderna", circle=POLICE_CIRCLE
    )
    return opened.view.id


# --- the same board for three kinds of eyes ----------------------------------------------------


@pytest.mark.parametrize("address", [BOARD, LIST, PARTS])
def test_an_artist_sees_that_the_places_are_taken_and_nothing_more(house: House, address: str) -> None:
    number = a_briefing(house)
    page = house.visitor(ARTIST).get(address).text
    for word in (PLANTED, "Mellan raderna", number, "Polis", "Lokalpolis", "PO<", "conf", "#lock", "#ear"):
        assert word not in page, word
    assert "17.00–" in page
    assert "/bokning/" not in page


@pytest.mark.parametrize("address", [BOARD, LIST, PARTS])
def test_the_circle_sees_place_and_time_and_opens_the_rest_by_hand(house: House, address: str) -> None:
    number = a_briefing(house)
    for person in (POLICE, GUARD):
        page = english(house.visitor(person)).get(address).text
        assert f"/bokning/{number}" in page
        assert "Confidential" in page
        assert "17:00–17:45" in page
        assert PLANTED not in page
        assert "Mellan raderna" not in page


def test_the_circle_alone_is_told_what_is_within_earshot(house: House) -> None:
    a_briefing(house)
    assert "Within earshot" in texts(english(house.visitor(GUARD)).get(PARTS).text)
    for outsider in (TRAFFIC, ARTIST, ADMINISTRATOR):
        assert 'class="blk ear under' not in house.visitor(outsider).get(PARTS).text


def test_an_open_booking_is_seen_by_all_and_an_internal_one_not_by_guests(house: House) -> None:
    house.book(TRAFFIC, MEETING_ROOM, "15:15", "16:15", title="Lägesmöte", visibility="open")
    house.book(GUARD, DESKS[0], "19:00", "20:00", title="Skriva rapport", visibility="internal")
    assert "Lägesmöte" in house.visitor(ARTIST).get(BOARD).text
    assert "Skriva rapport" not in house.visitor(ARTIST).get(BOARD).text
    assert "Skriva rapport" in house.visitor(TRAFFIC).get(BOARD).text


def test_the_page_title_tells_no_booking_and_no_day(house: House) -> None:
    house.book(TRAFFIC, MEETING_ROOM, "15:15", "16:15", title="Lägesmöte", visibility="open")
    page = english(house.visitor(TRAFFIC)).get("/idag?datum=2026-11-25").text
    assert "<title>Today – Samlokal, Sergels torg</title>" in page


def test_a_past_day_shows_outsiders_no_paving(house: House) -> None:
    a_briefing(house)
    house.clock.step(days=1)
    assert 'class="blk red' not in house.visitor(ARTIST).get("/idag/delar?datum=2026-11-24").text
    assert "Confidential" in english(house.visitor(GUARD)).get("/idag/delar?datum=2026-11-24").text


# --- free times --------------------------------------------------------------------------------


def test_a_free_time_is_a_link_that_says_what_it_books(house: House) -> None:
    house.book(TRAFFIC, MEETING_ROOM, "07:30", "08:15", visibility="open", title="Morgonmöte")
    page = english(house.visitor(POLICE)).get(BOARD).text
    found = {unescape(name): unescape(address) for address, name in GAP.findall(page)}
    name = "Free 07:00–07:30, Meeting room. Book"
    assert found[name] == "/boka?plats=motesrummet&fran=07%3A00&till=07%3A30&datum=2026-11-24"
    assert found["Free 08:15–21:00, Meeting room. Book"].endswith(
        "fran=08%3A15&till=09%3A15&datum=2026-11-24"
    )


def test_list_and_board_offer_the_same_times(house: House) -> None:
    a_briefing(house)
    house.book(TRAFFIC, TABLE, "13:00", "15:00", visibility="open")
    visitor = english(house.visitor(POLICE))
    board = {address for address, _ in GAP.findall(visitor.get(BOARD).text)}
    listed = set(re.findall(r'<a class="btn sm"[^>]* href="([^"]+)"', visitor.get(LIST).text))
    assert board == {address for address in listed if HALL not in address}
    assert any(HALL in address for address in listed)


def test_who_may_not_book_gets_no_way_to_the_form(house: House) -> None:
    page = house.visitor(ADMINISTRATOR).get(BOARD).text
    assert "/boka?" not in page


def test_the_first_free_desk_is_one_tap_away(house: House) -> None:
    house.clock.now = house.at("10:20")
    house.book(TRAFFIC, DESKS[0], "10:20", "12:00", visibility="open")
    page = english(house.visitor(POLICE)).get(BOARD).text
    assert "3 of 4 free" in texts(page)
    link = re.search(r'id="book-now" href="([^"]+)"', page)
    assert link
    assert "plats=arbetsplats-2" in link[1]
    assert "fran=10%3A20&amp;till=12%3A20" in link[1]


def test_a_guest_is_told_their_next_booking_whichever_day_it_is(house: House) -> None:
    day = house.clock.now.date() + timedelta(days=3)
    house.book(ARTIST, TABLE, "13:00", "15:00", day, title="Rekvisita", visibility="open")
    said = texts(english(house.visitor(ARTIST)).get(BOARD).text)
    assert "Your next booking 27 Nov 13:00–15:00 Rekvisita , Conference table" in said


def test_what_had_to_give_way_is_told_without_a_reason(house: House) -> None:
    house.book(ARTIST, DESKS[1], "16:00", "18:00", title="Skiss", visibility="open")
    house.book(POLICE, HALL, "17:00", "17:45", title=PLANTED, circle=POLICE_CIRCLE, agree=True)
    for address in (BOARD, LIST):
        page = english(house.visitor(ARTIST)).get(address).text
        assert "Had to give way" in page
        assert "17:00–17:45" in page
        assert PLANTED not in page


# --- days and views ----------------------------------------------------------------------------


def test_the_front_door_leads_to_today(house: House) -> None:
    assert house.visitor(POLICE).get("/").location == "/idag"


@pytest.mark.parametrize(
    "text", ["", "i morgon", "2026-02-30", "9999-12-31", "0001-01-01", "2026-11-24T10:00", "%00"]
)
def test_a_day_that_cannot_be_read_is_today(house: House, text: str) -> None:
    answer = english(house.visitor(POLICE)).get(f"/idag?datum={text}")
    assert answer.status_code == 200
    assert "<h1>Tuesday 24 November</h1>" in answer.text


def test_the_chosen_form_is_remembered(house: House) -> None:
    visitor = house.visitor(POLICE)
    assert 'class="lists"' in visitor.get(LIST).text
    assert 'class="lists"' in visitor.get("/idag").text
    assert 'class="lists"' not in visitor.get(BOARD).text
    assert 'class="lists"' not in visitor.get("/idag").text


def test_the_day_before_and_the_day_after_are_links_with_their_names(house: House) -> None:
    page = english(house.visitor(POLICE)).get("/idag").text
    assert 'href="/idag?datum=2026-11-23" aria-label="Previous day, Monday 23 November"' in page
    assert 'href="/idag?datum=2026-11-25" aria-label="Next day, Wednesday 25 November"' in page


def test_an_unknown_premises_is_not_found(house: House) -> None:
    assert house.visitor(POLICE).get("/idag?lokal=nowhere").status_code == 404
    assert house.visitor(POLICE).get("/idag?lokal=sergels-torg").status_code == 200


# --- the page as it is made --------------------------------------------------------------------


def test_everything_on_the_board_has_its_place_in_the_one_style_block(house: House) -> None:
    a_briefing(house)
    page = house.visitor(POLICE).get(BOARD).text
    block = re.search(r'<style nonce="[^"]+">(.*?)</style>', page, re.DOTALL)
    assert block
    placed = PLACED.findall(page)
    assert len(placed) > 70
    for name, count in placed:
        assert f'[data-{name}="{count}"]{{--{name}:{count}}}' in block[1]
    named = re.findall(r' id="([^"]+)"', page)
    assert len(set(named)) == len(named)
    assert " style=" not in page
    assert "<script>" not in page


def test_a_title_cannot_place_or_style_anything(house: House) -> None:
    title = '"><b id="x" data-l="1">}</style><i>'
    house.book(TRAFFIC, MEETING_ROOM, "10:00", "11:00", title=title, visibility="open")
    page = house.visitor(POLICE).get(BOARD).text
    assert title not in page
    assert page.count("</style>") == 1
    assert "#x{" not in page


def test_each_place_has_a_heading_and_the_board_can_be_skipped(house: House) -> None:
    page = house.visitor(POLICE).get(BOARD).text
    for name in ("Mötesrummet", "Konferensbordet", "Glasväggen", "Arbetsplats 4"):
        assert f'<h3><span class="nm">{name}</span>' in page
    assert 'href="#after"' in page
    assert 'id="after"' in page


def test_what_is_printed_says_by_whom_and_when(house: House) -> None:
    said = texts(english(house.visitor(POLICE)).get(BOARD).text)
    assert "Printed 24 Nov 07:00 by Polis Ett. Confidential bookings without titles." in said


# --- kept up to date ---------------------------------------------------------------------------


def test_the_parts_are_sent_again_only_when_something_shown_has_changed(house: House) -> None:
    visitor = house.visitor(ARTIST)
    first = visitor.get(PARTS)
    tag = first.headers["ETag"]
    assert tag.startswith('"')
    same = visitor.get(PARTS, headers={"If-None-Match": tag})
    assert (same.status_code, same.data) == (304, b"")
    house.book(TRAFFIC, DESKS[0], "10:00", "11:00", visibility="open", title="Möte")
    assert visitor.get(PARTS, headers={"If-None-Match": tag}).status_code == 200


def test_a_hidden_change_of_hidden_things_changes_no_byte(house: House) -> None:
    house.book(SOCIAL, MEETING_ROOM, "10:00", "11:00", title="Samtal", circle=SOCIAL_CIRCLE)
    before = house.visitor(ARTIST).get(PARTS)
    house.book(SOCIAL, MEETING_ROOM, "11:00", "12:00", title="Samtal", circle=SOCIAL_CIRCLE)
    longer = house.visitor(ARTIST).get(PARTS)
    assert before.headers["ETag"] != longer.headers["ETag"]
    assert texts(longer.text).count("10.00–12.00") == texts(before.text).count("10.00–11.00")
    assert "11.00–12.00" not in texts(longer.text)


def test_the_parts_are_the_same_for_every_browser_of_the_same_eyes(house: House) -> None:
    a_briefing(house)
    one, other = house.visitor(POLICE).get(PARTS), house.visitor(POLICE).get(PARTS)
    assert one.data == other.data
    assert "csrf" not in one.text
    assert "nonce" not in one.text
    page = house.visitor(POLICE).get("/idag?datum=2026-11-24").text
    assert escape(one.headers["ETag"]) in page
    assert one.text.strip() in page


def test_signed_out_nobody_gets_the_parts(house: House) -> None:
    answer = house.visitor().get(PARTS)
    assert answer.status_code == 302
    assert "/logga-in" in answer.location


@pytest.mark.parametrize("address", [BOARD, LIST, PARTS])
@pytest.mark.parametrize("person", [POLICE, ARTIST])
def test_thirty_bookings_cost_no_more_statements_than_one(house: House, address: str, person: str) -> None:
    house.book(TRAFFIC, DESKS[0], "08:00", "08:30", visibility="open")
    visitor = house.visitor(person)
    visitor.get(address)
    with house.asked() as one:
        visitor.get(address)
    for number in range(29):
        hour, desk = 9 + number // 3, DESKS[number % 3]
        house.book(
            COORDINATOR, desk, f"{hour:02}:00", f"{hour:02}:30", visibility="open", title=f"Nr {number}"
        )
    with house.asked() as thirty:
        page = visitor.get(address)
    assert "Nr 28" in page.text
    assert len(thirty) == len(one)


# --- series, blocks, what was cut -------------------------------------------------------------


def test_what_is_out_of_order_says_why_across_its_lanes_and_is_nobodys_to_book(
    house: House, block: Callable[..., Booking]
) -> None:
    block(DESKS[2:], "08:00", "12:00", "Skärmarna lagas")
    artist = english(house.visitor(ARTIST))
    board = artist.get(BOARD).text
    assert board.count('class="blk out') == 1
    assert "Out of order: Skärmarna lagas" in texts(board)
    listed = texts(artist.get(LIST).text)
    assert listed.count("08:00–12:00 Out of order: Skärmarna lagas") == 2
    gaps = [name for _, name in GAP.findall(board)]
    assert not any("07:" in name and "Desk 4" in name and "12:30" in name for name in gaps)
    house.clock.now = house.at("10:00")
    assert board.count('class="out"') == 0
    assert english(house.visitor(ARTIST)).get(BOARD).text.count('<rect class="out"') == 4
    page = artist.get(board.split('class="blk out')[1].split('href="')[1].split('"')[0])
    assert "Out of order: Skärmarna lagas" in texts(page.text)
    assert "Desk 3, Desk 4" in texts(page.text)
    assert "/avboka" not in page.text


def test_a_block_without_a_public_reason_is_taken_time_to_all_but_the_coordinators(
    house: House, block: Callable[..., Booking]
) -> None:
    made = block(DESKS[2:], "08:00", "12:00", PLANTED, public=False)
    for view in (BOARD, LIST):
        for who in (ARTIST, POLICE, SOCIAL):
            page = english(house.visitor(who)).get(view).text
            assert PLANTED not in page
            assert made.id not in page
            assert "Out of order:" not in texts(page)
        own = texts(english(house.visitor(COORDINATOR)).get(view).text)
        assert f"Out of order: {PLANTED}" in own
    page = english(house.visitor(COORDINATOR)).get(f"/bokning/{made.id}").text
    assert "Only the organisation itself" in page


def test_a_booking_cut_by_giving_way_is_drawn_in_its_pieces(house: House) -> None:
    made = house.book(ARTIST, DESKS[1], "13:00", "15:00", title="Skiss", visibility="open").view
    house.book(POLICE, HALL, "14:00", "14:30", title=PLANTED, circle=POLICE_CIRCLE, agree=True)
    board = english(house.visitor(ARTIST)).get(BOARD).text
    drawn = re.findall(
        rf'<a class="blk ([^"]*)" href="/bokning/{made.id}\?tillfalle=20261124T120000Z"', board
    )
    assert ["gaveway" in each for each in drawn] == [False, True, False]
    others = english(house.visitor(TRAFFIC)).get(BOARD).text
    pieces = re.findall(rf'href="/bokning/{made.id}\?tillfalle=(\w+)"', others)
    assert pieces == ["20261124T120000Z", "20261124T133000Z"]
    for name in pieces:
        assert house.visitor(TRAFFIC).get(f"/bokning/{made.id}?tillfalle={name}").status_code == 200


def test_a_board_with_a_series_asks_the_database_no_more_than_one_with_a_booking(house: House) -> None:
    house.book(POLICE, TABLE, "10:00", "11:00", title="Möte")
    visitor = english(house.visitor(POLICE))
    visitor.get(BOARD)
    with house.asked() as one:
        visitor.get(BOARD)
    house.book(POLICE, DESKS[0], "10:00", "11:00", title="Möte", repeat=Repetition("FREQ=DAILY;COUNT=30"))
    with house.asked() as many:
        visitor.get(BOARD)
    assert len(many) == len(one)
