"""People and organisations. Hands out frozen values; imports the domain and the tables."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, bindparam, func, select, update

from booking.domain.people import (
    NO_CIRCLES,
    OrganisationId,
    PersonId,
    Role,
    Viewer,
)
from booking.domain.premises import Category
from booking.storage.circles import IN_NONE, Memberships, memberships, read_memberships
from booking.storage.database import run
from booking.storage.tables import organisations, people, premises_organisations

OF_A_PERSON = (
    "id",
    "email",
    "name",
    "role",
    "organisation_id",
    "organisation_admin",
    "password_hash",
    "ends_at",
    "remind_minutes",
)
OWNER = (
    *(people.c[name].label(f"owner_{name}") for name in OF_A_PERSON),
    organisations.c.category.label("owner_category"),
    memberships(people.c.organisation_id).label("owner_circles"),
)
PEOPLE = select(*OWNER).outerjoin_from(people, organisations, organisations.c.id == people.c.organisation_id)
BY_NUMBER = PEOPLE.where(people.c.id == bindparam("which"))
BY_ADDRESS = PEOPLE.where(people.c.email == bindparam("which"))


@dataclass(frozen=True)
class Person:
    """An account. `password_hash` is None until the person has chosen a password.

    `reminded_before`: how long before the start they want to be reminded, None for never. `circles`: those that
    their organisation is in.
    """

    id: PersonId
    email: str
    name: str
    role: Role
    organisation: OrganisationId | None
    category: Category | None
    password_hash: str | None
    ends_at: datetime | None
    organisation_admin: bool = False
    reminded_before: timedelta | None = None
    circles: Memberships = IN_NONE

    @property
    def arrived(self) -> bool:
        """Whether they have chosen a password: before that nobody but who admitted them knows of the account."""
        return self.password_hash is not None

    def ended(self, now: datetime) -> bool:
        """Whether the account has ended by itself."""
        return self.ends_at is not None and self.ends_at <= now


@dataclass(frozen=True)
class Wishes:
    """How a person wants to be told. `invitations`: calendar entries by mail instead of a feed.

    `remind` is how many minutes before the start; None for never.
    """

    language: str
    by_mail: bool
    invitations: bool
    remind: int | None


# --- reading ----------------------------------------------------------------------------------


def person(number: PersonId) -> Person | None:
    """The person with this number."""
    return _person(BY_NUMBER, number)


def person_by_email(email: str) -> Person | None:
    """The person with this address, its case ignored."""
    return _person(BY_ADDRESS, _address(email))


def wishes_of(number: PersonId) -> Wishes:
    """How a person, who must exist, wants to be told."""
    columns = (people.c.language, people.c.by_mail, people.c.invitations, people.c.remind_minutes)
    return Wishes(*run(select(*columns).where(people.c.id == number)).one())


def coordinators_of(place: int) -> list[PersonId]:
    """The coordinators of the organisations that use a premises."""
    query = (
        select(people.c.id)
        .join(premises_organisations, premises_organisations.c.organisation_id == people.c.organisation_id)
        .where(premises_organisations.c.premises_id == place, people.c.role == Role.COORDINATOR.value)
    )
    return list(run(query.order_by(people.c.id)).scalars())


def viewer_of(found: Person, proved: bool = False) -> Viewer:
    """The eyes of a person, with the circles their organisation was in when they were read.

    A circle that demands a second factor counts only where one was given (`proved`).
    """
    return Viewer(
        person=found.id,
        name=found.name,
        email=found.email,
        role=found.role,
        organisation=found.organisation,
        category=found.category,
        circles=NO_CIRCLES if found.role is Role.GUEST else found.circles.opened(proved),
        organisation_admin=found.organisation_admin,
        proved=proved,
    )


def people_by_email(emails: Iterable[str]) -> dict[str, Person]:
    """The people with these addresses, by address."""
    wanted = [_address(email) for email in emails]
    return {each.email: each for each in _people(people.c.email.in_(wanted))}


def people_by_id(numbers: Iterable[PersonId]) -> dict[PersonId, Person]:
    """The people with these numbers."""
    return {each.id: each for each in _people(people.c.id.in_(list(numbers)))}


def administrators_of(number: OrganisationId) -> list[Person]:
    """The people who admit and release others for an organisation."""
    return _people((people.c.organisation_id == number) & people.c.organisation_admin)


def people_of(number: OrganisationId) -> list[Person]:
    """Everybody of an organisation, those whose account has ended too, by name."""
    return _people(people.c.organisation_id == number)


def longest_reminder() -> timedelta:
    """How long before the start anybody wants to be reminded; nothing when nobody does."""
    minutes: int | None = run(select(func.max(people.c.remind_minutes))).scalar()
    return timedelta(minutes=minutes or 0)


def _address(email: str) -> str:
    """An address as it is stored. PostgreSQL takes no NUL, and nobody's address has one."""
    return email.strip().lower().replace("\0", "\ufffd")


