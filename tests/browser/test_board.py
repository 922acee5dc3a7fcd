"""The board in a real Chromium: dragging, arrow keys, details over it, and how it keeps itself up to date."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import FloatRect, Locator, Page, expect

pytestmark = pytest.mark.browser

STOCKHOLM = ZoneInfo("Europe/Stockholm")
DESK, BESIDE = "arbetsplats-4", "arbetsplats-3"  # of which the demo's week leaves the first free
PLANTED = "Genomgång Blåsippa"


def day(ahead: int) -> str:
    """A day to come, counted without those on which the clocks change: on them nothing is dragged."""
    days = (datetime.now(STOCKHOLM).replace(hour=0) + timedelta(days=each) for each in range(1, 9))
    even = [each for each in days if each.utcoffset() == (each + timedelta(days=1)).utcoffset()]
    return f"{even[ahead - 1]:%Y-%m-%d}"


def board(page: Page, ahead: int) -> None:
    page.goto(f"/idag?vy=tavla&datum={day(ahead)}")


def book(page: Page, ahead: int, start: str, end: str, place: str = DESK, **words: str) -> None:
    """Book by the form's page."""
    page.goto(f"/boka?plats={place}&datum={day(ahead)}&fran={start}&till={end}")
    if words:
        page.get_by_label("Rubrik").fill(words["title"])
        page.get_by_role("radio", name="Sekretess").check()
        page.get_by_label("Krets").select_option(label=words["circle"])
    expect(page.get_by_role("status").filter(has_text="Ledigt")).to_be_visible()
    page.locator("[data-main]").click()
    expect(page.locator("main")).to_contain_text("Bokat.")


def gap(page: Page, lane: str = "Arbetsplats 4", nth: int = 0) -> Locator:
    return page.locator(".board").get_by_role("link", name=re.compile(f"Ledigt .*{lane}")).nth(nth)


def box(thing: Locator) -> FloatRect:
    found = thing.bounding_box()
    assert found
    return found


def an_hour(page: Page) -> float:
    """How many pixels an hour of the wide board is."""
    cells = page.locator(".board .cells").first
    return box(cells)["width"] * 12 / int(page.locator("#board").get_attribute("data-cols") or "")


def drag(page: Page, at: tuple[float, float], by: tuple[float, float]) -> None:
    """Press the mouse and move it; it is not let go."""
    page.mouse.move(*at)
    page.mouse.down()
    page.mouse.move(at[0] + by[0] / 2, at[1] + by[1] / 2)
    page.mouse.move(at[0] + by[0], at[1] + by[1])


def asked(address: str) -> dict[str, str]:
    """What an address asks for."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def look_again(page: Page) -> None:
    """What a page does when it is shown again after having been hidden: ask the server at once."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


# --- dragging ---------------------------------------------------------------------------------


def test_dragging_over_free_time_opens_the_form_with_just_that_time(browsing: Callable[..., Page]) -> None:
    page = browsing("polis")
    board(page, 3)
    hour, place = an_hour(page), box(gap(page))
    at = (place["x"] + 2 * hour + 3, place["y"] + place["height"] / 2)
    drag(page, at, (1.2 * hour, 0))
    expect(page.locator(".board .sel")).to_have_text("Din tid 09.00–10.15")
    page.keyboard.press("Escape")
    expect(page.locator(".board .sel")).to_have_count(0)
    page.mouse.up()
    assert "/idag" in page.url
    drag(page, at, (1.2 * hour, 0))
    page.mouse.up()
    expect(page.locator("form.sheet [name=fran]")).to_have_value("09:00")
    expect(page.locator("form.sheet [name=till]")).to_have_value("10:15")
    expect(page.locator("form.sheet [name=datum]")).to_have_value(day(3))


