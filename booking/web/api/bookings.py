"""Booking, opening, changing and cancelling. Imports the actions and Flask; no rule lives here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import request, url_for
from werkzeug.wrappers import Response

from booking.actions import booking as actions
from booking.actions import cancelling, changing, checking_in, looking, restoring
from booking.actions.changes import Scope
from booking.actions.errors import NotFound
from booking.actions.looking import Opened, Place
from booking.domain.bookings import Status
from booking.domain.permissions import Deed, Forbidden, require
from booking.web.api import orders, reading, views
from booking.web.api.faults import Fault, Unreadable, wrong
from booking.web.api.kinds import Switch
from booking.web.api.operations import Answer, answered, done, not_modified, operation
from booking.web.api.problems import here
from booking.web.api.reading import Field, Fields
from booking.web.clock import now
from booking.web.viewer import channel, current_viewer

WHICH = {"booking": "the id of a booking"}
IF_MATCH = "the ETag you have, or *; 412 when somebody changed it meanwhile"
BOOK_QUERY = (Field("dry_run", Switch(), "answer as the real call would, and write nothing", left_out=False),)
ONE = (orders.WHICH_ONE,)
OPENED = Answer("The booking, opened.", views.named("Full"), {"ETag": "strong"})


@operation(
    "POST",
    "/bookings",
    summary="Book",
    about="Left out, visibility is your organisation's default. A 409 lists what it clashes with and, in "
    "displaceable, what would give way: send that list back in displace, with on_clash displace. Of a series "
    "it lists every time that is refused: on_clash skip books the others. What is answered is the first "
    "occurrence; pending until the coordinator has approved it, where your organisation must ask.",
    query=BOOK_QUERY,
    body=orders.BOOKING,
    headers={reading.KEY: "up to 200 characters of yours, kept 24 hours: a repeat answers the same booking"},
    answers={
        200: Answer("A dry run: the booking as it would be.", views.named("Full")),
        201: Answer("Booked.", views.named("Full"), {"Location": "its address", "ETag": "strong"}),
    },
    problems=(403, 409, 413, 415),
)
def book() -> Response:
    """Book one time, or try it out."""
    viewer = current_viewer()
    require(viewer, Deed.BOOKING_BOOK)
    asked = {**reading.query(BOOK_QUERY), **reading.body(orders.BOOKING)}
    repeatable = reading.repeatable(asked)
    place = here(_place(asked["premises"]))
    order = orders.order(asked, place)
    if asked["dry_run"]:
        judged = actions.try_out(viewer, order, now())
        would_be = actions.preview(judged, order, now())
        return answered(views.full(would_be, place, looking.names_in(viewer, [would_be]), viewer))
    made = actions.book(viewer, order, now(), repeatable)
    address = url_for("api.see", booking=made.view.id)
    return answered(_shown(made), 201, Location=address, ETag=made.etag)


def _place(name: str) -> Place:
    try:
        return looking.place_for(current_viewer(), name)
    except NotFound:
        raise wrong("premises", Fault.UNKNOWN_PREMISES) from None


def _shown(opened: Opened) -> views.Json:
    return views.full(opened.view, opened.place, opened.names, current_viewer())


@operation(
    "GET",
    "/bookings/<booking>",
    summary="Open a booking",
    about="Opening a confidential booking is noted: who, when and which, not what it says.",
    path=WHICH,
    query=ONE,
    headers={"If-None-Match": "the ETag you have: 304 when nothing changed; that opens nothing"},
    answers={200: OPENED, 304: Answer("As you have it.")},
    problems=(404,),
)
def see(booking: str) -> Response:
    """One booking with its words. Asked for its headers only, it is not opened."""
    occurrence = _named(_asked(booking, ONE))
    found = _found(booking, occurrence)
    if reading.has_already(found.etag):
        return not_modified(found.etag)
    if request.method == "HEAD":
        return Response(content_type="application/json", headers={"ETag": found.etag})
    opened = looking.open_details(current_viewer(), booking, now(), channel(), occurrence)
    return answered(_shown(opened), ETag=opened.etag)


@operation(
    "PATCH",
    "/bookings/<booking>",
    summary="Change a booking",
    about="What is left out stays as it is, and so do occurrences that have ended. Of a series, new starts or "
    "ends move every occurrence in reach by as much, by the wall clock; what was changed of one alone stays, "
    "but for what is changed now.",
    path=WHICH,
    query=orders.REACH,
    body=orders.CHANGES,
    headers={"If-Match": IF_MATCH},
    answers={200: OPENED},
    problems=(403, 404, 409, 412, 413, 415, 428),
)
def change(booking: str) -> Response:
    """Change a booking of the caller's own organisation."""
    reach = _reached(booking)
    etag = reading.unchanged(reach.etags(), required=True)
    changes = orders.changes(reading.body(orders.CHANGES), reach.found.place, reach.found.view)
    if reach.cancelled:
        raise wrong("status", Fault.ALREADY_CANCELLED)
    viewer = current_viewer()
    made = changing.change(viewer, booking, changes, etag, now(), reach.scope, reach.occurrence)
    changed = looking.open_details(viewer, booking, now(), channel(), made.view.occurrence)
    return answered(_shown(changed), ETag=changed.etag)


