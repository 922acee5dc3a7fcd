"""The drawn floors of a premises file, `[plan]` and `[plan.upright]`, read and checked against what is there.

Standard library only. `docs/premises.md` tells every key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TypeVar

from booking.domain.fields import DefinitionError, Table, numbers, table_of, text, whole
from booking.domain.floors import (
    Box,
    Door,
    Fixture,
    Floor,
    Ground,
    Outline,
    Point,
    Stand,
    Track,
    contains,
    holds,
)
from booking.domain.names import Name
from booking.domain.premises import Kind, Premises, Resource

Value = TypeVar("Value")
PLAN = (
    "size",
    "outline",
    "outside",
    "outside_en",
    "windows",
    "doors",
    "zones",
    "partitions",
    "places",
    "fixtures",
)
STANDING = (Kind.TABLE, Kind.DESK)
MOST_PANES = 60
MOST_CHAIRS = 20  # along one side


def with_floors(premises: Premises, content: Table) -> Premises:
    """The premises with the floors its file draws; DefinitionError says what is wrong with them."""
    if "plan" not in content:
        return premises
    table = dict(table_of(content["plan"], "plan"))
    upright = table.pop("upright", None)
    return replace(
        premises,
        floor=_floor(table, premises, "plan"),
        upright_floor=_floor(table_of(upright, "plan.upright"), premises, "plan.upright")
        if upright
        else None,
    )


def _floor(table: Table, premises: Premises, at: str) -> Floor:
    _only(table, PLAN, at)
    width, height = numbers(table.get("size"), 2, f"{at}.size")
    if not width or not height:
        raise DefinitionError(f"{at}.size: a floor has a width and a height")
    whole_floor = Box(0, 0, width, height)
    floor = Floor(
        width=width,
        height=height,
        outline=_outline(table["outline"], f"{at}.outline") if "outline" in table else whole_floor.outline,
        grounds=_named(table, "zones", at, lambda key, value, place: Ground(key, _outline(value, place))),
        tracks=_named(table, "partitions", at, _track),
        stands=_named(table, "places", at, lambda key, value, place: _stand(premises, key, value, place)),
        windows=_listed(table, "windows", at, lambda value, place: _track("", value, place)),
        doors=_listed(table, "doors", at, _door),
        fixtures=_listed(table, "fixtures", at, _fixture),
        outside=_name(table, "outside", at) if "outside" in table else None,
    )
    _check(floor, whole_floor, premises, at)
    return floor


# --- the parts ----------------------------------------------------------------------------------


def _only(table: Table, known: Iterable[str], at: str) -> None:
    for key in table:
        if key not in known:
            raise DefinitionError(f"{at}: there is no '{key}' here; there may be {', '.join(known)}")


def _named(table: Table, field: str, at: str, read: Callable[[str, object, str], Value]) -> tuple[Value, ...]:
    tables = table_of(table.get(field, {}), f"{at}.{field}")
    return tuple(read(key, value, f"{at}.{field}.{key}") for key, value in tables.items())


def _listed(table: Table, field: str, at: str, read: Callable[[Table, str], Value]) -> tuple[Value, ...]:
    tables = table.get(field, [])
    if not isinstance(tables, list):
        raise DefinitionError(f"{at}.{field}: must be a list of tables")
    return tuple(read(table_of(each, f"{at}.{field}"), f"{at}.{field}") for each in tables)


def _outline(value: object, at: str) -> Outline:
    """Four numbers are a rectangle: x, y, width, height; else it is a list of corners."""
    if isinstance(value, list) and value and isinstance(value[0], list):
        if len(value) < 3:
            raise DefinitionError(f"{at}: an outline has at least three corners")
        return tuple(_point(each, at) for each in value)
    return _box(value, at).outline


def _point(value: object, at: str) -> Point:
    x, y = numbers(value, 2, at)
    return x, y


def _box(value: object, at: str) -> Box:
    box = Box(*numbers(value, 4, at))
    if not box.width or not box.height:
        raise DefinitionError(f"{at}: write x, y, width and height; the last two more than nothing")
    return box


def _line(value: object, at: str) -> tuple[Point, Point]:
    x, y, end_x, end_y = numbers(value, 4, at)
    if (x, y) == (end_x, end_y):
        raise DefinitionError(f"{at}: a line goes from one point to another")
    return (x, y), (end_x, end_y)


def _track(key: str, value: object, at: str) -> Track:
    table = table_of(value, at)
    _only(table, ("line", "panes"), at)
    return Track(
        key,
        *_line(table.get("line"), f"{at}.line"),
        whole(table, "panes", 6, least=1, most=MOST_PANES, at=at),
    )


def _stand(premises: Premises, key: str, value: object, at: str) -> Stand:
    resource = premises.by_key.get(key)
    if resource is None or resource.kind not in STANDING:
        raise DefinitionError(f"{at}: there is no table or desk {key}")
    table = table_of(value, at) if not isinstance(value, list) else {"box": value}
    _only(table, ("box", "chairs"), at)
    box = _box(table.get("box"), f"{at}.box")
    if "chairs" not in table:
        return Stand(key, box, chairs_of(resource, box))
    above, right, below, left = (int(each) for each in numbers(table["chairs"], 4, f"{at}.chairs"))
    if max(above, right, below, left) > MOST_CHAIRS:
        raise DefinitionError(f"{at}.chairs: at most {MOST_CHAIRS} along one side")
    return Stand(key, box, (above, right, below, left))


def chairs_of(resource: Resource, box: Box) -> tuple[int, int, int, int]:
    """A table's seats along its two long sides, where the file does not say; a desk's chair is part of it."""
    if resource.kind is Kind.DESK:
        return 0, 0, 0, 0
    seats = min(resource.seats, 2 * MOST_CHAIRS)
    first, last = -(-seats // 2), seats // 2
    return (0, first, 0, last) if box.height > box.width else (first, 0, last, 0)


def _door(table: Table, at: str) -> Door:
    _only(table, ("line", "name", "name_en"), at)
    return Door(
        *_line(table.get("line"), f"{at}.line"), _name(table, "name", at) if "name" in table else None
    )


def _fixture(table: Table, at: str) -> Fixture:
    _only(table, ("box", "name", "name_en"), at)
    return Fixture(_name(table, "name", at), _box(table.get("box"), f"{at}.box"))


def _name(table: Table, field: str, at: str) -> Name:
    named = {"key": at, **table}
    swedish = text(named, field)
    return Name(swedish, text({f"{field}_en": swedish, **named}, f"{field}_en"))


# --- whether it fits ----------------------------------------------------------------------------


def _check(floor: Floor, whole_floor: Box, premises: Premises, at: str) -> None:
    _check_names(floor, premises, at)
    grounds = {each.zone: each.outline for each in floor.grounds}
    lines = [(f"partitions.{each.key}", each.start, each.end) for each in floor.tracks]
    lines += [("windows", each.start, each.end) for each in floor.windows]
    lines += [("doors", each.start, each.end) for each in floor.doors]
    points = [("outline", each) for each in floor.outline]
    points += [(f"zones.{zone}", each) for zone, outline in grounds.items() for each in outline]
    points += [(where, each) for where, *ends in lines for each in ends]
    for where, point in points:
        inside = whole_floor.outline if where == "outline" else floor.outline
        if not contains(inside, point):
            raise DefinitionError(f"{at}.{where}: it goes outside the floor")
    for fixture in floor.fixtures:
        if not holds(floor.outline, fixture.box):
            raise DefinitionError(f"{at}.fixtures: {fixture.name.sv} goes outside the floor")
    for number, stand in enumerate(floor.stands):
        _check_stand(floor, stand, number, grounds[premises.by_key[stand.resource].zones[0]], at)


def _check_stand(floor: Floor, stand: Stand, number: int, ground: Outline, at: str) -> None:
    where = f"{at}.places.{stand.resource}"
    if not holds(floor.outline, stand.box):
        raise DefinitionError(f"{where}: it goes outside the floor")
    if not holds(ground, stand.box):
        raise DefinitionError(f"{where}: it does not stand in its zone")
    for other in floor.stands[:number]:
        if stand.box.overlaps(other.box):
            raise DefinitionError(f"{where}: it stands where {other.resource} stands")


def _check_names(floor: Floor, premises: Premises, at: str) -> None:
    """What is there is drawn, and nothing else; what has been retired, or says that it is undrawn, may be left out."""
    there = [each for each in premises.resources if each.retired is None]
    in_use = {zone for each in there for zone in each.zones}
    drawn = (
        ("zones", [each.zone for each in floor.grounds], [each.key for each in premises.zones], in_use),
        ("partitions", [each.key for each in floor.tracks], [each.key for each in premises.partitions], None),
    )
    for field, found, known, needed in drawn:
        for key in found:
            if key not in known:
                raise DefinitionError(f"{at}.{field}: there is no {key}")
        _none_missing(found, [key for key in known if needed is None or key in needed], f"{at}.{field}")
    stands = [each.resource for each in floor.stands]
    needed_there = [each.key for each in there if each.kind in STANDING and not each.undrawn]
    _none_missing(stands, needed_there, f"{at}.places")
    grounds = {each.zone for each in floor.grounds}
    for key in stands:
        if premises.by_key[key].zones[0] not in grounds:
            raise DefinitionError(f"{at}.places.{key}: its zone is not drawn")


def _none_missing(found: list[str], needed: list[str], at: str) -> None:
    for key in needed:
        if key not in found:
            raise DefinitionError(f"{at}: {key} is missing")
