"""The scenes in which an earlier draft of the rules told an outsider something, each as two worlds that must be one.

Imports the fillings.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from booking.actions import booking, cancelling, changing, checking_in
from booking.actions.changes import Changes
from booking.actions.errors import Clash, Refused
from tests.cast import (
    ARTIST,
    COORDINATOR,
    DESKS,
    GUARD,
    HALL,
    MEETING_ROOM,
    MIKA,
    POLICE,
    POLICE_COLLEAGUE,
    SOCIAL,
    SOCIAL_CIRCLE,
    TABLE,
    TRAFFIC,
    VISION_CIRCLE,
)
from tests.noninterference.fillings import OWN_CIRCLE, both, secretly
from tests.noninterference.worlds import DOORS, Filling, World, a_day_as_all_may_see_it, nothing_more


@dataclass(frozen=True)
class Told:
    """Two worlds between the same before and after, and who must not be able to tell them apart."""

    one: Filling
    other: Filling
    before: Filling = nothing_more
    after: Filling = nothing_more
    who: tuple[str, ...] = (ARTIST, TRAFFIC, *DOORS)

    @property
    def stories(self) -> list[tuple[Filling, ...]]:
        """Both worlds, step by step."""
        return [(a_day_as_all_may_see_it, self.before, each, self.after) for each in (self.one, self.other)]


def books(who: str, what: str, start: str, end: str, **more: Any) -> Filling:
    """Somebody's ordinary booking, where it can be had."""

    def book(world: World) -> None:
        with suppress(Clash, Refused):
            world.own[f"{who} {what} {start}"] = world.house.book(who, what, start, end, **more).view.id

    return book


def sits(who: str, what: str, start: str, end: str) -> Filling:
    """A member's ordinary booking across something secret: it is taken over, and as hidden."""
    return lambda world: world.hide(world.house.book(who, what, start, end).view.id)


def cancels(who: str, which: int) -> Filling:
    """Something hidden is cancelled again."""

    def cancel(world: World) -> None:
        with world.house.inside():
            cancelling.cancel(world.house.viewer(who), world.hidden[which], world.house.clock())

    return cancel


def tries(who: str, what: str, start: str, end: str, **more: Any) -> Filling:
    """Somebody asks whether they could have it; what they are answered is a letter to themselves here."""

    def ask(world: World) -> None:
        house = world.house
        with house.inside():
            try:
                wanted = house.order(what, start, end, **more)
                answer: object = booking.try_out(house.viewer(who), wanted, house.clock())
            except (Clash, Refused) as refused:
                answer = (
                    type(refused),
                    getattr(refused, "met", None),
                    getattr(refused, "alternatives", None),
                )
        world.answers.append(repr(answer))

    return ask


def edits(who: str, whose: str, *changes: dict[str, Any]) -> Filling:
    """Somebody changes a booking of their own, one time after another; what cannot be, is not."""

    def change(world: World) -> None:
        house = world.house
        for each in changes:
            asked = {
                name: house.at(value) if name in ("start", "end") else value for name, value in each.items()
            }
            with house.inside(), suppress(Clash, Refused):
                changing.change(house.viewer(who), world.own[whose], Changes(**asked), None, house.clock())

    return change


def at(clock: str) -> Filling:
    """Time passes until then."""

    def wait(world: World) -> None:
        world.house.clock.now = world.house.at(clock)

    return wait


def checks_in(who: str, whose: str) -> Filling:
    """Somebody comes to what they have booked."""

    def come(world: World) -> None:
        house = world.house
        with house.inside():
            checking_in.check_in(house.viewer(who), world.own[whose], house.clock())

    return come


