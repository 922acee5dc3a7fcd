"""Two worlds that differ only in what outsiders may not know, for tests of one page: every outsider looks at both.

The whole map is asked in tests/noninterference. Status, headers and body are compared, with only the random of the
request itself (CSRF tokens, nonces) taken out.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from booking.actions import booking as booking_actions
from booking.actions import cancelling, changing, feeding, membership
from booking.actions.changes import Changes
from booking.actions.feeding import FeedKind, FeedWish
from booking.storage import access
from tests.cast import (
    ADMINISTRATOR,
    ARTIST,
    COORDINATOR,
    GUARD,
    POLICE,
    POLICE_CIRCLE,
    POLICE_COLLEAGUE,
    PREMISES,
    SOCIAL,
    SOCIAL_CIRCLE,
    TRAFFIC,
    VISION_CIRCLE,
)
from tests.support.house import House

PLANTED = "Operation Blåsippa"
OUTSIDERS = (ARTIST, TRAFFIC, COORDINATOR, ADMINISTRATOR)
OF_THE_REQUEST = re.compile(
    r'name="(?:csrf_token|nyckel)"[^>]*value="[^"]*"|nonce[=-]"?[A-Za-z0-9_-]+"?|"csrf_token": ?"[^"]*"'
)


@dataclass
class World:
    """A house, and what every outsider holds in it."""

    house: House
    feeds: dict[str, list[str]]
    tokens: dict[str, str]


def confidential(house: House, who: str = POLICE, what: str = "hela-lokalen", **order: Any) -> str:
    """Book 17.00–17.45 (or as asked) for a circle; whoever has to give way, gives way."""
    start, end = order.pop("hours", ("17:00", "17:45"))
    order.setdefault("circle", POLICE_CIRCLE)
    order.setdefault("title", PLANTED)
    return house.book(who, what, start, end, agree=True, **order).view.id


def briefing(house: House) -> None:
    confidential(house)


def longer_words(house: House) -> None:
    confidential(house, title="x" * 120, note="y" * 4000, attendees=(GUARD, POLICE_COLLEAGUE))


def another_organiser(house: House) -> None:
    confidential(house, GUARD)


def another_circle(house: House) -> None:
    confidential(house, SOCIAL, circle=SOCIAL_CIRCLE)


def wider_circle(house: House) -> None:
    confidential(house, circle=VISION_CIRCLE)


def cleared_desks(house: House) -> None:
    confidential(house, clear_desks=True)


def two_that_meet(house: House) -> None:
    confidential(house, hours=("17:20", "17:45"))
    confidential(house, GUARD, hours=("17:00", "17:20"))


def edited_often(house: House) -> None:
    number = confidential(house)
    for round_ in range(5):
        change = Changes(title=f"{PLANTED} {round_}")
        with house.inside():
            changing.change(house.viewer(POLICE), number, change, None, house.clock())


def a_colleague_within_earshot(house: House) -> None:
    confidential(house)
    house.book(GUARD, "arbetsplats-3", "17:10", "17:40", title=PLANTED)


def booked_again_after_a_cancellation(house: House) -> None:
    """Cancelled when nobody gives way: whoever does is told that the time came back, for they see it come."""
    number = confidential(house, hours=("18:30", "19:00"))
    with house.inside():
        cancelling.cancel(house.viewer(POLICE), number, house.clock())
    confidential(house)


def at_desk_one(house: House) -> None:
    confidential(house, what="arbetsplats-3")


def at_desk_two(house: House) -> None:
    confidential(house, what="arbetsplats-4")


def in_the_meeting_room(house: House) -> None:
    confidential(house, what="motesrummet")


def at_the_table(house: House) -> None:
    confidential(house, what="konferensbordet")


PAIRS = [
    (briefing, other)
    for other in (
        longer_words,
        another_organiser,
        another_circle,
        wider_circle,
        cleared_desks,
        two_that_meet,
        edited_often,
        a_colleague_within_earshot,
        booked_again_after_a_cancellation,
    )
] + [(at_desk_one, at_desk_two), (in_the_meeting_room, at_the_table)]


@pytest.fixture
def worlds(
    build_house: Callable[..., House], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., World]]:
    """Build a world around one filling: the same people, the same low history, the same ids in it."""

    def build(fill: Callable[[House], None], artist_there: bool = True) -> World:
        house = build_house()
        with monkeypatch.context() as seeded:
            _same_random(seeded)
            world = World(house, _feeds(house), _tokens(house))
            _low_history(house, artist_there)
        house.clock.step(minutes=1)
        fill(house)
        house.clock.now = house.clock.now.replace(minute=30)
        return world

    return build


def _same_random(patch: pytest.MonkeyPatch) -> None:
    """Ids and secrets of what outsiders may know are the same in both worlds."""
    counter = iter(range(10_000))

    def next_one() -> str:
        return hashlib.sha256(str(next(counter)).encode()).hexdigest()[:22]

    patch.setattr(booking_actions, "new_id", next_one)
    patch.setattr(access, "new_id", next_one)
    patch.setattr(access, "new_token", next_one)


def _feeds(house: House) -> dict[str, list[str]]:
    wishes = [
        FeedWish(PREMISES, FeedKind.MINE, colleagues=True),
        FeedWish(PREMISES, FeedKind.PREMISES),
        FeedWish(PREMISES, FeedKind.PREMISES, busy_only=True),
        *(FeedWish(PREMISES, FeedKind.RESOURCE, resource=key) for key in ("motesrummet", "arbetsplats-2")),
    ]
    with house.inside():
        return {
            who: [feeding.issue(house.viewer(who), wish, house.clock())[1] for wish in wishes]
            for who in OUTSIDERS
        }


def _tokens(house: House) -> dict[str, str]:
    with house.inside():
        return {
            who: membership.issue_token(house.viewer(who), "script", True, house.clock())[1]
            for who in OUTSIDERS
        }


def _low_history(house: House, artist_there: bool) -> None:
    """What outsiders may know: open bookings, their own, and an artist's desk that will have to give way."""
    house.book(TRAFFIC, "motesrummet", "09:00", "10:00", title="Lägesmöte", visibility="open")
    if artist_there:
        house.book(ARTIST, "arbetsplats-2", "16:00", "18:00", title="Skiss", visibility="open")
    house.book(ARTIST, "konferensbordet", "13:00", "15:00", title="Rekvisita", visibility="open")
    house.book(COORDINATOR, "arbetsplats-1", "12:00", "13:00", title="Planering", visibility="internal")


