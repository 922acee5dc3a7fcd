"""Whatever people do, in any order: the audit is clean, and Busy is exactly what refuses."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.domain import rules
from tests.domain.cast import HOUSES, PEOPLE
from tests.domain.scripts import Act, When, houses, places, played, scripts, whens, who

lookers = st.sampled_from(sorted(PEOPLE))
triers = st.sampled_from(sorted(name for name, each in PEOPLE.items() if each.organisation is not None))


@given(houses, scripts)
def test_whatever_is_booked_changed_and_cancelled_the_audit_is_clean(house: str, script: list[Act]) -> None:
    rules.audit_is_clean(house, script)


@given(houses, scripts)
def test_what_is_booked_or_changed_across_a_secret_is_for_its_circle_alone(
    house: str, script: list[Act]
) -> None:
    rules.what_crosses_is_taken_over(house, script)


@given(houses, scripts, triers)
def test_a_booking_is_refused_exactly_where_the_board_shows_it_taken(
    house: str, script: list[Act], name: str
) -> None:
    rules.refused_exactly_where_busy_or_seen(played(house, script), PEOPLE[name])


@given(houses, scripts, lookers)
def test_a_board_shows_nothing_from_outside_the_circles_of_its_viewer(
    house: str, script: list[Act], name: str
) -> None:
    world = played(house, script)
    rules.nothing_hidden_is_named(world, PEOPLE[name])
    rules.walls_are_paved_where_rooms_are_busy(world, PEOPLE[name])


@given(houses, scripts, who, places, whens, st.integers(0, 3))
def test_a_confidential_booking_goes_where_nothing_is_busy_and_lists_who_gives_way(
    house: str, script: list[Act], name: str, place: int, when: When, which: int
) -> None:
    viewer, resources = PEOPLE[name], HOUSES[house].resources
    circles = sorted(viewer.circles)
    if circles:
        rules.only_secrecy_over_what_is_free(
            played(house, script),
            viewer,
            resources[place % len(resources)].key,
            when.span,
            circles[which % len(circles)],
        )


@given(houses, scripts, triers, places, st.sampled_from([5, 30, 90]), st.none() | st.integers(0, 3))
def test_every_free_time_that_is_offered_is_free(
    house: str, script: list[Act], name: str, place: int, length: int, which: int | None
) -> None:
    viewer, resources = PEOPLE[name], HOUSES[house].resources
    circles = sorted(viewer.circles)
    circle = circles[which % len(circles)] if which is not None and circles else None
    resource = resources[place % len(resources)].key
    rules.free_times_are_free(played(house, script), viewer, resource, timedelta(minutes=length), circle)