OFFICE = secretly(what=DESKS[0])
SCENES: dict[str, Callable[[], Told]] = {
    "another circle tries the office with a desk in it that was taken over": lambda: Told(
        both(OFFICE, sits(GUARD, DESKS[2], "17:10", "17:40"), cancels(POLICE, 0)),
        both(
            secretly(what=DESKS[0], circle=OWN_CIRCLE),
            sits(POLICE_COLLEAGUE, DESKS[2], "17:10", "17:40"),
            cancels(POLICE, 0),
        ),
        after=both(
            tries(SOCIAL, DESKS[0], "16:30", "17:05", circle=SOCIAL_CIRCLE),
            tries(TRAFFIC, DESKS[2], "17:00", "17:30"),
        ),
    ),
    "confidential at the artist's own desk or at another": lambda: Told(
        secretly(what=DESKS[1]), secretly(what=DESKS[0]), who=(ARTIST, COORDINATOR)
    ),
    "an older desk is edited, of a member and of a non-member": lambda: Told(
        secretly(who=SOCIAL, circle=SOCIAL_CIRCLE),
        secretly(),
        before=books(MIKA, DESKS[2], "16:30", "17:30", visibility="internal", title="Skriva"),
        after=edits(
            MIKA, f"{MIKA} {DESKS[2]} 16:30", {"title": "Läsa"}, {"end": "17:40"}, {"start": "16:45"}
        ),
    ),
    "a booking across two briefings of different circles": lambda: Told(
        both(
            secretly(hours=("17:00", "17:20")),
            secretly(hours=("17:20", "17:45"), circle=VISION_CIRCLE),
            sits(GUARD, DESKS[2], "17:05", "17:40"),
        ),
        secretly(),
    ),
    "giving back where a second briefing still stands": lambda: Told(
        both(secretly(what=DESKS[0]), secretly(what=DESKS[2], who=GUARD), cancels(POLICE, 0)),
        secretly(what=DESKS[2]),
    ),
    "giving back across a second briefing": lambda: Told(
        both(
            secretly(what=MEETING_ROOM, hours=("13:00", "13:45")),
            secretly(what=MEETING_ROOM, hours=("13:45", "14:15"), who=GUARD),
            cancels(POLICE, 0),
        ),
        both(
            secretly(what=TABLE, hours=("13:00", "13:45"), circle=OWN_CIRCLE),
            secretly(what=TABLE, hours=("13:45", "14:15"), who=GUARD, circle=VISION_CIRCLE),
            cancels(POLICE, 0),
        ),
    ),
    "what is told of a booking that is clipped": lambda: Told(
        both(
            books(MIKA, DESKS[2], "16:30", "17:30", visibility="internal", title="Skriva"),
            edits(MIKA, f"{MIKA} {DESKS[2]} 16:30", {"end": "17:40"}, {"end": "17:35"}),
            secretly(),
        ),
        both(books(MIKA, DESKS[2], "16:30", "17:30", visibility="internal", title="Skriva"), secretly()),
    ),
    "who comes to a booking whose start is barred": lambda: Told(
        both(secretly(), at("17:40"), checks_in(TRAFFIC, TRAFFIC)),
        both(secretly(), at("17:40")),
        after=at("17:55"),
        who=(ARTIST, COORDINATOR),
    ),
    "the seam between two as time passes it": lambda: Told(
        secretly(),
        both(secretly(hours=("17:00", "17:20")), secretly(hours=("17:20", "17:45"), who=GUARD)),
        after=at("17:30"),
    ),
    "desks cleared or not": lambda: Told(secretly(clear_desks=True), secretly(), who=(ARTIST, TRAFFIC)),
    "the wall beside a confidential desk": lambda: Told(
        secretly(what=DESKS[2]),
        both(secretly(what=DESKS[0]), secretly(what=DESKS[2], who=GUARD)),
        before=books(TRAFFIC, MEETING_ROOM, "16:00", "17:00"),
        after=both(
            books(COORDINATOR, MEETING_ROOM, "17:00", "17:30"), tries(TRAFFIC, HALL, "17:45", "18:30")
        ),
    ),
}
