"""The booking form as a sheet over the board: its answer, its ghost, its keyboard, and what it never loses."""

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.cast import (
    ARTIST,
    DESKS,
    GUARD,
    HALL,
    MEETING_ROOM,
    POLICE,
    POLICE_CIRCLE,
    SOCIAL,
    SOCIAL_CIRCLE,
    TRAFFIC,
)
from tests.support.showing import Shown

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]
TITLE = "Genomgång Blåsippa"


def opened(page: Page, place: str = "Mötesrummet") -> Locator:
    """The sheet, opened by a free time of a place on the board."""
    page.get_by_role("link", name=re.compile(f"Ledigt .*, {place}")).first.press("Enter")
    sheet = page.get_by_role("dialog", name="Ny bokning")
    expect(sheet).to_be_visible()
    return sheet


def main_button(sheet: Locator) -> Locator:
    return sheet.locator("[data-main]")


def title(sheet: Locator) -> Locator:
    return sheet.get_by_role("textbox", name="Rubrik")


def test_a_free_time_opens_the_sheet_that_answers_before_anything_is_pressed(
    hosted: Shown, visit: Visit
) -> None:
    house, url = hosted.house, hosted.url
    house.book(TRAFFIC, MEETING_ROOM, "13:00", "15:00", title="Torgmöte")
    police = visit(POLICE)
    sheet = opened(police)
    expect(police).to_have_url(f"{url}/idag")
    expect(sheet.get_by_role("heading", name="Ny bokning")).to_be_focused()
    expect(sheet.get_by_role("status")).to_contain_text("Ledigt")
    expect(main_button(sheet)).to_have_text("Boka 10.20–11.20")
    ghost = police.locator("#board .sel.ghost")
    expect(ghost).to_have_text(re.compile(r"Din tid\s*10.20–11.20"))
    narrow = ghost.bounding_box()
    sheet.get_by_role("radio", name="Hela lokalen").check()
    expect(main_button(sheet)).to_have_text("Boka 10.20–11.05")
    wide = ghost.bounding_box()
    assert narrow
    assert wide
    assert wide["height"] > narrow["height"]
    title(sheet).fill(TITLE)
    main_button(sheet).click()
    expect(police.locator("main")).to_contain_text("Bokat.")
    assert "/mina?bokad=" in police.url


def test_on_a_clash_the_main_button_is_the_nearest_free_time(hosted: Shown, visit: Visit) -> None:
    house = hosted.house
    house.book(POLICE, MEETING_ROOM, "12:00", "13:00", title=TITLE, circle=POLICE_CIRCLE)
    traffic = visit(TRAFFIC)
    sheet = opened(traffic)
    sheet.get_by_label("Från").select_option("12:15")
    expect(sheet.get_by_role("status")).to_contain_text("Mötesrummet: upptaget 12.00–13.00.")
    expect(traffic.locator("#board .sel.ghost.bad")).to_contain_text("Krockar")
    assert TITLE not in sheet.inner_text()
    expect(main_button(sheet)).to_have_text("Boka 13.00–14.00 i stället")
    title(sheet).fill("Skyltning")
    main_button(sheet).click()
    expect(traffic.locator("main")).to_contain_text("Mötesrummet, väggen stängd, i dag 13.00–14.00.")


def test_others_give_way_after_a_yes_to_the_list(hosted: Shown, visit: Visit) -> None:
    house = hosted.house
    house.book(ARTIST, DESKS[1], "10:20", "12:00")
    police = visit(POLICE)
    sheet = opened(police)
    sheet.get_by_role("radio", name="Hela lokalen").check()
    sheet.get_by_role("radio", name="Sekretess").check()
    title(sheet).fill(TITLE)
    expect(main_button(sheet)).to_have_text("Boka, låt en bokning vika")
    expect(police.locator("#board .sel.ghost.warn")).to_be_visible()
    expect(sheet.locator(".others")).to_contain_text("Upptaget 10.20–11.05")
    main_button(sheet).click()
    expect(sheet.get_by_role("status")).to_contain_text("Kryssa i Ja om det är det du vill.")
    for yes in sheet.get_by_role("checkbox", name=re.compile("^Ja")).all():
        yes.check()
    main_button(sheet).click()
    expect(police.locator("main")).to_contain_text("Bokat.")


