"""From a body to an order or to changes: the tables of fields, and what only a premises can tell of them.

Imports the actions' words for what is asked. Nothing is judged here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from booking.actions.changes import Changes, Scope
from booking.actions.errors import Refused
from booking.actions.looking import Place
from booking.actions.wishing import ANY_DESK, Given, Order
from booking.domain.bookings import Repetition
from booking.domain.people import CHOSEN, Visibility
from booking.domain.refusals import NOTE_LENGTH, TITLE_LENGTH, Reason, Refusal
from booking.domain.series import MOST
from booking.domain.spans import Span
from booking.domain.views import Full
from booking.web.api.faults import Fault, Unreadable, Wrong
from booking.web.api.kinds import (
    Choice,
    Day,
    Flag,
    Kind,
    Many,
    Moment,
    Name,
    OrNull,
    Schema,
    Stated,
    Time,
    Words,
)
from booking.web.api.reading import Field, Group

MOST_NAMED = 2000


@dataclass(frozen=True)
class Agreed(Kind):
    """A booking that may give way: the view as it was listed, or its id alone."""

    def read(self, value: Any) -> Given:
        """What was agreed to."""
        if isinstance(value, str):
            return Given(Name().read(value))
        if not isinstance(value, dict) or "id" not in value:
            raise Wrong(Fault.WRONG_TYPE, "a list of views or ids")
        number = Name().read(value["id"])
        if "starts" not in value and "ends" not in value:
            return Given(number)
        return Given(number, Span(Time().read(value.get("starts")).at, Time().read(value.get("ends")).at))

    @property
    def schema(self) -> Schema:
        """A view, of which id, starts and ends are read; or an id."""
        read = {"id": Name().schema, "starts": Time().schema, "ends": Time().schema}
        return {"anyOf": [Name().schema, {"type": "object", "properties": read, "required": ["id"]}]}


REPEAT = Group(
    (
        Field("rrule", Name(), "a recurrence rule (RFC 5545) that ends by UNTIL or COUNT", required=True),
        Field("except", Many(Day(), MOST), "days to leave out, by the premises' calendar", left_out=()),
    )
)
WHAT = (
    Field("starts", Time(), "when it begins, whole minutes", required=True),
    Field("ends", Time(), "when it ends", required=True),
    Field("resource", Name(), "the id or the key of a resource; any-desk: any that is free", required=True),
    Field("equipment", Many(Name(), 50), "ids or keys of equipment to take along", left_out=()),
    Field("title", Words(TITLE_LENGTH), "one line", left_out=""),
    Field("note", Words(NOTE_LENGTH), "more words", left_out=""),
    Field("visibility", Choice(CHOSEN), "left out: the organisation's default"),
    Field("circle", OrNull(Name()), "id or key, of a confidential booking; left out: the organisation's own"),
    Field("attendees", Many(Name(), 200), "the addresses of those invited", left_out=()),
    Field("clear_desks", Flag(), "whether a room takes its desks too", left_out=False),
)
CLASHING = (
    Field(
        "on_clash",
        Choice(("refuse", "skip", "displace")),
        "displace: book over those named in displace; skip: book the occurrences that fit, and those only",
        left_out="refuse",
    ),
    Field(
        "displace",
        Many(Agreed(), MOST_NAMED),
        "exactly the displaceable views of a 409; of each its id, starts and ends are enough",
        left_out=(),
    ),
    Field("displace_begun", Flag(), "a second yes, where one of those has begun", left_out=False),
)
BOOKING = (
    Field("premises", Name(), "the id or the key of a premises", required=True),
    *WHAT,
    Field("organiser", OrNull(Name()), "the address of the colleague whose booking it is; left out: yours"),
    Field("urgent", Flag(), "whether others may have to give way to it, by rank", left_out=False),
    Field(
        "repeat",
        OrNull(REPEAT),
        "makes it a series: starts and ends are those of its first day, or give the time of day where the "
        "rule begins on a later one; it comes back by the wall clock, 366 times within two years at most",
    ),
    *CLASHING,
)
CHANGES = (
    *(Field(each.name, each.kind, each.about) for each in WHAT),
    Field("urgent", Flag(), "only as it is: it cannot be changed"),
    Field("repeat", Stated(OrNull(REPEAT)), "only as series tells it: it cannot be changed"),
    *CLASHING,
    Field(
        "disclose",
        Flag(),
        "confirms that a confidential booking is opened to others; only its organiser may",
        left_out=False,
    ),
)
WHICH_ONE = Field("occurrence", Time(), "which occurrence, by its occurrence; left out: the next to come")
REACH = (
    Field(
        "scope",
        Choice(tuple(Scope)),
        "how far it reaches in a series: this occurrence, this and those that follow, or all that have not "
        "ended; of a single booking all are the same",
        left_out=Scope.THIS.value,
    ),
    WHICH_ONE,
)


def order(asked: dict[str, Any], place: Place) -> Order:
    """The order in a body of BOOKING; Refused for a wall clock that the night leaves out."""
    _refuse_no_time(asked, place.premises.zone)
    return Order(
        premises=place.premises.key,
        resource=asked["resource"],
        span=Span(asked["starts"].at, asked["ends"].at),
        title=asked["title"],
        note=asked["note"],
        visibility=Visibility(asked["visibility"]) if asked["visibility"] else None,
        circle=asked["circle"],
        attendees=asked["attendees"],
        equipment=asked["equipment"],
        clear_desks=asked["clear_desks"],
        **_clashing(asked),
        organiser=asked["organiser"],
        urgent=asked["urgent"],
        repeat=_repetition(asked["repeat"]),
    )


def changes(asked: dict[str, Any], place: Place, view: Full) -> Changes:
    """The changes of a view in a body of CHANGES; Refused as an order is, and for a desk that nobody chose.

    Unreadable where it would repeat or press otherwise than it does.
    """
    _refuse_what_is_fixed(asked, view)
    _refuse_no_time(asked, place.premises.zone)
    if asked["resource"] == ANY_DESK:
        raise Refused((Refusal(Reason.UNKNOWN_RESOURCE, "resource"),))
    starts, ends = asked["starts"], asked["ends"]
    return Changes(
        resource=asked["resource"],
        start=starts.at if starts else None,
        end=ends.at if ends else None,
        title=asked["title"],
        note=asked["note"],
        visibility=Visibility(asked["visibility"]) if asked["visibility"] else None,
        circle=asked["circle"],
        attendees=asked["attendees"],
        equipment=asked["equipment"],
        clear_desks=asked["clear_desks"],
        **_clashing(asked),
        disclose=asked["disclose"],
    )


def _refuse_what_is_fixed(asked: dict[str, Any], view: Full) -> None:
    fixed = []
    if asked["urgent"] not in (None, view.urgent):
        fixed.append(("urgent", Wrong(Fault.URGENT_FIXED)))
    if asked["repeat"] is not None and _repetition(*asked["repeat"]) != view.repetition:
        fixed.append(("repeat", Wrong(Fault.REPEAT_FIXED)))
    if fixed:
        raise Unreadable(tuple(fixed))


def _repetition(asked: dict[str, Any] | None) -> Repetition | None:
    return Repetition(asked["rrule"], tuple(sorted(set(asked["except"])))) if asked else None


def _refuse_no_time(asked: dict[str, Any], zone: ZoneInfo) -> None:
    given: list[tuple[str, Moment]] = [(each, asked[each]) for each in ("starts", "ends") if asked[each]]
    wrong = [name for name, moment in given if not moment.exists_in(zone)]
    if wrong:
        raise Refused(tuple(Refusal(Reason.NO_SUCH_TIME, name) for name in wrong))


def _clashing(asked: dict[str, Any]) -> dict[str, Any]:
    """How a clash is to be met, in the words of orders and of changes."""
    return {
        "displace": _agreed(asked),
        "begun_too": asked["displace_begun"],
        "skip": asked["on_clash"] == "skip",
    }


def _agreed(asked: dict[str, Any]) -> frozenset[Given] | None:
    """Those who may give way; None unless that is how a clash is to be met."""
    if asked["on_clash"] == "displace":
        return frozenset(asked["displace"])
    if asked["displace"]:
        raise Unreadable((("displace", Wrong(Fault.NOT_AGREED)),))
    return None
