"""The pages of circles: the list, one circle with its steward's forms, and the coordinator's form for a new one."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select

from booking.actions import circles, joining
from booking.actions.joining import Joining
from booking.domain.views import Full
from booking.storage.database import run, transaction
from booking.storage.tables import notices, people
from tests.cast import (
    ADMINISTRATOR,
    ARTIST,
    COORDINATOR,
    DESKS,
    GUARD,
    HALL,
    MEETING_ROOM,
    MIKA,
    POLICE,
    POLICE_CIRCLE,
    POLICE_COLLEAGUE,
    SOCIAL,
    TRAFFIC,
)
from tests.support.dump import done_by_table
from tests.support.house import House, Visitor

Browser = Callable[[str], Visitor]
GUARDS = "ordningsvakterna"
NAME = "Polis och ordningsvakter"
TOKEN = re.compile(r'name="csrf_token" value="[^"]*"')
POSTS = ("ta-in", "ta-ut", "lamna", "andra-faktor")


def address(visitor: Visitor, name: str = NAME) -> str:
    """Where a circle of the visitor's is, by the list."""
    found = re.search(rf'href="(/kretsar/[0-9a-f]+)">{name}<', visitor.get("/kretsar").text)
    assert found, name
    return found[1]


def kept_rows(database: str) -> dict[str, object]:
    return {name: rows for name, rows in done_by_table(database).items() if name != "sessions"}


@pytest.fixture
def made(house: House) -> Full:
    return house.book(POLICE, MEETING_ROOM, "14:00", "14:30", circle=POLICE_CIRCLE).view


# --- seeing -----------------------------------------------------------------------------------


def test_members_find_their_circles_in_the_menu(house: House, browser: Browser) -> None:
    visitor = browser(GUARD)
    assert 'href="/kretsar"' in visitor.get("/mina").text
    page = visitor.get("/kretsar").text
    assert NAME in page
    assert "Vision Klara" in page
    assert "Socialtj" not in page
    inside = visitor.get(address(visitor)).text
    assert "Lokalpolisområde Norrmalm" in inside
    assert "Take an organisation in" not in inside


def test_neither_the_address_nor_the_title_says_which_circle(house: House, browser: Browser) -> None:
    visitor = browser(POLICE)
    where = address(visitor)
    assert "polis" not in where
    assert "<title>Circle – Samlokal</title>" in visitor.get(where).text


@pytest.mark.parametrize("who", [MIKA, TRAFFIC, COORDINATOR, ARTIST, ADMINISTRATOR])
def test_a_circle_that_is_not_mine_is_an_address_never_used(
    house: House, browser: Browser, database: str, who: str
) -> None:
    where = address(browser(POLICE))
    never = "/kretsar/" + "0" * 24
    visitor = browser(who)
    before = kept_rows(database)

    def answers(path: str) -> list[tuple[int, bytes]]:
        found = [visitor.get(path), visitor.open(path, method="DELETE")]
        found += [visitor.submit(f"{path}/{post}", {"organisation": GUARDS}) for post in POSTS]
        return [(each.status_code, TOKEN.sub("", each.text).encode()) for each in found]

    assert answers(where) == answers(never)
    assert answers(never)[0][0] == 404
    assert kept_rows(database) == before


@pytest.mark.parametrize("who", [ARTIST, ADMINISTRATOR])
def test_guests_and_the_systems_administrator_have_no_list(browser: Browser, who: str) -> None:
    visitor = browser(who)
    assert visitor.get("/kretsar").status_code == 403
    assert 'href="/kretsar"' not in visitor.get("/mina").text


def test_not_without_signing_in(house: House) -> None:
    for path in ("/kretsar", "/kretsar/x", "/samordning/kretsar"):
        assert house.visitor().get(path).status_code == 302


@pytest.mark.parametrize("who", [GUARD, POLICE_COLLEAGUE])
def test_a_member_who_is_not_its_steward_changes_nothing(
    house: House, browser: Browser, database: str, who: str
) -> None:
    visitor = browser(who)
    where, before = address(visitor), kept_rows(database)
    for post in POSTS:
        assert visitor.submit(f"{where}/{post}", {"organisation": "mika"}).status_code == 403
    assert kept_rows(database) == before


# --- the steward ------------------------------------------------------------------------------


def test_the_steward_takes_an_organisation_in(house: House, browser: Browser, made: Full) -> None:
    visitor = browser(POLICE)
    where = address(visitor)
    assert "MIKA" in visitor.get(where).text
    answer = visitor.submit(f"{where}/ta-in", {"organisation": "mika", "ser": "nya", "grund": "10 kap. 28 §"})
    assert (answer.status_code, answer.location) == (303, where)
    page = visitor.get(where).text
    assert "10 kap. 28 §" in page
    mika = browser(MIKA)
    assert NAME in mika.get("/kretsar").text
    assert "10 kap. 28 §" not in mika.get(address(mika)).text
    assert mika.get(f"/bokning/{made.id}").status_code == 404
    assert "~2" not in page + mika.get("/kretsar").text + mika.get("/boka").text


