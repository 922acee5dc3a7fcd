"""One table of what may be done by whom. Standard library only.

Who may *know* a booking is not here: that is disclosure's, and comes first. What may not be known is not found.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum

from booking.domain.bookings import Purpose, Status
from booking.domain.people import Role, Viewer
from booking.domain.premises import Category
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
    BOOKING_RESTORE = "booking:restore"
    APPROVAL_GIVE = "approval:give"
    BLOCK_MAKE = "block:make"
    CLOSURE_MAKE = "closure:make"
    DOOR_KEEP = "door:keep"
    DOOR_BOOK = "door:book"
    PREMISES_FURNISH = "premises:furnish"
    BOOKING_CHECK_IN = "booking:check-in"
    BOOKING_ASK = "booking:ask"
    FEED_KEEP = "feed:keep"
    TOKEN_KEEP = "token:keep"
    FACTOR_KEEP = "factor:keep"
    SESSION_END = "session:end"
    GUEST_KEEP = "guest:keep"
    ORGANISATION_KEEP = "organisation:keep"
    ORGANISATION_RUN = "organisation:run"
    CIRCLE_SEE = "circle:see"
    CIRCLE_KEEP = "circle:keep"
    CIRCLE_MAKE = "circle:make"
    ACCOUNT_RESET = "account:reset"
    REVIEW_SIGN = "review:sign"
    SIGN_PRINT = "sign:print"
    NOTICE_READ = "notice:read"
    PERSON_WISH = "person:wish"
    PERSON_EXTRACT = "person:extract"
    REPORT_READ = "report:read"
    JOB_SEE = "job:see"
    HISTORY_OF_ORGANISATION = "history:of-organisation"
    HISTORY_OF_HOUSE = "history:of-house"
    HISTORY_OF_ACCOUNTS = "history:of-accounts"


def _signed_in(viewer: Viewer, view: Full | None) -> bool:
    return viewer.signed_in


def _books(viewer: Viewer, view: Full | None) -> bool:
    return viewer.signed_in and viewer.category is not None and viewer.role is not Role.DOOR


def _coordinates(viewer: Viewer, view: Full | None) -> bool:
    return viewer.signed_in and viewer.role is Role.COORDINATOR and viewer.category is Category.PLACE


def _sees(viewer: Viewer, view: Full | None) -> bool:
    return view is not None


def _own(viewer: Viewer, view: Full | None) -> bool:
    return view is not None and (view.ours or view.mine) and view.status is not Status.CANCELLED


def _own_that_was_cancelled(viewer: Viewer, view: Full | None) -> bool:
    return (
        view is not None
        and (view.ours or view.mine)
        and view.status is Status.CANCELLED
        and view.purpose is Purpose.USE
    )


def _own_or_at_the_door(viewer: Viewer, view: Full | None) -> bool:
    """What was booked at a door nobody else answers for than the coordinator."""
    at_the_door = view is not None and view.purpose is Purpose.DOOR and view.status is not Status.CANCELLED
    return _own(viewer, view) or (at_the_door and _coordinates(viewer, view))


def _is_a_door(viewer: Viewer, view: Full | None) -> bool:
    return viewer.signed_in and viewer.role is Role.DOOR


def _own_but_closures(viewer: Viewer, view: Full | None) -> bool:
    """A closure is ended, never moved: what it met elsewhere would tell what is there."""
    return _own(viewer, view) and view is not None and view.purpose is not Purpose.CLOSURE


def _comes(viewer: Viewer, view: Full | None) -> bool:
    return (
        view is not None
        and (view.ours or view.mine or view.invited)
        and view.status is Status.CONFIRMED
        and view.purpose is Purpose.USE
    )


def _may_ask(viewer: Viewer, view: Full | None) -> bool:
    return (
        viewer.signed_in
        and view is not None
        and not (view.ours or view.mine)
        and view.status is not Status.CANCELLED
        and view.purpose is Purpose.USE
    )


def _runs_their_own(viewer: Viewer, view: Full | None) -> bool:
    """Never the administrator of the system, who has no say over anybody's bookings."""
    return (
        viewer.of_an_organisation
        and viewer.organisation_admin
        and viewer.role in (Role.MEMBER, Role.COORDINATOR)
    )


def _of_an_organisation(viewer: Viewer, view: Full | None) -> bool:
    return viewer.of_an_organisation


def _administers(viewer: Viewer, view: Full | None) -> bool:
    return viewer.signed_in and viewer.role is Role.ADMINISTRATOR


def _runs_the_house(viewer: Viewer, view: Full | None) -> bool:
    return viewer.role in (Role.COORDINATOR, Role.ADMINISTRATOR)


def _follows_up(viewer: Viewer, view: Full | None) -> bool:
    """The partners of the premises, and who runs it; guests pass through."""
    return viewer.of_an_organisation or _runs_the_house(viewer, view)


TABLE: Mapping[Deed, Callable[[Viewer, Full | None], bool]] = {
    Deed.PREMISES_LOOK: _signed_in,
    Deed.BOOKING_BOOK: _books,
    Deed.BOOKING_SEE: _sees,
    Deed.BOOKING_CHANGE: _own_but_closures,
    Deed.BOOKING_CANCEL: _own_or_at_the_door,
    Deed.BOOKING_RESTORE: _own_that_was_cancelled,
    Deed.APPROVAL_GIVE: _coordinates,
    Deed.BLOCK_MAKE: _coordinates,
    Deed.CLOSURE_MAKE: _coordinates,
    Deed.DOOR_KEEP: _coordinates,
    Deed.DOOR_BOOK: _is_a_door,
    Deed.PREMISES_FURNISH: _coordinates,
    Deed.BOOKING_CHECK_IN: _comes,
    Deed.BOOKING_ASK: _may_ask,
    Deed.FEED_KEEP: _signed_in,
    Deed.TOKEN_KEEP: _signed_in,
    Deed.FACTOR_KEEP: _signed_in,
    Deed.SESSION_END: _signed_in,
    Deed.GUEST_KEEP: _coordinates,
    Deed.ORGANISATION_KEEP: _coordinates,
    Deed.ORGANISATION_RUN: _runs_their_own,
    Deed.CIRCLE_SEE: _of_an_organisation,
    Deed.CIRCLE_KEEP: _runs_their_own,
    Deed.CIRCLE_MAKE: _coordinates,
    Deed.ACCOUNT_RESET: _administers,
    Deed.REVIEW_SIGN: _runs_their_own,
    Deed.SIGN_PRINT: _coordinates,
    Deed.NOTICE_READ: _signed_in,
    Deed.PERSON_WISH: _signed_in,
    Deed.PERSON_EXTRACT: _signed_in,
    Deed.REPORT_READ: _follows_up,
    Deed.JOB_SEE: _runs_the_house,
    Deed.HISTORY_OF_ORGANISATION: _runs_their_own,
    Deed.HISTORY_OF_HOUSE: _coordinates,
    Deed.HISTORY_OF_ACCOUNTS: _administers,
}


def may(viewer: Viewer, deed: Deed, view: Full | None = None) -> bool:
    """Whether the viewer may do this, to a view they hold where the deed is about one."""
    return TABLE[deed](viewer, view)


def require(viewer: Viewer, deed: Deed, view: Full | None = None) -> None:
    """Forbidden unless the viewer may do this."""
    if not may(viewer, deed, view):
        raise Forbidden(deed.value)
