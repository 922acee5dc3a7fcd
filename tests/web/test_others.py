"""What others see of a booking: the very board of a real outsider, pointed at, with nothing in it to press."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from booking.actions import cancelling, furnishing, looking
from booking.domain.bookings import Booking, Repetition
from booking.storage import sealed
from booking.storage.database import run
from booking.storage.tables import journal, openings
from booking.web.pieces import write_occurrence
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
    SOCIAL,
    SOCIAL_CIRCLE,
    TABLE,
    TODAY,
    TRAFFIC,
)
from tests.support.house import House, Visitor

SECRET = "Operation Blåsippa"
EXPLAINED = "/vad-andra-kan-se"
PARTS = re.compile(r'<section class="board.*?</section>|<div class="lists">.*?</div>', re.DOTALL)
LINK = re.compile(r'(<a\b[^>]*?) href="[^"]*"')
Browser = Callable[[str], Visitor]


def page_of(number: str, eyes: str = "", occurrence: str = "") -> str:
    return f"/bokning/{number}/andra-ser?som={eyes}&tillfalle={occurrence}"


def told(page: str) -> str:
    """The words above the board, without markup."""
    found = re.search(r'<section class="card pad told".*?</section>', page, re.DOTALL)
    assert found
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", found[0]))


def drawn(page: str) -> list[str]:
    return PARTS.findall(page)


def drawn_for(visitor: Visitor) -> list[str]:
    """The board and the list on somebody's own page, without where its links lead."""
    pages = (visitor.get(f"/idag?datum={TODAY}&vy={view}").text for view in ("tavla", "lista"))
    return [LINK.sub(r"\1", part) for page in pages for part in drawn(page)]


# --- the same code as their own page ------------------------------------------------------------


def busy_day(house: House) -> str:
    """A day with something of every kind, nothing of it the outsiders' own."""
    house.book(GUARD, DESKS[0], "08:00", "10:00", title="Passbyte", visibility="internal")
    house.book(GUARD, TABLE, "10:00", "11:00", title="Öppet hus", visibility="open", note="Alla får komma")
    house.book(GUARD, DESKS[3], "16:00", "18:30", title="Rapport", visibility="open")
    house.book(POLICE, MEETING_ROOM, "12:00", "13:00", circle=POLICE_CIRCLE, title=SECRET)
    house.book(GUARD, MEETING_ROOM, "13:00", "13:20", circle=POLICE_CIRCLE, title=SECRET)
    made = house.book(POLICE, HALL, "17:00", "17:45", circle=POLICE_CIRCLE, title=SECRET, agree=True)
    house.book(POLICE_COLLEAGUE, DESKS[1], "17:10", "18:00", title=SECRET)
    return made.view.id


@pytest.mark.parametrize(("eyes", "outsider"), [("organisation", SOCIAL), ("gast", ARTIST)])
@pytest.mark.parametrize("hours", [0, 3.1, 10.25, 13])
def test_it_is_byte_for_byte_the_board_of_a_real_outsider(
    house: House, eyes: str, outsider: str, hours: float
) -> None:
    number = busy_day(house)
    house.clock.step(hours=hours)
    theirs = drawn_for(house.visitor(outsider))
    assert len(theirs) == 2
    assert drawn(house.visitor(POLICE).get(page_of(number, eyes)).text) == theirs


def test_an_organisation_of_the_place_sees_what_another_one_does(house: House) -> None:
    busy_day(house)
    made = house.book(COORDINATOR, MEETING_ROOM, "14:00", "15:00", title="Torgmöte").view
    page = house.visitor(COORDINATOR).get(page_of(made.id)).text
    assert drawn(page) == drawn_for(house.visitor(TRAFFIC))


@pytest.mark.parametrize("eyes", ["organisation", "gast"])
def test_nothing_in_it_leads_anywhere_or_can_be_sent(house: House, eyes: str) -> None:
    page = house.visitor(POLICE).get(page_of(busy_day(house), eyes)).text
    shown = "".join(drawn(page))
    assert "<a " in shown
    assert not re.search(r"<(form|button|input)\b", shown)
    assert not re.search(r"<a [^>]*href", shown)


def test_without_other_words_it_is_as_another_organisation_sees_it(house: House) -> None:
    number, visitor = busy_day(house), house.visitor(POLICE)
    expected = drawn(visitor.get(page_of(number, "organisation")).text)
    for eyes in ("", "polis", "<b>"):
        assert drawn(visitor.get(page_of(number, eyes)).text) == expected


# --- in words -----------------------------------------------------------------------------------


def test_of_a_confidential_booking_others_are_told_busy_and_where(house: House, browser: Browser) -> None:
    made = house.book(POLICE, MEETING_ROOM, "17:00", "17:45", circle=POLICE_CIRCLE, title=SECRET).view
    page = browser(POLICE).get(page_of(made.id)).text
    assert "Busy 16:55–17:50 in Whole premises" in told(page)
    assert "Busy 17:00–17:45 in Meeting room and Conference table" in told(page)
    assert "Your booking" not in told(page)
    assert "The frame is yours alone: your booking, 17:00–17:45." in page
    for hidden in (SECRET, "Polis Ett", "Polis och ordningsvakter"):
        assert hidden not in told(page) + "".join(drawn(page))


