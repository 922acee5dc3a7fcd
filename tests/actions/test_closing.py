"""An emergency closure: everything in the zones gives way unseen, and comes back as it was when it ends early."""

from collections.abc import Callable, Iterable
from datetime import timedelta

import pytest
from sqlalchemy import select

from booking.actions import blocking, cancelling, changing, closing, looking, operating
from booking.actions.changes import Changes
from booking.actions.closing import Closing
from booking.actions.errors import Clash, NotFound, Refused
from booking.domain.bookings import Purpose, Repetition
from booking.domain.permissions import Forbidden
from booking.domain.refusals import Reason
from booking.domain.spans import Span
from booking.domain.views import Busy, Full
from booking.storage.database import run
from booking.storage.tables import claims, displacements, journal
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
    TRAFFIC,
)
from tests.support.dump import rows_by_table
from tests.support.house import House

pytestmark = pytest.mark.usefixtures("inside")
OFFICE, MEETING_SIDE = "kontoret", "motesdelen"
EVERYBODY = (ARTIST, TRAFFIC, SOCIAL, ADMINISTRATOR, COORDINATOR)


def close(house: House, *places: str, start: str = "14:00", end: str = "15:00", **fields: str) -> Full:
    wanted = Closing(
        PREMISES, places or (PREMISES,), house.at(end), fields.get("reason", "Vattenläcka"), house.at(start)
    )
    return closing.close(house.viewer(fields.get("who", COORDINATOR)), wanted, house.clock()).view


def end(house: House, closure: Full) -> None:
    closing.end(house.viewer(COORDINATOR), closure.id, house.clock())


def brief(house: House, start: str = "13:30", end: str = "14:30", **fields: object) -> Full:
    return house.book(POLICE, HALL, start, end, circle=POLICE_CIRCLE, agree=True, **fields).view


def hers(house: House, who: str, made: Full) -> Full:
    return looking.look_at(house.viewer(who), made.id, house.clock(), made.occurrence).view


def board(house: House, who: str) -> tuple[object, ...]:
    day = house.span("00:00", "24:00")
    return looking.board(house.viewer(who), house.place, day, house.clock()).board.entries


def on(house: House, who: str, resource: str) -> list[tuple[str, Span]]:
    return [(type(each).__name__, each.span) for each in board(house, who) if each.resource == resource]  # type: ignore[attr-defined]


def stored(house: House) -> Iterable[tuple[object, ...]]:
    """The claims as they stand, whatever their rows are numbered."""
    columns = ("space_id", "occurrence_id", "kind", "about", "starts", "ends", "since", "released")
    return sorted((tuple(getattr(row, name) for name in columns) for row in run(select(claims))), key=repr)


def sound(house: House) -> bool:
    (audit,) = operating.audit()
    return audit.broken == ()


# --- everything in the zones ------------------------------------------------------------------


def test_it_suspends_what_is_in_its_zones_whatever_its_rank(house: House) -> None:
    made = [
        (ARTIST, house.book(ARTIST, DESKS[0], "13:00", "16:00").view),
        (TRAFFIC, house.book(TRAFFIC, DESKS[1], "14:30", "16:00").view),
        (POLICE, house.book(POLICE, DESKS[2], "13:00", "14:30").view),
        (SOCIAL, house.book(SOCIAL, DESKS[3], "14:00", "15:00", visibility="internal").view),
    ]
    close(house, OFFICE)
    lost = [hers(house, who, each).suspended for who, each in made]
    assert lost == [
        (house.span("14:00", "15:00"),),
        (house.span("14:30", "15:00"),),
        (house.span("14:00", "14:30"),),
        (house.span("14:00", "15:00"),),
    ]
    assert sound(house)


def test_the_other_zones_go_on(house: House) -> None:
    made = house.book(TRAFFIC, MEETING_ROOM, "13:00", "16:00").view
    close(house, OFFICE)
    assert hers(house, TRAFFIC, made).suspended == ()
    house.clash(POLICE, HALL, "14:30", "14:45")
    house.book(POLICE, TABLE, "17:00", "18:00")


