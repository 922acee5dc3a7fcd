"""The journal, read by those who may know what it speaks of, and by nobody else."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from booking.actions import approving, cancelling, changing, feeding, handing_over, membership, noticing
from booking.actions import booking as booking_actions
from booking.actions.changes import Changes
from booking.actions.feeding import FeedKind, FeedWish
from booking.actions.noticing import Wishes
from booking.domain.history import UNTOLD
from booking.storage import journal
from booking.storage.database import run, transaction
from booking.storage.journal import Action
from booking.storage.tables import circle_members, circles
from booking.storage.tables import journal as rows
from booking.web.history import DEEDS
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
    POLICE_COLLEAGUE,
    SOCIAL,
    SOCIAL_CIRCLE,
    TRAFFIC,
)
from tests.support.house import House, Visitor, circle_page

Browser = Callable[[str], Visitor]
OURS, HOUSE, ACCOUNTS = "/organisationen/handelser", "/samordning/handelser", "/konton/handelser"
CIRCLE = f"{circle_page(POLICE_CIRCLE)}/handelser"
PLANTED = "Operation Blåsippa"
ROW = re.compile(r"<tr>(<td.*?)</tr>", re.DOTALL)


def told(page: str) -> list[str]:
    """The lines of what happened, their words only, the latest first."""
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in ROW.findall(page)]


def happened(page: str) -> list[str]:
    """What the page of a booking says has happened to it."""
    return told(page.partition('id="happenings-h"')[2])


@pytest.fixture
def briefing(house: House) -> str:
    return house.book(POLICE, HALL, "17:00", "17:45", title=PLANTED, circle=POLICE_CIRCLE).view.id


def change(house: House, who: str, booking: str, **changes: Any) -> None:
    with house.inside():
        changing.change(house.viewer(who), booking, Changes(**changes), None, house.clock())


# --- one booking ------------------------------------------------------------------------------


def test_the_page_of_a_booking_says_who_did_what_when(house: House, browser: Browser, briefing: str) -> None:
    house.clock.step(hours=1)
    change(house, POLICE_COLLEAGUE, briefing, title="Annat", note="Mer")
    house.clock.step(hours=1)
    for who in (POLICE, POLICE_COLLEAGUE):
        page = browser(who).get(f"/bokning/{briefing}").text
        assert happened(page) == ["08:00 Changed: the note, the title Polis Två", "07:00 Booked Polis Ett"]


def test_others_who_may_know_the_booking_are_not_told_its_history(
    house: House, browser: Browser, briefing: str
) -> None:
    assert happened(browser(GUARD).get(f"/bokning/{briefing}").text) == []
    ours = house.book(POLICE, DESKS[0], "10:00", "11:00", visibility="open").view.id
    for who in (TRAFFIC, COORDINATOR, ADMINISTRATOR, ARTIST):
        page = browser(who).get(f"/bokning/{ours}")
        assert page.status_code == 200
        assert happened(page.text) == []


def test_what_others_did_to_it_is_told_without_their_name_and_what_it_gave_way_to_not_at_all(
    house: House, browser: Browser
) -> None:
    desk = house.book(TRAFFIC, DESKS[0], "17:00", "18:00", visibility="open").view.id
    browser(GUARD).submit(f"/bokning/{desk}/fraga", {"ord": "Kan vi byta?"})
    house.book(POLICE, HALL, "17:00", "17:45", title=PLANTED, circle=POLICE_CIRCLE, agree=True)
    page = browser(TRAFFIC).get(f"/bokning/{desk}").text
    lines = happened(page)
    assert lines[-1] == "07:00 Booked Trafik Kontor"
    assert not any("Polis" in line or "Ordningsvakt" in line or "displace" in line for line in lines)
    with house.inside():
        assert "booking:displace" in {row.action for row in run(select(rows))}


def test_an_answer_has_the_name_of_whoever_gave_it(house: House, browser: Browser) -> None:
    asked = house.book(ARTIST, MEETING_ROOM, "13:00", "14:00").view.id
    with house.inside():
        approving.approve(house.viewer(COORDINATOR), asked, house.clock())
    lines = happened(browser(ARTIST).get(f"/bokning/{asked}").text)
    assert lines[0] == "07:00 Approved Plats Samordnare"


# --- an organisation --------------------------------------------------------------------------


def test_the_administrator_of_an_organisation_reads_of_its_people_and_bookings(
    house: House, browser: Browser, briefing: str
) -> None:
    with house.inside():
        colleague = house.viewer(POLICE_COLLEAGUE)
        membership.issue_token(colleague, PLANTED, False, house.clock())
        noticing.wish(colleague, Wishes("en", False, False, 15), house.clock())
    house.book(GUARD, DESKS[1], "08:00", "09:00")
    page = browser(POLICE).get(OURS)
    assert page.status_code == 200
    assert PLANTED not in page.text
    assert told(page.text) == [
        "07:00 Settings were changed: whether notices are mailed, the language, the reminder Polis Två",
        "07:00 A token for programs was made Polis Två",
        "07:00 Booked Whole premises, Tuesday 24 November 17:00–17:45 Polis Ett",
    ]
    assert OURS in browser(POLICE).get("/organisationen").text


@pytest.mark.parametrize("who", [POLICE_COLLEAGUE, GUARD, COORDINATOR, ADMINISTRATOR, ARTIST, TRAFFIC])
def test_nobody_else_reads_it(browser: Browser, briefing: str, who: str) -> None:
    assert browser(who).get(OURS).status_code == 403


def test_what_its_administrator_may_not_know_is_not_there(house: House, browser: Browser) -> None:
    """Their organisation leaves the circle: what it booked for it is no longer theirs to know."""
    visitor = browser(SOCIAL)
    house.book(SOCIAL, DESKS[0], "08:00", "09:00", visibility="internal")
    before = visitor.get(OURS).text
    mine = house.book(SOCIAL, MEETING_ROOM, "10:00", "11:00", circle=SOCIAL_CIRCLE, title=PLANTED).view.id
    assert len(told(visitor.get(OURS).text)) == len(told(before)) + 1
    from_circle(house, SOCIAL_CIRCLE)
    after = visitor.get(OURS).text
    assert plain(after) == plain(before)
    assert visitor.get(f"/bokning/{mine}").status_code == 404


def from_circle(house: House, key: str) -> None:
    with house.inside(), transaction():
        circle = run(select(circles.c.id).where(circles.c.key == key)).scalar_one()
        run(circle_members.delete().where(circle_members.c.circle_id == circle))


def plain(page: str) -> str:
    return re.sub(r'(name="csrf_token" value|nonce)="[^"]*"', "", page)


# --- the house, and accounts ------------------------------------------------------------------


def test_the_coordinator_reads_of_blocks_closures_answers_and_the_premises(
    house: House, browser: Browser, briefing: str
) -> None:
    visitor = browser(COORDINATOR)
    asked = house.book(ARTIST, MEETING_ROOM, "13:00", "14:00").view.id
    with house.inside():
        approving.decline(house.viewer(COORDINATOR), asked, house.clock())
        booking_actions.book(
            house.viewer(COORDINATOR),
            house.order(DESKS[3], "09:00", "10:00", title="Trasig", visibility="open", blocked=True),
            house.clock(),
        )
    house.book(TRAFFIC, DESKS[1], "08:00", "09:00")
    page = visitor.get(HOUSE)
    lines = told(page.text)
    assert any(line.startswith("07:00 Blocked Desk 4") and "Plats Samordnare" in line for line in lines)
    assert any(line.startswith("07:00 Not approved") for line in lines)
    assert not any("Booked" in line for line in lines)
    assert PLANTED not in page.text
    assert HOUSE in visitor.get("/samordning").text


def test_the_administrator_of_the_system_reads_of_accounts_only(
    house: House, browser: Browser, briefing: str
) -> None:
    visitor = browser(ADMINISTRATOR)
    with house.inside():
        noticing.wish(house.viewer(POLICE), Wishes("en", True, False, None), house.clock())
        membership.issue_token(house.viewer(POLICE), "program", False, house.clock())
    page = visitor.get(ACCOUNTS)
    lines = told(page.text)
    assert lines[0] == "07:00 Settings were changed: the language Polis Ett"
    assert not any("Booked" in line or "token" in line for line in lines)
    assert ACCOUNTS in visitor.get("/samordning/korningar").text


@pytest.mark.parametrize("who", [POLICE, POLICE_COLLEAGUE, GUARD, ARTIST, TRAFFIC])
def test_for_all_others_there_are_no_such_pages(browser: Browser, who: str) -> None:
    for path in (HOUSE, ACCOUNTS):
        assert browser(who).get(path).status_code == 403


def test_the_coordinator_and_the_administrator_do_not_read_each_others(browser: Browser) -> None:
    assert browser(COORDINATOR).get(ACCOUNTS).status_code == 403
    assert browser(ADMINISTRATOR).get(HOUSE).status_code == 403


def test_who_is_not_signed_in_is_asked_to(house: House) -> None:
    for path in (OURS, HOUSE, ACCOUNTS, CIRCLE):
        assert house.visitor().get(path).location.startswith("/logga-in")


# --- circles ----------------------------------------------------------------------------------


def test_all_the_people_of_the_steward_read_what_was_done_to_the_circle(
    house: House, browser: Browser, briefing: str
) -> None:
    browser(GUARD).submit(f"/bokning/{briefing}/oppna")
    house.clock.step(hours=1)
    admin = browser(POLICE)
    admin.fill_in(
        f"{circle_page(POLICE_CIRCLE)}/granskning",
        dict(
            re.findall(
                r'name="(fran|till|visat)" value="([^"]*)"',
                admin.get(f"{circle_page(POLICE_CIRCLE)}/granskning").text,
            )
        ),
    )
    for who in (POLICE, POLICE_COLLEAGUE):
        assert told(browser(who).get(CIRCLE).text) == [
            "08:00 A review of the access log was signed Polis Ett"
        ]
    never = browser(GUARD).get("/kretsar/never-used/handelser")
    for who in (GUARD, SOCIAL, COORDINATOR, ADMINISTRATOR, ARTIST):
        assert browser(who).get(CIRCLE).status_code == 404
    assert plain(browser(GUARD).get(CIRCLE).text) == plain(never.text)


# --- pages of it ------------------------------------------------------------------------------


def write(house: House, count: int, subject: str, apart: timedelta) -> None:
    with house.inside():
        for _ in range(count):
            house.clock.now += apart
            with transaction():
                journal.record(Action.PERSON_WISHES, subject, house.clock(), None, ["language"])


@pytest.mark.parametrize("apart", [timedelta(seconds=7), timedelta()])
def test_older_entries_are_on_pages_of_their_own_and_none_is_lost(
    house: House, browser: Browser, apart: timedelta
) -> None:
    person = house.viewer(POLICE_COLLEAGUE).person
    write(house, 130, f"person {person}", timedelta(seconds=7))
    house.clock.now += timedelta(seconds=7)
    write(house, 60, f"person {person}", apart)
    visitor, path, seen = browser(POLICE), OURS, 0
    for _ in range(9):
        page = visitor.get(path).text
        seen += len(told(page))
        older = re.search(r'href="(\?fore=[^"]*)"', page)
        if not older:
            break
        path = OURS + older[1]
    assert seen == 190


def test_a_page_asks_as_much_for_one_entry_as_for_many(
    house: House, browser: Browser, asked: Callable[[Callable[[], object]], list[str]]
) -> None:
    visitor = browser(POLICE)
    house.book(POLICE, DESKS[0], "08:00", "09:00")
    few = asked(lambda: visitor.get(OURS))
    for day in range(1, 31):
        house.book(POLICE, DESKS[0], "08:00", "09:00", house.clock().date() + timedelta(days=day))
    assert len(asked(lambda: visitor.get(OURS))) == len(few)


@pytest.mark.parametrize("odd", ["", "x", "20261399T070000Z", "00000000T000000Z", "%00"])
def test_a_page_that_cannot_be_meant_is_the_first(browser: Browser, odd: str) -> None:
    assert browser(POLICE).get(f"{OURS}?fore={odd}").status_code == 200


# --- what stands in it ------------------------------------------------------------------------


def test_every_action_has_its_words_or_is_told_nobody() -> None:
    assert {each.value for each in Action} - UNTOLD == set(DEEDS)


def test_no_word_that_anybody_wrote_stands_in_the_journal(
    house: House, browser: Browser, briefing: str
) -> None:
    visitor = browser(POLICE)
    open_one = house.book(
        POLICE, DESKS[0], "10:00", "11:00", title=PLANTED, note=PLANTED, visibility="open"
    ).view
    with house.inside():
        police, now = house.viewer(POLICE), house.clock()
        changing.change(police, briefing, Changes(title=f"{PLANTED} 2", note=PLANTED), None, now)
        membership.issue_token(police, PLANTED, False, now)
        feeding.issue(police, FeedWish("sergels-torg", FeedKind.MINE), now)
        handing_over.hand_over(police, POLICE, POLICE_COLLEAGUE, now)
        cancelling.cancel(police, briefing, now)
    browser(GUARD).submit(f"/bokning/{open_one.id}/fraga", {"ord": PLANTED})
    visitor.get(f"/bokning/{PLANTED}")
    visitor.get(f"/boka?kopia={PLANTED}")
    with house.inside():
        written = run(select(rows)).all()
    assert len({row.action for row in written}) > 5
    assert "Blåsippa" not in str(written)
    assert "Operation" not in str(written)
