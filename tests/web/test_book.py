"""Booking on the pages: the form, its answer, and the sending, as people meet them."""

import io
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from werkzeug.test import TestResponse

from booking.actions import looking
from booking.domain.people import Visibility
from booking.domain.spans import Span
from booking.domain.views import Full
from tests.cast import (
    ADMINISTRATOR,
    ARTIST,
    DESKS,
    GUARD,
    HALL,
    MEETING_ROOM,
    POLICE,
    POLICE_CIRCLE,
    SOCIAL,
    SOCIAL_CIRCLE,
    TABLE,
    TODAY,
    TRAFFIC,
)
from tests.support.house import House, Visitor

PLANTED = "Operation Blåsippa"


def wish(
    resource: str = MEETING_ROOM, start: str = "11:00", end: str = "12:00", **more: str
) -> dict[str, str]:
    """The fields of the form, as a person fills them in."""
    place = {"plats": "any-desk", "arbetsplats": resource} if resource in DESKS else {"plats": resource}
    times = {"datum": TODAY.isoformat(), "fran": start, "till": end}
    return {**place, **times, "rubrik": "Genomgång", "vem": "internal", **more}


def booked(house: House, email: str = POLICE) -> list[Full]:
    """What stands in the coming days, as somebody sees it."""
    with house.inside():
        now = house.clock()
        window = Span(now - timedelta(days=1), now + timedelta(days=800))
        return list(looking.board(house.viewer(email), house.place, window, now).board.bookings)


def said(answer: TestResponse) -> str:
    """The words of the answer box and its buttons, without marks."""
    box = answer.text.split('role="status" data-day', 1)[-1]
    return " ".join(re.sub(r"<[^>]*>", " ", box).split())


