"""Circles and their ages: who is in them, and how they come to be. Hands out frozen values; imports domain and tables.

A circle that somebody joins without its standing bookings begins a new age: a row of its own with the same members
and the new one. The earlier age keeps its number, so that nothing that was booked in it is touched; what is booked
from now on is booked in the present one. All ages have one name and, to everybody outside the storage, one key.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, String, bindparam, case, cast, delete, func, select, update

from booking.domain.definition import CircleDefinition
from booking.domain.people import NO_CIRCLES, Circle, CircleId, Circles, OrganisationId
from booking.storage.database import run
from booking.storage.tables import circle_members, circles, organisations

present = circles.alias("present")
DEMANDS = "!"  # after the number of a circle that demands a second factor


@dataclass(frozen=True)
class Membership:
    """An organisation in a circle: since when, and on what legal ground, where the steward wrote one."""

    organisation: OrganisationId
    joined: datetime | None
    ground: str | None


@dataclass(frozen=True)
class Memberships:
    """The circles an organisation is in, earlier ages too: open to all of it, and demanding more."""

    plain: frozenset[CircleId] = NO_CIRCLES
    demanding: frozenset[CircleId] = NO_CIRCLES

    def opened(self, proved: bool) -> frozenset[CircleId]:
        """Those that count for somebody: one that demands a second factor only where that was given (`proved`)."""
        return self.plain | self.demanding if proved else self.plain


IN_NONE = Memberships()


# --- reading ----------------------------------------------------------------------------------


def memberships(organisation: ColumnElement[int]) -> ColumnElement[str]:
    """The circles of the organisation in another query's row, as one column that `read_memberships` reads."""
    written = cast(circles.c.id, String) + case((circles.c.second_factor, DEMANDS), else_="")
    query = select(func.aggregate_strings(written, " ")).join_from(circles, circle_members)
    return query.where(circle_members.c.organisation_id == organisation).scalar_subquery()


OF_ORGANISATION = select(memberships(bindparam("organisation")))


def read_memberships(written: str | None) -> Memberships:
    """The circles of one row; of no organisation, none."""
    found = (written or "").split()
    return Memberships(
        plain=frozenset(int(each) for each in found if not each.endswith(DEMANDS)),
        demanding=frozenset(int(each.removesuffix(DEMANDS)) for each in found if each.endswith(DEMANDS)),
    )


def circles_of(organisation: OrganisationId | None) -> Memberships:
    """The circles an organisation is in; None is in none."""
    return read_memberships(run(OF_ORGANISATION, {"organisation": organisation}).scalar())


def all_circles() -> Circles:
    """Who is in each circle, now; each age is one."""
    members: dict[CircleId, set[OrganisationId]] = defaultdict(set)
    for circle, organisation in run(select(circle_members.c.circle_id, circle_members.c.organisation_id)):
        members[circle].add(organisation)
    return Circles({circle: frozenset(who) for circle, who in members.items()})


def named_circles(numbers: Iterable[CircleId]) -> dict[CircleId, Circle]:
    """The circles with these numbers, by name; a circle is named only to its members.

    An earlier age has the name and the key of the present one.
    """
    query = (
        select(circles.c.id, circles.c.succeeded_at, *_of_the_present())
        .join(present, _first(circles) == _first(present))
        .where(present.c.succeeded_at.is_(None), circles.c.id.in_(list(numbers)))
        .order_by(present.c.name, present.c.id, circles.c.id)
    )
    return {row.id: _circle(row) for row in run(query)}


def circle_id(key: str, kept: CircleId | None = None) -> CircleId | None:
    """The number of the circle with this key as it is now; that of the age that is kept, if it is one of its ages."""
    plain = key.replace("\0", "\ufffd")  # PostgreSQL takes no NUL, and no key has one
    known = select(circles.c.id).where(circles.c.key == plain, circles.c.succeeded_at.is_(None))
    number: CircleId | None = run(known).scalar()
    if number is None or kept is None:
        return number
    return kept if kept in ages_of(number) else number


def ages_of(number: CircleId) -> list[CircleId]:
    """All ages of a circle, of which one is given, the oldest first."""
    first = select(_first(circles)).where(circles.c.id == number).scalar_subquery()
    return list(run(select(circles.c.id).where(_first(circles) == first).order_by(circles.c.id)).scalars())


