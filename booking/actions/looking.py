"""Looking: boards, single bookings and one's own bookings, all through one viewer's eyes.

Imports storage and the domain. What leaves here are views, never stored bookings.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from booking.actions.errors import NotFound, Refused
from booking.domain.bookings import Booking, Content, Gone, Invitee, Status
from booking.domain.disclosure import Eyes
from booking.domain.people import (
    NO_CIRCLES,
    Circle,
    CircleId,
    Organisation,
    OrganisationId,
    PersonId,
    Viewer,
    stranger,
)
from booking.domain.permissions import Deed, require
from booking.domain.premises import Category, Premises
from booking.domain.refusals import Reason, Refusal
from booking.domain.spans import Span
from booking.domain.views import Board, Full, blank
from booking.storage import directory, giving_way, ledger, naming, openings, organisations, places, sealed
from booking.storage.circles import named_circles
from booking.storage.database import Touches, transaction
from booking.storage.places import Place as Place  # as what pages are handed it
from booking.storage.sealed import SealBroken

log = logging.getLogger(__name__)

DESTROYED = Content(gone=Gone.DESTROYED)
UTC = ZoneInfo("UTC")
BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
LONGEST_BOARD = timedelta(days=31)


@dataclass(frozen=True)
class Names:
    """What organisations and circles are called, for those the viewer may hear of."""

    organisations: Mapping[OrganisationId, Organisation]
    circles: Mapping[CircleId, Circle]

    @property
    def choosable(self) -> tuple[Circle, ...]:
        """The circles to book in now: of each its present age."""
        return tuple(each for each in self.circles.values() if not each.earlier)


@dataclass(frozen=True)
class Look:
    """A board with the premises it is of and the names in it."""

    place: Place
    board: Board
    names: Names


def premises_for(viewer: Viewer) -> list[Place]:
    """The premises the viewer may use."""
    require(viewer, Deed.PREMISES_LOOK)
    return places.used_by(viewer.organisation)


def houses() -> list[Premises]:
    """Every premises of the installation; what it is called and how it is reached is for everybody to know."""
    return [each.premises for each in places.used_by(None)]


def zone_of(viewer: Viewer) -> ZoneInfo:
    """The time zone of the viewer's premises, the first where there are several; UTC for one who may use none."""
    return next((each.premises.zone for each in premises_for(viewer)), UTC)


def place_for(viewer: Viewer, name: str) -> Place:
    """The premises by key or id; NotFound unless the viewer may use it."""
    for place in premises_for(viewer):
        if name in (place.premises.key, place.public_id):
            return place
    raise NotFound


def names_in(viewer: Viewer, views: Iterable[Full]) -> Names:
    """The names of the organisations in some views, and of the viewer's own circles."""
    found = list(views)
    numbers = {view.organisation for view in found}
    if viewer.organisation is not None:
        numbers.add(viewer.organisation)
    return Names(organisations.by_id(numbers), named_circles(viewer.circles))


def organisation_of(viewer: Viewer) -> Organisation | None:
    """The viewer's own organisation."""
    return organisations.get(viewer.organisation) if viewer.organisation is not None else None


def colleagues(viewer: Viewer, now: datetime) -> list[Invitee]:
    """The others of the viewer's organisation, by name: those a booking can be made on behalf of."""
    if viewer.organisation is None:
        return []
    found = directory.people_of(viewer.organisation)
    return [
        Invitee(each.id, each.name, each.email)
        for each in found
        if each.id != viewer.person and each.arrived and not each.ended(now)
    ]


def eyes_over(viewer: Viewer, place: Place, window: Span, now: datetime) -> tuple[Eyes, ledger.Standing]:
    """The viewer's eyes over a window, with all that stands there for the rules to try against."""
    return eyes_over_all(viewer, place, [window], now)


