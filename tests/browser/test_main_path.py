"""The main path in a real Chromium, against the real server with the demo in it."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from urllib.request import urlopen
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar
from playwright.sync_api import Page, expect

from tests.support.server import Server

pytestmark = pytest.mark.browser

STOCKHOLM = ZoneInfo("Europe/Stockholm")
START, END = time(12, 30), time(13, 0)  # a time that the demo's week leaves free
TITLE = "Genomgång Blåsippa"


def tomorrow() -> datetime:
    return datetime.now(STOCKHOLM) + timedelta(days=1)


def form_for(page: Page, place: str, desk: str = "") -> None:
    """Open the booking form for tomorrow at the free time."""
    query = f"plats={place}&datum={tomorrow():%Y-%m-%d}&fran={START:%H:%M}&till={END:%H:%M}"
    page.goto(f"/boka?{query}")
    if desk:
        page.get_by_label("Vilken arbetsplats?").select_option(desk)


@pytest.mark.parametrize("javascript", [True, False], ids=["with script", "without script"])
def test_a_briefing_blocks_the_artist_lets_the_guard_in_and_shows_as_taken_time_in_a_calendar(
    browsing: Callable[..., Page], server: Server, javascript: bool
) -> None:
    police = browsing("polis", javascript)
    form_for(police, "hela-lokalen")
    police.get_by_label("Rubrik").fill(TITLE)
    police.get_by_role("radio", name="Sekretess").check()
    police.get_by_label("Krets").select_option(label="Polis och ordningsvakter")
    if javascript:
        expect(police.get_by_role("status")).to_contain_text("Ledigt")
    else:
        police.get_by_role("button", name="Kolla om det är ledigt").last.click()
        expect(police.get_by_role("status")).to_contain_text("Ledigt")
    police.locator("[data-main]").click()
    expect(police.locator("main")).to_contain_text("Bokat.")
    assert TITLE not in police.content()

    artist = browsing("konstnar", javascript)
    form_for(artist, "any-desk", "arbetsplats-2")
    if not javascript:
        artist.get_by_role("button", name="Kolla om det är ledigt").last.click()
    answer = artist.get_by_role("status")
    expect(answer).to_contain_text("Krockar")
    expect(answer).to_contain_text("Arbetsplats 2: upptaget 12.30–13.00.")
    for secret in (TITLE, "Polis", "Sekretess", "Blåsippa"):
        assert secret not in answer.inner_text()

    guard = browsing("ordningsvakt", javascript)
    form_for(guard, "any-desk", "arbetsplats-2")
    guard.get_by_label("Rubrik").fill("Skriva")
    if javascript:
        expect(guard.get_by_role("status")).to_contain_text("Ledigt")
    guard.locator("[data-main]").click()
    expect(guard.locator("main")).to_contain_text("Bokat.")

    calendar = subscribe_to_the_premises(artist)
    found = [each for each in entries(calendar) if each[1] < at(END) and each[2] > at(START)]
    assert found
    assert {summary for summary, _, _ in found} == {"Upptaget"}
    undo_for_the_next_round(police)
    undo_for_the_next_round(guard)


def subscribe_to_the_premises(page: Page) -> bytes:
    """Make a link to the whole premises in the pages, and fetch it as a calendar program does."""
    page.goto("/mina/kalender")
    page.get_by_label("Hela lokalen").check()
    page.get_by_role("button", name="Skapa länk").last.click()
    address = page.locator("input[value*='/ical/']").first.input_value()
    with urlopen(address, timeout=20) as answer:
        body: bytes = answer.read()
        assert answer.headers.get("Set-Cookie") is None
    return body


def entries(calendar: bytes) -> list[tuple[str, datetime, datetime]]:
    return [
        (str(each["SUMMARY"]), each.decoded("DTSTART"), each.decoded("DTEND"))
        for each in Calendar.from_ical(calendar).walk("VEVENT")
    ]


def at(clock: time) -> datetime:
    return datetime.combine(tomorrow().date(), clock, STOCKHOLM).astimezone(UTC)


def undo_for_the_next_round(page: Page) -> None:
    """Cancel what was booked, by the page of one's own bookings."""
    page.goto("/mina")
    booked = page.locator("li, article", has_text="12.30–13.00").first
    booked.get_by_role("button", name="Avboka").click()
    expect(page.locator("main")).to_contain_text("Avbokat.")


@pytest.mark.parametrize("width", [1440, 390])
def test_an_artist_books_a_desk_by_the_board_and_finds_it_again(
    browsing: Callable[..., Page], width: int, tmp_path: Path
) -> None:
    artist = browsing("konstnar", True, width)
    day = tomorrow() + timedelta(days=1)
    artist.goto(f"/idag?datum={day:%Y-%m-%d}")
    lane = "Ledigt .*, Arbetsplats 4" if width > 1000 else "Ledigt .*Arbetsplats 4"
    artist.get_by_role("link", name=re.compile(lane)).first.click()
    expect(artist.get_by_role("dialog").get_by_role("status")).to_contain_text("Ledigt")
    artist.locator("[data-main]").click()
    expect(artist.locator("main")).to_contain_text("Bokat.")
    artist.get_by_role("button", name="Avboka").first.click()
    expect(artist.locator("main")).to_contain_text("Avbokat.")


def test_signing_out_ends_the_session_for_a_copied_cookie_too(
    browsing: Callable[..., Page], server: Server
) -> None:
    police = browsing("polis")
    cookies = police.context.cookies()
    police.get_by_role("button", name="Logga ut").first.click()
    expect(police).to_have_url(f"{server.url}/logga-in")
    police.context.add_cookies(cookies)  # type: ignore[arg-type]
    police.goto("/mina")
    assert "/logga-in" in police.url


def test_the_page_in_english_is_english(browsing: Callable[..., Page]) -> None:
    police = browsing("polis")
    police.get_by_role("link", name="English").first.click()
    expect(police.get_by_role("link", name="My bookings").first).to_be_visible()
    expect(police.locator("html")).to_have_attribute("lang", "en")
