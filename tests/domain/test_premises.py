"""A premises is data: the shipped one is what its application describes, another is another file, faults are named."""

import copy
import tomllib
from collections.abc import Callable
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

import booking
from booking.domain.definition import DefinitionError, read_definition
from booking.domain.people import Secrecy, Visibility
from booking.domain.premises import Category, Kind, Premises
from booking.domain.spans import day_start
from tests.domain.cast import NOW, PREMISES, SHIPPED, THEATRE, TODAY, at

SOCIAL = [
    "ungdomsjouren",
    "uppsokarteamet",
    "eu-teamet",
    "mika",
    "regionala-koordinatorn",
    "faltassistenterna",
]
CONTENT = tomllib.loads((Path(booking.__file__).parent / "premises" / "sergels_torg.toml").read_text("utf-8"))


def names(premises: Premises, kind: Kind) -> list[str]:
    return [each.name.sv for each in premises.of_kind(kind)]


def test_sergels_torg_is_as_its_application_says() -> None:
    assert (PREMISES.name, PREMISES.zone.key, PREMISES.changeover) == (
        "Sergels torg",
        "Europe/Stockholm",
        timedelta(minutes=5),
    )
    assert [each.name.sv for each in PREMISES.zones] == ["Mötesdelen", "Kontoret"]
    assert [(each.name.sv, each.between) for each in PREMISES.partitions] == [
        ("Glasväggen", {"motesdelen", "kontoret"})
    ]
    assert names(PREMISES, Kind.ROOM) == ["Mötesrummet", "Hela lokalen"]
    assert names(PREMISES, Kind.TABLE) == ["Konferensbordet"]
    assert names(PREMISES, Kind.DESK) == [f"Arbetsplats {number}" for number in range(1, 5)]
    zones = {each.key: each.zones for each in PREMISES.resources}
    assert zones["motesrummet"] == zones["konferensbordet"] == ("motesdelen",)
    assert zones["hela-lokalen"] == ("motesdelen", "kontoret")
    assert {zones[f"arbetsplats-{number}"] for number in range(1, 5)} == {("kontoret",)}


def test_its_organisations_are_those_of_the_application() -> None:
    by_category = {
        category: [each.name for each in SHIPPED.organisations if each.category is category]
        for category in Category
    }
    assert by_category == {
        Category.REACTIVE: ["Lokalpolisområde Norrmalm", "Stadens mobila ordningsvakter"],
        Category.PREVENTIVE: [
            "Ungdomsjouren",
            "Uppsökarteamet",
            "EU-teamet",
            "MIKA",
            "Regionala koordinatorn mot människohandel",
            "Fältassistenterna, Norrmalms stadsdelsförvaltning",
        ],
        Category.PLACE: [
            "Platssamverkan Sergels torg",
            "Norrmalms stadsdelsförvaltning",
            "Trafikkontoret",
            "Kulturhuset Stadsteatern",
            "Vasakronan",
            "AMF Fastigheter",
            "Axfast",
            "Gålöstiftelsen",
            "City i Samverkan",
            "Jernhusen",
            "Länsstyrelsen Stockholms län",
            "Trafikförvaltningen (SL)",
            "MTR",
        ],
        Category.GUEST: [],
    }


def test_the_social_services_are_confidential_unless_they_choose_otherwise() -> None:
    confidential = [e.key for e in SHIPPED.organisations if e.default_visibility is Visibility.CONFIDENTIAL]
    assert confidential == SOCIAL
    assert {e.default_visibility for e in SHIPPED.organisations} == {
        Visibility.CONFIDENTIAL,
        Visibility.INTERNAL,
    }
    assert all(e.secrecy is Secrecy.OSL for e in SHIPPED.organisations if e.key in SOCIAL)


def test_its_circles_and_their_stewards() -> None:
    police = ["lokalpolisomrade-norrmalm", "ordningsvakterna"]
    circles = {each.key: (each.steward, list(each.members)) for each in SHIPPED.circles}
    assert circles == {
        "polis-och-ordningsvakter": ("lokalpolisomrade-norrmalm", police),
        "socialtjansten": ("ungdomsjouren", SOCIAL),
        "vision-klara": ("lokalpolisomrade-norrmalm", police + SOCIAL),
    }


def test_its_rules_by_category() -> None:
    rules = PREMISES.rules
    assert {category: rule.rank for category, rule in rules.items()} == {
        Category.REACTIVE: 1,
        Category.PREVENTIVE: 1,
        Category.PLACE: 2,
        Category.GUEST: 3,
    }
    assert rules[Category.REACTIVE].hours is rules[Category.PREVENTIVE].hours is None
    for category in (Category.PLACE, Category.GUEST):
        assert {rules[category].hours.on(TODAY + timedelta(days=n)) for n in range(7)} == {
            (time(7), time(21))
        }  # type: ignore[union-attr]
    guest = rules[Category.GUEST]
    assert (guest.days_ahead, guest.longest, guest.confidential) == (30, timedelta(hours=4), False)
    assert guest.approval == {Kind.ROOM}
    assert all(rule.confidential and not rule.approval for rule in rules.values() if rule is not guest)


