"""Views as JSON, each beside its schema: built from an allow-list, out of what the actions already redacted.

Imports the domain's views and what the actions hand out. Times are in the premises' own offset.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from booking.actions.errors import Alternative
from booking.actions.looking import Names, Place
from booking.domain.bookings import Gone, Invitee, Status
from booking.domain.people import Viewer, Visibility
from booking.domain.permissions import Deed, may
from booking.domain.spans import Span
from booking.domain.views import Busy, Full, Wall, WallView
from booking.web.api.kinds import Schema

Json = dict[str, Any]

TEXT: Schema = {"type": "string"}
TIME: Schema = {"type": "string", "format": "date-time"}
FLAG: Schema = {"type": "boolean"}
STARTS: Schema = {**TIME, "description": "when it begins"}
ENDS: Schema = {**TIME, "description": "when it ends; that instant is free again"}
RESOURCE: Schema = {**TEXT, "description": "the key of the resource"}
PREMISES: Schema = {**TEXT, "description": "the key of the premises"}


def or_null(schema: Schema) -> Schema:
    """A schema, or null."""
    return {"anyOf": [schema, {"type": "null"}]}


def exactly(**properties: Schema) -> Schema:
    """An object with these members, all of them, and no others."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def several(schema: Schema) -> Schema:
    """A list."""
    return {"type": "array", "items": schema}


def one_of(words: Iterable[str]) -> Schema:
    """One of some words."""
    return {"type": "string", "enum": [str(word) for word in words]}


def named(name: str) -> Schema:
    """A schema of the description's components."""
    return {"$ref": f"#/components/schemas/{name}"}


# --- times ------------------------------------------------------------------------------------


def time(moment: datetime, zone: ZoneInfo) -> str:
    """RFC 3339 in the premises' own offset, whole seconds."""
    return moment.astimezone(zone).isoformat(timespec="seconds")


def between(span: Span, zone: ZoneInfo) -> Json:
    """A span as its two ends."""
    return {"starts": time(span.start, zone), "ends": time(span.end, zone)}


# --- bookings ---------------------------------------------------------------------------------

# What a caller may do, and the deed it is.
MAY = {"edit": Deed.BOOKING_CHANGE, "cancel": Deed.BOOKING_CANCEL, "check_in": Deed.BOOKING_CHECK_IN}
FULL = exactly(
    view={"const": "full"},
    id={**or_null(TEXT), "description": "null in a dry run"},
    premises=PREMISES,
    resource=RESOURCE,
    resources={**several(TEXT), "description": "the resource and the equipment taken along"},
    starts=STARTS,
    ends=ENDS,
    title={**or_null(TEXT), "description": "null while sealed"},
    note={**or_null(TEXT), "description": "null while sealed"},
    visibility={
        **one_of(Visibility),
        "description": "who may know it; own, which cannot be chosen: a block, to the coordinator's organisation",
    },
    circle={**or_null(TEXT), "description": "the key of the one circle that may know, if it is one"},
    organisation={**exactly(key=TEXT, name=TEXT), "description": "whose booking it is"},
    organiser={**TEXT, "description": "what the person is called"},
    attendees={**or_null(several(exactly(name=TEXT, email=TEXT))), "description": "null while sealed"},
    status={**one_of(Status), "description": "pending until the coordinator has approved it"},
    suspended={
        **several(exactly(starts=STARTS, ends=ENDS)),
        "description": "parts that had to give way; told to the booking's own organisation only",
    },
    series={
        **or_null(named("Series")),
        "description": "how it repeats; null for a single booking, and to all but the booking's own "
        "organisation: it would tell which of its dates are hidden from them",
    },
    occurrence={**TIME, "description": "the start it was first given, which names it in its series for good"},
    may={**several(one_of(MAY)), "description": "what the caller may do with it"},
    sealed={
        **FLAG,
        "description": "whether its words are closed here; GET the booking to open them. "
        "True there too: they are sealed with a key that the server does not have",
    },
)

SERIES = exactly(
    rrule={**TEXT, "description": "a recurrence rule (RFC 5545 section 3.3.10), by the premises' calendar"},
    **{"except": {**several({"type": "string", "format": "date"}), "description": "days left out"}},
)
BUSY = exactly(view={"const": "busy"}, resource=RESOURCE, starts=STARTS, ends=ENDS)
VIEW: Schema = {"oneOf": [named("Full"), named("Busy")]}


def full(view: Full, place: Place, names: Names, viewer: Viewer) -> Json:
    """A booking that may be known; its words are null while they are closed."""
    zone, content = place.premises.zone, view.content
    if content is not None and content.gone is Gone.LOCKED:
        content = None
    organisation = names.organisations[view.organisation]
    return {
        "view": "full",
        "id": view.id or None,
        "premises": place.premises.key,
        "resource": view.resource,
        "resources": [view.resource, *view.equipment],
        **between(view.span, zone),
        "title": content.title if content else None,
        "note": content.note if content else None,
        "visibility": view.visibility.value,
        "circle": _circle(view, names),
        "organisation": {"key": organisation.key, "name": organisation.name},
        "organiser": view.organiser,
        "attendees": [_person(each) for each in content.attendees] if content else None,
        "status": view.status.value,
        "suspended": [between(part, zone) for part in view.suspended] if view.ours else [],
        "series": _series(view),
        "occurrence": time(view.occurrence, zone),
        "may": _may(viewer, view),
        "sealed": content is None,
    }


def _circle(view: Full, names: Names) -> str | None:
    """The key of its circle; null where several must be shared to know it, for it was taken over by them."""
    known = {names.circles[each].key for each in view.circles if each in names.circles}
    return known.pop() if len(known) == 1 and view.circles <= names.circles.keys() else None


def _person(invited: Invitee) -> Json:
    return {"name": invited.name, "email": invited.email}


def _series(view: Full) -> Json | None:
    repetition = view.repetition
    if repetition is None:
        return None
    return {"rrule": repetition.rule, "except": [day.isoformat() for day in repetition.excepted]}


def _may(viewer: Viewer, view: Full) -> list[str]:
    return [word for word, deed in MAY.items() if may(viewer, deed, view)]


def busy(view: Busy, place: Place) -> Json:
    """Taken time, and nothing else."""
    return {"view": "busy", "resource": view.resource, **between(view.span, place.premises.zone)}


def either(view: Full | Busy, place: Place, names: Names, viewer: Viewer) -> Json:
    """A view, whichever it is."""
    return full(view, place, names, viewer) if isinstance(view, Full) else busy(view, place)


# --- walls and free times ---------------------------------------------------------------------

WALL = exactly(
    partition={**TEXT, "description": "the key of the partition"},
    state={**one_of(WallView), "description": "how it is to stand; busy: leave it alone"},
    starts=STARTS,
    ends=ENDS,
)
FREE = exactly(resource=RESOURCE, starts=STARTS, ends=ENDS)


def wall(seen: Wall, place: Place) -> Json:
    """How a wall is to stand over a time; busy: leave it alone."""
    return {
        "partition": seen.partition,
        "state": seen.state.value,
        **between(seen.span, place.premises.zone),
    }


def free(found: Alternative, place: Place) -> Json:
    """A time at which a resource is free."""
    return {"resource": found.resource, **between(found.span, place.premises.zone)}
