"""Searching: everybody finds what they may know, by the words they are shown, and nothing by any other."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.cast import (
    ADMINISTRATOR,
    ARTIST,
    COORDINATOR,
    DESKS,
    GUARD,
    HALL,
    MEETING_ROOM,
    POLICE,
    POLICE_CIRCLE,
    TABLE,
    TODAY,
    TRAFFIC,
)
from tests.support.house import House, Visitor

PLANTED = "Operation Blåsippa"
Browser = Callable[[str], Visitor]


def found(visitor: Visitor, words: str) -> list[str]:
    """The titles that a search shows."""
    page = visitor.submit("/sok", {"ord": words})
    assert page.status_code == 200
    return re.findall(r'<a class="title"[^>]*>([^<]*)</a>', page.text)


def test_words_of_a_title_are_found_in_any_case_and_order(house: House, browser: Browser) -> None:
    house.book(TRAFFIC, MEETING_ROOM, "13:00", "14:00", title="Lägesmöte om Åsögatan", visibility="open")
    house.book(TRAFFIC, DESKS[1], "13:00", "14:00", title="Skyltning", visibility="open")
    for words in ("lägesmöte", "ÅSÖ läge", "om åsögatan"):
        assert found(browser(ARTIST), words) == ["Lägesmöte om Åsögatan"]
    assert found(browser(ARTIST), "lägesmöte skylt") == []


@pytest.mark.parametrize("words", ["trafik", "Trafikkontoret", "arbetsplats 2", "desk 2", "snö"])
def test_so_are_place_organisation_organiser_and_note(house: House, browser: Browser, words: str) -> None:
    house.book(TRAFFIC, DESKS[1], "13:00", "14:00", title="Skyltning", note="Vid snö", visibility="open")
    house.book(ARTIST, TABLE, "13:00", "14:00", title="Rekvisita", visibility="open")
    assert found(browser(ARTIST), words) == ["Skyltning"]


def test_guests_find_nothing_that_is_internal(house: House, browser: Browser) -> None:
    house.book(TRAFFIC, DESKS[1], "13:00", "14:00", title="Skyltning", visibility="internal")
    assert found(browser(ARTIST), "skyltning") == []
    assert found(browser(GUARD), "skyltning") == ["Skyltning"]


@pytest.mark.parametrize("who", [ARTIST, TRAFFIC, COORDINATOR, ADMINISTRATOR])
@pytest.mark.parametrize("words", ["blåsippa", "hela lokalen", "polis", "sekretess", "norrmalm"])
def test_nothing_of_a_briefing_is_found_by_those_outside(
    house: House, browser: Browser, who: str, words: str
) -> None:
    before = browser(who).submit("/sok", {"ord": words})
    house.book(POLICE, HALL, "17:00", "17:45", title=PLANTED, note=PLANTED, circle=POLICE_CIRCLE, agree=True)
    after = browser(who).submit("/sok", {"ord": words})
    assert shown(after.text) == shown(before.text)


def shown(page: str) -> str:
    """What stands on a page, without what is drawn for each answer."""
    return re.sub(r'nonce="[^"]*"|name="csrf_token" value="[^"]*"', "", page)


def test_those_inside_find_it_by_its_place_and_never_by_its_title(house: House, browser: Browser) -> None:
    house.book(POLICE, HALL, "17:00", "17:45", title=PLANTED, circle=POLICE_CIRCLE, agree=True)
    assert found(browser(GUARD), "hela lokalen") == ["Confidential"]
    for who in (GUARD, POLICE):
        assert found(browser(who), "blåsippa") == []


def test_an_older_desk_under_a_briefing_is_found_as_others_see_it(house: House, browser: Browser) -> None:
    house.book(TRAFFIC, DESKS[1], "16:00", "18:00", title="Skyltning", visibility="open")
    house.book(POLICE, HALL, "16:00", "17:00", circle=POLICE_CIRCLE, agree=True)
    page = browser(ARTIST).submit("/sok", {"ord": "skyltning"}).text
    assert "17:00–18:00" in page
    assert "16:00–" not in page


def test_what_comes_stands_before_what_was(house: House, browser: Browser) -> None:
    house.book(TRAFFIC, DESKS[1], "13:00", "14:00", title="Skyltning ett", visibility="open")
    house.book(
        TRAFFIC,
        DESKS[1],
        "13:00",
        "14:00",
        TODAY + timedelta(days=1),
        title="Skyltning två",
        visibility="open",
    )
    house.clock.step(hours=10)
    assert found(browser(ARTIST), "skyltning") == ["Skyltning två", "Skyltning ett"]


def test_one_letter_is_too_little_and_is_said_at_the_field(browser: Browser) -> None:
    page = browser(ARTIST).submit("/sok", {"ord": " å "})
    assert page.status_code == 422
    assert 'aria-invalid="true"' in page.text
    assert "Write at least two letters." in page.text


def test_what_is_looked_for_stands_in_no_address(house: House, browser: Browser) -> None:
    house.book(TRAFFIC, DESKS[1], "13:00", "14:00", title="Skyltning", visibility="open")
    assert "Skyltning" not in browser(ARTIST).get("/sok?ord=skyltning").text
    assert re.search(
        r'<form class="searchform" method="post" action="/sok"', browser(ARTIST).get("/sok").text
    )


def test_however_much_is_found_the_database_is_asked_as_often(house: House, browser: Browser) -> None:
    def asked() -> int:
        visitor = browser(ARTIST)
        with house.asked() as said:
            found(visitor, "skyltning")
        return len(said)

    house.book(TRAFFIC, DESKS[1], "13:00", "14:00", title="Skyltning", visibility="open")
    one = asked()
    for day in range(1, 9):
        house.book(
            TRAFFIC,
            DESKS[1],
            "13:00",
            "14:00",
            TODAY + timedelta(days=day),
            title="Skyltning",
            visibility="open",
        )
    assert asked() <= one