def test_a_finger_scrolls_and_never_drags(browsing: Callable[..., Page]) -> None:
    page = browsing("polis", width=390)
    board(page, 3)
    free = page.locator(".board a.gap").last
    free.scroll_into_view_if_needed()
    place = box(free)
    at = {"clientX": place["x"] + 5, "clientY": place["y"] + 5, "bubbles": True, "pointerId": 1}
    moved = {**at, "clientY": place["y"] + 90}
    free.dispatch_event("pointerdown", {**at, "pointerType": "touch"})
    free.dispatch_event("pointermove", {**moved, "pointerType": "touch"})
    assert page.locator(".board .sel").count() == 0
    assert "held" not in page.evaluate("Object.keys(document.getElementById('parts').dataset)")


def test_ones_own_booking_is_carried_to_another_time_and_desk_and_saved_by_one_press(
    browsing: Callable[..., Page],
) -> None:
    page = browsing("polis")
    book(page, 2, "08:00", "09:00")
    board(page, 2)
    hour, block = an_hour(page), page.locator(f".board a.blk.mine[id*='-{DESK}-']")
    place = box(block)
    middle = (place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
    drag(page, middle, (hour, -place["height"] - 4))
    expect(page.locator(".board .sel")).to_have_text("Din tid 09.00–10.00Arbetsplats 3")
    page.mouse.up()
    expect(page).to_have_url(re.compile("/andra"))
    wanted = asked(page.url)
    assert (wanted["fran"], wanted["till"], wanted["plats"]) == ("09:00", "10:00", BESIDE)
    expect(page.get_by_role("status").filter(has_text="Ledigt")).to_contain_text("Arbetsplats 3")
    page.locator("[data-main]").click()
    expect(page.locator("main")).to_contain_text("09.00–10.00")
    board(page, 2)
    expect(
        page.locator(f".board a.blk.mine[id*='-{BESIDE}-'][data-from='540'][data-to='600']")
    ).to_be_visible()


def test_an_edge_makes_it_longer_and_what_is_taken_already_is_said_while_dragging(
    browsing: Callable[..., Page],
) -> None:
    page = browsing("polis")
    book(page, 4, "08:00", "09:00")
    book(page, 4, "10:00", "11:00")
    board(page, 4)
    hour, block = an_hour(page), page.locator(f".board a.blk.mine[id*='-{DESK}-'][data-from='480']")
    place = box(block)
    edge = (place["x"] + place["width"] - 3, place["y"] + place["height"] / 2)
    drag(page, edge, (2 * hour, 0))
    expect(page.locator(".board .sel.bad")).to_have_text("Din tid 08.00–11.00Krockar")
    page.mouse.move(edge[0] + hour / 2, edge[1])
    expect(page.locator(".board .sel:not(.bad)")).to_have_text("Din tid 08.00–09.30")
    page.mouse.up()
    expect(page.locator("form.sheet [name=till]")).to_have_value("09:30")


def test_nobody_elses_booking_can_be_taken_hold_of(browsing: Callable[..., Page]) -> None:
    police, artist = browsing("polis"), browsing("konstnar")
    book(police, 5, "08:00", "09:00")
    board(artist, 5)
    assert artist.locator(".board a.blk[data-from]:not(.mine)").count() == 0
    board(police, 5)
    assert police.locator(f".board a.blk.mine[id*='-{DESK}-'][data-from]").count() == 1


# --- keys -------------------------------------------------------------------------------------


def test_arrow_keys_go_through_the_board_and_choose_a_time(browsing: Callable[..., Page]) -> None:
    page = browsing("polis")
    book(page, 6, "12:00", "13:00")
    board(page, 6)
    first = gap(page)
    first.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(f".board a.blk.mine[id*='-{DESK}-']")).to_be_focused()
    page.keyboard.press("Home")
    expect(first).to_be_focused()
    page.keyboard.press("ArrowUp")
    assert "Arbetsplats 3" in (
        page.locator(":focus").get_attribute("aria-label") or page.locator(":focus").inner_text()
    )
    page.keyboard.press("ArrowDown")
    expect(first).to_be_focused()
    for _ in range(2):
        page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowDown")
    expect(page.locator("#chosen")).to_have_text("Din tid 07.15–09.45, Arbetsplats 4")
    look_again(page)  # what is being chosen is left alone
    expect(page.locator(".board .sel")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("form.sheet [name=fran]")).to_have_value("07:15")
    expect(page.locator("form.sheet [name=till]")).to_have_value("09:45")


