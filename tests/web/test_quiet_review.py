"""The pages of reviews and of the journal through the eyes of outsiders: the same bytes whatever a circle does."""

from collections.abc import Callable, Iterator

import pytest

from booking.actions import cancelling, looking, reviewing, working
from booking.actions.reviewing import tell_overdue
from booking.storage.post import office
from booking.web import letters
from tests.cast import (
    ADMINISTRATOR,
    COORDINATOR,
    GUARD,
    POLICE,
    POLICE_CIRCLE,
    POLICE_COLLEAGUE,
    SOCIAL,
    TRAFFIC,
)
from tests.support.house import House, circle_page
from tests.support.mailbox import SENDER, mailbox
from tests.web.outsiders import World, briefing, confidential, seen, worlds

__all__ = ["worlds"]  # the fixture
JOBS = "/samordning/korningar"
OUTSIDERS = (SOCIAL, COORDINATOR, ADMINISTRATOR, TRAFFIC)
SECRET = b"whatever"


def addresses() -> Iterator[str]:
    yield from ("/granskning", "/organisationen/handelser", "/samordning/handelser", "/konton/handelser")
    for key in (POLICE_CIRCLE, "socialtjansten", "vision-klara", "never-used"):
        yield from (f"{circle_page(key)}/granskning", f"{circle_page(key)}/handelser")
    yield from ("/mina", "/aviseringar", JOBS)


def read_again_and_again(house: House) -> None:
    """Opened often, tried in vain by colleagues, reviewed, and overdue anew."""
    number = confidential(house, GUARD, title="y" * 90)
    with house.inside():
        for who in (POLICE, POLICE_COLLEAGUE, POLICE):
            looking.open_details(house.viewer(who), number, house.clock(), "page")
        house.clock.step(seconds=5)
        shown = reviewing.review_of(house.viewer(POLICE), POLICE_CIRCLE, house.clock(), SECRET)
        assert shown.period is not None
        reviewing.sign(
            house.viewer(POLICE), POLICE_CIRCLE, shown.period, shown.mark, "Sett", house.clock(), SECRET
        )
    assert house.visitor(SOCIAL).get(f"/bokning/{number}").status_code == 404


def booked_and_given_up(house: House) -> None:
    number = confidential(house, hours=("18:30", "19:00"))
    with house.inside():
        cancelling.cancel(house.viewer(POLICE), number, house.clock())
    confidential(house)


def work(house: House) -> None:
    with house.inside():
        working.work(working.all_jobs(office(), letters.write, house.clock, lambda: False), house.clock)


@pytest.mark.parametrize("other", [read_again_and_again, booked_and_given_up])
@pytest.mark.parametrize("days", [0, 100])
def test_outsiders_pages_are_the_same_whatever_a_circle_does(
    worlds: Callable[..., World], other: Callable[[House], None], days: int
) -> None:
    first, second = worlds(briefing), worlds(other)
    for world in (first, second):
        world.house.clock.step(days=days)
        with world.house.inside():
            tell_overdue(world.house.clock())
        work(world.house)
    for who in OUTSIDERS:
        here, there = first.house.visitor(who), second.house.visitor(who)
        for path in addresses():
            assert seen(here.get(path)) == seen(there.get(path)), f"{who}: {path}"


def test_the_comparison_would_notice_a_difference(worlds: Callable[..., World]) -> None:
    first, second = worlds(briefing), worlds(read_again_and_again)
    here, there = first.house.visitor(POLICE), second.house.visitor(POLICE)
    differs = [path for path in addresses() if seen(here.get(path)) != seen(there.get(path))]
    assert {"/granskning", "/organisationen/handelser", f"{circle_page(POLICE_CIRCLE)}/handelser"} <= set(
        differs
    )


@pytest.mark.parametrize("minutes", [0, 4, 30])
def test_the_page_of_jobs_does_not_tell_that_a_circle_was_sent_letters(
    build_house: Callable[..., House], minutes: int
) -> None:
    with mailbox() as box:
        first, second = (
            build_house(smtp_url=box.url, mail_from=SENDER, base_url="https://lokalen.example.org")
            for _ in range(2)
        )
        for house in (first, second):
            house.clock.step(hours=1)
            work(house)
            house.clock.step(seconds=20)
        number = confidential(second)
        with second.inside():
            cancelling.cancel(second.viewer(POLICE_COLLEAGUE), number, second.clock())
        work(second)
        assert box.to(POLICE)
        for house in (first, second):
            house.clock.step(minutes=minutes)
            work(house)
        for who in (COORDINATOR, ADMINISTRATOR):
            assert seen(first.visitor(who).get(JOBS)) == seen(second.visitor(who).get(JOBS)), who
