"""One observer's script, asked of one world: all that comes back, byte for byte, with what was logged and looked up.

Imports the script and the worlds.
"""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from werkzeug.test import TestResponse

from booking import logs
from booking.actions import working
from booking.storage.post import office
from booking.web import letters
from tests.noninterference.script import HIDDEN, Ask, script
from tests.noninterference.worlds import DOORS, MEMBERS, NOBODY, OBSERVERS, PROGRAM, World
from tests.support.house import DOOR_COOKIE, Visitor

EXPIRES = re.compile(r"Expires=[^;]*; ")  # the same is said by Max-Age, without the machine's clock
OF_THE_MOMENT = ("at", "ms", "request")  # of the machine's clock, or drawn
LISTED = re.compile(r"\((?:%\(\w+\)s(?:::\w+)?|\?|:\w+)(?:, (?:%\(\w+\)s(?:::\w+)?|\?|:\w+))*\)")


@dataclass(frozen=True)
class Got:
    """What one request brought: the answer whole, the lines it left in the log, the statements it took."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    logged: tuple[str, ...]
    statements: tuple[str, ...]

    @property
    def answer(self) -> tuple[object, ...]:
        """All but the statements."""
        return self.status, self.headers, self.body, self.logged


def replay(
    world: World, who: str, asks: list[Ask] | None = None, tried: str = ""
) -> Iterator[tuple[Ask, Got]]:
    """Each request of an observer's script with what it brought, in order.

    `tried` is what stands where the script has a hidden booking's id; without it, the world's own.
    """
    house = world.house
    tried = tried or world.asked_for
    world.begin(f"the browser of {who} {len(world.browsers)}")
    world.browsers.append(who)
    visitor = house.visitor(None if who in (NOBODY, PROGRAM, *DOORS) else who)
    if who in DOORS:
        visitor.set_cookie(DOOR_COOKIE, world.cookies[who])
    program = house.visitor()
    bearer = {"Authorization": f"Bearer {world.tokens[who]}"} if who in world.tokens else {}
    with listening(world) as (lines, statements):
        for number, ask in enumerate(script(world, who) if asks is None else asks):
            world.begin(f"{who} {number}")
            lines.truncate(lines.seek(0))
            statements.clear()
            answer = _ask(program if ask.api else visitor, ask, tried, bearer if ask.api else {})
            yield (
                ask,
                _got(world, who, tried if HIDDEN in ask.path else "", answer, lines.getvalue(), statements),
            )


def _ask(visitor: Visitor, ask: Ask, tried: str, headers: dict[str, str]) -> TestResponse:
    """Asked with an id where the script has none."""
    form = {"csrf_token": visitor.csrf_token, **ask.form} if ask.form is not None else None
    path = ask.path.replace(HIDDEN, tried)
    return visitor.open(path, method=ask.method, data=form, json=ask.json, headers=headers, buffered=True)


def _got(world: World, who: str, tried: str, answer: TestResponse, lines: str, statements: list[str]) -> Got:
    """What came, with what is drawn by chance written alike in both worlds, and what the asker wrote themselves."""
    told = [(name, EXPIRES.sub("", value)) for name, value in answer.headers if name != "Date"]
    body = answer.get_data()
    if tried:
        body = body.replace(tried.encode(), HIDDEN.encode())
        told = [(name, value.replace(tried, HIDDEN)) for name, value in told]
    for number in world.hidden if who in OBSERVERS else ():
        assert number.encode() not in body, "it names a hidden booking"
    return Got(
        answer.status_code,
        tuple((name, world.alike(who, value.encode()).decode()) for name, value in told),
        world.alike(who, body),
        tuple(_line(each) for each in lines.splitlines()),
        tuple(LISTED.sub("(…)", each) for each in statements),
    )


def _line(line: str) -> str:
    told: dict[str, Any] = json.loads(line)
    return json.dumps({name: value for name, value in told.items() if name not in OF_THE_MOMENT})


@contextmanager
def listening(world: World) -> Iterator[tuple[io.StringIO, list[str]]]:
    """Everything that is logged and every statement, as they come."""
    lines = io.StringIO()
    handler = logging.StreamHandler(lines)
    handler.setFormatter(logs.Lines())
    ours = logging.getLogger(logs.OURS)
    level = ours.level
    logging.getLogger().addHandler(handler)
    ours.setLevel(logging.INFO)
    try:
        with world.house.asked() as statements:
            yield lines, statements
    finally:
        ours.setLevel(level)
        logging.getLogger().removeHandler(handler)


def post(world: World) -> dict[str, list[bytes]]:
    """Let the worker do all it has to; every letter that came to an observer, by whom."""
    house = world.house
    world.begin("the worker")
    with house.inside():
        jobs = working.all_jobs(office(), letters.write, house.clock, lambda: False)
        working.work(jobs, house.clock)
    found: dict[str, list[bytes]] = {}
    for each in world.mail.received:
        if each.to[0] in MEMBERS:
            found.setdefault(each.to[0], []).append(world.alike(each.to[0], each.raw))
    return found
