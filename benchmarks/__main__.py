"""`python -m benchmarks`: fills databases, measures, and prints the tables that stand in docs/performance.md.

Imports the neighbours and tests.support.
"""

import argparse
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from benchmarks import figures, inside, rounds, tables
from benchmarks.clients import Client
from benchmarks.databases import Store, filled, store
from benchmarks.figures import Effort
from benchmarks.filling import utc_now
from benchmarks.installations import Installation
from benchmarks.plans import FEEDS
from benchmarks.rounds import say
from benchmarks.tables import Counted, Results
from tests.support.databases import KINDS
from tests.support.server import Server

SIZES = (10_000, 100_000, 1_000_000)
WHOLE = Effort(seconds=0.4, bookings=32, races=200, rounds=5)
QUICK = Effort(seconds=0.2, bookings=8, races=20, rounds=3)
COMMITS = 200
CREATED = 201


class Beside:
    """What the application is held against, on the same server: a Flask that says hello, and Radicale."""

    def __init__(self, folder: Path) -> None:
        collections = folder / "collections"
        self.hello = Server(_made(folder / "hello"), program="benchmarks.hello:app")
        self.radicale = Server(
            _made(folder / "radicale"),
            program="benchmarks.collection:app",
            BENCHMARK_COLLECTIONS=str(collections),
        )
        self._collection = ""

    def __enter__(self) -> Self:
        self.hello.start()
        self.radicale.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.hello.stop()
        self.radicale.stop()

    def collection(self, installation: Installation) -> str:
        """The path of a collection with the events of the first feed; made once, for it takes Radicale long."""
        if not self._collection:
            number = FEEDS[0]
            feed = Client(installation.port).ask("GET", installation.feed_of(number)).body
            assert feed.count(b"BEGIN:VEVENT") == number, "the feed has not as many events as were booked"
            path = "/samlokal/subscribed/"
            assert Client(self.radicale.port).ask("MKCOL", "/samlokal/").status == CREATED
            put = Client(self.radicale.port).ask("PUT", path, feed, Content_Type="text/calendar")
            assert put.status == CREATED, put
            got = Client(self.radicale.port).ask("GET", path)
            assert got.body.count(b"BEGIN:VEVENT") == number, got.status
            self._collection = path
        return self._collection


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


@dataclass(frozen=True)
class Asked:
    """What is to be measured."""

    kinds: tuple[str, ...]
    sizes: tuple[int, ...]
    effort: Effort
    markdown: bool


def main() -> None:
    """Measure and print."""
    asked = _asked()
    shown = str if asked.markdown else tables.padded
    print(tables.machine(), flush=True)
    with tempfile.TemporaryDirectory(prefix="samlokal-") as folder, Beside(Path(folder)) as beside:
        for kind in asked.kinds:
            print("\n" + shown(tables.report(_measured(kind, asked, beside))), flush=True)


def _asked() -> Asked:
    parser = argparse.ArgumentParser("python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="within two minutes: 10,000 bookings, three short rounds"
    )
    parser.add_argument("--database", choices=KINDS, help="left out: both")
    parser.add_argument("--stored", help="how many bookings, comma between; left out: 10000,100000,1000000")
    parser.add_argument("--rounds", type=int, help="how many rounds")
    parser.add_argument(
        "--markdown", action="store_true", help="the tables as they stand in docs/performance.md"
    )
    given = parser.parse_args()
    effort = QUICK if given.quick else WHOLE
    sizes = (
        tuple(int(each) for each in given.stored.split(","))
        if given.stored
        else SIZES[: 1 if given.quick else 3]
    )
    return Asked(
        (given.database,) if given.database else KINDS,
        sizes,
        replace(effort, rounds=given.rounds or effort.rounds),
        given.markdown,
    )


def _measured(kind: str, asked: Asked, beside: Beside) -> Results:
    with tempfile.TemporaryDirectory(prefix="samlokal-") as made, store(kind) as kept, ExitStack() as stack:
        folder, now = Path(made), utc_now()
        found = filled(kept, folder, asked.sizes, now)
        installed = {
            str(size): stack.enter_context(Installation(home, url, size, now))
            for size, (home, url) in found.items()
        }
        largest = installed[str(max(asked.sizes))]
        say("counting statements")
        statements = {each.stored: inside.statements(each) for each in installed.values()}
        say("putting the events of a feed into Radicale")
        radicale = beside.radicale.port, beside.collection(largest)
        measured = [
            *figures.reading(installed, beside.hello.port, radicale, asked.effort),
            *figures.writing(installed, beside.hello.port, asked.effort),
        ]
        rounds.measure(measured, asked.effort.rounds)
        say("races")
        races = figures.race(largest, asked.effort.races)
        counted = {
            each.stored: Counted(
                kept.size(each.url), inside.workers_memory(each.server.pid), statements[each.stored]
            )
            for each in installed.values()
        }
        commits = _commits(kept, folder, asked.effort.rounds)
        return Results(kind, sorted(asked.sizes), measured, races, commits, counted)


def _commits(kept: Store, folder: Path, times: int) -> list[float]:
    """Rows inserted and committed a second, round by round."""
    commit = kept.committing(folder)
    found = []
    for _ in range(times):
        began = time.perf_counter()
        for _ in range(COMMITS):
            commit()
        found.append(COMMITS / (time.perf_counter() - began))
    return found


if __name__ == "__main__":
    main()
