"""Asking whoever has booked something to swap."""

import pytest
from sqlalchemy import select

from booking.actions import asking, cancelling
from booking.actions.errors import NotFound, Refused, TooMany
from booking.domain.permissions import Forbidden
from booking.domain.refusals import Reason
from booking.domain.views import Full
from booking.storage.database import run
from booking.storage.tables import notices
from tests.cast import ARTIST, DESKS, GUARD, HALL, POLICE, POLICE_CIRCLE, POLICE_COLLEAGUE, TABLE, TRAFFIC
from tests.support.dump import rows_by_table
from tests.support.house import House

pytestmark = pytest.mark.usefixtures("inside")


def asked() -> list[tuple[int, int, str | None]]:
    """Who was asked by whom, in which words."""
    rows = run(select(notices).order_by(notices.c.id))
    return [(row.person_id, row.from_person_id, row.words) for row in rows if row.kind == "swap"]


def ask(house: House, who: str, made: Full, words: str = "Kan vi byta?") -> None:
    asking.ask(house.viewer(who), made.id, words, house.clock())


def test_the_one_who_booked_is_asked_in_the_askers_words(house: House) -> None:
    made = house.book(TRAFFIC, TABLE, "10:00", "12:00", visibility="open").view
    for who in (GUARD, ARTIST):
        ask(house, who, made, "  Kan vi\r\nbyta? ")
    organiser = house.viewer(TRAFFIC).person
    assert asked() == [(organiser, house.viewer(who).person, "Kan vi byta?") for who in (GUARD, ARTIST)]


def test_the_words_are_not_kept_where_the_booking_is_confidential(house: House, database: str) -> None:
    made = house.book(POLICE, HALL, "10:00", "12:00", circle=POLICE_CIRCLE).view
    ask(house, GUARD, made, "Operation Blåsippa")
    assert asked() == [(house.viewer(POLICE).person, house.viewer(GUARD).person, None)]
    assert "Blåsippa" not in str(rows_by_table(database))


def test_what_one_may_not_know_is_not_there_to_ask_about(house: House) -> None:
    made = house.book(POLICE, HALL, "10:00", "12:00", circle=POLICE_CIRCLE).view
    internal = house.book(TRAFFIC, TABLE, "14:00", "15:00").view
    for who, what in ((TRAFFIC, made), (ARTIST, made), (ARTIST, internal)):
        with pytest.raises(NotFound):
            ask(house, who, what)
    assert asked() == []


def test_ones_own_organisation_is_not_asked_so(house: House) -> None:
    made = house.book(POLICE, DESKS[0], "10:00", "12:00").view
    for who in (POLICE, POLICE_COLLEAGUE):
        with pytest.raises(Forbidden):
            ask(house, who, made)


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (" ", Reason.NOTHING_SAID),
        ("x" * 501, Reason.NOTE_TOO_LONG),
        ("plinga\x07", Reason.UNPRINTABLE),
        ("\u202ebakvänt", Reason.UNPRINTABLE),
    ],
)
def test_it_is_one_sentence_that_can_be_read(house: House, words: str, reason: Reason) -> None:
    made = house.book(TRAFFIC, TABLE, "10:00", "12:00").view
    with pytest.raises(Refused) as refused:
        ask(house, GUARD, made, words)
    assert [each.reason for each in refused.value.refusals] == [reason]
    assert asked() == []


def test_not_about_what_is_over_or_cancelled(house: House) -> None:
    over = house.book(TRAFFIC, TABLE, "08:00", "09:00").view
    gone = house.book(TRAFFIC, DESKS[0], "10:00", "12:00").view
    cancelling.cancel(house.viewer(TRAFFIC), gone.id, house.clock())
    house.clock.now = house.at("09:30")
    with pytest.raises(Refused):
        ask(house, GUARD, over)
    with pytest.raises((Forbidden, NotFound)):
        ask(house, GUARD, gone)


def test_five_times_a_day_at_most(house: House) -> None:
    made = house.book(TRAFFIC, TABLE, "12:00", "13:00").view
    tomorrow = house.book(TRAFFIC, TABLE, "12:00", "13:00", made.span.start.date().replace(day=26)).view
    for _ in range(5):
        house.clock.step(minutes=1)
        ask(house, GUARD, made)
    with pytest.raises(TooMany):
        ask(house, GUARD, made)
    ask(house, POLICE, made)
    house.clock.step(days=1)
    ask(house, GUARD, tomorrow)
    assert len(asked()) == 7
