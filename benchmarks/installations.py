"""One installation that is measured: its server as `make run` starts it, and the people who have signed in there.

Imports the application's demo, tests.support and the neighbours. People sign in by the page and ask with the cookie
of their session: a token would be stopped at 600 requests a minute.
"""

import itertools
import json
import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Self
from urllib.parse import urlencode, urlsplit
from zoneinfo import ZoneInfo

from benchmarks.clients import Answer, Client
from benchmarks.plans import DAYS_AHEAD, subscribed_key
from booking import demo
from booking.domain.spans import day_of, instant
from tests.support.server import Server

ZONE = ZoneInfo("Europe/Stockholm")
WEEK = 7
FIRST_FREE_DAY = 9  # the measured week stays as it was filled
PEOPLE = (
    "polis",
    "ordningsvakt",
    "polis2",
    "ungdomsjour",
    "mika",
)  # they may book at night, and two years ahead
TOKEN = re.compile(rb'name="csrf_token"[^>]*value="([^"]+)"')
QUARTERS = [time(hour, minute) for hour in range(3, 8) for minute in (0, 15, 30, 45)]
LATE = [time(hour, minute) for hour in (21, 22) for minute in (0, 15, 30, 45)]


class Installation:
    """A server on a filled database; a context manager."""

    def __init__(self, folder: Path, url: str, stored: int, now: datetime, **settings: str) -> None:
        """`settings` are more environment variables of the server."""
        self.url, self.stored, self.folder = url, stored, folder
        self.server = Server(folder, url, **settings)
        self.today = day_of(now, ZONE)
        self._headers: dict[str, dict[str, str]] = {}
        self._slots, self._series, self._races = itertools.count(), itertools.count(), itertools.count()

    def __enter__(self) -> Self:
        self.server.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.stop()

    @property
    def port(self) -> int:
        """Where it listens."""
        return self.server.port

    # --- people -------------------------------------------------------------------------------

    def visitor(self, who: str) -> Client:
        """A client of somebody who is signed in, with what a form of theirs is accepted with."""
        if who not in self._headers:
            self._headers[who] = self._sign_in(f"{who}@example.org")
        return Client(self.port, self._headers[who])

    def visitors(self, number: int) -> list[Client]:
        """So many clients of the people who book most."""
        return [self.visitor(PEOPLE[each % len(PEOPLE)]) for each in range(number)]

    def _sign_in(self, email: str) -> dict[str, str]:
        client = Client(self.port)
        page = client.ask("GET", "/logga-in")
        found = TOKEN.search(page.body)
        assert found, "there is no form to sign in by"
        form = {"csrf_token": found[1].decode(), "email": email, "password": demo.PASSWORD}
        answer = client.ask(
            "POST",
            "/logga-in",
            urlencode(form).encode(),
            Cookie=_cookie(page),
            Content_Type="application/x-www-form-urlencoded",
        )
        assert answer.status == 302, f"{email} was not let in: {answer.status}"
        caller = client.ask("GET", "/api/v1/me", Cookie=_cookie(answer))
        cookie = _cookie(caller) or _cookie(answer)
        client.close()
        return {"Cookie": cookie, "X-CSRFToken": caller.json()["csrf_token"]}

    # --- addresses ----------------------------------------------------------------------------

    @property
    def week(self) -> str:
        """The board of the coming week, as JSON."""
        first = self.today + timedelta(days=1)
        return self.board(first, first + timedelta(days=WEEK))

    def board(self, first: date, last: date) -> str:
        """The board from midnight to midnight, as JSON."""
        ends = {"from": _midnight(first), "to": _midnight(last)}
        return f"/api/v1/premises/{demo.PREMISES}/board?{urlencode(ends)}"

    @property
    def search(self) -> str:
        """A search for an hour at a desk, over the ninety days that are booked."""
        first = self.today + timedelta(days=1)
        ends = {"from": _midnight(first), "to": _midnight(first + timedelta(days=DAYS_AHEAD))}
        more = {"kind": "desk", "minutes": "60", "limit": "50", **ends}
        return f"/api/v1/premises/{demo.PREMISES}/free?{urlencode(more)}"

    def feed(self, who: str, **wish: object) -> str:
        """The path of a new subscription."""
        made = _posted(self.visitor(who), "/api/v1/feeds", wish)
        assert made.status == 201, made.body
        address: str = made.json()["url"]
        return urlsplit(address).path

    def feed_of(self, bookings: int) -> str:
        """The path of a new subscription to a premises with so many bookings."""
        key = subscribed_key(bookings)
        return self.feed(key, premises=key, kind="premises")

    # --- bookings -----------------------------------------------------------------------------

    def booking(self, client: Client) -> Callable[[], Answer]:
        """A job that books a free quarter at a desk each time, on days that have thirty bookings."""
        return lambda: self.book(client, *self._free_quarter())

    def series(self, client: Client) -> Answer:
        """Book a quarter at the fourth desk on 366 days."""
        quarter = QUARTERS[next(self._series)]
        return self.book(
            client, "arbetsplats-4", FIRST_FREE_DAY, quarter, repeat={"rrule": "FREQ=DAILY;COUNT=366"}
        )

    def contested(self) -> tuple[str, int, time]:
        """A desk, a day and a quarter that nobody has wanted yet."""
        days, quarter = divmod(next(self._races), len(LATE))
        return "arbetsplats-4", FIRST_FREE_DAY + days, LATE[quarter]

    def book(self, client: Client, resource: str, days: int, starts: time, **more: object) -> Answer:
        """Book a quarter of an hour so many days ahead."""
        start = instant(self.today + timedelta(days=days), starts, ZONE)
        assert start is not None
        end = start + timedelta(minutes=15)
        order = {"premises": demo.PREMISES, "resource": resource, "visibility": "internal", "title": "Möte"}
        times = {"starts": start.isoformat(), "ends": end.isoformat()}
        return _posted(client, "/api/v1/bookings", {**order, **times, **more})

    def stir(self, bookings: int) -> None:
        """Book and cancel something in a premises that is subscribed to: it has as many bookings as before."""
        key = subscribed_key(bookings)
        client = self.visitor(key)
        made = self.book(client, "arbetsplats-4", 3, time(20), premises=key)
        assert made.status == 201, made.body
        cancelled = client.ask("DELETE", made.header("Location"))
        assert cancelled.status == 204, cancelled.status
        client.close()

    def _free_quarter(self) -> tuple[str, int, time]:
        """Spread over the days, so that none fills up."""
        number, day = divmod(next(self._slots), DAYS_AHEAD - FIRST_FREE_DAY)
        desk, quarter = divmod(number, len(QUARTERS))
        return f"arbetsplats-{1 + desk}", FIRST_FREE_DAY + day, QUARTERS[quarter]


def _posted(client: Client, path: str, body: object) -> Answer:
    return client.ask("POST", path, json.dumps(body).encode(), Content_Type="application/json")


def _cookie(answer: Answer) -> str:
    return answer.header("Set-Cookie").partition(";")[0]


def _midnight(day: date) -> str:
    start = instant(day, time(0), ZONE)
    assert start is not None
    return start.isoformat()
