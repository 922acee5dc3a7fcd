"""Counts too small to be told, and those withheld beside them so that no sum gives them away.

Standard library only. A group of one to four is withheld. Where a total is told too, so are the next smallest
groups, until at least two are withheld and together they are no small group themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

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


def tally(groups: Mapping[Key, Amount]) -> Tally[Key]:
    """The groups as they may be told beside their total."""
    withheld = _withheld(groups)
    total = summed(groups)
    return Tally(
        None if is_small(total) else total,
        {key: None if key in withheld else amount for key, amount in groups.items()},
    )


def nested(
    groups: Mapping[Key, Amount], of: Callable[[Key], Hashable]
) -> tuple[Tally[Hashable], Mapping[Key, Told]]:
    """The larger groups that groups belong to, beside their total, and the groups within them.

    Of a larger group that is withheld nothing is told; within one that is told its sum gives nothing away.
    """
    inside: dict[Hashable, dict[Key, Amount]] = {}
    for key, amount in groups.items():
        inside.setdefault(of(key), {})[key] = amount
    larger = tally({whole: summed(some) for whole, some in inside.items()})
    told: dict[Key, Told] = {}
    for whole, some in inside.items():
        shown = larger.groups[whole] is not None
        told |= (
            tally(some).groups
            if shown
            else {key: each if each == NONE else None for key, each in some.items()}
        )
    return larger, {key: told[key] for key in groups}


def _withheld(groups: Mapping[Key, Amount]) -> set[Key]:
    """What is too small, and the next smallest of the others as far as is needed."""
    withheld = {key for key, amount in groups.items() if is_small(amount)}
    others = sorted(
        (amount.times, number, key)
        for number, (key, amount) in enumerate(groups.items())
        if amount.times and key not in withheld
    )
    for _times, _number, key in others:
        if not withheld or _is_safe([groups[each] for each in withheld]):
            break
        withheld.add(key)
    return withheld


def _is_safe(amounts: list[Amount]) -> bool:
    return len(amounts) > 1 and sum(each.times for each in amounts) >= LEAST
