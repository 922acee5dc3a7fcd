"""The floor plan and the week in a real Chromium: the slider by keyboard, and both without script."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

STOCKHOLM = ZoneInfo("Europe/Stockholm")


def tomorrow() -> str:
    return f"{datetime.now(STOCKHOLM) + timedelta(days=1):%Y-%m-%d}"


def test_the_slider_goes_by_quarters_with_the_arrow_keys_and_the_plan_follows(
    browsing: Callable[..., Page],
) -> None:
    police = browsing("polis")
    police.goto(f"/plan?datum={tomorrow()}&tid=07:00")
    slider = police.get_by_role("slider", name="Klockslag")
    morning = police.get_by_role("link", name=re.compile(r"^Mötesrummet: upptaget till .*Morgonmöte"))
    expect(police.get_by_role("combobox")).to_have_count(0)
    expect(morning).to_have_count(0)
    slider.focus()
    for _ in range(3):
        police.keyboard.press("ArrowRight")
    expect(slider).to_have_attribute("aria-valuetext", "07.45")
    expect(morning).to_be_visible()
    expect(police.locator("[data-sub]")).to_contain_text("klockan 07.45")
    expect(police).to_have_url(re.compile(r"tid=07%3A45"))
    expect(slider).to_be_focused()
    police.get_by_role("link", name="Nästa dag").click()
    expect(police.locator("[data-sub]")).to_contain_text("klockan 07.45")


def test_a_desk_on_the_plan_is_booked_with_the_keyboard_alone(browsing: Callable[..., Page]) -> None:
    artist = browsing("konstnar")
    artist.goto(f"/plan?datum={tomorrow()}&tid=20:15")
    desk = artist.get_by_role("link", name=re.compile("^Arbetsplats 4: ledig till 21.00"))
    for _ in range(60):
        artist.keyboard.press("Tab")
        if desk.evaluate("each => each === document.activeElement"):
            break
    expect(desk).to_be_focused()
    artist.keyboard.press("Enter")
    sheet = artist.get_by_role("dialog")
    for name, value in (("arbetsplats", "arbetsplats-4"), ("fran", "20:15")):
        expect(sheet.locator(f"[name={name}]")).to_have_value(value)


def test_without_script_a_quarter_is_chosen_in_a_list(browsing: Callable[..., Page]) -> None:
    police = browsing("polis", javascript=False)
    police.goto(f"/plan?datum={tomorrow()}")
    expect(police.get_by_role("slider")).to_have_count(0)
    police.get_by_role("combobox", name="Klockslag").select_option("07.45")
    police.get_by_role("button", name="Visa").click()
    expect(police.locator("[data-sub]")).to_contain_text("klockan 07.45")
    expect(police.get_by_role("link", name=re.compile("Morgonmöte")).first).to_be_visible()


@pytest.mark.parametrize("address", ["/plan", "/vecka"])
def test_on_a_narrow_phone_nothing_has_to_be_scrolled_sideways(
    browsing: Callable[..., Page], address: str
) -> None:
    police = browsing("polis", width=320)
    police.goto(address)
    assert police.evaluate("document.documentElement.scrollWidth") == 320


def test_a_click_in_the_week_opens_the_form_at_the_clicked_quarter_of_that_day(
    browsing: Callable[..., Page],
) -> None:
    artist = browsing("konstnar")
    day = (datetime.now(STOCKHOLM) + timedelta(days=7)).date()
    artist.goto(f"/vecka?plats=arbetsplats-4&datum={day}&vy=tavla")
    gap = artist.locator(f"a.gap[href*='{day}']").first
    box = gap.bounding_box()
    assert box
    gap.click(position={"x": box["width"] / 2, "y": 46 * 2 + 6})
    sheet = artist.get_by_role("dialog")
    for name, value in (
        ("datum", str(day)),
        ("fran", "09:00"),
        ("till", "11:00"),
        ("arbetsplats", "arbetsplats-4"),
    ):
        expect(sheet.locator(f"[name={name}]")).to_have_value(value)


def test_a_booking_in_the_week_is_shown_in_brief(browsing: Callable[..., Page]) -> None:
    police = browsing("polis")
    police.goto(f"/vecka?plats=motesrummet&datum={tomorrow()}&vy=tavla")
    police.get_by_role("link", name=re.compile("Morgonmöte")).last.click()
    expect(police.locator("#brief")).to_contain_text("Morgonmöte")
    expect(police).to_have_url(re.compile("/vecka"))
