"""Documents out of the house: one's own data and one's organisation's disclosure, through their readers' eyes."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from booking.actions import feeding, looking, membership
from booking.actions.feeding import FeedWish
from booking.domain.bookings import Repetition
from booking.domain.notices import News
from booking.domain.views import Full
from booking.storage.database import run, transaction
from booking.storage.notices import tell
from booking.storage.sealed import Seals
from booking.storage.tables import circle_members, circles, journal, openings, passkeys
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
    PREMISES,
    TODAY,
    TRAFFIC,
)
from tests.support.house import House
from tests.web.outsiders import OUTSIDERS, PAIRS, PLANTED, World, cleared_desks, worlds

__all__ = ["worlds"]  # the fixture
Browser = Callable[..., Any]
OWN, DISCLOSURE = "/installningar/mina-uppgifter", "/organisationen/utlamnande"
DAYS = {"fran": "2026-11-01", "till": "2026-11-30"}


def own(house: House, who: str) -> Any:
    answer = house.visitor(who).submit(OWN)
    assert answer.status_code == 200
    return answer.json


def disclosed(house: House, who: str = POLICE, **fields: str) -> Any:
    answer = house.visitor(who).submit(DISCLOSURE, {**DAYS, **fields})
    assert answer.status_code == 200, answer.text
    return answer.json


def opened(house: House, who: str, made: Full) -> None:
    with house.inside():
        looking.open_details(house.viewer(who), made.id, house.clock(), "page")


def leave_circle(house: House, organisation: str) -> None:
    with house.inside(), transaction():
        number = house.viewer(organisation).organisation
        circle = run(select(circles.c.id).where(circles.c.key == POLICE_CIRCLE)).scalar_one()
        same = circle_members.c.organisation_id == number, circle_members.c.circle_id == circle
        run(circle_members.delete().where(*same))


def rows(house: House, table: Any) -> int:
    with house.inside():
        found: int = run(select(func.count()).select_from(table)).scalar_one()
        return found


# --- one's own --------------------------------------------------------------------------------


def test_the_page_leads_to_a_file_that_is_saved_and_kept_nowhere(house: House, browser: Browser) -> None:
    visitor = browser(ARTIST)
    assert OWN in visitor.get("/installningar").text
    assert "Download my data" in visitor.get(OWN).text
    answer = visitor.submit(OWN)
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="mina-uppgifter-2026-11-24.json"'
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("who", [POLICE, GUARD, ARTIST, COORDINATOR, ADMINISTRATOR])
def test_everybody_has_their_own_and_it_is_journalled(house: House, who: str) -> None:
    found = own(house, who)
    viewer = house.viewer(who)
    assert (found["account"]["email"], found["account"]["role"]) == (who, viewer.role.value)
    with house.inside():
        row = run(select(journal).where(journal.c.action == "person:extract")).one()
    assert (row.actor_id, row.subject) == (viewer.person, f"person {viewer.person}")


def test_it_holds_ones_bookings_with_what_one_wrote_in_them(house: House) -> None:
    house.book(POLICE, HALL, "17:00", "17:45", title="Utsättning", note="Gul väst", circle=POLICE_CIRCLE)
    house.book(TRAFFIC, DESKS[1], "10:00", "11:00", title="Möte", visibility="open", attendees=(POLICE,))
    house.book(POLICE_COLLEAGUE, DESKS[2], "10:00", "11:00", title="En kollegas")
    found = own(house, POLICE)["bookings"]
    assert [(each["title"], each["note"]) for each in found] == [("Möte", ""), ("Utsättning", "Gul väst")]
    assert rows(house, openings) == 0, "what one booked oneself is no row in the access log"


def test_cancelled_and_past_ones_too(house: House) -> None:
    made = house.book(ARTIST, DESKS[1], "10:00", "11:00", title="Inställt")
    house.visitor(ARTIST).submit(f"/bokning/{made.view.id}/avboka")
    house.clock.step(days=40)
    assert [each["status"] for each in own(house, ARTIST)["bookings"]] == ["cancelled"]


def test_it_holds_what_one_is_told_and_has_but_no_secret(house: House) -> None:
    viewer, now = house.viewer(ARTIST), house.clock()
    assert viewer.person is not None
    with house.inside():
        _, token = membership.issue_token(viewer, "mitt program", False, now)
        _, feed = feeding.issue(viewer, FeedWish(PREMISES), now)
        with transaction():
            tell(viewer.person, News.SWAP, now, words="Kan vi byta?")
            values = {"id": "p", "credential_id": b"hemligt", "public_key": b"hemligt", "sign_count": 1}
            run(passkeys.insert().values(person_id=viewer.person, name="Telefon", created_at=now, **values))
    answer = house.visitor(ARTIST).submit(OWN)
    assert token not in answer.text
    assert feed not in answer.text
    assert "hemligt" not in answer.text
    found = answer.json
    assert [each["name"] for each in found["tokens"]] == ["mitt program"]
    assert [each["shows"] for each in found["calendars"]] == ["mine"]
    assert [each["words"] for each in found["notices"]] == ["Kan vi byta?"]
    assert [each["name"] for each in found["passkeys"]] == ["Telefon"]
    assert len(found["signed_in"]) == 1
    did = [(each["did"], each["to"]) for each in found["journal"]]
    assert [each for each, _ in did] == ["token:issue", "feed:issue", "person:extract"]


def test_it_says_when_others_opened_ones_bookings_and_not_who(house: House) -> None:
    made = house.book(POLICE, HALL, "17:00", "17:45", circle=POLICE_CIRCLE).view
    house.clock.step(minutes=5)
    opened(house, GUARD, made)
    answer = house.visitor(POLICE).submit(OWN)
    assert answer.json["opened_by_others"] == [
        {"at": "2026-11-24T06:05:00+00:00", "channel": "page", "booking": made.id}
    ]
    guard = house.viewer(GUARD)
    assert guard.name not in answer.text
    assert answer.json["opened"] == []
    theirs = own(house, GUARD)
    assert theirs["opened"] == [{"at": "2026-11-24T06:05:00+00:00", "channel": "page", "booking": made.id}]


def test_what_one_may_no_longer_know_is_not_in_it(house: House) -> None:
    made = house.book(GUARD, HALL, "17:00", "17:45", title="Utsättning", circle=POLICE_CIRCLE).view
    theirs = house.book(POLICE, MEETING_ROOM, "10:00", "11:00", circle=POLICE_CIRCLE).view
    opened(house, POLICE, made)
    opened(house, GUARD, theirs)
    leave_circle(house, GUARD)
    answer = house.visitor(GUARD).submit(OWN)
    for each in (made.id, theirs.id, "Utsättning"):
        assert each not in answer.text
    assert answer.json["bookings"] == answer.json["opened_by_others"] == []
    assert [each["booking"] for each in answer.json["opened"]] == [None]


def test_what_is_destroyed_or_cannot_be_opened_is_said_to_be(house: House) -> None:
    house.book(POLICE, HALL, "17:00", "17:45", title="Utsättning", circle=POLICE_CIRCLE)
    house.app.extensions["samlokal.seals"] = Seals([bytes(range(32))])
    (found,) = own(house, POLICE)["bookings"]
    assert (found["title"], found["content_gone"]) == (None, "locked")


def test_what_does_not_open_is_not_noted(house: House) -> None:
    house.book(POLICE_COLLEAGUE, HALL, "17:00", "17:45", title="Utsättning", circle=POLICE_CIRCLE)
    house.app.extensions["samlokal.seals"] = Seals([bytes(range(32))])
    (found,) = disclosed(house)["bookings"]
    assert (found["title"], found["content_gone"]) == (None, "locked")
    assert rows(house, openings) == 0


# --- one's organisation -----------------------------------------------------------------------


def test_its_administrator_gets_what_the_organisation_booked(house: House, browser: Browser) -> None:
    visitor = browser(POLICE)
    assert DISCLOSURE in visitor.get("/organisationen").text
    assert 'value="2026-10-25"' in visitor.get(DISCLOSURE).text
    house.book(POLICE_COLLEAGUE, DESKS[2], "10:00", "11:00", title="En kollegas")
    house.book(TRAFFIC, DESKS[1], "10:00", "11:00", title="Någon annans", visibility="open")
    answer = visitor.submit(DISCLOSURE, DAYS)
    name = "utlamnande-2026-11-01-2026-11-30.json"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert [each["title"] for each in answer.json["bookings"]] == ["En kollegas"]
    with house.inside():
        row = run(select(journal).where(journal.c.action == "organisation:export")).one()
    viewer = house.viewer(POLICE)
    assert (row.actor_id, row.subject) == (viewer.person, f"organisation {viewer.organisation}")


def test_each_confidential_content_that_is_opened_is_one_row_in_the_access_log(house: House) -> None:
    series = {"repeat": Repetition("FREQ=DAILY;COUNT=3"), "title": "Varje dag"}
    house.book(POLICE_COLLEAGUE, MEETING_ROOM, "10:00", "11:00", circle=POLICE_CIRCLE, **series)
    house.book(POLICE, HALL, "17:00", "17:45", title="Min egen", circle=POLICE_CIRCLE)
    found = disclosed(house)
    titles = [each["title"] for each in found["bookings"]]
    assert sorted(titles) == ["Min egen", "Varje dag", "Varje dag", "Varje dag"]
    with house.inside():
        noted = run(select(openings.c.channel, openings.c.person_id)).all()
    assert [tuple(each) for each in noted] == [("export", house.viewer(POLICE).person)]
    assert [each["channel"] for each in found["opened"]] == ["export"], "its own opening stands in it"


@pytest.mark.parametrize("named", [True, False])
def test_with_and_without_the_names_of_readers(house: House, named: bool) -> None:
    made = house.book(POLICE_COLLEAGUE, HALL, "17:00", "17:45", circle=POLICE_CIRCLE).view
    opened(house, GUARD, made)
    found = disclosed(house, **({"namn": "y"} if named else {}))
    guard = next(each for each in found["opened"] if each["channel"] == "page")
    assert guard["booking"] == made.id
    assert guard.get("by") == (house.viewer(GUARD).name if named else None)
    assert (house.viewer(GUARD).name in json.dumps(found, ensure_ascii=False)) is named


def test_what_its_administrator_may_not_know_is_not_in_it(house: House) -> None:
    made = house.book(POLICE_COLLEAGUE, HALL, "17:00", "17:45", circle=POLICE_CIRCLE, title="Dold").view
    opened(house, GUARD, made)
    leave_circle(house, POLICE)
    before = rows(house, openings)
    found = disclosed(house, namn="y")
    assert (found["bookings"], found["opened"]) == ([], [])
    assert rows(house, openings) == before


def test_only_the_days_that_were_asked_for(house: House) -> None:
    for day in (1, 2, 3):
        when = TODAY + timedelta(days=day)
        house.book(POLICE, DESKS[0], "10:00", "11:00", when, title=f"Dag {day}")
    found = disclosed(house, fran="2026-11-26", till="2026-11-26")
    assert [each["title"] for each in found["bookings"]] == ["Dag 2"]


@pytest.mark.parametrize("who", [POLICE_COLLEAGUE, COORDINATOR, ADMINISTRATOR, ARTIST, TRAFFIC])
def test_nobody_else_has_it(house: House, who: str) -> None:
    house.book(POLICE, DESKS[0], "10:00", "11:00", title="Planerat")
    visitor = house.visitor(who)
    assert visitor.get(DISCLOSURE).status_code == 403
    assert visitor.submit(DISCLOSURE, DAYS).status_code == 403
    with house.inside():
        acts = set(run(select(journal.c.action)).scalars())
    assert "organisation:export" not in acts


BAD = [
    ({"fran": "", "till": "2026-11-30"}, "Write a day as 2026-11-24."),
    ({"fran": "2026-11-01", "till": "snart"}, "Write a day as 2026-11-24."),
    ({"fran": "9999-12-31", "till": "9999-12-31"}, "Write a day as 2026-11-24."),
    ({"fran": "2026-11-30", "till": "2026-11-01"}, "The end must be later than the start."),
    ({"fran": "2024-11-01", "till": "2026-11-01"}, "A document holds a year at most."),
]


@pytest.mark.parametrize(("days", "said"), BAD)
def test_days_that_cannot_be_had_are_said_at_their_field(
    house: House, browser: Browser, days: dict[str, str], said: str
) -> None:
    before = rows(house, journal)
    answer = browser(POLICE).submit(DISCLOSURE, days)
    assert answer.status_code == 422
    assert said in answer.text
    assert rows(house, journal) == before


def test_a_whole_year_is_had(house: House) -> None:
    assert disclosed(house, fran="2026-01-01", till="2026-12-31")["bookings"] == []


# --- however much it is -----------------------------------------------------------------------


@pytest.mark.parametrize("path", [OWN, DISCLOSURE])
def test_thirty_more_bookings_take_no_question_more(house: House, path: str) -> None:
    def asked() -> tuple[int, int]:
        visitor = house.visitor(POLICE)
        with house.asked() as said:
            answer = visitor.submit(path, DAYS)
        return len(said), len(answer.json["bookings"])

    def book(hour: int, many: int) -> None:
        for quarter in range(many):
            minutes = hour * 60 + quarter * 15
            start, end = (f"{each // 60:02}:{each % 60:02}" for each in (minutes, minutes + 15))
            house.book(POLICE, MEETING_ROOM, start, end, title="x", circle=POLICE_CIRCLE)

    book(8, 1)
    few = asked()
    book(9, 30)
    assert asked() == (few[0], few[1] + 30)


# --- nobody outside notices -------------------------------------------------------------------


@pytest.mark.parametrize(("one", "other"), PAIRS[:6], ids=lambda fill: fill.__name__)
def test_an_outsiders_own_document_is_the_same_in_both_worlds(
    worlds: Callable[..., World], one: Callable[[House], None], other: Callable[[House], None]
) -> None:
    there = other is not cleared_desks
    first, second = worlds(one, there), worlds(other, there)
    for who in OUTSIDERS:
        here, beside = (each.house.visitor(who).submit(OWN) for each in (first, second))
        assert here.text == beside.text, who
        assert PLANTED not in here.text
