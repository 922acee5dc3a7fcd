"""What observers may not know, done in one way or another. Imports the application's actions through the house."""

from __future__ import annotations

from typing import Any

from booking.actions import cancelling, changing, joining, looking
from booking.actions.changes import Changes
from booking.actions.joining import Joining
from tests.cast import (
    DESKS,
    GUARD,
    HALL,
    MEETING_ROOM,
    POLICE,
    POLICE_CIRCLE,
    POLICE_COLLEAGUE,
    SOCIAL,
    SOCIAL_CIRCLE,
    TABLE,
    VISION_CIRCLE,
)
from tests.noninterference.worlds import Filling, World

PLANTED = "Operation Blåsippa"
OWN_CIRCLE = "endast-lokalpolisomrade-norrmalm"
HOURS = ("17:00", "17:45")


def hide(
    world: World, who: str = POLICE, what: str = HALL, hours: tuple[str, str] = HOURS, **more: Any
) -> str:
    """Book for a circle, 17.00–17.45 or as asked; whoever has to give way, gives way."""
    more.setdefault("circle", POLICE_CIRCLE)
    more.setdefault("title", PLANTED)
    return world.hide(world.house.book(who, what, *hours, agree=True, **more).view.id)


def secretly(**how: Any) -> Filling:
    """One confidential booking."""
    return lambda world: hide(world, **how)


def both(*fillings: Filling) -> Filling:
    """One thing after another."""
    return lambda world: [filling(world) for filling in fillings]


def edited(world: World) -> None:
    """Its words were changed five times."""
    number = hide(world)
    house = world.house
    for turn in range(5):
        with house.inside():
            change = Changes(title=f"{PLANTED} {turn}", note="x" * turn)
            changing.change(house.viewer(POLICE_COLLEAGUE), number, change, None, house.clock())


def read(world: World) -> None:
    """Its circle has read it many times."""
    number, house = hide(world), world.house
    with house.inside():
        for _ in range(5):
            looking.open_details(house.viewer(GUARD), number, house.clock(), "page")


def after_one_that_was_cancelled(world: World) -> None:
    """Another, over nobody's time, was made and cancelled first."""
    number, house = hide(world, hours=("20:00", "20:30")), world.house
    world.hidden.clear()
    with house.inside():
        cancelling.cancel(house.viewer(POLICE), number, house.clock())
    hide(world)


def tried_in_vain(world: World) -> None:
    """Somebody of the circle tried to have it too."""
    hide(world)
    world.house.clash(GUARD, HALL, "17:10", "17:50", circle=POLICE_CIRCLE)


def a_members_desk(world: World) -> None:
    """A member takes a desk inside it."""
    hide(world)
    world.house.book(GUARD, DESKS[2], "17:10", "17:40", title=PLANTED)


def another_came_in(world: World) -> None:
    """Its steward takes an organisation into the circle: a new age, or into all that there was."""
    hide(world)
    house = world.house
    with house.inside():
        for wanted in (Joining("mika"), Joining("ungdomsjouren", standing=True)):
            joining.add(house.viewer(POLICE), POLICE_CIRCLE, wanted, house.clock())


def a_member_left(world: World) -> None:
    """An organisation with an older desk in it is taken out of the circle, and gives way."""
    world.house.book(GUARD, DESKS[2], "17:00", "18:00", visibility="internal")
    hide(world)
    with world.house.inside():
        joining.remove(world.house.viewer(POLICE), POLICE_CIRCLE, "ordningsvakterna", world.house.clock())


def a_member_stayed(world: World) -> None:
    """The same desk, and nobody leaves."""
    world.house.book(GUARD, DESKS[2], "17:00", "18:00", visibility="internal")
    hide(world)


BRIEFING = secretly()
LONG = {"title": "x" * 120, "note": "y" * 4000, "attendees": (GUARD, POLICE_COLLEAGUE)}
FIRST, SECOND = secretly(hours=("17:00", "17:20")), secretly(who=GUARD, hours=("17:20", "17:45"))
PAIRS: dict[str, tuple[Filling, Filling]] = {
    "what is said": (BRIEFING, secretly(**LONG)),
    "who said it": (BRIEFING, secretly(who=GUARD)),
    "to which circle": (BRIEFING, secretly(who=SOCIAL, circle=SOCIAL_CIRCLE)),
    "to how wide a circle": (secretly(circle=OWN_CIRCLE), secretly(circle=VISION_CIRCLE)),
    "one or two that meet": (BRIEFING, both(FIRST, SECOND)),
    "which of two came first": (both(FIRST, SECOND), both(SECOND, FIRST)),
    "how often it was changed": (BRIEFING, edited),
    "how often it was read": (BRIEFING, read),
    "what was cancelled": (BRIEFING, after_one_that_was_cancelled),
    "who tried in vain": (BRIEFING, tried_in_vain),
    "whether a member has a desk in it": (BRIEFING, a_members_desk),
    "the table or its room": (secretly(what=TABLE), secretly(what=MEETING_ROOM)),
    "who came into the circle": (BRIEFING, another_came_in),
    "who left the circle": (a_member_stayed, a_member_left),
    "at which desk": (secretly(what=DESKS[2]), secretly(what=DESKS[1])),
}
# As many bookings in the one world as in the other: then the database is asked the same, statement by statement.
SAME_WORK = (
    "what is said",
    "who said it",
    "to which circle",
    "to how wide a circle",
    "how often it was read",
)
