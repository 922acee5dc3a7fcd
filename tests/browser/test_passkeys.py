"""A second factor in a real Chromium, with an authenticator of its own: added, used, and used alone elsewhere."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pyotp
import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect

from tests.support.server import Server

pytestmark = pytest.mark.browser

SECURITY = "/installningar/sakerhet"
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


class Device:
    """A browser of one's own, with an authenticator in it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._line: CDPSession = page.context.new_cdp_session(page)
        self._line.send("WebAuthn.enable", {"enableUI": False})
        added = self._line.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
        self._authenticator: str = added["authenticatorId"]

    def passkeys(self) -> list[dict[str, Any]]:
        found = self._line.send("WebAuthn.getCredentials", {"authenticatorId": self._authenticator})
        kept: list[dict[str, Any]] = found["credentials"]
        return kept

    def put(self, passkey: dict[str, Any]) -> None:
        self._line.send(
            "WebAuthn.addCredential", {"authenticatorId": self._authenticator, "credential": passkey}
        )

    def knows_its_user(self, known: bool) -> None:
        self._line.send(
            "WebAuthn.setUserVerified", {"authenticatorId": self._authenticator, "isUserVerified": known}
        )


@pytest.fixture
def device(server: Server, chromium: Browser) -> Iterator[Callable[..., Device]]:
    """Devices of their own. Nothing may go wrong in their consoles but what a test expects to be refused."""
    faults: list[str] = []
    with ExitStack() as stack:

        def make(javascript: bool = True) -> Device:
            context = stack.enter_context(
                chromium.new_context(
                    base_url=f"http://localhost:{server.port}", java_script_enabled=javascript
                )
            )
            page = context.new_page()
            page.set_default_timeout(20_000)
            page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
            page.on("pageerror", lambda error: faults.append(str(error)))
            return Device(page)

        yield make
    assert [each for each in faults if "422" not in each] == []


def give_password(page: Page, who: str) -> None:
    page.goto("/logga-in")
    page.get_by_label("E-post").fill(f"{who}@example.org")
    page.get_by_label("Lösenord").fill("sergels-torg")
    page.get_by_role("button", name="Logga in").click()


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Logga ut", exact=True).first.click()
    expect(page.get_by_role("heading", name="Logga in")).to_be_visible()


def add_passkey(page: Page, name: str) -> None:
    page.goto(SECURITY)
    page.get_by_label("Vad heter den?").fill(name)
    page.get_by_role("button", name="Lägg till en passnyckel").click()
    expect(page.get_by_role("status")).to_contain_text("Passnyckeln har lagts till.")


def test_a_passkey_is_added_asked_for_and_opens_a_shared_computer_alone(
    device: Callable[..., Device],
) -> None:
    own = device()
    give_password(own.page, "polis")
    expect(own.page.get_by_role("link", name="Mina bokningar").first).to_be_visible()
    add_passkey(own.page, "Min telefon")
    expect(own.page.locator("main")).to_contain_text("med ett andra steg")
    (passkey,) = own.passkeys()
    assert (passkey["rpId"], passkey["isResidentCredential"]) == ("localhost", True)

    sign_out(own.page)
    give_password(own.page, "polis")
    expect(own.page.get_by_role("heading", name="Andra steget")).to_be_visible()
    own.page.goto("/mina")
    expect(own.page.get_by_role("heading", name="Logga in")).to_be_visible()
    own.page.goto("/logga-in/andra-steget?next=/mina")
    own.page.get_by_role("button", name="Använd en passnyckel").click()
    expect(own.page.get_by_role("heading", name="Mina bokningar", level=1)).to_be_visible()

    shared = device()
    shared.put(own.passkeys()[0])
    shared.page.goto("/logga-in")
    shared.page.get_by_label("Det här är en delad dator").check()
    shared.page.get_by_role("button", name="Använd en passnyckel i stället").click()
    expect(shared.page.get_by_role("link", name="Mina bokningar").first).to_be_visible()
    shared.page.goto(SECURITY)
    expect(shared.page.locator("section", has_text="Här, nu")).to_contain_text("delad dator")
    expect(shared.page.locator("section", has_text="Här, nu")).to_contain_text("med ett andra steg")

    shared.page.get_by_role("button", name="Ta bort passnyckeln").click()
    expect(shared.page.locator("main")).to_contain_text("Du har inga passnycklar.")
    sign_out(shared.page)
    shared.page.get_by_role("button", name="Använd en passnyckel i stället").click()
    expect(shared.page.get_by_role("alert")).to_contain_text("Passnyckeln gick inte att använda.")


def test_a_device_that_is_not_opened_is_told_of_in_words(device: Callable[..., Device]) -> None:
    own = device()
    own.page.goto("/logga-in")
    own.knows_its_user(False)
    button = own.page.get_by_role("button", name="Använd en passnyckel i stället")
    button.click()
    expect(own.page.get_by_role("alert")).to_contain_text("Ingen passnyckel användes.")
    expect(button).to_be_enabled()


def test_where_there_are_no_passkeys_the_page_says_so(device: Callable[..., Device]) -> None:
    words = "Passnycklar går inte att använda här"
    plain = device(javascript=False)
    plain.page.goto("/logga-in")
    expect(plain.page.get_by_text(words)).to_be_visible()
    expect(plain.page.get_by_role("button", name="Använd en passnyckel i stället")).to_be_hidden()
    old = device()
    old.page.add_init_script("delete window.PublicKeyCredential")
    old.page.goto("/logga-in")
    expect(old.page.get_by_text(words)).to_be_visible()
    expect(old.page.get_by_role("button", name="Använd en passnyckel i stället")).to_be_hidden()


@pytest.mark.parametrize("javascript", [True, False], ids=["with script", "without script"])
def test_an_app_and_a_recovery_code_with_and_without_script(
    device: Callable[..., Device], javascript: bool
) -> None:
    page = device(javascript).page
    who = "trafik" if javascript else "mika"
    give_password(page, who)
    page.goto(SECURITY)
    page.get_by_role("button", name="Lägg till en app").click()
    expect(page.locator(".qr svg")).to_be_visible()
    app = pyotp.TOTP(page.locator(".secret").inner_text().replace(" ", ""))
    page.get_by_label("Appens kod").fill(app.now())
    page.get_by_role("button", name="Bekräfta appen").click()
    expect(page.get_by_role("status")).to_contain_text("Appen har lagts till.")
    page.get_by_role("button", name="Skapa återställningskoder").click()
    codes = page.locator(".codes li")
    expect(codes).to_have_count(10)
    recovery = codes.all_inner_texts()

    sign_out(page)
    give_password(page, who)
    page.get_by_label("Kod").fill("000 000")
    page.get_by_role("button", name="Fortsätt").click()
    expect(page.get_by_role("alert")).to_contain_text("Koden är fel, eller redan använd.")
    page.get_by_label("Kod").fill(
        app.at(int(time.time()), counter_offset=1)
    )  # the step before was taken when it was added
    page.get_by_role("button", name="Fortsätt").click()
    expect(page.get_by_role("link", name="Mina bokningar").first).to_be_visible()

    sign_out(page)
    give_password(page, who)
    page.get_by_label("Kod").fill(recovery[3])
    page.get_by_role("button", name="Fortsätt").click()
    page.goto(SECURITY)
    expect(page.locator("main")).to_contain_text("Du har 9 oanvända koder.")
