"""The follow-up report of a quarter: what everybody in the premises may know of it, counted. Standard library only.

Nothing confidential is in it, nothing that something confidential met, and no block without a public reason: so it is
the same for every reader, and tells them nothing of what is hidden, but for one total.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from booking.domain.claims import Use, WallPosition, WallState, demands
from booking.domain.facts import Facts, Occasion, Secret, Who, Yielded, seen, who
from booking.domain.heat import Heat, elapsed, heat
from booking.domain.people import NOWHERE
from booking.domain.premises import Category, Premises
from booking.domain.quarters import Quarter
from booking.domain.spans import MINUTE, Span, common, merged, within, without
from booking.domain.suppression import LEAST, Amount, Tally, Told, is_small, nested, tally, untold


@dataclass(frozen=True)
class Line:
    """One place: how it was used, in how many of its open minutes, how many it had, and how many it was blocked."""

    amount: Told
    used_open: int
    open: int
    blocked: int


@dataclass(frozen=True)
class Kept:
    """How many bookings were for circles alone in a premises, and for how many whole hours in all."""

    bookings: int
    hours: int


@dataclass(frozen=True)
class Report:
    """A quarter in figures. `counted` are the local days of it that have ended; None anywhere is withheld."""

    quarter: Quarter
    ended: bool
    counted: Span
    whole: Line
    places: Mapping[str, Line]
    heats: Mapping[str, Heat | None]
    whole_heat: Heat
    categories: Tally[Hashable]
    organisations: Mapping[tuple[Category, Who], Told]
    walls: Mapping[tuple[str, WallPosition], Told]
    gave_way: Tally[tuple[Who, Who]]
    missed: Tally[Who]
    answered: Tally[str]
    declined: Tally[str]
    confidential: Kept | None = field(default=None)


def report(premises: Premises, quarter: Quarter, facts: Facts, now: datetime) -> Report:
    """The figures of a quarter up to the start of today."""
    counted = quarter.over(now, premises.zone)
    known = seen(premises, facts, counted)
    uses = [each for each in known if not each.purpose.keeps_out and _held(each, counted)]
    held = {each.number: _held(each, counted) for each in uses}
    by_place = {key: _amount(held, _of(uses, key)) for key in premises.by_key}
    places = tally(by_place)
    there = elapsed(counted, premises.zone)
    larger, smaller = nested(_by(uses, held), lambda key: key[0], total_known=places.total is not None)
    if larger.total is None:  # the two sum up to the same: neither may tell what the other does not
        places = untold(by_place)
    return Report(
        quarter=quarter,
        ended=quarter.ended(now, premises.zone),
        counted=counted,
        whole=_whole(premises, places.total, held, counted),
        places={
            key: _line(premises, key, places.groups[key], held, known, counted) for key in premises.by_key
        },
        heats={
            key: heat(premises, there, {each.number: held[each.number] for each in _of(uses, key)})
            if places.groups[key] is not None
            else None
            for key in premises.by_key
        },
        whole_heat=heat(premises, there, held),
        categories=larger,
        organisations=smaller,
        walls=dict(_walls(premises, uses, held, places)),
        gave_way=tally(_gave_way(known, facts.yielded)),
        missed=tally(_missed(facts.occasions, counted)),
        answered=tally(_times(each.how for each in facts.answered if counted.start <= each.at < counted.end)),
        declined=tally(
            _times(each.reason for each in facts.declined if counted.start <= each.at < counted.end)
        ),
        confidential=kept(facts.secrets, counted) if quarter.ended(now, premises.zone) else None,
    )


# --- places -----------------------------------------------------------------------------------

Held = Mapping[int, tuple[Span, ...]]


def _held(occasion: Occasion, counted: Span) -> tuple[Span, ...]:
    """The time that it was there, for what gave way or was released is not used."""
    return () if occasion.missed else within(without([occasion.span], occasion.lost), counted)


def _of(uses: Iterable[Occasion], key: str) -> list[Occasion]:
    return [each for each in uses if key in each.resources]


def _amount(held: Held, uses: Iterable[Occasion]) -> Amount:
    numbers = [each.number for each in uses]
    return Amount(len(numbers), sum(minutes(held[number]) for number in numbers))


def minutes(spans: Iterable[Span]) -> int:
    """How many whole minutes the spans last in all."""
    return sum(span.length // MINUTE for span in spans)


def _open(premises: Premises, counted: Span) -> tuple[Span, ...]:
    return within(premises.hours.open_spans(counted, premises.zone), counted)


def _whole(premises: Premises, total: Told, held: Held, counted: Span) -> Line:
    """The premises: the time in which any place of it was in use."""
    opened = _open(premises, counted)
    used = common((span for spans in held.values() for span in spans), opened) if total else ()
    return Line(total, minutes(used), minutes(opened), 0)


def _line(
    premises: Premises, key: str, amount: Told, held: Held, known: list[Occasion], counted: Span
) -> Line:
    gone_at = premises.retired_at(premises.by_key[key])
    there = within(_open(premises, counted), Span(counted.start, min(gone_at or counted.end, counted.end)))
    inside = [each for each in known if key in each.resources]
    used = common((span for each in inside for span in held.get(each.number, ())), there) if amount else ()
    blocks = [each for each in inside if each.purpose.keeps_out]
    blocked = common((span for each in blocks for span in without([each.span], each.lost)), there)
    return Line(amount, minutes(used), minutes(there), minutes(blocked))


def _walls(
    premises: Premises, uses: list[Occasion], held: Held, places: Tally[str]
) -> Iterator[tuple[tuple[str, WallPosition], Told]]:
    """How long each wall was asked to stand each way; withheld where one of the rooms that move it is."""
    for wall in premises.partitions:
        for position in WallPosition:
            moving = [key for key in premises.by_key if _moves(premises, key, wall.key, position)]
            asked = [each for each in uses if each.resources[0] in moving]
            time = merged(span for each in asked for span in held[each.number])
            amount = Amount(len(asked), minutes(time))
            told = all(places.groups[key] is not None for key in moving) and not is_small(amount)
            yield (wall.key, position), amount if told else None


def _moves(premises: Premises, key: str, wall: str, position: WallPosition) -> bool:
    wanted = demands(premises, Use(premises.by_key[key], NOWHERE))
    return any(each.space == wall and each.stake == WallState(position) for each in wanted)


# --- organisations ----------------------------------------------------------------------------


def _by(uses: Iterable[Occasion], held: Held) -> dict[tuple[Category, Who], Amount]:
    found: dict[tuple[Category, Who], Amount] = defaultdict(Amount)
    for each in uses:
        found[each.category, who(each.organisation, each.category)] += _amount(held, [each])
    return dict(sorted(found.items(), key=lambda pair: str(pair[0])))


def _gave_way(known: Iterable[Occasion], yielded: Iterable[Yielded]) -> dict[tuple[Who, Who], Amount]:
    """How often each gave way to each: an occurrence once to each that it gave way to."""
    uses = {each.number: each for each in known if not each.purpose.keeps_out}
    found: dict[tuple[Who, Who], set[int]] = defaultdict(set)
    for each in yielded:
        if each.number in uses:
            mine = uses[each.number]
            found[who(mine.organisation, mine.category), who(each.to, each.to_category)].add(each.number)
    return {
        pair: Amount(len(numbers)) for pair, numbers in sorted(found.items(), key=lambda pair: str(pair[0]))
    }


def _missed(occasions: Iterable[Occasion], counted: Span) -> dict[Who, Amount]:
    found: dict[Who, Amount] = defaultdict(Amount)
    for each in occasions:
        if each.missed and each.span.overlaps(counted):
            found[who(each.organisation, each.category)] += Amount(1)
    return dict(sorted(found.items(), key=lambda pair: str(pair[0])))


def _times(named: Iterable[str]) -> dict[str, Amount]:
    return {name: Amount(times) for name, times in sorted(Counter(named).items())}


# --- what is for circles alone ----------------------------------------------------------------


def kept(secrets: Iterable[Secret], counted: Span) -> Kept | None:
    """The one total of a quarter. None unless at least five are left to everyone, whoever knows some of them.

    An organisation could take its own from the total, and a circle's people theirs: what is left is no small group.
    """
    inside = [each for each in secrets if each.span.overlaps(counted)]
    groups: dict[tuple[str, int], set[str]] = defaultdict(set)
    for each in inside:
        groups["organisation", each.organisation].add(each.booking)
        for circle in each.circles:
            groups["circle", circle].add(each.booking)
    bookings = {each.booking for each in inside}
    if len(bookings) < LEAST or any(len(bookings - known) < LEAST for known in groups.values()):
        return None
    time = sum(minutes(within([each.span], counted)) for each in inside)
    return Kept(len(bookings), round(time / 60))