def hidden(answer: TestResponse, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', answer.text)
    assert found, name
    return found[1].replace("&#34;", '"')


# --- it works ---------------------------------------------------------------------------------


def test_a_link_from_the_board_opens_the_form_filled_in_and_answered(
    browser: Callable[[str], Visitor],
) -> None:
    page = browser(POLICE).get(f"/boka?plats={MEETING_ROOM}&datum={TODAY}&fran=11:10&till=12:20")
    assert page.status_code == 200
    assert f'value="{MEETING_ROOM}" data-minutes="60" checked' in page.text
    assert '<option value="11:10" selected>11:10' in page.text
    assert '<option value="12:20" selected>12:20' in page.text
    assert "Meeting room, Tuesday 24 November 11:10–12:20. Wall closed." in said(page)


def test_an_empty_link_offers_a_desk_from_the_next_quarter_for_the_usual_time(
    browser: Callable[[str], Visitor],
) -> None:
    page = browser(ARTIST).get("/boka")
    assert "Desk 1, Tuesday 24 November 07:00–09:00." in said(page)


def test_a_room_is_booked_and_stands_under_my_bookings(
    house: House, browser: Callable[[str], Visitor]
) -> None:
    visitor = browser(POLICE)
    sent = visitor.fill_in("/boka", wish(anteckning="Ta med karta"))
    assert sent.status_code == 303
    assert "Meeting room, wall closed, today 11:00–12:00." in visitor.get(sent.headers["Location"]).text
    (view,) = booked(house)
    assert (view.resource, view.span) == (MEETING_ROOM, house.span("11:00", "12:00"))
    assert view.content is not None
    assert (view.content.title, view.content.note) == ("Genomgång", "Ta med karta")


def test_any_desk_is_the_first_that_is_free(house: House, browser: Callable[[str], Visitor]) -> None:
    house.book(TRAFFIC, DESKS[0], "11:00", "12:00")
    visitor = browser(POLICE)
    assert visitor.fill_in("/boka", {**wish(plats="any-desk"), "rubrik": ""}).status_code == 303
    assert sorted(view.resource for view in booked(house)) == list(DESKS[:2])


def test_a_booking_may_end_at_midnight_or_on_another_day(
    house: House, browser: Callable[[str], Visitor]
) -> None:
    visitor = browser(POLICE)
    tomorrow = TODAY + timedelta(days=1)
    assert visitor.fill_in("/boka", wish(start="22:00", end="24:00")).status_code == 303
    night = wish(TABLE, "23:00", "02:00", datum=str(tomorrow), tilldatum=str(tomorrow + timedelta(days=1)))
    assert visitor.fill_in("/boka", night).status_code == 303
    assert [view.span.length for view in booked(house)] == [timedelta(hours=2), timedelta(hours=3)]


def test_the_social_services_book_confidentially_unless_they_choose_otherwise(
    house: House, browser: Callable[[str], Visitor]
) -> None:
    visitor = browser(SOCIAL)
    page = visitor.get("/boka").text
    assert 'value="confidential" data-circle checked' in page
    assert page.index("Endast Ungdomsjouren") < page.index("Vision Klara")
    sent = visitor.fill_in(
        "/boka", wish(rubrik=PLANTED, vem="confidential", krets=SOCIAL_CIRCLE, anteckning=PLANTED)
    )
    assert PLANTED not in visitor.get(sent.headers["Location"]).text
    (view,) = booked(house, SOCIAL)
    assert (view.visibility, view.content) == (Visibility.CONFIDENTIAL, None)
    assert booked(house, POLICE) == []


def test_a_circle_left_in_its_list_does_not_matter_for_an_open_booking(
    house: House, browser: Callable[[str], Visitor]
) -> None:
    assert browser(SOCIAL).fill_in("/boka", wish(vem="open", krets=SOCIAL_CIRCLE)).status_code == 303
    assert booked(house, ARTIST)[0].visibility is Visibility.OPEN


def test_guests_are_not_offered_what_they_may_not_have(browser: Callable[[str], Visitor]) -> None:
    page = browser(ARTIST).get("/boka").text
    for missing in (
        'value="confidential"',
        'name="krets"',
        'value="06:45"',
        'name="bradskande"',
        'name="kollega"',
    ):
        assert missing not in page
    for offered in (TABLE, MEETING_ROOM, HALL):
        assert f'value="{offered}"' in page


def test_pressing_book_twice_books_once(house: House, browser: Callable[[str], Visitor]) -> None:
    visitor = browser(POLICE)
    key = hidden(visitor.get("/boka"), "nyckel")
    first, second = (visitor.submit("/boka", wish(nyckel=key)) for _ in range(2))
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["Location"] == second.headers["Location"]
    assert len(booked(house)) == 1


def test_a_used_form_asks_before_it_books_something_else(
    house: House, browser: Callable[[str], Visitor]
) -> None:
    visitor = browser(POLICE)
    key = hidden(visitor.get("/boka"), "nyckel")
    visitor.submit("/boka", wish(nyckel=key))
    again = visitor.submit("/boka", wish(start="13:00", end="14:00", nyckel=key))
    assert again.status_code == 409
    assert "already made a booking" in again.text
    assert hidden(again, "nyckel") != key
    assert len(booked(house)) == 1


# --- the answer -------------------------------------------------------------------------------


def test_the_answer_comes_as_a_piece_of_the_page_and_books_nothing(
    house: House, browser: Callable[[str], Visitor]
) -> None:
    answer = browser(POLICE).submit("/boka/svar", wish())
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith('<div role="status"')
    assert "<html" not in answer.text
    assert "Free Meeting room, Tuesday 24 November 11:00–12:00. Wall closed. Book 11:00–12:00" in said(answer)
    assert booked(house) == []


def test_the_answer_without_script_stands_on_the_page(
    house: House, browser: Callable[[str], Visitor]
) -> None:
    answer = browser(POLICE).fill_in("/boka", wish(rubrik="", gor="kolla"))
    assert answer.status_code == 200
    assert "Meeting room, Tuesday 24 November 11:00–12:00." in said(answer)
    assert booked(house) == []


def test_a_clash_names_what_one_may_know_and_offers_the_nearest_free_times(
    house: House, browser: Callable[[str], Visitor]
) -> None:
    house.book(TRAFFIC, MEETING_ROOM, "10:30", "11:30", title="Lägesmöte")
    answer = browser(POLICE).submit("/boka/svar", wish())
    words = said(answer)
    assert "Meeting room is booked 10:30–11:30 (Lägesmöte, Trafikkontoret)." in words
    assert "Book 11:30–12:30 instead" in words
    assert answer.text.count('name="valj"') == 3


def test_a_clash_with_what_one_may_not_know_is_taken_time_and_nothing_else(
    house: House, browser: Callable[[str], Visitor]
) -> None:
    house.book(POLICE, HALL, "17:00", "17:45", title=PLANTED, circle=POLICE_CIRCLE, note=PLANTED)
    visitor = browser(ARTIST)
    for answer in (
        visitor.submit("/boka/svar", wish(DESKS[1], "17:00", "18:00")),
        visitor.fill_in("/boka", wish(DESKS[1], "17:00", "18:00")),
    ):
        assert "Desk 2: busy 17:00–17:45." in said(answer)
        for secret in (PLANTED, "Lokalpolis", "Polis och"):
            assert secret not in answer.text
        assert "Whole premises" not in said(answer)
    assert browser(GUARD).fill_in("/boka", wish(DESKS[1], "17:00", "18:00")).status_code == 303


def test_a_lost_race_keeps_what_was_typed_and_says_that_someone_was_faster(
    house: House, browser: Callable[[str], Visitor]
) -> None:
    visitor = browser(POLICE)
    told = hidden(visitor.submit("/boka/svar", {**wish(), "lokal": "sergels-torg"}), "besked")
    house.book(TRAFFIC, MEETING_ROOM, "11:00", "12:00")
    sent = visitor.fill_in(
        "/boka", wish(rubrik="Skrivet", anteckning="Också", besked=told, lokal="sergels-torg")
    )
    assert sent.status_code == 409
    assert "Someone was faster." in said(sent)
    assert 'value="Skrivet"' in sent.text
    assert ">Också</textarea>" in sent.text


def test_what_the_page_itself_said_is_what_its_button_is_measured_by(
    house: House, browser: Callable[[str], Visitor]
) -> None:
    """The fields that a link leaves out are sent by the page: the question is the same."""
    police = browser(POLICE)
    page = police.get(f"/boka?plats={MEETING_ROOM}&datum={TODAY}&fran=11:00&till=12:00&vem=confidential")
    sent = {
        "besked": hidden(page, "besked"),
        "krets": "endast-lokalpolisomrade-norrmalm",
        "vem": "confidential",
        "exakt": "",
    }
    fields = wish(lokal="sergels-torg", veckor="1", slut="datum", sista="", utom="", kallade="", **sent)
    assert hidden(police.submit("/boka/svar", fields), "besked") == sent["besked"]


def test_a_clash_that_was_never_said_to_be_free_is_no_race(
    house: House, browser: Callable[[str], Visitor]
) -> None:
    house.book(TRAFFIC, MEETING_ROOM, "11:00", "12:00")
    sent = browser(POLICE).fill_in("/boka", wish())
    assert sent.status_code == 409
    assert said(sent).startswith('="Tuesday 24 November, week 48"> Clashes')


def test_the_main_button_books_the_nearest_free_time_instead(
    house: House, browser: Callable[[str], Visitor]
) -> None:
    house.book(TRAFFIC, MEETING_ROOM, "10:30", "11:30")
    visitor = browser(POLICE)
    fields = wish(lokal="sergels-torg")
    answer = visitor.submit("/boka/svar", fields)
    pressed = {"besked": hidden(answer, "besked"), "i_stallet": hidden(answer, "i_stallet")}
    assert visitor.submit("/boka", {**fields, **pressed}).status_code == 303
    assert house.span("11:30", "12:30") in [view.span for view in booked(house)]


def test_a_button_of_an_answer_to_another_question_books_nothing(
    house: House, browser: Callable[[str], Visitor]
) -> None:
    house.book(TRAFFIC, MEETING_ROOM, "10:30", "11:30")
    visitor = browser(POLICE)
    answer = visitor.submit("/boka/svar", wish(lokal="sergels-torg"))
    pressed = {"besked": hidden(answer, "besked"), "i_stallet": hidden(answer, "i_stallet")}
    other = {**wish(start="14:00", end="15:00", lokal="sergels-torg"), **pressed}
    assert visitor.submit("/boka", other).status_code == 200
    assert len(booked(house)) == 1


def test_a_nearest_free_time_can_be_chosen_without_script(
    house: House, browser: Callable[[str], Visitor]
) -> None:
    house.book(TRAFFIC, MEETING_ROOM, "10:30", "11:30")
    visitor = browser(POLICE)
    chosen = hidden(visitor.submit("/boka/svar", wish()), "valj")
    page = visitor.submit("/boka", wish(valj=chosen))
    assert page.status_code == 200
    assert '<option value="11:30" selected>' in page.text
    assert "Free" in said(page)
    for nonsense in ("nonsense", f"{MEETING_ROOM} 9999-12-31T23:00Z 9999-12-31T23:59Z"):
        assert visitor.submit("/boka", wish(valj=nonsense)).status_code == 400
    assert visitor.submit("/boka", wish(valj=chosen.replace(MEETING_ROOM, "moonbase"))).status_code == 422


# --- somebody gives way -----------------------------------------------------------------------

BRIEFING = {"vem": "confidential", "krets": POLICE_CIRCLE, "rubrik": PLANTED}


def test_what_would_give_way_is_listed_and_needs_an_empty_box_ticked(
    house: House, browser: Callable[[str], Visitor]
) -> None:
    desk = house.book(ARTIST, DESKS[1], "13:00", "15:00", title="Förbereda", visibility="open").view
    visitor, fields = browser(POLICE), wish(HALL, "14:00", "14:30", **BRIEFING)
    answer = visitor.fill_in("/boka", fields)
    assert answer.status_code == 409
    words = said(answer)
    assert "Works if one booking gives way" in words
    assert "Desk 2 13:00–15:00, Förbereda, Gäst, konstnär: gives way 14:00–14:30" in words
    assert "Book, let one booking give way" in words
    assert re.search(r'name="vika" value="[^"]*">', answer.text), "the box is empty until it is ticked"
    agreed = hidden(answer, "vika")
    assert agreed == f"{desk.id} 2026-11-24T12:00Z 2026-11-24T14:00Z"
    assert visitor.fill_in("/boka", {**fields, "vika": agreed}).status_code == 303
    told = browser(ARTIST).get("/mina").text
    assert "14:00–14:30" in told
    assert PLANTED not in told


@pytest.mark.parametrize("agreed", ["", "y", "abc", "x 2026-11-24T12:00Z 2026-11-24T14:00Z", "a b c,d e f"])
def test_a_yes_to_anything_but_the_exact_list_is_no_yes(
    house: House, browser: Callable[[str], Visitor], agreed: str
) -> None:
    house.book(ARTIST, DESKS[1], "13:00", "15:00", visibility="open")
    fields = wish(HALL, "14:00", "14:30", vika=agreed, **BRIEFING)
    assert browser(POLICE).fill_in("/boka", fields).status_code == 409
    assert len(booked(house)) == 1


def test_what_has_begun_gives_way_only_to_a_second_yes(
    house: House, browser: Callable[[str], Visitor]
) -> None:
    house.book(ARTIST, DESKS[1], "13:00", "15:00", visibility="open")
    house.clock.now = house.at("13:30")
    visitor, fields = browser(POLICE), wish(HALL, "14:00", "14:30", **BRIEFING)
    answer = visitor.fill_in("/boka", fields)
    assert "Yes, also what has already begun." in said(answer)
    agreed = {"vika": hidden(answer, "vika")}
    assert visitor.fill_in("/boka", {**fields, **agreed}).status_code == 409
    assert visitor.fill_in("/boka", {**fields, **agreed, "vika_pagaende": "1"}).status_code == 303


# --- who may ----------------------------------------------------------------------------------


def test_who_is_of_no_organisation_cannot_book(browser: Callable[[str], Visitor]) -> None:
    visitor = browser(ADMINISTRATOR)
    for answer in (visitor.get("/boka"), visitor.submit("/boka/svar"), visitor.submit("/boka", wish())):
        assert answer.status_code == 403


def test_a_premises_that_is_not_there_is_not_found(browser: Callable[[str], Visitor]) -> None:
    visitor = browser(POLICE)
    for answer in (visitor.get("/boka?lokal=annan"), visitor.submit("/boka", wish(lokal="annan"))):
        assert answer.status_code == 404


def test_who_is_not_signed_in_is_asked_to(house: House) -> None:
    visitor = house.visitor()
    for answer in (visitor.get("/boka"), visitor.submit("/boka/svar"), visitor.submit("/boka", wish())):
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/logga-in")


# --- bad input --------------------------------------------------------------------------------

NIGHT = date(2027, 3, 28)  # the clock is put forward from two to three

WRONG = [
    (POLICE, {"fran": "12:00", "till": "11:00"}, "till", "The end must be later than the start."),
    (POLICE, {"fran": "11:00", "till": "11:00"}, "till", "The end must be later than the start."),
    (POLICE, {"datum": "2026-11-23"}, "fran", "That time has passed."),
    (ARTIST, {"plats": TABLE, "till": "22:00", "fran": "20:30"}, "fran", "You may book between 07:00 and 21:00."),
    (ARTIST, {"plats": TABLE, "till": "16:00"}, "till", "A booking may last 4 hours at most."),
    (ARTIST, {"plats": TABLE, "datum": "2027-01-24"}, "fran", "You may book until"),
    (ARTIST, {"plats": TABLE, "vem": "confidential"}, "vem", "You cannot make confidential bookings."),
    (POLICE, {"plats": "moonbase"}, "plats", "Choose something that can be booked here."),
    (POLICE, {"vem": "confidential", "krets": SOCIAL_CIRCLE}, "krets", "Choose a circle that your organisation is in."),
    (POLICE, {"vem": "confidential", "krets": "a\0b"}, "krets", "Choose a circle that your organisation is in."),
    (POLICE, {"datum": str(NIGHT), "fran": "02:30", "till": "04:00"}, "fran", "That time does not exist"),
    (POLICE, {"datum": str(NIGHT), "fran": "01:00", "till": "02:30"}, "till", "That time does not exist"),
    (POLICE, {"rubrik": "En\nrad till"}, "rubrik", "The title must be on one line."),
    (POLICE, {"rubrik": "x" * 121}, "rubrik", "Write 120 characters at most."),
    (POLICE, {"rubrik": "a\0b"}, "rubrik", None),
    (POLICE, {"rubrik": " "}, "rubrik", "Write what the booking is about."),
    (POLICE, {"anteckning": "x" * 4001}, "anteckning", "Write 4000 characters at most."),
    (POLICE, {"kallade": "ingen@example.org"}, "kallade", "There is nobody here with one of those addresses."),
    (POLICE, {"vem": "confidential", "krets": POLICE_CIRCLE, "kallade": ARTIST}, "kallade", "Only people"),
    (POLICE, {"plats": TABLE, "tom": "1"}, "tom", "Desks are cleared only for a whole room."),
    (POLICE, {"utrustning": "projektor"}, "utrustning", "Choose equipment that is here."),
    (POLICE, {"vem": "zzz"}, "vem", "Choose who may know."),
    (POLICE, {"vem": "zzz", "krets": POLICE_CIRCLE}, "vem", "Choose who may know."),
    (POLICE, {"datum": "i morgon"}, "datum", "Choose a day."),
    (POLICE, {"datum": "9999-12-31"}, "datum", "Choose a day."),
    (POLICE, {"fran": "25:99"}, "fran", "Choose a time."),
    (POLICE, {"till": ""}, "till", "Choose a time."),
    (POLICE, {"tilldatum": "2026-13-40"}, "tilldatum", "Choose a day."),
]  # fmt: skip


@pytest.mark.parametrize(("who", "fields", "field", "sentence"), WRONG)
def test_bad_input_gets_a_sentence_at_its_field_and_changes_nothing(
    house: House,
    browser: Callable[[str], Visitor],
    who: str,
    fields: dict[str, Any],
    field: str,
    sentence: str | None,
) -> None:
    answer = browser(who).fill_in("/boka", {**wish(), **fields})
    if sentence is None:  # what no database takes is written as a mark, and the rest stands
        assert answer.status_code == 303
        return
    assert answer.status_code == 422
    assert "<title>Error:" in answer.text
    assert f'<a href="#{field}">{sentence}' in answer.text
    if f'id="{field}-error"' not in answer.text:
        assert field in ("utrustning",), "only where there is none to choose is there no field"
    assert booked(house, who) == []


def test_everything_that_is_wrong_is_said_at_once(browser: Callable[[str], Visitor]) -> None:
    answer = browser(POLICE).fill_in("/boka", wish(start="12:00", end="11:00", rubrik=""))
    assert "2 things need to be put right" in answer.text


def test_ten_megabytes_of_title_are_too_much(house: House, browser: Callable[[str], Visitor]) -> None:
    visitor = browser(POLICE)
    fields = {"csrf_token": visitor.csrf_token, **wish(rubrik="x" * 10_000_000)}
    sent = io.BytesIO(urlencode(fields).encode())
    answer = visitor.post(
        "/boka",
        input_stream=sent,
        content_length=len(sent.getvalue()),
        content_type="application/x-www-form-urlencoded",
    )
    assert answer.status_code == 413
    assert "That was too much" in answer.text
    assert sent.read() == b"", "what is left unread breaks the line before the answer is read"
    assert booked(house) == []


def test_a_form_from_elsewhere_books_nothing(house: House, browser: Callable[[str], Visitor]) -> None:
    assert browser(POLICE).post("/boka", data=wish()).status_code == 400
    assert booked(house) == []


def test_the_answer_tells_what_a_rule_says_as_calmly_as_any_other(browser: Callable[[str], Visitor]) -> None:
    answer = browser(ARTIST).submit("/boka/svar", wish(TABLE, "05:00", "06:00"))
    assert answer.status_code == 200
    assert "You may book between 07:00 and 21:00." in said(answer)
    for fields in ({}, {"fran": "x", "till": "y"}, {"datum": "\0", "plats": "\0"}):
        assert browser(ARTIST).submit("/boka/svar", fields).status_code == 200
