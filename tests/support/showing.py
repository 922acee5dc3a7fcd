"""A house served to a real browser by a clock that stands still; and the demo so, at twenty past ten on a Tuesday.

Imports the application, tests.cast, tests.support.chromium and tests.support.house.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

from playwright.sync_api import Browser, BrowserContext
from werkzeug.serving import WSGIRequestHandler, make_server

from booking import demo
from booking.storage.database import migrate
from tests.cast import MORNING
from tests.support.house import DISPLAY, DOOR_COOKIE, House, house_on


class Quiet(WSGIRequestHandler):
    """Says nothing of each request: the application's own log does."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Nothing."""


class Shown:
    """A house that is served at an address."""

    def __init__(self, house: House, url: str) -> None:
        self.house = house
        self.url = url

    def browse(
        self, browser: Browser, who: str | None, shared: bool = False, **context: object
    ) -> BrowserContext:
        """A browser of one's own, in Swedish, signed in without the sign-in page if an address is given."""
        made = browser.new_context(base_url=self.url, locale="sv-SE", **context)  # type: ignore[arg-type]
        made.clock.set_fixed_time(self.house.clock())
        if who is not None:
            name = DOOR_COOKIE if who.startswith(DISPLAY) else self.house.app.config["SESSION_COOKIE_NAME"]
            cookie = self.house.visitor(who, shared).get_cookie(name)
            assert cookie is not None
            made.add_cookies([{"name": cookie.key, "value": cookie.value, "url": self.url}])
        return made


@contextmanager
def served(house: House) -> Iterator[Shown]:
    """A house, served on a free port for the length of the block."""
    server = make_server("127.0.0.1", 0, house.app, threaded=True, request_handler=Quiet)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Shown(house, f"http://127.0.0.1:{server.server_port}")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def demo_shown(folder: Path) -> Iterator[Shown]:
    """The demo with its week around Tuesday 24 November 2026, at 10.20."""
    url = f"sqlite:///{folder / 'demo'}"
    migrate(url)
    with house_on(url, folder) as house:
        with house.inside():
            demo.fill(MORNING, only_if_empty=False)
        house.clock.step(hours=3, minutes=20)
        with served(house) as shown:
            yield shown
