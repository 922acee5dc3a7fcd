"""Why an action did not do what it was asked; each is answered in one place, the web's table of errors."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from booking.domain.refusals import Reason, Refusal
from booking.domain.spans import Span
from booking.domain.views import Busy, Full
from booking.storage.database import DatabaseUnavailable as DatabaseUnavailable


class NotFound(Exception):
    """Not there, or not for this viewer to know: the two are one."""


class Changed(Exception):
    """Somebody changed it meanwhile: the version the caller holds is not the present one."""


class KeyReused(Exception):
    """The Idempotency-Key was used for another order."""


@dataclass
class TooMany(Exception):
    """Too many attempts by this caller, who may try again after `wait` where that is known."""

    wait: timedelta | None = None


@dataclass
class Refused(Exception):
    """One or more rules refuse it; all of them are here."""

    refusals: tuple[Refusal, ...]


@dataclass(frozen=True)
class Alternative:
    """A time at which, and a resource on which, the same wish would be accepted."""

    resource: str
    span: Span


@dataclass(frozen=True)
class Met:
    """One time that was refused: what it clashes with, as the asker may know it, or the rule that forbids it."""

    occurrence: datetime
    views: tuple[Full | Busy, ...] = ()
    reason: Reason | None = None


@dataclass
class Clash(Exception):
    """It cannot stand with what is there, or somebody would have to give way and that was not agreed to.

    Of a series, `met` has every time that was refused and `fits` says how many of its times would do.
    """

    wanted: Span
    met: tuple[Met, ...] = ()
    displaceable: tuple[Full, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    fits: int = 0

    @property
    def clashes(self) -> tuple[Full | Busy, ...]:
        """All that any of its times clashes with, each once."""
        return tuple(dict.fromkeys(view for each in self.met for view in each.views))