def test_times_that_meet_are_one_in_the_words_too(house: House, browser: Browser) -> None:
    made = house.book(POLICE, MEETING_ROOM, "17:00", "17:45", circle=POLICE_CIRCLE).view
    house.book(GUARD, MEETING_ROOM, "17:45", "18:30", circle=POLICE_CIRCLE)
    assert "Busy 17:00–18:30 in Meeting room" in told(browser(POLICE).get(page_of(made.id)).text)


def test_of_an_ordinary_booking_others_are_told_all_of_it_and_guests_only_busy(
    house: House, browser: Browser
) -> None:
    made = house.book(
        POLICE, TABLE, "10:00", "11:00", title="Lägesmöte", note="Ta med kaffe", attendees=(GUARD,)
    ).view
    organisation, guest = (
        told(browser(POLICE).get(page_of(made.id, who)).text) for who in ("organisation", "gast")
    )
    for said in ("10:00–11:00", "Lägesmöte", "Ta med kaffe", "Polis Ett", "Conference table"):
        assert said in organisation
    assert "Busy 10:00–11:00 in Meeting room, Conference table and Whole premises" in guest
    assert "Lägesmöte" not in guest


def test_of_a_booking_that_was_taken_over_others_are_told_nothing(house: House, browser: Browser) -> None:
    house.book(POLICE, HALL, "17:00", "17:45", circle=POLICE_CIRCLE)
    made = house.book(POLICE, DESKS[1], "16:30", "18:00", title=SECRET).view
    page = browser(POLICE).get(page_of(made.id)).text
    assert "Busy 16:30–18:00 in Desk 2" in told(page)
    assert SECRET not in page


def test_a_clipped_booking_is_told_in_its_pieces(house: House, browser: Browser) -> None:
    made = house.book(POLICE, DESKS[1], "16:00", "19:00", title="Skrivarstuga").view
    house.book(GUARD, HALL, "17:00", "17:45", circle=POLICE_CIRCLE, agree=True)
    words = told(browser(POLICE).get(page_of(made.id)).text)
    assert re.search(r"16:00–17:00.*Skrivarstuga.*Busy 17:00–17:45.*17:45–19:00.*Skrivarstuga", words)


@pytest.mark.parametrize("public", [True, False])
def test_a_block_shows_its_reason_or_is_busy_like_everything_else(
    house: House, browser: Browser, block: Callable[..., Booking], public: bool
) -> None:
    made = block((MEETING_ROOM,), "10:00", "11:00", "Golvvård", public)
    words = told(browser(COORDINATOR).get(page_of(made.id)).text)
    assert ("Golvvård" in words) is public
    assert ("Busy 10:00–11:00 in Meeting room" in words) is not public


def test_each_time_of_a_series_is_seen_on_its_own_day(house: House, browser: Browser) -> None:
    made = house.book(
        POLICE,
        MEETING_ROOM,
        "10:00",
        "11:00",
        circle=POLICE_CIRCLE,
        repeat=Repetition("FREQ=DAILY;COUNT=3"),
    ).view
    later = write_occurrence(made.span.start + timedelta(days=2))
    page = browser(POLICE).get(page_of(made.id, occurrence=later)).text
    assert ", Thursday 26 November" in page
    assert "Busy 10:00–11:00 in Meeting room" in told(page)
    never = write_occurrence(made.span.start + timedelta(days=9))
    assert browser(POLICE).get(page_of(made.id, occurrence=never)).status_code == 404


@pytest.mark.parametrize("over", ["cancelled", "yesterday"])
def test_what_is_over_or_cancelled_is_nothing_to_others(house: House, browser: Browser, over: str) -> None:
    made = house.book(POLICE, MEETING_ROOM, "10:00", "11:00", circle=POLICE_CIRCLE).view
    if over == "cancelled":
        with house.inside():
            cancelling.cancel(house.viewer(POLICE), made.id, house.clock())
    else:
        house.clock.step(days=1)
    page = browser(POLICE).get(page_of(made.id)).text
    assert "Nothing: others see no booking there at that time." in told(page)
    assert 'class="blk red' not in "".join(drawn(page))


# --- who may look, and what it leaves behind ------------------------------------------------------


@pytest.mark.parametrize("who", [SOCIAL, TRAFFIC, ARTIST, COORDINATOR, ADMINISTRATOR])
@pytest.mark.parametrize("eyes", ["", "gast", "organisation"])
def test_who_may_not_know_the_booking_finds_no_such_page(house: House, who: str, eyes: str) -> None:
    number, visitor = busy_day(house), house.visitor(who)
    answer, never = (visitor.get(page_of(each, eyes)) for each in (number, "0" * 22))
    assert answer.status_code == 404
    assert answer.data == never.data.replace(b"0" * 22, number.encode())
    assert visitor.get(f"/bokning/{number}/andra-ser?tillfalle=nonsense").status_code == 404
    assert visitor.submit(page_of(number)).status_code == 405


