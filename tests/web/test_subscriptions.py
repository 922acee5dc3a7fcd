"""Calendar links and tokens: made, shown once, revoked, as people meet them."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from werkzeug.test import TestResponse

from tests.cast import ADMINISTRATOR, ARTIST, MEETING_ROOM, POLICE, TRAFFIC
from tests.support.house import House, Visitor


def link(answer: TestResponse) -> str:
    """The address in the page that made it."""
    found = re.search(r'id="link"[^>]*value="([^"]*)"', answer.text)
    assert found
    return unescape(found[1])


def revoking(page: str) -> list[str]:
    return re.findall(r'action="([^"]*/aterkalla)"', page)


# --- calendars --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"vad": "mine", "sekretess": "1"}, "My bookings"),
        ({"vad": "mine", "kollegor": "1"}, "My bookings"),
        ({"vad": "resource", "plats": MEETING_ROOM}, "Meeting room"),
        ({"vad": "premises", "upptaget": "1"}, "All places, Sergels torg"),
    ],
)
def test_a_link_is_made_shown_once_and_works(
    house: House, browser: Callable[[str], Visitor], fields: dict[str, str], name: str
) -> None:
    visitor = browser(POLICE)
    made = visitor.fill_in("/mina/kalender", fields)
    assert made.status_code == 201
    address = link(made)
    assert address.startswith("http://localhost/ical/")
    assert f'href="webcal:{address.removeprefix("http:")}"' in made.text
    assert "<svg" in made.text.split('class="code"')[1]
    assert "style=" not in made.text.split('class="code"')[1].split("</div>")[0]
    assert house.visitor().get(address.removeprefix("http://localhost")).status_code == 200
    page = visitor.get("/mina/kalender").text
    assert name in page
    assert address.rsplit("/", 1)[1] not in page


def test_a_link_is_made_from_the_address_people_use(build_house: Callable[..., House]) -> None:
    house = build_house(base_url="https://boka.example.org")
    made = house.visitor(POLICE).submit("/mina/kalender", {"vad": "mine"})
    assert link(made).startswith("https://boka.example.org/ical/")
    assert 'href="webcal://boka.example.org/ical/' in made.text


def test_when_and_by_which_program_it_was_fetched_is_told(
    house: House, browser: Callable[[str], Visitor]
) -> None:
    visitor = browser(POLICE)
    address = link(visitor.fill_in("/mina/kalender", {"vad": "mine"})).removeprefix("http://localhost")
    assert "Not fetched yet" in visitor.get("/mina/kalender").text
    house.visitor().get(address, headers={"User-Agent": "Microsoft Office/16.0 (Microsoft Outlook 16.0)"})
    for page in ("/mina/kalender", "/mina"):
        assert "Fetched 24 Nov 07:00 by Outlook" in visitor.get(page).text


def test_a_revoked_link_stops_at_once(house: House, browser: Callable[[str], Visitor]) -> None:
    visitor = browser(POLICE)
    made = visitor.fill_in("/mina/kalender", {"vad": "premises"})
    address = link(made).removeprefix("http://localhost")
    assert visitor.submit(revoking(made.text)[0]).status_code == 303
    assert house.visitor().get(address).status_code == 404
    assert revoking(visitor.get("/mina/kalender").text) == []


def test_a_subscription_of_somebody_else_is_not_there(browser: Callable[[str], Visitor]) -> None:
    path = revoking(browser(POLICE).fill_in("/mina/kalender", {"vad": "mine"}).text)[0]
    other = browser(TRAFFIC)
    theirs, never = other.submit(path), other.submit("/mina/kalender/never/aterkalla")
    assert (theirs.status_code, never.status_code) == (404, 404)
    assert _plain(theirs) == _plain(never)
    assert other.submit("/mina/kalender/%00/aterkalla").status_code == 404
    assert revoking(other.get("/mina/kalender").text) == []
    assert len(revoking(browser(POLICE).get("/mina/kalender").text)) == 1


def _plain(answer: TestResponse) -> str:
    return re.sub(r'name="csrf_token"[^>]*value="[^"]*"', "", answer.text)


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({}, "vad", "Choose what the calendar is to show."),
        ({"vad": "everything"}, "vad", "Choose what the calendar is to show."),
        ({"vad": "resource", "plats": "moonbase"}, "plats", "Choose something that can be booked here."),
        ({"vad": "resource"}, "plats", "Choose something that can be booked here."),
    ],
)
def test_a_bad_choice_gets_a_sentence_at_its_field(
    browser: Callable[[str], Visitor], fields: dict[str, str], field: str, sentence: str
) -> None:
    visitor = browser(POLICE)
    answer = visitor.fill_in("/mina/kalender", fields)
    assert answer.status_code == 422
    assert "<title>Error:" in answer.text
    assert f'<a href="#{field}">{sentence}' in answer.text
    assert f'id="{field}-error"' in answer.text
    assert revoking(visitor.get("/mina/kalender").text) == []


def test_guests_and_administrators_have_calendars_too(browser: Callable[[str], Visitor]) -> None:
    for who in (ARTIST, ADMINISTRATOR):
        visitor = browser(who)
        assert visitor.fill_in("/mina/kalender", {"vad": "premises"}).status_code == 201
        assert 'name="sekretess"' not in visitor.get("/mina/kalender").text


# --- tokens -----------------------------------------------------------------------------------


def token(answer: TestResponse) -> str:
    found = re.search(r'id="token"[^>]*value="([^"]*)"', answer.text)
    assert found
    return found[1]


def test_a_token_is_made_shown_once_and_opens_the_api(
    house: House, browser: Callable[[str], Visitor]
) -> None:
    visitor = browser(POLICE)
    made = visitor.fill_in("/mina/nycklar", {"namn": "Mitt skript"})
    assert made.status_code == 201
    secret = token(made)
    answer = house.visitor().get("/api/v1/me", headers={"Authorization": f"Bearer {secret}"})
    assert answer.status_code == 200
    page = visitor.get("/mina/nycklar").text
    assert "Mitt skript" in page
    assert "Sees confidential bookings as an outsider does." in page
    assert secret not in page


def test_a_token_opens_what_circles_may_know_only_when_its_owner_says_so(
    browser: Callable[[str], Visitor],
) -> None:
    page = browser(POLICE).fill_in("/mina/nycklar", {"namn": "Skript", "sekretess": "y"}).text
    assert "May open what your circles may know." in page
    assert 'name="sekretess"' not in browser(ARTIST).get("/mina/nycklar").text


def test_a_revoked_token_is_out_at_once(house: House, browser: Callable[[str], Visitor]) -> None:
    visitor = browser(POLICE)
    made = visitor.fill_in("/mina/nycklar", {"namn": "Skript"})
    (path,) = revoking(made.text)
    assert browser(TRAFFIC).submit(path).status_code == 404
    assert visitor.submit(path).status_code == 303
    headers = {"Authorization": f"Bearer {token(made)}"}
    assert house.visitor().get("/api/v1/me", headers=headers).status_code == 401


@pytest.mark.parametrize(
    ("name", "sentence"), [(" ", "Write what the token is for."), ("x" * 81, "Write 80")]
)
def test_a_token_needs_a_name_of_reasonable_length(
    browser: Callable[[str], Visitor], name: str, sentence: str
) -> None:
    visitor = browser(POLICE)
    answer = visitor.fill_in("/mina/nycklar", {"namn": name})
    assert answer.status_code == 422
    assert f'<a href="#namn">{sentence}' in answer.text
    assert revoking(visitor.get("/mina/nycklar").text) == []


def test_who_is_not_signed_in_is_asked_to(house: House) -> None:
    visitor = house.visitor()
    for path in ("/mina/kalender", "/mina/nycklar"):
        for answer in (visitor.get(path), visitor.submit(path), visitor.submit(f"{path}/x/aterkalla")):
            assert answer.status_code == 302
            assert answer.headers["Location"].startswith("/logga-in")