def test_with_all_that_has_been_booked(house: House, browser: Browser, made: Full) -> None:
    visitor = browser(POLICE)
    visitor.submit(f"{address(visitor)}/ta-in", {"organisation": "mika", "ser": "alla"})
    assert browser(MIKA).get(f"/bokning/{made.id}").status_code == 200


def test_no_duty_of_secrecy_is_confirmed_by_itself(house: House, browser: Browser) -> None:
    visitor = browser(POLICE)
    where = address(visitor)
    assert "Vasakronan (no duty of secrecy)" in visitor.get(where).text
    answer = visitor.submit(f"{where}/ta-in", {"organisation": "vasakronan", "grund": "Avtal"})
    assert answer.status_code == 422
    assert "bound by no duty of secrecy. Confirm" in answer.text
    assert 'value="Avtal"' in answer.text
    fields = {"organisation": "vasakronan", "bekraftat": "y"}
    assert visitor.submit(f"{where}/ta-in", fields).status_code == 303


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"organisation": "finns-inte"},
        {"organisation": "konstnaren"},
        {"organisation": GUARDS},
        {"organisation": "mika", "grund": "x" * 201},
        {"organisation": "mika\0"},
    ],
)
def test_bad_input_is_said_at_its_field(
    house: House, browser: Browser, database: str, fields: dict[str, str]
) -> None:
    visitor = browser(POLICE)
    where, before = address(visitor), kept_rows(database)
    answer = visitor.submit(f"{where}/ta-in", fields)
    assert answer.status_code == 422
    assert 'class="errs"' in answer.text
    assert kept_rows(database) == before


def test_the_steward_takes_an_organisation_out(house: House, browser: Browser, made: Full) -> None:
    guard, visitor = browser(GUARD), browser(POLICE)
    assert guard.get(f"/bokning/{made.id}").status_code == 200
    answer = visitor.submit(f"{address(visitor)}/ta-ut", {"organisation": GUARDS})
    assert answer.status_code == 303
    assert guard.get(f"/bokning/{made.id}").status_code == 404
    assert NAME not in guard.get("/kretsar").text


def test_not_while_it_has_coming_bookings_in_it(house: House, browser: Browser) -> None:
    house.book(GUARD, MEETING_ROOM, "16:00", "17:00", circle=POLICE_CIRCLE)
    visitor = browser(POLICE)
    answer = visitor.submit(f"{address(visitor)}/ta-ut", {"organisation": GUARDS})
    assert answer.status_code == 422
    assert "It has coming bookings in the circle." in answer.text
    assert "16" not in re.sub(r"<[^>]*>", "", answer.text.partition("<main")[2])


def test_a_member_leaves_by_itself(house: House, browser: Browser) -> None:
    with house.inside(), transaction():
        run(people.update().where(people.c.email == GUARD).values(organisation_admin=True))
    visitor = browser(GUARD)
    where = address(visitor)
    assert visitor.submit(f"{where}/lamna").status_code == 303
    assert visitor.get(where).status_code == 404
    assert "An organisation has left a circle" in browser(POLICE).get("/aviseringar").text


def test_the_steward_demands_a_second_factor(house: House, browser: Browser) -> None:
    visitor = browser(POLICE)
    where = address(visitor)
    assert "You give one yourself first." in visitor.get(where).text
    assert visitor.submit(f"{where}/andra-faktor", {"kravs": "ja"}).status_code == 422
    proved = house.visitor(POLICE, proved=True)
    assert proved.submit(f"{where}/andra-faktor", {"kravs": "ja"}).status_code == 303
    page = visitor.get("/kretsar").text
    assert "demands a second factor" in page
    assert where not in page
    assert visitor.get(where).status_code == 404
    assert proved.get(where).status_code == 200


# --- making -----------------------------------------------------------------------------------


def test_the_coordinator_makes_a_circle_and_sees_no_more_of_it(house: House, browser: Browser) -> None:
    visitor = browser(COORDINATOR)
    assert "/samordning/kretsar" in visitor.get("/samordning").text
    fields = {"namn": "Natt på torget", "forvaltare": "ungdomsjouren"}
    answer = visitor.submit("/samordning/kretsar", fields, follow_redirects=True)
    assert answer.status_code == 200
    assert "The circle is made." in answer.text
    for page in ("/kretsar", "/samordning", "/samordning/kretsar", "/boka", "/aviseringar"):
        assert "Natt på torget" not in visitor.get(page).text
    steward = browser(SOCIAL)
    assert "Natt på torget" in steward.get("/kretsar").text
    assert "steward of a new circle" in steward.get("/aviseringar").text


