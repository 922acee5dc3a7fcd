"""The one clock of the web floor: actions are given the time, they never ask for it."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import current_app


def now() -> datetime:
    """The present instant, aware UTC; a configured CLOCK stands in for the computer's."""
    clock = current_app.config.get("CLOCK")
    moment: datetime = clock() if clock else datetime.now(UTC)
    return moment
