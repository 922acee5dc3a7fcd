"""Calendar subscriptions: issued and revoked by their owners, read with an outsider's eyes.

Who reads a feed cannot be known, so it never carries anything said in a confidential booking, nor that
one is there except as taken time. Imports storage and the domain.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from booking.actions.errors import NotFound, Refused
from booking.actions.looking import Names, eyes_over, names_in, place_for, premises_for
from booking.domain.claims import Use, compatible, demands
from booking.domain.disclosure import Eyes, use_of
from booking.domain.people import Viewer
from booking.domain.permissions import Deed, require
from booking.domain.premises import Premises
from booking.domain.refusals import Reason, Refusal
from booking.domain.spans import Span, day_of, day_start, merged
from booking.domain.views import Busy, Full
from booking.storage import access, directory, journal, ledger, places
from booking.storage.access import Feed
from booking.storage.database import note, transaction
from booking.storage.journal import Action
from booking.storage.places import Place

BACK = timedelta(days=60)
AHEAD = timedelta(days=366)
FETCH_NOTED_EVERY = timedelta(minutes=1)


class FeedKind(StrEnum):
    """What a subscription shows."""

    MINE = "mine"
    RESOURCE = "resource"
    PREMISES = "premises"


@dataclass(frozen=True)
class Subscription:
    """A feed with the premises and the resource it is of."""

    feed: Feed
    place: Place
    resource: str | None


@dataclass(frozen=True)
class FeedContent:
    """What one feed shows now: bookings that may be known, and taken time. `own` marks one's own calendar."""

    subscription: Subscription
    bookings: tuple[Full, ...]
    busy: tuple[Busy, ...]
    names: Names
    own: bool


# --- keeping ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class FeedWish:
    """What somebody wants to subscribe to. `neutral`: confidential bookings of one's own as 'Bokad tid'."""

    premises: str
    kind: FeedKind = FeedKind.MINE
    resource: str | None = None
    busy_only: bool = False
    colleagues: bool = False
    neutral: bool = True


def issue(viewer: Viewer, wish: FeedWish, now: datetime) -> tuple[Subscription, str]:
    """A new subscription and its secret, which is shown once. Refused when the resource is unknown."""
    require(viewer, Deed.FEED_KEEP)
    place = place_for(viewer, wish.premises)
    key = place.resource_key(wish.resource) if wish.resource else None
    if (wish.kind is FeedKind.RESOURCE) != (key is not None):
        raise Refused((Refusal(Reason.UNKNOWN_RESOURCE, "resource"),))
    values = {
        "person_id": viewer.person,
        "organisation_id": viewer.organisation,
        "premises_id": place.id,
        "space_id": place.space_ids[key] if key else None,
        "kind": wish.kind.value,
        "busy_only": wish.busy_only,
        "colleagues": wish.colleagues,
        "neutral": wish.neutral and viewer.trusted,  # an outsider's eyes make no feed that sees more
    }
    with transaction():
        feed, secret = access.issue_feed(values, now)
        journal.record(Action.FEED_ISSUE, f"feed {feed.id}", now, viewer.person)
    return Subscription(feed, place, key), secret


def subscriptions(viewer: Viewer) -> list[Subscription]:
    """The viewer's own subscriptions, oldest first."""
    require(viewer, Deed.FEED_KEEP)
    assert viewer.person is not None
    found = {place.id: place for place in premises_for(viewer)}
    return [
        Subscription(feed, found[feed.premises], _resource(found[feed.premises], feed))
        for feed in access.feeds_of(viewer.person)
        if feed.premises in found
    ]


def revoke(viewer: Viewer, number: str, now: datetime) -> None:
    """End a subscription of one's own at once; NotFound when there is no such one."""
    require(viewer, Deed.FEED_KEEP)
    assert viewer.person is not None
    with transaction():
        if not access.revoke_feed(viewer.person, number):
            raise NotFound
        journal.record(Action.FEED_REVOKE, f"feed {number}", now, viewer.person)


def _resource(place: Place, feed: Feed) -> str | None:
    return place.space_keys[feed.space] if feed.space is not None else None


# --- reading ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Reader:
    """A subscription that is fetched, and whose it is."""

    subscription: Subscription
    viewer: Viewer


