"""The coordinator keeps places from everybody: who gives way, who does not, and what others see of it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from booking.actions import blocking, cancelling, changing, looking, operating
from booking.actions.blocking import Wanted
from booking.actions.changes import Changes
from booking.actions.errors import Clash, NotFound, Refused
from booking.actions.wishing import Given
from booking.domain.bookings import Purpose, Repetition, Status
from booking.domain.permissions import Forbidden
from booking.domain.refusals import Reason
from booking.domain.views import Busy, Full
from booking.storage.database import run
from booking.storage.tables import bookings, journal
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
    SOCIAL,
    TABLE,
    TODAY,
    TRAFFIC,
)
from tests.support.dump import rows_by_table
from tests.support.house import House

pytestmark = pytest.mark.usefixtures("inside")
OFFICE, MEETING_SIDE = "kontoret", "motesdelen"


def wanted(house: House, *places: str, start: str = "10:00", end: str = "12:00", **fields: object) -> Wanted:
    span = house.span(start, end, fields.pop("day", None))  # type: ignore[arg-type]
    return Wanted(PREMISES, places, span, **{"reason": "Golvslipning", **fields})  # type: ignore[arg-type]


def block(house: House, *places: str, who: str = COORDINATOR, **fields: object) -> Full:
    return blocking.block(house.viewer(who), wanted(house, *places, **fields), house.clock()).view


def quiet(house: House, *places: str, **fields: object) -> Full:
    """A block whose reason only the coordinator's own organisation reads."""
    return block(house, *places, public=False, **fields)


def clash_of(house: House, *places: str, **fields: object) -> Clash:
    with pytest.raises(Clash) as clash:
        block(house, *places, **fields)
    return clash.value


def agreed(house: House, *places: str, **fields: object) -> Full:
    """A block, with a yes to exactly what would give way."""
    given = frozenset(Given(each.id) for each in clash_of(house, *places, **fields).displaceable)
    return block(house, *places, displace=given, **fields)


def seen(house: House, who: str, resource: str) -> list[object]:
    day = house.span("00:00", "24:00")
    board = looking.board(house.viewer(who), house.place, day, house.clock()).board
    return [each for each in board.entries if each.resource == resource]


# --- what is kept from whom -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("places", "taken", "free"),
    [
        ((DESKS[0],), (DESKS[0],), (DESKS[1], TABLE, HALL)),
        ((DESKS[0], TABLE), (DESKS[0], TABLE, MEETING_ROOM, HALL), (DESKS[1],)),
        ((OFFICE,), (*DESKS, HALL), (TABLE,)),
        ((MEETING_SIDE,), (TABLE, MEETING_ROOM, HALL), (*DESKS,)),
        ((MEETING_ROOM,), (MEETING_ROOM, HALL), DESKS),
        ((PREMISES,), (*DESKS, TABLE, MEETING_ROOM, HALL), ()),
    ],
    ids=str,
)
def test_a_block_keeps_its_places_from_everybody_and_no_others(
    house: House, places: tuple[str, ...], taken: tuple[str, ...], free: tuple[str, ...]
) -> None:
    made = block(house, *places)
    assert made.purpose is Purpose.BLOCK
    for who in (POLICE, TRAFFIC, ARTIST, COORDINATOR):
        for resource in taken:
            assert house.clash(who, resource, "11:00", "11:30").displaceable == ()
    for resource in free:
        made = house.book(TRAFFIC, resource, "11:00", "11:30").view
        cancelling.cancel(house.viewer(TRAFFIC), made.id, house.clock())


def test_what_is_not_there_cannot_be_blocked(house: House) -> None:
    for places in ((), ("altanen",), (DESKS[0], "altanen"), ("glasvaggen",)):
        with pytest.raises(Refused) as refused:
            block(house, *places)
        assert [each.reason for each in refused.value.refusals] == [Reason.UNKNOWN_RESOURCE]


