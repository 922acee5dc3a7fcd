"""Places are retired and renamed, and hours changed, while bookings stand: by the coordinator or by a changed file."""

import copy
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from booking.actions import finding, furnishing, looking, operating
from booking.actions.errors import Refused
from booking.actions.wishing import ANY_DESK
from booking.demo import definition
from booking.domain.bookings import Repetition, Status
from booking.domain.definition import DefinitionError
from booking.domain.permissions import Forbidden
from booking.domain.premises import Kind
from booking.domain.refusals import Reason
from booking.domain.views import Full
from booking.storage import places
from booking.storage.database import run
from booking.storage.tables import journal, notices
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
    PREMISES,
    TABLE,
    TODAY,
    TRAFFIC,
)
from tests.support.dump import rows_by_table
from tests.support.house import House

pytestmark = pytest.mark.usefixtures("inside")
TOMORROW = TODAY + timedelta(days=1)
Retire = Callable[[House, str, date], None]


def by_the_page(house: House, resource: str, day: date) -> None:
    furnishing.retire(house.viewer(COORDINATOR), PREMISES, resource, day, house.clock())


def by_the_file(house: House, resource: str, day: date) -> None:
    content = changed(resource, retired=day)
    operating.load_premises(content, house.clock())


def changed(resource: str, **fields: Any) -> dict[str, Any]:
    """The file with other things said of one resource."""
    content = copy.deepcopy(definition())
    table = next(each for each in content["resources"] if each["key"] == resource)
    table.update(fields)
    return content


@pytest.fixture(params=[by_the_page, by_the_file])
def retire(request: pytest.FixtureRequest) -> Retire:
    return request.param  # type: ignore[no-any-return]


def status(house: House, who: str, made: Full) -> Status:
    return looking.look_at(house.viewer(who), made.id, house.clock(), made.occurrence).view.status


def told(house: House, who: str) -> list[tuple[str, str | None]]:
    person = house.viewer(who).person
    rows = run(select(notices).where(notices.c.person_id == person).order_by(notices.c.id))
    return [(row.kind, row.booking_id) for row in rows]


def reasons(refused: pytest.ExceptionInfo[Refused]) -> list[Reason]:
    return [each.reason for each in refused.value.refusals]


# --- retired ----------------------------------------------------------------------------------


def test_what_is_retired_is_booked_until_that_day_and_not_from_it(house: House, retire: Retire) -> None:
    retire(house, DESKS[0], TOMORROW)
    house.book(TRAFFIC, DESKS[0], "10:00", "11:00")
    with pytest.raises(Refused) as refused:
        house.book(TRAFFIC, DESKS[0], "10:00", "11:00", TOMORROW)
    assert reasons(refused) == [Reason.RETIRED]
    house.book(POLICE, DESKS[0], "23:00", "24:00")
    with pytest.raises(Refused) as refused:
        house.book(POLICE, DESKS[0], "22:30", "22:45", TOMORROW)
    assert reasons(refused) == [Reason.RETIRED]


def test_it_is_not_offered_from_that_day(house: House, retire: Retire) -> None:
    retire(house, DESKS[0], TOMORROW)
    assert house.book(TRAFFIC, ANY_DESK, "10:00", "11:00").view.resource == DESKS[0]
    assert house.book(TRAFFIC, ANY_DESK, "10:00", "11:00", TOMORROW).view.resource == DESKS[1]
    window = house.span("00:00", "24:00", TOMORROW)
    order = house.order(DESKS[0], "10:00", "11:00")
    free = finding.find_free(house.viewer(TRAFFIC), house.place, order, Kind.DESK, window, 50, house.clock())
    assert DESKS[0] not in {each.resource for each in free}
    assert DESKS[1] in {each.resource for each in free}


