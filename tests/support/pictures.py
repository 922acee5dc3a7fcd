"""Pictures of every page, into a folder: `python -m tests.support.pictures FOLDER`.

Wide and on a phone; the board, the plan and the sheet in the dark too. Imports tests.support.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser

from tests.support.chromium import launch
from tests.support.pages import PAGES, Page
from tests.support.showing import Shown, demo_shown

WIDE, PHONE = (1440, 900), (390, 844)
DARK_TOO = {"idag", "idag-gast", "plan", "boka", "dorr"}


def take(shown: Shown, browser: Browser, page: Page, folder: Path) -> None:
    """Every picture of one page."""
    for (width, height), letter in ((WIDE, ""), (PHONE, "-telefon")):
        for theme, mark in (("light", ""), ("dark", "-mork")):
            if theme == "dark" and page.name not in DARK_TOO:
                continue
            size = {"width": width, "height": height}
            with shown.browse(browser, page.who, viewport=size, color_scheme=theme) as context:
                tab = context.new_page()
                tab.goto(page.address(shown.house))
                tab.screenshot(path=folder / f"{page.name}{letter}{mark}.png")


def main(folder: Path) -> None:
    """Take them all."""
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as data, demo_shown(Path(data)) as shown, launch() as browser:
        for page in PAGES:
            take(shown, browser, page, folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
