"""A real Chromium, Debian's own, driven by Playwright; no browser is downloaded, no other host reached.

Imports tests.support.install.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

from tests.support.install import CHROMIUM, chromium_program, missing

# What Playwright turns off itself: of two such lists the browser reads the last alone, so ours repeats it.
PLAYWRIGHTS = (
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable",
    "LensOverlay",
    "MediaRouter",
    "PaintHolding",
    "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "TcpPortRandomizationWin",
    "OptimizationHints",
    "NetworkTimeServiceQuerying",
    "AimEnabled",
    "PreconnectToSearch",
    "msForceBrowserSignIn",
    "msEdgeUpdateLaunchServicesPreferredVersion",
)
# The address bar's suggestions are pages in processes of their own: two in every window, that nobody sees,
# and dearer than most of ours.
UNSEEN = ("WebUIOmniboxPopup", "WebUIOmniboxAimPopup")
FLAGS = (
    "--no-sandbox",  # the tests may run as root, where Chromium's sandbox refuses to start
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",  # containers give 64 MB of shared memory, on which a page dies
    f"--disable-features={','.join((*PLAYWRIGHTS, *UNSEEN))}",
    # A page that asks another host for anything fails instead of quietly getting it.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
)


@contextmanager
def launch() -> Iterator[Browser]:
    """A headless browser for the length of the block. Without Chromium the test skips, or fails in CI."""
    program = chromium_program()
    if program is None:
        missing(CHROMIUM)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, headless=True, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def another(browser: Browser, *flags: str) -> Iterator[Browser]:
    """One more browser beside the first, with flags of its own."""
    program, started = chromium_program(), browser.browser_type
    made = started.launch(executable_path=program, headless=True, args=[*FLAGS, *flags])
    try:
        yield made
    finally:
        made.close()
