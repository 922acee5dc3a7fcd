"""Displays at doors. One is reached by its code once, and then by its secret; of both only hashes are kept.

Imports the domain and the tables.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, select, update

from booking.domain.people import OrganisationId, PersonId, Role, Secrecy, Visibility
from booking.domain.premises import Category
from booking.storage import directory
from booking.storage.database import run
from booking.storage.places import Place
from booking.storage.tables import doors, organisations, people, premises, spaces
from booking.storage.tokens import hashed, new_id

CODE, COLOUR = "DÖ", 8
NOWHERE = "door.invalid"  # RFC 2606 section 2: no letter arrives there


@dataclass(frozen=True)
class Door:
    """A display: what it is called, the place it stands at, by key, and the account it books by.

    `code_until` while a code waits to be typed; `paired` and `seen` since a tablet has it.
    """

    id: str
    place: int
    resource: str
    person: PersonId
    organisation: OrganisationId
    name: str
    code_until: datetime | None
    paired: datetime | None
    seen: datetime | None


# --- reading ----------------------------------------------------------------------------------


def of(place: Place) -> list[Door]:
    """The displays of a premises, by name."""
    rows = run(_doors().where(doors.c.premises_id == place.id).order_by(people.c.name, doors.c.id))
    return [_door(row) for row in rows]


def find(number: str) -> Door | None:
    """The display with this id."""
    return _first(doors.c.id == number)


def by_code(code: str, now: datetime) -> Door | None:
    """The display that a code pairs now."""
    found = _first(doors.c.code_hash == hashed(code))
    return found if found and found.code_until is not None and found.code_until > now else None


def by_secret(secret: str) -> Door | None:
    """The display that shows this secret."""
    return _first(doors.c.token_hash == hashed(secret))


def _doors() -> Any:
    columns = (doors, people.c.name, people.c.organisation_id, spaces.c.key)
    return (
        select(*columns)
        .join(people, people.c.id == doors.c.person_id)
        .join(spaces, spaces.c.id == doors.c.space_id)
    )


def _first(condition: ColumnElement[bool]) -> Door | None:
    row = run(_doors().where(condition)).first()
    return _door(row) if row else None


def _door(row: Row[Any]) -> Door:
    return Door(
        id=row.id,
        place=row.premises_id,
        resource=row.key,
        person=row.person_id,
        organisation=row.organisation_id,
        name=row.name,
        code_until=row.code_until,
        paired=row.paired_at,
        seen=row.seen_at,
    )


# --- writing ----------------------------------------------------------------------------------


def add(place: Place, resource: str, name: str, now: datetime) -> str:
    """A new display that no tablet has yet, with an account of its own that lets nobody in; its id."""
    address = f"{new_id()}@{NOWHERE}"
    belongs_to = _own_organisation(place)
    person = directory.add_person(address, name, Role.DOOR, belongs_to, now, by_mail=False)
    number = new_id()
    run(
        doors.insert().values(
            id=number, premises_id=place.id, space_id=place.space_ids[resource], person_id=person
        )
    )
    return number


def await_code(number: str, code: str, until: datetime) -> None:
    """A code pairs the display until then, in place of the one before."""
    run(update(doors).where(doors.c.id == number).values(code_hash=hashed(code), code_until=until))


def pair(number: str, secret: str, now: datetime) -> None:
    """A tablet has the display from now on; its code is used up, and a tablet that had it is out."""
    values = {"token_hash": hashed(secret), "paired_at": now, "seen_at": now}
    run(update(doors).where(doors.c.id == number).values(code_hash=None, code_until=None, **values))


def touch(number: str, now: datetime) -> None:
    """Note that a display was seen."""
    run(update(doors).where(doors.c.id == number).values(seen_at=now))


def remove(door: Door, now: datetime) -> None:
    """The display is gone, and its secret dead; what it booked keeps its name."""
    run(delete(doors).where(doors.c.id == door.id))
    directory.end_person(door.person, now)


def _own_organisation(place: Place) -> OrganisationId:
    """The organisation that the premises is itself: in no circle and no list, of no key that a file could write."""
    known: int | None = run(select(premises.c.organisation_id).where(premises.c.id == place.id)).scalar_one()
    if known is not None:
        return known
    values = {
        "key": f"premises:{place.premises.key}"[:60],
        "name": place.premises.name,
        "code": CODE,
        "colour": COLOUR,
        "category": Category.PLACE.value,
        "secrecy": Secrecy.NONE.value,
        "default_visibility": Visibility.OPEN.value,
    }
    made: int = run(organisations.insert().values(**values)).inserted_primary_key[0]
    run(update(premises).where(premises.c.id == place.id).values(organisation_id=made))
    return made
