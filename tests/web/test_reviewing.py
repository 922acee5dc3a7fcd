"""The steward's review: whose it is, what it shows, signing it, and that it is overdue."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from booking.actions import looking, reviewing, working
from booking.actions.reviewing import tell_overdue
from booking.domain.reviewing import SAMPLE
from booking.storage import openings as log
from booking.storage.database import run, transaction
from booking.storage.tables import circle_members, circles, journal, notices, organisations, people, reviews
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
    SOCIAL_CIRCLE,
    TRAFFIC,
    VISION_CIRCLE,
)
from tests.support.house import House, Visitor, circle_page

Browser = Callable[[str], Visitor]
LIST = "/granskning"
PAGE = f"{circle_page(POLICE_CIRCLE)}/granskning"
PLANTED = "Operation Blåsippa"
ROW = re.compile(r"<tr[^>]*>(<td.*?)</tr>")
HIDDEN = re.compile(r'name="(fran|till|visat)" value="([^"]*)"')


@pytest.fixture
def briefing(house: House) -> str:
    return house.book(
        POLICE, HALL, "17:00", "17:45", title=PLANTED, note=PLANTED, circle=POLICE_CIRCLE
    ).view.id


def opened(house: House, who: str, booking: str) -> None:
    with house.inside():
        looking.open_details(house.viewer(who), booking, house.clock(), "page")


def shown(page: str) -> list[str]:
    """The rows of the page's first table, their words only."""
    first = page.partition("</table>")[0]
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in ROW.findall(first)]


def form(page: str) -> dict[str, str]:
    return dict(HIDDEN.findall(page))


def sign(visitor: Visitor, remark: str = "", **other: str) -> Any:
    return visitor.submit(PAGE, {**form(visitor.get(PAGE).text), "anmarkning": remark, **other})


def stored(house: House, table: Any) -> list[Any]:
    with house.inside():
        return list(run(select(table).order_by(table.c.id)).all())


# --- whose it is ------------------------------------------------------------------------------


def test_the_administrator_of_the_steward_finds_the_circles_it_keeps(house: House, browser: Browser) -> None:
    visitor = browser(POLICE)
    assert f'href="{LIST}"' in visitor.get("/mina").text
    page = visitor.get(LIST).text
    for key in (POLICE_CIRCLE, VISION_CIRCLE, "endast-lokalpolisomrade-norrmalm"):
        assert f"{circle_page(key)}/granskning" in page
    assert SOCIAL_CIRCLE not in page
    assert "Nothing has been opened yet." in page


@pytest.mark.parametrize("who", [POLICE_COLLEAGUE, GUARD, COORDINATOR, ADMINISTRATOR, ARTIST, TRAFFIC, MIKA])
def test_for_everybody_else_there_is_no_such_page(
    house: House, browser: Browser, briefing: str, who: str
) -> None:
    opened(house, GUARD, briefing)
    visitor = browser(who)
    assert LIST not in visitor.get("/mina").text
    assert visitor.get(LIST).status_code == 403
    answers = [
        visitor.get(f"{circle_page(key)}/granskning") for key in (POLICE_CIRCLE, SOCIAL_CIRCLE, "never-used")
    ]
    answers += [visitor.submit(f"{circle_page(key)}/granskning") for key in (POLICE_CIRCLE, "never-used")]
    assert {each.status_code for each in answers} == {404}
    assert stored(house, reviews) == []


def test_the_circle_of_another_steward_is_no_more_there_than_one_that_never_was(
    house: House, browser: Browser, briefing: str
) -> None:
    opened(house, GUARD, briefing)
    visitor = browser(SOCIAL)
    theirs, never = (visitor.get(f"{circle_page(key)}/granskning") for key in (POLICE_CIRCLE, "never-used"))
    assert (theirs.status_code, theirs.data) == (never.status_code, never.data)
    assert theirs.status_code == 404
    assert f"{circle_page(SOCIAL_CIRCLE)}/granskning" in visitor.get(LIST).text
    assert POLICE_CIRCLE not in visitor.get(LIST).text


def test_who_is_not_signed_in_is_asked_to(house: House) -> None:
    for path in (LIST, PAGE):
        assert house.visitor().get(path).location.startswith("/logga-in")


def test_a_steward_that_left_the_circle_reviews_it_no_more(
    house: House, browser: Browser, briefing: str
) -> None:
    opened(house, GUARD, briefing)
    visitor = browser(POLICE)
    assert visitor.get(PAGE).status_code == 200
    leave(house, "lokalpolisomrade-norrmalm")
    assert visitor.get(PAGE).status_code == 404
    assert POLICE_CIRCLE not in visitor.get(LIST).text


