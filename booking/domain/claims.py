"""Claims, the one mechanism: what a use lays on spaces over time, and which claims stand together.

Standard library only. A booking is never compared with a booking. Every clash, every Busy and every
free time is computed from `demands` and `compatible` below (the table in the design's 'Claims').
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from itertools import accumulate

from booking.domain.people import CircleId, OrganisationId
from booking.domain.premises import Kind, Premises, Resource
from booking.domain.spans import Span, merged, parts, without

NO_LEAD = timedelta()


class WallPosition(StrEnum):
    """How a partition stands."""

    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Hold:
    """A resource, or a zone's floor, taken by one alone."""


@dataclass(frozen=True, slots=True)
class WallState:
    """A partition standing one way."""

    position: WallPosition


@dataclass(frozen=True, slots=True)
class Presence:
    """Somebody of an organisation within earshot."""

    organisation: OrganisationId


@dataclass(frozen=True, slots=True)
class Secrecy:
    """Something said in a zone that only a circle may hear."""

    circle: CircleId


Stake = Hold | WallState | Presence | Secrecy
Admits = Callable[[OrganisationId, CircleId], bool]
HOLD = Hold()


@dataclass(frozen=True, slots=True)
class Demand:
    """A stake a use needs in one space, from `lead` before it starts until it ends."""

    space: str
    stake: Stake
    lead: timedelta = NO_LEAD

    def over(self, span: Span) -> Span:
        """The time the demand takes for a use of this span."""
        return span.widened(before=self.lead)


@dataclass(frozen=True, slots=True)
class Claim:
    """A stake in a space over a span. `since` orders claims by age within a premises: lower is older.

    `occurrence` is the key of the occurrence it belongs to. A `released` one has given way: it stands
    nowhere, and is remembered so that it can be given back as old as it was.
    """

    space: str
    stake: Stake
    span: Span
    occurrence: str
    since: int
    released: bool = False


@dataclass(frozen=True)
class Use:
    """What somebody wants of the premises, time apart. `circle` makes it confidential.

    A `blocked` use keeps its resources from everybody: it moves no wall. An `urgent` one may, like anything
    confidential, make others give way by rank.
    """

    resource: Resource
    organisation: OrganisationId
    circle: CircleId | None = None
    clear_desks: bool = False
    equipment: tuple[Resource, ...] = ()
    urgent: bool = False
    blocked: bool = False

    @property
    def zones(self) -> frozenset[str]:
        """The zones it is heard in."""
        also = self.equipment if self.blocked else ()
        return frozenset(zone for each in (self.resource, *also) for zone in each.zones)

    @property
    def presses(self) -> bool:
        """Whether others may have to give way to it, by rank."""
        return self.circle is not None or self.urgent or self.blocked

    @property
    def takes_floor(self) -> bool:
        """Whether it takes whole zones: a room, or a confidential table, which is its room."""
        confidential_table = self.resource.kind is Kind.TABLE and self.circle is not None
        return self.resource.kind is Kind.ROOM or confidential_table


def demands(premises: Premises, use: Use) -> tuple[Demand, ...]:
    """Everything a use lays claim to, per space; no space is held twice."""
    return (
        *(Demand(space, HOLD) for space in _held(premises, use)),
        *(Demand(wall, WallState(position), premises.changeover) for wall, position in _walls(premises, use)),
        *(Demand(zone, Presence(use.organisation)) for zone in sorted(use.zones)),
        *(Demand(zone, Secrecy(use.circle)) for zone in sorted(use.zones) if use.circle is not None),
    )


def _held(premises: Premises, use: Use) -> tuple[str, ...]:
    if use.blocked:
        return _blocked(premises, (use.resource, *use.equipment))
    held = [use.resource.key, *(each.key for each in use.equipment)]
    if use.takes_floor:
        held = [
            *use.resource.zones,
            *(each.key for each in premises.of_kind(Kind.TABLE, use.zones)),
            *held[1:],
        ]
        if use.clear_desks:
            held += [each.key for each in premises.of_kind(Kind.DESK, use.zones)]
    return tuple(dict.fromkeys(held))