def test_the_horizon_is_the_end_of_the_last_local_day() -> None:
    assert PREMISES.horizon(Category.GUEST, NOW) == at("00:00", 31)
    assert PREMISES.horizon(Category.GUEST, at("23:59")) == at("00:00", 31)
    assert PREMISES.horizon(Category.GUEST, at("00:00", 1)) == at("00:00", 32)
    assert PREMISES.horizon(None, NOW) == at("00:00", 31), (
        "who books nothing looks as far as the premises says"
    )
    winter = datetime(2027, 3, 1, 12, tzinfo=NOW.tzinfo)
    assert PREMISES.horizon(Category.GUEST, winter) == day_start(TODAY.replace(2027, 4, 1), PREMISES.zone)


def test_another_premises_is_another_file() -> None:
    theatre = THEATRE.premises
    assert theatre.changeover == timedelta(minutes=10)
    assert names(theatre, Kind.ROOM) == ["Scenrummet", "Salsrummet", "Scen och sal", "Allt"]
    assert names(theatre, Kind.EQUIPMENT) == ["Projektorn"]
    assert theatre.named("scenen")["en"] == "Stage"
    assert theatre.named("scenen")["sv"] == "Scenen"
    assert theatre.named("salen")["en"] == "Salen", "without an English name the Swedish one stands"
    assert len(set(theatre.spaces)) == len(theatre.spaces) == 14
    with pytest.raises(KeyError):
        theatre.named("vinden")
    guest = theatre.rules[Category.GUEST]
    assert (guest.kinds, guest.most_ahead) == ({Kind.DESK, Kind.EQUIPMENT}, 3)
    assert guest.hours is not None
    assert guest.hours.on(TODAY) is None, "a Tuesday, and guests come on Mondays"
    assert theatre.rules[Category.PLACE].hours is theatre.hours


def test_what_lies_in_which_zones() -> None:
    theatre = THEATRE.premises
    hall = frozenset({"salen"})
    assert [each.key for each in theatre.lying_in(hall)] == [
        "salsrummet",
        "langbordet",
        "rundbordet",
        "salsplatsen",
    ]
    assert theatre.lying_in(frozenset()) == ()
    assert [each.key for each in theatre.outer_partitions(hall)] == ["ridan", "dorrarna"]
    assert theatre.inner_partitions(hall) == ()
    assert [each.key for each in theatre.inner_partitions(frozenset({"scenen", "salen"}))] == ["ridan"]
    assert [each.key for each in theatre.rooms_moving("ridan")] == [
        "scenrummet",
        "salsrummet",
        "scen-och-sal",
        "allt",
    ]
    assert [each.key for each in theatre.rooms_moving("dorrarna")] == ["salsrummet", "scen-och-sal", "allt"]
    assert theatre.room_of(theatre.by_key["langbordet"]) == theatre.by_key["salsrummet"]
    assert theatre.room_of(theatre.by_key["biljettplatsen"]) is None


# --- faults -----------------------------------------------------------------------------------