def test_a_hall_over_a_closed_zone_and_another_is_suspended_whole(house: House) -> None:
    made = house.book(POLICE, HALL, "13:00", "16:00").view
    close(house, OFFICE)
    assert hers(house, POLICE, made).suspended == (house.span("14:00", "15:00"),)
    house.book(TRAFFIC, TABLE, "14:00", "15:00")
    assert sound(house)


def test_a_confidential_briefing_gives_way_too_and_its_circle_sees_which_part(house: House) -> None:
    made = brief(house)
    close(house)
    assert hers(house, POLICE, made).suspended == (house.span("14:00", "14:30"),)
    assert hers(house, POLICE_COLLEAGUE, made).suspended == (house.span("14:00", "14:30"),)
    (piece,) = [each for each in board(house, GUARD) if isinstance(each, Full) and each.id == made.id]
    assert (piece.span, piece.suspended, piece.sealed) == (house.span("13:30", "14:00"), (), True)
    assert sound(house)


@pytest.mark.parametrize("who", EVERYBODY)
def test_outsiders_see_the_closure_and_what_is_left_of_the_time_that_was_taken(
    house: House, who: str
) -> None:
    brief(house)
    close(house, OFFICE, MEETING_SIDE)
    assert on(house, who, DESKS[2]) == [("Busy", house.span("13:30", "14:00"))]
    (closure,) = [each for each in board(house, who) if isinstance(each, Full)]
    assert (closure.purpose, closure.span) == (Purpose.CLOSURE, house.span("14:00", "15:00"))
    assert closure.content is not None
    assert closure.content.title == "Vattenläcka"


def test_nothing_is_booked_in_a_closed_zone_by_anybody(house: House) -> None:
    close(house)
    for who in (POLICE, COORDINATOR, ARTIST):
        for what in (DESKS[0], TABLE, HALL):
            assert house.clash(who, what, "14:30", "15:30").displaceable == ()
    for what in (DESKS[0], TABLE, HALL):
        house.clash(POLICE, what, "14:30", "15:30", circle=POLICE_CIRCLE)


def test_a_series_loses_the_time_it_has_there_and_no_other(house: House) -> None:
    made = house.book(POLICE, DESKS[0], "14:00", "15:00", repeat=Repetition("FREQ=DAILY;COUNT=3")).view
    close(house, OFFICE)
    window = house.span("00:00", "24:00").widened(after=timedelta(days=3))
    views = looking.mine(house.viewer(POLICE), house.place, window, house.clock()).views
    assert [(view.id, bool(view.suspended)) for view in views] == [
        (made.id, True), (made.id, False), (made.id, False),
    ]  # fmt: skip


# --- the same answer --------------------------------------------------------------------------

Fill = Callable[[House], object]


def a_desk(house: House) -> None:
    house.book(POLICE, DESKS[0], "14:00", "15:00", circle=POLICE_CIRCLE)


def another_circles_room(house: House) -> None:
    house.book(SOCIAL, MEETING_ROOM, "14:00", "15:00", circle=SOCIAL_CIRCLE)


def a_hall(house: House) -> None:
    brief(house, "14:00", "15:00")


def a_hall_and_desks_within_it(house: House) -> None:
    brief(house, "14:00", "15:00")
    for desk in DESKS:
        house.book(GUARD, desk, "14:15", "14:45", title="Rapport")


@pytest.mark.parametrize("fill", [a_desk, another_circles_room, a_hall, a_hall_and_desks_within_it])
@pytest.mark.parametrize("places", [(OFFICE, MEETING_SIDE), (PREMISES,)], ids=str)
def test_the_answer_and_all_that_outsiders_see_after_it_is_as_if_nothing_had_been_there(
    build_house: Callable[..., House], fill: Fill, places: tuple[str, ...]
) -> None:
    empty, full = build_house(), build_house()
    seen = []
    for house in (empty, full):
        with house.inside():
            if house is full:
                fill(house)
            house.clock.step(minutes=1)
            answer = close(house, *places)
            everybody = [[_without_ids(each) for each in board(house, who)] for who in (ARTIST, COORDINATOR)]
            tries = [
                _without_ids(each)
                for what in (DESKS[0], DESKS[3], TABLE, HALL)
                for each in house.clash(ARTIST, what, "14:30", "15:00").clashes
            ]
            seen.append((_without_ids(answer), everybody, tries))
    assert seen[0] == seen[1]