def _blocked(premises: Premises, places: tuple[Resource, ...]) -> tuple[str, ...]:
    """The floors of blocked rooms and of zones blocked whole, and every other blocked place itself."""
    keys = {each.key for each in places}
    floors = [zone for each in places if each.kind is Kind.ROOM for zone in each.zones]
    for zone in premises.zones:
        inside = premises.lying_in(frozenset({zone.key}))
        if inside and keys.issuperset(each.key for each in inside):
            floors.append(zone.key)
    return tuple(dict.fromkeys([*floors, *(each.key for each in places if each.kind is not Kind.ROOM)]))


def _walls(premises: Premises, use: Use) -> Iterator[tuple[str, WallPosition]]:
    if use.blocked:
        return
    if use.takes_floor:
        for wall in premises.inner_partitions(use.zones):
            yield wall.key, WallPosition.OPEN
    if use.takes_floor or use.circle is not None:
        for wall in premises.outer_partitions(use.zones):
            yield wall.key, WallPosition.CLOSED


def laid(wanted: Iterable[Demand], span: Span, occurrence: str, since: int) -> tuple[Claim, ...]:
    """The claims that demands lay for a use of this span."""
    return tuple(Claim(each.space, each.stake, each.over(span), occurrence, since) for each in wanted)


def compatible(one: Stake, other: Stake, admits: Admits) -> bool:
    """Whether two stakes in the same space may stand at the same time."""
    match one, other:
        case Hold(), Hold():
            return False
        case WallState(s), WallState(t):
            return s is t
        case (Presence(organisation), Secrecy(circle)) | (Secrecy(circle), Presence(organisation)):
            return admits(organisation, circle)
        case Secrecy(c), Secrecy(d):
            return c == d
        case _:
            return True


def stand_together(one: Claim, other: Claim, admits: Admits) -> bool:
    """Whether two standing claims agree, ages counted: a newer Secrecy mutes an older Presence."""
    if one.space != other.space or one.occurrence == other.occurrence or not one.span.overlaps(other.span):
        return True
    older, newer = sorted((one, other), key=lambda claim: claim.since)
    muted = isinstance(older.stake, Presence) and isinstance(newer.stake, Secrecy)
    return muted or compatible(one.stake, other.stake, admits)


class BySpace:
    """Standing claims by their space, found by their time without walking through the rest."""

    def __init__(self, standing: Iterable[Claim]) -> None:
        groups: dict[str, list[Claim]] = defaultdict(list)
        for claim in sorted(standing, key=lambda claim: claim.span):
            groups[claim.space].append(claim)
        self._claims: dict[str, Sequence[Claim]] = dict(groups)
        self._reach = {
            space: list(accumulate((claim.span.end for claim in claims), max))
            for space, claims in groups.items()
        }

    def groups(self) -> Iterable[Sequence[Claim]]:
        """The claims of each space, oldest start first."""
        return self._claims.values()

    def of(self, space: str) -> Sequence[Claim]:
        """All claims of a space, oldest start first."""
        return self._claims.get(space, ())

    def over(self, space: str, span: Span) -> Iterator[Claim]:
        """The claims of a space that overlap a span, oldest start first."""
        claims = self.of(space)
        if claims:
            first = bisect_right(self._reach[space], span.start)
            last = bisect_left(claims, span.end, key=lambda claim: claim.span.start)
            yield from (claim for claim in claims[first:last] if claim.span.end > span.start)


def refusing(wanted: Iterable[Demand], standing: BySpace, admits: Admits) -> Iterator[tuple[Demand, Claim]]:
    """Every standing claim that a demand cannot stand with, whatever the time."""
    for demand in wanted:
        for claim in standing.of(demand.space):
            if not compatible(demand.stake, claim.stake, admits):
                yield demand, claim


