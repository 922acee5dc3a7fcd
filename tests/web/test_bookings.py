"""One booking: its page, opening it, changing and cancelling it, as people meet them."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from booking.actions import booking, looking
from booking.actions.looking import Opened
from booking.actions.wishing import Order
from booking.domain.people import Visibility
from booking.domain.spans import Span
from booking.storage import tables
from booking.storage.database import run
from tests.cast import (
    ARTIST,
    DESKS,
    GUARD,
    HALL,
    MEETING_ROOM,
    POLICE,
    POLICE_CIRCLE,
    POLICE_COLLEAGUE,
    PREMISES,
    SOCIAL,
    SOCIAL_CIRCLE,
    TABLE,
    TODAY,
    TRAFFIC,
)
from tests.support.house import House, Visitor

PLANTED = "Operation Blåsippa"


@pytest.fixture
def briefing(house: House) -> str:
    """A confidential briefing in the hall, by its id."""
    return house.book(
        POLICE,
        HALL,
        "17:00",
        "17:45",
        title=PLANTED,
        note="Samling",
        circle=POLICE_CIRCLE,
        attendees=(GUARD,),
    ).view.id


def openings(house: House) -> int:
    """How many times something confidential was opened by somebody else than its organiser."""
    with house.inside():
        number: int = run(select(func.count()).select_from(tables.openings)).scalar_one()
        return number


def seen(house: House, email: str, number: str) -> Opened:
    with house.inside():
        return looking.open_details(house.viewer(email), number, house.clock(), "page")


def form_of(page: TestResponse) -> dict[str, str]:
    """The fields of the form on a page, as a browser would send them back."""
    text = page.text
    fields: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", text):
        found = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        kind = found.get("type", "text")
        if "name" in found and (kind not in ("radio", "checkbox") or " checked" in tag):
            fields[found["name"]] = unescape(found.get("value", ""))
    for name, inside in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', text, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', inside)
        fields[name] = chosen[1] if chosen else ""
    for name, inside in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', text, re.DOTALL):
        fields[name] = unescape(inside).replace("\n", "\r\n")
    fields.pop("next", None)
    return fields


def save(visitor: Visitor, number: str, **changed: Any) -> TestResponse:
    """Open the form of a booking, change some fields and save."""
    path = f"/bokning/{number}/andra"
    return visitor.post(path, data={**form_of(visitor.get(path)), **changed})


# --- its page ---------------------------------------------------------------------------------


def test_a_booking_shows_where_when_whose_and_who_may_know(
    house: House, browser: Callable[[str], Visitor]
) -> None:
    made = house.book(TRAFFIC, MEETING_ROOM, "11:00", "12:00", title="Lägesmöte", note="Ta med karta")
    page = browser(POLICE).get(f"/bokning/{made.view.id}").text
    for words in (
        "Lägesmöte",
        "Ta med karta",
        "Tuesday 24 November",
        "11:00–12:00",
        "Meeting room, wall closed",
        "Trafikkontoret",
        "Internal",
    ):
        assert words in page
    assert "/avboka" not in page


def test_confidential_details_open_on_demand_and_each_opening_is_noted(
    house: House, browser: Callable[[str], Visitor], briefing: str
) -> None:
    visitor = browser(GUARD)
    closed = visitor.get(f"/bokning/{briefing}")
    assert PLANTED not in closed.text
    assert "Opening is noted." in closed.text
    assert openings(house) == 0
    opened = visitor.submit(f"/bokning/{briefing}/oppna")
    assert PLANTED in opened.text
    assert "Samling" in opened.text
    assert opened.headers["Cache-Control"] == "no-store"
    assert PLANTED not in re.findall("<title>.*</title>", opened.text)[0]
    assert openings(house) == 1
    browser(POLICE).submit(f"/bokning/{briefing}/oppna")
    assert openings(house) == 1


METHODS = [
    ("GET", ""),
    ("POST", "/oppna"),
    ("GET", "/andra"),
    ("POST", "/andra"),
    ("POST", "/andra/svar"),
    ("POST", "/flytta"),
    ("POST", "/avboka"),
    ("PUT", ""),
    ("DELETE", ""),
    ("POST", ""),
    ("GET", "/oppna"),
    ("GET", "/avboka"),
]


@pytest.mark.parametrize("who", [ARTIST, TRAFFIC, SOCIAL])
def test_what_one_may_not_know_is_as_if_the_address_was_never_used(
    house: House, browser: Callable[[str], Visitor], briefing: str, who: str
) -> None:
    visitor = browser(who)
    never = "a" * len(briefing)
    token = {"csrf_token": visitor.csrf_token}
    for method, rest in METHODS:
        there, nowhere = (
            visitor.open(f"/bokning/{number}{rest}", method=method, data=token)
            for number in (briefing, never)
        )
        assert there.status_code == (404 if (method, rest) in METHODS[:7] else 405), (method, rest)
        assert there.status_code == nowhere.status_code
        assert _plain(there, briefing) == _plain(nowhere, never)
        assert _headers(there) == _headers(nowhere)
    assert openings(house) == 0


def _headers(answer: TestResponse) -> dict[str, str]:
    return {name: value for name, value in answer.headers if name != "Set-Cookie"}


def _plain(answer: TestResponse, number: str) -> str:
    """The page without its own address and without what is drawn by lot for each answer."""
    text = answer.text.replace(number, "")
    return re.sub(r'(name="csrf_token"[^>]*value|nonce)="[^"]*"', "", text)


@pytest.mark.parametrize("number", ["%00", "x" * 500, "..", "å", "a b"])
def test_an_address_that_cannot_be_is_not_found(browser: Callable[[str], Visitor], number: str) -> None:
    visitor = browser(POLICE)
    assert visitor.get(f"/bokning/{number}").status_code == 404
    assert visitor.submit(f"/bokning/{number}/avboka").status_code == 404


def test_who_is_not_signed_in_is_asked_to(house: House, briefing: str) -> None:
    visitor = house.visitor()
    for answer in (visitor.get(f"/bokning/{briefing}"), visitor.submit(f"/bokning/{briefing}/avboka")):
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/logga-in")


# --- cancelling -------------------------------------------------------------------------------


def test_cancelling_acts_at_once_and_says_so(house: House, browser: Callable[[str], Visitor]) -> None:
    made = house.book(POLICE, MEETING_ROOM, "11:00", "12:00", title="Möte")
    visitor = browser(POLICE_COLLEAGUE)
    sent = visitor.submit(f"/bokning/{made.view.id}/avboka")
    assert sent.status_code == 303
    assert "Meeting room, wall closed, today 11:00–12:00." in visitor.get(sent.headers["Location"]).text
    house.book(TRAFFIC, MEETING_ROOM, "11:00", "12:00")
    assert "The booking is cancelled." in visitor.get(f"/bokning/{made.view.id}").text
    assert visitor.submit(f"/bokning/{made.view.id}/avboka").status_code == 403


def test_others_see_a_booking_but_cannot_cancel_or_change_it(
    house: House, browser: Callable[[str], Visitor]
) -> None:
    made = house.book(TRAFFIC, MEETING_ROOM, "11:00", "12:00", title="Möte", visibility="open")
    for who in (POLICE, ARTIST):
        visitor = browser(who)
        assert visitor.get(f"/bokning/{made.view.id}").status_code == 200
        assert visitor.submit(f"/bokning/{made.view.id}/avboka").status_code == 403
        assert visitor.get(f"/bokning/{made.view.id}/andra").status_code == 403
        assert visitor.submit(f"/bokning/{made.view.id}/andra", {"rubrik": "Annat"}).status_code == 403
    assert seen(house, TRAFFIC, made.view.id).etag == made.etag


def test_what_has_ended_is_neither_cancelled_nor_changed(
    house: House, browser: Callable[[str], Visitor]
) -> None:
    made = house.book(POLICE, MEETING_ROOM, "11:00", "12:00", title="Möte")
    visitor = browser(POLICE)
    house.clock.step(hours=6)
    assert "/avboka" not in visitor.get(f"/bokning/{made.view.id}").text
    answer = visitor.submit(f"/bokning/{made.view.id}/avboka")
    assert answer.status_code == 422
    assert "The booking has ended." in answer.text
    assert visitor.get(f"/bokning/{made.view.id}/andra").status_code == 303


# --- changing ---------------------------------------------------------------------------------


def test_the_form_holds_the_booking_and_saving_it_untouched_changes_no_field(
    house: House, browser: Callable[[str], Visitor]
) -> None:
    made = house.book(
        POLICE, DESKS[1], "11:10", "12:25", title="Rapport", note="rad ett\nrad två", attendees=(TRAFFIC,)
    )
    visitor = browser(POLICE)
    page = visitor.get(f"/bokning/{made.view.id}/andra")
    fields = form_of(page)
    kept = {
        "plats": "any-desk",
        "arbetsplats": DESKS[1],
        "datum": str(TODAY),
        "fran": "11:10",
        "till": "12:25",
    }
    assert fields.items() >= {**kept, "rubrik": "Rapport", "vem": "internal", "kallade": TRAFFIC}.items()
    assert save(visitor, made.view.id).status_code == 303
    after = seen(house, POLICE, made.view.id).view
    assert (after.content, after.span, after.sequence) == (made.view.content, made.view.span, 0)


def test_a_booking_is_moved_and_reworded(house: House, browser: Callable[[str], Visitor]) -> None:
    made = house.book(POLICE, MEETING_ROOM, "11:00", "12:00", title="Möte")
    tomorrow = TODAY + timedelta(days=1)
    changed = {"plats": TABLE, "datum": str(tomorrow), "fran": "13:00", "till": "24:00", "rubrik": "Annat"}
    visitor = browser(POLICE_COLLEAGUE)
    sent = save(visitor, made.view.id, **changed, vem="open", anteckning="Ny")
    assert sent.status_code == 303
    assert "tomorrow 13:00–24:00" in visitor.get(sent.headers["Location"]).text
    view = seen(house, POLICE, made.view.id).view
    assert view.content is not None
    assert (view.resource, view.span) == (TABLE, house.span("13:00", "24:00", tomorrow))
    assert (view.content.title, view.content.note, view.visibility) == ("Annat", "Ny", Visibility.OPEN)


def test_somebody_elses_change_meanwhile_is_said_and_nothing_typed_is_lost(
    house: House, browser: Callable[[str], Visitor]
) -> None:
    made = house.book(POLICE, MEETING_ROOM, "11:00", "12:00", title="Möte")
    path = f"/bokning/{made.view.id}/andra"
    first, second = browser(POLICE), browser(POLICE_COLLEAGUE)
    mine = form_of(first.get(path))
    save(second, made.view.id, rubrik="Hens")
    answer = first.post(path, data={**mine, "rubrik": "Mitt"})
    assert answer.status_code == 409
    assert "Someone changed the booking at the same time." in answer.text
    assert 'value="Mitt"' in answer.text
    assert first.post(path, data=form_of(answer)).status_code == 303
    content = seen(house, POLICE, made.view.id).view.content
    assert content is not None
    assert content.title == "Mitt"


def test_a_change_into_taken_time_is_answered_and_nothing_changes(
    house: House, browser: Callable[[str], Visitor]
) -> None:
    made = house.book(POLICE, MEETING_ROOM, "11:00", "12:00", title="Möte")
    house.book(TRAFFIC, MEETING_ROOM, "13:00", "14:00", title="Lägesmöte")
    visitor = browser(POLICE)
    answer = save(visitor, made.view.id, fran="13:30", till="14:30", rubrik="Nytt")
    assert answer.status_code == 409
    assert "Meeting room is booked 13:00–14:00 (Lägesmöte, Trafikkontoret)." in answer.text
    assert 'value="Nytt"' in answer.text
    chosen = form_of(answer) | {"valj": re.findall(r'name="valj" value="([^"]*)"', answer.text)[0]}
    again = visitor.post(f"/bokning/{made.view.id}/andra", data=chosen)
    assert again.status_code == 200
    assert visitor.post(f"/bokning/{made.view.id}/andra", data=form_of(again)).status_code == 303


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"till": "10:00"}, "till", "The end must be later than the start."),
        ({"fran": "05:00"}, "fran", "That time has passed."),
        ({"rubrik": ""}, "rubrik", "Write what the booking is about."),
        ({"rubrik": "En\nrad till"}, "rubrik", "The title must be on one line."),
        ({"datum": ""}, "datum", "Choose a day."),
        ({"plats": "moonbase"}, "plats", "Choose something that can be booked here."),
        ({"kallade": "ingen@example.org"}, "kallade", "There is nobody here with one of those addresses."),
        ({"vem": "zzz"}, "vem", "Choose who may know."),
        ({"vem": "confidential"}, "vem", "Cancel and book anew: what has been seen cannot be hidden."),
    ],
)
def test_a_bad_change_gets_a_sentence_at_its_field_and_changes_nothing(
    house: House, browser: Callable[[str], Visitor], changed: dict[str, str], field: str, sentence: str
) -> None:
    made = house.book(POLICE, MEETING_ROOM, "11:00", "12:00", title="Möte")
    answer = save(browser(POLICE), made.view.id, **changed)
    assert answer.status_code == 422
    assert f'<a href="#{field}">{sentence}' in answer.text
    assert f'id="{field}-error"' in answer.text
    assert seen(house, POLICE, made.view.id).etag == made.etag


def test_the_form_answers_before_a_change_is_saved(house: House, browser: Callable[[str], Visitor]) -> None:
    house.book(SOCIAL, MEETING_ROOM, "12:00", "13:00", title=PLANTED, circle=SOCIAL_CIRCLE)
    made = house.book(TRAFFIC, MEETING_ROOM, "10:00", "11:00", title="Skyltning")
    visitor = browser(TRAFFIC)
    path = f"/bokning/{made.view.id}/andra"
    fields = {name: value for name, value in form_of(visitor.get(path)).items() if name != "rubrik"}

    def said(**changed: str) -> str:
        answer = visitor.post(f"{path}/svar", data={**fields, **changed})
        assert answer.status_code == 200
        return " ".join(re.sub("<[^>]*>", " ", answer.text).split())

    assert said(fran="10:30", till="11:30").startswith("Free Meeting room, Tuesday 24 November 10:30–11:30.")
    clash = said(fran="11:30", till="12:30")
    assert clash.startswith("Clashes Meeting room: busy 12:00–13:00. Nearest free times:")
    assert clash.endswith("Save the change")
    assert PLANTED not in clash
    assert "cannot be booked" in said(fran="11:30", till="11:30")
    assert seen(house, TRAFFIC, made.view.id).view.span == house.span("10:00", "11:00")


def test_what_was_open_shows_confidential_as_a_choice_that_is_off(
    house: House, browser: Callable[[str], Visitor]
) -> None:
    made = house.book(POLICE, MEETING_ROOM, "11:00", "12:00", title="Möte")
    page = browser(POLICE).get(f"/bokning/{made.view.id}/andra").text
    assert 'value="confidential" data-circle disabled' in page
    assert "What has been seen cannot be hidden." in page


def test_changing_a_confidential_booking_opens_it_and_is_noted_once(
    house: House, browser: Callable[[str], Visitor], briefing: str
) -> None:
    visitor = browser(POLICE_COLLEAGUE)
    page = visitor.get(f"/bokning/{briefing}/andra")
    assert PLANTED in page.text
    assert openings(house) == 1
    sent = visitor.post(f"/bokning/{briefing}/andra", data={**form_of(page), "fran": "17:15"})
    assert sent.status_code == 303
    view = seen(house, POLICE, briefing).view
    assert view.content is not None
    assert (view.content.title, view.content.note) == (PLANTED, "Samling")
    assert [each.email for each in view.content.attendees] == [GUARD]
    assert view.span == house.span("17:15", "17:45")


def test_only_its_organiser_opens_a_confidential_booking_to_others_and_says_yes_to_it(
    house: House, browser: Callable[[str], Visitor], briefing: str
) -> None:
    colleague, organiser = browser(POLICE_COLLEAGUE), browser(POLICE)
    assert "It stays confidential." in colleague.get(f"/bokning/{briefing}/andra").text
    assert save(colleague, briefing, vem="open", roj="1").status_code == 422
    answer = save(organiser, briefing, vem="open")
    assert answer.status_code == 422
    assert "Confirm that others may now see what the booking says." in answer.text
    assert save(organiser, briefing, vem="open", roj="1").status_code == 303
    assert PLANTED in browser(ARTIST).get(f"/bokning/{briefing}").text


# --- the hour that comes twice ----------------------------------------------------------------

AUTUMN = date(2027, 10, 31)
FIRST, SECOND = (datetime(2027, 10, 31, hour, 30, tzinfo=UTC) for hour in (0, 1))  # both are 02:30


def booked_at(house: House, start: datetime, end: datetime) -> str:
    """A booking of the meeting room in the night when the clock is put back, by its id."""
    house.clock.now = datetime(2027, 10, 25, 6, 0, tzinfo=UTC)
    order = Order(PREMISES, MEETING_ROOM, Span(start, end), title="Nattpass")
    with house.inside():
        return booking.book(house.viewer(POLICE), order, house.clock()).view.id


@pytest.mark.parametrize(
    "span",
    [
        Span(SECOND, SECOND + timedelta(hours=1)),
        Span(FIRST, SECOND + timedelta(minutes=-20)),  # 02:30 until 02:10
        Span(FIRST, SECOND),
        Span(FIRST - timedelta(hours=1), SECOND),
    ],
)
def test_a_new_title_moves_nothing_in_the_hour_that_comes_twice(
    house: House, browser: Callable[[str], Visitor], span: Span
) -> None:
    number = booked_at(house, span.start, span.end)
    assert save(browser(POLICE), number, rubrik="Nattvakt").status_code == 303
    view = seen(house, POLICE, number).view
    assert view.content is not None
    assert (view.content.title, view.span, view.sequence) == ("Nattvakt", span, 0)


def test_a_later_end_leaves_a_start_in_the_hour_that_comes_twice(
    house: House, browser: Callable[[str], Visitor]
) -> None:
    number = booked_at(house, SECOND, SECOND + timedelta(hours=1))
    assert save(browser(POLICE), number, till="05:00").status_code == 303
    assert seen(house, POLICE, number).view.span == Span(SECOND, house.at("05:00", AUTUMN))


def test_another_day_is_another_time(house: House, browser: Callable[[str], Visitor]) -> None:
    number = booked_at(house, SECOND, SECOND + timedelta(hours=1))
    other = AUTUMN + timedelta(days=1)
    assert save(browser(POLICE), number, datum=str(other)).status_code == 303
    assert seen(house, POLICE, number).view.span == house.span("02:30", "03:30", other)


def test_a_free_time_chosen_in_the_hour_that_comes_twice_is_the_time_one_gets(
    house: House, browser: Callable[[str], Visitor]
) -> None:
    number = booked_at(house, house.at("20:00", AUTUMN), house.at("21:00", AUTUMN))
    visitor = browser(POLICE)
    chosen = f"{MEETING_ROOM} 2027-10-31T01:30Z 2027-10-31T02:30Z"
    path = f"/bokning/{number}/andra"
    shown = visitor.post(path, data={**form_of(visitor.get(path)), "valj": chosen})
    assert form_of(shown)["fran"] == "02:30"
    assert visitor.post(path, data=form_of(shown)).status_code == 303
    assert seen(house, POLICE, number).view.span == Span(SECOND, SECOND + timedelta(hours=1))


# --- taking another time ----------------------------------------------------------------------


def test_a_booking_that_had_to_give_way_is_moved_with_one_click(
    house: House, browser: Callable[[str], Visitor]
) -> None:
    made = house.book(ARTIST, DESKS[1], "17:00", "18:00", title="Repetera", visibility="open")
    house.book(POLICE, HALL, "17:00", "17:45", title=PLANTED, circle=POLICE_CIRCLE, agree=True)
    visitor = browser(ARTIST)
    page = visitor.get("/mina").text
    chosen = re.findall(r'name="valj" value="([^"]*)"', page)
    sent = visitor.submit(f"/bokning/{made.view.id}/flytta", {"valj": chosen[0]})
    assert sent.headers["Location"] == f"/mina?andrad={made.view.id}&tillfalle=20261124T160000Z"
    view = seen(house, ARTIST, made.view.id).view
    assert view.suspended == ()
    assert view.span.start >= house.at("17:45")


def test_a_time_that_was_taken_meanwhile_leads_to_the_form(
    house: House, browser: Callable[[str], Visitor]
) -> None:
    made = house.book(POLICE, MEETING_ROOM, "11:00", "12:00", title="Möte")
    house.book(TRAFFIC, MEETING_ROOM, "13:00", "14:00")
    taken = f"{MEETING_ROOM} 2026-11-24T12:00Z 2026-11-24T13:00Z"
    visitor = browser(POLICE)
    sent = visitor.submit(f"/bokning/{made.view.id}/flytta", {"valj": taken})
    assert sent.status_code == 303
    assert form_of(visitor.get(sent.headers["Location"]))["fran"] == "13:00"
    assert visitor.submit(f"/bokning/{made.view.id}/flytta", {"valj": "x"}).status_code == 303
    assert seen(house, POLICE, made.view.id).etag == made.etag