# --- what outsiders do -------------------------------------------------------------------------


def addresses(world: World, who: str) -> Iterator[str]:
    """Everything one outsider can look at."""
    day = "2026-11-24"
    yield from ("/", f"/idag?datum={day}", f"/idag?datum={day}&vy=lista", f"/idag/delar?datum={day}")
    yield from ("/mina", "/mina?vem=organisationen", "/mina?vy=tidigare", "/mina/kalender", "/mina/nycklar")
    yield from ("/boka", f"/boka?plats=motesrummet&datum={day}&fran=17:00&till=18:00")
    yield from (f"/ical/{secret}.ics" for secret in world.feeds[who])
    places = world.house.place.public_ids
    yield from (f"/plats/{places[key]}" for key in ("motesrummet", "hela-lokalen", "arbetsplats-2"))
    yield from ("/never-used", "/bokning/never-used", "/samordning/skyltar", "/organisationen")


def asked_of_the_api() -> Iterator[tuple[str, str, dict[str, Any] | None]]:
    """Everything one outsider can ask the API."""
    window = "from=2026-11-23T00:00:00%2B01:00&to=2026-11-27T00:00:00%2B01:00"
    yield "GET", "/api/v1/me", None
    yield "GET", "/api/v1/premises", None
    yield "GET", f"/api/v1/premises/{PREMISES}/board?{window}", None
    yield "GET", "/api/v1/feeds", None
    yield "GET", "/api/v1/bookings/never-used", None
    for resource in ("arbetsplats-1", "arbetsplats-3", "konferensbordet", "hela-lokalen", "any-desk"):
        yield "GET", f"/api/v1/premises/{PREMISES}/free?resource={resource}&minutes=60&{window}", None
        for start, end in (("16:00", "17:05"), ("17:15", "17:30"), ("17:45", "18:45")):
            wish = {
                "premises": PREMISES,
                "resource": resource,
                "starts": f"2026-11-24T{start}:00+01:00",
                "ends": f"2026-11-24T{end}:00+01:00",
                "title": "Försök",
            }
            yield "POST", "/api/v1/bookings?dry_run=true", wish
            secret = {**wish, "visibility": "confidential", "on_clash": "displace"}
            yield "POST", "/api/v1/bookings?dry_run=true", secret
    for invited in (GUARD, POLICE_COLLEAGUE, SOCIAL, COORDINATOR):
        hours = {"starts": "2026-11-24T17:10:00+01:00", "ends": "2026-11-24T17:30:00+01:00"}
        desk = {"premises": PREMISES, "resource": "arbetsplats-1", "attendees": [invited], **hours}
        yield "POST", "/api/v1/bookings?dry_run=true", {**desk, "visibility": "internal"}


def replay(world: World, who: str) -> list[tuple[str, Any]]:
    """All that one outsider gets, in order."""
    visitor, anonymous = world.house.visitor(who), world.house.visitor()
    answers = [(address, seen(visitor.get(address))) for address in addresses(world, who)]
    answers += [(address, seen(anonymous.get(address))) for address in addresses(world, who)]
    bearer = {"Authorization": f"Bearer {world.tokens[who]}"}
    for method, address, body in asked_of_the_api():
        answer = anonymous.open(address, method=method, json=body, headers=bearer)
        answers.append((f"{method} {address} {json.dumps(body)}", seen(answer)))
    return answers


def seen(answer: Any) -> tuple[int, list[tuple[str, str]], str]:
    """An answer without the random of its own request."""
    headers = [
        (name, OF_THE_REQUEST.sub("", value))
        for name, value in answer.headers
        if name not in ("Set-Cookie", "Date")
    ]
    return answer.status_code, headers, OF_THE_REQUEST.sub("", answer.get_data(as_text=True))
