"""The floor plan as people of each kind meet it: at any quarter of a day, as a drawing and in words."""

import re
from collections.abc import Callable
from html import unescape

import pytest

from booking.domain.bookings import Booking
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
DAY = "datum=2026-11-24"
AT_FIVE = f"/plan?{DAY}&tid=17:15"
Browse = Callable[[str], Visitor]
Asked = Callable[[Callable[[], object]], list[str]]


def texts(page: str) -> str:
    """What a page says, its tags taken away."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))


def listed(page: str) -> dict[str, str]:
    """What the list says of each place."""
    lists = page.split('<section class="card rl"')[1]
    found = re.findall(r'<span class="dot[^"]*"></span>(.*?)</span>(.*?)</li>', lists, re.DOTALL)
    return {name: texts(rest).strip() for name, rest in found}


def drawn(page: str) -> list[str]:
    """The names of what is drawn, on the lying drawing."""
    lying = page.split('<svg class="fp land"')[1].split("</svg>")[0]
    return [
        unescape(each) for each in re.findall(r'class="(?:spot|hall)[^"]*"[^>]* aria-label="([^"]+)"', lying)
    ]


def test_every_place_says_how_it_stands_on_the_drawing_and_in_the_list(house: House, browser: Browse) -> None:
    house.book(TRAFFIC, DESKS[0], "10:00", "12:00", title="Skyltning", visibility="open")
    page = browser(POLICE).get(f"/plan?{DAY}&tid=10:15").text
    assert "<title>Floor plan – Samlokal, Sergels torg</title>" in page
    assert "Tuesday 24 November, at 10:15" in page
    names = drawn(page)
    assert "Desk 1: busy until 12:00, Trafikkontoret, Skyltning" in names
    assert "Desk 3: free until 21:00. Book" in names
    assert "Meeting room: free until 21:00. Book" in names
    said = listed(page)
    assert said["Desk 1"] == "Busy until 12:00 TK Trafikkontoret Skyltning"
    assert said["Desk 3"] == "Free until 21:00 Book Desk 3"
    assert list(said) == [
        "Meeting room",
        "Conference table",
        "Desk 1",
        "Desk 2",
        "Desk 3",
        "Desk 4",
        "Whole premises",
    ]


def test_a_free_place_is_booked_from_the_time_that_is_shown(house: House, browser: Browse) -> None:
    page = browser(POLICE).get(f"/plan?{DAY}&tid=10:15").text
    assert 'href="/boka?plats=arbetsplats-3&amp;fran=10%3A15&amp;till=12%3A15&amp;datum=2026-11-24"' in page


def test_now_is_shown_without_a_time_and_only_today(house: House, browser: Browse) -> None:
    house.clock.now = house.at("10:22")
    page = browser(POLICE).get("/plan").text
    assert "Tuesday 24 November, at 10:22 – just now" in page
    assert "data-follow" in page
    assert "fran=10%3A25" in page
    other = browser(POLICE).get("/plan?datum=2026-11-25").text
    assert "Wednesday 25 November, at 07:00" in other
    assert "data-follow" not in other


def test_a_time_that_is_over_offers_nothing(house: House, browser: Browse) -> None:
    house.clock.now = house.at("12:00")
    page = browser(POLICE).get(f"/plan?{DAY}&tid=10:15").text
    assert "/boka?plats" not in page
    assert listed(page)["Desk 3"] == "Nothing booked that you can see"


@pytest.mark.parametrize(
    "query", ["tid=kvart+i", "tid=25:00", "tid=10", "datum=2026-02-30", "tid=%00", "tid=10:15Z"]
)
def test_a_day_or_a_time_that_cannot_be_read_is_now(house: House, browser: Browse, query: str) -> None:
    answer = browser(POLICE).get(f"/plan?{query}")
    assert answer.status_code == 200
    assert "Tuesday 24 November, at 07:00 – just now" in answer.text


def test_in_the_hour_that_a_spring_night_leaves_out_the_plan_shows_when_the_day_opens(
    house: House, browser: Browse
) -> None:
    assert "Sunday 28 March, at 07:00" in browser(POLICE).get("/plan?datum=2027-03-28&tid=02:30").text


def test_an_unknown_premises_is_not_found(house: House) -> None:
    assert house.visitor(POLICE).get("/plan?lokal=nowhere").status_code == 404


def test_signed_out_nobody_sees_the_plan(house: House) -> None:
    for address in ("/plan", "/plan/delar"):
        assert "/logga-in" in house.visitor().get(address).location


# --- what may be known --------------------------------------------------------------------------


@pytest.mark.parametrize("address", [AT_FIVE, f"/plan/delar?{DAY}&tid=17:15"])
def test_an_outsider_sees_paved_places_and_nothing_of_whose_they_are(
    house: House, browser: Browse, address: str
) -> None:
    number = house.book(
        POLICE, HALL, "17:00", "17:45", title=PLANTED, circle=POLICE_CIRCLE, clear_desks=True
    ).view.id
    page = browser(ARTIST).get(address).text
    for word in (PLANTED, number, "Lokalpolis", ">PO<", "Confidential", "Circle", "cleared", "/bokning/"):
        assert word not in page, word
    assert "Desk 1: busy until 17:45" in drawn(page)
    assert page.count('class="spot red') == 2 * 6
    assert "Leave the wall" in texts(page)
    assert "The wall open" not in texts(page)
    assert set(listed(page)) >= {"Desk 4", "Meeting room"}


def test_the_circle_sees_one_hall_through_the_open_wall_over_the_cleared_desks(
    house: House, browser: Browse
) -> None:
    number = house.book(
        POLICE, HALL, "17:00", "17:45", title=PLANTED, circle=POLICE_CIRCLE, clear_desks=True
    ).view.id
    page = browser(GUARD).get(AT_FIVE).text
    assert PLANTED not in page
    hall = "Whole premises: Confidential, Lokalpolisområde Norrmalm, 17:00–17:45"
    assert hall in drawn(page)
    assert f"/bokning/{number}" in page
    said = texts(page)
    for words in ("Circle: Polis och ordningsvakter", "The desks are cleared", "The wall open", "one hall"):
        assert words in said, words
    assert page.count('class="spot under"') == 2 * 4, "the desks are dashed on both drawings"
    assert 'class="spot red' not in page


def test_an_open_hall_leaves_the_desks_to_be_booked(house: House, browser: Browse) -> None:
    house.book(COORDINATOR, HALL, "17:00", "18:00", title="Torgmöte", visibility="open")
    page = browser(ARTIST).get(AT_FIVE).text
    assert "Whole premises: Torgmöte, Platssamverkan Sergels torg, 17:00–18:00" in drawn(page)
    assert "Desk 2: free until 21:00. Book" in drawn(page)
    assert "cleared" not in texts(page)


def test_behind_the_closed_wall_the_desks_are_free_and_the_wall_is_drawn_to_those_who_may_know(
    house: House, browser: Browse
) -> None:
    house.book(TRAFFIC, MEETING_ROOM, "10:00", "11:00", title="Lägesmöte", visibility="open")
    page = browser(ARTIST).get(f"/plan?{DAY}&tid=10:15").text
    assert "Closed until 11:00" in texts(page)
    assert "What is said on one side is not heard on the other." in texts(page)
    assert "Meeting room: busy until 11:00, Trafikkontoret, Lägesmöte" in drawn(page)
    assert "Desk 1: free until 21:00. Book" in drawn(page)


def test_a_confidential_meeting_behind_the_wall_paves_the_wall_for_others(
    house: House, browser: Browse
) -> None:
    house.book(SOCIAL, MEETING_ROOM, "10:00", "11:00", title=PLANTED, circle=SOCIAL_CIRCLE)
    page = browser(TRAFFIC).get(f"/plan?{DAY}&tid=10:15").text
    assert "Let it stand as it does until 11:05." in texts(page)
    assert "Desk 1: free until 21:00. Book" in drawn(page)


def test_when_the_table_is_booked_the_room_says_so(house: House, browser: Browse) -> None:
    house.book(ARTIST, TABLE, "13:00", "15:00", title="Rekvisita", visibility="open")
    said = listed(browser(POLICE).get(f"/plan?{DAY}&tid=13:15").text)
    assert said["Meeting room"].startswith("Busy until 15:00 The table is booked")
    assert "Rekvisita" in said["Conference table"]


def test_what_is_out_of_order_is_drawn_so(
    house: House, browser: Browse, block: Callable[..., Booking]
) -> None:
    block(DESKS[3:], "08:00", "12:00", "Skärmarna lagas")
    page = browser(ARTIST).get(f"/plan?{DAY}&tid=10:15").text
    assert listed(page)["Desk 4"] == "Out of order until 12:00 Out of order: Skärmarna lagas"
    assert page.count('class="spot out"') == 2


def test_what_had_to_give_way_is_told_to_its_own_and_paved(house: House, browser: Browse) -> None:
    house.book(ARTIST, DESKS[1], "16:00", "18:00", title="Skiss", visibility="open")
    house.book(POLICE, HALL, "17:00", "17:45", title=PLANTED, circle=POLICE_CIRCLE, agree=True)
    said = listed(browser(ARTIST).get(AT_FIVE).text)["Desk 2"]
    assert said.startswith("Busy until")
    assert said.endswith("Had to give way")


def test_a_past_day_tells_an_outsider_nothing(house: House, browser: Browse) -> None:
    house.book(POLICE, HALL, "17:00", "17:45", title=PLANTED, circle=POLICE_CIRCLE)
    house.clock.step(days=1)
    page = browser(ARTIST).get(AT_FIVE).text
    assert 'class="spot red' not in page
    assert set(listed(page).values()) == {"Nothing booked that you can see"}
    assert "Whole premises: Confidential" in "".join(drawn(browser(GUARD).get(AT_FIVE).text))


def test_who_may_not_book_gets_no_way_to_the_form(house: House) -> None:
    assert "/boka?" not in house.visitor(ADMINISTRATOR).get(AT_FIVE).text


# --- the page as it is made ---------------------------------------------------------------------


def test_without_script_the_time_is_chosen_in_a_list_of_quarters(house: House, browser: Browse) -> None:
    page = browser(POLICE).get(f"/plan?{DAY}&tid=10:15").text
    quarters = re.findall(r'<option value="([^"]+)"( selected)?>', page)
    assert [each for each, chosen in quarters if chosen] == ["10:15"]
    assert [each for each, _ in quarters][:2] == ["07:00", "07:15"]
    assert " style=" not in page
    assert "<script>" not in page


def test_a_chosen_time_is_kept_from_day_to_day(house: House, browser: Browse) -> None:
    page = browser(POLICE).get(f"/plan?{DAY}&tid=10:15").text
    assert 'href="/plan?datum=2026-11-25&amp;tid=10:15"' in page


def test_the_parts_are_sent_again_only_when_something_shown_has_changed(
    house: House, browser: Browse
) -> None:
    visitor, address = browser(ARTIST), f"/plan/delar?{DAY}&tid=17:15"
    tag = visitor.get(address).headers["ETag"]
    assert visitor.get(address, headers={"If-None-Match": tag}).status_code == 304
    house.book(TRAFFIC, DESKS[0], "17:00", "18:00", visibility="open", title="Möte")
    assert visitor.get(address, headers={"If-None-Match": tag}).status_code == 200


def test_a_full_day_asks_the_database_no_more_than_an_empty_one(
    house: House, browser: Browse, asked: Asked
) -> None:
    visitor = browser(ARTIST)
    house.book(TRAFFIC, DESKS[0], "08:00", "08:30", visibility="open")
    visitor.get(AT_FIVE)
    one = asked(lambda: visitor.get(AT_FIVE))
    for number in range(12):
        house.book(
            TRAFFIC, DESKS[number % 3], f"{9 + number // 3:02}:00", f"{9 + number // 3:02}:30", title="x"
        )
    assert len(asked(lambda: visitor.get(AT_FIVE))) == len(one)
