"""What is refused is noted: who asked, for what, and nothing that tells whether it is there."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from booking.actions import denying, membership
from booking.storage.database import run
from booking.storage.tables import journal
from tests.cast import (
    ADMINISTRATOR,
    ARTIST,
    COORDINATOR,
    DESKS,
    HALL,
    POLICE,
    POLICE_CIRCLE,
    POLICE_COLLEAGUE,
    TRAFFIC,
)
from tests.support.house import House, Visitor

Browser = Callable[[str], Visitor]
NEVER_USED = "a" * 22


def noted(house: House, action: str = "booking:deny") -> list[tuple[int | None, str]]:
    with house.inside():
        found = run(select(journal).where(journal.c.action == action).order_by(journal.c.id)).all()
        return [(row.actor_id, row.subject) for row in found]


@pytest.fixture
def briefing(house: House) -> str:
    return house.book(
        POLICE, HALL, "17:00", "17:45", title="Operation Blåsippa", circle=POLICE_CIRCLE
    ).view.id


@pytest.mark.parametrize("who", [ARTIST, TRAFFIC, COORDINATOR, ADMINISTRATOR])
def test_asking_for_what_is_not_there_for_one_is_one_row_whether_it_is_there_or_not(
    house: House, browser: Browser, briefing: str, who: str
) -> None:
    visitor, person = browser(who), house.viewer(who).person
    for number in (briefing, NEVER_USED):
        before = len(noted(house))
        for count, ask in enumerate(
            (
                lambda n: visitor.get(f"/bokning/{n}"),
                lambda n: visitor.get(f"/bokning/{n}/andra"),
                lambda n: visitor.submit(f"/bokning/{n}/oppna"),
                lambda n: visitor.submit(f"/bokning/{n}/avboka"),
                lambda n: visitor.get(f"/api/v1/bookings/{n}"),
            ),
            start=1,
        ):
            assert ask(number).status_code == 404
            assert noted(house)[before:] == [(person, number)] * count


def test_a_copy_of_what_one_may_not_know_is_noted_too(house: House, browser: Browser, briefing: str) -> None:
    assert browser(ARTIST).get(f"/boka?kopia={briefing}").status_code == 404
    assert noted(house) == [(house.viewer(ARTIST).person, briefing)]


def test_a_method_that_the_address_does_not_have_is_noted_all_the_same(house: House, briefing: str) -> None:
    with house.inside():
        _, secret = membership.issue_token(house.viewer(TRAFFIC), "program", False, house.clock())
    bearer = {"Authorization": f"Bearer {secret}"}
    answer = house.visitor().put(f"/api/v1/bookings/{briefing}", headers=bearer)
    assert answer.status_code == 404
    assert noted(house) == [(house.viewer(TRAFFIC).person, briefing)]


@pytest.mark.parametrize("odd", ["x", "A" * 22, "a" * 27, "a" * 21, "<b>Operation", "a" * 22 + "%0A"])
def test_what_cannot_be_an_address_is_kept_as_nothing(house: House, browser: Browser, odd: str) -> None:
    assert browser(TRAFFIC).get(f"/bokning/{odd}").status_code == 404
    assert noted(house) == [(house.viewer(TRAFFIC).person, "")]


def test_whoever_has_not_signed_in_leaves_nothing(house: House, briefing: str) -> None:
    visitor = house.visitor()
    for path in (f"/bokning/{briefing}", f"/api/v1/bookings/{briefing}", "/organisationen"):
        visitor.get(path)
    assert noted(house) + noted(house, "deed:deny") == []


def test_no_other_address_that_leads_nowhere_is_noted(house: House, browser: Browser) -> None:
    visitor = browser(TRAFFIC)
    for path in ("/nothing", "/plats/x", f"/ical/{'x' * 22}.ics", "/idag?lokal=nowhere"):
        assert visitor.get(path).status_code == 404
    assert noted(house) == []


def test_what_ones_role_may_not_do_is_noted_by_the_name_of_the_deed(house: House, browser: Browser) -> None:
    visitor = browser(POLICE_COLLEAGUE)
    assert visitor.get("/organisationen").status_code == 403
    assert visitor.get("/samordning").status_code == 403
    person = house.viewer(POLICE_COLLEAGUE).person
    assert noted(house, "deed:deny") == [(person, "organisation:run"), (person, "approval:give")]


def test_a_refusal_is_noted_though_all_that_was_refused_is_rolled_back(
    house: House, browser: Browser
) -> None:
    made = house.book(TRAFFIC, DESKS[0], "10:00", "11:00", visibility="open").view
    assert browser(POLICE).submit(f"/bokning/{made.id}/avboka").status_code == 403
    assert noted(house, "deed:deny") == [(house.viewer(POLICE).person, "booking:cancel")]


def test_only_so_many_an_hour_are_kept_of_one_person_and_nobody_elses_count(
    house: House, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(denying, "MOST_AN_HOUR", 3)
    for who in (TRAFFIC, ARTIST):
        visitor = browser(who)
        for _ in range(5):
            assert visitor.get(f"/bokning/{NEVER_USED}").status_code == 404
    people = [person for person, _ in noted(house)]
    assert people == [house.viewer(TRAFFIC).person] * 3 + [house.viewer(ARTIST).person] * 3
    house.clock.step(hours=1, seconds=1)
    browser(TRAFFIC).get(f"/bokning/{NEVER_USED}")
    assert len(noted(house)) == 7


def test_the_same_is_asked_of_the_database_whether_it_is_there_or_not(
    house: House, browser: Browser, briefing: str, asked: Callable[[Callable[[], object]], list[str]]
) -> None:
    visitor = browser(ARTIST)
    other = house.book(POLICE, DESKS[0], "10:00", "11:00", visibility="internal").view.id
    here, there, never = (
        asked(lambda number=number: visitor.get(f"/bokning/{number}"))
        for number in (briefing, other, NEVER_USED)
    )
    assert here == there
    noting = [[each for each in found if "journal" in each] for found in (here, there, never)]
    assert noting[0] == noting[1] == noting[2]
    assert len(noting[0]) == 2
