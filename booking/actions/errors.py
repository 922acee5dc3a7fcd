"""Why an action did not do what it was asked; each is answered in one place, the web's table of errors."""

from __future__ import annotations

from dataclasses import dataclass, field

from booking.domain.refusals import Refusal
from booking.domain.spans import Span
from booking.domain.views import Busy, Full


class NotFound(Exception):
    """Not there, or not for this viewer to know: the two are one."""


class Changed(Exception):
    """Somebody changed it meanwhile: the version the caller holds is not the present one."""


class KeyReused(Exception):
    """The Idempotency-Key was used for another order."""


class TooMany(Exception):
    """Too many attempts by this caller."""


@dataclass
class Refused(Exception):
    """One or more rules refuse it; all of them are here."""

    refusals: tuple[Refusal, ...]


@dataclass(frozen=True)
class Alternative:
    """A time at which, and a resource on which, the same wish would be accepted."""

    resource: str
    span: Span


@dataclass
class Clash(Exception):
    """It cannot stand with what is there, or somebody would have to give way and that was not agreed to."""

    wanted: Span
    clashes: tuple[Full | Busy, ...] = ()
    displaceable: tuple[Full, ...] = ()
    alternatives: tuple[Alternative, ...] = field(default=())