def reader(secret: str, program: str, now: datetime) -> Reader:
    """Who fetches the feed with this secret, which is noted.

    NotFound when it is unknown or revoked, or its owner has gone.
    """
    known = access.feed(secret)
    if known is None:
        raise NotFound
    feed, owner = known
    if owner.ended(now) or owner.organisation != feed.organisation:
        raise NotFound
    place = places.get(feed.premises)
    subscription = Subscription(feed, place, _resource(place, feed))
    if feed.fetched_at is None or now - feed.fetched_at >= FETCH_NOTED_EVERY:
        note(lambda: access.note_fetch(feed.id, program, now))
    return Reader(subscription, directory.viewer_of(owner))


def fetch(reading: Reader, now: datetime) -> FeedContent:
    """What a feed shows now; it depends on the local day, not on the hour."""
    window = _window(reading.subscription.place.premises, now)
    content = _own if reading.subscription.feed.kind == FeedKind.MINE else _others
    return content(reading.viewer, reading.subscription, window, now)


def _window(premises: Premises, now: datetime) -> Span:
    """Whole local days, so that the bytes stay the same until the day or something in it changes."""
    first, last = (day_of(each, premises.zone) for each in (now - BACK, now + AHEAD))
    return Span(day_start(first, premises.zone), day_start(last, premises.zone))


def _own(viewer: Viewer, subscription: Subscription, window: Span, now: datetime) -> FeedContent:
    place, feed = subscription.place, subscription.feed
    assert viewer.person is not None
    ids = ledger.concerning(place, viewer.person, viewer.organisation, window, feed.colleagues)
    standing = ledger.beside(place, ids.values())
    seen = Eyes(viewer.as_outsider(), place.premises, standing.bookings, standing.claims, now)
    pieces = [piece for key in ids if key in seen.known for piece in seen.pieces(seen.known[key])]
    busy = _neutral(viewer, place, ids, standing, now) if feed.neutral else []
    if feed.busy_only:
        busy = _as_taken([*busy, *(Busy(piece.resource, piece.span) for piece in pieces)])
        pieces = []
    ordered = tuple(sorted(pieces, key=lambda piece: (piece.span, piece.id)))
    return FeedContent(subscription, ordered, tuple(busy), names_in(viewer, ordered), own=True)


def _neutral(
    viewer: Viewer, place: Place, ids: Iterable[str], standing: ledger.Standing, now: datetime
) -> list[Busy]:
    """The owner's confidential bookings as taken time with a place, as long as they may know them."""
    eyes = Eyes(viewer, place.premises, standing.bookings, standing.claims, now)
    known = [eyes.known[key] for key in ids if key in eyes.known]
    return _as_taken(Busy(each.resource, each.span) for each in known if each.confidential)


def _as_taken(entries: Iterable[Busy]) -> list[Busy]:
    """Taken time merged per resource, so that no seam between two bookings shows."""
    spans: dict[str, list[Span]] = {}
    for entry in entries:
        spans.setdefault(entry.resource, []).append(entry.span)
    found = [Busy(key, span) for key, each in spans.items() for span in merged(each)]
    return sorted(found, key=lambda entry: (entry.span, entry.resource))


def _others(viewer: Viewer, subscription: Subscription, window: Span, now: datetime) -> FeedContent:
    place, feed = subscription.place, subscription.feed
    outsider = viewer.as_outsider()
    if feed.busy_only:
        outsider = replace(Viewer(), category=viewer.category)
    eyes, _ = eyes_over(outsider, place, window, now)
    board = eyes.board(window)
    bookings, busy = board.bookings, board.busy
    if subscription.resource is not None:
        key = subscription.resource
        bookings = tuple(each for each in bookings if takes(place.premises, each, key))
        busy = tuple(each for each in busy if each.resource == key)
    return FeedContent(subscription, bookings, busy, names_in(viewer, bookings), own=False)


def takes(premises: Premises, view: Full, resource: str) -> bool:
    """Whether a booking keeps others from booking a resource, as a hall does its table."""
    wanted = demands(premises, Use(premises.by_key[resource], organisation=view.organisation))
    held = demands(premises, use_of(premises, view))
    return view.resource == resource or any(
        mine.space == other.space and not compatible(mine.stake, other.stake, lambda _, __: True)
        for mine in wanted
        for other in held
    )
