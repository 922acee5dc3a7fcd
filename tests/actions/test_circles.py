"""Circles: made by a coordinator, kept by their steward, known to their members alone."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from booking import demo
from booking.actions import cancelling, changing, circles, joining, looking, operating
from booking.actions.changes import Changes
from booking.actions.circles import Making
from booking.actions.errors import Clash, NotFound, Refused
from booking.actions.joining import Joining
from booking.domain.permissions import Forbidden
from booking.domain.refusals import Reason
from booking.domain.views import Full
from booking.storage import circles as kept
from booking.storage.database import run, transaction
from booking.storage.tables import circles as table
from booking.storage.tables import displacements, journal, notices, outbox, people
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
from tests.support.dump import rows_by_table
from tests.support.house import House

pytestmark = pytest.mark.usefixtures("inside")
GUARDS, MIKAS, TRAFFICS, YOUTH = "ordningsvakterna", "mika", "trafikkontoret", "ungdomsjouren"
POLICES, PLACES = "lokalpolisomrade-norrmalm", "platssamverkan"
OWN = f"endast-{POLICES}"


def admit(
    house: House, organisation: str, by: str = POLICE, key: str = POLICE_CIRCLE, **said: object
) -> None:
    wanted = Joining(organisation, **said)  # type: ignore[arg-type]
    joining.add(house.viewer(by), key, wanted, house.clock())


def take_out(house: House, organisation: str = GUARDS, by: str = POLICE, key: str = POLICE_CIRCLE) -> None:
    joining.remove(house.viewer(by), key, organisation, house.clock())


def run_own(house: House, *emails: str) -> None:
    """These people administer their own organisations."""
    with transaction():
        run(people.update().where(people.c.email.in_(emails)).values(organisation_admin=True))


def knows(house: House, who: str, made: Full) -> bool:
    try:
        return looking.look_at(house.viewer(who), made.id, house.clock()).view.id == made.id
    except NotFound:
        return False


def reasons(act: Callable[[], object]) -> list[Reason]:
    with pytest.raises(Refused) as refused:
        act()
    return [each.reason for each in refused.value.refusals]


def told(house: House, who: str) -> list[str]:
    """The kinds of what somebody was told, in order."""
    query = select(notices.c.kind).where(notices.c.person_id == house.viewer(who).person)
    return list(run(query.order_by(notices.c.id)).scalars())


def brief(house: House, start: str = "14:00", end: str = "14:30", **fields: object) -> Full:
    return house.book(POLICE, HALL, start, end, circle=POLICE_CIRCLE, agree=True, **fields).view


def is_sound() -> bool:
    return all(each.broken == () for each in operating.audit())


# --- seeing -----------------------------------------------------------------------------------


def test_members_see_their_circles_their_own_first(house: House) -> None:
    found = circles.mine(house.viewer(GUARD))
    assert [each.circle.name for each in found] == [
        "Endast Stadens mobila ordningsvakter",
        "Polis och ordningsvakter",
        "Vision Klara",
    ]
    assert [each.own for each in found] == [True, False, False]
    own, police, _ = found
    assert [each.organisation.key for each in police.members] == [POLICES, GUARDS]
    assert (police.steward.key, police.kept, police.left, own.left) == (POLICES, False, False, False)


def test_a_circle_is_not_there_for_who_is_not_in_it(house: House) -> None:
    for who in (MIKA, TRAFFIC, COORDINATOR, ARTIST, ADMINISTRATOR):
        viewer = house.viewer(who)
        for key in (POLICE_CIRCLE, OWN, "finns-inte", "\0"):
            for act in (
                lambda key=key, viewer=viewer: circles.look(viewer, key),
                lambda key=key, viewer=viewer: joining.leave(viewer, key, house.clock()),
                lambda key=key, viewer=viewer: circles.demand_second_factor(viewer, key, True, house.clock()),
                lambda key=key, who=who: admit(house, MIKAS, who, key),
                lambda key=key, who=who: take_out(house, GUARDS, who, key),
            ):
                with pytest.raises(NotFound):
                    act()


@pytest.mark.parametrize("who", [ARTIST, ADMINISTRATOR])
def test_guests_and_the_systems_administrator_have_no_circles(house: House, who: str) -> None:
    with pytest.raises(Forbidden):
        circles.mine(house.viewer(who))


@pytest.mark.parametrize("who", [POLICE_COLLEAGUE, GUARD])
def test_only_the_stewards_administrators_say_who_is_in_it(house: House, database: str, who: str) -> None:
    run_own(house, GUARD)
    before = rows_by_table(database)
    for act in (
        lambda: admit(house, MIKAS, who),
        lambda: take_out(house, GUARDS, who),
        lambda: circles.demand_second_factor(house.viewer(who), POLICE_CIRCLE, True, house.clock()),
    ):
        with pytest.raises(Forbidden):
            act()
    assert rows_by_table(database) == before


def test_nobody_joins_or_leaves_an_organisations_own_circle(house: House) -> None:
    for act in (
        lambda: admit(house, GUARDS, key=OWN),
        lambda: take_out(house, POLICES, key=OWN),
        lambda: joining.leave(house.viewer(POLICE), OWN, house.clock()),
        lambda: joining.leave(house.viewer(POLICE), POLICE_CIRCLE, house.clock()),
        lambda: take_out(house, POLICES),
    ):
        with pytest.raises(Forbidden):
            act()


# --- making -----------------------------------------------------------------------------------


def make(
    house: House, name: str = "Natt på torget", steward: str = YOUTH, who: str = COORDINATOR, **more: bool
) -> None:
    circles.make(house.viewer(who), Making(name, steward, **more), house.clock())


def test_a_coordinator_makes_a_circle_and_then_knows_no_more_of_it(house: House) -> None:
    make(house)
    (made,) = [each for each in circles.mine(house.viewer(SOCIAL)) if each.circle.name == "Natt på torget"]
    assert made.circle.key.startswith("natt-pa-torget-")
    assert [each.organisation.key for each in made.members] == [YOUTH]
    assert (made.kept, made.since) == (True, house.clock())
    assert made.circle.id not in house.viewer(COORDINATOR).circles
    with pytest.raises(NotFound):
        circles.look(house.viewer(COORDINATOR), made.circle.key)
    assert told(house, SOCIAL) == ["circle_made"]
    noted = run(select(journal).where(journal.c.action == "circle:make")).one()
    assert (noted.subject, "Natt" in noted.fields) == (f"circle {made.circle.id}", False)


def test_that_a_name_is_taken_is_told_to_nobody(house: House) -> None:
    for _ in range(2):
        make(house, "Polis och ordningsvakter")
    keys = run(select(table.c.key).where(table.c.name == "Polis och ordningsvakter")).scalars().all()
    assert len(set(keys)) == 3


@pytest.mark.parametrize(
    ("name", "steward", "reason"),
    [
        ("", YOUTH, Reason.NAME_MISSING),
        (" \n", YOUTH, Reason.NAME_MISSING),
        ("x" * 121, YOUTH, Reason.TITLE_TOO_LONG),
        ("a\u202eb", YOUTH, Reason.UNPRINTABLE),
        ("Krets", "konstnaren", Reason.UNKNOWN_ORGANISATION),
        ("Krets", "finns-inte", Reason.UNKNOWN_ORGANISATION),
        ("Krets", "vasakronan", Reason.CONFIRM_NO_SECRECY),
    ],
)
def test_a_circle_needs_a_name_and_a_steward_who_can_be_in_it(
    house: House, database: str, name: str, steward: str, reason: Reason
) -> None:
    before = rows_by_table(database)
    assert reasons(lambda: make(house, name, steward)) == [reason]
    assert rows_by_table(database) == before


@pytest.mark.parametrize("who", [POLICE, ARTIST, ADMINISTRATOR, TRAFFIC])
def test_nobody_else_makes_circles(house: House, who: str) -> None:
    with pytest.raises(Forbidden):
        make(house, who=who)


# --- coming in --------------------------------------------------------------------------------


def test_who_joins_sees_what_is_booked_from_then_on(house: House) -> None:
    before = brief(house)
    admit(house, MIKAS)
    after = brief(house, "16:00", "16:30")
    assert (knows(house, MIKA, before), knows(house, MIKA, after)) == (False, True)
    assert knows(house, GUARD, before)
    assert knows(house, GUARD, after)
    assert is_sound()


def test_or_all_of_it_if_the_steward_says_so(house: House) -> None:
    before = brief(house)
    admit(house, MIKAS, standing=True)
    assert knows(house, MIKA, before)
    assert kept.ages_of(kept.circle_id(POLICE_CIRCLE) or 0) == [kept.circle_id(POLICE_CIRCLE)]


def test_all_ages_are_one_circle_to_its_members(house: House) -> None:
    first = brief(house)
    admit(house, MIKAS)
    second = brief(house, "15:00", "15:30")
    admit(house, TRAFFICS, confirmed=True)
    third = brief(house, "16:00", "16:30")
    assert len({view.circle for view in (first, second, third)}) == 3
    names = looking.names_in(house.viewer(POLICE), ())
    assert {names.circles[view.circle or 0].key for view in (first, second, third)} == {POLICE_CIRCLE}
    assert [each.key for each in names.choosable].count(POLICE_CIRCLE) == 1
    assert [knows(house, MIKA, each) for each in (first, second, third)] == [False, True, True]
    assert [knows(house, TRAFFIC, each) for each in (first, second, third)] == [False, False, True]
    stored = run(select(table.c.key).where(table.c.name == "Polis och ordningsvakter").order_by(table.c.id))
    assert stored.scalars().all() == [f"{POLICE_CIRCLE}~2", f"{POLICE_CIRCLE}~3", POLICE_CIRCLE]
    assert [each.circle.key for each in circles.mine(house.viewer(MIKA))].count(POLICE_CIRCLE) == 1


def test_an_earlier_age_is_no_circle_to_book_in(house: House) -> None:
    admit(house, MIKAS)
    with pytest.raises(Refused) as refused:
        house.book(POLICE, HALL, "14:00", "14:30", circle=f"{POLICE_CIRCLE}~2")
    assert [each.reason for each in refused.value.refusals] == [Reason.CIRCLE_NOT_YOURS]


def test_with_the_standing_ones_every_age_is_opened(house: House) -> None:
    first = brief(house)
    admit(house, MIKAS)
    second = brief(house, "15:00", "15:30")
    admit(house, TRAFFICS, standing=True, confirmed=True)
    assert knows(house, TRAFFIC, first)
    assert knows(house, TRAFFIC, second)
    assert not knows(house, MIKA, first)


def test_a_booking_keeps_its_age_when_it_is_changed(house: House) -> None:
    made = brief(house)
    admit(house, MIKAS)
    for changes in (
        Changes(title="Ny rubrik"),
        Changes(circle=POLICE_CIRCLE, end=house.at("14:45")),
    ):
        view = changing.change(house.viewer(POLICE), made.id, changes, None, house.clock()).view
        assert view.circle == made.circle
    assert not knows(house, MIKA, made)


def test_only_organisations_that_can_be_in_a_circle_are_taken_in(house: House, database: str) -> None:
    before = rows_by_table(database)
    for key in ("konstnaren", "finns-inte", GUARDS, POLICES, ""):
        assert reasons(lambda key=key: admit(house, key)) == [Reason.UNKNOWN_ORGANISATION]
    assert reasons(lambda: admit(house, MIKAS, ground="x" * 201)) == [Reason.NOTE_TOO_LONG]
    assert reasons(lambda: admit(house, MIKAS, ground="a\u202eb")) == [Reason.UNPRINTABLE]
    assert rows_by_table(database) == before


def test_who_is_bound_by_no_duty_of_secrecy_needs_a_yes_of_its_own_which_is_noted(house: House) -> None:
    assert reasons(lambda: admit(house, "vasakronan")) == [Reason.CONFIRM_NO_SECRECY]
    admit(house, "vasakronan", confirmed=True, ground="10 kap. 28 § OSL")
    noted = run(select(journal).where(journal.c.action == "circle:admit")).one()
    assert set(noted.fields.split(",")) >= {"confirmed", "ground"}
    assert "OSL" not in noted.fields


def test_the_legal_ground_is_for_the_stewards_people(house: House) -> None:
    admit(house, MIKAS, ground="10 kap. 28 § OSL")

    def grounds(who: str) -> set[str]:
        return {each.ground for each in circles.look(house.viewer(who), POLICE_CIRCLE).members}

    assert grounds(POLICE_COLLEAGUE) == {"", "10 kap. 28 § OSL"}
    assert grounds(MIKA) == grounds(GUARD) == {""}


def test_its_administrators_are_told(house: House) -> None:
    admit(house, YOUTH)
    assert told(house, SOCIAL) == ["circle_joined"]
    assert told(house, MIKA) == told(house, GUARD) == []


def test_what_was_mute_is_theirs_again_when_they_come_in(house: House) -> None:
    made = house.book(MIKA, DESKS[0], "13:00", "16:00", visibility="internal").view
    brief(house)
    assert looking.look_at(house.viewer(MIKA), made.id, house.clock()).view.suspended
    admit(house, MIKAS, standing=True)
    assert not looking.look_at(house.viewer(MIKA), made.id, house.clock()).view.suspended
    assert told(house, MIKA) == ["displaced", "given_back"]
    assert run(select(displacements.c.given_back_at)).scalars().all() == [house.clock()]
    assert is_sound()


# --- going out --------------------------------------------------------------------------------


def test_who_is_taken_out_knows_nothing_of_it_from_then_on(house: House) -> None:
    first = brief(house)
    admit(house, MIKAS)
    second = brief(house, "16:00", "16:30")
    take_out(house, GUARDS)
    assert not knows(house, GUARD, first)
    assert not knows(house, GUARD, second)
    assert POLICE_CIRCLE not in [each.circle.key for each in circles.mine(house.viewer(GUARD))]
    assert is_sound()


@pytest.mark.parametrize("own", [True, False], ids=["in the circle", "taken over"])
def test_not_while_it_has_coming_bookings_there(house: House, database: str, own: bool) -> None:
    brief(house)
    if own:
        made = house.book(GUARD, MEETING_ROOM, "18:00", "19:00", circle=POLICE_CIRCLE).view
    else:
        made = house.book(GUARD, DESKS[0], "14:00", "19:00").view
    admit(house, MIKAS)
    run_own(house, GUARD)
    before = rows_by_table(database)
    assert reasons(lambda: take_out(house)) == [Reason.STILL_BOOKED_IN_CIRCLE]
    guard = house.viewer(GUARD)
    assert reasons(lambda: joining.leave(guard, POLICE_CIRCLE, house.clock())) == [
        Reason.STILL_BOOKED_IN_CIRCLE
    ]
    assert rows_by_table(database) == before
    cancelling.cancel(house.viewer(GUARD), made.id, house.clock())
    take_out(house)
    assert is_sound()


def test_what_has_ended_keeps_nobody(house: House) -> None:
    house.book(GUARD, MEETING_ROOM, "08:00", "09:00", circle=POLICE_CIRCLE)
    house.clock.now = house.at("09:00")
    take_out(house)


def test_its_older_desk_gives_way_as_if_the_briefing_were_made_over_it_now(house: House) -> None:
    made = house.book(GUARD, DESKS[0], "13:00", "16:00", visibility="open").view
    briefing = brief(house)
    assert told(house, GUARD) == []
    take_out(house)
    mine = looking.look_at(house.viewer(GUARD), made.id, house.clock()).view
    assert mine.suspended == (house.span("14:00", "14:30"),)
    assert told(house, GUARD) == ["displaced"]
    noted = run(select(displacements)).one()
    assert (noted.by_booking_id, noted.starts, noted.ends) == (
        briefing.id,
        house.at("14:00"),
        house.at("14:30"),
    )
    assert is_sound()
    cancelling.cancel(house.viewer(POLICE), briefing.id, house.clock())
    assert told(house, GUARD) == ["displaced", "given_back"]
    assert not looking.look_at(house.viewer(GUARD), made.id, house.clock()).view.suspended


def test_what_is_told_is_the_same_as_of_a_briefing(build_house: Callable[..., House]) -> None:
    def live(house: House, leaves: bool) -> list[tuple[object, ...]]:
        with house.inside():
            if not leaves:
                take_out(house)
            house.book(GUARD, DESKS[0], "13:00", "16:00", visibility="open")
            brief(house)
            if leaves:
                take_out(house)
            columns = (
                notices.c.kind,
                notices.c.occurrence,
                notices.c.starts,
                notices.c.ends,
                notices.c.space_id,
            )
            query = select(*columns).where(notices.c.person_id == house.viewer(GUARD).person)
            lost = select(displacements.c.starts, displacements.c.ends, displacements.c.moved)
            return [tuple(row) for row in (*run(query), *run(lost))]

    assert live(build_house(), leaves=True) == live(build_house(), leaves=False) != []


def test_one_leaving_is_one_notice_of_one_booking(house: House) -> None:
    house.book(GUARD, DESKS[0], "13:00", "18:00", visibility="open")
    for start, end in (("14:00", "14:30"), ("15:00", "15:30"), ("16:00", "16:30")):
        brief(house, start, end)
    take_out(house)
    assert told(house, GUARD) == ["displaced"]
    assert len(run(select(displacements)).all()) == 3


def test_a_member_leaves_by_itself_and_its_steward_is_told(house: House) -> None:
    run_own(house, GUARD)
    joining.leave(house.viewer(GUARD), POLICE_CIRCLE, house.clock())
    assert told(house, POLICE) == ["circle_smaller"]
    assert told(house, GUARD) == []
    assert run(select(journal.c.action).where(journal.c.action == "circle:leave")).all()


def test_only_its_administrator_takes_it_out(house: House) -> None:
    with pytest.raises(Forbidden):
        joining.leave(house.viewer(GUARD), POLICE_CIRCLE, house.clock())


def test_who_is_taken_out_is_told_and_not_the_name(house: House) -> None:
    run_own(house, GUARD)
    take_out(house)
    assert told(house, GUARD) == ["circle_left"]


def test_who_is_not_in_it_is_not_taken_out(house: House) -> None:
    for key in (MIKAS, "finns-inte", ""):
        assert reasons(lambda key=key: take_out(house, key)) == [Reason.UNKNOWN_ORGANISATION]


def test_who_comes_back_sees_only_what_is_new(house: House) -> None:
    made = house.book(GUARD, DESKS[0], "13:00", "16:00", visibility="open").view
    first = brief(house)
    take_out(house)
    admit(house, GUARDS)
    second = brief(house, "15:00", "15:30")
    assert (knows(house, GUARD, first), knows(house, GUARD, second)) == (False, True)
    mine = looking.look_at(house.viewer(GUARD), made.id, house.clock()).view
    assert mine.suspended == (house.span("14:00", "14:30"),)
    assert is_sound()


def test_two_ages_are_not_heard_in_one_zone(house: House) -> None:
    brief(house)
    admit(house, MIKAS)
    with pytest.raises(Clash):
        house.book(GUARD, DESKS[0], "14:00", "15:00", circle=POLICE_CIRCLE)
    assert is_sound()


# --- what others are told ---------------------------------------------------------------------


def whole_board(house: House, who: str) -> object:
    day = house.span("00:00", "24:00")
    board = looking.board(house.viewer(who), house.place, day, house.clock()).board
    return [(type(each).__name__, each.resource, each.span) for each in board.entries], board.walls


CHANGES: dict[str, Callable[[House], None]] = {
    "nothing": lambda house: None,
    "joined": lambda house: admit(house, MIKAS),
    "joined with all": lambda house: admit(house, MIKAS, standing=True),
    "left": lambda house: take_out(house, GUARDS),
    "left and came back": lambda house: (take_out(house, GUARDS), admit(house, GUARDS))[0],
    "second factor": lambda house: circles.demand_second_factor(
        house.viewer(POLICE, proved=True), POLICE_CIRCLE, True, house.clock()
    ),
}


@pytest.mark.parametrize("change", [name for name in CHANGES if name != "nothing"])
def test_outsiders_see_nothing_of_who_comes_or_leaves(build_house: Callable[..., House], change: str) -> None:
    def live(change: str) -> list[object]:
        house = build_house()
        with house.inside():
            for who, desk in ((TRAFFIC, DESKS[0]), (ARTIST, DESKS[1]), (GUARD, DESKS[2])):
                house.book(who, desk, "13:00", "16:00", visibility="open")
            brief(house)
            house.book(POLICE, MEETING_ROOM, "17:00", "18:00", circle=POLICE_CIRCLE)
            house.clock.step(minutes=10)
            CHANGES[change](house)
            watching = (TRAFFIC, ARTIST, COORDINATOR, SOCIAL, ADMINISTRATOR)
            numbers = [house.viewer(who).person for who in watching]
            letters = select(outbox.c.person_id).where(outbox.c.person_id.in_(numbers))
            return [
                *(whole_board(house, who) for who in watching[:-1]),
                *(told(house, who) for who in watching),
                sorted(run(letters).scalars()),
            ]

    assert live(change) == live("nothing")


# --- second factor, and the file --------------------------------------------------------------


def test_the_steward_says_whether_a_second_factor_is_demanded_of_all_ages(house: House) -> None:
    admit(house, MIKAS)
    steward = house.viewer(POLICE, proved=True)
    circles.demand_second_factor(steward, POLICE_CIRCLE, True, house.clock())
    found = select(table.c.second_factor).where(table.c.name == "Polis och ordningsvakter")
    assert run(found).scalars().all() == [True, True]
    assert run(select(journal.c.fields).where(journal.c.action == "circle:factor")).scalars().all() == [
        "second_factor"
    ]


def test_nobody_demands_what_they_have_not_given_themselves(house: House) -> None:
    viewer = house.viewer(POLICE)
    demand = circles.demand_second_factor
    assert reasons(lambda: demand(viewer, POLICE_CIRCLE, True, house.clock())) == [Reason.PROVE_FIRST]
    demand(house.viewer(POLICE, proved=True), POLICE_CIRCLE, True, house.clock())
    for act in (
        lambda: circles.look(house.viewer(POLICE), POLICE_CIRCLE),
        lambda: admit(house, MIKAS),
        lambda: demand(house.viewer(POLICE), POLICE_CIRCLE, False, house.clock()),
    ):
        with pytest.raises(NotFound):
            act()
    (seen,) = [each for each in circles.mine(house.viewer(POLICE)) if each.circle.key == POLICE_CIRCLE]
    assert (seen.open, seen.kept, seen.circle.second_factor) == (False, False, True)


def test_loading_the_file_again_undoes_nothing_a_steward_did(house: House) -> None:
    take_out(house, GUARDS)
    admit(house, MIKAS)
    before = {each.circle.key: each.members for each in circles.mine(house.viewer(POLICE))}
    operating.load_premises(demo.definition(), house.clock())
    assert {each.circle.key: each.members for each in circles.mine(house.viewer(POLICE))} == before


def test_social_services_and_vision_stay_as_they_are(house: House) -> None:
    admit(house, TRAFFICS, by=SOCIAL, key=SOCIAL_CIRCLE, confirmed=True)
    keys = [each.circle.key for each in circles.mine(house.viewer(MIKA))]
    assert sorted(keys) == sorted(["endast-mika", SOCIAL_CIRCLE, VISION_CIRCLE])