def _without_ids(view: object) -> object:
    assert isinstance(view, Full | Busy)
    if isinstance(view, Full):
        return (
            view.span,
            view.resource,
            view.equipment,
            view.content,
            view.suspended,
            view.version,
            view.changed,
        )
    return view


# --- it comes back as it was ------------------------------------------------------------------


def story_of_everything(house: House) -> None:
    """Bookings of every sort, muted, suspended and taken over, around two o'clock."""
    house.book(ARTIST, DESKS[0], "12:00", "16:00")
    house.book(GUARD, DESKS[1], "13:45", "16:00")
    house.book(TRAFFIC, DESKS[2], "14:45", "16:00", visibility="open")
    house.book(SOCIAL, MEETING_ROOM, "14:35", "16:00", circle=SOCIAL_CIRCLE)
    brief(house)
    house.book(GUARD, DESKS[3], "14:00", "15:30", title="Rapport")
    house.book(ARTIST, TABLE, "12:00", "13:00")
    house.book(POLICE, DESKS[2], "16:00", "17:00", circle=POLICE_CIRCLE)


@pytest.mark.parametrize("places", [(OFFICE,), (MEETING_SIDE,), (PREMISES,)], ids=str)
@pytest.mark.parametrize("times", [("14:00", "15:00"), ("13:00", "18:00"), ("14:32", "14:34")], ids=str)
@pytest.mark.parametrize("cancelled", [True, False])
def test_everything_is_given_back_as_it_was(
    house: House, places: tuple[str, ...], times: tuple[str, str], cancelled: bool
) -> None:
    story_of_everything(house)
    before, seen = stored(house), {who: board(house, who) for who in EVERYBODY}
    closure = close(house, *places, start=times[0], end=times[1])
    assert sound(house)
    if cancelled:
        cancelling.cancel(house.viewer(COORDINATOR), closure.id, house.clock())
    else:
        end(house, closure)
    assert stored(house) == before
    assert {who: board(house, who) for who in EVERYBODY} == seen
    assert sound(house)


def test_what_came_meanwhile_keeps_its_time_and_the_rest_is_given_back(house: House) -> None:
    made = brief(house, "14:00", "15:00")
    closure = close(house, OFFICE)
    house.book(TRAFFIC, TABLE, "14:00", "14:20")
    end(house, closure)
    assert hers(house, POLICE, made).suspended == (house.span("14:00", "14:20"),)
    assert sound(house)


def test_a_closure_that_has_begun_ends_now_and_stays_in_history(house: House) -> None:
    made = brief(house, "14:00", "15:00")
    closure = close(house, start="13:30", end="18:00")
    house.clock.now = house.at("14:10") + timedelta(seconds=20)
    end(house, closure)
    assert on(house, TRAFFIC, TABLE)[0] == ("Full", house.span("13:30", "14:10"))
    assert hers(house, POLICE, made).suspended[0].start == house.at("14:00")
    assert hers(house, POLICE, made).suspended[-1].end <= house.at("14:16")
    house.book(ARTIST, DESKS[0], "16:00", "17:00")
    assert sound(house)
    with pytest.raises(Refused) as refused:
        end(house, closure)
    assert [each.reason for each in refused.value.refusals] == [Reason.ENDED]


def test_whoever_gave_way_has_it_noted_and_ended_when_it_is_given_back(house: House) -> None:
    brief(house)
    house.book(GUARD, DESKS[1], "13:45", "16:00")
    closure = close(house)
    assert [row.given_back_at for row in run(select(displacements))] == [None, None]
    end(house, closure)
    assert {row.given_back_at for row in run(select(displacements))} == {house.clock()}


# --- blocks and closures over one another -----------------------------------------------------


