"""Who may read what of the journal."""

from dataclasses import replace

import pytest

from booking.domain.history import Reach, Side, reach
from booking.domain.people import Role, Viewer
from booking.domain.permissions import Forbidden
from booking.domain.premises import Category
from booking.domain.reviewing import Watch

MEMBER = Viewer(
    1,
    "Anna",
    "anna@example.org",
    Role.MEMBER,
    7,
    Category.REACTIVE,
    frozenset({1, 2}),
    organisation_admin=False,
)
ADMIN = replace(MEMBER, organisation_admin=True)
COORDINATOR = replace(MEMBER, role=Role.COORDINATOR, category=Category.PLACE)
ADMINISTRATOR = replace(
    MEMBER, role=Role.ADMINISTRATOR, organisation=None, category=None, circles=frozenset()
)
GUEST = replace(MEMBER, role=Role.GUEST, category=Category.GUEST, circles=frozenset())


@pytest.mark.parametrize(
    ("viewer", "side", "expected"),
    [
        (ADMIN, Side.ORGANISATION, Reach(ADMIN.circles, organisation=7, own=7)),
        (COORDINATOR, Side.HOUSE, Reach(COORDINATOR.circles, house=7)),
        (ADMINISTRATOR, Side.ACCOUNTS, Reach(accounts=True)),
    ],
)
def test_each_side_has_its_reader(viewer: Viewer, side: Side, expected: Reach) -> None:
    assert reach(viewer, side) == expected


@pytest.mark.parametrize(
    ("viewer", "sides"),
    [
        (MEMBER, Side),
        (GUEST, Side),
        (Viewer(), Side),
        (ADMIN, {Side.HOUSE, Side.ACCOUNTS}),
        (COORDINATOR, {Side.ORGANISATION, Side.ACCOUNTS}),
        (ADMINISTRATOR, {Side.ORGANISATION, Side.HOUSE}),
        (replace(ADMIN, role=Role.ADMINISTRATOR), {Side.ORGANISATION, Side.HOUSE}),
    ],
)
def test_and_nobody_else(viewer: Viewer, sides: set[Side]) -> None:
    for side in sides:
        with pytest.raises(Forbidden):
            reach(viewer, side)


def test_a_circle_is_read_by_all_its_ages_that_one_is_in() -> None:
    watch = Watch(3, "key", "Name", frozenset({4, 5}))
    assert reach(MEMBER, watch) == Reach(MEMBER.circles, subjects=frozenset({3, 4, 5}))


@pytest.mark.parametrize(
    ("action", "organisation", "named"),
    [
        ("booking:change", 7, True),
        ("booking:ask", 8, False),
        ("booking:cancel", None, False),
        ("booking:approve", 8, True),
        ("booking:decline", 8, True),
        ("person:link", None, True),
    ],
)
def test_what_others_did_to_a_booking_is_told_without_their_names(
    action: str, organisation: int | None, named: bool
) -> None:
    assert reach(ADMIN, Side.ORGANISATION).names_actor(action, organisation) is named
