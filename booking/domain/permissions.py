"""One table of what may be done by whom. Standard library only.

Who may *know* a booking is not here: that is disclosure's, and comes first. What may not be known is not found.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum

from booking.domain.bookings import Status
from booking.domain.people import Role, Viewer
from booking.domain.views import Full


class Forbidden(Exception):
    """The viewer's role may not do this at all; never said of something they may not know."""


class Deed(StrEnum):
    """What can be done, subject:verb."""

    PREMISES_LOOK = "premises:look"
    BOOKING_BOOK = "booking:book"
    BOOKING_SEE = "booking:see"
    BOOKING_CHANGE = "booking:change"
    BOOKING_CANCEL = "booking:cancel"
    FEED_KEEP = "feed:keep"
    TOKEN_KEEP = "token:keep"
    NOTICE_READ = "notice:read"
    PERSON_WISH = "person:wish"
    JOB_SEE = "job:see"


def _signed_in(viewer: Viewer, view: Full | None) -> bool:
    return viewer.signed_in


def _books(viewer: Viewer, view: Full | None) -> bool:
    return viewer.signed_in and viewer.category is not None


def _sees(viewer: Viewer, view: Full | None) -> bool:
    return view is not None


def _own(viewer: Viewer, view: Full | None) -> bool:
    return view is not None and (view.ours or view.mine) and view.status is not Status.CANCELLED


def _runs_the_house(viewer: Viewer, view: Full | None) -> bool:
    return viewer.role in (Role.COORDINATOR, Role.ADMINISTRATOR)


TABLE: Mapping[Deed, Callable[[Viewer, Full | None], bool]] = {
    Deed.PREMISES_LOOK: _signed_in,
    Deed.BOOKING_BOOK: _books,
    Deed.BOOKING_SEE: _sees,
    Deed.BOOKING_CHANGE: _own,
    Deed.BOOKING_CANCEL: _own,
    Deed.FEED_KEEP: _signed_in,
    Deed.TOKEN_KEEP: _signed_in,
    Deed.NOTICE_READ: _signed_in,
    Deed.PERSON_WISH: _signed_in,
    Deed.JOB_SEE: _runs_the_house,
}


def may(viewer: Viewer, deed: Deed, view: Full | None = None) -> bool:
    """Whether the viewer may do this, to a view they hold where the deed is about one."""
    return TABLE[deed](viewer, view)


def require(viewer: Viewer, deed: Deed, view: Full | None = None) -> None:
    """Forbidden unless the viewer may do this."""
    if not may(viewer, deed, view):
        raise Forbidden(deed.value)
