"""Times of other calendars as instants, and why an entry is left. Imports the domain."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from booking.actions.importing import Passed
from booking.domain.spans import instant


class Left(Exception):
    """An entry cannot be brought over, for the reason it carries."""

    def __init__(self, why: Passed) -> None:
        super().__init__(why.value)
        self.why = why


def instant_of(moment: datetime, zone: ZoneInfo) -> datetime:
    """UTC; a time without a zone is meant where the premises is. Left where the clock skips it there."""
    found = moment if moment.tzinfo else instant(moment.date(), moment.time(), zone)
    if found is None:
        raise Left(Passed.NO_SUCH_TIME)
    return found.astimezone(UTC)