def refused_time(demand: Demand, claim: Claim) -> Span:
    """The time in which a use with this demand is refused by this claim, exactly where it overlaps.

    A use [s, e) that takes [s - lead, e) meets a claim [a, b) if and only if it overlaps [a, b + lead).
    """
    return claim.span.widened(after=demand.lead)


def sounding(standing: Iterable[Claim], admits: Admits) -> list[Claim]:
    """The claims as they count: an older Presence is void wherever a newer Secrecy bars its organisation."""
    claims = list(standing)
    secrets = BySpace(claim for claim in claims if isinstance(claim.stake, Secrecy))
    counting: list[Claim] = []
    for claim in claims:
        void = _void(claim, secrets, admits) if isinstance(claim.stake, Presence) else []
        counting += [replace(claim, span=part) for part in without([claim.span], void)] if void else [claim]
    return counting


def _void(presence: Claim, secrets: BySpace, admits: Admits) -> list[Span]:
    return [
        secret.span
        for secret in secrets.over(presence.space, presence.span)
        if secret.since > presence.since and not compatible(presence.stake, secret.stake, admits)
    ]


def kept_and_added(
    wanted: Iterable[Claim], held: Iterable[Claim], since: int
) -> tuple[list[Claim], list[Claim]]:
    """Claims of an edited booking, parted into what it keeps, as old as it was, and what it adds.

    A claim is kept for the time in which the booking already held the same stake in the same space.
    """
    kept: list[Claim] = []
    added: list[Claim] = []
    groups = BySpace(held)
    for claim in wanted:
        start = claim.span.start
        for old in groups.of(claim.space):
            part = old.span.cut(Span(start, claim.span.end)) if start < claim.span.end else None
            if old.stake != claim.stake or part is None:
                continue
            if start < part.start:
                added.append(replace(claim, span=Span(start, part.start), since=since))
            kept.append(replace(old, span=part))
            start = part.end
        if start < claim.span.end:
            added.append(replace(claim, span=Span(start, claim.span.end), since=since))
    return kept, added


def parted(claims: Iterable[Claim], span: Span, released: Iterable[Span]) -> tuple[Claim, ...]:
    """All claims of an occurrence over `span`, parted into what stands and what gave way in the released time.

    What is left of it before, between and after lays its claims as a use of its own would, the changeover of
    walls included; the claims keep their ages.
    """
    standing = without([span], released)
    found: list[Claim] = []
    alike: dict[tuple[str, Stake], list[Claim]] = defaultdict(list)
    for claim in claims:
        alike[claim.space, claim.stake].append(claim)
    for group in alike.values():
        lead = span.start - min(span.start, min(claim.span.start for claim in group))
        needed = merged(part.widened(before=lead) for part in standing)
        for claim in _whole(group):
            found += [replace(claim, span=part, released=False) for part in parts(needed, claim.span)]
            found += [replace(claim, span=part, released=True) for part in without([claim.span], needed)]
    return tuple(found)


def _whole(group: Iterable[Claim]) -> Iterator[Claim]:
    """Claims of one stake as they were before they were parted: those of one age that meet are one."""
    ages: dict[int, list[Claim]] = defaultdict(list)
    for claim in group:
        ages[claim.since].append(claim)
    for same in ages.values():
        yield from (replace(same[0], span=span) for span in merged(claim.span for claim in same))


def lost_time(held: Iterable[Demand], newer: Iterable[Claim]) -> tuple[Span, ...]:
    """The time in which a use with these demands is refused, to people of no circle, by newer claims."""
    claims = BySpace(newer)
    return merged(
        refused_time(demand, claim)
        for demand, claim in refusing(held, claims, lambda _organisation, _circle: False)
    )


def broken_pairs(standing: Iterable[Claim], admits: Admits) -> Iterator[tuple[Claim, Claim]]:
    """The audit: every pair of standing claims that breaks the rule, circles read as they are now."""
    for claims in BySpace(standing).groups():
        running: list[Claim] = []
        for claim in claims:
            running = [each for each in running if each.span.end > claim.span.start]
            yield from ((each, claim) for each in running if not stand_together(each, claim, admits))
            running.append(claim)
