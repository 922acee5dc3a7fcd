"""The premises of a measured installation and who books there. Imports the application and benchmarks.plans."""

from datetime import datetime
from typing import NamedTuple

from benchmarks import plans
from booking import demo
from booking.actions import operating
from booking.domain.people import Role
from booking.storage import directory, organisations, places
from booking.storage.circles import circle_id, own_circle_key
from booking.storage.database import transaction
from booking.storage.passwords import hash_password
from booking.storage.places import Place


class Booker(NamedTuple):
    """Who books: the person, their organisation, and its own circle."""

    person: int
    organisation: int
    circle: int


def furnish(feeds: tuple[int, ...], now: datetime) -> dict[str, Place]:
    """Load the premises at Sergels torg and those that are subscribed to, with their people; all by key."""
    keys = [operating.load_premises(each, now) for each in (demo.definition(), *map(plans.definition, feeds))]
    found = {key: place for key in keys if (place := places.find(key))}
    demo.add_people(found[demo.PREMISES], now)
    password = hash_password(demo.PASSWORD)
    with transaction():
        for key in keys[1:]:
            organisation = organisations.by_key(key)
            assert organisation is not None
            person = directory.add_person(f"{key}@example.org", key, Role.MEMBER, organisation.id, now)
            directory.set_password_hash(person, password)
    return found


def bookers(found: dict[str, Place]) -> dict[str, Booker]:
    """Whoever books in the plans, by the part of their address before the @."""
    names = {plan.who for plan in plans.DAY} | (set(found) - {demo.PREMISES})
    return {name: _booker(f"{name}@example.org") for name in names}


def _booker(email: str) -> Booker:
    person = directory.person_by_email(email)
    assert person is not None
    assert person.organisation is not None
    circle = circle_id(own_circle_key(organisations.get(person.organisation).key))
    assert circle is not None
    return Booker(person.id, person.organisation, circle)
