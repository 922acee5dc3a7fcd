"""A year of briefings, told whole: who gives way, what their mailbox holds, and what comes back by itself.

Imports the house, a real mail server and icalendar.
"""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from html import unescape

import pytest
from icalendar import Calendar

from booking.actions import feeding, operating, working
from booking.actions.feeding import FeedKind, FeedWish
from booking.domain.definition import OrganisationDefinition
from booking.domain.people import Role, Secrecy, Visibility
from booking.domain.premises import Category
from booking.storage import directory, organisations
from booking.storage.database import transaction
from booking.storage.post import office
from booking.web import letters
from tests.cast import ARTIST, DESKS, HALL, POLICE, POLICE_CIRCLE, PREMISES, TABLE, TODAY, ZONE
from tests.support.house import House, Visitor
from tests.support.mailbox import SENDER, Mailbox, mailbox

SITE = "https://lokalen.example.org"
SECOND_ARTIST = "konstnar2@example.org"
FIRST = TODAY + timedelta(days=1)  # Wednesday
THIRD_WEEK = TODAY + timedelta(days=15)  # Wednesday
DAY_AFTER = THIRD_WEEK + timedelta(days=1)
CONSTANT = "En bokning med företräde behöver lokalen."


@pytest.fixture
def box() -> Iterator[Mailbox]:
    """A mail server that takes everything."""
    with mailbox() as server:
        yield server


@pytest.fixture
def posted(build_house: Callable[..., House], box: Mailbox) -> House:
    """An installation whose mail goes to that server, with a second artist in it."""
    house = build_house(smtp_url=box.url, mail_from=SENDER, base_url=SITE)
    guest = OrganisationDefinition(
        "konstnar-2", "Gäst, konstnär 2", "G2", 3, Category.GUEST, Secrecy.NONE, Visibility.INTERNAL
    )
    with house.inside():
        place = house.place.id
        with transaction():
            number = organisations.store(guest, place)
            directory.add_person(SECOND_ARTIST, "Konstnär Två", Role.GUEST, number, house.clock())
    return house


def work(house: House) -> None:
    """Do once all that the worker has to do."""
    with house.inside():
        working.work(working.all_jobs(office(), letters.write, house.clock, lambda: False), house.clock)


def subscribed(house: House, who: str) -> str:
    """The address of a subscription to one's own bookings."""
    with house.inside():
        _, secret = feeding.issue(house.viewer(who), FeedWish(PREMISES, FeedKind.MINE), house.clock())
    return f"/ical/{secret}.ics"


def in_calendar(house: House, address: str) -> list[str]:
    """What a calendar program shows of a subscription."""
    feed = Calendar.from_ical(house.visitor().get(address).data)
    times = (
        (each["DTSTART"].dt.astimezone(ZONE), each["DTEND"].dt.astimezone(ZONE))
        for each in feed.walk("VEVENT")
    )
    return sorted(f"{start:%d/%m %H:%M}-{end:%H:%M}" for start, end in times)


def brief_for_a_year(house: House, visitor: Visitor) -> tuple[str, str]:
    """Book the briefing by the form, agree to exactly what it lists; the list, and the booking's id."""
    fields = {
        "lokal": PREMISES, "plats": HALL, "datum": str(FIRST), "fran": "17:00", "till": "17:45", "rubrik": "Utsättning",
        "vem": "confidential", "krets": POLICE_CIRCLE, "upprepa": "vardag", "slut": "datum",
        "sista": str(FIRST + timedelta(days=364)),
    }  # fmt: skip
    asked = visitor.submit("/boka", fields)
    assert asked.status_code == 409, asked.text
    listed = _hidden(asked.text, "vika")
    done = visitor.submit("/boka", {**fields, **_all_hidden(asked.text), "vika": listed})
    assert done.status_code == 303, done.text
    with house.inside():
        found = re.search(r"bokad=([\w-]+)", done.location)
    assert found, done.location
    return _words(asked.text), found[1]


def _hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    assert found, name
    return unescape(found[1])


def _all_hidden(page: str) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"', page)
    return {name: unescape(value) for name, value in found if name != "csrf_token"}


