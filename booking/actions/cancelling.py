"""Cancelling a booking of one's own organisation: one occurrence, those that follow, or all that have not ended.

Imports storage and the domain. Raises the errors of `booking.actions.errors` and nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from booking.actions import telling
from booking.actions.changes import Scope, in_reach, refuse_stale
from booking.actions.errors import Refused
from booking.actions.giving_back import give_back
from booking.actions.looking import etag_of, place_of, seen_whole, stored
from booking.actions.wishing import present
from booking.domain.bookings import Booking, Status
from booking.domain.people import OrganisationId, PersonId, Viewer
from booking.domain.permissions import Deed, require
from booking.domain.refusals import Reason, Refusal
from booking.storage import journal, recording, to_come
from booking.storage.database import Touches, transaction
from booking.storage.journal import Action
from booking.storage.places import Place

WAITED = "waiting"  # noted of what was cancelled while it waited for approval


def cancel(
    viewer: Viewer,
    booking_id: str,
    now: datetime,
    etag: str | None = None,
    scope: Scope = Scope.THIS,
    occurrence: datetime | None = None,
) -> None:
    """Cancel a booking of one's own organisation as far as it has not ended. It stays in history.

    Changed when `etag` is not its present one; Refused when it has ended.
    """
    with transaction(place_of(viewer, booking_id).id, touches=Touches.BOOKINGS):
        present_viewer = present(viewer)
        place, booking, eyes = stored(present_viewer, booking_id, now, occurrence)
        view = seen_whole(eyes, booking, occurrence)
        assert view is not None
        reached = in_reach(present_viewer, place, booking, scope, now)
        # One that is cancelled already still names the rest of its series.
        asked = replace(view, status=reached[0].status) if reached else view
        require(viewer, Deed.BOOKING_CANCEL, asked)
        refuse_stale(present_viewer, booking_id, etag, etag_of(view), now)
        if booking.span.end <= now and scope is Scope.THIS:
            raise Refused((Refusal(Reason.ENDED, "starts"),))
        if not reached or all(each.span.end <= now for each in reached):
            raise Refused((Refusal(Reason.ENDED, "starts"),))
        call_off(place, reached, now, viewer.person)


def call_off(place: Place, reached: Sequence[Booking], now: datetime, actor: PersonId | None) -> None:
    """Cancel occurrences of one booking, and give back what gave way to them; in the transaction that runs."""
    recording.cancel(reached, now)
    give_back(place, [each.span for each in reached], now)
    telling.cancelled(place, reached, actor, now)
    waited = reached[0].status is Status.PENDING
    journal.record(Action.BOOKING_CANCEL, reached[0].id, now, actor, [WAITED] if waited else [])


def call_off_ahead(
    everywhere: Sequence[Place],
    person: PersonId,
    organisation: OrganisationId,
    now: datetime,
    actor: PersonId | None,
) -> None:
    """Cancel all that somebody has booked ahead for an organisation; under the locks of these premises."""
    for place in everywhere:
        for ahead in to_come.ahead_of(place, person, organisation, now).values():
            call_off(place, ahead, now, actor)
