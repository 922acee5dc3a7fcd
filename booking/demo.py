"""The demo: the premises at Sergels torg, one person of each kind, a lively week around today and some behind it.

Imports the actions and storage. Its password is known, so it is made only where the settings say demo.
Everything is booked by the ordinary actions, as of two days ago; what lies behind in series, as of then.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from booking.actions import booking, operating
from booking.actions.errors import Clash
from booking.actions.wishing import Order
from booking.config import ROOT
from booking.domain.bookings import Repetition
from booking.domain.definition import OrganisationDefinition
from booking.domain.people import Role, Secrecy, Viewer, Visibility
from booking.domain.premises import Category
from booking.domain.spans import Span, instant
from booking.storage import directory, organisations, places
from booking.storage.database import transaction
from booking.storage.passwords import hash_password
from booking.storage.places import Place

PASSWORD = "sergels-torg"
PREMISES = "sergels-torg"
FILE = ROOT / "booking" / "premises" / "sergels_torg.toml"
DAYS_BACK, DAYS_AHEAD = 2, 7
STRETCH, STRETCHES_BACK = timedelta(weeks=4), 3
BY_DAY = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True)
class DemoPerson:
    """Somebody of the demo; `organisation` None is of none."""

    email: str
    name: str
    role: Role
    organisation: str | None
    organisation_admin: bool = False


PEOPLE = (
    DemoPerson("polis@example.org", "Polis Ett", Role.MEMBER, "lokalpolisomrade-norrmalm", True),
    DemoPerson("polis2@example.org", "Polis Två", Role.MEMBER, "lokalpolisomrade-norrmalm"),
    DemoPerson("ordningsvakt@example.org", "Ordningsvakt", Role.MEMBER, "ordningsvakterna"),
    DemoPerson("ungdomsjour@example.org", "Ungdomsjour", Role.MEMBER, "ungdomsjouren", True),
    DemoPerson("mika@example.org", "Mika Socionom", Role.MEMBER, "mika"),
    DemoPerson("trafik@example.org", "Trafik Kontor", Role.MEMBER, "trafikkontoret"),
    DemoPerson("plats@example.org", "Plats Samordnare", Role.COORDINATOR, "platssamverkan"),
    DemoPerson("konstnar@example.org", "Konstnär", Role.GUEST, "konstnaren"),
    DemoPerson("admin@example.org", "Administratör", Role.ADMINISTRATOR, None),
)
GUEST = OrganisationDefinition(
    "konstnaren", "Gäst, konstnär", "GÄ", 7, Category.GUEST, Secrecy.NONE, Visibility.INTERNAL
)


@dataclass(frozen=True)
class Plan:
    """One booking of an ordinary day in the demo, by the wall clock."""

    who: str
    resource: str
    hours: str
    title: str
    visibility: Visibility | None = None
    circle: str | None = None
    weekdays: str = "0123456"
    clear_desks: bool = False


OPEN, SECRET = Visibility.OPEN, Visibility.CONFIDENTIAL
DAY = (
    Plan("ordningsvakt", "motesrummet", "07:30-08:15", "Morgonmöte"),
    Plan("plats", "arbetsplats-1", "08:00-12:00", "Planering", OPEN, None, "01234"),
    Plan("trafik", "arbetsplats-2", "08:30-11:30", "Skyltning vid torget", None, None, "0246"),
    Plan("ungdomsjour", "motesrummet", "10:00-11:00", "Samtal", SECRET, "socialtjansten", "01346"),
    Plan("mika", "arbetsplats-3", "11:15-12:30", "Inför kvällspasset", Visibility.INTERNAL),
    Plan("konstnar", "konferensbordet", "13:00-15:00", "Förbereda rekvisita", OPEN, None, "0135"),
    Plan("polis", "arbetsplats-2", "13:30-15:30", "Rapportskrivning", None, None, "012346"),
    Plan("trafik", "motesrummet", "15:15-16:15", "Lägesmöte", OPEN, None, "0124"),
    Plan(
        "polis",
        "hela-lokalen",
        "17:00-17:45",
        "Utsättning",
        SECRET,
        "polis-och-ordningsvakter",
        "01456",
        True,
    ),
    Plan("polis2", "hela-lokalen", "17:45-18:45", "Genomgång", SECRET, "polis-och-ordningsvakter", "456"),
    Plan("ordningsvakt", "arbetsplats-3", "19:00-20:15", "Skriva rapport"),
    Plan("mika", "motesrummet", "19:00-20:00", "Uppföljning", SECRET, "endast-mika", "135"),
    Plan("plats", "hela-lokalen", "14:00-15:00", "Torgmöte", OPEN, None, "2"),
)


def fill(now: datetime, only_if_empty: bool) -> None:
    """Make the demo; with `only_if_empty` a database that holds a premises is left as it is."""
    if only_if_empty and places.used_by(None):
        return
    operating.load_premises(definition(), now)
    place = places.find(PREMISES)
    assert place is not None
    add_people(place, now)
    _book_the_weeks_behind(place, now)
    _book_the_week(place, now)


def definition() -> dict[str, Any]:
    """The premises at Sergels torg, as its file says."""
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def add_people(place: Place, now: datetime) -> None:
    """Add the people of the demo, with its password; whoever is there already is left alone."""
    password = hash_password(PASSWORD)  # one hash for all: the password is no secret here
    with transaction():
        organisations.store(GUEST, place.id)
        for person in PEOPLE:
            if directory.person_by_email(person.email) is None:
                found = organisations.by_key(person.organisation) if person.organisation else None
                number = directory.add_person(
                    person.email,
                    person.name,
                    person.role,
                    found.id if found else None,
                    now,
                    organisation_admin=person.organisation_admin,
                )
                directory.set_password_hash(number, password)


def _book_the_weeks_behind(place: Place, now: datetime) -> None:
    """Four weeks at a time, each plan a series: what the follow-up report has to tell of."""
    zone = place.premises.zone
    last = now.astimezone(zone).date() - timedelta(days=DAYS_BACK)
    for number in range(STRETCHES_BACK, 0, -1):
        first, then = last - number * STRETCH, now - number * STRETCH - timedelta(days=DAYS_BACK + 1)
        for plan in DAY:
            days = [first + timedelta(days=each) for each in range(STRETCH.days)]
            days = [day for day in days if str(day.weekday()) in plan.weekdays]
            span = _span(plan.hours, days[0], zone)
            if span:
                rule = f"FREQ=WEEKLY;BYDAY={','.join(BY_DAY[int(each)] for each in plan.weekdays)}"
                repeat = Repetition(f"{rule};COUNT={len(days)}")
                order = replace(_order(plan, span), repeat=repeat, skip=True)
                with suppress(Clash):
                    booking.book(_viewer(plan), order, then)


def _viewer(plan: Plan) -> Viewer:
    person = directory.person_by_email(f"{plan.who}@example.org")
    assert person is not None
    return directory.viewer_of(person)


def _book_the_week(place: Place, now: datetime) -> None:
    zone = place.premises.zone
    first = now.astimezone(zone).date() - timedelta(days=DAYS_BACK)
    then = now - timedelta(days=DAYS_BACK + 1)
    for day in (first + timedelta(days=number) for number in range(DAYS_BACK + DAYS_AHEAD + 1)):
        for plan in DAY:
            if str(day.weekday()) in plan.weekdays and (span := _span(plan.hours, day, zone)):
                with suppress(Clash):  # made a second time, what stands there stays
                    booking.book(_viewer(plan), _order(plan, span), then)


def _order(plan: Plan, span: Span) -> Order:
    return Order(
        premises=PREMISES,
        resource=plan.resource,
        span=span,
        title=plan.title,
        visibility=plan.visibility,
        circle=plan.circle,
        clear_desks=plan.clear_desks,
    )


def _span(hours: str, day: date, zone: ZoneInfo) -> Span | None:
    start, end = (instant(day, time.fromisoformat(part), zone) for part in hours.split("-"))
    return Span(start, end) if start and end else None


def sign_ins() -> str:
    """The demo's sign-ins, for the terminal."""
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    yield f"Sign in to the demo with the password {PASSWORD} as"
    for person in PEOPLE:
        yield f"  {person.email:26} {person.name}"