def eyes_over_all(
    viewer: Viewer, place: Place, windows: Iterable[Span], now: datetime
) -> tuple[Eyes, ledger.Standing]:
    """The same over several windows at once."""
    standing = ledger.around(place, windows)
    live = [each for each in standing.bookings if each.status is not Status.CANCELLED]
    return Eyes(viewer, place.premises, live, standing.claims, now), standing


def board(viewer: Viewer, place: Place, window: Span, now: datetime) -> Look:
    """All the viewer may know of a premises in a window, content of confidential bookings closed."""
    eyes, _ = eyes_over(viewer, place, window, now)
    seen = eyes.board(window)
    return Look(place, seen, names_in(viewer, seen.bookings))


def whole_houses(now: datetime) -> list[Look]:
    """All of every premises, from its beginning on, as a member of an organisation in no circle may know it."""
    viewer = stranger(Category.PLACE)
    return [
        board(viewer, each, Span(BEGINNING, each.premises.horizon(viewer.category, now)), now)
        for each in places.used_by(None)
    ]


@dataclass(frozen=True)
class Opened:
    """One occurrence as its viewer may know it, and the premises it is in."""

    place: Place
    view: Full
    names: Names
    etag: str
    terms: str


def place_of(viewer: Viewer, booking_id: str) -> Place:
    """The premises of a booking, if the viewer may use it; else NotFound."""
    number = naming.premises_of(booking_id)
    place = next((each for each in places.used_by(viewer.organisation) if each.id == number), None)
    if place is None:
        raise NotFound
    return place


def stored(
    viewer: Viewer, booking_id: str, now: datetime, occurrence: datetime | None = None
) -> tuple[Place, Booking, Eyes]:
    """An occurrence of a stored booking that the viewer sees some of, for the actions; else NotFound.

    Which one is meant says `booking.storage.naming.meant`. All that may be meant are read alike, so that how
    long it takes does not tell which of them the viewer may know.
    """
    place = place_of(viewer, booking_id)
    wanted = naming.meant(booking_id, occurrence, now)
    standing = ledger.beside(place, wanted.values())
    eyes = Eyes(viewer, place.premises, standing.bookings, standing.claims, now)
    known = (eyes.known[key] for key in wanted if key in eyes.known)
    found = next((each for each in known if seen_whole(eyes, each, occurrence)), None)
    if found is None or not viewer.signed_in:
        raise NotFound
    return place, found, eyes


def seen_whole(eyes: Eyes, booking: Booking, occurrence: datetime | None = None) -> Full | None:
    """One view of a booking: whole to its own organisation, else the first visible piece, or the one named.

    A piece is named by what can be seen of it: the true start of what is clipped names nothing.
    """
    if booking.organisation == eyes.viewer.organisation:
        return eyes.whole(booking)
    return next((each for each in eyes.pieces(booking) if _is_named(each, occurrence)), None)


def _is_named(piece: Full, occurrence: datetime | None) -> bool:
    return occurrence in (None, piece.occurrence) or piece.span.start <= occurrence < piece.span.end


def look_at(viewer: Viewer, booking_id: str, now: datetime, occurrence: datetime | None = None) -> Opened:
    """One occurrence with confidential content closed; NotFound when it is not for the viewer to know."""
    return _look_at(viewer, booking_id, now, occurrence)[0]


def _look_at(
    viewer: Viewer, booking_id: str, now: datetime, occurrence: datetime | None
) -> tuple[Opened, Booking]:
    place, found, eyes = stored(viewer, booking_id, now, occurrence)
    view = seen_whole(eyes, found, occurrence)
    require(viewer, Deed.BOOKING_SEE, view)
    assert view is not None
    return opened(place, view, found.terms, viewer), found


def opened(place: Place, view: Full, terms: str, viewer: Viewer) -> Opened:
    """A view with the names in it and its entity tag."""
    return Opened(place, view, names_in(viewer, [view]), etag_of(view), terms)


