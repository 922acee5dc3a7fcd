"""T1, T5, T8: worlds that differ only in what observers may not know are one world to each of them.

Every route in the map is asked, by those who may not know; every byte of every answer, every line of the log and
every letter is compared, and how the database was asked. What differs is named below, or drawn by hypothesis.
"""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, reject, settings
from hypothesis import strategies as st

from booking.actions.errors import Clash, Refused
from tests.noninterference.drawn import Scene, Visible, Way, book, done, scenes, visibles, ways
from tests.noninterference.fillings import PAIRS, SAME_WORK, Filling, secretly
from tests.noninterference.replay import Got, post, replay
from tests.noninterference.scenes import SCENES, at
from tests.noninterference.script import Ask, glances
from tests.noninterference.worlds import (
    DOORS,
    MEMBERS,
    OBSERVERS,
    World,
    a_day_as_all_may_see_it,
    first_on_sqlite,
    pair,
)
from tests.support.house import House

Build = Callable[..., House]
NAMES = list(PAIRS)


def one_to(
    who: str, one: World, other: World, same_work: bool = False, asks: list[Ask] | None = None
) -> None:
    """Assert that two worlds are one to an observer, byte for byte; with `same_work` in their statements too."""
    for (ask, here), (_, there) in zip(replay(one, who, asks), replay(other, who, asks), strict=True):
        assert here.answer == there.answer, difference(who, ask, here, there)
        if same_work:
            assert here.statements == there.statements, f"{who} {ask}"


def difference(who: str, ask: Ask, here: Got, there: Got) -> str:
    """Where two answers part, in a few words."""
    for one, other in zip(here.body.splitlines(), there.body.splitlines(), strict=False):
        if one != other:
            return f"{who or 'nobody'} {ask}:\n{one.decode()}\n{other.decode()}"
    return f"{who or 'nobody'} {ask}: {here.status} {there.status} {here.headers} {there.headers}"


def letters_are_one(one: World, other: World) -> None:
    """Assert that nobody who may not know has had another letter in one world than in the other."""
    here, there = post(one), post(other)
    for who in MEMBERS:
        assert here.get(who) == there.get(who), who


def cannot_tell(build: Build, name: str, *observers: str) -> None:
    """Assert that observers cannot tell the two worlds of a name apart."""
    stories = [(a_day_as_all_may_see_it, filling) for filling in PAIRS[name]]
    with pair(build, *stories) as (one, other):
        letters_are_one(one, other)
        for who in observers:
            one_to(who, one, other, name in SAME_WORK)
        letters_are_one(one, other)


def in_turn(name: str, further: int = 0) -> str:
    """The observer whose turn it is at a difference, or one further on."""
    return OBSERVERS[(NAMES.index(name) + further) % len(OBSERVERS)]


@pytest.mark.parametrize("name", NAMES)
@first_on_sqlite
def test_somebody_who_may_not_know_cannot_tell(build_house: Build, name: str) -> None:
    """Each difference by one observer, in turn; the long ring has three more of each."""
    cannot_tell(build_house, name, in_turn(name))


@pytest.mark.prove
@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
@pytest.mark.parametrize("further", [1, 2, 3])
@pytest.mark.parametrize("name", NAMES)
def test_nobody_else_who_may_not_know_can_tell(build_house: Build, name: str, further: int) -> None:
    """Each pair runs on both databases above."""
    cannot_tell(build_house, name, in_turn(name, further))


AT_THE_DOOR = ("to which circle", "one or two that meet", "the table or its room", "at which desk")


@pytest.mark.parametrize("name", AT_THE_DOOR)
@first_on_sqlite
def test_a_display_cannot_tell_while_it_goes_on(build_house: Build, name: str) -> None:
    """Just before it, in the midst of it, and as it ends: that is when a display shows most."""
    stories = [(a_day_as_all_may_see_it, filling) for filling in PAIRS[name]]
    with pair(build_house, *stories) as (one, other):
        for clock in ("16:50", "17:10", "17:44"):
            for world in (one, other):
                at(clock)(world)
            for who in DOORS:
                one_to(who, one, other, name in SAME_WORK)


@pytest.mark.parametrize("who", [OBSERVERS[1], *DOORS, OBSERVERS[-1]])
def test_one_minute_more_is_noticed(build_house: Build, who: str) -> None:
    """The comparison is honest: worlds that differ in what may be known are two."""
    fillings: tuple[Filling, Filling] = (secretly(), secretly(hours=("17:00", "17:46")))
    stories = [(a_day_as_all_may_see_it, filling) for filling in fillings]
    with pair(build_house, *stories) as (one, other), pytest.raises(AssertionError):
        one_to(who, one, other)


# --- as drawn -------------------------------------------------------------------------------------


def live(build: Build, drawn: tuple[Scene, Way, Way, list[Visible], list[Visible], str]) -> None:
    """One scene in two ways, between what all may see; then an observer asks everything of both worlds."""
    scene, one_way, other_way, before, after, who = drawn
    outcomes: list[list[str]] = []

    def story(way: Way) -> tuple[Filling, ...]:
        came: list[str] = []
        outcomes.append(came)
        return (
            a_day_as_all_may_see_it,
            lambda world: came.extend(book(world, each) for each in before),
            lambda world: done(world, scene, way),
            lambda world: came.extend(book(world, each) for each in after),
        )

    try:
        with pair(build, story(one_way), story(other_way)) as (one, other):
            assert outcomes[0] == outcomes[1], "an ordinary booking was refused in one world only"
            letters_are_one(one, other)
            one_to(who, one, other)
            letters_are_one(one, other)
    except (Clash, Refused):
        reject()  # what is hidden has to be possible in both ways


WORLDS = st.tuples(scenes, ways, ways, visibles, visibles, st.sampled_from(OBSERVERS))
SLOWLY = (HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.filter_too_much)


@settings(max_examples=4, suppress_health_check=SLOWLY, phases=[Phase.generate])
@given(drawn=WORLDS)
def test_whatever_is_hidden_nobody_can_tell(build_house: Build, drawn: Any) -> None:
    live(build_house, drawn)


@pytest.mark.prove
@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
@settings(max_examples=8, suppress_health_check=SLOWLY, phases=[Phase.generate])
@given(drawn=WORLDS)
def test_whatever_is_hidden_nobody_can_tell_many_times_over(build_house: Build, drawn: Any) -> None:
    live(build_house, drawn)


# --- where an earlier draft leaked ----------------------------------------------------------------


@pytest.mark.parametrize("name", SCENES)
@first_on_sqlite
def test_what_an_earlier_draft_told_is_told_no_more(build_house: Build, name: str) -> None:
    scene = SCENES[name]()
    with pair(build_house, *scene.stories) as (one, other):
        assert one.answers == other.answers
        letters_are_one(one, other)
        for who in scene.who:
            one_to(who, one, other, asks=glances(one, who))
        letters_are_one(one, other)