def test_page_down_turns_to_the_next_day_and_keeps_the_board_focused(browsing: Callable[..., Page]) -> None:
    page = browsing("polis")
    board(page, 3)
    gap(page).focus()
    page.keyboard.press("PageDown")
    following = date.fromisoformat(day(3)) + timedelta(days=1)
    expect(page).to_have_url(re.compile(f"datum={following}"))
    expect(page.locator("#board")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".board a").first).to_be_focused()


# --- a booking in brief -----------------------------------------------------------------------


def test_details_of_a_confidential_booking_are_shown_over_the_board_noted_and_gone_when_it_closes(
    browsing: Callable[..., Page],
) -> None:
    police, guard = browsing("polis"), browsing("ordningsvakt")
    book(police, 5, "11:15", "12:15", "motesrummet", title=PLANTED, circle="Polis och ordningsvakter")
    board(guard, 5)
    block = guard.locator(".board a.blk.conf", has_text="Sekretess").first
    block.click()
    pop = guard.get_by_role("dialog")
    expect(pop).to_contain_text("Mötesrummet")
    expect(pop).to_contain_text("Att du öppnar antecknas.")
    assert PLANTED not in guard.content()
    pop.get_by_role("button", name="Visa detaljer").click()
    expect(pop.get_by_role("heading")).to_contain_text(PLANTED)
    guard.keyboard.press("Escape")
    expect(pop).to_be_hidden()
    expect(block).to_be_focused()
    assert PLANTED not in guard.content()
    police.goto(re.sub(r"\?.*", "", police.url))
    board(police, 5)
    police.locator(".board a.blk.conf.mine").first.click()
    police.get_by_role("dialog").get_by_role("link", name="Till bokningen").click()
    expect(police.locator("main")).to_contain_text("Ordningsvakt")  # who opened it, on the booking's page
    police.go_back()


def test_the_brief_leads_to_changing_by_keys_alone(browsing: Callable[..., Page]) -> None:
    page = browsing("polis")
    book(page, 6, "16:00", "16:30")
    board(page, 6)
    page.locator(f".board a.blk.mine[id*='-{DESK}-'][data-from='960']").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog").get_by_role("heading")).to_be_focused()
    page.get_by_role("dialog").get_by_role("link", name="Ändra").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/andra"))


# --- kept up to date --------------------------------------------------------------------------


def test_what_one_books_is_on_the_others_board_when_it_asks_again_and_focus_stays(
    browsing: Callable[..., Page],
) -> None:
    police, artist = browsing("polis"), browsing("konstnar")
    board(artist, 5)
    focused = gap(artist, "Arbetsplats 1", 0)
    focused.focus()
    name = focused.get_attribute("id")
    book(police, 5, "14:30", "15:00")
    taken = artist.locator(".board").get_by_text("14.30–15.00", exact=False)
    assert taken.count() == 0
    look_again(artist)
    expect(taken.first).to_be_attached()
    expect(artist.locator(f"[id='{name}']")).to_be_focused()


def test_lost_contact_is_said_and_taken_back(browsing: Callable[..., Page]) -> None:
    page = browsing("polis")
    board(page, 3)
    bar = page.get_by_text("Ingen kontakt med servern.", exact=False)
    expect(bar).to_be_hidden()
    page.context.set_offline(True)
    look_again(page)
    expect(bar).to_be_visible()
    page.context.set_offline(False)
    look_again(page)
    expect(bar).to_be_hidden()