def members_of(numbers: Iterable[CircleId]) -> Mapping[CircleId, tuple[Membership, ...]]:
    """Who is in some circles, by name of the organisation."""
    query = (
        select(circle_members, organisations.c.name)
        .join(organisations)
        .where(circle_members.c.circle_id.in_(list(numbers)))
        .order_by(organisations.c.name, organisations.c.id)
    )
    found: dict[CircleId, list[Membership]] = defaultdict(list)
    for row in run(query):
        found[row.circle_id].append(Membership(row.organisation_id, row.joined_at, row.ground))
    return {circle: tuple(members) for circle, members in found.items()}


def own_circle_key(organisation_key: str) -> str:
    """The key of the circle that every organisation has for itself."""
    return f"endast-{organisation_key}"


def _first(table: Any) -> Any:
    """The number of the first age."""
    return func.coalesce(table.c.origin_id, table.c.id)


def _of_the_present() -> Sequence[Any]:
    return present.c.key, present.c.name, present.c.steward_id, present.c.second_factor


def _circle(row: Any) -> Circle:
    return Circle(
        row.id,
        row.key,
        row.name,
        row.steward_id,
        second_factor=row.second_factor,
        earlier=row.succeeded_at is not None,
    )


# --- writing ----------------------------------------------------------------------------------


def add(key: str, name: str, steward: OrganisationId) -> CircleId:
    """A new circle with nobody in it."""
    inserted = run(circles.insert().values(key=key, name=name, steward_id=steward))
    number: CircleId = inserted.inserted_primary_key[0]
    return number


def admit(
    circle: CircleId, organisation: OrganisationId, now: datetime | None = None, ground: str | None = None
) -> None:
    """Put an organisation, which is not in it, into one age of a circle."""
    values = {"circle_id": circle, "organisation_id": organisation, "joined_at": now, "ground": ground}
    run(circle_members.insert().values(**values))


def begin_age(number: CircleId, now: datetime) -> CircleId:
    """A new age of a circle, whose present age is given, with the same members."""
    ages = ages_of(number)
    before = run(select(circles).where(circles.c.id == number)).one()
    values = {"key": f"{before.key}~{_next_free(before.key, len(ages) + 1)}", "succeeded_at": now}
    run(update(circles).where(circles.c.id == number).values(**values))
    kept = {name: getattr(before, name) for name in ("key", "name", "steward_id", "second_factor")}
    anew: CircleId = run(circles.insert().values(origin_id=ages[0], **kept)).inserted_primary_key[0]
    for each in members_of([number]).get(number, ()):
        admit(anew, each.organisation, each.joined, each.ground)
    return anew


def _next_free(key: str, least: int) -> int:
    taken = set(
        run(select(circles.c.key).where(circles.c.key.startswith(f"{key}~", autoescape=True))).scalars()
    )
    number = least
    while f"{key}~{number}" in taken:
        number += 1
    return number


def remove(ages: Iterable[CircleId], organisation: OrganisationId) -> None:
    """Take an organisation out of all these ages."""
    member = circle_members.c
    run(
        delete(circle_members).where(member.circle_id.in_(list(ages)), member.organisation_id == organisation)
    )


def demand_second_factor(ages: Iterable[CircleId], demanded: bool) -> None:
    """Say of all these ages whether they are open only to who has given a second factor."""
    run(update(circles).where(circles.c.id.in_(list(ages))).values(second_factor=demanded))


def store_circle(definition: CircleDefinition) -> CircleId:
    """Store a circle of a premises' file, with its members where it is new.

    Of one that is there already only the name follows the file: who is in it, and who its steward is, is no longer
    the file's to say.
    """
    number = circle_id(definition.key)
    if number is not None:
        run(update(circles).where(circles.c.id.in_(ages_of(number))).values(name=definition.name))
        return number
    ids = {row.key: row.id for row in run(select(organisations.c.key, organisations.c.id))}
    number = add(definition.key, definition.name, ids[definition.steward])
    for key in dict.fromkeys((definition.steward, *definition.members)):
        admit(number, ids[key])
    return number


def store_own_circle(organisation_key: str, name: str, organisation: OrganisationId) -> None:
    """The circle of one organisation alone, which nobody joins or leaves."""
    key = own_circle_key(organisation_key)
    number = circle_id(key)
    if number is None:
        admit(add(key, f"Endast {name}", organisation), organisation)
    else:
        run(update(circles).where(circles.c.id == number).values(name=f"Endast {name}"))
