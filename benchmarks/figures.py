"""What is measured of an installation, and of what it is held against. Imports the neighbours."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from statistics import median

from benchmarks.clients import FINE, Answer, Client, Polling, run
from benchmarks.installations import Installation
from benchmarks.plans import FEEDS
from benchmarks.rounds import HELLO, RADICALE, Figure, Measure

MANY = 8
WARMING = 3  # requests at once, so that each worker gets one
CLASH = 409
MS = 1000


@dataclass(frozen=True)
class Effort:
    """How long a lane of a round takes, and how much is booked in it."""

    seconds: float
    bookings: int
    races: int
    rounds: int


def reading(
    installed: Mapping[str, Installation], hello: int, radicale: tuple[int, str], effort: Effort
) -> list[Figure]:
    """The figures that change nothing. `radicale`: at which port and path it serves the events of the first feed."""
    lanes = partial(_lanes, installed, hello, effort)
    figures = [
        Figure("the day’s page, `/idag`, 30 bookings", lanes(lambda _: "/idag"), to_hello=0.12),
        Figure("what it polls, again: 304", lanes(lambda _: "/idag/delar", True), to_hello=0.25),
        Figure("a week’s JSON, 210 bookings", lanes(lambda each: each.week), to_hello=0.20),
        Figure("the same again: 304", lanes(lambda each: each.week, True), to_hello=0.25),
    ]
    for number in FEEDS:
        paths = {each: each.feed_of(number) for each in installed.values()}
        first = {name: partial(_cold, each, paths[each], number) for name, each in installed.items()}
        named = f"a feed of {number:,} events"
        figures += [
            Figure(f"{named}, cold", first, rate=False),
            Figure(f"{named}, warm", lanes(paths.__getitem__)),
            Figure(f"{named}, 304", lanes(paths.__getitem__, True)),
        ]
    searches = {name: partial(_one, each.visitor("polis"), each.search) for name, each in installed.items()}
    port, path = radicale
    cold, warm, again = figures[4:7]
    _aim(cold, warm, again, partial(_rate, partial(Client, port), path, effort, False))
    return [*figures, Figure("a free hour within 90 days", searches, rate=False)]


def _aim(cold: Figure, warm: Figure, again: Figure, radicale: Measure) -> None:
    """What the first feed is to reach, and Radicale in its rounds."""
    cold.at_most = 400
    warm.to_hello, warm.to_radicale, again.to_hello = 0.35, 100, 0.35
    warm.lanes = {**warm.lanes, RADICALE: radicale}


def writing(installed: Mapping[str, Installation], hello: int, effort: Effort) -> list[Figure]:
    """The figures that book."""
    figures = []
    for number in (1, MANY):
        lanes: dict[str, Measure] = {
            HELLO: partial(_rate, partial(Client, hello), "/", effort, False, number)
        }
        for name, each in installed.items():
            lanes[name] = partial(_bookings, each, number, effort)
        told = "one client" if number == 1 else f"{number} clients"
        figures.append(Figure(f"booking, {told}", lanes, to_hello=0.10))
    series = {name: partial(_series, each) for name, each in installed.items()}
    return [*figures, Figure("booking a series of 366", series, rate=False)]


def _lanes(
    installed: Mapping[str, Installation],
    hello: int,
    effort: Effort,
    path: Callable[[Installation], str],
    known: bool = False,
) -> dict[str, Measure]:
    lanes: dict[str, Measure] = {HELLO: partial(_rate, partial(Client, hello), "/", effort, False)}
    for name, each in installed.items():
        lanes[name] = partial(_rate, partial(each.visitor, "polis"), path(each), effort, known)
    return lanes


def _rate(client: Callable[[], Client], path: str, effort: Effort, known: bool, clients: int = MANY) -> float:
    """Answers a second to some clients, once both workers have answered; `known`: they have it, and are told so."""
    jobs = [Polling(client(), path) for _ in range(clients)]
    first = jobs[: min(clients, WARMING)]
    run(first, times=1)
    for job in jobs:
        job.has(first[0].etag if known else None)
    found = run(jobs, effort.seconds)
    for job in jobs:
        job.close()
    return found.rate


def _one(client: Client, path: str) -> float:
    """How long one answer takes, in milliseconds: the median of three."""
    return median(run([lambda: client.ask("GET", path)], times=3).took) * MS


def _cold(each: Installation, path: str, number: int) -> float:
    """The first answer after something changed, in milliseconds."""
    each.stir(number)
    client = Client(each.port)
    took = run([lambda: client.ask("GET", path)], times=1).took[0]
    client.close()
    return took * MS


def _bookings(each: Installation, clients: int, effort: Effort) -> float:
    jobs = [each.booking(client) for client in each.visitors(clients)]
    return run(jobs, times=effort.bookings // clients).rate


def _series(each: Installation) -> float:
    client = each.visitor("polis")
    took = run([lambda: each.series(client)], times=1).took[0]
    client.close()
    return took * MS


# --- races ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Races:
    """What came of some races: how many had exactly one winner, and how long answers took, in seconds."""

    run: int
    fair: int
    longest: float
    middle: float


def race(each: Installation, races: int) -> Races:
    """Eight clients after one desk at the same moment, over and over."""
    clients = each.visitors(MANY)
    took: list[float] = []
    fair = 0
    for _ in range(races):
        wanted = each.contested()
        jobs: list[Callable[[], Answer]] = [partial(each.book, client, *wanted) for client in clients]
        found = run(jobs, times=1, fine=FINE | {CLASH})
        took += found.took
        fair += found.statuses == Counter({201: 1, CLASH: MANY - 1})
    return Races(races, fair, max(took), median(took))
