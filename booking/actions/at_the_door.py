"""What is seen and booked at a door: open, today and short, and the door's own. Imports storage and the domain.

Raises the errors of `booking.actions.errors` and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from booking.actions import cancelling, checking_in, limiting, looking
from booking.actions.booking import new_booking, store
from booking.actions.doors import Display
from booking.actions.errors import Clash, NotFound, Refused
from booking.actions.judging import judge
from booking.actions.limiting import Limit
from booking.actions.looking import Look
from booking.actions.wishing import Order, refuse
from booking.domain.bookings import Purpose
from booking.domain.doors import books_at_the_door, promised, refusals_at_the_door, taken_back
from booking.domain.people import Organisation, Visibility
from booking.domain.permissions import Deed, require
from booking.domain.refusals import Reason, Refusal
from booking.domain.spans import day_of, local_day
from booking.domain.views import Full
from booking.storage import organisations
from booking.storage.database import GuardRefused, Touches, transaction

ACTS = 12  # of one display in a quarter of an hour


@dataclass(frozen=True)
class Tap:
    """What was chosen at the door: from when, UTC, how long, and for whom, by key; "" for whoever it is."""

    start: datetime
    length: timedelta
    whom: str = ""


def look(display: Display, now: datetime) -> Look:
    """The rest of the day as the display may know it."""
    zone = display.place.premises.zone
    return looking.board(display.viewer, display.place, local_day(day_of(now, zone), zone), now)


def own(display: Display, found: Look, now: datetime) -> tuple[Full, ...]:
    """What the display has booked itself that has not ended, by start."""
    return tuple(view for view in found.board.bookings if view.mine and view.span.end > now)


def whom(display: Display) -> list[Organisation]:
    """Whom one can say that it is for: the organisations of the premises, by name."""
    return organisations.at_hand(display.place.id)


def book(display: Display, tap: Tap, now: datetime) -> Full:
    """Book the display's place. Nobody ever gives way to it.

    Refused by a rule, Clash by what stands, TooMany after twelve acts in a quarter of an hour.
    """
    require(display.viewer, Deed.DOOR_BOOK)
    _count(display, now)
    place, premises = display.place, display.place.premises
    span = promised(tap.start, tap.length, now)
    if span is None:
        raise Refused((Refusal(Reason.IN_THE_PAST, "starts"),))
    order = Order(premises.key, display.door.resource, span, title=_label(display, tap.whom))
    order = replace(order, visibility=Visibility.OPEN)
    try:
        with transaction(place.id, touches=Touches.BOOKINGS):
            before = own(display, look(display, now), now)
            refuse(refusals_at_the_door(premises, span, now, before))
            judged = judge(display.viewer, place, order, now)
            made = tuple(replace(each, purpose=Purpose.DOOR) for each in new_booking(judged, order, now))
            store(place, judged, made, now, display.viewer.person)
    except GuardRefused:
        raise Clash(span) from None
    return judged.eyes.whole(made[0])


def end(display: Display, start: datetime, now: datetime) -> None:
    """End what the display has booked itself, or cancel what has hardly begun. NotFound when there is no such one.

    TooMany after twelve acts in a quarter of an hour.
    """
    require(display.viewer, Deed.DOOR_BOOK)
    _count(display, now)
    found = next((each for each in own(display, look(display, now), now) if each.span.start == start), None)
    if found is None:
        raise NotFound
    act = cancelling.cancel if taken_back(found, now) else checking_in.end_early
    act(display.viewer, found.id, now, occurrence=found.occurrence)


def _label(display: Display, key: str) -> str:
    """The name that a booking at the door bears; it gives no rights."""
    if not books_at_the_door(display.place.premises.rule_for(display.viewer.category), display.resource):
        raise Refused((Refusal(Reason.NOT_FOR_YOU, "resource"),))
    if not key:
        return ""
    found = next((each for each in whom(display) if each.key == key), None)
    if found is None:
        raise Refused((Refusal(Reason.UNKNOWN_ORGANISATION, "organisation"),))
    return found.name


def _count(display: Display, now: datetime) -> None:
    limiting.missed(Limit(f"acts at {display.door.id}", ACTS), now)
