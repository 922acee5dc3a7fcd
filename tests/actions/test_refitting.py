"""A premises is changed, and what is booked ahead holds what it would hold there if it were booked now."""

import copy
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select

from booking.actions import looking, operating, ruling
from booking.actions.ruling import Adding
from booking.demo import definition
from booking.domain.bookings import Repetition
from booking.domain.definition import DefinitionError
from booking.domain.premises import Kind
from booking.domain.views import Busy
from booking.storage.database import run, transaction
from booking.storage.stakes import Stored
from booking.storage.tables import claims
from tests.actions.test_blocking import block
from tests.actions.test_closing import close, end
from tests.cast import (
    ARTIST,
    COORDINATOR,
    DESKS,
    GUARD,
    HALL,
    MEETING_ROOM,
    POLICE,
    POLICE_CIRCLE,
    PREMISES,
    SOCIAL,
    SOCIAL_CIRCLE,
    TABLE,
    TODAY,
    TRAFFIC,
)
from tests.support.dump import rows_by_table
from tests.support.house import House

pytestmark = pytest.mark.usefixtures("inside")
TOMORROW = TODAY + timedelta(days=1)
OUTSIDERS = (ARTIST, TRAFFIC, COORDINATOR)


def add_desk(house: House, zone: str = "kontoret") -> str:
    """One more desk by the page; its key."""
    return add(house, Adding(Kind.DESK, "Ståbordet", "", zone))


def add(house: House, wanted: Adding) -> str:
    before = set(house.place.premises.by_key)
    ruling.add(house.viewer(COORDINATOR), PREMISES, wanted, house.clock())
    (key,) = set(house.place.premises.by_key) - before
    return key


def load(house: House, change: Callable[[dict[str, Any]], object]) -> None:
    """The file again, without its drawing, with something changed in it."""
    content = copy.deepcopy(definition())
    del content["plan"]
    change(content)
    operating.load_premises(content, house.clock())


def of(content: dict[str, Any], key: str) -> dict[str, Any]:
    return next(each for each in content["resources"] if each["key"] == key)


def is_sound(house: House) -> bool:
    """No claims stand that must not, and everything holds what it should."""
    return all((each.broken, each.misfits) == ((), ()) for each in operating.audit(house.clock()))


def busy(house: House, who: str, resource: str) -> list[str]:
    """When a place is Busy to somebody today, by the clock."""
    day = house.span("00:00", "24:00")
    entries = looking.board(house.viewer(who), house.place, day, house.clock()).board.entries
    zone = house.place.premises.zone
    return [
        "–".join(f"{moment.astimezone(zone):%H:%M}" for moment in (each.span.start, each.span.end))
        for each in entries
        if isinstance(each, Busy) and each.resource == resource
    ]


# --- a desk is added --------------------------------------------------------------------------


def test_a_desk_that_comes_where_the_desks_are_cleared_is_cleared_too(house: House) -> None:
    house.book(TRAFFIC, HALL, "10:00", "11:00", visibility="open", clear_desks=True)
    desk = add_desk(house)
    house.clash(GUARD, desk, "10:30", "11:30")
    house.clash(TRAFFIC, desk, "10:00", "11:00")
    house.book(GUARD, desk, "09:00", "10:00")
    house.book(GUARD, desk, "11:00", "12:00")
    assert is_sound(house)


def test_every_time_of_a_series_has_it_cleared(house: House) -> None:
    house.book(TRAFFIC, HALL, "10:00", "11:00", clear_desks=True, repeat=Repetition("FREQ=DAILY;COUNT=3"))
    desk = add_desk(house)
    for days in range(3):
        house.clash(GUARD, desk, "10:00", "11:00", TODAY + timedelta(days=days))
    house.book(GUARD, desk, "10:00", "11:00", TODAY + timedelta(days=3))
    assert is_sound(house)


def test_where_the_desks_are_not_cleared_it_can_be_had(house: House) -> None:
    house.book(TRAFFIC, HALL, "10:00", "11:00", visibility="open")
    desk = add_desk(house)
    house.book(GUARD, desk, "10:00", "11:00")
    assert is_sound(house)


@pytest.mark.parametrize("clear_desks", [False, True])
@pytest.mark.parametrize("who", OUTSIDERS)
def test_nobody_outside_its_circle_has_a_desk_that_comes_within_a_briefing(
    house: House, who: str, clear_desks: bool
) -> None:
    house.book(POLICE, HALL, "10:00", "11:00", circle=POLICE_CIRCLE, clear_desks=clear_desks)
    desk = add_desk(house)
    assert busy(house, who, desk) == ["10:00–11:00"]
    assert house.clash(who, desk, "10:59", "12:00").met
    house.book(who, desk, "11:00", "12:00")
    assert is_sound(house)


