"""Series on the pages: asked for, answered, booked in part, shown, changed and cancelled, as people meet them."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from werkzeug.test import TestResponse

from booking.actions import repeating
from booking.domain.bookings import Repetition
from booking.domain.views import Full
from tests.cast import (
    ARTIST,
    DESKS,
    GUARD,
    HALL,
    MEETING_ROOM,
    POLICE,
    POLICE_CIRCLE,
    POLICE_COLLEAGUE,
    TABLE,
    TODAY,
    TRAFFIC,
)
from tests.support.house import House, Visitor

Browser = Callable[[str], Visitor]
PLANTED = "Operation Blåsippa"
WEEK = timedelta(days=7)


def nth(number: int) -> date:
    return TODAY + number * WEEK


def wish(place: str = MEETING_ROOM, **more: Any) -> dict[str, Any]:
    """The fields of the form for five Tuesdays from today, ten to eleven."""
    where = {"plats": "any-desk", "arbetsplats": place} if place in DESKS else {"plats": place}
    times = {"datum": str(TODAY), "fran": "10:00", "till": "11:00"}
    repeat = {"upprepa": "vecka", "veckor": "1", "slut": "antal", "ganger": "5", "lokal": "sergels-torg"}
    return {**where, **times, **repeat, "rubrik": "Lägesmöte", "vem": "internal", **more}


def series(house: House, who: str = TRAFFIC, place: str = MEETING_ROOM, count: int = 5, **more: Any) -> Full:
    """A series on Tuesdays from today, ten to eleven, without the dates that clash."""
    repeat = Repetition(f"FREQ=WEEKLY;COUNT={count}")
    return house.book(who, place, "10:00", "11:00", repeat=repeat, skip=True, **more).view


def coming(house: House, number: str, who: str = TRAFFIC) -> repeating.Occurrences:
    with house.inside():
        return repeating.occurrences_of(house.viewer(who), number, house.clock(), most=400)


def words(page: TestResponse) -> str:
    """The words of a page, without marks."""
    text = page.text.split("<main", 1)[-1]
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", text)).split())


def said(answer: TestResponse) -> str:
    """The words of the answer box and its buttons."""
    box = answer.text.split('role="status" data-day', 1)[-1]
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", box)).split())


def hidden(answer: TestResponse, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', answer.text)
    assert found, name
    return unescape(found[1])


def form_of(page: TestResponse) -> dict[str, str]:
    """The fields of the change form, as a browser would send them back."""
    fields: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", page.text):
        found = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        kind = found.get("type", "text")
        if "name" in found and (kind not in ("radio", "checkbox") or " checked" in tag):
            fields[found["name"]] = unescape(found.get("value", ""))
    for name, inside in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', page.text, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', inside)
        fields[name] = chosen[1] if chosen else ""
    for name, inside in re.findall(
        r'<textarea[^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', page.text, re.DOTALL
    ):
        fields[name] = unescape(inside)
    return {name: value for name, value in fields.items() if name != "next"}


def name_of(clock: str, day: date, house: House) -> str:
    return f"{house.at(clock, day):%Y%m%dT%H%M%SZ}"


# --- asking and booking -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "answer"),
    [
        ({}, "5 times: every week: Tuesday."),
        ({"veckor": "2"}, "5 times: every other week: Tuesday."),
        ({"veckodagar": ["MO", "TH"], "ganger": "3"}, "3 times: every week: Monday, Thursday."),
        ({"upprepa": "dag", "ganger": "2"}, "2 times: every day."),
        ({"upprepa": "vardag"}, "5 times: every weekday."),
        ({"upprepa": "datum", "ganger": "3"}, "3 times: every month on day 24."),
        ({"upprepa": "veckodag", "ganger": "2"}, "2 times: every month on the fourth Tuesday."),
        ({"upprepa": "sista", "ganger": "2"}, "2 times: every month on the last Tuesday."),
        ({"slut": "datum", "sista": "2026-12-08"}, "3 times: every week: Tuesday."),
        ({"utom": ["2026-12-01", "", "2026-12-08"]}, "3 times: every week: Tuesday."),
    ],
)
def test_the_answer_says_how_many_times_and_how_it_comes_back(
    browser: Browser, fields: dict[str, Any], answer: str
) -> None:
    found = said(browser(POLICE).submit("/boka/svar", wish(**fields)))
    assert answer in found
    assert f"Book {answer.split(' ')[0]} times" in found


def test_the_answer_says_from_when_until_when(browser: Browser) -> None:
    found = said(browser(POLICE).submit("/boka/svar", wish(ganger="7")))
    assert "Meeting room 10:00–11:00, from Tuesday 24 November until Tuesday 5 January 2027." in found


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"ganger": ""}, "ganger", "Write how many times."),
        ({"ganger": "x"}, "ganger", "Write how many times."),
        ({"ganger": "367"}, "upprepa", "A series has 366 times at most."),
        ({"slut": "datum"}, "sista", "Choose the last day."),
        ({"slut": "datum", "sista": "2026-11-01"}, "upprepa", "No day fits how it repeats."),
        ({"slut": "datum", "sista": "2029-11-01"}, "upprepa", "A series ends within two years."),
        ({"upprepa": "alltid"}, "upprepa", "Bookings do not repeat in that way here."),
        ({"veckor": "0"}, "upprepa", "Bookings do not repeat in that way here."),
        ({"utom": ["i jul"]}, "utom", "Choose a day."),
        ({"tilldatum": "2026-12-10"}, "upprepa", "Its times would overlap one another."),
        ({"kollega": TRAFFIC}, "kollega", "There is no colleague of yours with that address."),
    ],
)
def test_what_cannot_repeat_so_is_said_at_its_field(
    house: House, browser: Browser, fields: dict[str, Any], field: str, sentence: str
) -> None:
    answer = browser(POLICE).fill_in("/boka", wish(**fields))
    assert answer.status_code == 422
    assert f'<a href="#{field}">{sentence}' in answer.text
    assert f'id="{field}-error"' in answer.text
    assert '<details id="serie" open>' in answer.text


def test_a_series_is_booked_and_told_in_one_sentence_and_undone_in_one_press(
    house: House, browser: Browser
) -> None:
    visitor = browser(TRAFFIC)
    sent = visitor.fill_in("/boka", wish())
    assert sent.status_code == 303
    page = visitor.get(sent.headers["Location"])
    told = "Booked. Meeting room, wall closed, every week: Tuesday, first today 10:00–11:00."
    assert told in words(page)
    assert page.text.count('class="bk card') == 5
    undo = re.search(r'action="([^"]*avboka[^"]*)".{0,300}?value="alla".{0,40}Undo', page.text, re.DOTALL)
    assert undo
    visitor.submit(unescape(undo[1]), {"omfattning": "alla"})
    assert "You have no coming bookings." in visitor.get("/mina").text


def test_the_dates_that_clash_are_listed_with_what_one_may_know_and_the_rest_can_be_booked(
    house: House, browser: Browser
) -> None:
    house.book(POLICE, MEETING_ROOM, "10:30", "11:30", nth(1), title="Utbildning")
    house.book(POLICE, MEETING_ROOM, "10:00", "10:30", nth(3), title=PLANTED, circle=POLICE_CIRCLE)
    visitor = browser(TRAFFIC)
    answer = visitor.submit("/boka/svar", wish())
    text = said(answer)
    assert "2 times clash, 3 go" in text
    assert "Tuesday 1 December Meeting room is booked 10:30–11:30 (Utbildning, Lokalpolisområde" in text
    assert "Tuesday 15 December Meeting room: busy 09:55–10:35." in text or "busy 10:00–10:30" in text
    assert PLANTED not in answer.text
    assert "Book the 3 that go" in text
    assert "Book nothing" in text
    pressed = {"besked": hidden(answer, "besked"), "hoppa": hidden(answer, "hoppa")}
    sent = visitor.fill_in("/boka", wish(**pressed))
    assert sent.status_code == 303
    page = words(visitor.get(sent.headers["Location"]))
    assert "2 dates could not be booked." in page
    number = sent.headers["Location"].split("bokad=")[1].split("&")[0]
    assert coming(house, number).coming == 3


def test_all_or_nothing_books_nothing_when_something_clashes(house: House, browser: Browser) -> None:
    house.book(POLICE, MEETING_ROOM, "10:30", "11:30", nth(1), title="Utbildning")
    sent = browser(TRAFFIC).fill_in("/boka", wish())
    assert sent.status_code == 409
    assert "One time clashes, 4 go" in said(sent)
    assert 'value="Lägesmöte"' in sent.text
    assert "You have no coming bookings." in browser(TRAFFIC).get("/mina").text


def test_the_rest_is_booked_only_as_long_as_it_is_the_rest_one_saw(house: House, browser: Browser) -> None:
    house.book(POLICE, MEETING_ROOM, "10:30", "11:30", nth(1), title="Utbildning")
    visitor = browser(TRAFFIC)
    answer = visitor.submit("/boka/svar", wish())
    pressed = {"besked": hidden(answer, "besked"), "hoppa": hidden(answer, "hoppa")}
    house.book(POLICE, MEETING_ROOM, "10:30", "11:30", nth(2), title="Utbildning")
    sent = visitor.fill_in("/boka", wish(**pressed))
    assert sent.status_code == 409
    assert "2 times clash, 3 go Someone was faster." in said(sent)
    other = visitor.fill_in("/boka", wish(**pressed, veckor="2"))
    assert other.status_code == 200, "an answer to another question books nothing"
    assert visitor.fill_in("/boka", wish(besked=pressed["besked"], hoppa="x")).status_code == 400
    assert "You have no coming bookings." in visitor.get("/mina").text


def test_when_no_time_goes_that_is_said_and_nothing_is_offered(house: House, browser: Browser) -> None:
    for number in range(5):
        house.book(POLICE, MEETING_ROOM, "10:30", "11:30", nth(number), title="Utbildning")
    text = said(browser(TRAFFIC).submit("/boka/svar", wish()))
    assert "None of the times goes." in text
    assert "that go" not in text


def test_dates_outside_the_hours_are_said_in_words(house: House, browser: Browser) -> None:
    fields = wish(TABLE, datum="2026-11-24", ganger="12", rubrik="Skiss", vem="open")
    text = said(browser(ARTIST).submit("/boka/svar", fields))
    assert "farther ahead than you may book" in text


BRIEFING = {"vem": "confidential", "krets": POLICE_CIRCLE, "rubrik": PLANTED}


def test_who_gives_way_to_a_series_is_listed_by_date_and_needs_a_yes(house: House, browser: Browser) -> None:
    first = house.book(ARTIST, DESKS[1], "10:00", "12:00", nth(1), title="Skiss", visibility="open").view
    house.book(ARTIST, DESKS[2], "09:00", "11:00", nth(2), title="Mer", visibility="open")
    visitor, fields = browser(POLICE), wish(HALL, **BRIEFING)
    answer = visitor.fill_in("/boka", fields)
    assert answer.status_code == 409
    text = said(answer)
    assert "Works if 2 bookings give way" in text
    assert "Desk 2 Tuesday 1 December 10:00–12:00, Skiss, Gäst, konstnär: gives way 10:00–11:00" in text
    assert "Desk 3 Tuesday 8 December 09:00–11:00, Mer" in text
    assert "Book the 3 for which nobody gives way" in text
    agreed = {"vika": hidden(answer, "vika")}
    assert first.id in agreed["vika"]
    assert visitor.fill_in("/boka", {**fields, **agreed}).status_code == 303
    assert "10:00–11:00" in browser(ARTIST).get("/mina").text


def test_a_series_can_be_booked_without_the_dates_on_which_somebody_would_give_way(
    house: House, browser: Browser
) -> None:
    house.book(ARTIST, DESKS[1], "10:00", "12:00", nth(1), title="Skiss", visibility="open")
    house.book(POLICE_COLLEAGUE, MEETING_ROOM, "10:00", "12:00", nth(2), title="Möte")
    visitor, fields = browser(POLICE), wish(HALL, **BRIEFING)
    answer = visitor.fill_in("/boka", fields)
    text = said(answer)
    assert "One time does not go in any case:" in text
    assert "Book the rest, let one booking give way" in text
    only = {
        "besked": hidden(answer, "besked"),
        "bara": hidden(answer, "bara"),
        "vika": hidden(answer, "vika"),
    }
    sent = visitor.fill_in("/boka", {**fields, **only})
    assert sent.status_code == 303
    number = sent.headers["Location"].split("bokad=")[1].split("&")[0]
    found = coming(house, number, POLICE)
    assert (found.coming, len(found.refused)) == (3, 2)
    assert "Had to give way" not in browser(ARTIST).get("/mina").text


def test_the_rest_with_somebody_giving_way_needs_both_the_button_and_the_yes(
    house: House, browser: Browser
) -> None:
    house.book(ARTIST, DESKS[1], "10:00", "12:00", nth(1), title="Skiss", visibility="open")
    house.book(POLICE_COLLEAGUE, MEETING_ROOM, "10:00", "12:00", nth(2), title="Möte")
    visitor, fields = browser(POLICE), wish(HALL, **BRIEFING)
    answer = visitor.fill_in("/boka", fields)
    rest = {"besked": hidden(answer, "besked"), "hoppa": hidden(answer, "hoppa")}
    unsaid = visitor.fill_in("/boka", {**fields, **rest})
    assert unsaid.status_code == 409
    assert "Works if one booking gives way" in said(unsaid)
    assert visitor.fill_in("/boka", {**fields, **rest, "vika": hidden(answer, "vika")}).status_code == 303


# --- urgent, on behalf, with approval ---------------------------------------------------------


def test_urgent_is_offered_to_those_before_whom_somebody_gives_way_and_does_what_it_says(
    house: House, browser: Browser
) -> None:
    house.book(ARTIST, TABLE, "10:00", "11:00", title="Skiss", visibility="open")
    once = {**wish(TABLE), "upprepa": ""}
    visitor = browser(POLICE)
    assert "Clashes" in said(visitor.submit("/boka/svar", once))
    text = said(visitor.submit("/boka/svar", {**once, "bradskande": "1"}))
    assert "Works if one booking gives way Conference table 10:00–11:00, Skiss" in text
    assert 'name="bradskande"' in visitor.get("/boka").text
    assert 'name="bradskande"' not in browser(ARTIST).get("/boka").text


def test_a_booking_is_made_for_a_colleague_and_stands_as_theirs(house: House, browser: Browser) -> None:
    visitor = browser(POLICE)
    page = visitor.get("/boka").text
    offered = re.search(r'<select[^>]*name="kollega".*?</select>', page, re.DOTALL)
    assert offered
    assert re.findall(r'value="([^"]+)"', offered[0]) == [POLICE_COLLEAGUE]
    sent = visitor.fill_in("/boka", {**wish(), "upprepa": "", "kollega": POLICE_COLLEAGUE})
    assert sent.status_code == 303
    assert "Lägesmöte" in browser(POLICE_COLLEAGUE).get("/mina").text
    assert "Lägesmöte" not in visitor.get("/mina").text


def test_a_guests_room_waits_for_approval_and_says_until_when(house: House, browser: Browser) -> None:
    visitor = browser(ARTIST)
    fields = {**wish(MEETING_ROOM, datum=str(nth(2)), vem="open"), "upprepa": ""}
    text = said(visitor.submit("/boka/svar", fields))
    assert "It waits for the coordinator’s approval, until Thursday 26 November 07:00." in text
    assert "Ask for 10:00–11:00" in text
    sent = visitor.fill_in("/boka", fields)
    page = words(visitor.get(sent.headers["Location"]))
    assert "Waiting for approval. Meeting room" in page
    assert "Waiting for approval until 26 Nov 07:00" in page
    number = sent.headers["Location"].split("bokad=")[1].split("&")[0]
    assert "The coordinator answers 26 Nov 07:00 at the latest" in words(visitor.get(f"/bokning/{number}"))
    for view in ("tavla", "lista"):
        board = visitor.get(f"/idag?datum={nth(2)}&vy={view}").text
        assert "Waiting for approval" in board.split('id="parts"')[1]


# --- the page of a series ---------------------------------------------------------------------


def test_every_link_names_its_occurrence_and_without_it_the_next_is_meant(
    house: House, browser: Browser
) -> None:
    made = series(house, title="Lägesmöte")
    visitor = browser(POLICE)
    third = name_of("10:00", nth(2), house)
    for page in (f"/idag?datum={nth(2)}", f"/idag?datum={nth(2)}&vy=lista"):
        assert f"/bokning/{made.id}?tillfalle={third}" in visitor.get(page).text
    assert f"/bokning/{made.id}?tillfalle={third}" in browser(TRAFFIC).get("/mina").text
    assert "Tuesday 8 December 10:00–11:00" in words(visitor.get(f"/bokning/{made.id}?tillfalle={third}"))
    house.clock.step(days=1)
    visitor = browser(POLICE)
    assert "Tuesday 1 December 10:00–11:00" in words(visitor.get(f"/bokning/{made.id}"))
    for wrong in (
        "x",
        "20261124T090000",
        "99991231T235959Z",
        name_of("10:00", nth(9), house),
    ):
        assert visitor.get(f"/bokning/{made.id}?tillfalle={wrong}").status_code == 404


def test_only_its_own_organisation_sees_that_it_repeats(house: House, browser: Browser) -> None:
    made = series(house, title="Lägesmöte", visibility="open")
    own = words(browser(TRAFFIC).get(f"/bokning/{made.id}"))
    assert "5 times to come Every week: Tuesday, 5 times" in own
    for who in (POLICE, ARTIST):
        page = browser(who).get(f"/bokning/{made.id}")
        assert "very week" not in page.text
        assert "Tuesday 1 December" not in page.text


def test_the_page_shows_what_was_moved_cancelled_and_refused_and_books_a_refused_date(
    house: House, browser: Browser
) -> None:
    other = house.book(POLICE, MEETING_ROOM, "10:30", "11:30", nth(3), title="Utbildning").view
    made = series(house, title="Lägesmöte")
    visitor = browser(TRAFFIC)
    path, second = f"/bokning/{made.id}", name_of("10:00", nth(1), house)
    change = f"{path}/andra?tillfalle={second}"
    moved = visitor.post(change, data={**form_of(visitor.get(change)), "fran": "12:00", "till": "13:00"})
    assert moved.status_code == 303
    third = name_of("10:00", nth(2), house)
    gone = visitor.submit(f"{path}/avboka?tillfalle={third}", {"omfattning": "bara"})
    assert "Cancelled. Meeting room" in words(visitor.get(gone.headers["Location"]))
    page = words(visitor.get(path))
    assert "3 times to come" in page
    assert "Tuesday 1 December 12:00–13:00 Moved on its own" in page
    assert "Cancelled Tuesday 8 December 10:00–11:00" in page
    assert "Tuesday 15 December 10:00–11:00 taken when you booked" in page
    refused = {"tid": name_of("10:00", nth(3), house)}
    again = visitor.submit(f"{path}/forsok", refused)
    assert again.status_code == 409
    assert "Still clashes Meeting room is booked 10:30–11:30 (Utbildning" in words(again)
    browser(POLICE).submit(f"/bokning/{other.id}/avboka")
    sent = visitor.submit(f"{path}/forsok", refused)
    assert sent.status_code == 303
    page = words(visitor.get(sent.headers["Location"]))
    assert "Booked. Tuesday 15 December 10:00–11:00." in page
    assert "4 times to come" in page
    assert "could not be booked" not in page
    assert visitor.submit(f"{path}/forsok", refused).status_code == 404
    assert visitor.submit(f"{path}/forsok", {"tid": "x"}).status_code == 400


def test_a_refused_date_on_which_somebody_gives_way_asks_for_a_yes(house: House, browser: Browser) -> None:
    house.book(ARTIST, DESKS[1], "10:00", "12:00", nth(1), title="Skiss", visibility="open")
    made = series(house, POLICE, HALL, circle=POLICE_CIRCLE, title=PLANTED)
    visitor = browser(POLICE_COLLEAGUE)
    fields = {"tid": name_of("10:00", nth(1), house)}
    asked = visitor.submit(f"/bokning/{made.id}/forsok", fields)
    assert asked.status_code == 409
    assert "Works if one booking gives way" in words(asked)
    fields["vika"] = hidden(asked, "vika")
    assert visitor.submit(f"/bokning/{made.id}/forsok", fields).status_code == 303
    assert coming(house, made.id, POLICE).coming == 5


@pytest.mark.parametrize("who", [POLICE, GUARD, ARTIST])
def test_nobody_else_tries_a_date_of_it(house: House, browser: Browser, who: str) -> None:
    house.book(POLICE, MEETING_ROOM, "10:30", "11:30", nth(3), title="Utbildning")
    made = series(house, title="Lägesmöte", visibility="open")
    answer = browser(who).submit(f"/bokning/{made.id}/forsok", {"tid": name_of("10:00", nth(3), house)})
    assert answer.status_code == 403
    assert "Tuesday 15 December" not in browser(who).get(f"/bokning/{made.id}").text


def test_twenty_times_stand_on_a_page_and_the_rest_by_link(house: House, browser: Browser) -> None:
    made = series(house, count=45, title="Lägesmöte")
    visitor = browser(TRAFFIC)
    for page, shown in ((1, 20), (2, 20), (3, 5)):
        text = visitor.get(f"/bokning/{made.id}?sida={page}").text
        assert text.split('<ol class="times">')[1].split("</ol>")[0].count("<li") == shown
        assert f"Page {page} of 3" in text
    for odd in ("0", "x", "-1", "99999", "77", ""):
        assert visitor.get(f"/bokning/{made.id}?sida={odd}").status_code == 200


def test_a_series_of_thirty_asks_the_database_no_more_than_a_series_of_two(
    house: House, browser: Browser
) -> None:
    short, long = series(house, count=2, title="Kort"), series(house, place=TABLE, count=30, title="Lång")
    visitor = browser(TRAFFIC)
    counts = []
    for made in (short, long):
        visitor.get(f"/bokning/{made.id}")
        with house.asked() as said:
            visitor.get(f"/bokning/{made.id}")
        counts.append(len(said))
    assert counts[0] == counts[1]


# --- changing and cancelling ------------------------------------------------------------------


def save(visitor: Visitor, made: Full, occurrence: str, **changed: str) -> TestResponse:
    path = f"/bokning/{made.id}/andra?tillfalle={occurrence}"
    return visitor.post(path, data={**form_of(visitor.get(path)), **changed})


def test_a_change_reaches_one_those_that_follow_or_all(house: House, browser: Browser) -> None:
    made = series(house, title="Lägesmöte")
    visitor, third = browser(TRAFFIC), name_of("10:00", nth(2), house)
    page = visitor.get(f"/bokning/{made.id}/andra?tillfalle={third}")
    assert 'name="omfattning" value="bara" checked' in page.text

    def titles() -> list[str]:
        return [each.content.title for each in coming(house, made.id).shown if each.content]

    assert save(visitor, made, third, rubrik="Ett").status_code == 303
    assert titles() == ["Lägesmöte", "Lägesmöte", "Ett", "Lägesmöte", "Lägesmöte"]
    assert save(visitor, made, third, rubrik="Kommande", omfattning="kommande").status_code == 303
    assert titles() == ["Lägesmöte", "Lägesmöte", "Kommande", "Kommande", "Kommande"]
    sent = save(visitor, made, third, rubrik="Alla", omfattning="alla")
    assert titles() == ["Alla"] * 5
    assert "Changed. Tuesday 8 December 10:00–11:00." in words(visitor.get(sent.headers["Location"]))


def test_moving_a_series_says_which_were_moved_on_their_own_and_were_moved_along(
    house: House, browser: Browser
) -> None:
    made = series(house, title="Lägesmöte", count=8)
    visitor = browser(TRAFFIC)
    save(visitor, made, name_of("10:00", nth(1), house), fran="12:00", till="13:00")
    third = name_of("10:00", nth(3), house)
    later = save(visitor, made, third, fran="10:30", till="11:30", omfattning="kommande")
    assert "moved along" not in words(visitor.get(later.headers["Location"]))
    sent = save(visitor, made, name_of("10:00", TODAY, house), fran="09:00", till="10:00", omfattning="alla")
    text = words(visitor.get(sent.headers["Location"]))
    assert "moved along by as much: Tuesday 1 December 11:00–12:00." in text
    assert house.span("11:00", "12:00", nth(1)) in [each.span for each in coming(house, made.id).shown]


def test_a_moved_series_that_clashes_somewhere_lists_the_dates_and_moves_the_rest_if_told_to(
    house: House, browser: Browser
) -> None:
    made = series(house, title="Lägesmöte")
    house.book(POLICE, MEETING_ROOM, "13:00", "14:00", nth(1), title="Utbildning")
    visitor, first = browser(TRAFFIC), name_of("10:00", TODAY, house)
    new = {"fran": "13:00", "till": "14:00", "omfattning": "alla"}
    fields = form_of(visitor.get(f"/bokning/{made.id}/andra?tillfalle={first}"))
    asked = f"/bokning/{made.id}/andra/svar?tillfalle={first}"
    assert "One time clashes, 4 go" in said(visitor.post(asked, data={**fields, **new}))
    free = visitor.post(asked, data={**fields, **new, "fran": "14:00", "till": "15:00"})
    assert "It goes for all 5 times." in said(free)
    answer = save(visitor, made, first, **new)
    assert answer.status_code == 409
    text = said(answer)
    assert "One time clashes, 4 go" in text
    assert "Tuesday 1 December Meeting room is booked 13:00–14:00 (Utbildning" in text
    assert 'value="alla" checked' in answer.text
    pressed = {**form_of(answer), "hoppa": hidden(answer, "hoppa")}
    path = f"/bokning/{made.id}/andra?tillfalle={first}"
    assert visitor.post(path, data=pressed).status_code == 303
    starts = [each.span.start for each in coming(house, made.id).shown]
    assert starts.count(house.at("10:00", nth(1))) == 1
    assert starts.count(house.at("13:00", nth(2))) == 1


def test_somebody_elses_change_of_the_series_is_said_first(house: House, browser: Browser) -> None:
    made = series(house, POLICE, title="Möte")
    first, second = browser(POLICE), browser(POLICE_COLLEAGUE)
    name = name_of("10:00", nth(1), house)
    path = f"/bokning/{made.id}/andra?tillfalle={name}"
    mine = form_of(first.get(path))
    save(second, made, name, rubrik="Hens", omfattning="alla")
    answer = first.post(path, data={**mine, "rubrik": "Mitt", "omfattning": "alla"})
    assert answer.status_code == 409
    assert "Someone changed the booking at the same time." in answer.text
    assert 'value="Mitt"' in answer.text
    assert 'name="omfattning" value="alla" checked' in answer.text


def test_cancelling_a_series_asks_how_much_and_acts_when_it_is_told(house: House, browser: Browser) -> None:
    made = series(house, title="Lägesmöte")
    visitor, second = browser(TRAFFIC), name_of("10:00", nth(1), house)
    path = f"/bokning/{made.id}/avboka?tillfalle={second}"
    asked = visitor.submit(path)
    assert asked.status_code == 200
    assert "What is to be cancelled?" in asked.text
    assert coming(house, made.id).coming == 5
    assert visitor.submit(path, {"omfattning": "bara"}).status_code == 303
    assert coming(house, made.id).coming == 4
    fourth = f"/bokning/{made.id}/avboka?tillfalle={name_of('10:00', nth(3), house)}"
    sent = visitor.submit(fourth, {"omfattning": "kommande"})
    assert "15 December 10:00–11:00 and all that follow." in words(visitor.get(sent.headers["Location"]))
    assert coming(house, made.id).coming == 2
    sent = visitor.submit(f"/bokning/{made.id}/avboka", {"omfattning": "alla"})
    assert "all that were to come of the series" in words(visitor.get(sent.headers["Location"]))
    assert browser(POLICE).submit(path, {"omfattning": "alla"}).status_code == 403


def test_others_are_not_asked_how_much_they_would_cancel(house: House, browser: Browser) -> None:
    made = series(house, title="Lägesmöte", visibility="open")
    for who in (POLICE, ARTIST):
        assert browser(who).submit(f"/bokning/{made.id}/avboka").status_code == 403


# --- giving way -------------------------------------------------------------------------------


def test_one_time_of_a_series_that_gave_way_is_moved_by_one_click_and_no_other(
    house: House, browser: Browser
) -> None:
    made = series(house, ARTIST, DESKS[1], title="Skiss", visibility="open", count=3)
    house.book(POLICE, HALL, "10:00", "10:30", nth(1), title=PLANTED, circle=POLICE_CIRCLE, agree=True)
    visitor = browser(ARTIST)
    page = visitor.get("/mina").text
    name = name_of("10:00", nth(1), house)
    action = f"/bokning/{made.id}/flytta?tillfalle={name}"
    assert action in page
    assert page.index("Had to give way") < page.index("Today, ")
    chosen = re.findall(r'name="valj" value="([^"]*)"', page)
    sent = visitor.submit(action, {"valj": chosen[0]})
    assert sent.headers["Location"] == f"/mina?andrad={made.id}&tillfalle={name}"
    found = coming(house, made.id, ARTIST)
    assert [each.occurrence for each in found.moved] == [house.at("10:00", nth(1))]
    assert "Changed." in visitor.get(sent.headers["Location"]).text
