"""The pages about what one was told, how one wants to be told, and how the worker does."""

from collections.abc import Callable

import pytest
from sqlalchemy import select, update

from booking.actions import cancelling, noticing, working
from booking.domain.bookings import Repetition
from booking.storage.database import run, transaction
from booking.storage.post import office
from booking.storage.tables import journal, people
from booking.web import letters
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
    TRAFFIC,
)
from tests.support.house import House
from tests.support.server import free_port

PAGE, READ, WISHES, RUNS = "/aviseringar", "/aviseringar/lasta", "/installningar", "/samordning/korningar"
DEFAULTS = {"epost": "y", "kalender": "feed", "paminn": "0", "sprak": "sv"}


def cancelled_by_a_colleague(house: House, **fields: object) -> str:
    made = house.book(POLICE, MEETING_ROOM, "10:00", "11:00", title="Lägesmöte", **fields).view
    with house.inside():
        cancelling.cancel(house.viewer(POLICE_COLLEAGUE), made.id, house.clock())
    return made.id


# --- what one was told ------------------------------------------------------------------------


def test_the_page_is_empty_until_something_was_told(house: House) -> None:
    page = house.visitor(POLICE).get(PAGE).text
    assert "Du har inga aviseringar." in page
    assert "Markera alla" not in page
    assert 'class="count"' not in page


def test_what_a_colleague_did_stands_with_place_time_and_a_link(house: House) -> None:
    number = cancelled_by_a_colleague(house)
    visitor = house.visitor(POLICE)
    page = visitor.get(PAGE).text
    assert "Polis Två har avbokat din bokning." in page
    assert "Mötesrummet, tisdag 24 november 10.00–11.00" in page
    assert f'href="/bokning/{number}?tillfalle=20261124T090000Z"' in page
    assert visitor.get(f"/bokning/{number}?tillfalle=20261124T090000Z").status_code == 200
    assert 'class="count">1<' in visitor.get("/mina").text


def test_the_newest_stands_first(house: House) -> None:
    cancelled_by_a_colleague(house)
    house.clock.step(minutes=1)
    house.book(TRAFFIC, DESKS[0], "10:00", "11:00", attendees=(POLICE,))
    page = house.visitor(POLICE).get(PAGE).text
    assert page.index("Trafik Kontor har bjudit in dig.") < page.index("har avbokat din bokning")


def test_all_that_was_shown_is_marked_as_read_and_what_came_meanwhile_is_not(house: House) -> None:
    cancelled_by_a_colleague(house)
    visitor = house.visitor(POLICE)
    shown = {"till": "20261124T060000Z"}
    assert shown["till"] in visitor.get(PAGE).text
    house.clock.step(minutes=1)
    house.book(TRAFFIC, DESKS[0], "10:00", "11:00", attendees=(POLICE,))
    answer = visitor.submit(READ, shown)
    assert (answer.status_code, answer.location) == (303, PAGE)
    page = visitor.get(PAGE).text
    assert page.count("Oläst<") == 1
    assert 'class="count">1<' in page


@pytest.mark.parametrize("till", ["", "x", "99991231T235959Z", "20261124T060000Z; --"])
def test_a_time_that_cannot_be_read_marks_what_is_there(house: House, till: str) -> None:
    cancelled_by_a_colleague(house)
    visitor = house.visitor(POLICE)
    assert visitor.submit(READ, {"till": till}).status_code == 303
    assert 'class="count"' not in visitor.get(PAGE).text


def test_nobody_reads_or_marks_what_another_was_told(house: House) -> None:
    cancelled_by_a_colleague(house)
    for other in (POLICE_COLLEAGUE, SOCIAL, ADMINISTRATOR):
        visitor = house.visitor(other)
        assert "avbokat" not in visitor.get(PAGE).text
        visitor.submit(READ)
    assert 'class="count">1<' in house.visitor(POLICE).get(PAGE).text


