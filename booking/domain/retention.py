"""How long what is kept is kept: the decision, and up to when it lets each kind go. Standard library only.

Public documents may be destroyed only by a decision; without one nothing is, and what the proposed periods would
let go is only told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

REFERENCE_LENGTH = 120
LONGEST_DAYS = 36_500
REMOVED = "Borttagen person"  # what an account is called once its name is gone


class Kind(StrEnum):
    """What is destroyed, each by its own limit. The two logs are let go by their guards under these names."""

    SEALED = "sealed"
    DETAILS = "details"
    MESSAGES = "messages"
    ACCESS_LOG = "access-log"
    JOURNAL = "journal"
    ACCOUNTS = "accounts"


class UnfitDecision(ValueError):
    """A decision that cannot be recorded; the message is the sentence that says why."""


@dataclass(frozen=True)
class Periods:
    """Whole days: after the last time of a booking has ended, and that a row of the logs is kept."""

    sealed_days: int
    details_days: int
    log_days: int


PROPOSED = Periods(sealed_days=30, details_days=365, log_days=730)


@dataclass(frozen=True)
class Decision:
    """Periods that were decided, and the reference under which the decision is found; UTC."""

    id: int
    reference: str
    periods: Periods
    decided: datetime


def limits(periods: Periods, now: datetime) -> Mapping[Kind, datetime]:
    """Up to when each kind may go.

    An account's name goes with the last row of the logs that may speak of it, so that they say who for as long as
    they are kept. It depends on nothing but the account itself: what somebody booked, perhaps confidentially, is
    not to be read from when their name went.
    """
    sealed, details, log = (
        now - timedelta(days=days) for days in (periods.sealed_days, periods.details_days, periods.log_days)
    )
    return {
        Kind.SEALED: sealed,
        Kind.DETAILS: details,
        Kind.MESSAGES: details,
        Kind.ACCESS_LOG: log,
        Kind.JOURNAL: log,
        Kind.ACCOUNTS: log,
    }


def check(reference: str, periods: Periods) -> None:
    """UnfitDecision unless it can be recorded."""
    if not reference.strip() or not reference.isprintable() or len(reference) > REFERENCE_LENGTH:
        raise UnfitDecision(
            f"Give the reference of the decision, on one line of {REFERENCE_LENGTH} characters at most."
        )
    check_periods(periods)


def check_periods(periods: Periods) -> None:
    """UnfitDecision unless the logs outlive what they speak of, and every period is a number of whole days."""
    days = (periods.sealed_days, periods.details_days, periods.log_days)
    if not all(1 <= each <= LONGEST_DAYS for each in days):
        raise UnfitDecision(f"Every period is from 1 to {LONGEST_DAYS} whole days.")
    if periods.log_days < max(periods.sealed_days, periods.details_days):
        raise UnfitDecision(
            "The logs must be kept for at least as long as what they speak of: "
            "--log-days is not to be less than --sealed-days or --details-days."
        )
