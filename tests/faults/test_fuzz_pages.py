"""Whatever is sent to a page: an answer, never a fault; and afterwards nothing is half-written and nothing was told."""

import io
import json
from collections import Counter
from collections.abc import Iterator
from random import Random
from urllib.parse import quote, urlencode

import pytest
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from booking.domain.people import Visibility
from tests.cast import (
    ADMINISTRATOR,
    COORDINATOR,
    DESKS,
    HALL,
    MEETING_ROOM,
    MIKA,
    POLICE,
    POLICE_CIRCLE,
    POLICE_COLLEAGUE,
    PREMISES,
    SOCIAL,
    TRAFFIC,
)
from tests.faults.guesses import Curious, Guesser
from tests.faults.soundness import unsound
from tests.support.house import DISPLAY, House, Visitor, circle_page

pytestmark = pytest.mark.faults
REQUESTS = 3200  # on each database
LOOK = 200  # after so many it is looked at: what has ended is no longer asked, once the premises is changed
PLANTED = "Operation Blåsippa"
KINDS = (
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=a",
    "multipart/form-data",
    "text/\xff",
    "",
)
OUTSIDERS = (MIKA, COORDINATOR, ADMINISTRATOR, TRAFFIC, f"{DISPLAY}{DESKS[1]}", None)
PEOPLE = (*OUTSIDERS, POLICE_COLLEAGUE)


@pytest.mark.usefixtures("quick_hashing")
@pytest.mark.parametrize("seed", ["forms"])
def test_whatever_is_sent_to_any_page_is_answered(
    house: House, lines: io.StringIO, monkeypatch: pytest.MonkeyPatch, seed: str
) -> None:
    chance, statuses = Random(seed), Counter[int]()
    curious = type("Request", (house.app.request_class,), {"parameter_storage_class": Curious})
    monkeypatch.setattr(house.app, "request_class", curious)
    guesser = Guesser(chance, _known(house))
    turns, closed = _turns(house, chance), set[tuple[str, str | None]]()
    while statuses.total() < REQUESTS:
        rule, method = next(turns)
        who = _somebody(chance, rule, closed)
        house.clock.step(seconds=chance.randrange(40))
        Curious.asked.clear()
        path, said = _sent(house, guesser, chance, rule, who)
        lines.truncate(lines.seek(0))
        answer = _ask(house.visitor(who), method, path, said, chance)
        guesser.learn(rule.endpoint)
        statuses[answer.status_code] += 1
        if answer.status_code == 403 or (answer.location or "").startswith(("/logga-in", "/dorr")):
            closed.add((rule.endpoint, who))
        about = (seed, statuses.total(), who, method, path, said)
        assert answer.status_code < 500, (about, _faults(lines))
        assert who == POLICE_COLLEAGUE or PLANTED not in answer.text, about
        assert PLANTED not in lines.getvalue(), about
        if not statuses.total() % LOOK:
            assert unsound(house) == [], about
    assert statuses[200] > REQUESTS / 10


def _known(house: House) -> tuple[str, ...]:
    """Ids of what is there, hidden and open."""
    made = [
        house.book(POLICE, HALL, "17:00", "17:45", circle=POLICE_CIRCLE, title=PLANTED, note=PLANTED),
        house.book(SOCIAL, MEETING_ROOM, "10:00", "11:00", circle="socialtjansten", title="Samtal"),
        house.book(MIKA, DESKS[0], "08:00", "12:00", visibility=Visibility.INTERNAL, title="Rapporter"),
        house.book(TRAFFIC, DESKS[1], "09:00", "15:00", visibility=Visibility.OPEN, title="Skyltar"),
        house.book(POLICE_COLLEAGUE, DESKS[2], "09:00", "15:00", title="Pass"),
    ]
    marks = [circle_page(key).rpartition("/")[2] for key in (POLICE_CIRCLE, "socialtjansten")]
    return (*(each.view.id for each in made), *house.place.public_ids.values(), *marks)


def _turns(house: House, chance: Random) -> Iterator[tuple[Rule, str]]:
    """Every method of every page, again and again in another order; what writes twice as often."""
    rules = [
        each for each in house.app.url_map.iter_rules() if not each.rule.startswith(("/api/v1", "/static"))
    ]
    turns = [
        (rule, method)
        for rule in sorted(rules, key=lambda each: (each.rule, each.endpoint))
        for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"})
        for _ in range(1 if method == "GET" else 2)
    ]
    while True:
        chance.shuffle(turns)
        yield from turns


def _somebody(chance: Random, rule: Rule, closed: set[tuple[str, str | None]]) -> str | None:
    """Anybody; seldom one to whom this page was closed before."""
    let_in = [who for who in PEOPLE if (rule.endpoint, who) not in closed]
    return chance.choice(let_in if let_in and chance.random() < 0.9 else PEOPLE)


def _sent(
    house: House, guesser: Guesser, chance: Random, rule: Rule, who: str | None
) -> tuple[str, list[tuple[str, str]]]:
    """A path, with a query sometimes, and fields."""
    path = rule.rule
    for name in rule.arguments:
        value = PREMISES if name == "premises" and chance.random() < 0.8 else guesser.value()
        path = path.replace(f"<{name}>", quote(value, safe=""))
    if chance.random() < 0.4:
        path += "?" + urlencode(guesser.fields(rule.endpoint))
    return path, guesser.fields(rule.endpoint)


def _ask(
    visitor: Visitor, method: str, path: str, said: list[tuple[str, str]], chance: Random
) -> TestResponse:
    if method == "GET":
        query = "&" if "?" in path else "?"
        return visitor.get(path + (query + urlencode(said) if chance.random() < 0.5 else ""))
    data = urlencode([("csrf_token", visitor.csrf_token), *said])
    if chance.random() < 0.05:  # not a form at all
        data += "&" + "".join(chance.choice("%&=;+\xff\0ab") for _ in range(40))
    kind = chance.choice(KINDS) if chance.random() < 0.05 else KINDS[0]
    return visitor.open(path, method=method, data=data.encode("latin-1"), content_type=kind)


def _faults(lines: io.StringIO) -> list[object]:
    """Where it went wrong."""
    said = [json.loads(line) for line in lines.getvalue().splitlines()]
    return [(each.get("error"), each.get("passed")) for each in said if each["level"] == "error"]