def test_what_one_may_not_know_any_more_is_a_constant_sentence_without_a_link(house: House) -> None:
    number = cancelled_by_a_colleague(house, circle=POLICE_CIRCLE)
    before = house.visitor(POLICE).get(PAGE).text
    assert "Polis Två har avbokat din bokning." in before
    assert "Lägesmöte" not in before
    with house.inside(), transaction():
        other = run(select(people.c.organisation_id).where(people.c.email == TRAFFIC)).scalar_one()
        run(update(people).where(people.c.email == POLICE).values(organisation_id=other))
    page = house.visitor(POLICE).get(PAGE).text
    assert "Det har skett en ändring i bokningssystemet." in page
    for word in (number, "Polis Två", "avbokat", "Mötesrummet"):
        assert word not in page


def test_in_english_it_is_in_english(house: House) -> None:
    cancelled_by_a_colleague(house)
    visitor = house.visitor(POLICE)
    visitor.get("/sprak/en")
    page = visitor.get(PAGE).text
    assert "Polis Två has cancelled your booking." in page
    assert "Meeting room, Tuesday 24 November 10:00–11:00" in page


# --- how one wants to be told -----------------------------------------------------------------


def wishes(house: House, who: str) -> noticing.Wishes:
    with house.inside():
        return noticing.wishes(house.viewer(who))


def test_how_one_wants_to_be_told_is_kept_and_noted(house: House) -> None:
    visitor = house.visitor(POLICE)
    sent = visitor.fill_in(WISHES, {"kalender": "mail", "paminn": "30", "sprak": "en"})
    assert (sent.status_code, sent.location) == (303, WISHES)
    assert wishes(house, POLICE) == noticing.Wishes("en", by_mail=False, invitations=True, remind=30)
    page = visitor.get(WISHES).text
    assert "Saved." in page
    assert '<html lang="en"' in page
    assert '<option value="30" selected>' in page
    with house.inside():
        (noted,) = run(select(journal).where(journal.c.action == "person:wishes")).all()
    assert noted.fields == "by_mail,invitations,language,remind"


def test_what_is_as_it_was_is_not_noted_again(house: House) -> None:
    visitor = house.visitor(POLICE)
    visitor.fill_in(WISHES, DEFAULTS)
    visitor.get("/sprak/sv")
    with house.inside():
        assert run(select(journal).where(journal.c.action == "person:wishes")).all() == []


@pytest.mark.parametrize(
    "wrong", [{"kalender": "duva"}, {"paminn": "17"}, {"paminn": ""}, {"sprak": "fi"}, {"sprak": ""}]
)
def test_what_is_not_offered_is_refused_at_its_field(house: House, wrong: dict[str, str]) -> None:
    answer = house.visitor(POLICE).fill_in(WISHES, {**DEFAULTS, **wrong})
    assert answer.status_code == 422
    assert "Välj något av detta." in answer.text
    assert wishes(house, POLICE) == noticing.Wishes("sv", by_mail=True, invitations=False, remind=None)


def test_changing_language_on_any_page_is_remembered_for_letters(house: House) -> None:
    house.visitor(POLICE).get("/sprak/en")
    house.visitor().get("/sprak/en")
    assert wishes(house, POLICE).language == "en"
    assert wishes(house, SOCIAL).language == "sv"


# --- taking a time that a letter offers -------------------------------------------------------


def displaced(house: House, **fields: object) -> str:
    made = house.book(ARTIST, DESKS[1], "13:00", "15:00", title="Rekvisita", **fields).view
    house.book(POLICE, HALL, "13:00", "15:00", circle=POLICE_CIRCLE, agree=True)
    return made.id


CHOSEN = "arbetsplats-2 2026-11-24T15:00Z 2026-11-24T17:00Z"


def test_a_free_time_of_a_letter_is_shown_with_what_is_booked_and_taken_by_one_button(house: House) -> None:
    number, visitor = displaced(house), house.visitor(ARTIST)
    query = {"tillfalle": "20261124T120000Z", "valj": CHOSEN}
    page = visitor.get(f"/bokning/{number}/flytta", query_string=query)
    assert page.status_code == 200
    for words in (
        "13.00–15.00",
        "En bokning med företräde behöver lokalen.",
        "tisdag 24 november 16.00–18.00",
    ):
        assert words in page.text
    taken = visitor.submit(f"/bokning/{number}/flytta", query)
    assert taken.status_code == 303
    with house.inside():
        (notice,) = noticing.told(house.viewer(ARTIST), house.clock())
        assert notice.view is not None
        assert notice.view.span == house.span("16:00", "18:00")


