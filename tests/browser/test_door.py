"""A display at a door in a real Chromium: paired, booked with two taps and a name, and honest when contact is lost."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from tests.cast import COORDINATOR, MEETING_ROOM
from tests.support.databases import SqliteFiles, lent
from tests.support.house import House, house_on

pytestmark = pytest.mark.browser
TABLET = {"width": 1280, "height": 800}
LONG = 150_000  # milliseconds: past the two minutes after which a display no longer knows


@pytest.fixture
def opened(sqlite_files: SqliteFiles, tmp_path: Path) -> Iterator[tuple[House, str]]:
    """The house at seven on a Tuesday morning, whatever the hour is here, with the address it answers at."""
    with lent(sqlite_files) as database, house_on(database, tmp_path) as house, serving(house) as address:
        yield house, address


@contextmanager
def serving(house: House) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, house.app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()


@pytest.fixture
def tablet(opened: tuple[House, str], chromium: Browser) -> Iterator[Page]:
    """A tablet that was paired with the code on the coordinator's page. Nothing may go wrong in its console."""
    house, address = opened
    faults: list[str] = []
    context = chromium.new_context(base_url=address, viewport=TABLET, has_touch=True)
    page = context.new_page()
    page.clock.install()
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    made = house.visitor(COORDINATOR).submit("/samordning/dorrar", {"namn": "Dörren", "plats": MEETING_ROOM})
    code = made.text.partition('<p class="big"><b>')[2].partition("</b>")[0]
    page.goto("/dorr")
    page.get_by_label("Kod").fill(code)
    page.get_by_role("button", name="Koppla skärmen").tap()
    expect(page.get_by_role("heading", name="Ledigt")).to_be_visible()
    yield page
    context.close()
    assert [each for each in faults if "ERR_INTERNET_DISCONNECTED" not in each] == []


def test_a_place_is_booked_with_two_taps_and_a_name(tablet: Page) -> None:
    expect(tablet.get_by_text("till 21.00", exact=True).first).to_be_visible()
    tablet.get_by_role("link", name="Boka nu").tap()
    tablet.get_by_role("button", name="MIKA").tap()
    expect(tablet.get_by_role("heading", name="Bokat")).to_be_visible()
    expect(tablet.get_by_text("07.00–07.30")).to_be_visible()
    tablet.clock.run_for(21_000)
    expect(tablet.get_by_role("heading", name="Upptaget")).to_be_visible()
    expect(tablet.get_by_text("Vid dörren: MIKA")).to_be_visible()
    expect(tablet.get_by_role("link", name="Boka sedan")).to_be_visible()


def test_who_walks_away_from_the_names_leaves_the_screen_behind(tablet: Page) -> None:
    tablet.get_by_role("link", name="1 tim").tap()
    expect(tablet.get_by_role("heading", name="Vem är det för?")).to_be_visible()
    tablet.clock.run_for(21_000)
    expect(tablet.get_by_role("heading", name="Ledigt")).to_be_visible()


def test_what_is_booked_elsewhere_comes_by_itself(tablet: Page, opened: tuple[House, str]) -> None:
    opened[0].book(COORDINATOR, MEETING_ROOM, "07:00", "08:00", title="Torgmöte", visibility="open")
    tablet.clock.run_for(16_000)
    expect(tablet.get_by_role("heading", name="Upptaget")).to_be_visible()
    expect(tablet.get_by_text("Torgmöte · Platssamverkan Sergels torg")).to_be_visible()


def test_without_contact_it_says_that_it_does_not_know(tablet: Page, opened: tuple[House, str]) -> None:
    tablet.context.set_offline(True)
    tablet.clock.run_for(60_000)
    expect(tablet.get_by_role("heading", name="Ledigt")).to_be_visible()
    tablet.clock.run_for(LONG)
    expect(tablet.get_by_role("heading", name="Oklart")).to_be_visible()
    expect(tablet.get_by_role("status")).to_have_text("Ingen kontakt sedan 07.00")
    expect(tablet.get_by_role("link", name="Boka nu")).to_have_count(0)
    tablet.context.set_offline(False)
    tablet.clock.run_for(16_000)
    expect(tablet.get_by_role("heading", name="Ledigt")).to_be_visible()
    expect(tablet.get_by_role("link", name="Boka nu")).to_be_visible()


def test_nothing_lies_over_anything_or_out_of_the_screen(tablet: Page, opened: tuple[House, str]) -> None:
    opened[0].book(COORDINATOR, MEETING_ROOM, "07:00", "08:00", title="x" * 90, visibility="open")
    tablet.reload()
    for width, height in ((1280, 800), (1024, 768), (390, 844), (800, 1280), (320, 640)):
        tablet.set_viewport_size({"width": width, "height": height})
        assert tablet.evaluate("document.documentElement.scrollWidth") <= width
        word = tablet.locator("[data-word]").bounding_box()
        go = tablet.locator(".go").bounding_box()
        assert word
        assert go
        beside = word["x"] + word["width"] <= go["x"]
        assert beside or word["y"] + word["height"] <= go["y"]
