"""A series in a real Chromium: a clash, the rest booked, one time moved, those that follow cancelled."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
STOCKHOLM = ZoneInfo("Europe/Stockholm")


@pytest.mark.parametrize(
    ("javascript", "width", "weeks"), [(True, 1440, 20), (True, 390, 28), (False, 1440, 36)]
)
def test_a_series_with_a_clash_is_booked_without_it_moved_once_and_ended_early(
    browsing: Callable[..., Page], javascript: bool, width: int, weeks: int
) -> None:
    first = datetime.now(STOCKHOLM).date() + timedelta(days=1 + 7 * weeks)  # past the demo's own week
    other = browsing("trafik", javascript, width)
    other.goto(f"/boka?plats=motesrummet&datum={first + timedelta(days=14)}&fran=12:00&till=13:00")
    other.get_by_label("Rubrik").fill("Samråd")
    press_main(other, javascript)
    expect(other.locator("main")).to_contain_text("Bokat.")

    page = browsing("polis", javascript, width)
    page.goto(f"/boka?plats=motesrummet&datum={first}&fran=12:30&till=13:00")
    page.get_by_label("Rubrik").fill("Lägesmöte")
    page.locator("#serie summary").click()
    page.get_by_label("Upprepa").select_option("vecka")
    page.get_by_role("radio", name="Ett antal gånger").check()
    page.get_by_label("Hur många gånger").fill("5")
    if javascript:
        page.get_by_label("Hur många gånger").blur()
    else:
        page.get_by_role("button", name="Kolla om det är ledigt").last.click()
    answer = page.get_by_role("status")
    expect(answer).to_contain_text("Ett tillfälle krockar, 4 går")
    expect(answer).to_contain_text("Samråd")
    page.get_by_role("button", name="Boka de 4 som går").click()
    said = page.get_by_role("status")
    expect(said).to_contain_text("Bokat.")
    expect(said).to_contain_text("Ett datum gick inte att boka.")

    page.get_by_role("link", name="Se vilka").click()
    times = page.locator("ol.times li")
    expect(times).to_have_count(4)
    page.get_by_role("button", name="Försök igen").click()
    expect(page.get_by_role("alert")).to_contain_text("Krockar fortfarande")

    times.nth(1).get_by_role("link").click()
    page.get_by_role("link", name="Ändra").click()
    page.get_by_label("Från").select_option("14:00")
    if not javascript:
        page.locator("#till").select_option("14:30")
    page.get_by_role("button", name="Spara ändringen").last.click()
    expect(page.locator("main")).to_contain_text("Ändrat.")

    page.go_back()
    page.get_by_role("link", name="Låt den vara som den var").click()
    expect(times.nth(1)).to_contain_text("Flyttat för sig")
    times.nth(2).get_by_role("link").click()
    page.get_by_role("button", name="Avboka").click()
    page.get_by_role("radio", name="Den här och kommande").check()
    page.get_by_role("button", name="Avboka").click()
    expect(page.get_by_role("status")).to_contain_text(re.compile("Avbokat.*och alla kommande"))


def press_main(page: Page, javascript: bool) -> None:
    """Press the main button once the form has answered."""
    if javascript:
        expect(page.get_by_role("status")).to_contain_text("Ledigt")
    page.locator("[data-main]").click()
