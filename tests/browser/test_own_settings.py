"""Every page for those who have set their system otherwise: larger text, colours of their own, nothing that moves."""

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.cast import POLICE
from tests.support.chromium import another
from tests.support.pages import PAGES
from tests.support.showing import Shown, demo_shown

pytestmark = pytest.mark.browser

MEASURES = (Path(__file__).parent / "measures.js").read_text()
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 640, "height": 900}
SIDEWAYS = """() => {
  const { scrollWidth, clientWidth } = document.documentElement;
  return scrollWidth > clientWidth ? [`${scrollWidth} wide on a screen of ${clientWidth}`] : [];
}"""
BORDER = """(each, part) => {
  const { borderTopWidth, borderLeftWidth, borderLeftStyle } = getComputedStyle(each, part);
  return `${borderTopWidth} ${borderLeftWidth} ${borderLeftStyle}`;
}"""


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shown]:
    with demo_shown(tmp_path_factory.mktemp("demo")) as made:
        yield made


@pytest.fixture(scope="module")
def magnified(chromium: Browser) -> Iterator[Browser]:
    """A browser whose owner has chosen text of twice the usual size."""
    with another(chromium, "--blink-settings=defaultFontSize=32") as browser:
        yield browser


def test_with_text_twice_as_large_nothing_is_cut_or_hidden_or_moves_and_focus_shows_in_any_colours(
    shown: Shown, magnified: Browser
) -> None:
    found: dict[str, list[str]] = {}
    for who, pages in groupby(sorted(PAGES, key=lambda page: page.who or ""), key=lambda page: page.who):
        wishes = {"viewport": WIDE, "reduced_motion": "reduce"}
        with shown.browse(magnified, who, **wishes) as context:
            tab = context.new_page()
            for page in pages:
                tab.goto(page.address(shown.house))
                assert tab.evaluate("getComputedStyle(document.documentElement).fontSize") == "32px"
                wrong = tab.evaluate(MEASURES, ["unreadable", "moving", "unmarked"])
                tab.emulate_media(forced_colors="active")
                wrong += [f"in forced colours {each}" for each in tab.evaluate(MEASURES, ["unmarked"])]
                tab.emulate_media(forced_colors="none")
                tab.set_viewport_size(NARROW)
                wrong += tab.evaluate(SIDEWAYS)
                tab.set_viewport_size(WIDE)
                if wrong:
                    found[page.name] = wrong
    assert found == {}


@pytest.fixture
def page(shown: Shown, chromium: Browser) -> Iterator[Page]:
    """An officer's tab: in colours of their own, without motion."""
    with shown.browse(chromium, POLICE, forced_colors="active", reduced_motion="reduce") as context:
        yield context.new_page()


def test_in_ones_own_colours_free_taken_and_ones_own_are_told_apart(page: Page) -> None:
    page.goto("/idag")

    def border(what: str, part: str | None = None) -> str:
        return str(page.locator(f".board {what}").first.evaluate(BORDER, part))

    looks = [border("a.gap"), border("a.blk.mine"), border(".blk.red")]
    assert looks == ["1px 1px solid", "3px 3px solid", "1px 1px dashed"]
    assert border(".wl.c", "::after") != border(".wl.o", "::after")

    # On the plan nothing lies over the places.
    page.goto("/plan")
    for spot in page.locator(".fp.land a.spot").all():
        box = spot.locator(".area").bounding_box()
        assert box
        centre = [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2]
        on_top = "([x, y]) => document.elementFromPoint(x, y)?.closest('a')?.id"
        assert page.evaluate(on_top, centre) == spot.get_attribute("id")


def test_the_sheet_does_not_slide_for_those_who_want_no_motion(page: Page) -> None:
    page.goto("/idag")
    page.locator(".board a.gap").first.press("Enter")
    expect(page.get_by_role("dialog", name="Ny bokning")).to_be_visible()
    assert page.evaluate(MEASURES, ["moving"]) == []
