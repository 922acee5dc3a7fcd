"""An artist's path in a real Chromium: from the sign-in page's hint, by an invitation, to the first booking."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.cast import PASSWORD
from tests.support.chromium import launch
from tests.support.server import Server

pytestmark = pytest.mark.browser

NAME, EMAIL, OWN = "Cirkus Blåsippa", "blasippa@example.org", "fyra ord i en rad"
AHEAD = 3


@pytest.fixture
def pages(server: Server) -> Iterator[tuple[Page, Page]]:
    """The coordinator's browser, and the artist's, on a phone. Nothing may go wrong in their consoles."""
    faults: list[str] = []
    with ExitStack() as stack:
        chromium: Browser = stack.enter_context(launch())
        made = []
        for width in (1440, 390):
            size = {"width": width, "height": 844}
            context = stack.enter_context(chromium.new_context(base_url=server.url, viewport=size))
            page = context.new_page()
            page.set_default_timeout(20_000)
            page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
            page.on("pageerror", lambda error: faults.append(str(error)))
            made.append(page)
        yield made[0], made[1]
    assert faults == []


def sign_in(page: Page, email: str, password: str) -> None:
    page.get_by_label("E-post").fill(email)
    page.get_by_label("Lösenord").fill(password)
    page.get_by_role("button", name="Logga in", exact=True).click()


def test_an_artist_is_invited_makes_the_account_and_books(pages: tuple[Page, Page]) -> None:
    coordinator, artist = pages
    artist.goto("/logga-in")
    artist.get_by_role("link", name="Så ber du om en inbjudan").click()
    expect(artist.get_by_role("link", name="lokalen@example.org")).to_be_visible()

    coordinator.goto("/logga-in")
    sign_in(coordinator, "plats@example.org", PASSWORD)
    coordinator.goto("/samordning")
    coordinator.get_by_role("link", name=re.compile("^Gäster")).first.click()
    coordinator.get_by_label("Vad gästen heter").fill(NAME)
    coordinator.get_by_label("E-post").fill(EMAIL)
    coordinator.get_by_role("button", name="Skapa länk").click()
    link = coordinator.get_by_label("Länk", exact=True).input_value()

    artist.goto(link)
    artist.get_by_label("Ditt namn").fill("Ada Exempel")
    artist.get_by_label("Lösenord", exact=True).fill(OWN)
    artist.get_by_label("Samma lösenord igen").fill(OWN)
    artist.get_by_label("Jag godkänner villkoren").check()
    artist.get_by_role("button", name="Gör kontot").click()
    expect(artist.get_by_text("Ditt konto är gjort")).to_be_visible()
    sign_in(artist, EMAIL, OWN)
    artist.wait_for_url("**/idag*")

    day = datetime.now(UTC).astimezone(ZoneInfo("Europe/Stockholm")).date() + timedelta(days=AHEAD)
    artist.goto(f"/boka?plats=arbetsplats-4&datum={day}&fran=12:30&till=13:00")
    artist.get_by_role("button", name=re.compile("^Boka 12.30")).click()
    artist.wait_for_url(re.compile(r"/(idag|mina|bokning)"))
    artist.goto("/mina")
    expect(artist.get_by_text("12.30–13.00").first).to_be_visible()

    coordinator.goto("/samordning/gaster")
    card = coordinator.locator("section.feed", has_text=NAME)
    expect(card).to_contain_text("Ada Exempel")
    card.get_by_text("Avsluta nu").click()
    card.get_by_role("button", name="Avsluta kontot").click()
    expect(coordinator.get_by_role("heading", name="Har slutat")).to_be_visible()
    artist.goto("/mina")
    expect(artist).to_have_url(re.compile("/logga-in"))
