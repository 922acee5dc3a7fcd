"""From a body to an order or to changes: the tables of fields, and what only a premises can tell of them.

Imports the actions' words for what is asked. Nothing is judged here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from booking.actions.changing import Changes
from booking.actions.errors import Refused
from booking.actions.looking import Place
from booking.actions.wishing import ANY_DESK, Given, Order
from booking.domain.people import Visibility
from booking.domain.refusals import NOTE_LENGTH, TITLE_LENGTH, Reason, Refusal
from booking.domain.spans import Span
from booking.web.api.faults import Fault, Unreadable, Wrong
from booking.web.api.kinds import Choice, Flag, Kind, Many, Moment, Name, OrNull, Schema, Time, Words
from booking.web.api.reading import Field

MOST_NAMED = 200
SCOPES = ("this", "following", "all")


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
        return {"anyOf": [Name().schema, {"type": "object", "required": ["id"]}]}


@dataclass(frozen=True)
class Whatever(Kind):
    """What is not offered yet: only its absence is accepted."""

    def read(self, value: Any) -> None:
        """Nothing; Wrong for anything that is there."""
        if value is not None:
            raise Wrong(Fault.REPEAT)

    @property
    def schema(self) -> Schema:
        """Null."""
        return {"type": "null"}


@dataclass(frozen=True)
class NotYet(Flag):
    """A flag that cannot be raised yet."""

    def read(self, value: Any) -> bool:
        """False; Wrong for true."""
        if super().read(value):
            raise Wrong(Fault.URGENT)
        return False

    @property
    def schema(self) -> Schema:
        """False."""
        return {"type": "boolean", "const": False}


WHAT = (
    Field("starts", Time(), "when it begins, whole minutes", required=True),
    Field("ends", Time(), "when it ends", required=True),
    Field("resource", Name(), "the id or the key of a resource; any-desk: any that is free", required=True),
    Field("equipment", Many(Name(), 50), "ids or keys of equipment to take along", left_out=()),
    Field("title", Words(TITLE_LENGTH), "one line", left_out=""),
    Field("note", Words(NOTE_LENGTH), "more words", left_out=""),
    Field("visibility", Choice(tuple(Visibility)), "left out: the organisation's default"),
    Field("circle", OrNull(Name()), "id or key, of a confidential booking; left out: the organisation's own"),
    Field("attendees", Many(Name(), 200), "the addresses of those invited", left_out=()),
    Field("clear_desks", Flag(), "whether a room takes its desks too", left_out=False),
)
CLASHING = (
    Field("urgent", NotYet(), "not offered yet", left_out=False),
    Field("repeat", Whatever(), "not offered yet"),
    Field(
        "on_clash",
        Choice(("refuse", "skip", "displace")),
        "displace: book over those named in displace; skip: book the occurrences that fit",
        left_out="refuse",
    ),
    Field("displace", Many(Agreed(), MOST_NAMED), "exactly the displaceable views of a 409", left_out=()),
)
BOOKING = (Field("premises", Name(), "the id or the key of a premises", required=True), *WHAT, *CLASHING)
CHANGES = (
    *(Field(each.name, each.kind, each.about) for each in WHAT),
    *CLASHING,
    Field(
        "disclose",
        Flag(),
        "confirms that a confidential booking is opened to others; only its organiser may",
        left_out=False,
    ),
)
REACH = (
    Field(
        "scope", Choice(SCOPES), "how far it reaches; of a single booking all are the same", left_out="this"
    ),
    Field("occurrence", Time(), "which occurrence, by its occurrence"),
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
        displace=_agreed(asked),
    )


def changes(asked: dict[str, Any], place: Place) -> Changes:
    """The changes in a body of CHANGES; Refused as an order is, and for a desk that nobody chose."""
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
        displace=_agreed(asked),
        disclose=asked["disclose"],
    )


def _refuse_no_time(asked: dict[str, Any], zone: ZoneInfo) -> None:
    given: list[tuple[str, Moment]] = [(each, asked[each]) for each in ("starts", "ends") if asked[each]]
    wrong = [name for name, moment in given if not moment.exists_in(zone)]
    if wrong:
        raise Refused(tuple(Refusal(Reason.NO_SUCH_TIME, name) for name in wrong))


def _agreed(asked: dict[str, Any]) -> frozenset[Given] | None:
    """Those who may give way; None unless that is how a clash is to be met."""
    if asked["on_clash"] == "displace":
        return frozenset(asked["displace"])
    if asked["displace"]:
        raise Unreadable((("displace", Wrong(Fault.NOT_AGREED)),))
    return None
