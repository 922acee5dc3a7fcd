"""What an observer asks: every method of every route in the map, with ids of every kind and forms that mean something.

A route that is not mentioned here is asked all the same, with an empty form. Imports the worlds and Flask's map.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from werkzeug.routing import Rule

from tests.cast import (
    ARTIST,
    DESKS,
    GUARD,
    HALL,
    MEETING_ROOM,
    POLICE_COLLEAGUE,
    PREMISES,
    SOCIAL,
    TABLE,
)
from tests.noninterference.audiences import AUDIENCES, Audience
from tests.noninterference.worlds import DOORS, NOBODY, PROGRAM, World

DAY, NEXT = "2026-11-24", "2026-11-25"
NEVER_USED = "0" * 22
HIDDEN = "h" * 22  # stands for a hidden booking's id until a world puts its own in its place
LAST = ("security.sign_out_everywhere", "sign_in.sign_out")  # after them, nobody is there to ask
WINDOW = "from=2026-11-23T00:00:00%2B01:00&to=2026-11-27T00:00:00%2B01:00"


@dataclass(frozen=True)
class Ask:
    """One request. `form` is sent with the token of one's own page, `json` with one's bearer token."""

    method: str
    path: str
    form: dict[str, Any] | None = None
    json: dict[str, Any] | None = field(default=None)

    @property
    def api(self) -> bool:
        """Whether it is asked of the API."""
        return self.path.startswith("/api/")


# --- what is asked beside the bare address --------------------------------------------------------

# Within what is hidden, at its edges, and where the display at a place may book twice before it is full.
TAPPED = ("20261124T154500Z", "20261124T160500Z", "20261124T164000Z", "20261124T164500Z", "20261124T165000Z")
TIMES = (("16:00", "17:05"), ("17:15", "17:30"), ("17:45", "18:45"))
QUERIES: dict[str, tuple[str, ...]] = {
    "today.today": (f"datum={DAY}", f"datum={DAY}&vy=lista", f"datum={NEXT}", "datum=2026-11-23"),
    "today.parts": (f"datum={DAY}", f"datum={NEXT}&vy=lista"),
    "plan.page": (f"datum={DAY}&tid=17:15", f"datum={DAY}&tid=16:55", f"datum={NEXT}"),
    "plan.parts": (f"datum={DAY}&tid=17:30", f"datum={DAY}&tid=17:45"),
    "week.page": (f"plats={HALL}&datum={DAY}", f"plats={DESKS[2]}&datum={NEXT}&vy=lista"),
    "week.parts": (f"plats={DESKS[1]}&datum={DAY}&vy=tavla", f"plats={TABLE}&vy=lista"),
    "mine.mine": ("vem=organisationen", "vy=tidigare"),
    "book.form": (f"plats=motesrummet&datum={DAY}&fran=17:00&till=18:00", f"kopia={HIDDEN}"),
    "api.board": (WINDOW,),
    "door.form": ("fran=20261124T161500Z&minuter=30",),
    "door.done": tuple(f"fran={each}" for each in TAPPED),
    "door.ending": tuple(f"fran={each}" for each in TAPPED),
    "api.free": tuple(
        f"resource={each}&minutes=60&{WINDOW}" for each in (*DESKS[:2], TABLE, HALL, "any-desk")
    ),
    "api.see": ("scope=all", "occurrence=2026-11-24T16:00:00Z"),
    "others.booking": ("som=gast", "som=organisation"),
    "bookings.change": (
        f"datum={DAY}&fran=17:15&till=17:45",
        f"datum={DAY}&fran=16:30&till=18:00&plats={DESKS[2]}",
    ),
    "bookings.show": ("tillfalle=2026-11-24T16:00:00Z",),
}


def wish(place: str, start: str, end: str, day: str = DAY, **more: Any) -> dict[str, Any]:
    """The form of a booking."""
    where = {"plats": "any-desk", "arbetsplats": place} if place in DESKS else {"plats": place}
    words = {"datum": day, "fran": start, "till": end, "rubrik": "Försök", "vem": "internal"}
    return {**where, **words, **more}


def order(place: str, start: str, end: str, **more: Any) -> dict[str, Any]:
    """The same for the API."""
    hours = {"starts": f"{DAY}T{start}:00+01:00", "ends": f"{DAY}T{end}:00+01:00"}
    return {"premises": PREMISES, "resource": place, "title": "Försök", **hours, **more}


PLACES = ("any-desk", DESKS[2], MEETING_ROOM, TABLE, HALL)
BLOCK = {
    "plats": [DESKS[3]],
    "datum": DAY,
    "fran": "16:30",
    "till": "18:30",
    "upprepa": "",
    "skal": "Städning",
}
CLOSURE = {"plats": ["kontoret"], "datum": DAY, "fran": "17:00", "till": "17:40", "skal": "Vattenläcka"}
FORMS: dict[str, tuple[dict[str, Any], ...]] = {
    "book.answer": (
        *(wish(place, *hours) for place, hours in product(PLACES, TIMES)),
        wish(HALL, "17:00", "18:00", bradskande="1"),
        wish(DESKS[0], "17:15", "17:30", upprepa="daily", slut="antal", ganger="3"),
    ),
    "searching.search": tuple({"ord": each} for each in ("operation", "hela lokalen", "polis", "kontoret e")),
    "book.send": (
        wish(DESKS[2], "17:10", "17:50"),
        wish(MEETING_ROOM, "17:45", "18:45"),
        wish(DESKS[1], "19:00", "20:00", NEXT),
        wish(HALL, "17:00", "17:30", vem="confidential"),
        wish(DESKS[0], "17:15", "17:30", upprepa="daily", slut="antal", ganger="3"),
    ),
    "bookings.change": (wish(DESKS[1], "16:30", "18:00"), wish(DESKS[2], "16:00", "18:30")),
    "moving.answer": (
        wish(DESKS[1], "16:30", "18:00"),
        wish(DESKS[2], "16:00", "18:30"),
        wish(HALL, "17:00", "17:30"),
    ),
    "bookings.cancel": ({"omfattning": "this"}, {"gor": "ja"}),
    "door.book": tuple(
        {"fran": each, "minuter": minutes, "vem": "mika"} for minutes in ("60", "15", "5") for each in TAPPED
    ),
    "door.end": tuple({"fran": each} for each in TAPPED),
    "doors.make": ({"namn": "Dörren", "plats": HALL},),
    "door.pair": ({"kod": "0000 0000"},),
    "arriving.ask": ({"ord": "Kan vi byta?"},),
    "blocking.send": (BLOCK, {**BLOCK, "vika": "", "gor": "kolla"}),
    "closing.send": (CLOSURE,),
    "furnishing.set_hours": ({"tisdag": "08:00-20:00"},),
    "furnishing.rename": ({"plats": DESKS[3], "namn": "Fönsterplatsen", "namn_en": "By the window"},),
    "furnishing.set_day": ({"datum": "2026-12-24", "tider": "10:00-14:00"},),
    "furnishing.unset_day": ({"datum": "2026-12-24"},),
    "furnishing.add": ({"slag": "desk:kontoret", "namn": "Arbetsplats 5"},),
    "rules.change": (
        {"kategori": "guest", "rang": "3", "dagar": "30", "timmar": "4", "antal": "5", "tider": "opening"},
        {"kategori": "place", "rang": "2", "dagar": "för många", "timmar": "14", "tider": "opening"},
    ),
    "guests.invite": (
        {"epost": "ny@example.org", "namn": "Cirkus Exempel", "till": "2026-12-20"},
        {"epost": SOCIAL, "namn": "Finns redan", "till": "2026-12-20"},
    ),
    "guests.invite_anew": ({"vem": "ny@example.org"},),
    "guests.withdraw": ({"vem": "ny@example.org"},),
    "guests.extend": ({"vem": ARTIST, "till": "2026-12-20"},),
    "guests.end": ({"vem": GUARD},),
    "organisations.take_in": (
        {
            "namn": "Nattvandrarna",
            "kod": "NV",
            "farg": "3",
            "kategori": "preventive",
            "bunden": "none",
            "vem": "internal",
            "person": "Ada Exempel",
            "epost": "forst@example.org",
        },
    ),
    "organisations.change": (
        {"organisation": "ordningsvakterna", "namn": "Vakterna", "kod": "OV", "farg": "1"},
        {"organisation": "mika", "namn": "MIKA", "kod": "PO", "farg": "1"},
    ),
    "organisations.send_link": (
        {"organisation": "axfast", "epost": "axfast@example.org", "person": "Bo Exempel"},
    ),
    "organisations.rest": ({"organisation": "vasakronan"}, {"organisation": "mika"}),
    "organisations.wake": ({"organisation": "vasakronan"},),
    "organisation.hand_over": ({"vem": POLICE_COLLEAGUE, "till": GUARD},),
    "organisation.deactivate": ({"vem": POLICE_COLLEAGUE},),
    "settings.wish": ({"epost": "1", "kalender": "feed", "paminn": "15", "sprak": "sv"},),
}
SECRETLY = {"visibility": "confidential", "on_clash": "displace"}
TRIED = (
    *(order(place, *hours) for place, hours in product((*PLACES, DESKS[0]), TIMES)),
    *(order(place, *hours, **SECRETLY) for place, hours in product((HALL, DESKS[0]), TIMES)),
    *(
        order(DESKS[0], "17:10", "17:30", visibility="internal", attendees=[invited])
        for invited in (GUARD, POLICE_COLLEAGUE, SOCIAL, ARTIST)
    ),
    order(DESKS[2], "17:15", "17:30", repeat={"rule": "FREQ=DAILY;COUNT=3"}, on_clash="skip"),
)
BODIES: dict[str, tuple[dict[str, Any], ...]] = {
    "api.book": (*TRIED[::7], order(DESKS[2], "17:45", "18:45")),
    "api.change": ({"title": "x"}, {"starts": f"{DAY}T16:30:00+01:00"}, {"title": 1, "unknown": 2}),
    "api.subscribe": ({"premises": PREMISES, "kind": "resource", "resource": HALL},),
}
QUERIES_OF_WRITING = {"api.book": ("dry_run=true", TRIED)}  # tried without being done


GLANCE = re.compile(
    r"/(idag|dorr/|plan|vecka|mina$|ical/|plats/|aviseringar$|boka/svar|bokning/[^/]*(/kort|/andra(-ser|/svar)?)?$|api/.*(board|free|dry_run)|samordning$)"
)


# --- the script -----------------------------------------------------------------------------------


def script(world: World, who: str) -> list[Ask]:
    """All that one observer asks, looking before doing, and leaving last."""
    asks = [
        (rule.endpoint in LAST, method not in ("GET", "HEAD", "OPTIONS"), ask)
        for rule in sorted(world.house.app.url_map.iter_rules(), key=lambda each: each.rule)
        for method in sorted(rule.methods or ())
        for ask in _asks(world, who, rule, method)
    ]
    ordered = sorted(asks, key=lambda each: each[:2])
    return [ask for *_, ask in ordered if _asked_by(who, ask)]


def _asked_by(who: str, ask: Ask) -> bool:
    """A program asks the API alone, and a display its own pages."""
    return ask.api if who == PROGRAM else who not in DOORS or ask.path.startswith("/dorr")


def glances(world: World, who: str) -> list[Ask]:
    """What shows most of who is where: boards, lists, calendars, and whether it could be booked; nothing is done."""
    return [ask for ask in script(world, who) if ask.method != "HEAD" and GLANCE.match(ask.path)]


def _asks(world: World, who: str, rule: Rule, method: str) -> Iterator[Ask]:
    for path in _paths(world, who, rule):
        if method in ("HEAD", "OPTIONS"):
            yield from [Ask(method, path)] if HIDDEN in path or not rule.arguments else []
        elif who == NOBODY:
            yield Ask(method, path, form=None if method == "GET" else {})
        elif method == "GET":
            yield from (Ask(method, _with(path, query)) for query in ("", *QUERIES.get(rule.endpoint, ())))
        elif path.startswith("/api/"):
            query, tried = QUERIES_OF_WRITING.get(rule.endpoint, ("", ()))
            yield from (Ask(method, f"{path}?{query}", json=body) for body in tried)
            yield from (Ask(method, path, json=body) for body in BODIES.get(rule.endpoint, ({},)))
        else:
            yield from (Ask(method, path, form=form) for form in FORMS.get(rule.endpoint, ({},)))


def _with(path: str, query: str) -> str:
    return f"{path}?{query}" if query else path


def _paths(world: World, who: str, rule: Rule) -> Iterator[str]:
    adapter = world.house.app.url_map.bind("localhost")
    choices = [_values(world, who, rule, name) for name in sorted(rule.arguments)]
    for values in product(*choices):
        yield adapter.build(rule.endpoint, dict(zip(sorted(rule.arguments), values, strict=True)))


def _values(world: World, who: str, rule: Rule, name: str) -> Iterable[str]:
    """What stands for a variable of an address: what is hidden, what never was, and what is the observer's own."""
    known: dict[str, tuple[str, ...]] = {
        "premises": (PREMISES, "nowhere"),
        "code": ("sv", "xx"),
        "filename": ("css/base.css",),
        "secret": (*world.feeds.get(who, ())[:5], "never-issued"),
    }
    if name in known:
        return known[name]
    if rule.rule.startswith("/plats/"):
        places = world.house.place.public_ids
        return (HIDDEN, places[HALL], places[DESKS[1]])
    if AUDIENCES.get(rule.endpoint) is not Audience.WHO_MAY_KNOW or who == NOBODY:
        return (HIDDEN,)
    own = world.own.get(who)
    others = [number for name, number in world.own.items() if name != who]
    return (HIDDEN, *([own] if own else []), *others[:1])