def test_coming_bookings_of_it_are_cancelled_but_for_hidden_ones_and_all_their_organisers_told(
    house: House, retire: Retire
) -> None:
    before = house.book(TRAFFIC, DESKS[0], "10:00", "11:00").view
    mine = house.book(TRAFFIC, DESKS[0], "10:00", "11:00", TOMORROW).view
    hidden = house.book(POLICE, DESKS[0], "14:00", "15:00", TOMORROW, circle=POLICE_CIRCLE).view
    other = house.book(GUARD, DESKS[1], "10:00", "11:00", TOMORROW).view
    retire(house, DESKS[0], TOMORROW)
    assert status(house, TRAFFIC, before) is Status.CONFIRMED
    assert status(house, TRAFFIC, mine) is Status.CANCELLED
    assert status(house, POLICE, hidden) is Status.CONFIRMED
    assert status(house, GUARD, other) is Status.CONFIRMED
    assert told(house, TRAFFIC) == [("retired", mine.id)]
    assert told(house, POLICE) == [("retired", hidden.id)]
    assert told(house, GUARD) == []
    assert operating.audit()[0].broken == ()


def test_of_a_series_only_the_times_from_that_day_are_cancelled(house: House, retire: Retire) -> None:
    made = house.book(TRAFFIC, DESKS[0], "10:00", "11:00", repeat=Repetition("FREQ=DAILY;COUNT=4")).view
    retire(house, DESKS[0], TODAY + timedelta(days=2))
    window = house.span("00:00", "24:00").widened(after=timedelta(days=9))
    left = looking.mine(house.viewer(TRAFFIC), house.place, window, house.clock()).views
    assert [view.span.start.date() for view in left] == [TODAY, TOMORROW]
    assert told(house, TRAFFIC) == [("retired", made.id)]


def test_what_had_given_way_to_them_is_given_back(house: House, retire: Retire) -> None:
    made = house.book(ARTIST, TABLE, "10:00", "12:00", TOMORROW).view
    house.book(POLICE, MEETING_ROOM, "10:00", "11:00", TOMORROW, urgent=True, agree=True)
    retire(house, MEETING_ROOM, TOMORROW)
    hers = looking.look_at(house.viewer(ARTIST), made.id, house.clock()).view
    assert (hers.suspended, hers.status) == ((), Status.CONFIRMED)


def test_at_which_place_something_hidden_is_shows_to_nobody_when_one_is_retired(
    build_house: Callable[..., House], retire: Retire
) -> None:
    def seen(where: str, gone: str) -> list[Any]:
        """What outsiders see before and after a place was retired, with something hidden at this one."""
        house = build_house()
        house.book(POLICE, where, "14:00", "15:00", TOMORROW, circle=POLICE_CIRCLE)
        day, found = house.span("00:00", "24:00", TOMORROW), []
        for _ in range(2):
            with house.inside():
                boards = [
                    looking.board(house.viewer(who), house.place, day, house.clock()).board.entries
                    for who in (COORDINATOR, ARTIST, TRAFFIC)
                ]
                found.append(boards)
                retire(house, gone, TOMORROW)
        assert found[0] == found[1], "what is hidden bars as before"
        return found

    assert seen(DESKS[0], DESKS[0]) == seen(DESKS[1], DESKS[0])
    assert seen(MEETING_ROOM, MEETING_ROOM) == seen(TABLE, MEETING_ROOM)


def test_history_keeps_its_name(house: House, retire: Retire) -> None:
    made = house.book(TRAFFIC, DESKS[0], "10:00", "11:00").view
    retire(house, DESKS[0], TOMORROW)
    house.clock.step(days=10)
    view = looking.look_at(house.viewer(TRAFFIC), made.id, house.clock()).view
    assert house.place.premises.named(view.resource).sv == "Arbetsplats 1"


def test_retired_once_more_nobody_is_told_again(house: House, retire: Retire) -> None:
    house.book(TRAFFIC, DESKS[0], "10:00", "11:00", TOMORROW)
    for _ in range(2):
        retire(house, DESKS[0], TOMORROW)
        house.clock.step(minutes=1)
    assert len(told(house, TRAFFIC)) == 1


