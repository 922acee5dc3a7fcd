"""Sixteen people after the same thing at the same moment: one gets it, and the others are told so."""

import secrets
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from booking.actions import booking, operating
from booking.domain.people import Visibility
from tests.cast import DESKS, POLICE
from tests.prove.racing import Outcome, Round, race
from tests.support.house import House, house_on

pytestmark = pytest.mark.prove
RACERS = 16
KEYS = (secrets.token_bytes(32),)


@pytest.fixture
def house(database: str, tmp_path: Path) -> Iterator[House]:
    with house_on(database, tmp_path, sealing_keys=KEYS) as made:
        yield made


@pytest.fixture
def run_rounds(database: str, tmp_path: Path) -> Callable[[list[Round]], list[list[Outcome]]]:
    return lambda rounds: race(database, KEYS, tmp_path, rounds, RACERS)


Rounds = Callable[[list[Round]], list[list[Outcome]]]


def said(outcomes: list[Outcome]) -> Counter[str]:
    return Counter(each.said for each in outcomes)


def is_sound(house: House) -> bool:
    with house.inside():
        (audit,) = operating.audit()
    return audit.claims > 0 and audit.broken == ()


def test_sixteen_after_the_same_room_fifty_times_over(house: House, run_rounds: Rounds) -> None:
    for outcomes in run_rounds([Round("room", number) for number in range(50)]):
        assert said(outcomes) == {"booked": 1, "clash": RACERS - 1}
        told = {each.about for each in outcomes if each.said == "clash"}
        assert told == {"1"}, "each is told what has the room: the rule refused, not the guard below it"
    assert is_sound(house)


def test_sixteen_who_want_the_wall_open_or_closed(house: House, run_rounds: Rounds) -> None:
    for outcomes in run_rounds([Round("wall", number) for number in range(20)]):
        assert said(outcomes) == {"booked": 1, "clash": RACERS - 1}
    assert is_sound(house)


def test_sixteen_after_any_of_four_desks(house: House, run_rounds: Rounds) -> None:
    for outcomes in run_rounds([Round("any desk", number) for number in range(20)]):
        assert said(outcomes) == {"booked": len(DESKS), "clash": RACERS - len(DESKS)}
    assert is_sound(house)


def test_one_order_that_is_sent_sixteen_times_at_once(house: House, run_rounds: Rounds) -> None:
    for outcomes in run_rounds([Round("same order", number) for number in range(20)]):
        assert said(outcomes) == {"booked": RACERS}
        assert len({each.about for each in outcomes}) == 1
    assert is_sound(house)


def test_sixteen_changes_of_the_same_version(house: House, run_rounds: Rounds) -> None:
    rounds = []
    with house.inside():
        for number in range(20):
            order = replace(
                house.order(DESKS[0], "10:00", "11:00", visibility=Visibility.INTERNAL),
                span=Round("same version", number).span,
            )
            made = booking.book(house.viewer(POLICE), order, house.clock())
            rounds.append(Round("same version", number, made.view.id, made.etag))
    for outcomes in run_rounds(rounds):
        assert said(outcomes) == {"booked": 1, "changed meanwhile": RACERS - 1}
    assert is_sound(house)
