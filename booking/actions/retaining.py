"""Retention: deciding, telling what a decision would destroy, and destroying it. Imports storage and the domain.

Only a recorded decision destroys. Nobody is told of it: what it takes, outsiders could not see before either.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from booking.domain.people import Viewer
from booking.domain.permissions import Deed, require
from booking.domain.retention import PROPOSED, Decision, Kind, Periods, check, check_periods, limits
from booking.storage import journal, places, retention
from booking.storage.database import rest, settle, transaction
from booking.storage.journal import Action
from booking.storage.retention import Shelf


@dataclass(frozen=True)
class Plan:
    """Up to when each kind goes; `decision` is None while nothing is decided and nothing goes; UTC."""

    decision: Decision | None
    periods: Periods
    limits: Mapping[Kind, datetime]


@dataclass(frozen=True)
class Report:
    """A plan, and how much of each kind it would destroy now. For the operator: it counts what is hidden too."""

    plan: Plan
    counts: Mapping[Kind, int]


def decide(reference: str, periods: Periods, now: datetime) -> None:
    """Record a decision in place of the earlier. UnfitDecision when it cannot be one."""
    check(reference, periods)
    with transaction():
        retention.decide(reference.strip(), periods, now)
        journal.record(Action.RETENTION_DECIDE, "retention", now, fields=vars(periods))


def plan(viewer: Viewer, now: datetime) -> Plan:
    """By what decision what goes when, for those who run the house; no counts, which would tell what is hidden."""
    require(viewer, Deed.JOB_SEE)
    return _plan(None, now)


def decided() -> Decision | None:
    """The decision that holds; None before there is one. How long things are kept is for everybody to know."""
    return retention.decision()


def periods() -> Periods:
    """Those that hold: the decision's, or the proposed while there is none."""
    decision = retention.decision()
    return decision.periods if decision else PROPOSED


def report(now: datetime, tried: Periods | None = None) -> Report:
    """What would be destroyed now: by the decision, or by other periods that are tried. UnfitDecision for bad ones."""
    if tried is not None:
        check_periods(tried)
    planned = _plan(tried, now)
    counts = dict.fromkeys(Kind, 0)
    for shelf in retention.SHELVES:
        counts[shelf.kind] += retention.count(shelf, planned.limits[shelf.kind])
    return Report(planned, counts)


def destroy(now: datetime) -> int:
    """Destroy what the decision lets go; how many things. Nothing without a decision.

    Some at a time, each in a transaction of its own under the premises' locks: killed half-way it goes on next time,
    and whoever books waits for a few of them at most.
    """
    planned = _plan(None, now)
    if planned.decision is None:
        return 0
    with transaction():  # once a run, whatever it finds: how often it is written tells nothing
        journal.record(Action.RETENTION_DESTROY, f"decision {planned.decision.id}", now)
    done = sum(
        _clear(shelf, planned.limits[shelf.kind], planned.decision, now) for shelf in retention.SHELVES
    )
    if done:
        settle()
    return done


def destroy_by_itself(now: datetime) -> int:
    """The same as a job of the worker, which says 0: how much it was would tell how much there is that is hidden."""
    destroy(now)
    return 0


def _plan(tried: Periods | None, now: datetime) -> Plan:
    chosen = tried or periods()
    return Plan(retention.decision(), chosen, limits(chosen, now))


def _clear(shelf: Shelf, before: datetime, by: Decision, now: datetime) -> int:
    done, some = 0, 1
    while some:
        with transaction(*(place.id for place in places.used_by(None))):
            some = retention.destroy_some(shelf, before, by, now)
        done += some
    rest()
    return done
