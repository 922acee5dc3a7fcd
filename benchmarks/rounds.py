"""Figures measured in rounds: every lane of a figure shortly after another, the medians and how far apart they were.

Standard library only. A lane is one thing that is measured: hello, an installation of some size, Radicale. Each
round begins with another lane, so that none is always first.
"""

import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from statistics import median

Measure = Callable[[], float]
HELLO, RADICALE = "hello", "Radicale"
BEGAN = time.perf_counter()


@dataclass
class Figure:
    """One row of the table. `rate`: answers a second; else milliseconds. Targets are of the largest installation."""

    name: str
    lanes: Mapping[str, Measure]
    rate: bool = True
    to_hello: float | None = None
    to_radicale: float | None = None
    at_most: float | None = None
    rounds: list[dict[str, float]] = field(default_factory=list)

    def measure(self, number: int) -> None:
        """One more round."""
        names = list(self.lanes)
        first = number % len(names)
        self.rounds.append({name: self.lanes[name]() for name in (*names[first:], *names[:first])})

    def of(self, lane: str) -> list[float]:
        """What was measured in a lane, round by round; nothing where there is no such lane."""
        return [each[lane] for each in self.rounds if lane in each]

    def ratio(self, lane: str, other: str) -> float | None:
        """How much faster one lane is than another: the median of what it was in each round."""
        found = list(self._ratios(lane, other))
        return median(found) if found else None

    def _ratios(self, lane: str, other: str) -> Iterator[float]:
        for each in self.rounds:
            if lane in each and other in each:
                yield each[lane] / each[other] if self.rate else each[other] / each[lane]


def measure(figures: list[Figure], rounds: int) -> None:
    """All rounds of one figure after another."""
    for figure in figures:
        say(figure.name)
        for number in range(rounds):
            figure.measure(number)


def say(words: str) -> None:
    """What is being done, on the error stream: the tables alone are printed."""
    print(f"{time.perf_counter() - BEGAN:5.0f} s  {words}", file=sys.stderr, flush=True)
