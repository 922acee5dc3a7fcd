"""Which occurrence of a series is meant, for whom: what somebody may not know neither answers nor stands in the way."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from booking.actions import cancelling, changing, looking
from booking.actions.changes import Changes, Scope
from booking.actions.errors import NotFound
from booking.domain.bookings import Repetition
from booking.domain.permissions import Forbidden
from booking.domain.views import Full
from tests.cast import DESKS, HALL, MIKA, POLICE, POLICE_CIRCLE, TODAY, TRAFFIC
from tests.support.house import House

pytestmark = pytest.mark.usefixtures("inside")
WEEKS = [TODAY + timedelta(weeks=number) for number in range(1, 5)]
See = Callable[..., Full | None]


@pytest.fixture
def see(house: House) -> See:
    """What somebody sees of an occurrence, or of the series; None where it is not found."""

    def look(who: str, number: str, occurrence: datetime | None = None) -> Full | None:
        try:
            return looking.look_at(house.viewer(who), number, house.clock(), occurrence).view
        except NotFound:
            return None

    return look


def weekly(house: House, who: str = POLICE) -> str:
    """Four Tuesdays at a desk, ten to eleven; its id."""
    rule = Repetition("FREQ=WEEKLY;COUNT=4")
    return house.book(who, DESKS[0], "10:00", "11:00", WEEKS[0], visibility="internal", repeat=rule).view.id


def test_to_others_a_series_whose_hidden_week_alone_is_left_is_over(house: House, see: See) -> None:
    house.book(POLICE, HALL, "09:00", "12:00", WEEKS[3], circle=POLICE_CIRCLE)
    number = weekly(house)
    house.clock.step(days=22)
    own, others = see(POLICE, number), see(TRAFFIC, number)
    assert own is not None
    assert others is not None
    assert own.occurrence == house.at("10:00", WEEKS[3])
    assert others.occurrence == house.at("10:00", WEEKS[2])


def test_a_hidden_week_does_not_stand_before_another_that_moved_to_its_time(house: House, see: See) -> None:
    house.book(POLICE, HALL, "09:00", "12:00", WEEKS[1], circle=POLICE_CIRCLE)
    number = weekly(house)
    police, named = house.viewer(POLICE), [house.at("10:00", day) for day in WEEKS]
    away = Changes(start=house.at("14:00", WEEKS[1]), end=house.at("15:00", WEEKS[1]))
    changing.change(police, number, away, None, house.clock(), occurrence=named[1])
    assert see(TRAFFIC, number, named[1]) is None
    earlier = Changes(start=house.at("12:00", WEEKS[1]), end=house.at("12:30", WEEKS[1]))
    changing.change(police, number, earlier, None, house.clock(), occurrence=named[2])
    found = see(TRAFFIC, number, house.at("12:15", WEEKS[1]))
    assert found is not None
    assert found.occurrence == named[2]


def test_what_is_clipped_is_named_by_what_is_seen_of_it(house: House, see: See) -> None:
    number = house.book(TRAFFIC, DESKS[1], "10:00", "12:00", visibility="open").view.id
    house.book(POLICE, HALL, "09:00", "10:30", circle=POLICE_CIRCLE, agree=True)
    house.book(POLICE, HALL, "11:00", "11:30", circle=POLICE_CIRCLE, agree=True)
    assert see(MIKA, number, house.at("10:00")) is None
    for start, end in (("10:30", "11:00"), ("11:30", "12:00")):
        piece = see(MIKA, number, house.at(start))
        assert piece is not None
        assert piece.span == house.span(start, end)
    own = see(TRAFFIC, number, house.at("10:00"))
    assert own is not None
    assert own.span == house.span("10:00", "12:00")


def test_how_it_repeats_is_told_to_its_own_people_through_eyes_that_may_know_all_of_it(house: House) -> None:
    number, now = weekly(house), house.clock()
    own = looking.look_at(house.viewer(POLICE), number, now).view
    assert own.repetition == Repetition("FREQ=WEEKLY;COUNT=4")
    for outsider in (house.viewer(TRAFFIC), house.viewer(POLICE).as_outsider()):
        view = looking.look_at(outsider, number, now).view
        assert (view.repetition, view.version) == (None, 0)


def test_a_token_with_an_outsiders_eyes_reaches_only_what_it_sees(house: House) -> None:
    house.book(POLICE, HALL, "09:00", "12:00", WEEKS[1], circle=POLICE_CIRCLE)
    number, now = weekly(house), house.clock()
    police = house.viewer(POLICE)
    cancelling.cancel(police.as_outsider(), number, now, scope=Scope.ALL)
    statuses = [
        looking.look_at(police, number, now, house.at("10:00", day)).view.status.value for day in WEEKS
    ]
    assert statuses == ["cancelled", "confirmed", "cancelled", "cancelled"]


def test_an_occurrence_that_is_cancelled_still_names_those_that_follow(house: House) -> None:
    number, now, police = weekly(house), house.clock(), house.viewer(POLICE)
    second = house.at("10:00", WEEKS[1])
    cancelling.cancel(police, number, now, occurrence=second)
    with pytest.raises(Forbidden):
        cancelling.cancel(police, number, now, occurrence=second)
    cancelling.cancel(police, number, now, scope=Scope.FOLLOWING, occurrence=second)
    with pytest.raises(Forbidden):
        cancelling.cancel(police, number, now, scope=Scope.FOLLOWING, occurrence=second)
    statuses = [
        looking.look_at(police, number, now, house.at("10:00", day)).view.status.value for day in WEEKS
    ]
    assert statuses == ["confirmed", "cancelled", "cancelled", "cancelled"]
