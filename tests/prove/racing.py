"""Processes that want the same thing at the same moment, round after round, each with an application of its own.

Imports the application. A process is started once; a barrier starts each round for all of them at once.
"""

import multiprocessing
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any, NamedTuple

from booking.actions import booking, changing
from booking.actions.booking import Repeatable
from booking.actions.changes import Changes
from booking.actions.errors import Changed, Clash
from booking.domain.spans import Span
from tests.cast import COORDINATOR, DESKS, GUARD, HALL, MEETING_ROOM, MIKA, MORNING, POLICE, SOCIAL, TRAFFIC
from tests.support.house import House, house_on

PATIENCE_SECONDS = 240
PEOPLE = (POLICE, GUARD, SOCIAL, MIKA, TRAFFIC, COORDINATOR)


@dataclass(frozen=True)
class Round:
    """What all want at once: `kind` names a function below, `number` gives the time; some change a booking."""

    kind: str
    number: int
    booking: str = ""
    etag: str = ""

    @property
    def span(self) -> Span:
        """Half an hour in the coming days, none near another."""
        days, hours = divmod(self.number, 12)
        start = MORNING + timedelta(days=1 + days, hours=hours)
        return Span(start, start + timedelta(minutes=30))


class Outcome(NamedTuple):
    """What came of one process's try: `booked` with the booking, `clash` with how much it was told, or an error."""

    said: str
    about: str = ""


def race(
    url: str, keys: tuple[bytes, ...], folder: Path, rounds: list[Round], racers: int
) -> list[list[Outcome]]:
    """Run all rounds in as many processes; for each round, what came of every process's try."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])  # the application is imported once, not by every process
    barrier, answers = context.Barrier(racers), context.Queue()
    processes = [
        context.Process(target=_run, args=(number, url, keys, folder, rounds, barrier, answers))
        for number in range(racers)
    ]
    for process in processes:
        process.start()
    outcomes = [answers.get(timeout=PATIENCE_SECONDS) for _ in processes]
    for process in processes:
        process.join()
    return [list(each) for each in zip(*outcomes, strict=True)]


def _run(
    number: int,
    url: str,
    keys: tuple[bytes, ...],
    folder: Path,
    rounds: list[Round],
    barrier: Barrier,
    answers: Any,
) -> None:
    with house_on(url, folder, sealing_keys=keys) as house:
        outcomes = []
        for each in rounds:
            barrier.wait(PATIENCE_SECONDS)
            outcomes.append(_try(house, number, each))
        answers.put(outcomes)


def _try(house: House, number: int, each: Round) -> Outcome:
    with house.inside():
        try:
            return Outcome("booked", KINDS[each.kind](house, number, each))
        except Clash as clash:
            return Outcome("clash", str(len(clash.clashes)))
        except Changed:
            return Outcome("changed meanwhile")
        except Exception as error:  # noqa: BLE001  whatever else comes is what the test looks for
            return Outcome(repr(error))


def _book(house: House, who: str, each: Round, resource: str, key: Repeatable | None = None) -> str:
    order = replace(house.order(resource, "00:00", "24:00", visibility="internal"), span=each.span)
    return booking.book(house.viewer(who), order, house.clock(), key).view.id


def _room(house: House, number: int, each: Round) -> str:
    return _book(house, PEOPLE[number % len(PEOPLE)], each, MEETING_ROOM)


def _wall(house: House, number: int, each: Round) -> str:
    """Half of them want the wall closed, half open."""
    return _book(house, PEOPLE[number % len(PEOPLE)], each, HALL if number % 2 else MEETING_ROOM)


def _any_desk(house: House, number: int, each: Round) -> str:
    return _book(house, PEOPLE[number % len(PEOPLE)], each, "any-desk")


def _same_order(house: House, _number: int, each: Round) -> str:
    return _book(house, POLICE, each, DESKS[0], Repeatable(f"order {each.number}", "the same"))


def _same_version(house: House, number: int, each: Round) -> str:
    changes = Changes(title=f"Ändrad av {number}")
    return changing.change(house.viewer(POLICE), each.booking, changes, each.etag, house.clock()).view.id


KINDS: dict[str, Callable[[House, int, Round], str]] = {
    "room": _room,
    "wall": _wall,
    "any desk": _any_desk,
    "same order": _same_order,
    "same version": _same_version,
}