Spoil = Callable[[dict[str, Any]], object]
FAULTS: dict[str, tuple[Spoil, str]] = {
    "no key": (lambda c: c.pop("key"), "'key'"),
    "no name": (lambda c: c.pop("name"), "'name'"),
    "a name that is no text": (lambda c: c.update(name=5), "'name'"),
    "a key that cannot stand in an address": (lambda c: c["zones"][0].update(key="Mötesdelen"), "Mötesdelen"),
    "a time zone that is none": (lambda c: c.update(time_zone="Europe/Sergels_torg"), "Sergels_torg"),
    "a time zone that is a path": (lambda c: c.update(time_zone="../etc"), "../etc"),
    "no time zone": (lambda c: c.pop("time_zone"), "'time_zone'"),
    "a changeover of hours": (lambda c: c.update(changeover_minutes=61), "changeover_minutes"),
    "a changeover back in time": (lambda c: c.update(changeover_minutes=-1), "changeover_minutes"),
    "a changeover in words": (lambda c: c.update(changeover_minutes="five"), "changeover_minutes"),
    "a look ahead in words": (lambda c: c.update(look_ahead_days="a month"), "look_ahead_days"),
    "zones that are no list": (lambda c: c.update(zones="motesdelen"), "zones"),
    "zones that are no tables": (lambda c: c.update(zones=["motesdelen"]), "zones"),
    "a wall with one side": (lambda c: c["partitions"][0].update(between=["kontoret"]), "glasvaggen"),
    "a wall with the same side twice": (
        lambda c: c["partitions"][0].update(between=["kontoret", "kontoret"]),
        "glasvaggen",
    ),
    "a wall to nowhere": (lambda c: c["partitions"][0].update(between=["kontoret", "vinden"]), "glasvaggen"),
    "a wall between numbers": (lambda c: c["partitions"][0].update(between=5), "glasvaggen"),
    "a room in no zone": (lambda c: c["resources"][0].pop("zones"), "motesrummet"),
    "a room in a zone that is not there": (
        lambda c: c["resources"][0].update(zones=["vinden"]),
        "motesrummet",
    ),
    "a table in two zones": (
        lambda c: (c["resources"][1].pop("zone"), c["resources"][1].update(zones=["motesdelen", "kontoret"])),
        "konferensbordet",
    ),
    "a desk in no zone": (lambda c: c["resources"][3].pop("zone"), "arbetsplats-1"),
    "equipment that stands somewhere": (
        lambda c: c["resources"][3].update(kind="equipment"),
        "arbetsplats-1",
    ),
    "a kind of resource that is none": (lambda c: c["resources"][3].update(kind="sofa"), "arbetsplats-1"),
    "a resource of no kind": (lambda c: c["resources"][3].pop("kind"), "arbetsplats-1"),
    "seats in words": (lambda c: c["resources"][0].update(seats="many"), "motesrummet"),
    "two resources of one key": (lambda c: c["resources"][4].update(key="arbetsplats-1"), "arbetsplats-1"),
    "a resource called as a zone": (lambda c: c["resources"][4].update(key="kontoret"), "kontoret"),
    "hours that are no table": (lambda c: c.update(hours="07-21"), "hours"),
    "a day with a reason that is no text": (
        lambda c: c["hours"].update({"2026-12-24": {"hours": "closed", "reason": 1}}),
        "hours.2026-12-24",
    ),
    "hours in words": (lambda c: c["hours"].update(monday="all day"), "hours.monday"),
    "hours in another time zone": (lambda c: c["hours"].update(monday="07:00+01:00-21:00"), "hours.monday"),
    "closing before opening": (lambda c: c["hours"].update(monday="21:00-07:00"), "hours.monday"),
    "a day that is none": (lambda c: c["hours"].update(munday="07:00-21:00"), "munday"),
    "a rule for nobody": (lambda c: c["rules"].update(police={"rank": 1}), "rules.police"),
    "a rule that is no table": (lambda c: c["rules"].update(guest=3), "rules.guest"),
    "a rank in words": (lambda c: c["rules"]["guest"].update(rank="low"), "rules.guest"),
    "a longest booking in words": (lambda c: c["rules"]["guest"].update(longest_hours="four"), "rules.guest"),
    "no booking at all": (lambda c: c["rules"]["guest"].update(longest_hours=0), "rules.guest"),
    "a limit in words": (lambda c: c["rules"]["guest"].update(most_ahead="three"), "rules.guest"),
    "approval of what there is not": (lambda c: c["rules"]["guest"].update(approval=["sofa"]), "rules.guest"),
    "hours of a rule in words": (
        lambda c: c["rules"]["guest"].update(hours={"monday": "never"}),
        "rules.guest.hours.monday",
    ),
    "hours of a rule of an unknown name": (
        lambda c: c["rules"]["guest"].update(hours="office"),
        "rules.guest",
    ),
    "an organisation of no category": (
        lambda c: c["organisations"][0].pop("category"),
        "lokalpolisomrade-norrmalm",
    ),
    "a colour in words": (lambda c: c["organisations"][0].update(colour="blue"), "lokalpolisomrade-norrmalm"),
    "a colour that is not there": (
        lambda c: c["organisations"][0].update(colour=9),
        "lokalpolisomrade-norrmalm",
    ),
    "a code of three letters": (
        lambda c: c["organisations"][0].update(code="POL"),
        "lokalpolisomrade-norrmalm",
    ),
    "two organisations of one code": (lambda c: c["organisations"][1].update(code="PO"), "PO"),
    "two organisations of one key": (lambda c: c["organisations"][6].update(key="mika"), "mika"),
    "an unknown default": (
        lambda c: c["organisations"][0].update(default_visibility="secret"),
        "'default_visibility'",
    ),
    "an unknown duty of silence": (lambda c: c["organisations"][0].update(secrecy="vow"), "'secrecy'"),
    "a circle without a steward": (lambda c: c["circles"][0].pop("steward"), "polis-och-ordningsvakter"),
    "a steward that is not there": (lambda c: c["circles"][0].update(steward="tullen"), "tullen"),
    "a member that is not there": (lambda c: c["circles"][0]["members"].append("tullen"), "tullen"),
    "members that are no list": (
        lambda c: c["circles"][0].update(members="mika"),
        "polis-och-ordningsvakter",
    ),
    "a guest in a circle": (lambda c: c["organisations"][3].update(category="guest"), "uppsokarteamet"),
    "two circles of one key": (lambda c: c["circles"][1].update(key="vision-klara"), "vision-klara"),
    "a circle called as an organisation's own": (
        lambda c: c["circles"][1].update(key="endast-mika"),
        "endast-mika",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_named_where_it_stands(fault: str) -> None:
    content = copy.deepcopy(CONTENT)
    spoil, said = FAULTS[fault]
    spoil(content)
    with pytest.raises(DefinitionError) as refused:
        read_definition(content)
    assert said in str(refused.value)


def test_without_a_fault_the_file_is_read() -> None:
    assert read_definition(copy.deepcopy(CONTENT)) == SHIPPED