@pytest.mark.parametrize("first_ends_first", [True, False])
def test_a_newer_closure_lies_over_an_older_one_and_over_a_block(
    house: House, first_ends_first: bool
) -> None:
    span = house.span("14:30", "16:00")
    wanted = blocking.Wanted(PREMISES, (DESKS[0],), span, "Målning")
    blocking.block(house.viewer(COORDINATOR), wanted, house.clock())
    made = brief(house, "13:00", "14:30")
    before = stored(house)
    first = close(house, OFFICE, reason="Larm")
    second = close(house, start="13:30", end="14:45")
    assert sound(house)
    for closure in (first, second) if first_ends_first else (second, first):
        end(house, closure)
        assert sound(house)
    assert stored(house) == before
    assert hers(house, POLICE, made).suspended == ()


# --- by whom, and what is refused -------------------------------------------------------------


@pytest.mark.parametrize("who", [ARTIST, POLICE, TRAFFIC, ADMINISTRATOR])
def test_only_the_coordinator_closes_and_ends_it(house: House, who: str, database: str) -> None:
    closure = close(house)
    before = rows_by_table(database)
    with pytest.raises(Forbidden):
        close(house, who=who)
    for number in (closure.id, "x" * 22):
        with pytest.raises(Forbidden):
            closing.end(house.viewer(who), number, house.clock())
    assert rows_by_table(database) == before


def test_a_closure_is_ended_and_never_moved(house: House) -> None:
    closure = close(house)
    for changes in (Changes(end=house.at("18:00")), Changes(title="Annat")):
        with pytest.raises(Forbidden):
            changing.change(house.viewer(COORDINATOR), closure.id, changes, None, house.clock())


def test_only_closures_are_ended(house: House) -> None:
    made = house.book(COORDINATOR, DESKS[0], "14:00", "15:00").view
    for number in (made.id, brief(house, "16:00", "17:00").id, "x" * 22):
        with pytest.raises(NotFound):
            closing.end(house.viewer(COORDINATOR), number, house.clock())


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"reason": " "}, Reason.REASON_MISSING),
        ({"end": "13:00"}, Reason.ENDS_BEFORE_START),
        ({"start": "06:00", "end": "06:30"}, Reason.IN_THE_PAST),
    ],
    ids=str,
)
def test_what_makes_no_sense_is_refused(
    house: House, fields: dict[str, str], reason: Reason, database: str
) -> None:
    brief(house)
    before = rows_by_table(database)
    with pytest.raises(Refused) as refused:
        close(house, **fields)  # type: ignore[arg-type]
    assert refused.value.refusals[0].reason is reason
    assert rows_by_table(database) == before


def test_only_zones_and_the_premises_can_be_closed(house: House) -> None:
    for place in (DESKS[0], MEETING_ROOM, "glasvaggen", "altanen"):
        with pytest.raises(Refused):
            close(house, place)


def test_from_now_is_from_this_minute(house: House) -> None:
    house.clock.now = house.at("14:10") + timedelta(seconds=20)
    wanted = Closing(PREMISES, (OFFICE,), house.at("16:00"), "Larm")
    closure = closing.close(house.viewer(COORDINATOR), wanted, house.clock()).view
    assert closure.span == house.span("14:10", "16:00")
    noted = [row.action for row in run(select(journal).where(journal.c.subject == closure.id))]
    assert noted == ["closure:make"]
    with pytest.raises(Clash):
        house.book(POLICE, DESKS[0], "15:00", "15:30")


@pytest.mark.parametrize(
    "pressed", [brief, lambda house: brief(house, clear_desks=True)], ids=["heard", "held"]
)
def test_whoever_had_given_way_already_is_not_told_again(
    house: House, pressed: Callable[[House], object]
) -> None:
    """Else they would hear whether it was their desk that was wanted, or only their ears."""
    made = house.book(ARTIST, DESKS[0], "13:00", "16:00").view
    pressed(house)
    house.clock.step(minutes=5)
    close(house, start="13:45", end="14:45")
    told = [(row.starts, row.ends) for row in run(select(displacements).order_by(displacements.c.id))]
    zone = [(house.at("13:30"), house.at("14:30")), (house.at("14:30"), house.at("14:45"))]
    assert [each for each in told if each in zone] == zone
    assert hers(house, ARTIST, made).suspended == (house.span("13:30", "14:45"),)
