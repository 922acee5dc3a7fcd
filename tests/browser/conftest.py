"""A house that people visit with a real Chromium: its clock stands at twenty past ten, unless a test moves it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

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


@pytest.fixture
def visit(hosted: Shown, chromium: Browser) -> Iterator[Callable[..., Page]]:
    """A browser of one's own, on today's board. Its console says nothing but refusals, and it asks no other host."""
    faults: list[str] = []
    with ExitStack() as stack:

        def come(email: str, **context: object) -> Page:
            context = {"viewport": {"width": 1440, "height": 900}, **context}
            page = stack.enter_context(hosted.browse(chromium, email, **context)).new_page()
            page.set_default_timeout(20_000)
            page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
            page.on("pageerror", lambda error: faults.append(str(error)))
            page.on(
                "request",
                lambda asked: None if asked.url.startswith(hosted.url) else faults.append(asked.url),
            )
            page.goto("/idag")
            return page

        yield come
    assert [each for each in faults if not any(said in each for said in SAID_BY_REFUSALS)] == []
