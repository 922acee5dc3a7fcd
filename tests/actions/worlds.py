"""Pairs of worlds that differ only in what outsiders may not know: each a pair of stories to live through."""

from collections.abc import Callable

from booking.actions import cancelling, changing, looking
from booking.actions.changes import Changes
from booking.actions.errors import Clash
from booking.actions.wishing import Given
from booking.domain.views import Full
from tests.cast import (
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
    TABLE,
)
from tests.support.house import House

World = Callable[[House], object]
OWN_CIRCLE = "endast-lokalpolisomrade-norrmalm"


def hidden(*more: object, who: str = POLICE, circle: str = POLICE_CIRCLE, **fields: object) -> World:
    """A confidential booking of a resource from one time to another."""
    resource, start, end = more
    return lambda house: house.book(
        who, str(resource), str(start), str(end), circle=circle, agree=True, **fields
    )


def both(*steps: World) -> World:
    """One thing after another."""
    return lambda house: [step(house) for step in steps]


def edited(times: int) -> World:
    """A briefing whose words were changed some times."""

    def live(house: House) -> None:
        made = house.book(POLICE, HALL, "16:00", "18:00", circle=POLICE_CIRCLE, agree=True).view
        for number in range(times):
            change(house, made, title=f"Ändring {number}", note="x" * number)

    return live


def change(house: House, made: Full, **fields: object) -> None:
    changes = Changes(**fields)  # type: ignore[arg-type]
    changing.change(house.viewer(POLICE_COLLEAGUE), made.id, changes, None, house.clock())


def moved_there(house: House) -> None:
    """A briefing that was first at another time and in another place."""
    made = house.book(POLICE, MEETING_ROOM, "08:00", "08:30", circle=POLICE_CIRCLE).view
    given = house.order(HALL, "16:00", "18:00", circle=POLICE_CIRCLE)
    wish = {"resource": HALL, "start": given.span.start, "end": given.span.end}
    try:
        change(house, made, **wish)
    except Clash as clash:
        change(house, made, **wish, displace=frozenset(Given(each.id) for each in clash.displaceable))


def cancelled(house: House) -> None:
    """A confidential booking that was cancelled again."""
    made = house.book(POLICE, MEETING_ROOM, "09:00", "10:00", circle=POLICE_CIRCLE).view
    cancelling.cancel(house.viewer(POLICE), made.id, house.clock())


def opened(house: House) -> None:
    """A briefing that its circle has read many times."""
    made = house.book(POLICE, HALL, "16:00", "18:00", circle=POLICE_CIRCLE, agree=True).view
    for _ in range(5):
        looking.open_details(house.viewer(GUARD), made.id, house.clock(), "page")


def refused(house: House) -> None:
    """Somebody in the circle tried in vain."""
    house.clash(GUARD, HALL, "16:30", "17:30", circle=POLICE_CIRCLE)


BRIEFING = hidden(HALL, "16:00", "18:00")
FIRST_HALF, SECOND_HALF = hidden(HALL, "16:00", "17:00"), hidden(HALL, "17:00", "18:00")
DESK_1, DESK_2 = hidden(DESKS[0], "16:00", "18:00"), hidden(DESKS[1], "16:00", "18:00")
MEMBERS_DESK: World = lambda house: house.book(GUARD, DESKS[0], "16:30", "17:30")  # noqa: E731
LONG_WORDS = {"title": "å" * 120, "note": "ö" * 4000, "attendees": (GUARD, POLICE_COLLEAGUE)}

PAIRS: dict[str, tuple[World, World]] = {
    "which circle": (BRIEFING, hidden(HALL, "16:00", "18:00", circle=OWN_CIRCLE)),
    "which organisation": (BRIEFING, hidden(HALL, "16:00", "18:00", who=GUARD)),
    "which person": (BRIEFING, hidden(HALL, "16:00", "18:00", who=POLICE_COLLEAGUE)),
    "which desk": (DESK_1, DESK_2),
    "the room or its table": (hidden(MEETING_ROOM, "16:00", "18:00"), hidden(TABLE, "16:00", "18:00")),
    "whether desks are cleared": (SECOND_HALF, hidden(HALL, "17:00", "18:00", clear_desks=True)),
    "one briefing or two that meet": (BRIEFING, both(FIRST_HALF, SECOND_HALF)),
    "which of two came first": (both(FIRST_HALF, SECOND_HALF), both(SECOND_HALF, FIRST_HALF)),
    "two that meet, of one circle or two": (
        both(FIRST_HALF, SECOND_HALF),
        both(FIRST_HALF, hidden(HALL, "17:00", "18:00", circle=OWN_CIRCLE)),
    ),
    "how much is said": (
        hidden(HALL, "16:00", "18:00", title="x"),
        hidden(HALL, "16:00", "18:00", **LONG_WORDS),
    ),
    "how often it was changed": (edited(0), edited(5)),
    "where it was before": (BRIEFING, moved_there),
    "what was cancelled": (BRIEFING, both(cancelled, BRIEFING)),
    "how often it was read": (BRIEFING, opened),
    "who tried in vain": (BRIEFING, both(BRIEFING, refused)),
    "whether a member has a desk in it": (BRIEFING, both(BRIEFING, MEMBERS_DESK)),
    "whether a member had a desk there before": (BRIEFING, both(MEMBERS_DESK, BRIEFING)),
    "which social service": (
        hidden(MEETING_ROOM, "16:00", "18:00", who=SOCIAL, circle=SOCIAL_CIRCLE),
        hidden(MEETING_ROOM, "16:00", "18:00", who=MIKA, circle=SOCIAL_CIRCLE),
    ),
    "whether the older desk is a member's": (
        both(lambda house: house.book(GUARD, DESKS[1], "15:00", "19:00"), BRIEFING),
        both(
            lambda house: house.book(GUARD, DESKS[1], "15:00", "19:00"),
            hidden(HALL, "16:00", "18:00", circle=OWN_CIRCLE),
        ),
    ),
}