def open_details(
    viewer: Viewer, booking_id: str, now: datetime, channel: str, occurrence: datetime | None = None
) -> Opened:
    """One occurrence with its content. Opening a confidential one is a row in the access log, the organiser's not.

    The row and the reading are one: what cannot be noted is not shown, and what does not open is not noted.
    """
    closed, found = _look_at(viewer, booking_id, now, occurrence)
    if not closed.view.sealed:
        return closed
    content = unsealed(closed.terms) if closed.view.mine else _noted(viewer, found, channel, now)
    return replace(closed, view=replace(closed.view, content=content))


def _noted(viewer: Viewer, found: Booking, channel: str, now: datetime) -> Content:
    assert viewer.person is not None
    assert viewer.organisation is not None
    with transaction(touches=Touches.NOTHING):
        content = unsealed(found.terms)
        if content.gone is None:
            openings.record(
                viewer.person,
                viewer.organisation,
                found.id,
                found.occurrence,
                found.circles,
                channel,
                now,
            )
    return content


def unsealed(terms: str) -> Content:
    """The content of a confidential booking, by its terms; only for those who may know it."""
    try:
        box = sealed.get(terms)
    except SealBroken:
        return _locked()
    return DESTROYED if box is None else _read(box, directory.people_by_id(_numbers(box)))


def unsealed_all(terms: Iterable[str]) -> dict[str, Content]:
    """The same of several at once, however many they are with as many questions."""
    wanted = set(terms)
    boxes = sealed.get_many(wanted)
    people = directory.people_by_id({number for box in boxes.values() if box for number in _numbers(box)})
    found = {each: _read(box, people) if box else _locked() for each, box in boxes.items()}
    return {each: found.get(each, DESTROYED) for each in wanted}


def _locked() -> Content:
    log.error("a sealed record does not open: its key is not here, or it is damaged")
    return Content(gone=Gone.LOCKED)


def _numbers(box: Mapping[str, object]) -> list[PersonId]:
    return [int(number) for number in box.get("attendees", [])]  # type: ignore[attr-defined]


def _read(box: Mapping[str, object], people: Mapping[PersonId, directory.Person]) -> Content:
    found = [people[number] for number in _numbers(box) if number in people]
    invited = sorted((Invitee(each.id, each.name, each.email) for each in found), key=lambda i: i.email)
    return Content(str(box.get("title", "")), str(box.get("note", "")), tuple(invited))


def words_of(booking: Booking) -> Content:
    """What is said in a booking, for changing it. Refused where it cannot be opened: it would be written over."""
    content = booking.content or unsealed(booking.terms)
    if content.gone is Gone.LOCKED:
        raise Refused((Refusal(Reason.CONTENT_LOCKED, "title"),))
    return content


def etag_of(view: Full) -> str:
    """A strong entity tag for what this viewer may know of the booking (RFC 9110 section 8.8.3)."""
    seen = replace(blank(view), circles=NO_CIRCLES)
    told = repr((seen, sorted(view.circles)))  # a set is written in any order
    return '"' + hashlib.sha256(told.encode()).hexdigest()[:32] + '"'


@dataclass(frozen=True)
class Mine:
    """A person's bookings in one premises by start; `told` says when each, by its key, had to give way."""

    place: Place
    views: tuple[Full, ...]
    names: Names
    told: Mapping[str, datetime]


def mine(viewer: Viewer, place: Place, window: Span, now: datetime, colleagues: bool = False) -> Mine:
    """The bookings a person made or is invited to, and with colleagues their organisation's, by start."""
    require(viewer, Deed.PREMISES_LOOK)
    assert viewer.person is not None
    wanted = ledger.concerning(place, viewer.person, viewer.organisation, window, colleagues)
    standing = ledger.beside(place, wanted.values())
    eyes = Eyes(viewer, place.premises, standing.bookings, standing.claims, now)
    views = [view for key in wanted if key in eyes.known and (view := seen_whole(eyes, eyes.known[key]))]
    told = giving_way.told(wanted[view.key] for view in views if view.suspended and view.key in wanted)
    ordered = tuple(sorted(views, key=lambda view: (view.span, view.id)))
    return Mine(place, ordered, names_in(viewer, ordered), told)
