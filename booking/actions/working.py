"""What the worker does by itself: the jobs, and how often each is due. Imports storage and the domain.

A job is given the time and says how many things it did. Several workers at once do no harm: each job writes
under a lock and only what still waits to be done.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from booking.actions.checking_in import release_missed
from booking.actions.reminding import remind

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Job:
    """Something the worker does. `run` is given the time, and says how many things it did."""

    name: str
    run: Callable[[datetime], int]
    every: timedelta


JOBS: tuple[Job, ...] = (
    Job("missed", release_missed, MINUTE),
    Job("reminders", remind, MINUTE),
)