def test_its_own_circle_has_it_unless_the_desks_were_cleared(house: House) -> None:
    house.book(POLICE, HALL, "10:00", "11:00", circle=POLICE_CIRCLE)
    house.book(POLICE, HALL, "12:00", "13:00", circle=POLICE_CIRCLE, clear_desks=True)
    desk = add_desk(house)
    house.book(GUARD, desk, "10:00", "11:00")
    house.clash(GUARD, desk, "12:00", "13:00")
    assert is_sound(house)


def test_of_a_briefing_that_gave_way_a_new_desk_is_given_back_with_the_rest(house: House) -> None:
    house.book(POLICE, HALL, "10:00", "12:00", circle=POLICE_CIRCLE, clear_desks=True)
    closure = close(house, "kontoret", start="11:00", end="12:00")
    desk = add_desk(house)
    assert is_sound(house)
    end(house, closure)
    assert is_sound(house)
    house.clash(GUARD, desk, "11:00", "12:00")


def test_what_has_ended_stays_as_it_was(house: House) -> None:
    house.book(TRAFFIC, HALL, "10:00", "11:00", clear_desks=True)
    house.clock.step(days=1)
    before = _claims()
    add_desk(house)
    assert _claims() == before
    assert is_sound(house)


def _claims() -> list[Any]:
    return list(run(select(claims).order_by(claims.c.id)))


def test_who_adds_a_desk_is_told_of_nothing_that_is_booked_there(build_house: Callable[..., House]) -> None:
    def seen(hidden: bool) -> object:
        house = build_house()
        if hidden:
            house.book(POLICE, HALL, "10:00", "11:00", TOMORROW, circle=POLICE_CIRCLE, clear_desks=True)
        wanted = {"slag": "desk:kontoret", "namn": "Ståbordet"}
        answer = house.visitor(COORDINATOR).submit("/samordning/lokalen/ny", wanted)
        return answer.status_code, answer.data, answer.location

    assert seen(hidden=True) == seen(hidden=False)


# --- where everybody is kept out --------------------------------------------------------------


def test_a_desk_that_comes_into_a_closed_zone_is_closed_with_it(house: House) -> None:
    closure = close(house, "kontoret", start="10:00", end="12:00")
    desk = add_desk(house)
    house.clash(GUARD, desk, "10:00", "11:00")
    house.clash(GUARD, HALL, "11:00", "12:00")
    house.book(GUARD, TABLE, "11:00", "12:00")
    assert is_sound(house)
    end(house, closure)
    house.book(GUARD, desk, "10:00", "11:00")
    assert is_sound(house)


def test_a_closed_premises_is_closed_whatever_comes_to_it(house: House) -> None:
    close(house, PREMISES, start="10:00", end="12:00")
    for wanted in (
        Adding(Kind.EQUIPMENT, "Projektor", "", ""),
        Adding(Kind.DESK, "Hörnet", "", "motesdelen"),
    ):
        house.clash(GUARD, add(house, wanted), "10:00", "11:00")
    assert is_sound(house)


def test_every_time_of_a_block_of_a_zone_keeps_it(house: House) -> None:
    block(house, "kontoret", repeat=Repetition("FREQ=DAILY;COUNT=3"))
    desk = add_desk(house)
    for days in range(3):
        house.clash(GUARD, desk, "11:00", "13:00", TODAY + timedelta(days=days))
    assert is_sound(house)


def test_a_block_of_one_desk_keeps_no_other(house: House) -> None:
    block(house, DESKS[0])
    desk = add_desk(house)
    house.book(GUARD, desk, "10:00", "11:00")
    assert is_sound(house)


# --- another file -----------------------------------------------------------------------------


def test_a_table_that_comes_into_a_booked_room_goes_with_the_room(house: House) -> None:
    house.book(TRAFFIC, MEETING_ROOM, "10:00", "11:00", visibility="open")
    table = {"key": "sidobordet", "kind": "table", "name": "Sidobordet", "zone": "motesdelen"}
    load(house, lambda content: content["resources"].append(table))
    house.clash(GUARD, "sidobordet", "10:30", "11:30")
    house.book(GUARD, "sidobordet", "11:00", "12:00")
    assert is_sound(house)


def test_what_is_said_at_a_desk_is_secret_where_the_desk_is_moved_to(house: House) -> None:
    house.book(SOCIAL, DESKS[0], "10:00", "11:00", circle=SOCIAL_CIRCLE)
    load(house, lambda content: of(content, DESKS[0]).update(zone="motesdelen"))
    assert busy(house, TRAFFIC, TABLE) == ["10:00–11:00"]
    assert busy(house, TRAFFIC, DESKS[1]) == []
    house.clash(TRAFFIC, TABLE, "10:00", "11:00")
    house.book(TRAFFIC, DESKS[1], "10:00", "11:00")
    assert is_sound(house)