@pytest.mark.parametrize("who", [ARTIST, POLICE, TRAFFIC, ADMINISTRATOR])
def test_only_the_coordinator_blocks(house: House, who: str, database: str) -> None:
    before = rows_by_table(database)
    with pytest.raises(Forbidden):
        block(house, DESKS[0], who=who)
    with pytest.raises(Forbidden):
        blocking.coming(house.viewer(who), house.place, house.span("00:00", "24:00"), house.clock())
    assert rows_by_table(database) == before


def test_a_public_reason_must_be_there_and_a_private_one_need_not(house: House) -> None:
    with pytest.raises(Refused) as refused:
        block(house, DESKS[0], reason="  ")
    assert [each.reason for each in refused.value.refusals] == [Reason.REASON_MISSING]
    quiet(house, DESKS[0], reason="")


# --- which rules bind it ----------------------------------------------------------------------


def test_neither_opening_hours_nor_the_horizon_nor_the_longest_booking_binds_a_block(house: House) -> None:
    block(house, DESKS[0], start="22:00", end="23:00")
    block(house, DESKS[1], day=TODAY + timedelta(days=700))
    span = house.span("10:00", "12:00").widened(after=timedelta(days=28))
    order = Wanted(PREMISES, (DESKS[2],), span, "Renovering")
    blocking.block(house.viewer(COORDINATOR), order, house.clock())


@pytest.mark.parametrize(
    ("days", "length", "reason"),
    [(732, 1, Reason.TOO_FAR_AHEAD), (1, 32 * 24, Reason.TOO_LONG), (-1, 1, Reason.IN_THE_PAST)],
)
def test_sanity_binds_it(house: House, days: int, length: int, reason: Reason) -> None:
    start = house.at("10:00", TODAY + timedelta(days=days))
    span = house.span("10:00", "11:00").__class__(start, start + timedelta(hours=length))
    order = Wanted(PREMISES, (DESKS[0],), span, "Renovering")
    with pytest.raises(Refused) as refused:
        blocking.block(house.viewer(COORDINATOR), order, house.clock())
    assert reason in [each.reason for each in refused.value.refusals]


def test_every_monday_evening_is_one_block(house: House) -> None:
    made = block(house, OFFICE, start="21:00", end="23:00", repeat=Repetition("FREQ=WEEKLY;BYDAY=MO;COUNT=5"))
    window = house.span("00:00", "24:00").widened(after=timedelta(days=60))
    views = blocking.coming(house.viewer(COORDINATOR), house.place, window, house.clock())
    assert [view.id for view in views] == [made.id] * 5
    assert {f"{view.span.start:%A}" for view in views} == {"Monday"}


def test_of_a_series_the_days_that_clash_may_be_left_out(house: House) -> None:
    house.book(POLICE, DESKS[0], "10:00", "11:00", TODAY + timedelta(days=1))
    daily = Repetition("FREQ=DAILY;COUNT=3")
    assert len(clash_of(house, DESKS[0], repeat=daily).met) == 1
    block(house, DESKS[0], repeat=daily, skip=True)
    window = house.span("00:00", "24:00").widened(after=timedelta(days=9))
    assert len(blocking.coming(house.viewer(COORDINATOR), house.place, window, house.clock())) == 2


# --- who gives way ----------------------------------------------------------------------------


def test_guests_give_way_once_the_exact_list_is_agreed_to(house: House, database: str) -> None:
    made = house.book(ARTIST, TABLE, "11:00", "14:00").view
    before = rows_by_table(database)
    (listed,) = clash_of(house, MEETING_SIDE).displaceable
    assert (listed.id, listed.suspended) == (made.id, (house.span("11:00", "12:00"),))
    assert rows_by_table(database) == before
    agreed(house, MEETING_SIDE)
    hers = looking.look_at(house.viewer(ARTIST), made.id, house.clock()).view
    assert hers.suspended == (house.span("11:00", "12:00"),)
    assert operating.audit()[0].broken == ()


def test_a_desk_is_moved_to_an_equal_one_that_is_free(house: House) -> None:
    made = house.book(ARTIST, DESKS[0], "11:00", "14:00").view
    agreed(house, DESKS[0], DESKS[1])
    hers = looking.look_at(house.viewer(ARTIST), made.id, house.clock()).view
    assert (hers.resource, hers.suspended) == (DESKS[2], ())


