"""Every way to what is said in a confidential booking is one row in the access log; and the organiser sees them."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from booking.actions import leaving, membership
from booking.domain.bookings import Repetition
from booking.storage import openings as log
from booking.storage import sealed
from booking.storage.database import run
from booking.storage.sealed import SealBroken
from booking.storage.tables import openings, openings_circles, terms_circles
from tests.cast import (
    ADMINISTRATOR,
    COORDINATOR,
    DESKS,
    GUARD,
    HALL,
    MEETING_ROOM,
    POLICE,
    POLICE_CIRCLE,
    POLICE_COLLEAGUE,
    TODAY,
)
from tests.support.house import House, Visitor

Browser = Callable[[str], Visitor]
PLANTED = "Operation Blåsippa"


def rows(house: House) -> list[Any]:
    with house.inside():
        return list(run(select(openings).order_by(openings.c.id)).all())


def circles_of(house: House, table: Any, column: Any = None) -> set[int]:
    with house.inside():
        return set(run(select(table.c.circle_id)).scalars())


@pytest.fixture
def briefing(house: House) -> str:
    return house.book(
        POLICE, HALL, "17:00", "17:45", title=PLANTED, note=PLANTED, circle=POLICE_CIRCLE
    ).view.id


def bearer(house: House, who: str) -> dict[str, str]:
    with house.inside():
        _, secret = membership.issue_token(house.viewer(who), "program", True, house.clock())
    return {"Authorization": f"Bearer {secret}"}


def test_every_way_to_the_content_is_one_row(house: House, browser: Browser, briefing: str) -> None:
    colleague, program = browser(POLICE_COLLEAGUE), bearer(house, POLICE_COLLEAGUE)
    etag = colleague.get(f"/api/v1/bookings/{briefing}", headers=program).headers["ETag"]
    ways: tuple[tuple[str, Callable[[], Any]], ...] = (
        ("page", lambda: colleague.submit(f"/bokning/{briefing}/oppna")),
        ("change", lambda: colleague.get(f"/bokning/{briefing}/andra")),
        ("copy", lambda: colleague.get(f"/boka?kopia={briefing}")),
        ("api", lambda: house.visitor().get(f"/api/v1/bookings/{briefing}", headers=program)),
        (
            "api",
            lambda: house.visitor().patch(
                f"/api/v1/bookings/{briefing}",
                headers={**program, "If-Match": etag},
                json={"note": f"{PLANTED} anew"},
            ),
        ),
    )
    for channel, way in ways:
        before = len(rows(house))
        answer = way()
        assert answer.status_code == 200, channel
        assert PLANTED in answer.get_data(as_text=True) or PLANTED in answer.json["title"], channel
        found = rows(house)[before:]
        assert [row.channel for row in found] == [channel]
    person = house.viewer(POLICE_COLLEAGUE)
    assert {(row.person_id, row.organisation_id, row.booking_id) for row in rows(house)} == {
        (person.person, person.organisation, briefing)
    }
    assert {row.occurrence for row in rows(house)} == {house.at("17:00")}
    assert PLANTED not in str(rows(house))


def test_whoever_books_for_a_colleague_has_opened_it(house: House, browser: Browser) -> None:
    program = bearer(house, POLICE)
    order = {
        "premises": "sergels-torg",
        "resource": HALL,
        "starts": house.at("17:00").isoformat(),
        "ends": house.at("17:45").isoformat(),
        "title": PLANTED,
        "visibility": "confidential",
        "circle": POLICE_CIRCLE,
        "organiser": POLICE_COLLEAGUE,
    }
    answer = house.visitor().post("/api/v1/bookings", headers=program, json=order)
    assert answer.status_code == 201
    assert answer.json["title"] == PLANTED
    assert [row.channel for row in rows(house)] == ["booking"]


def test_no_other_page_letter_or_feed_has_the_content_or_leaves_a_row(
    house: House, browser: Browser, briefing: str
) -> None:
    guard, program = browser(GUARD), bearer(house, GUARD)
    for path in (
        "/idag",
        "/mina",
        "/aviseringar",
        f"/bokning/{briefing}",
        f"/bokning/{briefing}/flytta",
        f"/boka?datum={TODAY}",
    ):
        assert PLANTED not in guard.get(path).text, path
    head = house.visitor().head(f"/api/v1/bookings/{briefing}", headers=program)
    assert head.status_code == 200
    board = house.visitor().get("/api/v1/bookings?premises=sergels-torg", headers=program)
    assert PLANTED not in board.text
    assert rows(house) == []


def test_the_organisers_own_opening_is_no_row(house: House, browser: Browser, briefing: str) -> None:
    organiser = browser(POLICE)
    for answer in (
        organiser.submit(f"/bokning/{briefing}/oppna"),
        organiser.get(f"/bokning/{briefing}/andra"),
        organiser.get(f"/boka?kopia={briefing}"),
    ):
        assert PLANTED in answer.text
    assert rows(house) == []


def test_a_row_has_the_circles_of_what_was_opened(house: House, browser: Browser, briefing: str) -> None:
    browser(GUARD).submit(f"/bokning/{briefing}/oppna")
    assert circles_of(house, openings_circles) == circles_of(house, terms_circles)
    assert len(circles_of(house, openings_circles)) == 1


def test_what_was_taken_over_is_noted_like_what_was_chosen(
    house: House, browser: Browser, briefing: str
) -> None:
    desk = house.book(POLICE_COLLEAGUE, DESKS[2], "17:10", "17:40", title=PLANTED).view
    assert desk.sealed
    assert PLANTED in browser(GUARD).submit(f"/bokning/{desk.id}/oppna").text
    assert [(row.booking_id, row.channel) for row in rows(house)] == [(desk.id, "page")]
    assert len(circles_of(house, openings_circles)) == 1


def test_a_time_of_a_series_is_noted_by_its_name(house: House, browser: Browser) -> None:
    made = house.book(
        POLICE, MEETING_ROOM, "10:00", "11:00", repeat=Repetition("FREQ=WEEKLY;COUNT=3"), circle=POLICE_CIRCLE
    ).view
    browser(GUARD).submit(f"/bokning/{made.id}/oppna", {"tillfalle": "20261201T090000Z"})
    assert [row.occurrence for row in rows(house)] == [house.at("10:00", TODAY + timedelta(days=7))]


def test_what_does_not_open_is_not_noted(
    house: House, browser: Browser, briefing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_terms: str) -> None:
        raise SealBroken("no key")

    visitor = browser(GUARD)
    monkeypatch.setattr(sealed, "get", broken)
    assert PLANTED not in visitor.submit(f"/bokning/{briefing}/oppna").text
    assert rows(house) == []


def test_what_cannot_be_noted_is_not_shown(
    house: House, browser: Browser, briefing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_opened: object) -> None:
        raise RuntimeError("the disk is full")

    visitor = browser(GUARD)
    monkeypatch.setattr(log, "record", full)
    answer = visitor.submit(f"/bokning/{briefing}/oppna")
    assert answer.status_code == 500
    assert PLANTED not in answer.text


# --- who sees it ------------------------------------------------------------------------------


def test_the_organiser_sees_who_has_opened_it_when_and_how(
    house: House, browser: Browser, briefing: str
) -> None:
    assert "Opened by" not in browser(POLICE).get(f"/bokning/{briefing}").text
    browser(GUARD).submit(f"/bokning/{briefing}/oppna")
    house.clock.step(hours=2)
    browser(POLICE_COLLEAGUE).get(f"/boka?kopia={briefing}")
    page = browser(POLICE).get(f"/bokning/{briefing}").text
    told = page.partition("Opened by")[2]
    lines = re.findall(r"<td[^>]*>(.*?)</td>", told)[:6]
    plain = [re.sub(r"<[^>]+>", " ", each).split() for each in lines]
    assert plain[:3] == [
        ["09:00"],
        ["Polis", "Två", "Lokalpolisområde", "Norrmalm"],
        ["in", "order", "to", "copy", "it"],
    ]
    assert plain[3:] == [
        ["07:00"],
        ["Ordningsvakt", "Stadens", "mobila", "ordningsvakter"],
        ["on", "its", "page"],
    ]


def test_nobody_else_sees_it_and_the_database_is_not_even_asked(
    house: House, browser: Browser, briefing: str, asked: Callable[[Callable[[], object]], list[str]]
) -> None:
    browser(GUARD).submit(f"/bokning/{briefing}/oppna")

    def look() -> None:
        for who in (GUARD, POLICE_COLLEAGUE):
            page = browser(who).get(f"/bokning/{briefing}")
            assert page.status_code == 200
            assert "Opened by" not in page.text
        for who in (ADMINISTRATOR, COORDINATOR):
            assert browser(who).get(f"/bokning/{briefing}").status_code == 404

    assert not [each for each in asked(look) if "openings" in each]


def test_it_is_there_after_the_readers_account_has_ended(
    house: House, browser: Browser, briefing: str
) -> None:
    browser(POLICE_COLLEAGUE).submit(f"/bokning/{briefing}/oppna")
    with house.inside():
        leaving.deactivate(house.viewer(POLICE), POLICE_COLLEAGUE, house.clock(), POLICE)
    page = browser(POLICE).get(f"/bokning/{briefing}").text
    assert "Polis Två" in page.partition("Opened by")[2].partition("</section>")[0]