def test_the_booking_has_the_way_there_for_its_own_people_only(house: House) -> None:
    made = house.book(POLICE, MEETING_ROOM, "10:00", "11:00", title="Lägesmöte").view
    for who, there in ((POLICE, True), (POLICE_COLLEAGUE, True), (GUARD, False), (SOCIAL, False)):
        page = house.visitor(who).get(f"/bokning/{made.id}").text
        assert (f"/bokning/{made.id}/andra-ser" in page) is there, who


def test_a_guest_borrows_no_organisations_eyes(house: House) -> None:
    house.book(GUARD, DESKS[0], "08:00", "10:00", title="Passbyte", visibility="internal")
    made = house.book(ARTIST, DESKS[2], "09:00", "10:00", title="Skiss", visibility="open").view
    visitor = house.visitor(ARTIST)
    page = visitor.get(page_of(made.id, "organisation")).text
    assert "Passbyte" not in page
    assert drawn(page) == drawn(visitor.get(page_of(made.id, "gast")).text)
    assert "som=organisation" not in page.partition('<main class="')[2].partition("</main>")[0]


def test_who_is_of_no_organisation_borrows_no_eyes(house: House) -> None:
    made = house.book(ARTIST, DESKS[2], "09:00", "10:00", title="Skiss", visibility="open").view
    answer = house.visitor(ADMINISTRATOR).get(page_of(made.id, "organisation"))
    assert (answer.status_code, answer.location.partition("?")[0]) == (303, f"/bokning/{made.id}")


def test_a_place_that_is_gone_by_then_is_no_longer_pointed_at(house: House) -> None:
    made = house.book(POLICE, DESKS[3], "10:00", "11:00", house.clock().date() + timedelta(days=3)).view
    with house.inside():
        gone = house.clock().date() + timedelta(days=2)
        furnishing.retire(house.viewer(COORDINATOR), PREMISES, DESKS[3], gone, house.clock())
    page = house.visitor(POLICE).get(page_of(made.id))
    assert page.status_code == 200
    assert "Ramen ser bara du" not in page.text


def test_nobody_sees_by_it_what_they_could_not_know_otherwise(house: House) -> None:
    """A briefing of another circle is Busy to the police by either pair of eyes: not a word of it is there."""
    house.book(SOCIAL, MEETING_ROOM, "15:00", "16:00", circle=SOCIAL_CIRCLE, title="Familjesamtal")
    number = busy_day(house)
    for eyes in ("organisation", "gast"):
        page = house.visitor(POLICE).get(page_of(number, eyes)).text
        assert "Familjesamtal" not in page
        assert "Ungdomsjouren" not in "".join(drawn(page))


def test_looking_opens_nothing_and_leaves_no_row(
    house: House, monkeypatch: pytest.MonkeyPatch, rows: Callable[[], int]
) -> None:
    number = busy_day(house)

    def poisoned(*_: object) -> None:
        raise AssertionError("a sealed record was read")

    before = rows()
    for name in ("get", "get_many"):
        monkeypatch.setattr(sealed, name, poisoned)
    for who in (POLICE, POLICE_COLLEAGUE):
        answer = house.visitor(who).get(page_of(number))
        assert answer.status_code == 200
        assert SECRET not in answer.text
    assert rows() == before


@pytest.fixture
def rows(house: House) -> Callable[[], int]:
    """How many rows the access log and the journal have."""

    def count() -> int:
        with house.inside():
            return sum(len(run(table.select()).all()) for table in (openings, journal))

    return count


def test_the_list_of_statements_is_the_boards_own(
    house: House, asked: Callable[[Callable[[], object]], list[str]]
) -> None:
    number = busy_day(house)
    statements = asked(lambda: house.visitor(POLICE).get(page_of(number)))
    assert not any("sealed" in each.partition("FROM")[2] for each in statements)


# --- what others can see, in general --------------------------------------------------------------


@pytest.mark.parametrize("who", [POLICE, SOCIAL, TRAFFIC, ARTIST, COORDINATOR, ADMINISTRATOR])
def test_everybody_signed_in_reads_what_others_can_see(house: House, who: str) -> None:
    visitor = house.visitor(who)
    page = visitor.get(EXPLAINED)
    assert page.status_code == 200
    assert "Utomstående ser inte" in page.text
    assert f'href="{EXPLAINED}"' in visitor.get("/mina").text


def test_nobody_else_does(house: House) -> None:
    answer = house.visitor().get(EXPLAINED)
    assert (answer.status_code, answer.location) == (302, f"/logga-in?next={EXPLAINED}")
    assert EXPLAINED not in house.visitor().get("/logga-in").text


def test_it_is_one_step_away_where_secrecy_is_chosen_and_where_it_is_looked_at(house: House) -> None:
    made = house.book(POLICE, MEETING_ROOM, "10:00", "11:00", circle=POLICE_CIRCLE).view
    visitor = house.visitor(POLICE)
    for path in ("/boka", f"/bokning/{made.id}", page_of(made.id)):
        assert visitor.get(path).text.partition("<footer")[0].count(EXPLAINED) == 1, path
    with house.inside():
        assert looking.look_at(house.viewer(POLICE), made.id, house.clock()).view.sealed
