"""The demo's organisations, circles and people as the domain knows them, without a database.

Imports the domain and the shipped premises file.
"""

import tomllib
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import booking
from booking.domain.definition import Definition, read_definition
from booking.domain.people import NOBODY, Circles, Role, Viewer
from booking.domain.premises import Category, Kind, Name, Premises, Resource
from booking.domain.spans import Span, instant
from tests.cast import MORNING, TODAY

SHIPPED: Definition = read_definition(
    tomllib.loads((Path(booking.__file__).parent / "premises" / "sergels_torg.toml").read_text("utf-8"))
)
THEATRE: Definition = read_definition(
    tomllib.loads((Path(__file__).parent / "theatre.toml").read_text("utf-8"))
)
PREMISES: Premises = SHIPPED.premises
PROJECTOR = Resource("projektor", Kind.EQUIPMENT, Name("Projektor", "Projector"), ())
EQUIPPED: Premises = replace(PREMISES, resources=(*PREMISES.resources, PROJECTOR))

ORGANISATIONS = {each.key: number for number, each in enumerate(SHIPPED.organisations, start=1)}
ARTIST_ALONE, OTHER_ARTIST_ALONE = 101, 102  # each guest is an organisation of one
THE_PREMISES_ITSELF = 103  # in no circle; what is booked at a door is its own
OWN_CIRCLES = {f"endast-{key}": 100 + number for key, number in ORGANISATIONS.items()}
NAMED_CIRCLES = {each.key: 10 + number for number, each in enumerate(SHIPPED.circles)}
CIRCLE = {**OWN_CIRCLES, **NAMED_CIRCLES}
CIRCLES = Circles(
    {
        **{OWN_CIRCLES[f"endast-{key}"]: frozenset({number}) for key, number in ORGANISATIONS.items()},
        **{
            NAMED_CIRCLES[each.key]: frozenset(ORGANISATIONS[key] for key in each.members)
            for each in SHIPPED.circles
        },
    }
)
POLICE_AND_GUARDS = CIRCLE["polis-och-ordningsvakter"]
SOCIAL_SERVICES = CIRCLE["socialtjansten"]
VISION = CIRCLE["vision-klara"]


def member(person: int, name: str, organisation: str, role: Role = Role.MEMBER) -> Viewer:
    """Somebody of an organisation of the premises."""
    number = ORGANISATIONS[organisation]
    category = next(each.category for each in SHIPPED.organisations if each.key == organisation)
    address = f"{name}@example.org"
    return Viewer(person, name, address, role, number, category, CIRCLES.of(number))


def guest(person: int, name: str, organisation: int) -> Viewer:
    """An artist."""
    return Viewer(person, name, f"{name}@example.org", Role.GUEST, organisation, Category.GUEST)


POLIS = member(1, "polis", "lokalpolisomrade-norrmalm")
POLIS2 = member(2, "polis2", "lokalpolisomrade-norrmalm")
ORDNINGSVAKT = member(3, "ordningsvakt", "ordningsvakterna")
UNGDOMSJOUR = member(4, "ungdomsjour", "ungdomsjouren")
MIKA = member(5, "mika", "mika")
TRAFIK = member(6, "trafik", "trafikkontoret")
PLATS = member(7, "plats", "platssamverkan", Role.COORDINATOR)
KONSTNAR = guest(8, "konstnar", ARTIST_ALONE)
KONSTNAR2 = guest(9, "konstnar2", OTHER_ARTIST_ALONE)
ADMIN = Viewer(10, "admin", "admin@example.org", Role.ADMINISTRATOR)
DOOR = Viewer(11, "a door", "", Role.DOOR, THE_PREMISES_ITSELF, Category.PLACE, trusted=False)
SILENT_DOOR = replace(DOOR, person=12, name="a silent door", names=False)
POLIS_TOKEN = POLIS.as_outsider()  # a bearer token that its owner has not let open anything confidential

BOOKERS = (POLIS, ORDNINGSVAKT, UNGDOMSJOUR, MIKA, TRAFIK, PLATS, KONSTNAR, KONSTNAR2)
PEOPLE = {
    **{each.name: each for each in (*BOOKERS, POLIS2, ADMIN)},
    "polis' token": POLIS_TOKEN,
    "nobody": NOBODY,
}
HOUSES = {each.key: each for each in (EQUIPPED, THEATRE.premises)}

NOW: datetime = MORNING


def at(clock: str, day: int = 0) -> datetime:
    """A wall clock time at Sergels torg, so many days from today."""
    moment = instant(TODAY + timedelta(days=day), time.fromisoformat(clock), PREMISES.zone)
    assert moment is not None
    return moment


def span(start: str, end: str, day: int = 0) -> Span:
    """From one wall clock time to another, of one day."""
    return Span(at(start, day), at(end, day))


def utc(day: date, clock: str) -> datetime:
    """An instant, written in UTC."""
    return datetime.combine(day, time.fromisoformat(clock), UTC)