def with_owner(query: Select[Any], owner: ColumnElement[int]) -> Select[Any]:
    """A query with the person whose number stands in its rows; `read_owner` reads them, in the same statement."""
    return (
        query.add_columns(*OWNER)
        .join(people, people.c.id == owner)
        .outerjoin(organisations, organisations.c.id == people.c.organisation_id)
    )


def read_owner(row: Row[Any]) -> Person:
    """The person in a row of a query `with_owner`."""
    return Person(
        id=row.owner_id,
        email=row.owner_email,
        name=row.owner_name,
        role=Role(row.owner_role),
        organisation=row.owner_organisation_id,
        category=Category(row.owner_category) if row.owner_category else None,
        password_hash=row.owner_password_hash,
        ends_at=row.owner_ends_at,
        organisation_admin=row.owner_organisation_admin,
        reminded_before=None
        if row.owner_remind_minutes is None
        else timedelta(minutes=row.owner_remind_minutes),
        circles=read_memberships(row.owner_circles),
    )


def _people(which: ColumnElement[bool]) -> list[Person]:
    return [read_owner(row) for row in run(PEOPLE.where(which).order_by(people.c.name, people.c.id))]


def _person(query: Select[Any], which: str | PersonId) -> Person | None:
    row = run(query, {"which": which}).first()
    return read_owner(row) if row else None


# --- writing ----------------------------------------------------------------------------------


def add_person(
    email: str, name: str, role: Role, belongs_to: OrganisationId | None, now: datetime, **more: Any
) -> PersonId:
    """Add an account without a password."""
    inserted = run(
        people.insert().values(
            email=email.strip().lower(),
            name=name,
            role=role.value,
            organisation_id=belongs_to,
            created_at=now,
            organisation_admin=more.pop("organisation_admin", False),
            **more,
        )
    )
    number: PersonId = inserted.inserted_primary_key[0]
    return number


def set_password_hash(number: PersonId, password_hash: str) -> None:
    """Store the hash of a password the person chose."""
    run(update(people).where(people.c.id == number).values(password_hash=password_hash))


def set_end(number: PersonId, ends: datetime) -> None:
    """The account ends by itself then."""
    run(update(people).where(people.c.id == number).values(ends_at=ends))


def set_organisation_admin(number: PersonId, wanted: bool) -> None:
    """Whether they admit and release the people of their organisation."""
    run(update(people).where(people.c.id == number).values(organisation_admin=wanted))


def end_person(number: PersonId, now: datetime) -> None:
    """The account lets nobody in from now on; what it booked keeps its name."""
    run(update(people).where(people.c.id == number).values(ends_at=now))


def set_wishes(number: PersonId, wishes: Wishes) -> None:
    """Store how a person wants to be told."""
    values = {
        "language": wishes.language,
        "by_mail": wishes.by_mail,
        "invitations": wishes.invitations,
        "remind_minutes": wishes.remind,
    }
    run(update(people).where(people.c.id == number).values(**values))


def ended_accounts(now: datetime) -> list[PersonId]:
    """The accounts that have ended by themselves."""
    return list(run(select(people.c.id).where(people.c.ends_at <= now).order_by(people.c.id)).scalars())


def roles_held(now: datetime) -> frozenset[Role]:
    """The roles that somebody has whose account goes on."""
    goes_on = people.c.ends_at.is_(None) | (people.c.ends_at > now)
    return frozenset(Role(each) for each in run(select(people.c.role).distinct().where(goes_on)).scalars())
