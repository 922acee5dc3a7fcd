"""The name of a circle in an address: a mark that says nothing of it, for addresses stand in logs and histories.

Imports the actions.
"""

from __future__ import annotations

import hmac

from booking.actions import circles
from booking.actions.circles import Seen
from booking.actions.errors import NotFound
from booking.domain.people import Viewer
from booking.domain.permissions import Deed, may
from booking.web.site import secret_key

MARK_LENGTH = 24


def mark_of(key: str) -> str:
    """The mark of the circle with this key."""
    return hmac.new(secret_key(), f"circle {key}".encode(), "sha256").hexdigest()[:MARK_LENGTH]


def marked(viewer: Viewer, mark: str) -> Seen:
    """The circle of the viewer's that has this mark, if their eyes may know what is booked in it; else NotFound."""
    for each in circles.mine(viewer) if may(viewer, Deed.CIRCLE_SEE) else ():
        if each.open and mark_of(each.circle.key) == mark:
            return each
    raise NotFound