def test_nobody_is_moved_into_earshot_of_a_secret(house: House, database: str) -> None:
    house.book(SOCIAL, MEETING_ROOM, "10:00", "11:00", circle=SOCIAL_CIRCLE)
    house.book(TRAFFIC, DESKS[0], "09:00", "12:00")
    before = rows_by_table(database)
    with pytest.raises(DefinitionError) as refused:
        load(house, lambda content: of(content, DESKS[0]).update(zone="motesdelen"))
    assert str(refused.value) == "what is booked ahead could not stand there: motesdelen 2026-11-24 10:00"
    assert rows_by_table(database) == before


def test_no_secret_is_moved_to_where_others_are(house: House, database: str) -> None:
    house.book(TRAFFIC, TABLE, "09:00", "12:00")
    house.book(SOCIAL, DESKS[0], "10:00", "11:00", circle=SOCIAL_CIRCLE)
    before = rows_by_table(database)
    with pytest.raises(DefinitionError, match="motesdelen 2026-11-24 10:00"):
        load(house, lambda content: of(content, DESKS[0]).update(zone="motesdelen"))
    assert rows_by_table(database) == before


def test_a_wall_that_takes_longer_to_move_is_claimed_earlier(house: House) -> None:
    house.book(SOCIAL, MEETING_ROOM, "10:00", "11:00", circle=SOCIAL_CIRCLE)
    assert busy(house, TRAFFIC, HALL) == ["09:55–11:05"]
    load(house, lambda content: content.update(changeover_minutes=15))
    assert busy(house, TRAFFIC, HALL) == ["09:45–11:15"]
    assert is_sound(house)
    load(house, lambda content: content.update(changeover_minutes=0))
    assert busy(house, TRAFFIC, HALL) == ["10:00–11:00"]
    assert is_sound(house)


def test_a_wall_that_could_not_be_moved_in_time_is_said_with_the_hour(house: House, database: str) -> None:
    house.book(TRAFFIC, MEETING_ROOM, "10:00", "11:00")
    house.book(POLICE, HALL, "11:10", "12:00")
    before = rows_by_table(database)
    with pytest.raises(DefinitionError, match="glasvaggen 2026-11-24 10:55"):
        load(house, lambda content: content.update(changeover_minutes=15))
    assert rows_by_table(database) == before


def test_two_rooms_that_trade_zones_keep_what_is_booked_there(house: House) -> None:
    office = {"key": "kontorsrummet", "kind": "room", "name": "Kontorsrummet", "zones": ["kontoret"]}
    load(house, lambda content: content["resources"].append(office))
    house.book(TRAFFIC, MEETING_ROOM, "10:00", "11:00", visibility="open")
    house.book(GUARD, "kontorsrummet", "10:00", "11:00", visibility="open")

    def trade(content: dict[str, Any]) -> None:
        of(content, MEETING_ROOM).update(zones=["kontoret"])
        content["resources"].append({**office, "zones": ["motesdelen"]})

    load(house, trade)
    assert is_sound(house)
    house.clash(ARTIST, TABLE, "10:00", "11:00")


def test_a_room_that_grows_takes_the_floor_it_has_come_to(house: House) -> None:
    made = house.book(TRAFFIC, MEETING_ROOM, "10:00", "11:00", visibility="open").view
    house.book(GUARD, DESKS[0], "09:00", "12:00")

    def grow(content: dict[str, Any]) -> None:
        of(content, MEETING_ROOM).update(zones=["motesdelen", "kontoret"])

    load(house, grow)
    assert looking.look_at(house.viewer(TRAFFIC), made.id, house.clock()).view.resource == MEETING_ROOM
    house.clash(GUARD, HALL, "10:30", "11:30")
    assert is_sound(house)


def test_the_same_file_lays_nothing_anew(house: House) -> None:
    house.book(POLICE, HALL, "10:00", "11:00", circle=POLICE_CIRCLE, clear_desks=True)
    before = _claims()
    operating.load_premises(definition(), house.clock())
    assert _claims() == before


# --- the audit --------------------------------------------------------------------------------


def test_the_audit_names_what_holds_less_than_it_should(house: House) -> None:
    made = house.book(POLICE, HALL, "10:00", "11:00", circle=POLICE_CIRCLE).view
    assert is_sound(house)
    with transaction(house.place.id):
        run(delete(claims).where(claims.c.kind == Stored.SECRECY.value))
    (audit,) = operating.audit(house.clock())
    assert audit.misfits == (made.key,)
    house.clock.step(days=1)
    assert is_sound(house), "what has ended may have been booked in another premises"
