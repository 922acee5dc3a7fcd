"""What a measured installation has booked: the premises, who books there, and every booking in its order.

Imports the application's domain and demo. The premises at Sergels torg has thirty bookings on each day, a year and a
half of which would be 16,000; what is stored beyond what is to come lies behind, day before day, over decades.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from booking import demo
from booking.domain.people import Visibility
from booking.domain.spans import Span, instant
from booking.storage.places import Place

DAYS_AHEAD = 90  # how far ahead Sergels torg is booked, today besides
FEEDS = (1000, 2000)  # how many bookings the premises have that are only subscribed to
FEED_DAYS = 200  # over how many days these lie
BEHIND_A_FEED = timedelta(days=62)  # a feed reaches 60 days back
OPEN, INTERNAL, SECRET = Visibility.OPEN, Visibility.INTERNAL, Visibility.CONFIDENTIAL


@dataclass(frozen=True)
class Plan:
    """One booking of an ordinary day, by the wall clock; `who` is the part of an address before the @."""

    who: str
    resource: str
    starts: time
    ends: time
    visibility: Visibility = INTERNAL


@dataclass(frozen=True)
class Planned:
    """One booking that is to be stored."""

    premises: str
    plan: Plan
    span: Span


def _plans(who: str, resource: str, *hours: str, visibility: Visibility = INTERNAL) -> Iterator[Plan]:
    names = who.split()
    for number, each in enumerate(hours):
        starts, ends = (time.fromisoformat(clock) for clock in each.split("-"))
        yield Plan(names[number % len(names)], resource, starts, ends, visibility)


DESK = ("08:00-09:30", "09:30-11:00", "11:00-12:30", "13:00-14:30", "14:30-16:00")
ROOM = ("08:00-08:45", "09:00-10:00", "10:00-11:30", "13:00-14:00", "14:30-15:30")
EVENING = ("16:10-16:50", "17:50-18:30", "18:40-19:30", "19:40-20:30")
DAY = (
    *_plans("polis trafik ordningsvakt", "arbetsplats-1", *DESK),
    *_plans("mika plats", "arbetsplats-2", *DESK, visibility=OPEN),
    *_plans("trafik polis2 ungdomsjour", "arbetsplats-3", *DESK),
    *_plans("ordningsvakt mika polis", "arbetsplats-4", *DESK),
    *_plans("ungdomsjour plats polis", "motesrummet", *ROOM),
    *_plans("plats trafik", "hela-lokalen", *EVENING, visibility=OPEN),
    *_plans("polis", "hela-lokalen", "17:00-17:45", visibility=SECRET),
)


def subscribed_key(bookings: int) -> str:
    """The key of the premises, and of its only organisation, that a feed of so many bookings is of."""
    return f"{demo.PREMISES}-{bookings}"


def definition(bookings: int) -> dict[str, Any]:
    """A premises like Sergels torg that one organisation uses alone."""
    key = subscribed_key(bookings)
    own = {"key": key, "name": f"Huset {bookings}", "code": "HU", "category": "reactive", "secrecy": "osl"}
    name = {"key": key, "name": f"Huset {bookings}", "organisations": [own], "circles": []}
    return {**demo.definition(), **name}


def ahead(place: Place, today: date, days: int) -> Iterator[Planned]:
    """Every booking of today and so many days to come at Sergels torg."""
    for number in range(days + 1):
        yield from _on(place, today + timedelta(days=number), DAY)


def subscribed(place: Place, today: date, bookings: int) -> Iterator[Planned]:
    """So many bookings over the days to come, all at desks, as many each day."""
    each_day = -(-bookings // FEED_DAYS)
    own = _owned(place, [each for each in DAY if each.resource.startswith("arbetsplats")][:each_day])
    for number in range(bookings):
        day = today + timedelta(days=1 + number // each_day)
        yield from _on(place, day, own[number % each_day : number % each_day + 1])


def behind(places: list[Place], today: date) -> Iterator[Planned]:
    """History without an end, day before day, in each premises in turn."""
    number = 0
    while True:
        number += 1
        for place in places:
            key = place.premises.key
            owned = key != demo.PREMISES
            last = today - BEHIND_A_FEED if owned else today
            yield from _on(place, last - timedelta(days=number), _owned(place, DAY) if owned else DAY)


def _owned(place: Place, plans: Any) -> tuple[Plan, ...]:
    return tuple(replace(each, who=place.premises.key) for each in plans)


def _on(place: Place, day: date, plans: Any) -> Iterator[Planned]:
    zone = place.premises.zone
    for plan in plans:
        start, end = instant(day, plan.starts, zone), instant(day, plan.ends, zone)
        assert isinstance(start, datetime)
        assert isinstance(end, datetime)
        yield Planned(place.premises.key, plan, Span(start, end))
