"""Counts too small to be told, and those withheld beside them so that no sum gives them away.

Standard library only. A group of one to four is withheld. Where a total is told too, so are the next smallest
groups, until at least two are withheld that are no small group together and more than is known of them anyway; else
the total goes too.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

LEAST = 5
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Amount:
    """How many times, and for how many minutes in all."""

    times: int = 0
    minutes: int = 0

    def __add__(self, other: Amount) -> Amount:
        return Amount(self.times + other.times, self.minutes + other.minutes)


Told = Amount | None  # None is withheld: one time at least, and which one could be worked out
NONE = Amount()
NOTHING: Mapping[Any, int] = {}


@dataclass(frozen=True)
class Tally(Generic[Key]):
    """A total and what it is made of, each told or withheld."""

    total: Told
    groups: Mapping[Key, Told]


def is_small(amount: Amount) -> bool:
    """Whether there is some, and too little to be told."""
    return 0 < amount.times < LEAST


def summed(groups: Mapping[Key, Amount]) -> Amount:
    """All groups together."""
    return sum(groups.values(), NONE)


def tally(
    groups: Mapping[Key, Amount], also: Collection[Key] = (), least: Mapping[Key, int] = NOTHING
) -> Tally[Key]:
    """The groups as they may be told beside their total, some withheld `also` for a reason of their own.

    `least` is how many times each is known to be at least, one where it is not said.
    """
    withheld = _withheld(groups, also, least)
    return Tally(
        summed(groups) if _is_safe(groups, withheld, least) else None,
        {key: None if key in withheld else amount for key, amount in groups.items()},
    )


def untold(groups: Mapping[Key, Amount]) -> Tally[Key]:
    """Nothing but which groups there are none of."""
    return Tally(None, {key: each if each == NONE else None for key, each in groups.items()})


def nested(
    groups: Mapping[Key, Amount], of: Callable[[Key], Hashable], total_known: bool = True
) -> tuple[Tally[Hashable], Mapping[Key, Told]]:
    """The larger groups that groups belong to, beside their total, and the groups within them.

    Of a larger group that is withheld nothing is told; within one that is told its sum gives nothing away. Where the
    total must not be known, nothing is told.
    """
    inside: dict[Hashable, dict[Key, Amount]] = {}
    for key, amount in groups.items():
        inside.setdefault(of(key), {})[key] = amount
    if not total_known:
        return untold(_larger(inside)), untold(groups).groups
    within = {whole: tally(some) for whole, some in inside.items()}
    also = [whole for whole, some in within.items() if some.total is None]
    least = {whole: sum(each != NONE for each in some.values()) for whole, some in inside.items()}
    larger = tally(_larger(inside), also, least)
    told: dict[Key, Told] = {}
    for whole, some in inside.items():
        told |= (untold(some) if larger.groups[whole] is None else within[whole]).groups
    return larger, {key: told[key] for key in groups}


def _larger(inside: Mapping[Hashable, Mapping[Key, Amount]]) -> dict[Hashable, Amount]:
    return {whole: summed(some) for whole, some in inside.items()}


def _withheld(groups: Mapping[Key, Amount], also: Collection[Key], least: Mapping[Key, int]) -> set[Key]:
    """What is too small, and the next smallest of the others as far as is needed."""
    withheld = {key for key, amount in groups.items() if is_small(amount) or key in also}
    others = sorted(
        (amount.times, number, key)
        for number, (key, amount) in enumerate(groups.items())
        if amount.times and key not in withheld
    )
    for _times, _number, key in others:
        if _is_safe(groups, withheld, least):
            break
        withheld.add(key)
    return withheld


def _is_safe(groups: Mapping[Key, Amount], withheld: Collection[Key], least: Mapping[Key, int]) -> bool:
    """Whether the sum of what is withheld may be known."""
    total = sum(groups[key].times for key in withheld)
    known = sum(least.get(key, 1) for key in withheld)
    return not withheld or (len(withheld) > 1 and total >= LEAST and total > known)
