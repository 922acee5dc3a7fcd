"""Calendar subscriptions of the caller. Imports the actions and Flask."""

from __future__ import annotations

from flask import current_app, request, url_for
from werkzeug.wrappers import Response

from booking.actions import feeding
from booking.actions.errors import NotFound
from booking.actions.feeding import FeedKind, FeedWish, Subscription
from booking.domain.permissions import Deed, require
from booking.web.api import reading, views
from booking.web.api.faults import Fault, wrong
from booking.web.api.kinds import Choice, Flag, Name, OrNull
from booking.web.api.operations import Answer, answered, done, operation
from booking.web.api.reading import Field
from booking.web.clock import now
from booking.web.viewer import current_viewer

WISH = (
    Field("premises", Name(), "the id or the key of a premises", required=True),
    Field(
        "kind",
        Choice(tuple(FeedKind)),
        "your own bookings, one resource, or the whole premises",
        left_out=FeedKind.MINE.value,
    ),
    Field("resource", OrNull(Name()), "the id or the key of the one resource"),
    Field("busy_only", Flag(), "only when it is taken", left_out=False),
    Field("colleagues", Flag(), "your organisation's bookings too", left_out=False),
    Field("neutral", Flag(), "your confidential bookings as nothing but taken time", left_out=True),
)
_FEED = {
    "id": {**views.TEXT, "description": "to revoke it by"},
    "kind": {**views.one_of(FeedKind), "description": "your own bookings, one resource, or all"},
    "premises": views.PREMISES,
    "resource": {**views.or_null(views.TEXT), "description": "the key of the one resource"},
    "busy_only": {**views.FLAG, "description": "only when it is taken"},
    "colleagues": {**views.FLAG, "description": "your organisation's bookings too"},
    "neutral": {**views.FLAG, "description": "your confidential bookings as nothing but taken time"},
    "created": {**views.TIME, "description": "when it was made"},
    "fetched": {**views.or_null(views.TIME), "description": "when a calendar program last fetched it"},
}
FEED = views.exactly(**_FEED)
ISSUED = views.exactly(
    **_FEED, url={**views.TEXT, "format": "uri", "description": "shown once; whoever has it can read"}
)


@operation(
    "GET",
    "/feeds",
    summary="Your calendar subscriptions",
    answers={200: Answer("Oldest first.", views.exactly(feeds=views.several(views.named("Feed"))))},
)
def feeds() -> Response:
    """The caller's subscriptions, without their addresses."""
    reading.query(())
    return answered({"feeds": [_feed(each) for each in feeding.subscriptions(current_viewer())]})


@operation(
    "POST",
    "/feeds",
    summary="Subscribe from a calendar program",
    body=WISH,
    answers={201: Answer("Made; its address is shown this once.", ISSUED)},
    problems=(413, 415),
)
def subscribe() -> Response:
    """A new subscription with its secret address."""
    require(current_viewer(), Deed.FEED_KEEP)
    reading.query(())
    asked = reading.body(WISH)
    wish = FeedWish(**{**asked, "kind": FeedKind(asked["kind"])})
    try:
        made, secret = feeding.issue(current_viewer(), wish, now())
    except NotFound:
        raise wrong("premises", Fault.UNKNOWN_PREMISES) from None
    return answered({**_feed(made), "url": _address(secret)}, 201)


@operation(
    "DELETE",
    "/feeds/<feed>",
    summary="Revoke a subscription",
    path={"feed": "the id of a subscription"},
    answers={204: Answer("Its address is dead at once.")},
    problems=(404,),
)
def unsubscribe(feed: str) -> Response:
    """End one of the caller's own subscriptions."""
    feeding.revoke(current_viewer(), feed, now())
    return done()


def _feed(subscription: Subscription) -> views.Json:
    feed, place = subscription.feed, subscription.place
    zone = place.premises.zone
    return {
        "id": feed.id,
        "kind": feed.kind,
        "premises": place.premises.key,
        "resource": subscription.resource,
        "busy_only": feed.busy_only,
        "colleagues": feed.colleagues,
        "neutral": feed.neutral,
        "created": views.time(feed.created_at, zone),
        "fetched": views.time(feed.fetched_at, zone) if feed.fetched_at else None,
    }


def _address(secret: str) -> str:
    """The whole address: what calendar programs are given."""
    base = current_app.extensions["samlokal.settings"].base_url or request.url_root.rstrip("/")
    return f"{base}{url_for('ical.feed', secret=secret)}"
