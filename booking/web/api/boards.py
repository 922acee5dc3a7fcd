"""Looking: the premises, and their boards. Imports the actions and Flask."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask_babel import force_locale
from werkzeug.wrappers import Response

from booking.actions import looking
from booking.actions.looking import LONGEST_BOARD, Place
from booking.domain.people import Viewer
from booking.domain.premises import Kind, Partition, Resource, Zone
from booking.domain.spans import Span, day_of
from booking.web.api import reading, views
from booking.web.api.faults import Fault, wrong
from booking.web.api.kinds import Schema, Time
from booking.web.api.operations import Answer, answered, not_modified, operation, written
from booking.web.api.problems import here, spoken
from booking.web.api.reading import Field
from booking.web.clock import now
from booking.web.language import language
from booking.web.live import tag_of
from booking.web.memory import remembered
from booking.web.viewer import current_viewer

WHICH = {"premises": "the id or the key of a premises"}

# --- premises ---------------------------------------------------------------------------------

SPACE: dict[str, Schema] = {
    "id": {**views.TEXT, "description": "random, and the same for good"},
    "key": {**views.TEXT, "description": "readable, and as good as the id"},
    "name": {**views.TEXT, "description": "in the language that you accept"},
}
RESOURCE = {
    "type": "object",
    "properties": {
        **SPACE,
        "kind": {**views.one_of(Kind), "description": "what sort of thing it is"},
        "zone": {**views.or_null(views.TEXT), "description": "of a table or desk; null: equipment, in none"},
        "zones": {**views.several(views.TEXT), "description": "of a room"},
    },
    "required": ["id", "key", "kind", "name"],
    "additionalProperties": False,
}
PREMISES = views.exactly(
    id=SPACE["id"],
    key=SPACE["key"],
    name={**views.TEXT, "description": "what it is called"},
    time_zone={**views.TEXT, "description": "its name in the IANA time zone database"},
    zones={
        **views.several(views.exactly(**SPACE)),
        "description": "floors within which people hear each other",
    },
    partitions={
        **views.several(views.exactly(**SPACE, between=views.several(views.TEXT))),
        "description": "the walls that move, each between two zones",
    },
    resources={**views.several(views.named("Resource")), "description": "what can be booked"},
)


@operation(
    "GET",
    "/premises",
    summary="The premises you may use",
    answers={200: Answer("By key.", views.exactly(premises=views.several(views.named("Premises"))))},
)
def premises() -> Response:
    """Every premises of the caller, with its spaces."""
    reading.query(())
    with force_locale(spoken()):
        return answered({"premises": [_premises(each) for each in looking.premises_for(current_viewer())]})


def _premises(place: Place) -> views.Json:
    found = place.premises
    return {
        "id": place.public_id,
        "key": found.key,
        "name": found.name,
        "time_zone": found.zone.key,
        "zones": [_space(place, zone) for zone in found.zones],
        "partitions": [{**_space(place, wall), "between": sorted(wall.between)} for wall in found.partitions],
        "resources": [
            {**_space(place, each), **_lies(each)} for each in found.on(day_of(now(), found.zone)).resources
        ],
    }


def _space(place: Place, space: Zone | Partition | Resource) -> views.Json:
    return {"id": place.public_ids[space.key], "key": space.key, "name": space.name[language()]}


def _lies(resource: Resource) -> views.Json:
    if resource.kind is Kind.ROOM:
        return {"kind": resource.kind.value, "zones": list(resource.zones)}
    return {"kind": resource.kind.value, "zone": next(iter(resource.zones), None)}


# --- boards -----------------------------------------------------------------------------------

BOARD_QUERY = (
    Field("from", Time(), "where the board begins", required=True),
    Field("to", Time(), "where it ends, at most 31 days later", required=True),
)
BOARD = views.exactly(entries=views.several(views.VIEW), walls=views.several(views.named("Wall")))


@operation(
    "GET",
    "/premises/<premises>/board",
    summary="All that you may know of a premises in a time",
    about="Bookings you may know are Full views; all other taken time is Busy, merged for each resource. "
    "The words of confidential bookings are closed here: their title, note and attendees are null.",
    path=WHICH,
    query=BOARD_QUERY,
    headers={"If-None-Match": "the ETag you have: 304 when nothing changed"},
    answers={
        200: Answer("Entries sorted by start, and how the walls are to stand.", BOARD, {"ETag": "strong"}),
        304: Answer("As you have it."),
    },
    problems=(404,),
)
def board(premises: str) -> Response:
    """The board of a premises between two times."""
    viewer = current_viewer()
    place = here(looking.place_for(viewer, premises))
    window = window_in(reading.query(BOARD_QUERY), place, LONGEST_BOARD)
    today = day_of(now(), place.premises.zone)
    body, etag = remembered(
        place,
        ("board", viewer, window, today),
        lambda: _board(viewer, place, window),
        lambda made: len(made[0]),
    )
    if reading.has_already(etag):
        return not_modified(etag)
    return Response(body, content_type="application/json", headers={"ETag": etag})


def _board(viewer: Viewer, place: Place, window: Span) -> tuple[bytes, str]:
    look = looking.board(viewer, place, window, now())
    body = written(
        {
            "entries": [views.either(each, place, look.names, viewer) for each in look.board.entries],
            "walls": [views.wall(each, place) for each in look.board.walls],
        }
    ).encode()
    return body, tag_of(body)


def window_in(asked: dict[str, Any], place: Place, longest: timedelta) -> Span:
    """The time asked for, whole seconds; so many days by the clock or by the calendar of the premises."""
    window = Span(*(asked[name].at.replace(microsecond=0) for name in ("from", "to")))
    if window.end <= window.start:
        raise wrong("to", Fault.WINDOW_BACKWARDS)
    start, end = (each.astimezone(place.premises.zone).replace(tzinfo=None) for each in _ends(window))
    if min(window.length, end - start) > longest:
        raise wrong("to", Fault.WINDOW_TOO_LONG, str(longest.days))
    return window


def _ends(span: Span) -> tuple[datetime, datetime]:
    return span.start, span.end
