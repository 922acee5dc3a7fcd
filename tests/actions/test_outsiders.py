"""Two worlds that differ only in what outsiders may not know are one world to them, whatever they do.

Each pair of worlds below lives through the same visible day; then outsiders look, try, search, subscribe
and book in both, before the hidden bookings, during them and after, and everything they get is compared.
"""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from booking.actions import booking, feeding, looking
from booking.actions.errors import Clash, NotFound, Refused
from booking.actions.feeding import FeedKind, FeedWish
from booking.actions.finding import find_free
from booking.domain.permissions import Forbidden
from booking.domain.spans import Span
from tests.actions.worlds import BRIEFING, PAIRS, World, hidden
from tests.cast import (
    ADMINISTRATOR,
    ARTIST,
    COORDINATOR,
    DESKS,
    GUARD,
    HALL,
    MEETING_ROOM,
    POLICE,
    PREMISES,
    TABLE,
    TRAFFIC,
    VISION_CIRCLE,
)
from tests.support.databases import Databases
from tests.support.house import House

RANDOM_ID = re.compile(r"[0-9a-z]{22}")


OUTSIDERS = (ARTIST, TRAFFIC, COORDINATOR, ADMINISTRATOR)


# --- what outsiders do ------------------------------------------------------------------------


def everything(house: House) -> Iterator[str]:
    """All that outsiders get in a world, over its day."""
    for who in OUTSIDERS:
        yield from looks(house, who)
    for who in (ARTIST, TRAFFIC):
        yield from tries(house, who)
        yield from searches(house, who)
    yield attempt(house, TRAFFIC, DESKS[2], "18:00", "19:00", write=True)
    yield attempt(house, TRAFFIC, HALL, "18:05", "19:00", write=True)
    for clock, who in (("16:30", ARTIST), ("17:30", TRAFFIC), ("18:30", ARTIST)):
        house.clock.now = house.at(clock)
        yield from looks(house, who)
    house.clock.step(days=1)
    yield from looks(house, TRAFFIC)


def looks(house: House, who: str) -> Iterator[str]:
    viewer, now = house.viewer(who), house.clock()
    days = Span(house.at("00:00") - timedelta(days=1), house.at("24:00") + timedelta(days=1))
    yield f"board {looking.board(viewer, house.place, days, now).board}"
    part = house.span("16:30", "17:15")
    yield f"part of a board {looking.board(viewer, house.place, part, now).board}"
    mine = looking.mine(viewer, house.place, days, now, colleagues=True)
    yield f"mine {mine.views} {sorted(mine.told.values())}"
    for kind, resource, busy_only in FEEDS:
        _, secret = feeding.issue(viewer, FeedWish(PREMISES, kind, resource, busy_only), now)
        content = feeding.fetch(feeding.reader(secret, "test", now), now)
        yield f"{kind} {resource} {content.bookings} {content.busy}"


FEEDS = ((FeedKind.PREMISES, None, False), (FeedKind.RESOURCE, HALL, False), (FeedKind.MINE, None, True))


ATTEMPTS = (
    (DESKS[0], "15:00", "16:30"),
    (DESKS[3], "17:00", "17:30"),
    (TABLE, "17:30", "19:00"),
    (HALL, "18:00", "19:00"),
    (MEETING_ROOM, "15:00", "16:00"),
)


def tries(house: House, who: str) -> Iterator[str]:
    for resource, start, end in ATTEMPTS:
        yield attempt(house, who, resource, start, end)
    yield attempt(house, who, "any-desk", "15:30", "16:30")


def attempt(house: House, who: str, resource: str, start: str, end: str, write: bool = False) -> str:
    order = house.order(resource, start, end)
    try:
        if write:
            answer = str(booking.book(house.viewer(who), order, house.clock()).view)
        else:
            judged = booking.try_out(house.viewer(who), order, house.clock())
            answer = str(booking.preview(judged, order, house.clock()))
    except (Clash, Refused, Forbidden) as error:
        answer = repr(error)
    return f"{who} {resource} {start}–{end}: {answer}"


def searches(house: House, who: str) -> Iterator[str]:
    order, window = house.order(DESKS[1], "15:00", "15:45"), house.span("15:00", "21:00")
    found = find_free(house.viewer(who), house.place, order, None, window, 10, house.clock())
    yield f"free {found}"


LIVED: dict[tuple[type, World], list[str]] = {}


def live_through(house: House, world: World) -> list[str]:
    with house.inside():
        house.book(TRAFFIC, DESKS[2], "12:00", "13:00", title="Skyltar", visibility="open")
        house.book(ARTIST, DESKS[3], "15:30", "17:00", title="Övning", visibility="open")
        try:
            world(house)
        except Clash as clash:
            raise AssertionError(f"this world cannot be: {clash}") from clash
        return anonymous(everything(house))


def anonymous(lines: Iterator[str]) -> list[str]:
    """The lines with every random id named by when it first came up."""
    names: dict[str, str] = {}
    return [RANDOM_ID.sub(lambda m: names.setdefault(m[0], f"#{len(names)}"), line) for line in lines]


@pytest.mark.parametrize("difference", PAIRS)
def test_outsiders_cannot_tell(
    build_house: Callable[..., House], databases: Databases, difference: str
) -> None:
    one, other = PAIRS[difference]
    key = (type(databases), one)
    if key not in LIVED:  # many pairs have one world in common
        LIVED[key] = live_through(build_house(), one)
    assert LIVED[key] == live_through(build_house(), other)


def test_the_worlds_are_not_all_alike(build_house: Callable[..., House]) -> None:
    shorter = live_through(build_house(), hidden(HALL, "16:00", "17:59"))
    assert shorter != live_through(build_house(), BRIEFING)


# --- what answers them ------------------------------------------------------------------------


def test_nothing_that_answers_outsiders_reads_what_is_sealed(house: House) -> None:
    with house.inside():
        BRIEFING(house)
        house.book(GUARD, DESKS[0], "16:00", "19:00", title="Rapport")
        secret = house.book(POLICE, MEETING_ROOM, "12:00", "13:00", circle=VISION_CIRCLE).view
        with house.asked() as said:
            for who in OUTSIDERS:
                list(looks(house, who))
            for who in (ARTIST, TRAFFIC):
                list(tries(house, who))
                list(searches(house, who))
                with pytest.raises(NotFound):
                    looking.open_details(house.viewer(who), secret.id, house.clock(), "page")
        assert len(said) > 100
        assert [each for each in said if "sealed" in each] == []
        with house.asked() as said:
            looking.open_details(house.viewer(GUARD), secret.id, house.clock(), "page")
        assert [each for each in said if "sealed" in each]


def test_lists_read_nothing_sealed_not_even_for_members(house: House) -> None:
    with house.inside():
        BRIEFING(house)
        with house.asked() as said:
            list(looks(house, GUARD))
            list(looks(house, POLICE))
        assert [each for each in said if "sealed" in each] == []
