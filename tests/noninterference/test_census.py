"""T4: every route in the map says for whom it is, and answers just those.

What is for those alone who may know answers everybody else with the bytes of an address that was never used, for
every method and before any other check.
"""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from tests.cast import PREMISES
from tests.noninterference.audiences import ALL, AUDIENCES, Audience
from tests.noninterference.fillings import secretly
from tests.noninterference.replay import replay
from tests.noninterference.script import HIDDEN, NEVER_USED, Ask
from tests.noninterference.worlds import NOBODY, OBSERVERS, a_day_as_all_may_see_it, pair
from tests.support.house import House

# No id of a booking, but something of one's own, of a circle or of a place.
OF_OTHER_THINGS = (Audience.OWN, Audience.CIRCLE)
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
ODD = ({}, {"title": "x"}, {"title": 1, "unknown": 2})


def test_every_route_says_for_whom_it_is(app: Flask) -> None:
    """Also forgetting fails: a new route without a line in the table is found here."""
    assert {rule.endpoint for rule in app.url_map.iter_rules()} == set(AUDIENCES)


@pytest.mark.parametrize("who", ALL)
def test_every_page_answers_those_it_is_for_and_nobody_else(house: House, who: str) -> None:
    visitor = house.visitor(who or None)
    for rule in house.app.url_map.iter_rules():
        audience = AUDIENCES[rule.endpoint]
        if rule.arguments or "GET" not in (rule.methods or ()):
            continue
        status = visitor.get(rule.rule).status_code
        if not audience.people:
            assert status == 404, rule
        elif who == NOBODY and audience is not Audience.EVERYBODY:
            assert status == (401 if rule.rule.startswith("/api/") else 302), rule
        elif who in audience.people:
            assert status in (200, 204, 302), rule
        else:
            assert status in (403, 404), rule


def of_bookings(app: Flask) -> Iterator[str]:
    """Every address of a booking, with what stands for its id."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        values = {"premises": PREMISES, "secret": HIDDEN, "code": "sv", "filename": "css/base.css"}
        if {"number", "booking"} & rule.arguments and AUDIENCES[rule.endpoint] not in OF_OTHER_THINGS:
            yield adapter.build(rule.endpoint, {name: values.get(name, HIDDEN) for name in rule.arguments})


@pytest.mark.parametrize("who", OBSERVERS)
def test_a_hidden_booking_answers_like_one_that_never_was(
    build_house: Callable[..., House], who: str
) -> None:
    with pair(build_house, (a_day_as_all_may_see_it, secretly())) as (world,):
        asks = [
            ask for path in sorted({*of_bookings(world.house.app)}) for ask in every_way(path, who == NOBODY)
        ]
        assert len(asks) > 100
        hidden, never = (list(replay(world, who, asks, tried)) for tried in (world.hidden[0], NEVER_USED))
        for (ask, here), (_, there) in zip(hidden, never, strict=True):
            assert here.answer == there.answer, f"{who or 'nobody'} {ask}"


def every_way(path: str, briefly: bool) -> Iterator[Ask]:
    """Every method, with what may be sent by it."""
    for method in METHODS:
        if method in ("GET", "HEAD", "OPTIONS") or briefly:
            yield from (Ask(method, path + query) for query in ("", "?tillfalle=x", "?occurrence=nonsense"))
        elif path.startswith("/api/"):
            yield from (
                Ask(method, path + query, json=body)
                for query in ("", "?scope=all&occurrence=x")
                for body in ODD
            )
        else:
            yield from (Ask(method, path, form=form) for form in ({}, {"omfattning": "all", "ord": "Hej"}))
