"""`python -m benchmarks.load`: a busy stretch on two processes, all at once, with every answer timed.

Two hundred calendars and fifty boards are asked for again with the ETags they have; eight people book. Imports the
neighbours and tests.support.
"""

import argparse
import random
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median, quantiles

from benchmarks import tables
from benchmarks.clients import Client, Job, Polling, Run
from benchmarks.databases import filled, store
from benchmarks.filling import utc_now
from benchmarks.installations import PEOPLE, Installation
from benchmarks.rounds import say
from booking import demo
from tests.support.databases import KINDS

STORED, DAYS = 10_000, 14
SUBSCRIBERS, BOARDS, BOOKERS = 200, 50, 8
# Seconds. Calendar programs ask every quarter of an hour at most, here 15 times as often; boards as their page does.
EVERY = {"calendars": 60.0, "boards": 30.0, "bookings": 5.0}
BOARDS_ARE = ("/idag/delar", "/vecka/delar", "/plan/delar")
PLACES = ("motesrummet", "arbetsplats-1", "arbetsplats-2", "arbetsplats-3", "arbetsplats-4")


def main() -> int:
    """Let them all in for some minutes, and print how long they waited; 1 when anybody got anything but an answer."""
    parser = argparse.ArgumentParser("python -m benchmarks.load", description=__doc__)
    parser.add_argument("--minutes", type=float, default=2.0, help="how long it goes on; 2")
    parser.add_argument("--database", choices=KINDS, help="left out: both")
    parser.add_argument(
        "--markdown", action="store_true", help="the tables as they stand in docs/performance.md"
    )
    given = parser.parse_args()
    shown = str if given.markdown else tables.padded
    print(tables.machine(), flush=True)
    errors = 0
    for kind in (given.database,) if given.database else KINDS:
        found = _loaded(kind, given.minutes * 60)
        print("\n" + shown(_told(kind, found)), flush=True)
        errors += sum(each.errors for each in found.values())
    return 1 if errors else 0


def _loaded(kind: str, seconds: float) -> Mapping[str, Run]:
    with tempfile.TemporaryDirectory(prefix="samlokal-") as made, store(kind) as kept:
        now = utc_now()
        ((home, url),) = filled(kept, Path(made), (STORED,), now, DAYS).values()
        with Installation(home, url, STORED, now) as installed:
            say(f"{SUBSCRIBERS} calendars, {BOARDS} boards and {BOOKERS} who book")
            return _all_at_once(_everybody(installed), seconds)


def _everybody(installed: Installation) -> Mapping[str, Sequence[Job]]:
    """What each does again and again: every calendar and every board is somebody's."""
    feeds = [_feed(installed, number) for number in range(SUBSCRIBERS)]
    return {
        "calendars": [Polling(Client(installed.port), path) for path in feeds],
        "boards": [
            Polling(installed.visitor(PEOPLE[each % len(PEOPLE)]), BOARDS_ARE[each % len(BOARDS_ARE)])
            for each in range(BOARDS)
        ],
        "bookings": [installed.booking(client) for client in installed.visitors(BOOKERS)],
    }


def _feed(installed: Installation, number: int) -> str:
    """Of five calendars three are people's own, one is of a place and one of the whole premises."""
    who, kind = PEOPLE[number % len(PEOPLE)], number // len(PEOPLE) % 5
    if kind < 3:
        return installed.feed(who, premises=demo.PREMISES, kind="mine")
    if kind == 3:
        return installed.feed(
            who, premises=demo.PREMISES, kind="resource", resource=PLACES[number % len(PLACES)]
        )
    return installed.feed(who, premises=demo.PREMISES, kind="premises")


def _all_at_once(everybody: Mapping[str, Sequence[Job]], seconds: float) -> Mapping[str, Run]:
    """Each in a thread of its own, at its own pace, begun at any moment of it."""
    found = {name: Run() for name in everybody}
    begins = time.perf_counter() + 0.5
    threads = [
        threading.Thread(target=_act, args=(job, EVERY[name], found[name], begins, begins + seconds, number))
        for name, jobs in everybody.items()
        for number, job in enumerate(jobs)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for each in found.values():
        each.seconds = time.perf_counter() - begins
    return found


def _act(job: Job, every: float, found: Run, begins: float, ends: float, number: int) -> None:
    """What is late is not made up for: whoever waits asks next when it is time again."""
    due = begins + random.Random(number).random() * every
    while due < ends:
        time.sleep(max(0.0, due - time.perf_counter()))
        began = time.perf_counter()
        try:
            status = job().status
        except (OSError, ValueError):
            status = 0  # no answer, or none that can be read
        found.note(status, time.perf_counter() - began)
        due = max(due + every, time.perf_counter())


def _told(kind: str, found: Mapping[str, Run]) -> str:
    rows = [_row(name, each) for name, each in found.items()]
    heads = [
        f"on {tables.NAMES[kind]}",
        "answers",
        "a second",
        "304",
        "median",
        "99th percentile",
        "longest",
        "errors",
    ]
    return tables.table(heads, rows)


def _row(name: str, found: Run) -> list[str]:
    took = [each * 1000 for each in found.took]
    words: Callable[[float], str] = "{:,.0f} ms".format
    late = quantiles(took, n=100, method="inclusive")[98]
    return [
        name,
        f"{len(took):,}",
        f"{found.rate:.1f}",
        f"{found.statuses[304]:,}",
        words(median(took)),
        words(late),
        words(max(took)),
        str(found.errors),
    ]


if __name__ == "__main__":
    sys.exit(main())