def test_what_vanishes_from_the_file_is_retired_that_day(house: House) -> None:
    made = house.book(POLICE, DESKS[0], "10:00", "11:00", TOMORROW).view
    content = copy.deepcopy(definition())
    content["resources"] = [each for each in content["resources"] if each["key"] != DESKS[0]]
    for plan in (content["plan"], content["plan"]["upright"]):
        del plan["places"][DESKS[0]]
    for _ in range(2):
        operating.load_premises(content, house.clock())
        house.clock.step(days=1)
    assert house.place.premises.by_key[DESKS[0]].retired == TODAY
    view = looking.look_at(house.viewer(POLICE), made.id, house.clock()).view
    assert (view.status, house.place.premises.named(DESKS[0]).sv) == (Status.CANCELLED, "Arbetsplats 1")
    operating.load_premises(definition(), house.clock())
    house.book(POLICE, DESKS[0], "10:00", "11:00", TOMORROW + timedelta(days=2))


def test_a_zone_that_vanishes_with_all_that_stood_in_it_is_remembered(house: House) -> None:
    house.book(POLICE, HALL, "10:00", "11:00")
    content = copy.deepcopy(definition())
    content["zones"] = [each for each in content["zones"] if each["key"] != "motesdelen"]
    content["partitions"] = []
    content["resources"] = [each for each in content["resources"] if each.get("zone") == "kontoret"]
    del content["plan"]
    operating.load_premises(content, house.clock())
    day = house.span("00:00", "24:00")
    looking.board(house.viewer(POLICE), house.place, day, house.clock())
    assert house.visitor(POLICE).get("/idag").status_code == 200


# --- renamed ----------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["page", "file"])
def test_a_new_name_stands_everywhere_at_once_and_who_has_booked_there_is_told(
    house: House, way: str
) -> None:
    made = house.book(TRAFFIC, DESKS[0], "10:00", "11:00", TOMORROW).view
    hidden = house.book(POLICE, DESKS[0], "14:00", "15:00", TOMORROW, circle=POLICE_CIRCLE).view
    house.book(GUARD, DESKS[1], "10:00", "11:00", TOMORROW)
    if way == "page":
        who = house.viewer(COORDINATOR)
        furnishing.rename(who, PREMISES, DESKS[0], "Fönsterplatsen", "Window desk", house.clock())
    else:
        content = changed(DESKS[0], name="Fönsterplatsen", name_en="Window desk")
        operating.load_premises(content, house.clock())
    name = house.place.premises.named(DESKS[0])
    assert (name.sv, name.en) == ("Fönsterplatsen", "Window desk")
    assert "Fönsterplatsen" in house.visitor(TRAFFIC).get("/mina").text
    assert told(house, TRAFFIC) == [("renamed", made.id)]
    assert told(house, POLICE) == [("renamed", hidden.id)]
    assert told(house, GUARD) == []


@pytest.mark.parametrize(
    ("name", "reason"),
    [("  ", Reason.NAME_MISSING), ("x" * 121, Reason.TITLE_TOO_LONG), ("a\nb", Reason.UNPRINTABLE)],
)
def test_a_name_is_one_line_that_says_something(
    house: House, name: str, reason: Reason, database: str
) -> None:
    before = rows_by_table(database)
    with pytest.raises(Refused) as refused:
        furnishing.rename(house.viewer(COORDINATOR), PREMISES, DESKS[0], name, "", house.clock())
    assert reasons(refused) == [reason]
    assert rows_by_table(database) == before


# --- hours ------------------------------------------------------------------------------------

SHORTER = dict.fromkeys(
    ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"), "09:00-17:00"
)


