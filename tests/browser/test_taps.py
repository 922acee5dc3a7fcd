"""How many taps it takes on a phone: two to a desk, and at most eight beside the title to a confidential briefing."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.cast import POLICE

pytestmark = pytest.mark.browser


class Finger:
    """Taps, and counts them. To choose in a list of the phone's own is two: to open it, and to choose."""

    def __init__(self) -> None:
        self.taps = 0

    def tap(self, what: Locator) -> None:
        self.taps += 1
        what.tap()

    def choose(self, what: Locator, value: str) -> None:
        self.taps += 2
        what.select_option(value)


@pytest.fixture
def phone(visit: Callable[..., Page]) -> Page:
    return visit(POLICE, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)


def test_two_taps_from_the_board_to_a_booked_desk(phone: Page) -> None:
    finger = Finger()
    finger.tap(phone.get_by_role("link", name=re.compile("^Boka den nu")))
    finger.tap(phone.get_by_role("button", name="Boka 10.20–12.20"))
    expect(phone.locator("main")).to_contain_text("Bokat. Arbetsplats 1, i dag 10.20–12.20.")
    assert finger.taps == 2


def test_at_most_eight_taps_beside_the_title_to_a_confidential_briefing_in_the_hall(phone: Page) -> None:
    finger = Finger()
    finger.tap(phone.locator(".tabbar").get_by_role("link", name="Boka"))
    sheet = phone.get_by_role("dialog", name="Ny bokning")
    finger.tap(sheet.locator(".pick label", has_text="Hela lokalen"))
    finger.choose(sheet.get_by_label("Från"), "17:00")
    finger.tap(sheet.get_by_role("textbox", name="Rubrik"))
    phone.keyboard.type("Utsättning")
    finger.tap(sheet.get_by_role("radio", name="Sekretess"))
    expect(sheet.get_by_role("status")).to_contain_text("Hela lokalen, tisdag 24 november 17.00–17.45.")
    finger.tap(sheet.locator("[data-main]"))
    expect(phone.locator("main")).to_contain_text("Bokat.")
    expect(phone.locator("main")).to_contain_text("Hela lokalen")
    assert finger.taps <= 8
