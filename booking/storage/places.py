"""The premises of an installation, loaded from their definitions. Imports the domain and the tables.

A definition is parsed once per process; a request only asks, in one statement, what is stored now.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, String, bindparam, cast, func, or_, select, update

from booking.domain.definition import read_premises
from booking.domain.people import OrganisationId
from booking.domain.premises import Premises
from booking.storage.database import run
from booking.storage.tables import premises, premises_organisations, register, spaces
from booking.storage.tokens import new_id

_space = spaces.c.key + " " + cast(spaces.c.id, String) + " " + spaces.c.public_id
_used = select(premises_organisations.c.premises_id).where(
    premises_organisations.c.organisation_id == bindparam("organisation")
)
EVERY = select(
    premises,
    select(func.aggregate_strings(_space, "\n"))
    .where(spaces.c.premises_id == premises.c.id)
    .scalar_subquery()
    .label("spaces"),
    select(register.c.written).scalar_subquery().label("register_written"),
).order_by(premises.c.key)
BY_NAME = EVERY.where(or_(premises.c.key == bindparam("name"), premises.c.public_id == bindparam("name")))
BY_NUMBER = EVERY.where(premises.c.id == bindparam("number"))
USED_BY = EVERY.where(or_(premises.c.id.in_(_used), premises.c.organisation_id == bindparam("organisation")))


@dataclass(frozen=True)
class Place:
    """A premises as stored: its definition, and the numbers and public ids of its spaces by key.

    `age` is another whenever anything was written that its boards or calendars may show.
    """

    id: int
    public_id: str
    premises: Premises
    space_ids: Mapping[str, int]
    public_ids: Mapping[str, str]
    age: tuple[int, int] = (0, 0)

    @property
    def space_keys(self) -> Mapping[int, str]:
        """The keys of the spaces by their numbers."""
        return {number: key for key, number in self.space_ids.items()}

    def resource_key(self, name: str) -> str | None:
        """The key of a resource given by key or public id; None when there is none."""
        if name in self.premises.by_key:
            return name
        return next(
            (
                key
                for key, public in self.public_ids.items()
                if public == name and key in self.premises.by_key
            ),
            None,
        )


def find(name: str) -> Place | None:
    """The premises with this key or public id."""
    return next(iter(_places(BY_NAME, name=name)), None)


def get(number: int) -> Place:
    """The premises with this number, which must exist."""
    return _places(BY_NUMBER, number=number)[0]


def used_by(organisation: OrganisationId | None) -> list[Place]:
    """The premises an organisation may use or is, by key; those of no organisation look at all of them."""
    return _places(EVERY) if organisation is None else _places(USED_BY, organisation=organisation)


def _places(query: Select[Any], **asked: Any) -> list[Place]:
    return [
        replace(
            _read(row.id, row.public_id, row.definition, row.spaces), age=(row.written, row.register_written)
        )
        for row in run(query, asked)
    ]


@lru_cache(maxsize=64)
def _read(number: int, public_id: str, definition: str, written: str) -> Place:
    """A premises out of all that is stored of it: what has changed is read anew, wherever that was done."""
    known = [each.split() for each in written.split("\n")]
    return Place(
        id=number,
        public_id=public_id,
        premises=read_premises(json.loads(definition)),
        space_ids={key: int(space) for key, space, _ in known},
        public_ids={key: public for key, _, public in known},
    )


def store(definition: Mapping[str, object]) -> int:
    """Store a premises, or its new definition, with its spaces; a space that has left the file stays known."""
    text = json.dumps(definition, ensure_ascii=False, default=str)
    read = read_premises(json.loads(text))
    row = run(select(premises.c.id, premises.c.definition).where(premises.c.key == read.key)).first()
    if row is None:
        inserted = run(premises.insert().values(public_id=new_id(), key=read.key, definition=text))
        number: int = inserted.inserted_primary_key[0]
    else:
        number = row.id
        run(
            update(premises)
            .where(premises.c.id == number)
            .values(definition=text, revision=premises.c.revision + 1)
        )
    known = set(run(select(spaces.c.key).where(spaces.c.premises_id == number)).scalars())
    for key in read.spaces:
        if key not in known:
            run(spaces.insert().values(premises_id=number, key=key, public_id=new_id()))
    return number


def definition(number: int) -> dict[str, Any]:
    """The definition of a premises as it was stored, to be changed and stored again."""
    text: str = run(select(premises.c.definition).where(premises.c.id == number)).scalar_one()
    found: dict[str, Any] = json.loads(text)
    return found


def next_turn(number: int) -> int:
    """The next age for new claims of a premises; called under its lock."""
    later = update(premises).where(premises.c.id == number).values(turn=premises.c.turn + 1)
    turn: int = run(later.returning(premises.c.turn)).scalar_one()
    return turn