def leave(house: House, organisation: str) -> None:
    with house.inside(), transaction():
        number = run(select(organisations.c.id).where(organisations.c.key == organisation)).scalar_one()
        circle = run(select(circles.c.id).where(circles.c.key == POLICE_CIRCLE)).scalar_one()
        run(
            circle_members.delete().where(
                circle_members.c.circle_id == circle, circle_members.c.organisation_id == number
            )
        )


# --- what it shows ----------------------------------------------------------------------------


def test_a_row_says_who_when_how_and_which_booking_by_place_and_time_only(
    house: House, browser: Browser, briefing: str
) -> None:
    house.clock.step(hours=2)
    opened(house, GUARD, briefing)
    house.clock.step(minutes=1)
    page = browser(POLICE).get(PAGE).text
    (row,) = shown(page)
    assert row == (
        "09:00 Ordningsvakt Stadens mobila ordningsvakter "
        "Whole premises Tuesday 24 November 17:00–17:45 on its page all are shown"
    )
    assert PLANTED not in page
    assert briefing not in page
    assert "One opening, one person, one booking." in page


@pytest.mark.parametrize(
    ("who", "hours", "why"),
    [
        (POLICE_COLLEAGUE, 15, "outside the hours of the premises"),
        (GUARD, 31 * 24 + 2, "long after the booking had ended"),
    ],
)
def test_what_a_rule_picks_out_is_said_in_words(
    house: House, browser: Browser, briefing: str, who: str, hours: int, why: str
) -> None:
    house.clock.step(hours=hours)
    opened(house, who, briefing)
    house.clock.step(minutes=1)
    (row,) = shown(browser(POLICE).get(PAGE).text)
    assert why in row


def test_who_has_left_and_whose_organisation_has_left_are_picked_out(
    house: House, browser: Browser, briefing: str
) -> None:
    house.clock.step(hours=2)
    opened(house, GUARD, briefing)
    opened(house, POLICE_COLLEAGUE, briefing)
    leave(house, "ordningsvakterna")
    with house.inside(), transaction():
        ends = house.clock() + timedelta(days=3)
        run(update(people).where(people.c.email == POLICE_COLLEAGUE).values(ends_at=ends))
    house.clock.step(days=4)
    guard, colleague = shown(browser(POLICE).get(PAGE).text)
    assert "the organisation is no longer in the circle" in guard
    assert "shortly before the account ended" in colleague


def test_what_a_reviewer_opened_themselves_is_always_shown(house: House, browser: Browser) -> None:
    made = house.book(GUARD, HALL, "17:00", "17:45", circle=POLICE_CIRCLE).view
    house.clock.step(hours=2)
    opened(house, POLICE, made.id)
    house.clock.step(minutes=1)
    (row,) = shown(browser(POLICE).get(PAGE).text)
    assert "opened by one who reviews" in row


def test_of_many_rows_some_are_drawn_and_looking_again_draws_the_same(
    house: House, browser: Browser, briefing: str
) -> None:
    house.clock.step(hours=2)
    for _ in range(3 * SAMPLE):
        opened(house, GUARD, briefing)
        house.clock.step(minutes=1)
    visitor = browser(POLICE)
    first = shown(visitor.get(PAGE).text)
    assert len(first) == SAMPLE
    assert all("drawn at random" in row for row in first)
    house.clock.step(minutes=5)
    assert shown(visitor.get(PAGE).text) == first
    assert "60 openings, one person, one booking." in visitor.get(PAGE).text


def test_haste_is_picked_out_of_all_that_is_not_drawn(house: House, browser: Browser) -> None:
    days = [house.clock().date() + timedelta(days=number) for number in range(1, 7)]
    made = [house.book(POLICE, HALL, "17:00", "17:45", day, circle=POLICE_CIRCLE).view.id for day in days]
    house.clock.step(hours=2)
    for booking in made:
        opened(house, GUARD, booking)
        house.clock.step(minutes=1)
    rows = shown(browser(POLICE).get(PAGE).text)
    assert [row for row in rows if "more than 5 bookings within 10 minutes" in row] == rows
    assert len(rows) == 6


