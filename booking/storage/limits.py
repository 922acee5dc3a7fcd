"""How often somebody tried something. A subject is stored as a hash; what no longer counts is forgotten.

Imports the tables. Requests of programs are counted in memory and written some at a time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

from sqlalchemy import delete, func, select

from booking.storage.database import run
from booking.storage.tables import sign_in_attempts as attempts
from booking.storage.tokens import hashed


def since(subject: str, then: datetime, now: datetime) -> int:
    """How many attempts a subject made after an instant; what a clock that was set back has still before it is none."""
    lately = (attempts.c.at > then) & (attempts.c.at <= now)
    query = select(func.count()).where(attempts.c.subject == hashed(subject), lately)
    count: int = run(query).scalar_one()
    return count


def newest(subject: str, most: int, now: datetime) -> list[datetime]:
    """When the last attempts of a subject until now were, the newest first."""
    query = select(attempts.c.at).where(attempts.c.subject == hashed(subject), attempts.c.at <= now)
    return list(run(query.order_by(attempts.c.at.desc()).limit(most)).scalars())


def note(subject: str, now: datetime, kept: timedelta) -> None:
    """Note an attempt, and forget those that no longer count."""
    run(delete(attempts).where(attempts.c.at < now - kept))
    run(attempts.insert().values(subject=hashed(subject), at=now))


# --- many at once, in memory ------------------------------------------------------------------


@dataclass
class _Batch:
    began: datetime
    count: int = 0


@dataclass
class Batches:
    """What subjects have done since it was last written down, in this process. Any thread may count."""

    size: int
    within: timedelta
    _open: dict[str, _Batch] = field(default_factory=dict)
    _shut: dict[str, datetime] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def count(self, subject: str, now: datetime) -> bool:
        """Count one, and say whether the batch is full and is to be written down. What is old counts no more."""
        with self._lock:
            batch = self._open.get(subject)
            if batch is None or abs(now - batch.began) > self.within:
                self._forget(now)
                batch = self._open[subject] = _Batch(now)
            batch.count += 1
            if batch.count < self.size:
                return False
            del self._open[subject]
            return True

    def shut(self, subject: str, until: datetime) -> None:
        """The subject has to wait until then."""
        with self._lock:
            self._shut[subject] = until

    def shut_until(self, subject: str, now: datetime) -> datetime | None:
        """Until when the subject has to wait, if it has to."""
        until = self._shut.get(subject)
        return until if until is not None and now < until <= now + self.within else None

    def _forget(self, now: datetime) -> None:
        self._open = {key: each for key, each in self._open.items() if now - each.began <= self.within}
        self._shut = {key: until for key, until in self._shut.items() if until > now}