@pytest.mark.parametrize("who", [POLICE, SOCIAL, TRAFFIC, COORDINATOR])
def test_neither_higher_nor_equal_ranks_give_way(house: House, who: str) -> None:
    house.book(who, DESKS[0], "11:00", "14:00", visibility="internal")
    clash = clash_of(house, OFFICE)
    assert (clash.displaceable, len(clash.clashes)) == ((), 1)


def test_what_is_hidden_never_gives_way_and_is_met_as_busy(house: House) -> None:
    house.book(POLICE, HALL, "11:00", "11:45", circle=POLICE_CIRCLE)
    for places in ((OFFICE,), (DESKS[0],), (MEETING_ROOM,), (PREMISES,)):
        clash = clash_of(house, *places)
        assert clash.displaceable == ()
        assert {type(each) for each in clash.clashes} == {Busy}


def test_no_one_presses_a_block_aside(house: House) -> None:
    block(house, TABLE)
    block(house, DESKS[0], start="15:00", end="16:00")
    clash = house.clash(POLICE, MEETING_ROOM, "11:00", "11:30", circle=POLICE_CIRCLE)
    assert clash.displaceable == ()


def test_its_time_is_given_back_when_the_block_is_cancelled(house: House) -> None:
    hers = house.book(ARTIST, TABLE, "11:00", "14:00").view
    made = agreed(house, MEETING_SIDE)
    cancelling.cancel(house.viewer(COORDINATOR), made.id, house.clock())
    assert looking.look_at(house.viewer(ARTIST), hers.id, house.clock()).view.suspended == ()


# --- who sees what ----------------------------------------------------------------------------


@pytest.mark.parametrize("who", [ARTIST, POLICE, ADMINISTRATOR, COORDINATOR])
def test_a_public_reason_is_seen_by_everybody(house: House, who: str) -> None:
    block(house, DESKS[0])
    (entry,) = seen(house, who, DESKS[0])
    assert isinstance(entry, Full)
    assert entry.content is not None
    assert (entry.content.title, entry.purpose) == ("Golvslipning", Purpose.BLOCK)


@pytest.mark.parametrize("who", [ARTIST, POLICE, TRAFFIC, ADMINISTRATOR])
def test_without_one_everybody_else_sees_busy_and_finds_nothing(house: House, who: str) -> None:
    made = quiet(house, DESKS[0])
    assert seen(house, who, DESKS[0]) == [Busy(DESKS[0], house.span("10:00", "12:00"))]
    with pytest.raises(NotFound):
        looking.look_at(house.viewer(who), made.id, house.clock())


# --- changed and cancelled --------------------------------------------------------------------


def test_a_block_is_moved_and_worded_anew_like_any_booking(house: House) -> None:
    made = quiet(house, DESKS[0])
    changes = Changes(start=house.at("22:00"), end=house.at("23:30"), title="Städning")
    moved = changing.change(house.viewer(COORDINATOR), made.id, changes, None, house.clock()).view
    assert (moved.span, moved.purpose, moved.equipment) == (house.span("22:00", "23:30"), Purpose.BLOCK, ())
    both = Changes(equipment=(DESKS[1],))
    changing.change(house.viewer(COORDINATOR), made.id, both, None, house.clock())
    house.clash(POLICE, DESKS[1], "22:00", "23:00")


@pytest.mark.parametrize("who", [POLICE, TRAFFIC, ARTIST, GUARD])
def test_nobody_else_cancels_a_block(house: House, who: str) -> None:
    made = block(house, DESKS[0])
    with pytest.raises(Forbidden):
        cancelling.cancel(house.viewer(who), made.id, house.clock())


def test_blocks_are_noted_and_never_wait_for_anybody(house: House) -> None:
    made = block(house, HALL)
    assert made.status is Status.CONFIRMED
    assert run(select(bookings.c.kind).where(bookings.c.id == made.id)).scalar() == "block"
    noted = [row.action for row in run(select(journal).where(journal.c.subject == made.id))]
    assert noted == ["block:make"]
