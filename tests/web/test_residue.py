"""What a browser keeps of what was written or read in confidence: nothing."""

import re
from collections.abc import Callable

import pytest

from tests.cast import GUARD, HALL, POLICE, POLICE_CIRCLE
from tests.support.house import House, Visitor

PLANTED = "Operation Blåsippa"
FIELD = r'<(?:input|textarea)[^>]*name="{}"[^>]*>'


@pytest.fixture
def briefing(house: House) -> str:
    return house.book(POLICE, HALL, "17:00", "17:45", circle=POLICE_CIRCLE, title=PLANTED).view.id


@pytest.mark.parametrize("name", ["rubrik", "anteckning", "kallade"])
def test_what_is_written_is_neither_filled_in_nor_sent_to_a_spell_checker(
    browser: Callable[[str], Visitor], briefing: str, name: str
) -> None:
    visitor = browser(POLICE)
    for path in ("/boka", f"/bokning/{briefing}/andra"):
        [field] = re.findall(FIELD.format(name), visitor.get(path).text)
        assert 'autocomplete="off"' in field, path
        assert 'spellcheck="false"' in field, path


def test_titles_of_pages_addresses_and_cookies_say_nothing_of_what_is_read(
    house: House, browser: Callable[[str], Visitor], briefing: str
) -> None:
    for who in (POLICE, GUARD):
        visitor = browser(who)
        answer = visitor.submit(f"/bokning/{briefing}/oppna")
        assert PLANTED in answer.text
        assert re.findall("<title>(.*?)</title>", answer.text) == ["Booking – Samlokal"]
        assert answer.headers["Cache-Control"] == "no-store"
        assert not [each for each in answer.headers.getlist("Set-Cookie") if "vy=" not in each]
        with visitor.session_transaction() as session:
            assert PLANTED not in str(dict(session))


def test_a_circle_is_in_no_address(browser: Callable[[str], Visitor]) -> None:
    visitor = browser(POLICE)
    for path in ("/idag", "/boka", "/kretsar", "/granskning", "/mina", "/organisationen"):
        for address in re.findall(r'(?:href|action)="([^"]*)"', visitor.get(path).text):
            assert POLICE_CIRCLE not in address, f"{path}: {address}"