def _words(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", page)).split())


def letter_to(box: Mailbox, who: str) -> str:
    (found,) = [each.text for each in box.received if each.to == [who] and CONSTANT in each.text]
    return found.replace("\r\n", "\n")


def links(text: str) -> list[str]:
    return re.findall(rf"{SITE}(/bokning/\S+/flytta\S+)", text)


def test_a_year_of_briefings_meets_artists_who_are_told_offered_and_given_back(
    posted: House, box: Mailbox
) -> None:
    house = posted
    table = house.book(ARTIST, TABLE, "16:30", "18:30", THIRD_WEEK, title="Rekvisita").view
    desk = house.book(ARTIST, DESKS[0], "16:00", "18:00", THIRD_WEEK).view
    other = house.book(ARTIST, DESKS[1], "17:15", "19:00", THIRD_WEEK).view
    second = house.book(SECOND_ARTIST, DESKS[2], "16:45", "18:00", DAY_AFTER, title="Repetition").view
    whole = in_calendar(house, address := subscribed(house, ARTIST))
    assert whole == ["09/12 16:00-18:00", "09/12 16:30-18:30", "09/12 17:15-19:00"]
    theirs = subscribed(house, SECOND_ARTIST)

    listed, briefing = brief_for_a_year(house, house.visitor(POLICE))
    assert "Rekvisita" in listed
    assert all("17.00–17.45" in listed or "17:00–17:45" in listed for _ in (table, desk, other))
    work(house)

    told = [each for each in box.received if each.to == [ARTIST]]
    assert len(told) == 3, "one letter for each booking that gives way"
    for each in told:
        assert each.letter.get_all("To") == [ARTIST]
        assert CONSTANT in each.text
        assert "Utsättning" not in each.raw.decode("utf-8", "replace")
        assert "Polis" not in each.text
        assert len(links(each.text)) == 3, each.text
    assert in_calendar(house, address) == [
        "09/12 16:00-17:00", "09/12 16:30-17:00", "09/12 17:45-18:00", "09/12 17:45-18:30", "09/12 17:45-19:00",
    ]  # fmt: skip

    taking = house.visitor(SECOND_ARTIST)
    offered = links(letter_to(box, SECOND_ARTIST))[0]
    page = taking.get(offered)
    assert page.status_code == 200
    taken = taking.submit(offered.partition("?")[0], _all_hidden(page.text) | _button(page.text))
    assert taken.status_code == 303
    assert taken.location.startswith("/mina")
    moved = in_calendar(house, theirs)
    assert len(moved) == 1
    assert not moved[0].startswith(f"{DAY_AFTER:%d/%m} 16:45")

    police = house.visitor(POLICE)
    when = f"{house.at('17:00', THIRD_WEEK):%Y%m%dT%H%M%SZ}"
    gone = police.submit(f"/bokning/{briefing}/avboka?tillfalle={when}", {"omfattning": "bara"})
    assert gone.status_code == 303, gone.text
    work(house)
    assert in_calendar(house, address) == whole, "whole again by itself"
    assert in_calendar(house, theirs) == moved, "what was taken instead stays"
    with house.inside():
        assert [audit.broken for audit in operating.audit()] == [()]
    again = [each.text for each in box.received if each.to == [ARTIST] and CONSTANT not in each.text]
    assert len(again) == 3, "told of each that it stands again"
    assert second.id != briefing


def _button(page: str) -> dict[str, str]:
    found = re.search(r'<button[^>]*name="valj"[^>]*value="([^"]*)"', page)
    assert found
    return {"valj": unescape(found[1])}


def test_the_constant_text_is_the_same_for_a_briefing_and_for_whatever_else_has_priority(
    posted: House, box: Mailbox
) -> None:
    house = posted
    for day, secret in ((THIRD_WEEK, True), (THIRD_WEEK + timedelta(days=7), False)):
        house.book(ARTIST, TABLE, "16:30", "18:30", day)
        fields = {"circle": POLICE_CIRCLE} if secret else {"urgent": True}
        house.book(POLICE, HALL, "17:00", "17:45", day, agree=True, **fields)
    work(house)
    secret, urgent = (_without_times(each.text) for each in box.received if each.to == [ARTIST])
    assert secret == urgent


def _without_times(text: str) -> list[str]:
    """The words of a letter with its own days, hours and addresses taken out."""
    plain = re.sub(r"https?://\S+|\d{1,2}[.:]\d\d|\b\d{1,2}\b|[–-]", "", text)
    return [re.sub(r"\b(januari|december|jan|dec)\b", "", line).strip() for line in plain.splitlines()]
