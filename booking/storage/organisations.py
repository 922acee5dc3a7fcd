"""The organisations of a premises: who uses it, whether anybody is there, newcomers, guests, and those at rest.

Imports the domain and the tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, case, func, or_, select, update

from booking.domain.definition import OrganisationDefinition
from booking.domain.people import Organisation, OrganisationId, Secrecy, Visibility
from booking.domain.premises import Category
from booking.storage import directory
from booking.storage.circles import store_own_circle
from booking.storage.database import run
from booking.storage.directory import Person
from booking.storage.tables import organisations, people, premises_organisations


def get(number: OrganisationId) -> Organisation:
    """One organisation, which must exist."""
    return by_id([number])[number]


def by_key(key: str) -> Organisation | None:
    """The organisation with this key; a premises' own has none that could be written."""
    return next(
        (_organisation(row) for row in run(select(organisations).where(organisations.c.key == key))), None
    )


def by_id(numbers: Iterable[OrganisationId]) -> Mapping[OrganisationId, Organisation]:
    """The organisations with these numbers."""
    rows = run(select(organisations).where(organisations.c.id.in_(sorted(set(numbers)))))
    return {row.id: _organisation(row) for row in rows}


def beside(number: OrganisationId) -> list[Organisation]:
    """The organisations that use a premises which this one uses, itself too, by name; no guests, and none at rest."""
    uses = premises_organisations.c
    own = select(uses.premises_id).where(uses.organisation_id == number)
    return _in_use(select(uses.organisation_id).where(uses.premises_id.in_(own)))


def at_hand(place: int) -> list[Organisation]:
    """The organisations that use a premises, by name; no guests, and none at rest."""
    uses = premises_organisations.c
    there = select(uses.organisation_id).where(uses.premises_id == place)
    return _in_use(there)


def _in_use(numbers: Any) -> list[Organisation]:
    query = select(organisations).where(
        organisations.c.id.in_(numbers),
        organisations.c.category != Category.GUEST.value,
        organisations.c.rests_since.is_(None),
    )
    return [_organisation(row) for row in run(query.order_by(organisations.c.name, organisations.c.id))]


def _organisation(row: Row[Any]) -> Organisation:
    """An organisation out of its row."""
    return Organisation(
        row.id,
        row.key,
        row.name,
        row.code,
        row.colour,
        Category(row.category),
        Visibility(row.default_visibility),
        Secrecy(row.secrecy),
    )


@dataclass(frozen=True)
class Standing:
    """How it stands with an organisation. `peopled`: somebody has chosen a password and not left.

    `administered`: and one of these admits the others. `rests`: it was put to rest.
    """

    organisation: Organisation
    peopled: bool
    administered: bool
    rests: bool


def using(place: int, now: datetime) -> list[Standing]:
    """The organisations of a premises, guests too, by category and name."""
    query = _standing(now).where(organisations.c.id.in_(_there(place)))
    rows = run(query.order_by(organisations.c.name, organisations.c.id))
    order = list(Category)
    return sorted((_read(row) for row in rows), key=lambda each: order.index(each.organisation.category))


def codes_beside(number: OrganisationId) -> set[str]:
    """The codes that others have in a premises that this organisation uses."""
    uses = premises_organisations.c
    own = select(uses.premises_id).where(uses.organisation_id == number)
    there = select(uses.organisation_id).where(uses.premises_id.in_(own), uses.organisation_id != number)
    return set(run(select(organisations.c.code).where(organisations.c.id.in_(there))).scalars())


def guests_of(place: int) -> list[tuple[Person, Organisation]]:
    """The guests of a premises who have made their account, each with the organisation that they are."""
    query = select(people.c.id, people.c.organisation_id).where(
        people.c.organisation_id.in_(_there(place)),
        people.c.role == "guest",
        people.c.password_hash.is_not(None),
    )
    numbers = {row.id: row.organisation_id for row in run(query.order_by(people.c.name, people.c.id))}
    found = directory.people_by_id(numbers)
    named = by_id(numbers.values())
    return [(found[person], named[number]) for person, number in numbers.items()]


