"""The order of the lanes: the premises as it stands, zone by zone with the walls between. Imports the domain."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from booking.domain.premises import Kind, Name, Partition, Premises, Resource

MOST_UPRIGHT = 8  # lanes, walls among them, that a phone is wide enough for
NO_ZONE = "-"
IN_A_ZONE = (Kind.ROOM, Kind.TABLE, Kind.DESK)


@dataclass(frozen=True)
class Lane:
    """A row of the board: a resource, or a wall, whose `kind` is None. `zone` is None outside all zones."""

    key: str
    name: Name
    kind: Kind | None
    zone: str | None

    @property
    def wall(self) -> bool:
        """Whether it is a wall."""
        return self.kind is None


@dataclass(frozen=True)
class Rail:
    """Neighbouring lanes under one name at the board's edge: those of a zone, or a wall; `last` is after them."""

    name: Name | None
    wall: bool
    first: int
    last: int


@dataclass(frozen=True)
class Tab:
    """A zone of a premises that is too wide for a phone, shown there on its own; `name` is None outside all zones."""

    key: str
    name: Name | None
    current: bool


def lanes_of(premises: Premises) -> tuple[Lane, ...]:
    """Zone by zone: its rooms, tables and desks; a wall before the later of its zones; equipment last."""
    return tuple(_ordered(premises))


def _ordered(premises: Premises) -> Iterator[Lane]:
    for number, zone in enumerate(premises.zones):
        for wall in premises.partitions:
            if _later(premises, wall) == number:
                yield Lane(wall.key, wall.name, None, None)
        for kind in IN_A_ZONE:
            for each in premises.of_kind(kind):
                if each.zones == (zone.key,):
                    yield Lane(each.key, each.name, kind, zone.key)
    for each in premises.of_kind(Kind.EQUIPMENT):
        yield Lane(each.key, each.name, each.kind, None)


def _later(premises: Premises, wall: Partition) -> int:
    return max(number for number, zone in enumerate(premises.zones) if zone.key in wall.between)


def halls_of(premises: Premises) -> tuple[Resource, ...]:
    """The rooms over several zones: they have no lane, their bookings go straight through those they take."""
    return tuple(each for each in premises.of_kind(Kind.ROOM) if len(each.zones) > 1)


def rails_of(premises: Premises, lanes: tuple[Lane, ...]) -> tuple[Rail, ...]:
    """The zones and walls along the board's edge."""
    names = {zone.key: zone.name for zone in premises.zones}
    rails: list[Rail] = []
    for number, lane in enumerate(lanes):
        name = names.get(lane.zone or "")
        last = rails[-1] if rails else None
        if last and not lane.wall and not last.wall and last.name == name:
            rails[-1] = Rail(name, False, last.first, number + 1)
        else:
            rails.append(Rail(name, lane.wall, number, number + 1))
    return tuple(rails)


def tabs_of(premises: Premises, lanes: tuple[Lane, ...], wanted: str) -> tuple[Tab, ...]:
    """The zones to choose among on a phone, the one wanted or the first of them current; none where all lanes fit."""
    if len(lanes) <= MOST_UPRIGHT:
        return ()
    names = {zone.key: zone.name for zone in premises.zones}
    keys = list(dict.fromkeys(lane.zone or NO_ZONE for lane in lanes if not lane.wall))
    chosen = wanted if wanted in keys else keys[0]
    return tuple(Tab(key, names.get(key), key == chosen) for key in keys)


def lanes_in(premises: Premises, lanes: tuple[Lane, ...], tabs: tuple[Tab, ...]) -> tuple[Lane, ...]:
    """The lanes of the current zone with the walls around it; all of them where there is nothing to choose."""
    current = next((tab.key for tab in tabs if tab.current), None)
    if current is None:
        return lanes
    around = {wall.key for wall in premises.partitions if current in wall.between}
    return tuple(
        lane for lane in lanes if (lane.key in around if lane.wall else (lane.zone or NO_ZONE) == current)
    )
