"""Borrowed eyes: those of somebody who does not exist see what an outsider with nothing of their own sees."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from booking.domain.disclosure import NO_ORGANISATION
from booking.domain.people import NO_CIRCLES, Role, Viewer, stranger
from booking.domain.premises import Category
from tests.domain.cast import KONSTNAR, KONSTNAR2, MIKA, PEOPLE, PLATS, TRAFIK, UNGDOMSJOUR
from tests.domain.scripts import Act, houses, played, scripts
from tests.domain.twins import OUTSIDERS, WEEK, Deed, acts, grown
from tests.domain.world import World

REAL = (TRAFIK, PLATS, MIKA, UNGDOMSJOUR, KONSTNAR, KONSTNAR2)


@pytest.mark.parametrize("category", Category)
def test_a_stranger_is_signed_in_and_is_nobody_there_is(category: Category) -> None:
    found = stranger(category)
    assert found.signed_in
    assert found.of_an_organisation is (category is not Category.GUEST)
    assert found.role is (Role.GUEST if category is Category.GUEST else Role.MEMBER)
    assert (found.circles, found.proved, found.organisation_admin) == (NO_CIRCLES, False, False)
    assert found.organisation not in {NO_ORGANISATION, *(each.organisation for each in PEOPLE.values())}
    assert found.person not in {each.person for each in PEOPLE.values()}


@given(houses, scripts, st.sampled_from(REAL))
def test_a_stranger_sees_what_a_real_outsider_with_nothing_of_their_own_sees(
    house: str, script: list[Act], real: Viewer
) -> None:
    world = played(house, script)
    assume(not any(touches(world, number, real) for number in world.bookings))
    assert real.category is not None
    assert world.board(stranger(real.category)) == world.board(real)


def touches(world: World, number: str, viewer: Viewer) -> bool:
    """Whether a booking is the viewer's own, or one of a circle of theirs."""
    booking = world.bookings[number]
    return (
        booking.organisation == viewer.organisation
        or viewer.person in {booking.organiser, *booking.invited}
        or bool(booking.circles & viewer.circles)
    )


@given(houses, acts, st.sampled_from(sorted(OUTSIDERS)))
def test_by_borrowed_eyes_nobody_sees_more_than_they_may_know(
    house: str, script: list[Deed], name: str
) -> None:
    """In two worlds that are one to somebody, they are one to the eyes that this somebody may borrow."""
    category = OUTSIDERS[name].category
    for eyes in [stranger(each) for each in {category, Category.GUEST} if each is not None]:
        one, other = (each.board(eyes, WEEK) for each in grown(house, script).worlds)
        assert one == other
