"""Another booking like one that one may know: the form filled from it."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from booking.domain.bookings import Booking, Repetition
from booking.storage import tables
from booking.storage.database import run
from tests.cast import (
    ADMINISTRATOR,
    ARTIST,
    DESKS,
    GUARD,
    HALL,
    MEETING_ROOM,
    POLICE,
    POLICE_CIRCLE,
    POLICE_COLLEAGUE,
    TODAY,
    TRAFFIC,
)
from tests.support.house import House, Visitor

Browser = Callable[[str], Visitor]
PLANTED = "Operation Blåsippa"


def openings(house: House) -> int:
    with house.inside():
        number: int = run(select(func.count()).select_from(tables.openings)).scalar_one()
        return number


def test_the_form_holds_what_the_other_booking_says(house: House, browser: Browser) -> None:
    tomorrow = TODAY + timedelta(days=1)
    made = house.book(
        TRAFFIC, DESKS[2], "11:10", "12:25", tomorrow, title="Rapport", note="Karta", attendees=(POLICE,)
    ).view
    page = browser(POLICE).get(f"/bokning/{made.id}").text
    link = re.search(r'href="(/boka\?kopia=[^"]*)"', page)
    assert link
    form = browser(POLICE).get(link[1].replace("&amp;", "&")).text
    for part in (
        'value="Rapport"',
        ">Karta</textarea>",
        f">{POLICE}</textarea>",
        f'name="datum" value="{tomorrow}"',
        '<option value="11:10" selected>',
        '<option value="12:25" selected>',
        f'<option value="{DESKS[2]}" selected>',
        'value="internal" checked',
    ):
        assert part in form
    assert "Desk 3: busy" not in form
    assert "Desk 3 is booked 11:10–12:25" in form


def test_a_time_that_has_passed_is_copied_to_the_next_day_on_which_it_is_to_come(
    house: House, browser: Browser
) -> None:
    made = house.book(TRAFFIC, DESKS[2], "08:00", "09:00", title="Rapport").view
    house.clock.step(hours=2)
    page = browser(POLICE).get(f"/boka?kopia={made.id}&tillfalle=20261124T070000Z").text
    assert f'name="datum" value="{TODAY + timedelta(days=1)}"' in page
    assert '<option value="08:00" selected>' in page


def test_copying_a_confidential_booking_opens_it_is_noted_and_lands_in_no_address(
    house: House, browser: Browser
) -> None:
    made = house.book(
        POLICE, HALL, "17:00", "17:45", title=PLANTED, note="Hemligt", circle=POLICE_CIRCLE
    ).view
    visitor = browser(GUARD)
    assert "Copying and changing open it" in visitor.get(f"/bokning/{made.id}").text
    assert openings(house) == 0
    page = visitor.get(f"/boka?kopia={made.id}")
    assert openings(house) == 1
    assert f'value="{PLANTED}"' in page.text
    assert 'value="confidential" data-circle checked' in page.text
    assert f'<option value="{POLICE_CIRCLE}" selected>' in page.text
    addresses = re.findall(r'(?:href|action|src|data-ask)="([^"]*)"', page.text)
    assert addresses
    assert not any("Operation" in each or "Hemligt" in each for each in addresses)
    browser(POLICE).get(f"/boka?kopia={made.id}")
    assert openings(house) == 1, "its organiser's own looking is not noted"


@pytest.mark.parametrize("who", [ARTIST, TRAFFIC])
def test_what_one_may_not_know_is_not_there_to_be_copied(house: House, browser: Browser, who: str) -> None:
    made = house.book(POLICE, HALL, "17:00", "17:45", title=PLANTED, circle=POLICE_CIRCLE).view
    visitor = browser(who)
    never = "a" * len(made.id)
    answers = [visitor.get(f"/boka?kopia={each}") for each in (made.id, never, "%00", "")]
    assert {each.status_code for each in answers} == {404}
    assert openings(house) == 0


def test_one_time_of_a_series_is_copied_as_one_time(house: House, browser: Browser) -> None:
    made = house.book(
        POLICE, MEETING_ROOM, "10:00", "11:00", repeat=Repetition("FREQ=WEEKLY;COUNT=3"), title="Möte"
    ).view
    page = browser(POLICE_COLLEAGUE).get(f"/boka?kopia={made.id}&tillfalle=20261208T090000Z").text
    assert 'name="datum" value="2026-12-08"' in page
    assert '<option value="" selected>no, only this time' in page
    assert browser(POLICE).get(f"/boka?kopia={made.id}&tillfalle=x").status_code == 404


def test_who_cannot_book_and_what_is_no_use_have_no_copy(
    house: House, browser: Browser, block: Callable[..., Booking]
) -> None:
    made = house.book(TRAFFIC, DESKS[2], "11:00", "12:00", title="Rapport", visibility="open").view
    out = block((DESKS[3],), "11:00", "12:00", "Skärmen lagas")
    assert "kopia" not in browser(ADMINISTRATOR).get(f"/bokning/{made.id}").text
    assert browser(ADMINISTRATOR).get(f"/boka?kopia={made.id}").status_code == 403
    assert "kopia" not in browser(POLICE).get(f"/bokning/{out.id}").text
