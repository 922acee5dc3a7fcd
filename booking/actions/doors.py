"""Displays at doors: made and paired by the coordinator, and whose eyes are behind one. Imports storage and the domain.

A display is an outsider: it acts for the premises itself, which is in no circle and to which nothing internal is told.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from booking.actions import limiting
from booking.actions.codes import ALPHABET, as_kept
from booking.actions.errors import NotFound, Refused
from booking.actions.limiting import Limit
from booking.actions.looking import place_for
from booking.domain.attendance import ATTENDED
from booking.domain.people import Role, Viewer, is_persons_name
from booking.domain.permissions import Deed, require
from booking.domain.premises import Category, Resource
from booking.domain.refusals import Reason, Refusal
from booking.storage import doors, journal, places
from booking.storage.database import transaction
from booking.storage.doors import Door as Door  # as what pages are handed it
from booking.storage.journal import Action
from booking.storage.places import Place
from booking.storage.tokens import new_token

CODE_LENGTH = 8  # 40 bits, for a quarter of an hour and a few tries
CODE_KEPT = timedelta(minutes=15)
TRIES = 10
TOUCH_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class Display:
    """A display that a tablet has: where it stands, and the eyes behind it."""

    door: Door
    place: Place
    viewer: Viewer

    @property
    def resource(self) -> Resource:
        """The place it stands at."""
        return self.place.premises.by_key[self.door.resource]


# --- by the coordinator -----------------------------------------------------------------------


def of_premises(viewer: Viewer, place: Place) -> list[Door]:
    """The displays of a premises, by name."""
    require(viewer, Deed.DOOR_KEEP)
    return doors.of(place)


def make(viewer: Viewer, premises: str, resource: str, name: str, now: datetime) -> str:
    """Make a display at a place, and give the code that pairs it. Refused without a name, or a place to stand at."""
    require(viewer, Deed.DOOR_KEEP)
    place = place_for(viewer, premises)
    key = place.resource_key(resource)
    if key is None or place.premises.by_key[key].kind not in ATTENDED:
        raise Refused((Refusal(Reason.UNKNOWN_RESOURCE, "resource"),))
    if not is_persons_name(name):
        raise Refused((Refusal(Reason.NAME_MISSING, "name"),))
    with transaction(place.id):
        number = doors.add(place, key, name.strip(), now)
        code = _await_code(number, now)
        journal.record(Action.DOOR_MAKE, f"premises {place.premises.key}", now, viewer.person)
    return code


def renew_code(viewer: Viewer, premises: str, number: str, now: datetime) -> tuple[Door, str]:
    """A new code for a display; the tablet that has it keeps it until the code is used. NotFound for another's."""
    place, door = _kept(viewer, premises, number)
    with transaction():
        code = _await_code(door.id, now)
        journal.record(Action.DOOR_CODE, f"premises {place.premises.key}", now, viewer.person)
    return door, code


def unpair(viewer: Viewer, premises: str, number: str, now: datetime) -> None:
    """Take a display away: its tablet is out at its next request. NotFound for another's."""
    place, door = _kept(viewer, premises, number)
    with transaction():
        doors.remove(door, now)
        journal.record(Action.DOOR_UNPAIR, f"premises {place.premises.key}", now, viewer.person)


def _kept(viewer: Viewer, premises: str, number: str) -> tuple[Place, Door]:
    require(viewer, Deed.DOOR_KEEP)
    place = place_for(viewer, premises)
    found = doors.find(number)
    if found is None or found.place != place.id:
        raise NotFound
    return place, found


def _await_code(number: str, now: datetime) -> str:
    code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    doors.await_code(number, code, now + CODE_KEPT)
    return code


# --- by the tablet ----------------------------------------------------------------------------


def pair(code: str, address: str, now: datetime) -> str | None:
    """The secret of the display that the code is for, which is not stored; None when there is no such code now.

    TooMany after ten that were wrong from one address.
    """
    tried = Limit(f"doors {address}", TRIES)
    limiting.refuse((tried,), now)
    secret = new_token()
    with transaction():
        door = doors.by_code(as_kept(code), now)
        if door is None:
            limiting.count((tried,), now)
            return None
        doors.pair(door.id, secret, now)
        key = places.get(door.place).premises.key
        journal.record(Action.DOOR_PAIR, f"premises {key}", now, door.person)
    return secret


def display(secret: str, now: datetime) -> Display | None:
    """The display with this secret, seen now; None when there is none any more, or its place is gone."""
    door = doors.by_secret(secret)
    if door is None:
        return None
    place = places.get(door.place)
    if door.seen is None or now - door.seen >= TOUCH_EVERY:
        with transaction():
            doors.touch(door.id, now)
    return Display(door, place, _viewer(door, place))


def _viewer(door: Door, place: Place) -> Viewer:
    return Viewer(
        person=door.person,
        name=door.name,
        role=Role.DOOR,
        organisation=door.organisation,
        category=Category.PLACE,
        trusted=False,
        names=place.premises.names_at_the_door,
    )
