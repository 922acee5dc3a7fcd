"""The coordinator's pages: what waits, blocks, closures and the premises itself; and that they are nobody else's."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from booking.actions import approving, looking
from booking.domain.bookings import Status
from tests.cast import (
    ADMINISTRATOR,
    ARTIST,
    COORDINATOR,
    DESKS,
    HALL,
    MEETING_ROOM,
    POLICE,
    POLICE_CIRCLE,
    PREMISES,
    TABLE,
    TODAY,
    TRAFFIC,
)
from tests.support.dump import done_by_table, rows_by_table
from tests.support.house import House, Visitor

TOMORROW = TODAY + timedelta(days=1)
PAGES = (
    "/samordning",
    "/samordning/godkannanden",
    "/samordning/sparra",
    "/samordning/stang",
    "/samordning/lokalen",
)
BLOCK = {
    "plats": DESKS[0], "datum": TOMORROW.isoformat(), "fran": "10:00", "till": "12:00", "tilldatum": "",
    "upprepa": "", "upprepa_till": "", "skal": "Golvslipning", "synligt": "1",
}  # fmt: skip
CLOSURE = {
    "plats": "kontoret", "datum": TODAY.isoformat(), "fran": "", "till": "18:00", "tilldatum": "", "skal": "Larm",
}  # fmt: skip
Browser = Callable[[str], Visitor]


def texts(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


# --- whose they are ---------------------------------------------------------------------------


@pytest.mark.parametrize("path", PAGES)
def test_each_page_opens_for_the_coordinator(browser: Browser, path: str) -> None:
    assert browser(COORDINATOR).get(path).status_code == 200


@pytest.mark.parametrize("who", [POLICE, TRAFFIC, ARTIST, ADMINISTRATOR])
def test_nobody_else_gets_in_or_is_shown_the_way(house: House, who: str, database: str) -> None:
    waiting = house.book(ARTIST, MEETING_ROOM, "13:00", "14:00", TOMORROW).view
    visitor = house.visitor(who)
    assert "/samordning" not in visitor.get("/mina").text
    before = done_by_table(database)
    for path in PAGES:
        assert visitor.get(path).status_code == 403
    for path in (
        "/samordning/sparra", "/samordning/stang", "/samordning/lokalen/namn", "/samordning/lokalen/bort",
        "/samordning/lokalen/tider",
        *(f"/samordning/godkannanden/{each}/{word}" for each in (waiting.id, "x" * 22) for word in ("ja", "nej")),
        *(f"/samordning/{what}" for what in (f"sparra/{waiting.id}/bort", f"stang/{waiting.id}/hav")),
    ):  # fmt: skip
        assert visitor.submit(path, {**BLOCK, **CLOSURE}).status_code == 403
    assert done_by_table(database) == before


def test_the_coordinator_is_shown_the_way(browser: Browser) -> None:
    assert browser(COORDINATOR).get("/mina").text.count('href="/samordning"') == 2


def test_a_premises_that_is_not_there_is_not_found(browser: Browser) -> None:
    for path in PAGES:
        assert browser(COORDINATOR).get(f"{path}?lokal=nagon-annanstans").status_code == 404


# --- what waits -------------------------------------------------------------------------------


def answer_to(page: str, answer: str) -> tuple[str, dict[str, str]]:
    """The address and the tag of the first form of the page that gives this answer."""
    found = re.search(
        rf'action="(/samordning/godkannanden/\w+/{answer})".*?name="version" value="(\w+)"', page
    )
    assert found
    return found[1], {"version": found[2]}


def test_a_yes_and_a_no_on_the_page(house: House, browser: Browser) -> None:
    made = []
    for hours in (("09:00", "10:00"), ("11:00", "12:00")):
        made.append(house.book(ARTIST, MEETING_ROOM, *hours, TOMORROW, title="Repetition").view)
        house.clock.step(minutes=1)
    visitor = browser(COORDINATOR)
    assert "2 bookings wait." in texts(visitor.get("/samordning"))
    for answer, words in (("ja", "Approved."), ("nej", "Declined.")):
        path, fields = answer_to(visitor.get("/samordning/godkannanden").text, answer)
        said = visitor.submit(path, {**fields, "skal": "Vi målar."}, follow_redirects=True)
        assert words in texts(said)
    with house.inside():
        states = [looking.look_at(house.viewer(ARTIST), each.id, house.clock()).view.status for each in made]
    assert states == [Status.CONFIRMED, Status.CANCELLED]
    assert "Nothing waits." in texts(visitor.get("/samordning/godkannanden"))


def test_what_was_answered_or_changed_meanwhile_is_said_and_not_answered(
    house: House, browser: Browser
) -> None:
    made = house.book(ARTIST, MEETING_ROOM, "09:00", "10:00", TOMORROW).view
    visitor = browser(COORDINATOR)
    path, fields = answer_to(visitor.get("/samordning/godkannanden").text, "ja")
    changed = visitor.submit(path, {"version": "x" * 32}, follow_redirects=True)
    assert "changed meanwhile" in texts(changed)
    with house.inside():
        approving.decline(house.viewer(COORDINATOR), made.id, house.clock())
    assert "no longer waits" in texts(visitor.submit(path, fields, follow_redirects=True))


def test_one_that_waits_or_thirty_take_as_many_questions(house: House) -> None:
    def questions() -> int:
        with house.inside(), house.asked() as said:
            approving.queue(house.viewer(COORDINATOR), house.place, house.clock())
        return len(said)

    house.book(ARTIST, MEETING_ROOM, "07:00", "07:15", TOMORROW)
    one = questions()
    for number in range(1, 30):
        start = f"{7 + number // 4:02}:{number % 4 * 15:02}"
        end = f"{7 + (number + 1) // 4:02}:{(number + 1) % 4 * 15:02}"
        house.book(ARTIST, MEETING_ROOM, start, end, TOMORROW)
    assert questions() == one


# --- blocks -----------------------------------------------------------------------------------


def test_a_block_is_made_listed_and_taken_away(house: House, browser: Browser) -> None:
    visitor = browser(COORDINATOR)
    made = visitor.submit("/samordning/sparra", BLOCK, follow_redirects=True)
    assert "Blocked." in texts(made)
    assert "Out of order: Golvslipning" in texts(made)
    for who in (ARTIST, POLICE):
        board = browser(who).get(f"/idag?datum={TOMORROW}&vy=lista")
        assert "Out of order: Golvslipning" in texts(board)
    wish = {
        "plats": "any-desk",
        "arbetsplats": DESKS[0],
        "datum": TOMORROW.isoformat(),
        "fran": "09:00",
        "till": "12:00",
        "vem": "open",
    }
    assert "Clashes Out of order: Golvslipning. " in texts(browser(ARTIST).submit("/boka/svar", wish))
    lift = re.search(r'action="(/samordning/sparra/\w+/bort)"', made.text)
    assert lift
    gone = visitor.submit(lift[1], follow_redirects=True)
    assert "Nothing is blocked" in texts(gone)
    house.book(TRAFFIC, DESKS[0], "10:00", "12:00", TOMORROW)


def test_one_time_of_a_series_is_taken_away_alone(house: House, browser: Browser) -> None:
    visitor = browser(COORDINATOR)
    weekly = {**BLOCK, "upprepa": "varje-vecka", "upprepa_till": (TOMORROW + timedelta(days=15)).isoformat()}
    made = visitor.submit("/samordning/sparra", weekly, follow_redirects=True)
    assert "and 2 more times within two months" in texts(made)
    found = re.search(r'action="(/samordning/sparra/\w+/bort)".*?name="tillfalle" value="(\w+)"', made.text)
    assert found
    left = visitor.submit(found[1], {"tillfalle": found[2]}, follow_redirects=True)
    assert "and 1 more time within two months" in texts(left)
    house.book(TRAFFIC, DESKS[0], "10:00", "12:00", TOMORROW)
    assert visitor.submit(found[1], {"tillfalle": "i morgon"}).status_code == 400


def test_what_would_give_way_is_listed_and_gives_way_when_agreed_to(house: House, browser: Browser) -> None:
    house.book(ARTIST, TABLE, "11:00", "13:00", TOMORROW, title="Rekvisita", visibility="open")
    visitor, fields = browser(COORDINATOR), {**BLOCK, "plats": "motesdelen"}
    asked = visitor.submit("/samordning/sparra", fields)
    assert asked.status_code == 409
    assert "gives way 11:00–12:00" in texts(asked)
    agreement = re.search(r'name="vika" value="([^"]+)"', asked.text)
    assert agreement
    assert visitor.submit("/samordning/sparra", {**fields, "vika": agreement[1]}).status_code == 303


def test_what_is_hidden_is_met_as_busy_and_no_more(house: House, browser: Browser) -> None:
    house.book(POLICE, HALL, "11:00", "11:45", TOMORROW, circle=POLICE_CIRCLE, title="Operation Blåsippa")
    met = browser(COORDINATOR).submit("/samordning/sparra", {**BLOCK, "plats": "kontoret"})
    assert met.status_code == 409
    assert "busy 11:00–11:45" in texts(met)
    assert "Blåsippa" not in met.text
    assert "Polis" not in met.text


def test_of_a_series_the_days_that_clash_are_named_and_may_be_left_out(
    house: House, browser: Browser
) -> None:
    for day in (1, 2):
        house.book(POLICE, DESKS[0], "11:00", "12:00", TOMORROW + timedelta(days=day), visibility="internal")
    visitor = browser(COORDINATOR)
    daily = {**BLOCK, "upprepa": "varje-dag", "upprepa_till": (TOMORROW + timedelta(days=3)).isoformat()}
    met = visitor.submit("/samordning/sparra", daily)
    assert met.status_code == 409
    assert "Thursday 26 November Desk 1 is booked 11:00–12:00" in texts(met)
    left_out = re.search(r'name="hoppa" value="([^"]+)"', met.text)
    assert left_out
    assert visitor.submit("/samordning/sparra", {**daily, "hoppa": "alla"}).status_code == 400
    assert visitor.submit("/samordning/sparra", {**daily, "hoppa": left_out[1]}).status_code == 303


@pytest.mark.parametrize(
    ("path", "fields", "words"),
    [
        ("/samordning/sparra", {"plats": []}, "Choose at least one place."),
        ("/samordning/sparra", {"plats": "altanen"}, "Choose something that can be booked here."),
        ("/samordning/sparra", {"datum": "i morgon"}, "Choose a day."),
        ("/samordning/sparra", {"fran": "kl 10"}, "Choose a time."),
        ("/samordning/sparra", {"till": "09:00"}, "The end must be later than the start."),
        ("/samordning/sparra", {"skal": " "}, "Write the reason that everybody is to see."),
        ("/samordning/sparra", {"skal": "x" * 121}, "Write 120 characters at most."),
        ("/samordning/sparra", {"upprepa": "varje-dag"}, "Choose the last day."),
        (
            "/samordning/sparra",
            {"upprepa": "varje-dag", "upprepa_till": "2031-01-01"},
            "A series ends within two years.",
        ),
        ("/samordning/stang", {"plats": []}, "Choose at least one zone."),
        ("/samordning/stang", {"plats": DESKS[0]}, "Choose something that can be booked here."),
        ("/samordning/stang", {"skal": ""}, "Write the reason that everybody is to see."),
        ("/samordning/stang", {"till": "06:00"}, "The end must be later than the start."),
    ],
    ids=str,
)  # fmt: skip
def test_bad_input_gets_a_sentence_at_its_field_and_changes_nothing(
    browser: Browser, database: str, path: str, fields: dict[str, Any], words: str
) -> None:
    visitor = browser(COORDINATOR)
    visitor.get("/samordning")
    before = rows_by_table(database)
    answer = visitor.submit(path, {**(BLOCK if "sparra" in path else CLOSURE), **fields})
    assert answer.status_code == 422
    assert texts(answer).count(words) == 2  # in the summary and at the field
    assert rows_by_table(database) == before


def test_a_block_has_no_form_of_changes_on_its_page(house: House, browser: Browser) -> None:
    visitor = browser(COORDINATOR)
    visitor.submit("/samordning/sparra", {**BLOCK, "synligt": ""})
    page = visitor.get("/samordning").text
    address = re.search(r'href="(/bokning/\w+)"', page)
    assert address
    shown = visitor.get(address[1])
    assert "Only the organisation itself" in texts(shown)
    assert not re.search(r"/andra\b(?!-ser)", shown.text)
    assert browser(POLICE).get(address[1]).status_code == 404


# --- closures ---------------------------------------------------------------------------------


@pytest.mark.parametrize("hidden", [False, True])
def test_a_closure_says_the_same_whatever_was_there_and_ends(
    house: House, browser: Browser, hidden: bool
) -> None:
    if hidden:
        house.book(POLICE, HALL, "16:00", "17:00", circle=POLICE_CIRCLE, title="Operation Blåsippa")
    visitor = browser(COORDINATOR)
    answer = visitor.submit("/samordning/stang", CLOSURE)
    assert (answer.status_code, answer.location) == (303, "/samordning?sagt=stangt")
    said = visitor.get(answer.location)
    assert "Closed. Whoever had booked there has been told." in texts(said)
    assert "Closed: Larm" in texts(browser(ARTIST).get("/idag?vy=lista"))
    end = re.search(r'action="(/samordning/stang/\w+/hav)"', said.text)
    assert end
    house.clock.step(minutes=10)
    ended = visitor.submit(end[1], follow_redirects=True)
    assert "The closure has ended." in texts(ended)
    assert "Nothing is blocked" in texts(ended)
    assert "has ended" in texts(visitor.submit(end[1], follow_redirects=True))


def test_what_is_no_closure_is_not_found(house: House, browser: Browser) -> None:
    made = house.book(COORDINATOR, DESKS[0], "14:00", "15:00").view
    visitor = browser(COORDINATOR)
    for number in (made.id, "x" * 22):
        assert visitor.submit(f"/samordning/stang/{number}/hav").status_code == 404
        assert visitor.submit(f"/samordning/sparra/{number}/bort").status_code == 404


# --- the premises -----------------------------------------------------------------------------


def test_a_place_is_renamed_retired_and_the_hours_are_changed(house: House, browser: Browser) -> None:
    visitor = browser(COORDINATOR)
    named = {"plats": DESKS[0], "namn": "Fönsterplatsen", "namn_en": "Window desk"}
    assert "has been changed" in texts(
        visitor.submit("/samordning/lokalen/namn", named, follow_redirects=True)
    )
    gone = {"plats": DESKS[1], "datum": TOMORROW.isoformat()}
    retired = visitor.submit("/samordning/lokalen/bort", gone, follow_redirects=True)
    assert "taken away from Wednesday 25 November" in texts(retired)
    hours = {"monday": "09.00–17.00", "tuesday": "08:00-20:00"}
    said = visitor.submit("/samordning/lokalen/tider", hours, follow_redirects=True)
    assert 'value="09:00-17:00"' in said.text
    today, tomorrow = (texts(visitor.get(f"/idag?datum={day}&vy=lista")) for day in (TODAY, TOMORROW))
    assert "Window desk" in today
    assert "Desk 2" in today
    assert "Desk 2" not in tomorrow
    assert "closed" in texts(visitor.get(f"/idag?datum={TOMORROW}"))
    assert DESKS[1] in visitor.get("/boka").text
    house.clock.step(days=1)
    assert DESKS[1] not in visitor.get("/boka").text


@pytest.mark.parametrize(
    ("path", "fields", "words"),
    [
        ("namn", {"plats": DESKS[0], "namn": " "}, "Write what it is called."),
        ("namn", {"plats": "altanen", "namn": "Altanen"}, "Choose something that can be booked here."),
        ("bort", {"plats": DESKS[0], "datum": "snart"}, "Choose a day."),
        ("bort", {"plats": DESKS[0], "datum": "2026-11-01"}, "That day has passed."),
        ("tider", {"monday": "sju till nio"}, "Write hours like 07:00-21:00"),
    ],
    ids=str,
)
def test_what_cannot_be_done_to_the_premises_is_said(
    browser: Browser, database: str, path: str, fields: dict[str, str], words: str
) -> None:
    visitor = browser(COORDINATOR)
    visitor.get("/samordning/lokalen")
    before = rows_by_table(database)
    answer = visitor.submit(f"/samordning/lokalen/{path}", fields)
    assert (answer.status_code, words in texts(answer)) == (422, True)
    assert rows_by_table(database) == before


def test_the_premises_page_answers_alike_whatever_is_hidden_there(house: House, browser: Browser) -> None:
    house.book(POLICE, DESKS[0], "14:00", "15:00", TOMORROW, circle=POLICE_CIRCLE, title="Operation Blåsippa")
    visitor = browser(COORDINATOR)
    for desk in DESKS[:2]:
        gone = {"plats": desk, "datum": TOMORROW.isoformat()}
        answer = visitor.submit("/samordning/lokalen/bort", gone)
        assert (answer.status_code, answer.location) == (303, "/samordning/lokalen?sagt=bort")
    assert PREMISES in visitor.get("/samordning/lokalen").text
