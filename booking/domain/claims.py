"""Claims, the one mechanism: what a use lays on spaces over time, and which claims stand together.

Standard library only. A booking is never compared with a booking. Every clash, every Busy and every
free time is computed from `demands` and `compatible` below (the table in the design's 'Claims').
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum

from booking.domain.people import CircleId, OrganisationId
from booking.domain.premises import Kind, Premises, Resource
from booking.domain.spans import Span, without

NO_LEAD = timedelta()


class WallPosition(StrEnum):
    """How a partition stands."""

    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True)
class Hold:
    """A resource, or a zone's floor, taken by one alone."""


@dataclass(frozen=True)
class WallState:
    """A partition standing one way."""

    position: WallPosition


@dataclass(frozen=True)
class Presence:
    """Somebody of an organisation within earshot."""

    organisation: OrganisationId


@dataclass(frozen=True)
class Secrecy:
    """Something said in a zone that only a circle may hear."""

    circle: CircleId


Stake = Hold | WallState | Presence | Secrecy
Admits = Callable[[OrganisationId, CircleId], bool]
HOLD = Hold()


@dataclass(frozen=True)
class Demand:
    """A stake a use needs in one space, from `lead` before it starts until it ends."""

    space: str
    stake: Stake
    lead: timedelta = NO_LEAD

    def over(self, span: Span) -> Span:
        """The time the demand takes for a use of this span."""
        return span.widened(before=self.lead)


@dataclass(frozen=True)
class Claim:
    """A stake in a space over a span. `since` orders claims by age within a premises: lower is older."""

    space: str
    stake: Stake
    span: Span
    booking: str
    since: int


@dataclass(frozen=True)
class Use:
    """What somebody wants of the premises, time apart. `circle` makes it confidential."""

    resource: Resource
    organisation: OrganisationId
    circle: CircleId | None = None
    clear_desks: bool = False
    equipment: tuple[Resource, ...] = ()

    @property
    def zones(self) -> frozenset[str]:
        """The zones it is heard in."""
        return frozenset(self.resource.zones)

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
        *(Demand(zone, Presence(use.organisation)) for zone in use.resource.zones),
        *(Demand(zone, Secrecy(use.circle)) for zone in use.resource.zones if use.circle is not None),
    )


def _held(premises: Premises, use: Use) -> tuple[str, ...]:
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


def _walls(premises: Premises, use: Use) -> Iterator[tuple[str, WallPosition]]:
    if use.takes_floor:
        for wall in premises.inner_partitions(use.zones):
            yield wall.key, WallPosition.OPEN
    if use.takes_floor or use.circle is not None:
        for wall in premises.outer_partitions(use.zones):
            yield wall.key, WallPosition.CLOSED


def laid(wanted: Iterable[Demand], span: Span, booking: str, since: int) -> tuple[Claim, ...]:
    """The claims that demands lay for a use of this span."""
    return tuple(Claim(each.space, each.stake, each.over(span), booking, since) for each in wanted)


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
    if one.space != other.space or one.booking == other.booking or not one.span.overlaps(other.span):
        return True
    older, newer = sorted((one, other), key=lambda claim: claim.since)
    muted = isinstance(older.stake, Presence) and isinstance(newer.stake, Secrecy)
    return muted or compatible(one.stake, other.stake, admits)


BySpace = Mapping[str, list[Claim]]


def by_space(standing: Iterable[Claim]) -> BySpace:
    """The claims grouped by their space, oldest start first."""
    groups: dict[str, list[Claim]] = defaultdict(list)
    for claim in sorted(standing, key=lambda claim: claim.span):
        groups[claim.space].append(claim)
    return groups


def refusing(wanted: Iterable[Demand], standing: BySpace, admits: Admits) -> Iterator[tuple[Demand, Claim]]:
    """Every standing claim that a demand cannot stand with, whatever the time."""
    for demand in wanted:
        for claim in standing.get(demand.space, ()):
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
    groups = by_space(claim for claim in claims if isinstance(claim.stake, Secrecy))
    counting: list[Claim] = []
    for claim in claims:
        void = [
            secret.span
            for secret in groups.get(claim.space, ())
            if secret.since > claim.since and not compatible(claim.stake, secret.stake, admits)
        ]
        muted = isinstance(claim.stake, Presence) and void
        counting += [replace(claim, span=part) for part in without([claim.span], void)] if muted else [claim]
    return counting


def kept_and_added(
    wanted: Iterable[Claim], held: Iterable[Claim], since: int
) -> tuple[list[Claim], list[Claim]]:
    """Claims of an edited booking, parted into what it keeps, as old as it was, and what it adds.

    A claim is kept for the time in which the booking already held the same stake in the same space.
    """
    kept: list[Claim] = []
    added: list[Claim] = []
    groups = by_space(held)
    for claim in wanted:
        start = claim.span.start
        for old in groups.get(claim.space, ()):
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


def broken_pairs(standing: Iterable[Claim], admits: Admits) -> Iterator[tuple[Claim, Claim]]:
    """The audit: every pair of standing claims that breaks the rule, circles read as they are now."""
    for claims in by_space(standing).values():
        running: list[Claim] = []
        for claim in claims:
            running = [each for each in running if each.span.end > claim.span.start]
            yield from ((each, claim) for each in running if not stand_together(each, claim, admits))
            running.append(claim)