@pytest.mark.parametrize("query", [{}, {"valj": "x"}, {"valj": CHOSEN.replace("arbetsplats-2", "taket")}])
def test_without_a_time_that_can_be_read_the_form_is_next(house: House, query: dict[str, str]) -> None:
    number = displaced(house)
    answer = house.visitor(ARTIST).get(f"/bokning/{number}/flytta", query_string=query)
    assert (answer.status_code, answer.location.partition("?")[0]) == (303, f"/bokning/{number}/andra")


def test_a_booking_that_is_not_ones_own_is_not_there_to_move(house: House) -> None:
    number = displaced(house, visibility="internal")
    query = {"valj": CHOSEN}
    assert house.visitor(GUARD).get(f"/bokning/{number}/flytta", query_string=query).status_code == 403
    hidden = house.book(POLICE, MEETING_ROOM, "17:00", "18:00", circle=POLICE_CIRCLE).view.id
    visitor = house.visitor(TRAFFIC)
    answers = [visitor.get(f"/bokning/{each}/flytta", query_string=query) for each in (hidden, "x" * 22)]
    assert [each.status_code for each in answers] == [404, 404]
    assert answers[0].text.replace(hidden, "") == answers[1].text.replace("x" * 22, "")


def test_the_occurrence_that_is_named_is_the_one_that_is_shown(house: House) -> None:
    repeat = Repetition("FREQ=WEEKLY;COUNT=3")
    made = house.book(TRAFFIC, DESKS[1], "13:00", "15:00", repeat=repeat).view
    query = {"tillfalle": "20261201T120000Z", "valj": CHOSEN}
    page = house.visitor(TRAFFIC).get(f"/bokning/{made.id}/flytta", query_string=query)
    assert "tisdag 1 december" in page.text


# --- how the worker does ----------------------------------------------------------------------


@pytest.mark.parametrize("who", [COORDINATOR, ADMINISTRATOR])
def test_those_who_run_the_house_see_when_each_job_last_ran_and_no_names(house: House, who: str) -> None:
    visitor = house.visitor(who)
    assert "har inte körts än" in visitor.get(RUNS).text
    cancelled_by_a_colleague(house)
    with house.inside():
        working.work(working.all_jobs(office(), letters.write, house.clock, lambda: False), house.clock)
    page = visitor.get(RUNS).text
    assert page.count("fungerar") == page.count("de senaste tio minuterna") == 1 + len(working.JOBS)
    assert "Ingen mejlserver är inställd" in page
    assert POLICE not in page
    assert RUNS in visitor.get(PAGE).text


def test_they_are_told_when_letters_have_been_stuck_for_over_an_hour(
    build_house: Callable[..., House],
) -> None:
    house = build_house(smtp_url=f"smtp://127.0.0.1:{free_port()}", mail_from="post@example.org")
    cancelled_by_a_colleague(house)
    said = []
    for minutes in (0, 1, 5, 15, 60):
        house.clock.step(minutes=minutes)
        with house.inside():
            working.work(working.all_jobs(office(), letters.write, house.clock, lambda: False), house.clock)
        page = house.visitor(COORDINATOR).get(RUNS).text
        assert ("Inget brev har fastnat" in page) is not ("Det finns brev som inte har gått iväg" in page)
        said.append("Det finns brev som inte har gått iväg" in page)
    assert said == [False, False, False, False, True]


@pytest.mark.parametrize("who", [POLICE, ARTIST])
def test_others_do_not(house: House, who: str) -> None:
    visitor = house.visitor(who)
    assert visitor.get(RUNS).status_code == 403
    assert RUNS not in visitor.get(PAGE).text
