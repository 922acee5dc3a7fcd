"""A world: a house with what outsiders hold in it, and one thing done in it that they may not know.

Imports the application through tests.support.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

import pytest

from booking.actions import feeding, membership
from booking.actions.feeding import FeedKind, FeedWish
from tests.cast import (
    ADMINISTRATOR,
    ARTIST,
    COORDINATOR,
    DESKS,
    HALL,
    MEETING_ROOM,
    POLICE,
    PREMISES,
    TABLE,
    TRAFFIC,
)
from tests.noninterference.pinned import Chance, pinned
from tests.support.house import DISPLAY, House
from tests.support.mailbox import SENDER, Mailbox, mailbox

MEMBERS = (ARTIST, TRAFFIC, COORDINATOR, ADMINISTRATOR)
NOBODY = ""
PROGRAM = f"a program of {POLICE}"  # a token whose owner has not let it open what is confidential
# A display sees one place, and each tells what the others cannot.
DOORS = {f"{DISPLAY}{key}": key for key in (MEETING_ROOM, DESKS[1], HALL)}
OBSERVERS = (NOBODY, *MEMBERS, *DOORS, PROGRAM)
NONCE = re.compile(rb"nonce[=-]\"?[A-Za-z0-9_-]{22}\"?")
RANDOM_ID = re.compile(rb"(?<![0-9A-Za-z_-])[0-9a-z]{22}(?![0-9A-Za-z_-])")
# Two of them in every run, the others in the long ring.
IN_TURN = [
    pytest.param(who, marks=() if who in (ARTIST, COORDINATOR) else pytest.mark.prove) for who in OBSERVERS
]
# What answers is the same program on either database: the long ring asks it on PostgreSQL.
first_on_sqlite = pytest.mark.parametrize(
    "databases", ["sqlite", pytest.param("postgresql", marks=pytest.mark.prove)], indirect=True
)
Filling = Callable[["World"], object]


@dataclass
class World:
    """A house, what observers hold in it, and the bookings they may not know, as they were made."""

    house: House
    chance: Chance
    mail: Mailbox
    feeds: dict[str, list[str]] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)
    own: dict[str, str] = field(default_factory=dict)
    hidden: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    browsers: list[str] = field(default_factory=list)
    names: dict[str, dict[bytes, bytes]] = field(default_factory=lambda: defaultdict(dict))

    def alike(self, who: str, said: bytes) -> bytes:
        """The same with every random id written by when this observer first met it: what is drawn tells nothing."""
        names = self.names[who]
        said = NONCE.sub(b"nonce", said)
        return RANDOM_ID.sub(lambda found: names.setdefault(found[0], b"#%d" % len(names)), said)

    @property
    def asked_for(self) -> str:
        """The id of a hidden booking that observers try, as if they had come by it."""
        return self.hidden[0] if self.hidden else "h" * 22

    def begin(self, name: str) -> None:
        """Let chance begin anew by this name, at this world's time."""
        self.chance.begin(name, self.house.clock())

    def hide(self, number: str) -> str:
        """Note a booking that observers may not know."""
        self.hidden.append(number)
        return number


@contextmanager
def pair(build: Callable[..., House], *stories: tuple[Filling, ...]) -> Iterator[list[World]]:
    """Worlds that live through stories of equal length, each step by the same clock and the same chance."""
    with ExitStack() as stack:
        chance = stack.enter_context(pinned())
        yield [_grown(stack, build, chance, story) for story in stories]


def _grown(
    stack: ExitStack, build: Callable[..., House], chance: Chance, story: tuple[Filling, ...]
) -> World:
    box = stack.enter_context(mailbox())
    world = World(build(smtp_url=box.url, mail_from=SENDER), chance, box)
    world.begin("what observers hold")
    _give_out(world)
    for number, step in enumerate(story):
        world.begin(f"step {number}")
        step(world)
        world.house.clock.step(minutes=1)
    return world


def _give_out(world: World) -> None:
    """Feeds and tokens of every kind for everybody who may have one, and displays at doors."""
    wishes = [
        FeedWish(PREMISES, FeedKind.MINE, colleagues=True),
        FeedWish(PREMISES, FeedKind.PREMISES),
        FeedWish(PREMISES, FeedKind.PREMISES, busy_only=True),
        *(FeedWish(PREMISES, FeedKind.RESOURCE, resource=key) for key in (MEETING_ROOM, DESKS[1])),
    ]
    house = world.house
    with house.inside():
        for who in MEMBERS:
            viewer = house.viewer(who)
            world.feeds[who] = [feeding.issue(viewer, wish, house.clock())[1] for wish in wishes]
            world.tokens[who] = membership.issue_token(viewer, "script", True, house.clock())[1]
        for who, place in DOORS.items():
            world.cookies[who] = house.display(place)
        world.tokens[PROGRAM] = membership.issue_token(house.viewer(POLICE), "x", False, house.clock())[1]


def a_day_as_all_may_see_it(world: World) -> None:
    """Open and internal bookings, two of whose places something hidden will need."""
    book = world.house.book
    book(TRAFFIC, MEETING_ROOM, "09:00", "10:00", title="Lägesmöte", visibility="open")
    world.own[ARTIST] = book(ARTIST, DESKS[1], "16:00", "18:30", title="Skiss", visibility="open").view.id
    book(ARTIST, TABLE, "13:00", "15:00", title="Rekvisita", visibility="open")
    world.own[COORDINATOR] = book(COORDINATOR, DESKS[0], "12:00", "13:00", visibility="internal").view.id
    world.own[TRAFFIC] = book(TRAFFIC, DESKS[3], "17:30", "19:00", title="Skyltar").view.id


def nothing_more(world: World) -> None:
    """Nothing is done."""