def test_the_same_name_twice_is_answered_the_same(house: House, browser: Browser) -> None:
    visitor = browser(COORDINATOR)
    answers = []
    for name in (NAME, "Aldrig använt"):
        answer = visitor.submit(
            "/samordning/kretsar", {"namn": name, "forvaltare": "platssamverkan", "bekraftat": "y"}
        )
        answers.append((answer.status_code, answer.location, answer.data))
    assert answers[0] == answers[1]
    assert answers[0][0] == 303


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"namn": "x"},
        {"namn": "x", "forvaltare": "konstnaren"},
        {"namn": "x", "forvaltare": "vasakronan"},
        {"namn": "x" * 121, "forvaltare": "ungdomsjouren"},
        {"namn": "", "forvaltare": "ungdomsjouren"},
    ],
)
def test_what_is_wrong_with_a_new_circle_is_said(
    house: House, browser: Browser, database: str, fields: dict[str, str]
) -> None:
    visitor, before = browser(COORDINATOR), kept_rows(database)
    before = kept_rows(database)
    answer = visitor.submit("/samordning/kretsar", fields)
    assert answer.status_code == 422
    assert 'class="errs"' in answer.text
    assert kept_rows(database) == before


@pytest.mark.parametrize("who", [POLICE, ARTIST, ADMINISTRATOR])
def test_nobody_else_makes_circles(browser: Browser, who: str) -> None:
    fields = {"namn": "x", "forvaltare": "ungdomsjouren"}
    assert browser(who).get("/samordning/kretsar").status_code == 403
    assert browser(who).submit("/samordning/kretsar", fields).status_code == 403


# --- the API ----------------------------------------------------------------------------------


def test_programs_see_one_circle_whatever_its_age(house: House, browser: Browser, made: Full) -> None:
    with house.inside():
        joining.add(house.viewer(POLICE), POLICE_CIRCLE, Joining("mika"), house.clock())
    later = house.book(POLICE, MEETING_ROOM, "16:00", "16:30", circle=POLICE_CIRCLE).view
    visitor = browser(POLICE)
    for each in (made, later):
        assert visitor.get(f"/api/v1/bookings/{each.id}").json["circle"] == POLICE_CIRCLE
    keys = [each["key"] for each in visitor.get("/api/v1/me").json["circles"]]
    assert keys.count(POLICE_CIRCLE) == 1
    assert not [key for key in keys if "~" in key]


def test_a_booking_of_an_earlier_age_is_changed_by_its_form(house: House, browser: Browser) -> None:
    made = house.book(POLICE, HALL, "14:00", "14:30", circle=POLICE_CIRCLE, title="Utsättning").view
    with house.inside():
        joining.add(house.viewer(POLICE), POLICE_CIRCLE, Joining("mika"), house.clock())
    visitor = browser(POLICE)
    body = {"title": "Ny rubrik", "circle": POLICE_CIRCLE}
    token = {"X-CSRFToken": visitor.csrf_token}
    seen = visitor.get(f"/api/v1/bookings/{made.id}")
    answer = visitor.patch(
        f"/api/v1/bookings/{made.id}", json=body, headers={"If-Match": seen.headers["ETag"], **token}
    )
    assert answer.status_code == 200, answer.text
    assert browser(MIKA).get(f"/bokning/{made.id}").status_code == 404


# --- at the very next request -----------------------------------------------------------------


def test_an_open_page_answers_anew_when_its_organisation_is_taken_out(house: House, browser: Browser) -> None:
    house.book(GUARD, DESKS[0], "13:00", "16:00", visibility="open")
    house.book(POLICE, HALL, "14:00", "14:30", circle=POLICE_CIRCLE)
    guard = browser(GUARD)
    first = guard.get("/idag/delar")
    unchanged = {"If-None-Match": first.headers["ETag"]}
    assert guard.get("/idag/delar", headers=unchanged).status_code == 304
    with house.inside():
        joining.remove(house.viewer(POLICE), POLICE_CIRCLE, GUARDS, house.clock())
    after = guard.get("/idag/delar", headers=unchanged)
    assert after.status_code == 200
    assert "Lokalpolisområde Norrmalm" in first.text
    assert "Lokalpolisområde Norrmalm" not in after.text


def test_notices_of_circles_name_none(house: House, browser: Browser) -> None:
    with house.inside(), transaction():
        run(people.update().where(people.c.email == MIKA).values(organisation_admin=True))
    with house.inside():
        police = house.viewer(POLICE)
        joining.add(police, POLICE_CIRCLE, Joining("mika"), house.clock())
        house.clock.step(minutes=1)
        joining.remove(police, POLICE_CIRCLE, "mika", house.clock())
        kinds = run(select(notices.c.kind).order_by(notices.c.id)).scalars().all()
    assert kinds == ["circle_joined", "circle_left"]
    page = browser(MIKA).get("/aviseringar").text
    assert "is in another circle" in page
    assert "no longer in one of its circles" in page
    assert NAME not in page
    assert circles.NAME_LENGTH == 120
