"""A premises definition read from its file's contents: every fault is named where it stands.

Standard library only. The file format is TOML; `booking/premises/sergels_torg.toml` is the example.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType

from booking.domain.fields import DefinitionError as DefinitionError
from booking.domain.fields import (
    Table,
    day,
    each_of,
    hours,
    key,
    member,
    table_of,
    text,
    texts,
    time_zone,
    unique,
    whole,
    yes,
)
from booking.domain.people import Secrecy, Visibility
from booking.domain.premises import (
    LONGEST_OCCURRENCE,
    Category,
    Hours,
    Kind,
    Name,
    Partition,
    Premises,
    Resource,
    Rule,
    Zone,
)
from booking.domain.surveying import with_floors

LONGEST_CHANGEOVER = 60  # minutes
COLOURS = 8


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
    organisations = each_of(content, "organisations", _organisation)
    circles = each_of(content, "circles", _circle)
    unique("organisations", (each.key for each in organisations))
    unique("organisation codes", (each.code for each in organisations))
    own = (f"endast-{each.key}" for each in organisations)
    unique("circles", (*own, *(each.key for each in circles)))
    categories = {each.key: each.category for each in organisations}
    for circle in circles:
        _check_circle(circle, categories)
    return Definition(premises, organisations, circles)


def _check_circle(circle: CircleDefinition, categories: dict[str, Category]) -> None:
    for each in (circle.steward, *circle.members):
        if each not in categories:
            raise DefinitionError(f"circle {circle.key}: there is no organisation {each}")
        if categories[each] is Category.GUEST:
            raise DefinitionError(f"circle {circle.key}: {each} is a guest, and guests cannot be in a circle")


def read_premises(content: Table) -> Premises:
    """The premises alone; DefinitionError says what is wrong with it."""
    opening = hours(content.get("hours", {}), "hours")
    premises = Premises(
        key=key(content),
        name=text(content, "name"),
        zone=time_zone(content),
        changeover=timedelta(minutes=whole(content, "changeover_minutes", 5, most=LONGEST_CHANGEOVER)),
        zones=each_of(content, "zones", lambda table: Zone(key(table), _name(table))),
        partitions=each_of(content, "partitions", _partition),
        resources=each_of(content, "resources", _resource),
        hours=opening,
        rules=MappingProxyType(_rules(table_of(content.get("rules", {}), "rules"), opening)),
        look_ahead_days=whole(content, "look_ahead_days", 30),
        approval_kept=timedelta(hours=whole(content, "approval_hours", 48, least=1, most=24 * 60)),
        check_in_within=timedelta(minutes=whole(content, "check_in_minutes", 15, least=1, most=24 * 60)),
        names_at_the_door=yes(content, "names_at_the_door"),
        contact=text(content, "contact") if "contact" in content else "",
        responsible=text(content, "responsible") if "responsible" in content else "",
    )
    _check_spaces(premises)
    return with_floors(premises, content)


def _check_spaces(premises: Premises) -> None:
    zone_keys = [zone.key for zone in premises.zones]
    wall_keys = [wall.key for wall in premises.partitions]
    unique(
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
    keys = {resource.key for resource in premises.resources}
    for category, rule in premises.rules.items():
        if unknown := sorted((rule.resources or frozenset()) - keys):
            raise DefinitionError(f"rules.{category}: there is no resource {unknown[0]}")


def _check_standing(resource: Resource) -> None:
    count = len(resource.zones)
    if resource.kind is Kind.ROOM and not count:
        raise DefinitionError(f"resource {resource.key}: a room needs at least one zone")
    if resource.kind in (Kind.TABLE, Kind.DESK) and count != 1:
        raise DefinitionError(f"resource {resource.key}: a {resource.kind} stands in one zone")
    if resource.kind is Kind.EQUIPMENT and count:
        raise DefinitionError(f"resource {resource.key}: equipment is movable and has no zone")


def _name(table: Table) -> Name:
    swedish = text(table, "name")
    return Name(swedish, text({"name_en": swedish, **table}, "name_en"))


def _partition(table: Table) -> Partition:
    return Partition(key(table), _name(table), frozenset(texts(table, "between")))


def _resource(table: Table) -> Resource:
    kind = member(Kind, table, "kind")
    zones = (text(table, "zone"),) if "zone" in table else texts(table, "zones")
    usual = whole(table, "usual_minutes", 120 if kind is Kind.DESK else 60, least=1)
    seats = whole(table, "seats", 0)
    return Resource(
        key(table), kind, _name(table), zones, seats, usual, day(table, "retired"), yes(table, "undrawn")
    )


def _rules(tables: Table, opening: Hours) -> dict[Category, Rule]:
    return {
        member(Category, {"category": name}, "category", at=f"rules.{name}"): _rule(
            table_of(table, f"rules.{name}"), f"rules.{name}", opening
        )
        for name, table in tables.items()
    }


def _rule(table: Table, at: str, opening: Hours) -> Rule:
    most = LONGEST_OCCURRENCE // timedelta(hours=1)
    return Rule(
        rank=whole(table, "rank", 9, at=at),
        days_ahead=whole(table, "days_ahead", 30, at=at, most=36_500),
        longest=timedelta(hours=whole(table, "longest_hours", 24, least=1, most=most, at=at)),
        hours=_rule_hours(table, at, opening),
        confidential=bool(table.get("confidential", True)),
        kinds=_kinds(table, "kinds", at) if "kinds" in table else frozenset(Kind),
        approval=_kinds(table, "approval", at),
        most_ahead=whole(table, "most_ahead", 0, at=at) if "most_ahead" in table else None,
        resources=frozenset(texts(table, "resources")) if "resources" in table else None,
    )


def _rule_hours(table: Table, at: str, opening: Hours) -> Hours | None:
    wanted = table.get("hours", "opening")
    if wanted == "all":
        return None
    return opening if wanted == "opening" else hours(wanted, f"{at}.hours")


def _kinds(table: Table, field: str, at: str) -> frozenset[Kind]:
    return frozenset(member(Kind, {field: kind}, field, at=at) for kind in texts(table, field))


def _organisation(table: Table) -> OrganisationDefinition:
    code = text(table, "code")
    if len(code) != 2:
        raise DefinitionError(f"organisation {table.get('key')}: its code has two letters")
    return OrganisationDefinition(
        key=key(table),
        name=text(table, "name"),
        code=code,
        colour=whole(table, "colour", COLOURS, least=1, most=COLOURS),
        category=member(Category, table, "category"),
        secrecy=member(Secrecy, table, "secrecy", "none"),
        default_visibility=member(Visibility, table, "default_visibility", "internal"),
    )


def _circle(table: Table) -> CircleDefinition:
    return CircleDefinition(key(table), text(table, "name"), text(table, "steward"), texts(table, "members"))
