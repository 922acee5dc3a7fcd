"""A premises definition read from its file's contents: every fault is named where it stands.

Standard library only. The file format is TOML; `booking/premises/sergels_torg.toml` is the example.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from types import MappingProxyType
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from booking.domain.people import Secrecy, Visibility
from booking.domain.premises import (
    LONGEST_OCCURRENCE,
    Category,
    Hours,
    Kind,
    Name,
    OpenHours,
    Partition,
    Premises,
    Resource,
    Rule,
    Zone,
)

Table = Mapping[str, Any]
Value = TypeVar("Value")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
LONGEST_CHANGEOVER = timedelta(minutes=60)


class DefinitionError(ValueError):
    """The definition cannot be used; the message says where and why."""


@dataclass(frozen=True)
class OrganisationDefinition:
    """An organisation as the file names it."""

    key: str
    name: str
    code: str
    colour: int
    category: Category
    secrecy: Secrecy
    default_visibility: Visibility


@dataclass(frozen=True)
class CircleDefinition:
    """A circle as the file names it: steward and members are keys of organisations."""

    key: str
    name: str
    steward: str
    members: tuple[str, ...]


@dataclass(frozen=True)
class Definition:
    """All that a premises file says."""

    premises: Premises
    organisations: tuple[OrganisationDefinition, ...]
    circles: tuple[CircleDefinition, ...]


def read_definition(content: Table) -> Definition:
    """The definition in a parsed file; DefinitionError says what is wrong with it."""
    premises = read_premises(content)
    organisations = _each(content, "organisations", _organisation)
    circles = _each(content, "circles", _circle)
    keys = {each.key for each in organisations}
    _unique("organisations", (each.key for each in organisations))
    _unique("organisation codes", (each.code for each in organisations))
    _unique("circles", (each.key for each in circles))
    for circle in circles:
        for key in (circle.steward, *circle.members):
            if key not in keys:
                raise DefinitionError(f"circle {circle.key}: there is no organisation {key}")
    return Definition(premises, organisations, circles)


def read_premises(content: Table) -> Premises:
    """The premises alone; DefinitionError says what is wrong with it."""
    zones = _each(content, "zones", lambda table: Zone(_key(table), _name(table)))
    hours = _hours(content.get("hours", {}), "hours")
    premises = Premises(
        key=_key(content),
        name=_text(content, "name"),
        zone=_time_zone(content),
        changeover=_changeover(content),
        zones=zones,
        partitions=_each(content, "partitions", _partition),
        resources=_each(content, "resources", _resource),
        hours=hours,
        rules=MappingProxyType(_rules(content.get("rules", {}), hours)),
        look_ahead_days=int(content.get("look_ahead_days", 30)),
    )
    _check_spaces(premises)
    return premises


def _check_spaces(premises: Premises) -> None:
    zone_keys = [zone.key for zone in premises.zones]
    wall_keys = [wall.key for wall in premises.partitions]
    _unique(
        "zones, partitions and resources",
        [*zone_keys, *wall_keys, *(each.key for each in premises.resources)],
    )
    known = {zone.key for zone in premises.zones}
    for wall in premises.partitions:
        if len(wall.between) != 2 or not wall.between <= known:
            raise DefinitionError(f"partition {wall.key}: 'between' must name two zones")
    for resource in premises.resources:
        if not set(resource.zones) <= known:
            raise DefinitionError(f"resource {resource.key}: it names a zone that does not exist")
        _check_standing(resource)


def _check_standing(resource: Resource) -> None:
    count = len(resource.zones)
    if resource.kind is Kind.ROOM and not count:
        raise DefinitionError(f"resource {resource.key}: a room needs at least one zone")
    if resource.kind in (Kind.TABLE, Kind.DESK) and count != 1:
        raise DefinitionError(f"resource {resource.key}: a {resource.kind} stands in one zone")
    if resource.kind is Kind.EQUIPMENT and count:
        raise DefinitionError(f"resource {resource.key}: equipment is movable and has no zone")


def _each(content: Table, field: str, read: Callable[[Table], Value]) -> tuple[Value, ...]:
    tables = content.get(field, [])
    if not isinstance(tables, list):
        raise DefinitionError(f"{field}: must be a list of tables")
    return tuple(read(table) for table in tables)


def _text(table: Table, field: str) -> str:
    value = table.get(field)
    if not isinstance(value, str) or not value.strip():
        raise DefinitionError(f"{table.get('key', 'the file')}: '{field}' is missing")
    return value


def _key(table: Table) -> str:
    key = _text(table, "key")
    if not all(each.isascii() and (each.isalnum() or each == "-") for each in key) or key != key.lower():
        raise DefinitionError(f"{key}: a key has small letters a-z, digits and hyphens only")
    return key


def _name(table: Table) -> Name:
    name = _text(table, "name")
    return Name(name, table.get("name_en", name))


def _unique(what: str, keys: Iterable[str]) -> None:
    seen: set[str] = set()
    for key in keys:
        if key in seen:
            raise DefinitionError(f"{what}: {key} stands twice")
        seen.add(key)


def _time_zone(content: Table) -> ZoneInfo:
    try:
        return ZoneInfo(_text(content, "time_zone"))
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise DefinitionError(f"time_zone: {content['time_zone']} is not a known time zone") from error


def _changeover(content: Table) -> timedelta:
    minutes = timedelta(minutes=int(content.get("changeover_minutes", 5)))
    if not timedelta() <= minutes <= LONGEST_CHANGEOVER:
        raise DefinitionError("changeover_minutes: must be between 0 and 60")
    return minutes


def _partition(table: Table) -> Partition:
    return Partition(_key(table), _name(table), frozenset(table.get("between", ())))


def _resource(table: Table) -> Resource:
    kind = _member(Kind, table, "kind")
    zones = tuple(table["zones"]) if "zones" in table else tuple(filter(None, (table.get("zone"),)))
    usual = int(table.get("usual_minutes", 120 if kind is Kind.DESK else 60))
    return Resource(_key(table), kind, _name(table), zones, int(table.get("seats", 0)), usual)


def _member(kind: Callable[[str], Value], table: Table, field: str) -> Value:
    try:
        return kind(table[field])
    except (KeyError, ValueError) as error:
        raise DefinitionError(f"{table.get('key', 'the file')}: '{field}' is missing or unknown") from error


def _hours(table: Table, where: str) -> Hours:
    week = tuple(_open_hours(table.get(day), f"{where}.{day}") for day in WEEKDAYS)
    named = {
        _day(day, where): _open_hours(hours, f"{where}.{day}")
        for day, hours in table.items()
        if day not in WEEKDAYS
    }
    return Hours(week, MappingProxyType(named))


def _day(text: str, where: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise DefinitionError(f"{where}: {text} is neither a weekday nor a date") from error


def _open_hours(value: object, where: str) -> OpenHours | None:
    if value in (None, "closed"):
        return None
    try:
        start, end = (time.fromisoformat(part) for part in str(value).replace("24:00", "00:00").split("-"))
    except (TypeError, ValueError) as error:
        raise DefinitionError(f"{where}: write hours as '07:00-21:00' or 'closed'") from error
    if end != time() and end <= start:
        raise DefinitionError(f"{where}: it closes before it opens")
    return start, end


def _rules(tables: Table, opening: Hours) -> dict[Category, Rule]:
    return {
        _member(Category, {"category": key}, "category"): _rule(table, key, opening)
        for key, table in tables.items()
    }


def _rule(table: Table, key: str, opening: Hours) -> Rule:
    hours = table.get("hours", "opening")
    return Rule(
        rank=int(table.get("rank", 9)),
        days_ahead=int(table.get("days_ahead", 30)),
        longest=min(timedelta(hours=table.get("longest_hours", 24)), LONGEST_OCCURRENCE),
        hours=None
        if hours == "all"
        else opening
        if hours == "opening"
        else _hours(hours, f"rules.{key}.hours"),
        confidential=bool(table.get("confidential", True)),
        kinds=frozenset(_member(Kind, {"kind": kind}, "kind") for kind in table.get("kinds", list(Kind))),
        approval=frozenset(_member(Kind, {"kind": kind}, "kind") for kind in table.get("approval", ())),
        most_ahead=table.get("most_ahead"),
    )


def _organisation(table: Table) -> OrganisationDefinition:
    code = _text(table, "code")
    if len(code) != 2:
        raise DefinitionError(f"organisation {table.get('key')}: its code has two letters")
    return OrganisationDefinition(
        key=_key(table),
        name=_text(table, "name"),
        code=code,
        colour=int(table.get("colour", 8)),
        category=_member(Category, table, "category"),
        secrecy=_member(Secrecy, {"secrecy": "none", **table}, "secrecy"),
        default_visibility=_member(
            Visibility, {"default_visibility": "internal", **table}, "default_visibility"
        ),
    )


def _circle(table: Table) -> CircleDefinition:
    return CircleDefinition(
        _key(table), _text(table, "name"), _text(table, "steward"), tuple(table.get("members", ()))
    )