def test_booking_by_the_keyboard_alone(visit: Visit) -> None:
    police = visit(POLICE)
    opened(police)
    for _ in range(20):
        police.keyboard.press("Tab")
        if police.evaluate("document.activeElement.name") == "rubrik":
            break
    police.keyboard.type(TITLE)
    police.keyboard.press("Enter")
    assert police.evaluate("document.activeElement.textContent") == "Boka 10.20–11.20"
    police.keyboard.press("Enter")
    expect(police.locator("main")).to_contain_text("Bokat.")


def test_escape_closes_and_focus_goes_back_and_what_is_half_filled_is_asked_about(visit: Visit) -> None:
    police = visit(POLICE)
    gap = police.get_by_role("link", name=re.compile("Ledigt .*, Mötesrummet")).first
    sheet = opened(police)
    sheet.get_by_label("Från").select_option("12:15")
    police.keyboard.press("Escape")
    expect(sheet).to_have_count(0)
    expect(gap).to_be_focused()
    expect(police.locator(".sel.ghost")).to_have_count(0)

    sheet = opened(police)
    title(sheet).fill(TITLE)
    police.keyboard.press("Escape")
    question = sheet.get_by_role("alertdialog", name="Kasta det du har fyllt i?")
    expect(question.get_by_role("button", name="Fortsätt boka")).to_be_focused()
    police.keyboard.press("Enter")
    expect(question).to_have_count(0)
    expect(title(sheet)).to_have_value(TITLE)
    police.keyboard.press("Escape")
    sheet.get_by_role("button", name="Kasta").click()
    expect(sheet).to_have_count(0)


def test_somebody_was_faster_and_nothing_typed_is_lost(hosted: Shown, visit: Visit) -> None:
    house, url = hosted.house, hosted.url
    police = visit(POLICE)
    sheet = opened(police)
    title(sheet).fill(TITLE)
    expect(main_button(sheet)).to_have_text("Boka 10.20–11.20")
    house.book(GUARD, MEETING_ROOM, "10:20", "12:00", title="Morgonmöte")
    main_button(sheet).click()
    expect(sheet.get_by_role("status")).to_contain_text("Någon hann före. Välj en ny tid.")
    expect(sheet.locator(".ans")).to_be_focused()
    expect(title(sheet)).to_have_value(TITLE)
    expect(police).to_have_url(f"{url}/idag")
    main_button(sheet).click()
    expect(police.locator("main")).to_contain_text("Bokat.")


def test_what_is_wrong_is_said_in_the_sheet_at_its_field(visit: Visit) -> None:
    police = visit(POLICE)
    sheet = opened(police)
    title(sheet).fill(TITLE)
    sheet.get_by_text("Töm arbetsplatserna, kalla, anteckning").click()
    sheet.get_by_role("textbox", name="Kallade").fill("ingen@example.org")
    main_button(sheet).click()
    expect(sheet.locator(".errs")).to_be_focused()
    expect(police).to_have_title(re.compile("^Fel: Boka"))
    expect(title(sheet)).to_have_value(TITLE)
    sheet.get_by_role("textbox", name="Kallade").fill("")
    main_button(sheet).click()
    expect(police.locator("main")).to_contain_text("Bokat.")


def test_the_board_behind_goes_on_and_leaves_the_sheet_alone(hosted: Shown, visit: Visit) -> None:
    house = hosted.house
    police = visit(POLICE)
    sheet = opened(police)
    title(sheet).fill(TITLE)
    house.book(TRAFFIC, DESKS[2], "15:00", "18:00", title="Skyltning")
    police.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(police.locator("#board")).to_contain_text("Skyltning")
    expect(police.locator("#board .sel.ghost")).to_have_count(1)
    expect(title(sheet)).to_be_focused()
    expect(title(sheet)).to_have_value(TITLE)


