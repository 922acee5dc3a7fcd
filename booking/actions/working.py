"""The worker: the jobs, how often each is due, and when each last ran. Imports storage and the domain.

A job is given the time and says how many things it did. Several workers at once do no harm: each job writes
under a lock, and only what still waits to be done.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from booking.actions import ending, retaining, sending
from booking.actions.approving import lapse
from booking.actions.checking_in import release_missed
from booking.actions.reminding import remind
from booking.actions.reviewing import tell_overdue
from booking.actions.sending import Clock, Write
from booking.domain.people import Viewer
from booking.domain.permissions import Deed, require
from booking.storage import jobs as record
from booking.storage import outbox
from booking.storage.database import Touches, rest, transaction
from booking.storage.jobs import Run as Run
from booking.storage.post import Post

log = logging.getLogger(__name__)

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
LETTERS = "letters"


@dataclass(frozen=True)
class Job:
    """Something the worker does, at least so often, and whenever something `waits` for it."""

    name: str
    run: Callable[[datetime], int]
    every: timedelta
    waits: Callable[[datetime], bool] = lambda _: False


JOBS: tuple[Job, ...] = (
    Job("approvals", lapse, MINUTE),
    Job("missed", release_missed, MINUTE),
    Job("reminders", remind, MINUTE),
    Job("reviews", tell_overdue, DAY),
    Job("accounts", ending.end_accounts, 5 * MINUTE),
    Job("guests", ending.call_off_for_the_ended, 5 * MINUTE),
    Job("endings", ending.warn_guests, HOUR),
    Job("forgetting", ending.forget, HOUR),
    Job("retention", retaining.destroy_by_itself, DAY),
)


def all_jobs(post: Post, write: Write, clock: Clock, stopping: Callable[[], bool]) -> tuple[Job, ...]:
    """Every job, the sending of letters first: it writes them with the words it is given."""
    letters = Job(
        LETTERS,
        lambda _: sending.send_all(post, write, clock, stopping),
        MINUTE,
        lambda now: sending.waits(post, now),
    )
    return letters, *JOBS


def work(jobs: Iterable[Job], clock: Clock, stopping: Callable[[], bool] = lambda: False) -> None:
    """Run each job that is due, once. One that fails is logged by its name alone, and the others run."""
    for job in jobs:
        if stopping():
            return
        try:
            _run(job, clock)
        except Exception as error:  # noqa: BLE001 - a worker that ends for one job ends for all
            rest()
            log.error("job failed: %s, %s", job.name, type(error).__name__)


def _run(job: Job, clock: Clock) -> None:
    now = clock()
    rest()
    last = record.runs().get(job.name)
    lately = last is not None and now - job.every < last.began <= now  # after it: the clock was set back
    if lately and not job.waits(now):
        return
    with transaction(touches=Touches.NOTHING):
        record.began(job.name, now)
    worked, did = False, 0
    try:
        did = job.run(now)
        worked = True
    finally:
        rest()
        with transaction(touches=Touches.NOTHING):
            record.ended(job.name, clock(), worked, did)


# --- how it goes ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Doings:
    """The last run of each job, None for one that has never run, and whether letters are stuck.

    How much each did and how many letters there are would tell of what is hidden: that is the operator's alone.
    """

    runs: tuple[tuple[str, Run | None], ...]
    stuck: bool


def doings(viewer: Viewer) -> Doings:
    """How the worker does, for those who run the house."""
    require(viewer, Deed.JOB_SEE)
    found = record.runs()
    runs = tuple((name, found.get(name)) for name in _periods())
    return Doings(runs, letters_are_stuck())


def letters_are_stuck() -> bool:
    """Whether letters have been waiting for over an hour."""
    return outbox.stuck(sending.HOUR_OF_ATTEMPTS)


@dataclass(frozen=True)
class Pulse:
    """How a job does, for whoever watches: the whole periods it has missed, None where it never ran.

    Never when it ran: letters are sent as they are written, and the moment would tell that one was.
    """

    job: str
    missed: int | None
    failed: bool


def pulses(now: datetime) -> list[Pulse]:
    """How every job does; while a worker runs, none has missed any."""
    found = record.runs()
    return [_pulse(name, every, found.get(name), now) for name, every in _periods().items()]


def _pulse(name: str, every: timedelta, last: Run | None, now: datetime) -> Pulse:
    if last is None:
        return Pulse(name, None, False)
    missed = max(0, (now - last.began) // every - 1)
    return Pulse(name, missed, last.ended is not None and not last.worked)


def _periods() -> Mapping[str, timedelta]:
    """Every job by its name, and at least how often it is to run."""
    return {LETTERS: MINUTE, **{job.name: job.every for job in JOBS}}