@pytest.mark.parametrize("way", ["page", "file"])
def test_what_lies_outside_shorter_hours_stands_and_its_organiser_is_told(house: House, way: str) -> None:
    late = house.book(TRAFFIC, DESKS[0], "18:00", "19:00", TOMORROW).view
    house.book(ARTIST, DESKS[1], "10:00", "11:00", TOMORROW)
    house.book(POLICE, DESKS[1], "18:00", "19:00", TOMORROW)
    if way == "page":
        furnishing.set_hours(house.viewer(COORDINATOR), PREMISES, SHORTER, house.clock())
    else:
        operating.load_premises({**definition(), "hours": SHORTER}, house.clock())
    assert status(house, TRAFFIC, late) is Status.CONFIRMED
    assert told(house, TRAFFIC) == [("hours", late.id)]
    assert told(house, ARTIST) == told(house, POLICE) == []
    with pytest.raises(Refused) as refused:
        house.book(TRAFFIC, DESKS[1], "19:00", "20:00", TOMORROW)
    assert reasons(refused) == [Reason.OUTSIDE_HOURS]


def test_longer_hours_trouble_nobody(house: House) -> None:
    house.book(TRAFFIC, DESKS[0], "18:00", "19:00", TOMORROW)
    longer = dict.fromkeys(SHORTER, "06:00-23:00")
    furnishing.set_hours(house.viewer(COORDINATOR), PREMISES, longer, house.clock())
    assert told(house, TRAFFIC) == []
    house.book(TRAFFIC, DESKS[0], "22:00", "23:00", TOMORROW)


def test_hours_that_cannot_be_read_are_refused(house: House, database: str) -> None:
    before = rows_by_table(database)
    for written in ("sju till nio", "17:00-09:00"):
        hours = {**SHORTER, "monday": written}
        with pytest.raises(Refused) as refused:
            furnishing.set_hours(house.viewer(COORDINATOR), PREMISES, hours, house.clock())
        assert reasons(refused) == [Reason.HOURS_UNREADABLE]
    assert rows_by_table(database) == before


# --- by whom, and what is answered ------------------------------------------------------------


@pytest.mark.parametrize("who", [ARTIST, POLICE, TRAFFIC, ADMINISTRATOR])
def test_only_the_coordinator_furnishes(house: House, who: str, database: str) -> None:
    before, viewer, now = rows_by_table(database), house.viewer(who), house.clock()
    for act in (
        lambda: furnishing.retire(viewer, PREMISES, DESKS[0], TOMORROW, now),
        lambda: furnishing.rename(viewer, PREMISES, DESKS[0], "Annat", "", now),
        lambda: furnishing.set_hours(viewer, PREMISES, SHORTER, now),
        lambda: furnishing.hours_of(viewer, house.place),
    ):
        with pytest.raises(Forbidden):
            act()
    assert rows_by_table(database) == before


def test_nothing_is_retired_back_in_time_and_nothing_that_is_not_there(house: House) -> None:
    who, now = house.viewer(COORDINATOR), house.clock()
    with pytest.raises(Refused) as refused:
        furnishing.retire(who, PREMISES, DESKS[0], TODAY - timedelta(days=1), now)
    assert reasons(refused) == [Reason.IN_THE_PAST]
    with pytest.raises(Refused) as refused:
        furnishing.retire(who, PREMISES, "altanen", TOMORROW, now)
    assert reasons(refused) == [Reason.UNKNOWN_RESOURCE]


def test_the_coordinator_hears_nothing_of_what_was_there(house: House) -> None:
    house.book(POLICE, DESKS[0], "14:00", "15:00", TOMORROW, circle=POLICE_CIRCLE)
    assert by_the_page(house, DESKS[0], TOMORROW) is None  # type: ignore[func-returns-value]
    assert told(house, COORDINATOR) == []
    noted = [row for row in run(select(journal)) if row.actor_id == house.viewer(COORDINATOR).person]
    assert {row.action for row in noted} == {"premises:furnish"}


def test_a_file_with_a_fault_changes_nothing(house: House, database: str) -> None:
    before = rows_by_table(database)
    for fields in ({"retired": "i morgon"}, {"retired": 5}, {"kind": "shelf"}):
        with pytest.raises(DefinitionError):
            operating.load_premises(changed(DESKS[0], **fields), house.clock())
    assert rows_by_table(database) == before
    assert places.definition(house.place.id)["key"] == PREMISES
