"""What a viewer may do with a booking beside changing it: check in, end it now, ask to swap.

Imports the domain. Made from the view alone, as the buttons of `bookings/_attendance.html` and `_ask.html`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from booking.domain.attendance import door_open, is_attended
from booking.domain.bookings import Status
from booking.domain.people import Viewer
from booking.domain.permissions import Deed, may
from booking.domain.premises import Premises
from booking.domain.views import Full
from booking.web.pieces import write_occurrence


@dataclass(frozen=True)
class Steps:
    """The steps of one occurrence, named as addresses name it. `here`: somebody has checked in."""

    number: str
    occurrence: str
    check_in: bool
    here: bool
    end: bool
    ask: bool
    sealed: bool

    @property
    def now(self) -> bool:
        """Whether there is something to do about coming or leaving."""
        return self.check_in or self.here or self.end


def steps(viewer: Viewer, premises: Premises, view: Full, now: datetime) -> Steps:
    """What the viewer may do with a view they hold."""
    comes = may(viewer, Deed.BOOKING_CHECK_IN, view) and is_attended(premises, view)
    under_way = view.span.contains(now) and view.status is Status.CONFIRMED
    return Steps(
        number=view.id,
        occurrence=write_occurrence(view.occurrence),
        check_in=comes and not view.checked_in and door_open(view.span, now),
        here=comes and view.checked_in and view.span.end > now,
        end=under_way and may(viewer, Deed.BOOKING_CHANGE, view),
        ask=view.span.end > now and may(viewer, Deed.BOOKING_ASK, view),
        sealed=view.sealed,
    )


def own_now(viewer: Viewer, premises: Premises, views: Iterable[Full], now: datetime) -> list[Full]:
    """The viewer's own bookings that it is time to come to or to leave, each once."""
    found = {
        view.key: view
        for view in views
        if (view.mine or view.invited) and steps(viewer, premises, view, now).now
    }
    return list(found.values())
