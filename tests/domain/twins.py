"""Pairs of worlds that differ only in what outsiders may not know.

A pair grows by acts; what is hidden is done in two ways, and is done in both worlds or in neither.
Imports the domain and the cast.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta

from hypothesis import strategies as st

from booking.domain.people import CircleId, Viewer, Visibility
from booking.domain.premises import Kind, Premises
from booking.domain.spans import Span
from tests.domain.cast import (
    ADMIN,
    CIRCLE,
    DOOR,
    HOUSES,
    KONSTNAR,
    KONSTNAR2,
    MIKA,
    NOBODY,
    ORDNINGSVAKT,
    PEOPLE,
    PLATS,
    POLIS,
    POLIS_TOKEN,
    SILENT_DOOR,
    TRAFIK,
    UNGDOMSJOUR,
    at,
)
from tests.domain.scripts import When, copied
from tests.domain.world import World

OUTSIDERS = {each.name: each for each in (KONSTNAR, KONSTNAR2, TRAFIK, PLATS, ADMIN, DOOR, SILENT_DOOR)} | {
    "nobody": NOBODY,
    "polis' token": POLIS_TOKEN,
}
INSIDERS = (POLIS, ORDNINGSVAKT, UNGDOMSJOUR, MIKA)
SECRETS = (CIRCLE["polis-och-ordningsvakter"], CIRCLE["socialtjansten"], CIRCLE["vision-klara"])
SCENES = {  # where something is said, and the ways to book just that much floor and wall
    "sergels-torg": (
        (("motesrummet", "konferensbordet"),),
        (("hela-lokalen",),),
        (("arbetsplats-1", "arbetsplats-2", "arbetsplats-3"),),
    ),
    "kulturhuset": (
        (("salsrummet", "langbordet", "rundbordet"),),
        (("scen-och-sal",),),
        (("salsplatsen",),),
        (("biljettplatsen",),),
    ),
}
DESKS = {
    "sergels-torg": ("arbetsplats-1", "arbetsplats-2", "arbetsplats-4"),
    "kulturhuset": ("salsplatsen", "biljettplatsen"),
}


@dataclass(frozen=True)
class Way:
    """One way in which a hidden thing was done: all of it is what outsiders may not know."""

    circle: int
    insider: int
    place: int
    cleared: bool
    cut: int | None
    first_last: bool
    edits: int
    desk_inside: bool


@dataclass(frozen=True)
class Hidden:
    """A confidential use, in two ways."""

    scene: int
    when: When
    ways: tuple[Way, Way]


@dataclass(frozen=True)
class Seen:
    """Somebody's ordinary booking, the same in both worlds."""

    who: str
    place: int
    when: When
    visibility: Visibility = Visibility.INTERNAL
    urgent: bool = False
    equipped: bool = False


@dataclass(frozen=True)
class Moved:
    """A change of an ordinary booking, the same in both worlds."""

    which: int
    when: When | None
    place: int | None


@dataclass(frozen=True)
class Lifted:
    """Something hidden is cancelled, in both worlds, with all that was made inside it."""

    which: int


Deed = Hidden | Seen | Moved | Lifted


@dataclass
class Twins:
    """Two worlds."""

    house: str
    worlds: tuple[World, World]
    seen: list[str] = field(default_factory=list)
    hidden: list[tuple[list[str], ...]] = field(default_factory=list)

    @property
    def premises(self) -> Premises:
        return HOUSES[self.house]

    def do(self, act: Deed) -> None:
        """One act in both worlds, or, if one of them refuses what is hidden, in neither."""
        if isinstance(act, Hidden):
            self._hide(act)
        elif isinstance(act, Seen):
            self._book(act)
        elif isinstance(act, Lifted):
            self._lift(act)
        elif self.seen:
            self._move(act)

    def _hide(self, act: Hidden) -> None:
        trial = tuple(copied(world) for world in self.worlds)
        scenes = SCENES[self.house]
        scene = scenes[act.scene % len(scenes)]
        if all(hide(world, scene, act.when, way) for world, way in zip(trial, act.ways, strict=True)):
            self.hidden.append(
                tuple(
                    [id for id in new.bookings if id not in old.bookings]
                    for old, new in zip(self.worlds, trial, strict=True)
                )
            )
            self.worlds = trial  # type: ignore[assignment]

    def _lift(self, act: Lifted) -> None:
        if self.hidden:
            made = self.hidden.pop(act.which % len(self.hidden))
            for world, ids in zip(self.worlds, made, strict=True):
                for id in ids:
                    world.cancel(id)

    def _book(self, act: Seen) -> None:
        """Insiders book here only what lies across nothing hidden: that would be hidden too."""
        resource = self.premises.resources[act.place % len(self.premises.resources)]
        equipment = [each for each in self.premises.of_kind(Kind.EQUIPMENT) if each != resource]
        more = {"urgent": act.urgent, "equipment": tuple(equipment[:1]) if act.equipped else ()}
        if PEOPLE[act.who] in INSIDERS and any(
            verdict.refused or verdict.crossed
            for verdict in (
                world.judge(PEOPLE[act.who], resource.key, act.when.span, **more) for world in self.worlds
            )
        ):
            return
        id = f"seen-{len(self.seen) + 1}"
        made = [
            world.book(
                PEOPLE[act.who],
                resource.key,
                act.when.span,
                id=id,
                visibility=act.visibility,
                agreed=act.urgent,
                **more,
            )
            for world in self.worlds
        ]
        assert made[0] == made[1], "an ordinary booking was refused in one world only"
        self.seen += [each for each in made[:1] if each]

    def _move(self, act: Moved) -> None:
        id = self.seen[act.which % len(self.seen)]
        who = OUTSIDERS.get(self.worlds[0].bookings[id].organiser_name)
        if who is None:
            return
        place = (
            None if act.place is None else self.premises.resources[act.place % len(self.premises.resources)]
        )
        verdicts = [
            world.change(
                who, id, resource=place.key if place else None, span=act.when.span if act.when else None
            )
            for world in self.worlds
        ]
        assert told(verdicts[0]) == told(verdicts[1]), "a change was answered in two ways"


