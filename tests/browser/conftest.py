"""A house that people visit with a real Chromium: its clock stands at twenty past ten, unless a test moves it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.cast import PASSWORD
from tests.support.chromium import launch
from tests.support.databases import SqliteFiles, lent
from tests.support.house import house_on
from tests.support.server import Server
from tests.support.showing import Shown, served

SAID_BY_REFUSALS = ("409", "422", "ERR_INTERNET_DISCONNECTED")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server of `make run`, on an instance of its own with the demo in it."""
    made = Server(tmp_path_factory.mktemp("instance"))
    assert "sergels-torg" in made.command("demo", "--if-empty")
    with made:
        yield made


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with launch() as browser:
        yield browser


@pytest.fixture
def hosted(sqlite_files: SqliteFiles, tmp_path: Path) -> Iterator[Shown]:
    """A house of one's own, without bookings, and its address."""
    with lent(sqlite_files) as database, house_on(database, tmp_path) as house:
        house.clock.now = house.at("10:20")
        with served(house) as shown:
            yield shown


def watched(context: BrowserContext, url: str, faults: list[str]) -> Page:
    """A page that notes what its console says, and what it asks of another host."""
    page = context.new_page()
    page.set_default_timeout(20_000)
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda asked: None if asked.url.startswith(url) else faults.append(asked.url))
    return page


@pytest.fixture
def faults() -> Iterator[list[str]]:
    """What went wrong in the pages of a test: nothing may, but what a refusal leaves in the console."""
    found: list[str] = []
    yield found
    assert [each for each in found if not any(said in each for said in SAID_BY_REFUSALS)] == []


@pytest.fixture
def visit(hosted: Shown, chromium: Browser, faults: list[str]) -> Iterator[Callable[..., Page]]:
    """A browser of one's own in that house, on today's board."""
    with ExitStack() as stack:

        def come(email: str, **context: object) -> Page:
            context = {"viewport": {"width": 1440, "height": 900}, **context}
            page = watched(stack.enter_context(hosted.browse(chromium, email, **context)), hosted.url, faults)
            page.goto("/idag")
            return page

        yield come


@pytest.fixture
def browsing(server: Server, chromium: Browser, faults: list[str]) -> Iterator[Callable[..., Page]]:
    """A browser of one's own in the demo, signed in by the page as this person."""
    with ExitStack() as stack:

        def sign_in(who: str, javascript: bool = True, width: int = 1440) -> Page:
            context = chromium.new_context(
                base_url=server.url,
                java_script_enabled=javascript,
                viewport={"width": width, "height": 900},
            )
            page = watched(stack.enter_context(context), server.url, faults)
            page.goto("/logga-in")
            page.get_by_label("E-post").fill(f"{who}@example.org")
            page.get_by_label("Lösenord").fill(PASSWORD)
            page.get_by_role("button", name="Logga in").click()
            expect(page).to_have_url(f"{server.url}/idag")
            return page

        yield sign_in
