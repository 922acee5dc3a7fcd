"""A house that people visit with a real Chromium: its clock stands at twenty past ten, unless a test moves it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from werkzeug.serving import make_server

from tests.cast import PASSWORD
from tests.support.chromium import launch
from tests.support.databases import SqliteFiles, lent
from tests.support.house import House, house_on


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with launch() as browser:
        yield browser


@pytest.fixture
def hosted(sqlite_files: SqliteFiles, tmp_path: Path) -> Iterator[tuple[House, str]]:
    """A house of one's own with a server in front of it, and the server's address."""
    with lent(sqlite_files) as database, house_on(database, tmp_path) as house:
        house.clock.now = house.at("10:20")
        server = make_server("127.0.0.1", 0, house.app, threaded=True)
        running = Thread(target=server.serve_forever)
        running.start()
        try:
            yield house, f"http://127.0.0.1:{server.port}"
        finally:
            server.shutdown()
            running.join()
            server.server_close()


@pytest.fixture
def visit(hosted: tuple[House, str], chromium: Browser) -> Iterator[Callable[..., Page]]:
    """A browser of one's own, signed in. Nothing but a refusal may stand in its console, nor may it ask other hosts."""
    _, url = hosted
    faults: list[str] = []

    def listen(context: BrowserContext) -> Page:
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("request", lambda asked: None if asked.url.startswith(url) else faults.append(asked.url))
        return page

    with ExitStack() as stack:

        def sign_in(email: str, width: int = 1440, height: int = 900, touch: bool = False) -> Page:
            context = chromium.new_context(
                base_url=url, viewport={"width": width, "height": height}, has_touch=touch, is_mobile=touch
            )
            page = listen(stack.enter_context(context))
            page.goto("/logga-in")
            page.get_by_label("E-post").fill(email)
            page.get_by_label("Lösenord").fill(PASSWORD)
            page.get_by_role("button", name="Logga in").click()
            expect(page).to_have_url(f"{url}/idag")
            return page

        yield sign_in
    allowed = ("409", "422", "ERR_INTERNET_DISCONNECTED")
    assert [each for each in faults if not any(status in each for status in allowed)] == []
