"""The hours around a time that is being chosen, in the form and on the board behind it."""

import re
from collections.abc import Callable
from datetime import date, timedelta

from tests.cast import ARTIST, DESKS, HALL, MEETING_ROOM, POLICE, POLICE_CIRCLE, TODAY, TRAFFIC
from tests.support.house import House, Visitor

Browser = Callable[[str], Visitor]
PLANTED = "Operation Blåsippa"


def near(page: str) -> str:
    """The strip of a page or of an answer; empty where there is none."""
    found = re.search(r'<div class="around".*?<div class="striph".*?</div>\s*</div>', page, re.DOTALL)
    return found[0] if found else ""


def said(page: str) -> str:
    """What the strip tells those who do not see it."""
    found = re.search(r'<p class="sr">(.*?)</p>', near(page), re.DOTALL)
    return " ".join(re.sub(r"<[^>]*>", " ", found[1]).split()) if found else ""


def of(page: str, name: str) -> str:
    """One of the strip's facts about the chosen time."""
    found = re.search(rf'data-{name}="([^"]*)"', near(page))
    assert found, name
    return found[1]


def answered(visitor: Visitor, place: str, start: str, end: str, day: date = TODAY, **more: str) -> str:
    """The answer to a form with these fields."""
    where = {"plats": "any-desk", "arbetsplats": place} if place in DESKS else {"plats": place}
    times = {"datum": day.isoformat(), "fran": start, "till": end}
    return visitor.submit("/boka/svar", {**where, **times, "vem": "internal", **more}).text


def test_the_strip_shows_what_the_place_holds_and_the_time_between(house: House, browser: Browser) -> None:
    house.book(TRAFFIC, MEETING_ROOM, "13:00", "15:00", title="Torgmöte")
    page = browser(POLICE).get(f"/boka?plats={MEETING_ROOM}&datum={TODAY}&fran=11:15&till=12:15").text
    assert said(page) == "Meeting room: 13:00–15:00 Booked."
    assert (of(page, "on"), of(page, "hours"), of(page, "colour")) == (str(TODAY), "11:15–12:15", "")
    assert ">Your time<" in near(page)
    rules = page.split("<style nonce", 1)[1].split("</style>", 1)[0]
    for name in re.findall(r' id="(s-[^"]+|around[^"]*)"', near(page)):
        assert f"#{name}{{" in rules, f"{name} is placed nowhere without script"


def test_nothing_near_is_said(browser: Browser) -> None:
    page = answered(browser(POLICE), DESKS[1], "11:00", "12:00")
    assert said(page) == "Desk 2: nothing is booked near that time."


def test_what_one_may_not_know_is_busy_time_of_that_place_and_nothing_else(
    house: House, browser: Browser
) -> None:
    made = house.book(POLICE, HALL, "12:00", "13:00", title=PLANTED, circle=POLICE_CIRCLE).view
    page = answered(browser(TRAFFIC), MEETING_ROOM, "12:30", "13:30")
    assert said(page) == "Meeting room: 11:55–13:05 Busy."
    assert of(page, "colour") == "bad"
    assert 'class="blk red"' in near(page)
    for secret in (PLANTED, made.id, ">PO<", "Polis"):
        assert secret not in page


def test_the_time_lies_on_the_lanes_that_it_takes(house: House, browser: Browser) -> None:
    police = browser(POLICE)
    board = police.get("/idag").text
    cells = re.findall(r'class="cells[^>]* data-l="(\d+)"', board)
    first, last = int(cells[0]), int(cells[-1])
    desk = answered(police, DESKS[2], "11:00", "12:00")
    assert of(desk, "wide").split("/")[::2] == [str(last - 1), str(last)]
    hall = answered(police, HALL, "11:00", "12:00")
    assert of(hall, "wide").split("/")[::2] == [str(first), str(first + 3)]
    secret = answered(police, HALL, "11:00", "12:00", vem="confidential")
    assert of(secret, "wide").split("/")[::2] == [str(first), str(last + 1)]


def test_who_gives_way_and_who_is_refused_has_a_colour_of_its_own(house: House, browser: Browser) -> None:
    house.book(ARTIST, DESKS[1], "11:00", "12:00")
    police = browser(POLICE)
    assert of(answered(police, HALL, "11:00", "12:00", vem="confidential"), "colour") == "warn"
    assert of(answered(police, DESKS[1], "11:00", "12:00"), "colour") == "bad"


def test_a_time_that_cannot_be_read_has_no_strip(browser: Browser) -> None:
    police = browser(POLICE)
    assert near(answered(police, MEETING_ROOM, "12:00", "11:00")) == ""
    assert near(police.submit("/boka/svar", {"plats": "nowhere", "datum": "x"}).text) == ""


def test_a_long_time_is_shown_as_far_as_its_first_day_goes(browser: Browser) -> None:
    page = answered(browser(POLICE), MEETING_ROOM, "20:00", "10:00", tilldatum=str(TODAY + timedelta(days=1)))
    assert of(page, "on") == str(TODAY)
    assert said(page) == "Meeting room: nothing is booked near that time."


def test_the_strip_costs_no_question_for_each_booking(
    house: House, browser: Browser, asked: Callable[[Callable[[], object]], list[str]]
) -> None:
    police = browser(POLICE)
    page = f"/boka?plats={MEETING_ROOM}&datum={TODAY}&fran=08:00&till=09:00"
    house.book(TRAFFIC, DESKS[0], "09:00", "09:30")
    few = len(asked(lambda: police.get(page)))
    for hour in range(10, 20):
        house.book(TRAFFIC, DESKS[1], f"{hour}:00", f"{hour}:30")
    assert len(asked(lambda: police.get(page))) == few
