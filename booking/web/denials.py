"""From a refused request to what is noted of it. Imports the actions."""

from __future__ import annotations

import re

from flask import request

from booking.actions import denying
from booking.actions.errors import NotFound
from booking.domain.permissions import Forbidden
from booking.web.clock import now
from booking.web.viewer import current_viewer

OF_A_BOOKING = re.compile(r"/(?:bokning|api/v\d+/bookings|samordning/(?:godkannanden|sparra|stang))/([^/]+)")
COPIED = "kopia"


def note(error: Exception) -> None:
    """Note who was refused what: a deed, or a booking that is not for them to know."""
    if isinstance(error, Forbidden):
        denying.forbidden(current_viewer(), str(error), now())
    elif isinstance(error, NotFound) and (asked := _asked_for()) is not None:
        denying.not_theirs(current_viewer(), asked, now())


def _asked_for() -> str | None:
    """What stands for a booking in the address; None where none does."""
    found = OF_A_BOOKING.match(request.path)
    return found[1] if found else request.args.get(COPIED)
