"""Blocks without a reason and closures through the eyes of outsiders: the same bytes as if something else were there.

A block whose reason is not public is to a guest what a police officer's internal booking is: Busy. A closure
answers alike, and leaves the same premises to be seen, whatever it met.
"""

from collections.abc import Callable, Iterator
from itertools import count

import pytest

from booking.actions import blocking, closing
from booking.actions import booking as booking_actions
from booking.actions.blocking import Wanted
from booking.actions.closing import Closing
from tests.cast import ADMINISTRATOR, ARTIST, COORDINATOR, POLICE, PREMISES, SOCIAL, SOCIAL_CIRCLE, TRAFFIC
from tests.support.house import House
from tests.web.outsiders import World, a_colleague_within_earshot, briefing, replay, worlds

__all__ = ["worlds"]  # the fixture
Fill = Callable[[House], None]
OUTSIDERS = (ARTIST, TRAFFIC, COORDINATOR, ADMINISTRATOR)


def alike(first: World, second: World, outsiders: tuple[str, ...]) -> Iterator[str]:
    """What differs between two worlds, to each of some outsiders."""
    for who in outsiders:
        for (asked, here), (_, there) in zip(replay(first, who), replay(second, who), strict=True):
            if here != there:
                yield f"{who}: {asked}"


def booked(what: str) -> Fill:
    """A police officer's internal booking, seven hours after the clock's."""
    return lambda house: house.book(POLICE, what, "17:00", "17:45", title="Rapport", visibility="internal")


def blocked(what: str) -> Fill:
    """The coordinator's block without a public reason at the same time."""

    def fill(house: House) -> None:
        wanted = Wanted(PREMISES, (what,), house.span("17:00", "17:45"), "Rapport", public=False)
        with house.inside():
            blocking.block(house.viewer(COORDINATOR), wanted, house.clock())

    return fill


def closed(*before: Fill) -> Fill:
    """A closure of all of it, after something else."""

    def fill(house: House) -> None:
        for step in before:
            step(house)
        wanted = Closing(PREMISES, (PREMISES,), house.at("18:00"), "Larm", house.at("16:50"))
        # Everybody may know the closure: it has the same names in both worlds.
        numbers = (f"closure{number:015}" for number in count())
        with house.inside(), pytest.MonkeyPatch.context() as patch:
            patch.setattr(booking_actions, "new_id", lambda: next(numbers))
            closing.close(house.viewer(COORDINATOR), wanted, house.clock())

    return fill


def another_circle(house: House) -> None:
    house.book(SOCIAL, "motesrummet", "17:00", "17:45", circle=SOCIAL_CIRCLE, title="Samtal")


@pytest.mark.parametrize("what", ["arbetsplats-3", "konferensbordet"])
def test_a_guest_cannot_tell_a_block_without_a_reason_from_a_booking(
    worlds: Callable[..., World],
    what: str,
) -> None:
    first, second = worlds(booked(what)), worlds(blocked(what))
    assert list(alike(first, second, (ARTIST,))) == []


@pytest.mark.parametrize("met", [briefing, another_circle, a_colleague_within_earshot])
def test_a_closure_leaves_nothing_to_be_seen_of_what_it_met(
    worlds: Callable[..., World],
    met: Fill,
) -> None:
    first, second = worlds(closed(), artist_there=False), worlds(closed(met), artist_there=False)
    assert list(alike(first, second, OUTSIDERS)) == []


def test_the_comparison_would_notice_a_difference(
    worlds: Callable[..., World],
) -> None:
    first, second = worlds(booked("arbetsplats-3")), worlds(booked("arbetsplats-4"))
    assert list(alike(first, second, (ARTIST,))) != []