def test_what_is_for_another_circle_too_is_neither_shown_nor_counted(house: House, browser: Browser) -> None:
    """A desk across two briefings is for who is in both: the steward of one of them may not know it."""
    house.book(POLICE, HALL, "17:00", "17:45", circle=POLICE_CIRCLE)
    both = house.book(GUARD, DESKS[2], "17:10", "17:40").view
    with house.inside(), transaction():
        social = run(select(circles.c.id).where(circles.c.key == SOCIAL_CIRCLE)).scalar_one()
        guard = house.viewer(GUARD)
        assert guard.person is not None
        assert guard.organisation is not None
        police = run(select(circles.c.id).where(circles.c.key == POLICE_CIRCLE)).scalar_one()
        log.record(
            guard.person,
            guard.organisation,
            both.id,
            both.occurrence,
            {police, social},
            "page",
            house.clock(),
        )
    house.clock.step(days=100)
    page = browser(POLICE).get(PAGE).text
    assert "Nothing has been opened yet." in page
    assert "overdue" not in browser(POLICE).get(LIST).text
    with house.inside():
        assert tell_overdue(house.clock()) == 0


def test_the_ages_of_a_circle_are_reviewed_as_one(house: House, browser: Browser, briefing: str) -> None:
    opened(house, GUARD, briefing)
    with house.inside(), transaction():
        old = run(select(circles).where(circles.c.key == POLICE_CIRCLE)).one()
        new = run(
            circles.insert().values(
                key="anew", name="Polis anew", steward_id=old.steward_id, origin_id=old.id
            )
        ).inserted_primary_key[0]
        run(update(circles).where(circles.c.id == old.id).values(succeeded_at=house.clock()))
        for member in run(
            select(circle_members.c.organisation_id).where(circle_members.c.circle_id == old.id)
        ).scalars():
            run(circle_members.insert().values(circle_id=new, organisation_id=member))
    later = house.book(POLICE, MEETING_ROOM, "10:00", "11:00", circle="anew").view
    house.clock.step(hours=1)
    opened(house, GUARD, later.id)
    house.clock.step(hours=1)
    visitor = browser(POLICE)
    assert visitor.get(LIST).text.count("Polis anew</h2>") == 1
    assert len(shown(visitor.get(f"{circle_page('anew')}/granskning").text)) == 2
    assert visitor.get(f"{circle_page(POLICE_CIRCLE)}/granskning").status_code == 404, (
        "its present age has it"
    )


def test_who_was_turned_away_is_told_to_whoever_reviews_and_to_nobody_else(
    house: House, browser: Browser, briefing: str
) -> None:
    opened(house, GUARD, briefing)
    house.clock.step(hours=2)
    other = house.book(SOCIAL, MEETING_ROOM, "10:00", "11:00", circle=SOCIAL_CIRCLE).view.id
    for booking in (briefing, other, "a" * 22):
        assert browser(TRAFFIC).get(f"/bokning/{booking}").status_code == 404
    house.clock.step(minutes=1)
    told = browser(POLICE).get(PAGE).text.partition("Turned away")[2]
    assert told.count("<td") == 2
    assert "Trafik Kontor" in told
    assert "09:00" in told
    for who in (TRAFFIC, GUARD, COORDINATOR, ADMINISTRATOR, POLICE):
        visitor = browser(who)
        for path in (
            "/mina",
            "/aviseringar",
            "/organisationen/handelser",
            "/samordning/handelser",
            "/konton/handelser",
        ):
            assert "Turned away" not in visitor.get(path).text
            assert "deny" not in visitor.get(path).text


# --- signing ----------------------------------------------------------------------------------


def test_signing_is_of_what_was_shown_and_what_comes_after_waits(
    house: House, browser: Browser, briefing: str
) -> None:
    visitor = browser(POLICE)
    start = house.clock()
    opened(house, GUARD, briefing)
    house.clock.step(hours=2)
    fields = form(visitor.get(PAGE).text)
    end = house.clock()
    opened(house, POLICE_COLLEAGUE, briefing)
    house.clock.step(minutes=5)
    assert visitor.submit(PAGE, {**fields, "anmarkning": " Inget\n att anmärka. "}).status_code == 303
    (review,) = stored(house, reviews)
    assert (review.starts, review.ends, review.signed_at) == (start, end, house.clock())
    assert (review.person_id, review.remark) == (house.viewer(POLICE).person, "Inget att anmärka.")
    (entry,) = [row for row in stored(house, journal) if row.action == "review:sign"]
    assert (entry.subject, entry.fields) == (f"circle {review.circle_id}", "")
    page = visitor.get(PAGE).text
    (row,) = shown(page)
    assert "Polis Två" in row
    assert "Inget att anmärka." in page.partition("Earlier reviews")[2]


def test_signing_twice_signs_once(house: House, browser: Browser, briefing: str) -> None:
    opened(house, GUARD, briefing)
    house.clock.step(hours=2)
    visitor = browser(POLICE)
    fields = form(visitor.get(PAGE).text)
    assert visitor.submit(PAGE, fields).status_code == 303
    again = visitor.submit(PAGE, fields)
    assert again.status_code == 409
    assert "Nothing was signed" in again.text
    assert len(stored(house, reviews)) == 1