def told(verdict: object) -> tuple[object, ...] | None:
    """What of a verdict its asker is told."""
    if verdict is None:
        return None
    return (verdict.refused, verdict.clashes, verdict.displaceable)  # type: ignore[attr-defined]


def hide(world: World, scene: tuple[tuple[str, ...], ...], when: When, way: Way) -> bool:
    """Do a hidden thing in one way; whether it could be done."""
    span, circle = when.span, SECRETS[way.circle % len(SECRETS)]
    inside = [each for each in INSIDERS if circle in each.circles]
    who = inside[way.insider % len(inside)]
    resources = [each for each in scene[0] if each in world.premises.by_key]
    resource = resources[way.place % len(resources)]
    parts = parted(span, way.cut)
    made = [
        _secretly(world, who, resource, part, circle, way)
        for part in (reversed(parts) if way.first_last else parts)
    ]
    if None in made:
        return False
    return not way.desk_inside or _desk_inside(world, inside, span, made[0] or "", way)


def parted(span: Span, cut: int | None) -> list[Span]:
    """The span whole, or in two that meet."""
    if cut is None or not timedelta() < timedelta(minutes=cut) < span.length:
        return [span]
    middle = span.start + timedelta(minutes=cut)
    return [Span(span.start, middle), Span(middle, span.end)]


def _secretly(world: World, who: Viewer, resource: str, span: Span, circle: CircleId, way: Way) -> str | None:
    takes_floor = world.use(who, resource, circle).takes_floor
    made = world.book(who, resource, span, circle, agreed=True, clear_desks=way.cleared and takes_floor)
    if made:
        for _ in range(way.edits):  # there and back again: only age and version differ
            world.change(who, made, span=Span(span.start, span.end - timedelta(minutes=1)), agreed=True)
            verdict = world.change(who, made, span=span, agreed=True)
            if verdict is None or verdict.refused:
                return None
    return made


def _desk_inside(world: World, inside: list[Viewer], span: Span, secret: str, way: Way) -> bool:
    """A member's ordinary desk made across, wholly inside: it changes nothing that outsiders see."""
    zones = set(world.premises.by_key[world.bookings[secret].resource].zones)
    who = inside[(way.insider + 1) % len(inside)]
    for desk in DESKS[world.premises.key]:
        if set(world.premises.by_key[desk].zones) <= zones:
            world.book(who, desk, span)
    return True


def outsiders_views(twins: Twins, world: World, name: str) -> tuple[object, ...]:
    """All that an outsider is ever shown: boards of one and of several days, today and later."""
    viewer = OUTSIDERS[name]
    later = [replace(world, now=world.now + timedelta(hours=hours)) for hours in (0, 4, 20)]
    return tuple(
        each.board(viewer, window) for each in later for window in (WEEK, Span(at("00:00"), at("10:20")))
    )


def outsiders_answers(twins: Twins, world: World, name: str, span: Span) -> tuple[object, ...]:
    """The answers to every booking an outsider could try over a span, and to looking for free times."""
    viewer = OUTSIDERS[name]
    if viewer.organisation is None:
        return ()
    return tuple(
        (told(attempt.judge(span)), attempt.refused_spans())
        for resource in twins.premises.by_key
        for circle in (None, *sorted(viewer.circles))
        for attempt in [world.attempt(viewer, world.use(viewer, resource, circle))]
    )


WEEK = Span(at("00:00", -2), at("00:00", 5))
near = st.builds(When, st.sampled_from(range(0, 90, 15)), st.sampled_from([15, 35, 60, 90]))
desks_first = st.sampled_from([1, 4, 4, 5, 5, 6, 7])  # mostly what can stand beside something confidential
ways = st.builds(
    Way,
    st.integers(0, 2),
    st.integers(0, 3),
    st.integers(0, 2),
    st.sampled_from([False, False, False, True]),
    st.none() | st.sampled_from([5, 10, 30]),
    st.booleans(),
    st.integers(0, 2),
    st.booleans(),
)
hiddens = st.builds(Hidden, st.integers(0, 3), near, st.tuples(ways, ways))
seens = st.builds(
    Seen,
    st.sampled_from([each.name for each in (KONSTNAR, TRAFIK, PLATS, POLIS, MIKA)]),
    desks_first,
    near,
    st.sampled_from([Visibility.OPEN, Visibility.INTERNAL]),
    st.booleans(),
    st.sampled_from([False, False, True]),
)
lifts = st.builds(Lifted, st.integers(0, 3))
moves = st.builds(Moved, st.integers(0, 5), st.none() | near, st.none() | desks_first)
older = st.lists(seens, min_size=2, max_size=4)  # what comes first is what is clipped
newer = st.lists(st.one_of(hiddens, hiddens, hiddens, seens, moves, lifts), min_size=3, max_size=7)
acts = st.builds(lambda first, then: [*first, *then], older, newer)


def grown(house: str, script: list[Deed]) -> Twins:
    """The pair after its acts."""
    twins = Twins(house, (World(premises=HOUSES[house]), World(premises=HOUSES[house])))
    for act in script:
        twins.do(act)
    return twins