def ended_with_times_ahead(booked: Iterable[OrganisationId], now: datetime) -> list[Person]:
    """The guests among those who have booked times ahead whose account has ended."""
    query = select(people.c.id).where(
        people.c.organisation_id.in_(sorted(set(booked))), people.c.role == "guest", people.c.ends_at <= now
    )
    return list(directory.people_by_id(run(query).scalars()).values())


def guests_ending(after: datetime, until: datetime) -> list[Person]:
    """The guests whose account ends after an instant and not later than another."""
    soon = people.c.ends_at > after, people.c.ends_at <= until
    query = select(people.c.id).where(people.c.role == "guest", people.c.password_hash.is_not(None), *soon)
    return list(directory.people_by_id(run(query).scalars()).values())


def _there(place: int) -> Any:
    uses = premises_organisations.c
    return select(uses.organisation_id).where(uses.premises_id == place)


def _standing(now: datetime) -> Any:
    """One row for each organisation, with how many of its people are there."""
    there = and_(people.c.password_hash.is_not(None), or_(people.c.ends_at.is_(None), people.c.ends_at > now))
    return (
        select(
            organisations,
            func.sum(case((there, 1), else_=0)).label("those_there"),
            func.sum(case((and_(there, people.c.organisation_admin), 1), else_=0)).label("administrators"),
        )
        .select_from(organisations)
        .outerjoin(people, people.c.organisation_id == organisations.c.id)
        .group_by(organisations.c.id)
    )


def _read(row: Any) -> Standing:
    found = _organisation(row)
    return Standing(found, bool(row.those_there), bool(row.administrators), row.rests_since is not None)


# --- writing ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Newcomer:
    """An organisation that is to be."""

    key: str
    name: str
    code: str
    colour: int
    category: Category
    secrecy: Secrecy = Secrecy.NONE
    visibility: Visibility = Visibility.INTERNAL


def add(newcomer: Newcomer, place: int) -> OrganisationId:
    """Add an organisation that uses a premises; with its own circle, unless it is a guest."""
    values = {
        "key": newcomer.key,
        "name": newcomer.name,
        "code": newcomer.code,
        "colour": newcomer.colour,
        "category": newcomer.category.value,
        "secrecy": newcomer.secrecy.value,
        "default_visibility": newcomer.visibility.value,
    }
    number: OrganisationId = run(organisations.insert().values(**values)).inserted_primary_key[0]
    if newcomer.category is not Category.GUEST:
        store_own_circle(newcomer.key, newcomer.name, number)
    run(premises_organisations.insert().values(premises_id=place, organisation_id=number))
    return number


def call(organisation: Organisation, name: str, code: str, colour: int) -> None:
    """An organisation has another name, code or colour; its own circle follows the name."""
    values = {"name": name, "code": code, "colour": colour}
    run(update(organisations).where(organisations.c.id == organisation.id).values(**values))
    if organisation.category is not Category.GUEST:
        store_own_circle(organisation.key, name, organisation.id)


def rest(number: OrganisationId, since: datetime | None) -> None:
    """It is at rest since then, or no longer."""
    run(update(organisations).where(organisations.c.id == number).values(rests_since=since))


def store(definition: OrganisationDefinition, place: int) -> OrganisationId:
    """Store an organisation, or what the file now says of it, with its own circle and its use of the premises."""
    values = {
        "name": definition.name,
        "code": definition.code,
        "colour": definition.colour,
        "category": definition.category.value,
        "secrecy": definition.secrecy.value,
        "default_visibility": definition.default_visibility.value,
    }
    number = _upsert(organisations, definition.key, values)
    if definition.category is not Category.GUEST:
        store_own_circle(definition.key, definition.name, number)
    _join(premises_organisations, {"premises_id": place, "organisation_id": number})
    return number


def _join(table: Any, values: dict[str, int]) -> None:
    found = run(select(table).where(*(table.c[name] == value for name, value in values.items()))).first()
    if found is None:
        run(table.insert().values(**values))


def _upsert(table: Any, key: str, values: dict[str, Any]) -> int:
    number: int | None = run(select(table.c.id).where(table.c.key == key)).scalar()
    if number is None:
        return int(run(table.insert().values(key=key, **values)).inserted_primary_key[0])
    run(update(table).where(table.c.id == number).values(**values))
    return number