@operation(
    "DELETE",
    "/bookings/<booking>",
    summary="Cancel a booking",
    about="It stays in history, and in calendars as cancelled. Cancelling again changes nothing.",
    path=WHICH,
    query=orders.REACH,
    headers={"If-Match": IF_MATCH + "; may be left out"},
    answers={204: Answer("Cancelled.")},
    problems=(403, 404, 412),
)
def cancel(booking: str) -> Response:
    """Cancel a booking of the caller's own organisation."""
    reach = _reached(booking)
    etag = reading.unchanged(reach.etags(), required=False)
    with suppress(Forbidden) if reach.cancelled else nullcontext():  # what is cancelled already stays so
        cancelling.cancel(current_viewer(), booking, now(), etag, reach.scope, reach.occurrence)
    return done()


@operation(
    "POST",
    "/bookings/<booking>/restore",
    summary="Undo a cancelling",
    about="For ten minutes after it, as what it was, and with all that was cancelled with it: all or nothing, where "
    "the time is still free to you; nobody gives way. Restoring what stands changes nothing.",
    path=WHICH,
    query=ONE,
    answers={204: Answer("It stands again.")},
    problems=(403, 404, 409),
)
def restore(booking: str) -> Response:
    """Undo the cancelling of a booking of the caller's own organisation."""
    found = _found(booking, _named(_asked(booking, ONE)))
    here(found.place)
    own = found.view.ours or found.view.mine
    if not own or found.view.status is Status.CANCELLED:
        restoring.restore(current_viewer(), booking, now(), found.view.occurrence)
    return done()


@operation(
    "POST",
    "/bookings/<booking>/check-in",
    summary="Check in",
    about="For those of its own organisation and those invited, from a quarter of an hour before its start until it "
    "ends. Checking in again changes nothing. What nobody checks in to in time is released.",
    path=WHICH,
    query=ONE,
    answers={204: Answer("Checked in.")},
    problems=(403, 404),
)
def check_in(booking: str) -> Response:
    """Note that somebody came to a booking of the caller's own organisation, or one they are invited to."""
    occurrence = _named(_asked(booking, ONE))
    here(_found(booking, occurrence).place)
    checking_in.check_in(current_viewer(), booking, now(), occurrence)
    return done()


@dataclass(frozen=True)
class Reach:
    """The occurrence that is to be changed, how it was named, and how far the change goes from it."""

    found: Opened
    scope: Scope
    occurrence: datetime | None

    @property
    def cancelled(self) -> bool:
        """Whether one's own occurrence is cancelled already; of somebody else's, the permission says no first."""
        view = self.found.view
        return view.status is Status.CANCELLED and (view.ours or view.mine)

    def etags(self) -> Iterator[str]:
        """The tags it may be held by: its own, and that of what its booking answers with when none is named."""
        yield self.found.etag
        if self.occurrence is not None:
            yield looking.look_at(current_viewer(), self.found.view.id, now()).etag


def _reached(number: str) -> Reach:
    """What is to be changed, before anything else is looked at; NotFound for an occurrence it lacks."""
    asked = _asked(number, orders.REACH)
    occurrence = _named(asked)
    found = _found(number, occurrence)
    here(found.place)
    return Reach(found, Scope(asked["scope"]), occurrence)


def _asked(number: str, fields: Fields) -> dict[str, Any]:
    """The parameters of a booking's address; NotFound comes before anything that is wrong in them."""
    try:
        return reading.query(fields)
    except Unreadable:
        looking.look_at(current_viewer(), number, now())
        raise


def _found(number: str, occurrence: datetime | None) -> Opened:
    """The occurrence of exactly this name, or the next to come; NotFound for one that it lacks."""
    found = looking.look_at(current_viewer(), number, now(), occurrence)
    if occurrence not in (None, found.view.occurrence):
        raise NotFound
    return found


def _named(asked: dict[str, Any]) -> datetime | None:
    return asked["occurrence"].at if asked["occurrence"] else None
