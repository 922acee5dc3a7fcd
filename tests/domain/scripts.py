"""Generated worlds: short scripts of people who book, change and cancel, whoever is refused on the way.

Imports the domain and the cast.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from hypothesis import strategies as st

from booking.domain.people import Visibility
from booking.domain.premises import Kind
from booking.domain.spans import Span
from tests.domain.cast import BOOKERS, HOUSES, PEOPLE, at
from tests.domain.world import World

START = at("09:00")
# Five minutes is a changeover, seven is no multiple of it.
LENGTHS = (5, 7, 30, 45, 60, 90, 120)


@dataclass(frozen=True)
class When:
    """Minutes from nine o'clock, and how long."""

    start: int
    length: int

    @property
    def span(self) -> Span:
        start = START + timedelta(minutes=self.start)
        return Span(start, start + timedelta(minutes=self.length))


@dataclass(frozen=True)
class Booked:
    """Somebody books, if they may."""

    who: str
    place: int
    when: When
    secret: int | None
    visibility: Visibility = Visibility.INTERNAL
    clear_desks: bool = False
    equipped: bool = False
    urgent: bool = False

    def on(self, world: World) -> str | None:
        resource = world.premises.resources[self.place % len(world.premises.resources)]
        equipment = [each for each in world.premises.of_kind(Kind.EQUIPMENT) if each != resource]
        who = PEOPLE[self.who]
        circles = sorted(who.circles)
        circle = circles[self.secret % len(circles)] if self.secret is not None and circles else None
        floor = resource.kind is Kind.ROOM or (resource.kind is Kind.TABLE and circle is not None)
        return world.book(
            who,
            resource.key,
            self.when.span,
            circle,
            agreed=True,
            visibility=self.visibility,
            clear_desks=self.clear_desks and floor,
            equipment=tuple(equipment[:1]) if self.equipped else (),
            urgent=self.urgent,
        )


@dataclass(frozen=True)
class Changed:
    """Whoever holds the booking moves it, if they may."""

    which: int
    when: When | None
    place: int | None

    def on(self, world: World) -> None:
        if world.bookings:
            held = list(world.bookings.values())[self.which % len(world.bookings)]
            who = next(each for each in BOOKERS if each.organisation == held.organisation)
            resources = [each for each in world.premises.resources if each.key not in held.equipment]
            resource = resources[self.place % len(resources)] if self.place is not None else None
            if held.clear_desks and resource is not None and resource.kind is not Kind.ROOM:
                return
            world.change(
                who,
                held.id,
                resource=resource.key if resource else None,
                span=self.when.span if self.when else None,
                agreed=True,
            )


@dataclass(frozen=True)
class Cancelled:
    """A booking is cancelled."""

    which: int

    def on(self, world: World) -> None:
        if world.bookings:
            world.cancel(list(world.bookings)[self.which % len(world.bookings)])


@dataclass(frozen=True)
class Disclosed:
    """A confidential booking is opened by its organiser."""

    which: int

    def on(self, world: World) -> None:
        held = [each for each in world.bookings.values() if each.circle is not None]
        if held:
            booking = held[self.which % len(held)]
            who = next(each for each in BOOKERS if each.organisation == booking.organisation)
            world.change(who, booking.id, disclose=True, agreed=True)


Act = Booked | Changed | Cancelled | Disclosed
places = st.integers(0, 8)
whens = st.builds(When, st.sampled_from(range(0, 105, 15)), st.sampled_from(LENGTHS))
who = st.sampled_from([each.name for each in BOOKERS])
bookings = st.builds(
    Booked,
    who,
    places,
    whens,
    st.none() | st.integers(0, 3),
    st.sampled_from([Visibility.INTERNAL, Visibility.OPEN]),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)
changes = st.builds(Changed, st.integers(0, 9), st.none() | whens, st.none() | places)
cancellings = st.builds(Cancelled, st.integers(0, 9))
disclosures = st.builds(Disclosed, st.integers(0, 9))
acts = st.one_of(bookings, bookings, bookings, bookings, bookings, changes, cancellings, disclosures)
mixed = st.lists(acts, min_size=6, max_size=12)
insiders = st.sampled_from([each.name for each in BOOKERS if len(each.circles) > 2])
desks = st.integers(4, 7)  # three desks at Sergels torg; tables and desks of the theatre
near = st.builds(When, st.sampled_from([0, 15, 30]), st.sampled_from([30, 45, 60]))
secrets = st.builds(Booked, insiders, places, near, st.integers(0, 2))
across = st.builds(Booked, insiders, desks, near, st.none())
older = st.builds(Booked, who, desks, near, st.none(), equipped=st.booleans())
stirred = st.builds(Changed, st.integers(0, 2), st.none() | near, st.none() | desks)
# What was taken over outlives what took it over, what is older is clipped, and then somebody changes it:
# all of it rare in what is merely mixed.
outliving = st.builds(
    lambda secret, then, rest: [secret, *then, Cancelled(0), *rest],
    secrets,
    st.lists(across, min_size=1, max_size=4),
    st.lists(acts, max_size=3),
)
clipping = st.builds(
    lambda first, then, rest: [*first, *then, *rest],
    st.lists(older, min_size=1, max_size=3),
    st.lists(secrets, min_size=1, max_size=3),
    st.lists(st.one_of(stirred, stirred, acts), max_size=5),
)
drawn_in = st.builds(
    lambda desk, secret, change, rest: [desk, secret, change, *rest],
    st.builds(Booked, insiders, desks, near, st.none()),
    secrets,
    st.builds(Changed, st.just(0), st.none() | near, st.none() | desks),
    st.lists(st.one_of(stirred, acts), max_size=3),
)
scripts = st.one_of(mixed, outliving, clipping, drawn_in)
houses = st.sampled_from(sorted(HOUSES))


def played(house: str, script: list[Act]) -> World:
    """The world after a script."""
    world = World(premises=HOUSES[house])
    for act in script:
        act.on(world)
    return world


def copied(world: World) -> World:
    """The same world, to go on in another way."""
    return replace(world, bookings=dict(world.bookings), claims=dict(world.claims))
