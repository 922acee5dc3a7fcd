"""Every page holds WCAG 2.2 AA as far as rules can be checked by machine, in both themes, languages and widths."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, ViewportSize, expect
from playwright.sync_api import Page as Tab
from werkzeug.exceptions import MethodNotAllowed, NotFound

from tests.cast import POLICE
from tests.support.databases import unhurried
from tests.support.pages import NO_PAGES, PAGES, Page
from tests.support.showing import Shown, demo_shown

pytestmark = pytest.mark.browser

TabOf = Callable[[str | None, str], Tab]

WIDE, PHONE = ViewportSize(width=1440, height=900), ViewportSize(width=390, height=844)
NARROWEST = ViewportSize(width=320, height=640)
TWICE = ViewportSize(width=640, height=450)  # a window of 1280 at 200 %
ALL: dict[str, Any] = {"resultTypes": ["violations"]}
COLOURS = {**ALL, "runOnly": ["color-contrast", "link-in-text-block"]}  # what alone the dark can change


@pytest.fixture(scope="module")
def shown() -> Iterator[Shown]:
    with unhurried() as folder, demo_shown(folder) as made:
        yield made


@pytest.fixture(scope="module")
def tab_of(shown: Shown, chromium: Browser) -> Iterator[TabOf]:
    """The one tab of each person in each language: what is only looked at needs no new browser for every page."""
    with ExitStack() as stack:

        @cache
        def come(who: str | None, language: str) -> Tab:
            made = stack.enter_context(shown.browse(chromium, who, viewport=WIDE, reduced_motion="reduce"))
            made.add_cookies([{"name": "sprak", "value": language, "url": shown.url}])
            return made.new_page()

        yield come


def test_every_page_is_in_the_list(shown: Shown) -> None:
    """A new page has a line in tests/support/pages.py, or a reason why it is none."""
    adapter = shown.house.app.url_map.bind("localhost")
    listed = set(NO_PAGES)
    for page in PAGES:
        try:
            listed.add(adapter.match(page.address(shown.house).split("?")[0])[0])
        except (NotFound, MethodNotAllowed):
            assert page.name == "fel"
    asked = {rule.endpoint for rule in shown.house.app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert {each for each in asked if not each.startswith("api.") or each == "api.page"} - listed == set()


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_breaks_no_rule(tab_of: TabOf, shown: Shown, page: Page, language: str) -> None:
    tab = tab_of(page.who, language)
    tab.set_viewport_size(WIDE)
    tab.goto(page.address(shown.house))
    assert tab.locator("html").get_attribute("lang") == language
    tab.evaluate(AXE_SCRIPT)
    for width in (WIDE, PHONE):
        tab.set_viewport_size(width)
        for theme, rules in (("light", ALL), ("dark", COLOURS)):
            tab.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
            assert [*broken(tab, rules)] == [], f"{width['width']} {theme}"
    for width in (TWICE, NARROWEST):
        tab.set_viewport_size(width)
        assert tab.evaluate("document.documentElement.scrollWidth") <= width["width"], "it scrolls sideways"


def test_a_page_left_open_on_a_shared_computer_goes_away(shown: Shown, chromium: Browser) -> None:
    with shown.browse(chromium, POLICE, shared=True) as context:
        tab = context.new_page()
        tab.clock.install()
        tab.goto("/mina")
        assert tab.get_by_role("heading", level=1).inner_text() == "Mina bokningar"
        before = shown.house.clock.now
        try:
            shown.house.clock.step(minutes=10, seconds=1)
            tab.clock.fast_forward("01:01")
            expect(tab).to_have_url(re.compile("/logga-in"))
        finally:
            shown.house.clock.now = before


def broken(tab: Any, rules: dict[str, Any]) -> Iterator[str]:
    """The rules that a page breaks, and where; axe is in the page already."""
    for rule in tab.evaluate("rules => axe.run(rules).then(found => found.violations)", rules):
        for node in rule["nodes"]:
            yield f"{rule['id']}: {node['target']} {node['html'][:120]}"