@pytest.mark.parametrize(
    "other",
    [
        {"till": "20261124T070000Z"},
        {"till": "20991124T070000Z"},
        {"fran": "20261123T070000Z"},
        {"visat": ""},
        {"visat": "0" * 64},
        {"till": "x"},
        {"fran": ""},
    ],
)
def test_what_was_not_shown_is_not_signed(
    house: House, browser: Browser, briefing: str, other: dict[str, str]
) -> None:
    opened(house, GUARD, briefing)
    house.clock.step(hours=2)
    assert sign(browser(POLICE), **other).status_code == 409
    assert stored(house, reviews) == []


@pytest.mark.parametrize("remark", ["x" * 501, "a\x07b", "a\u202eb"])
def test_a_remark_that_cannot_be_kept_is_asked_for_anew(
    house: House, browser: Browser, briefing: str, remark: str
) -> None:
    opened(house, GUARD, briefing)
    house.clock.step(hours=2)
    answer = sign(browser(POLICE), remark)
    assert answer.status_code == 422
    assert "At most 500 characters" in answer.text
    assert stored(house, reviews) == []
    assert sign(browser(POLICE), "x" * 500).status_code == 303


def test_the_remark_is_in_no_journal(house: House, browser: Browser, briefing: str) -> None:
    opened(house, GUARD, briefing)
    house.clock.step(hours=2)
    sign(browser(POLICE), PLANTED)
    assert PLANTED not in str(stored(house, journal))


# --- overdue ----------------------------------------------------------------------------------


def late(visitor: Visitor) -> bool:
    return "overdue" in visitor.get("/mina").text


def test_a_review_is_overdue_after_ninety_days_and_said_so_until_it_is_signed(
    house: House, browser: Browser, briefing: str
) -> None:
    opened(house, GUARD, briefing)
    house.clock.step(days=90)
    visitor = browser(POLICE)
    assert not late(visitor)
    house.clock.step(seconds=1)
    assert late(browser(POLICE))
    assert "Overdue since" in browser(POLICE).get(LIST).text
    assert not late(browser(POLICE_COLLEAGUE))
    assert not late(browser(SOCIAL))
    visitor = browser(POLICE)
    assert sign(visitor).status_code == 303
    assert not late(visitor)


@pytest.fixture
def overdue(house: House, briefing: str) -> None:
    opened(house, GUARD, briefing)
    house.clock.step(days=91)


def told(house: House) -> list[int]:
    return [row.person_id for row in stored(house, notices) if row.kind == "review"]


@pytest.mark.usefixtures("overdue")
def test_the_administrators_of_the_steward_are_told_once_for_each_period(
    house: House, browser: Browser, briefing: str
) -> None:
    person = house.viewer(POLICE).person
    with house.inside():
        assert tell_overdue(house.clock()) == 1
        assert tell_overdue(house.clock()) == 0
        house.clock.step(days=200)
        assert tell_overdue(house.clock()) == 0
    assert told(house) == [person]
    page = browser(POLICE).get("/aviseringar").text
    assert "A review of the access log is overdue." in page
    assert f'href="{LIST}"' in page.partition("<main")[2]
    assert sign(browser(POLICE)).status_code == 303
    house.clock.step(days=91)
    with house.inside():
        assert tell_overdue(house.clock()) == 1
    assert told(house) == [person, person]


@pytest.mark.usefixtures("overdue")
def test_the_worker_tells_it(house: House) -> None:
    with house.inside():
        jobs = [each for each in working.JOBS if each.name == "reviews"]
        working.work(jobs, house.clock)
        working.work(jobs, house.clock)
    assert told(house) == [house.viewer(POLICE).person]


def test_the_page_asks_as_much_for_one_row_as_for_many(
    house: House, browser: Browser, briefing: str, asked: Callable[[Callable[[], Any]], list[str]]
) -> None:
    house.clock.step(hours=2)
    visitor = browser(POLICE)

    def with_rows(rows: int) -> list[str]:
        for _ in range(rows):
            opened(house, GUARD, briefing)
        house.clock.step(minutes=1)
        return asked(lambda: visitor.get(PAGE))

    assert with_rows(1) == with_rows(30)


def test_what_an_organiser_sees_is_not_what_reviewing_needs(house: House, briefing: str) -> None:
    with house.inside():
        seen = looking.look_at(house.viewer(GUARD), briefing, house.clock())
        assert reviewing.readers(seen) == ()
