"""Calendar feeds by their secret address: no cookie, no sign-in, an outsider's eyes.

What a feed shows is `booking.actions.feeding`'s; here its views become the entries of a calendar.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator

from flask import Blueprint, abort, request
from flask_babel import force_locale, gettext
from werkzeug.wrappers import Response

from booking.actions import feeding
from booking.actions.feeding import FeedContent, Reader
from booking.actions.looking import Look
from booking.domain.premises import Premises
from booking.domain.spans import Span, day_of
from booking.domain.views import Busy, Full
from booking.web.clock import now
from booking.web.entries import booked, places
from booking.web.ical import Entry, busy_uid, calendar, etag_of
from booking.web.memory import remembered
from booking.web.site import secret_key
from booking.web.viewer import public

pages = Blueprint("ical", __name__)
LONGEST_SECRET = 64
COLOUR = "teal"
LANGUAGE = "sv"  # a calendar program sends no cookie, and the bytes may not depend on what it says of itself


@pages.get("/ical/<secret>.ics")
@public
def feed(secret: str) -> Response:
    """The calendar at a secret address; every wrong address is the site's ordinary 404."""
    if len(secret) > LONGEST_SECRET:
        abort(404)
    reader = feeding.reader(secret, request.user_agent.string, now())
    place = reader.subscription.place
    about = ("feed", reader.subscription.feed.id, reader.viewer, day_of(now(), place.premises.zone))
    body, etag = remembered(place, about, lambda: _body(reader), lambda made: len(made[0]))
    response = Response(body, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = 'inline; filename="samlokal.ics"'
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["ETag"] = etag
    return response.make_conditional(request.environ)


def of_a_house(look: Look) -> bytes:
    """A premises as a calendar to be carried elsewhere, with the names of organisations; Swedish, as feeds are."""
    premises, names = look.place.premises, look.names.organisations
    with force_locale(LANGUAGE):
        entries = [booked(premises, each, names[each.organisation].name) for each in look.board.bookings]
        for span, resources in _by_interval(look.board.busy).items():
            entries.append(_busy(premises, look.place.public_id, span, resources))
        return calendar(premises.name, COLOUR, premises.zone, entries)


def _body(reader: Reader) -> tuple[bytes, str]:
    """The calendar, the same bytes as long as nothing in it changes, and its entity tag."""
    content = feeding.fetch(reader, now())
    with force_locale(LANGUAGE):
        body = calendar(_name(content), COLOUR, content.subscription.place.premises.zone, _entries(content))
    return body, etag_of(body)


def _name(content: FeedContent) -> str:
    place, resource = content.subscription.place, content.subscription.resource
    if content.own:
        return f"Samlokal {place.premises.name}"
    if resource is not None:
        return f"{place.premises.by_key[resource].name[LANGUAGE]}, {place.premises.name}"
    return gettext("All places, %(premises)s", premises=place.premises.name)


def _entries(content: FeedContent) -> Iterator[Entry]:
    for view in content.bookings:
        yield _booking(content, view)
    for span, resources in _by_interval(content.busy).items():
        subscription = content.subscription
        yield _busy(subscription.place.premises, subscription.feed.id, span, resources, content.own)


def _booking(content: FeedContent, view: Full) -> Entry:
    """A booking that may be known. What is clipped has no history: its stamp is its own start."""
    organisation = content.names.organisations[view.organisation]
    own = "" if content.own else organisation.name
    return booked(content.subscription.place.premises, view, own)


def _busy(premises: Premises, number: str, span: Span, resources: list[str], own: bool = False) -> Entry:
    """Taken time: nothing but when and where, and an id that is keyed to the calendar with this number alone."""
    return Entry(
        uid=busy_uid(_key(), number, resources, span.start, span.end) + "@samlokal",
        starts=span.start,
        ends=span.end,
        summary=gettext("Booked time") if own else gettext("Busy"),
        location=places(premises, resources),
        stamp=span.start,
        busy=True,
        transparent=not own,
    )


def _by_interval(busy: tuple[Busy, ...]) -> dict[Span, list[str]]:
    """The resources that are busy for exactly the same time, so that one entry tells of them all."""
    found: dict[Span, list[str]] = {}
    for entry in busy:
        found.setdefault(entry.span, []).append(entry.resource)
    return found


def _key() -> bytes:
    return hmac.new(secret_key(), b"calendar uids", hashlib.sha256).digest()
