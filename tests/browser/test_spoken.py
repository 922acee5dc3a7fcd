"""What a screen reader says of board, list, form and a display at a door, word for word; and a path by keys alone."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.cast import ARTIST, DESKS, HALL, MEETING_ROOM, POLICE, POLICE_CIRCLE, SOCIAL, SOCIAL_CIRCLE
from tests.support.house import DISPLAY
from tests.support.showing import Shown

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]

BOARD = """
- heading "Mötesrummet" [level=3]
- text: Ledigt till 11.00 Stängt
- link "Ledigt 10.20–11.00, Mötesrummet. Boka"
- text: Upptaget 11.00–12.00
- link "Ledigt 12.00–16.55, Mötesrummet. Boka"
- link "Lokalpolisområde Norrmalm Sekretess Din bokning 17.00–17.45 · Hela lokalen"
- link "Ledigt 17.50–21.00, Mötesrummet. Boka"
- heading "Konferensbordet" [level=3]
- text: Ledigt till 11.00
- link "Ledigt 10.20–11.00, Konferensbordet. Boka"
- text: 11.00–12.00 upptaget
- link "Ledigt 12.00–17.00, Konferensbordet. Boka"
- text: 17.00–17.45 upptaget
- link "Ledigt 17.45–21.00, Konferensbordet. Boka"
- heading "Glasväggen" [level=3]
- text: Får flyttas Får flyttas 07.00–10.55 Rör inte väggen 10.55–12.05 Får flyttas 12.05–16.55 Öppen 16.55–17.45 Får flyttas 17.45–21.00
- heading "Arbetsplats 1" [level=3]
- text: Ledigt till 21.00
- link "Ledigt 10.20–21.00, Arbetsplats 1. Boka"
- text: Inom hörhåll 17.00–17.45
- heading "Arbetsplats 2" [level=3]
- text: Ledigt till 13.00
- link "Ledigt 10.20–13.00, Arbetsplats 2. Boka"
- link "Gäst, konstnär Rekvisita 13.00–15.00"
- link "Ledigt 15.00–21.00, Arbetsplats 2. Boka"
"""  # noqa: E501 - a line of it is a line of what is said
LIST = """
- region "Mötesrummet"
- heading "Mötesrummet" [level=2]
- list
- listitem
- text: 10.20–11.00 Ledigt
- link "Boka Mötesrummet 10.20–11.00"
- listitem: 11.00–12.00 Upptaget
- listitem
- text: 12.00–16.55 Ledigt
- link "Boka Mötesrummet 12.00–16.55"
- listitem
- text: 17.00–17.45 Lokalpolisområde Norrmalm
- link "Sekretess"
- text: · Hela lokalen Dina
- listitem
- text: 17.50–21.00 Ledigt
- link "Boka Mötesrummet 17.50–21.00"
"""
FORM = """
- heading "Ny bokning" [level=1]
- group "Vad behöver du?"
- radio "Arbetsplats en av 4"
- radio "Bordet 8 platser"
- radio "Mötesrummet väggen stängd" [checked]
- radio "Hela lokalen väggen öppen"
- group "När? tisdag 24 november, vecka 48"
- textbox "Dag": 2026-11-24
- combobox "Från"
- combobox "Till"
- group "Längd"
- button "30 min"
- button "45 min"
- button "1 timme" [pressed]
- button "2 timmar"
- paragraph: "Mötesrummet: 11.00–12.00 Upptaget."
- group: Upprepa
- textbox "Rubrik"
- group "Vem får veta?"
- radio "Öppen"
- radio "Intern" [checked]
- radio "Sekretess"
- paragraph: Alla organisationer i lokalen ser rubriken. Gäster ser bara Upptaget.
- checkbox "Brådskande Bokningar med lägre företräde kan få vika, efter ditt ja. De får veta att lokalen behövs, inte av vem eller varför."
- group: Töm arbetsplatserna, kalla, anteckning
- status
- strong: Krockar
- paragraph: "Mötesrummet: upptaget 11.00–12.00."
- text: "Närmast lediga:"
- button "12.00–13.00"
- button "13.00–14.00"
- button "14.00–15.00"
- button "Boka 12.00–13.00 i stället"
"""  # noqa: E501
DOOR = """
- banner
- text: Mötesrummet
- time: tisdag 24 november 10.20
- main
- heading "Ledigt" [level=1]
- paragraph: till 11.00
- term: "11.00"
- definition: Upptaget till 12.00
- term: "16.55"
- definition: Upptaget till 17.50
- link "Boka nu 30 min, till 10.50"
- link "15 min , till 10.35"
- link "Annan tid"
- contentinfo: Väggen får flyttas till 10.55
"""


def said(part: Locator, without: str = "") -> list[str]:
    """What is said of a part of a page, without addresses, times to choose from, and what `without` matches."""
    left_out = re.compile(f"/url:|option |text: \\+ Boka{without and '|' + without}")
    lines = [line.strip() for line in part.aria_snapshot().splitlines()]
    return [re.sub(r"(?<=[a-zå-ö\"\]]):$", "", line) for line in lines if not left_out.match(line, 2)]


def lines(text: str) -> list[str]:
    return text.strip().splitlines()


def test_a_screen_reader_says_what_the_eye_sees(hosted: Shown, visit: Visit, chromium: Browser) -> None:
    house = hosted.house
    house.book(SOCIAL, MEETING_ROOM, "11:00", "12:00", title="Samtal", circle=SOCIAL_CIRCLE)
    house.book(ARTIST, DESKS[1], "13:00", "15:00", title="Rekvisita")
    house.book(POLICE, HALL, "17:00", "17:45", title="Utsättning", circle=POLICE_CIRCLE)
    police = visit(POLICE)
    board = said(police.locator("#board"))
    from_first_lane = board[board.index('- heading "Mötesrummet" [level=3]') :]
    assert from_first_lane[: len(lines(BOARD))] == lines(BOARD)
    police.goto("/idag?vy=lista")
    assert said(police.locator(".lists"))[: len(lines(LIST))] == lines(LIST)
    police.goto(f"/boka?plats={MEETING_ROOM}&datum=2026-11-24&fran=11:15&till=12:15")
    labels = 'text: (?!"Närmast)'  # each is said once more as the name of its field
    assert said(police.locator("main"), labels)[1:] == lines(FORM)
    with hosted.browse(chromium, f"{DISPLAY}{MEETING_ROOM}") as tablet:
        door = tablet.new_page()
        door.goto("/dorr/skarm")
        assert said(door.locator("body")) == lines(DOOR)


def test_a_booking_is_made_moved_cancelled_and_taken_back_by_keys_alone(visit: Visit) -> None:
    page = visit(POLICE)

    def tab_to(what: Locator) -> None:
        for _ in range(60):
            page.keyboard.press("Tab")
            if what.evaluate("each => each === document.activeElement"):
                return
        raise AssertionError(f"Tab does not come to {what}")

    def said_by_page(text: str) -> None:
        expect(page.locator("main")).to_contain_text(text)

    tab_to(page.get_by_role("link", name=re.compile("Ledigt .*, Arbetsplats 1")).first)
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Ny bokning").get_by_role("heading").first).to_be_focused()
    tab_to(page.get_by_label("Från"))
    page.keyboard.type("12")
    tab_to(page.locator("dialog [data-main]"))
    page.keyboard.press("Enter")
    said_by_page("Bokat. Arbetsplats 1, i dag 12.00–14.00.")

    tab_to(page.get_by_role("link", name=re.compile("^Ändra")).first)
    page.keyboard.press("Enter")
    tab_to(page.get_by_label("Från"))
    page.keyboard.type("13")
    tab_to(page.get_by_role("button", name="Spara ändringen"))
    page.keyboard.press("Enter")
    said_by_page("13.00–15.00")

    tab_to(page.get_by_role("button", name=re.compile("^Avboka")).first)
    page.keyboard.press("Enter")
    said_by_page("Avbokat.")
    tab_to(page.get_by_role("button", name="Ångra"))
    page.keyboard.press("Enter")
    said_by_page("Ångrat, bokningen gäller igen.")
