"""A premises as data: zones, the partitions between them, and what can be booked in them.

Standard library only. The values are frozen; `booking.domain.definition` reads them from a file.
Every zone, partition and resource is a *space*, named by a key that is unique in its premises.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from zoneinfo import ZoneInfo

from booking.domain.floors import Floor
from booking.domain.names import Name as Name  # of its spaces
from booking.domain.spans import MINUTE, Span, day_start, days_of, instant, merged

LONGEST_OCCURRENCE = timedelta(days=31)


class Kind(StrEnum):
    """What a resource is."""

    ROOM = "room"
    TABLE = "table"
    DESK = "desk"
    EQUIPMENT = "equipment"


class Category(StrEnum):
    """What an organisation is to the premises; the rules of booking go by it."""

    REACTIVE = "reactive"
    PREVENTIVE = "preventive"
    PLACE = "place"
    GUEST = "guest"


@dataclass(frozen=True)
class Zone:
    """Floor within which people hear each other."""

    key: str
    name: Name


@dataclass(frozen=True)
class Partition:
    """What stands between two zones, open or closed."""

    key: str
    name: Name
    between: frozenset[str]


@dataclass(frozen=True)
class Resource:
    """What can be booked. A room spans `zones`; a table or a desk stands in one; equipment in none.

    From the local day on which it is `retired` it is not to be had; it keeps its name for what was. A floor that is
    drawn need not show what is `undrawn`.
    """

    key: str
    kind: Kind
    name: Name
    zones: tuple[str, ...]
    seats: int = 0
    usual_minutes: int = 60
    retired: date | None = None
    undrawn: bool = False

    def there_on(self, day: date) -> bool:
        """Whether it is there on a local day."""
        return self.retired is None or day < self.retired


OpenHours = tuple[time, time]  # wall clock; closing at 00:00 means the end of the day


@dataclass(frozen=True)
class Hours:
    """Wall clock hours by weekday (Monday first), and other hours on named days. None is closed.

    `reasons` is what everybody may read of why a named day has them.
    """

    week: tuple[OpenHours | None, ...]
    named: Mapping[date, OpenHours | None] = field(default_factory=lambda: MappingProxyType({}))
    reasons: Mapping[date, str] = field(default_factory=lambda: MappingProxyType({}))

    def on(self, day: date) -> OpenHours | None:
        """The hours of a local day, or None when closed."""
        return self.named.get(day, self.week[day.weekday()])

    def span(self, day: date, zone: ZoneInfo) -> Span | None:
        """The hours of a local day as UTC, or None when closed."""
        hours = self.on(day)
        if hours is None:
            return None
        closing = day_start(day + timedelta(days=1), zone) if hours[1] == time() else None
        span = Span(_first_of(day, hours[0], zone), closing or _first_of(day, hours[1], zone))
        return span if span.start < span.end else None

    def open_spans(self, window: Span, zone: ZoneInfo) -> tuple[Span, ...]:
        """The open time of every local day the window touches, as maximal spans."""
        return merged(span for day in days_of(window, zone) if (span := self.span(day, zone)))


def _first_of(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """The instant of a wall clock time; in the hour that the spring night leaves out, the end of that hour."""
    moment = instant(day, clock, zone)
    while moment is None:
        clock = (datetime.combine(day, clock) + MINUTE).time()
        moment = instant(day, clock, zone)
    return moment


@dataclass(frozen=True)
class Rule:
    """What an organisation of one category may book. `hours` None: at all hours."""

    rank: int
    days_ahead: int
    longest: timedelta
    hours: Hours | None = None
    confidential: bool = True
    kinds: frozenset[Kind] = frozenset(Kind)
    approval: frozenset[Kind] = frozenset()
    most_ahead: int | None = None
    resources: frozenset[str] | None = None

    def admits(self, resource: Resource) -> bool:
        """Whether the category may book the resource at all: by its kind, and by name where names are given."""
        return resource.kind in self.kinds and (self.resources is None or resource.key in self.resources)


@dataclass(frozen=True)
class Premises:
    """One premises. Its changeover is how long a wall takes to move; its floor may be drawn, lying and upright.

    `names_at_the_door`: its door displays tell what open bookings are called, and whose they are. `contact` is a
    mail or web address that everybody may write to, and `responsible` who answers for the system at law; either is
    empty where the definition does not say.
    """

    key: str
    name: str
    zone: ZoneInfo
    changeover: timedelta
    zones: tuple[Zone, ...]
    partitions: tuple[Partition, ...]
    resources: tuple[Resource, ...]
    hours: Hours
    rules: Mapping[Category, Rule]
    look_ahead_days: int = 30
    approval_kept: timedelta = timedelta(hours=48)
    check_in_within: timedelta = timedelta(minutes=15)
    floor: Floor | None = None
    upright_floor: Floor | None = None
    names_at_the_door: bool = False
    contact: str = ""
    responsible: str = ""

    @cached_property
    def by_key(self) -> Mapping[str, Resource]:
        """The resources by their keys."""
        return {each.key: each for each in self.resources}

    @cached_property
    def spaces(self) -> tuple[str, ...]:
        """The keys of all spaces: zones, partitions and resources."""
        return tuple(self._names)

    def named(self, key: str) -> Name:
        """The name of any space; KeyError if there is none."""
        return self._names[key]

    @cached_property
    def _names(self) -> Mapping[str, Name]:
        places: tuple[Zone | Partition | Resource, ...] = (*self.zones, *self.partitions, *self.resources)
        return {each.key: each.name for each in places}

    def on(self, day: date) -> Premises:
        """The premises as it is offered on a local day: without what has been retired by then."""
        return replace(self, resources=tuple(each for each in self.resources if each.there_on(day)))

    def retired_at(self, resource: Resource) -> datetime | None:
        """The instant from which a resource is not to be had, UTC; None while nobody has said so."""
        return day_start(resource.retired, self.zone) if resource.retired else None

    def keeps(self, resource: Resource, until: datetime) -> bool:
        """Whether a resource is to be had up to an instant."""
        gone_at = self.retired_at(resource)
        return gone_at is None or until <= gone_at

    def of_kind(self, kind: Kind, zones: frozenset[str] | None = None) -> tuple[Resource, ...]:
        """The resources of a kind; with zones, only those lying wholly in them."""
        return tuple(
            each
            for each in self.resources
            if each.kind is kind and (zones is None or set(each.zones) <= zones)
        )

    def lying_in(self, zones: frozenset[str]) -> tuple[Resource, ...]:
        """Every resource lying wholly in the zones; equipment lies nowhere."""
        return tuple(each for each in self.resources if each.zones and set(each.zones) <= zones)

    def inner_partitions(self, zones: frozenset[str]) -> tuple[Partition, ...]:
        """The partitions with both sides in the zones."""
        return tuple(each for each in self.partitions if each.between <= zones)

    def outer_partitions(self, zones: frozenset[str]) -> tuple[Partition, ...]:
        """The partitions between the zones and the rest."""
        return tuple(each for each in self.partitions if len(each.between & zones) == 1)

    def rooms_moving(self, partition: str) -> tuple[Resource, ...]:
        """The rooms that claim the partition, open or closed."""
        wall = next(each for each in self.partitions if each.key == partition)
        return tuple(room for room in self.of_kind(Kind.ROOM) if wall.between & set(room.zones))

    def room_of(self, table: Resource) -> Resource | None:
        """The room that is exactly the zone a table stands in."""
        return next((room for room in self.of_kind(Kind.ROOM) if set(room.zones) == set(table.zones)), None)

    def rule_for(self, category: Category | None) -> Rule | None:
        """The rule of a category; None for those who may book nothing."""
        return self.rules.get(category) if category else None

    def horizon(self, category: Category | None, now: datetime) -> datetime:
        """The end of the last local day that organisations of the category may book."""
        rule = self.rule_for(category)
        days = rule.days_ahead if rule else self.look_ahead_days
        return day_start(now.astimezone(self.zone).date() + timedelta(days=days + 1), self.zone)
