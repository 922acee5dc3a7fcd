"""What a page weighs: all of its HTML, style sheets and scripts as they are read, unpacked."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Response

from tests.cast import (
    ARTIST,
    COORDINATOR,
    DESKS,
    GUARD,
    MEETING_ROOM,
    MIKA,
    MORNING,
    POLICE,
    POLICE_CIRCLE,
    SOCIAL,
    SOCIAL_CIRCLE,
    TABLE,
    TRAFFIC,
)
from tests.support.house import House
from tests.support.pages import PAGES
from tests.support.showing import Shown, demo_shown

pytestmark = pytest.mark.browser

MOST = 150_000  # bytes
WEIGHED = ("document", "stylesheet", "script")
BOOKERS = (POLICE, GUARD, SOCIAL, MIKA, TRAFFIC, COORDINATOR)
CIRCLES = {POLICE: POLICE_CIRCLE, SOCIAL: SOCIAL_CIRCLE}
LOADED = re.compile(r'<(?:link rel="stylesheet" href|script type="module" src)="/static/([^"]+)"')
IMPORTED = re.compile(r'^import .* from "\./([^"]+)"', re.MULTILINE)


def a_full_day(house: House) -> None:
    """Sixty bookings by six organisations: thirteen on every desk, eight in the meeting side, some confidential."""
    house.clock.now = MORNING
    for number in range(52):
        desk, turn = number % 4, number // 4
        start = 7 * 60 + turn * 60 + desk % 2 * 15
        length = (40, 55, 25, 50)[(turn + desk) % 4]
        times = clock(start), clock(start + length)
        title = f"Skriver rapport {number}"
        house.book(BOOKERS[number % 6], DESKS[desk], *times, title=title, visibility="open")
    for number in range(8):
        who, start = BOOKERS[number % 6], 8 * 60 + number * 90
        fields = {"circle": CIRCLES[who]} if who in CIRCLES else {"visibility": "open"}
        times = clock(start), clock(start + 60)
        house.book(who, (MEETING_ROOM, TABLE)[number % 2], *times, title="Planering av veckan", **fields)
    house.clock.now = house.at("10:20")


def clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def test_the_board_of_a_day_with_sixty_bookings_is_light_until_one_books(
    hosted: Shown, visit: Callable[..., Page]
) -> None:
    a_full_day(hosted.house)
    for who in (POLICE, TRAFFIC, COORDINATOR, ARTIST):
        page = visit(who)
        came = reloaded(page)
        assert page.locator("#board a.blk").count() > 50
        board = sum(len(each.body()) for each in came if each.request.resource_type in WEIGHED)
        assert board < MOST, f"{who}: {board} bytes"
    before = len(came)
    page.locator(".headrow").get_by_role("link", name="Boka").click()
    page.get_by_role("dialog", name="Ny bokning").wait_for()
    assert {"dialog.js", "book.js", "form.css"} <= {each.url.rsplit("/", 1)[1] for each in came[before:]}


def reloaded(page: Page) -> list[Response]:
    """What a page is sent as it is shown anew, and from then on."""
    came: list[Response] = []
    page.on("response", lambda response: came.append(response))
    page.reload(wait_until="networkidle")
    return came


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with demo_shown(tmp_path_factory.mktemp("demo")) as shown:
        yield shown.house


def test_every_page_is_light(demo: House) -> None:
    heavy = {}
    for page in PAGES:
        text = demo.visitor(page.who).get(page.address(demo), follow_redirects=True).text
        weight = len(text.encode()) + sum(sizes(Path(demo.app.static_folder or ""), text).values())
        if weight >= MOST:
            heavy[page.name] = weight
    assert heavy == {}


def sizes(folder: Path, text: str) -> dict[Path, int]:
    """How large every style sheet and script of a page is, with the scripts that these import."""
    found: dict[Path, int] = {}
    waiting = [folder / name for name in LOADED.findall(text)]
    assert waiting
    while waiting:
        file = waiting.pop()
        if file not in found:
            found[file] = file.stat().st_size
            waiting += [file.parent / name for name in IMPORTED.findall(file.read_text(encoding="utf-8"))]
    return found
