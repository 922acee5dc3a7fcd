"""When each job of the worker last ran, and whether it worked. Imports the tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from booking.storage.database import run
from booking.storage.tables import jobs


@dataclass(frozen=True)
class Run:
    """The last time a job ran; UTC. `ended` is None while it runs, or where it was cut off."""

    name: str
    began: datetime
    ended: datetime | None
    worked: bool
    did: int


def runs() -> dict[str, Run]:
    """The last run of each job that has run, by its name."""
    return {
        row.name: Run(row.name, row.began_at, row.ended_at, row.worked, row.did) for row in run(select(jobs))
    }


def began(name: str, now: datetime) -> None:
    """Note that a job begins."""
    _note(name, began_at=now, ended_at=None, worked=False, did=0)


def ended(name: str, now: datetime, worked: bool, did: int) -> None:
    """Note that a job has ended."""
    _note(name, ended_at=now, worked=worked, did=did)


def _note(name: str, **values: Any) -> None:
    if not run(update(jobs).where(jobs.c.name == name).values(**values)).rowcount:
        run(jobs.insert().values(name=name, **values))