def test_without_contact_it_says_so_and_keeps_what_was_written(visit: Visit) -> None:
    police = visit(POLICE)
    sheet = opened(police)
    title(sheet).fill(TITLE)
    police.context.set_offline(True)
    main_button(sheet).click()
    expect(sheet.get_by_role("alert")).to_contain_text("Ingen kontakt med servern.")
    police.context.set_offline(False)
    main_button(sheet).click()
    expect(police.locator("main")).to_contain_text("Bokat.")


def test_who_has_been_signed_out_meanwhile_is_asked_to_sign_in(visit: Visit) -> None:
    police = visit(POLICE)
    police.context.clear_cookies()
    police.get_by_role("link", name=re.compile("Ledigt .*, Mötesrummet")).first.press("Enter")
    expect(police).to_have_url(re.compile("/logga-in"))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_sheet_breaks_no_rule_of_accessibility(hosted: Shown, visit: Visit, theme: str) -> None:
    hosted.house.book(ARTIST, DESKS[1], "10:20", "12:00")
    police = visit(POLICE, color_scheme=theme, reduced_motion="reduce")
    sheet = opened(police)
    sheet.get_by_role("radio", name="Hela lokalen").check()
    sheet.get_by_role("radio", name="Sekretess").check()
    expect(main_button(sheet)).to_have_text("Boka, låt en bokning vika")
    for width in (1440, 390, 320):
        police.set_viewport_size({"width": width, "height": 844})
        found = Axe().run(police, context="dialog", options={"resultTypes": ["violations"]})
        assert [(each["id"], each["nodes"][0]["target"]) for each in found.response["violations"]] == []
        assert sheet.evaluate("sheet => sheet.scrollWidth <= sheet.clientWidth")
    title(sheet).fill(TITLE)
    police.keyboard.press("Escape")
    found = Axe().run(police, context="dialog", options={"resultTypes": ["violations"]})
    assert [(each["id"], each["nodes"][0]["target"]) for each in found.response["violations"]] == []


def test_a_change_is_answered_before_it_is_saved(hosted: Shown, visit: Visit) -> None:
    house = hosted.house
    house.book(SOCIAL, MEETING_ROOM, "14:00", "15:00", title="Samtal", circle=SOCIAL_CIRCLE)
    house.book(POLICE, MEETING_ROOM, "12:00", "13:00", title=TITLE)
    police = visit(POLICE)
    police.goto("/mina")
    police.get_by_role("link", name=re.compile("^Ändra")).click()
    main = police.locator("[data-main]")
    status = police.get_by_role("status")
    expect(status).to_be_empty()
    police.get_by_label("Från").select_option("13:15")
    expect(status).to_contain_text("Krockar")
    expect(status).to_contain_text("Mötesrummet: upptaget 14.00–15.00.")
    status.get_by_role("button", name="13.00–14.00").click()
    expect(status).to_contain_text("Ledigt")
    expect(police.get_by_label("Från")).to_have_value("13:00")
    expect(main).to_have_text("Spara ändringen")
    main.click()
    expect(police.locator("main")).to_contain_text("13.00–14.00")


def test_a_cancelling_is_undone_from_ones_own_bookings(hosted: Shown, visit: Visit) -> None:
    house = hosted.house
    house.book(POLICE, HALL, "17:00", "17:45", title=TITLE, circle=POLICE_CIRCLE)
    police = visit(POLICE)
    police.goto("/mina")
    police.get_by_role("button", name=re.compile("^Avboka")).click()
    expect(police.locator("main")).to_contain_text("Avbokat.")
    house.clock.step(minutes=9)
    police.get_by_role("button", name="Ångra").click()
    expect(police.locator("main")).to_contain_text("Ångrat, bokningen gäller igen.")
    expect(police.locator(".bk")).to_contain_text("17.00–17.45")
