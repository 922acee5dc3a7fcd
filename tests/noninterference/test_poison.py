"""T2: whoever may not know is answered without anything sealed being read: reading it is made an error here."""

import re
from collections.abc import Callable, Iterable

import pytest

from booking.storage import sealed
from tests.cast import ARTIST, GUARD
from tests.noninterference.fillings import secretly
from tests.noninterference.replay import replay
from tests.noninterference.script import HIDDEN, Ask, script
from tests.noninterference.worlds import IN_TURN, a_day_as_all_may_see_it, first_on_sqlite, pair
from tests.support.house import House

STORY = (a_day_as_all_may_see_it, secretly())
FROM_SEALED = re.compile(r"^SELECT\b.*\b(?:FROM|JOIN) sealed\b", re.S)


class Poisoned(Exception):
    """Something sealed was read for somebody who may not know."""


def poison(patch: pytest.MonkeyPatch) -> None:
    def get(_terms: str) -> None:
        raise Poisoned

    def get_many(terms: Iterable[str]) -> dict[str, object]:
        if list(terms):
            raise Poisoned
        return {}

    patch.setattr(sealed, "get", get)
    patch.setattr(sealed, "get_many", get_many)


@pytest.mark.parametrize("who", IN_TURN)
@first_on_sqlite
def test_whoever_may_not_know_is_answered_without_anything_sealed(
    build_house: Callable[..., House], who: str
) -> None:
    with pair(build_house, STORY, STORY) as (one, other):
        wholesome = list(replay(one, who))
        with pytest.MonkeyPatch.context() as patch:
            poison(patch)
            poisoned = list(replay(other, who))
        for (ask, here), (_, there) in zip(wholesome, poisoned, strict=True):
            assert here.answer == there.answer, f"{who or 'nobody'} {ask}"
            assert not any(FROM_SEALED.search(each) for each in here.statements), f"{who or 'nobody'} {ask}"


def test_the_poison_works(build_house: Callable[..., House]) -> None:
    """A member of the circle who opens it is answered with a fault, and the log says what."""
    with pair(build_house, STORY) as (world,), pytest.MonkeyPatch.context() as patch:
        poison(patch)
        opening = Ask("POST", f"/bokning/{HIDDEN}/oppna", form={})
        assert opening in script(world, ARTIST)
        [(_, got)] = replay(world, GUARD, [opening])
        assert (got.status, "Poisoned" in "".join(got.logged)) == (500, True)
