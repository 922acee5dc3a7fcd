"""What each category may book, and what there is to book, changed by the coordinator. Imports storage and the domain.

Both go the way of `booking.actions.furnishing`: the definition is changed, and what follows from it is done.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from booking.actions.errors import Refused
from booking.actions.furnishing import change_definition, furnished, refuse_names
from booking.actions.looking import Place
from booking.domain.people import Viewer
from booking.domain.permissions import Deed, require
from booking.domain.premises import Category, Kind
from booking.domain.refusals import Reason, Refusal
from booking.storage import places
from booking.storage.tokens import new_key

ALL, OPENING, OWN = "all", "opening", "own"
BOUNDS: Mapping[str, tuple[int, int]] = {
    "rank": (1, 9),
    "days_ahead": (1, 731),
    "longest_hours": (1, 744),
    "most_ahead": (1, 500),
}
ADDED = (Kind.DESK, Kind.EQUIPMENT)  # a room or a table changes what stands already, and stays in the file


@dataclass(frozen=True)
class Ruling:
    """What one category may book, as the coordinator writes it.

    Numbers are None where they could not be read; `most_ahead` None is without a limit, and "" could not be read.
    `hours`: ALL, OPENING, or OWN for hours of its own that only the file says.
    """

    category: Category
    rank: int | None
    days_ahead: int | None
    longest_hours: int | None
    most_ahead: int | str | None
    hours: str
    confidential: bool
    approval: frozenset[Kind]


def rulings(viewer: Viewer, place: Place) -> list[Ruling]:
    """The rules of each category that has one, as they hold."""
    require(viewer, Deed.PREMISES_FURNISH)
    written = places.definition(place.id).get("rules", {})
    return [_ruling(place, each, written[each.value]) for each in Category if each.value in written]


def _ruling(place: Place, category: Category, written: Mapping[str, Any]) -> Ruling:
    rule = place.premises.rules[category]
    hours = written.get("hours", OPENING)
    return Ruling(
        category,
        rule.rank,
        rule.days_ahead,
        int(rule.longest.total_seconds()) // 3600,
        rule.most_ahead,
        hours if hours in (ALL, OPENING) else OWN,
        rule.confidential,
        rule.approval,
    )


def set_ruling(viewer: Viewer, premises: str, wanted: Ruling, now: datetime) -> None:
    """Other rules for a category. What is booked stands; who has booked outside hours that are new is told.

    Refused for numbers out of bounds, and for a category that has no rules here.
    """
    place = furnished(viewer, premises)
    if wanted.category not in place.premises.rules:
        raise Refused((Refusal(Reason.NOT_A_CHOICE, "category"),))
    if wrong := _out_of_bounds(wanted):
        raise Refused(tuple(wrong))

    def change(content: dict[str, Any]) -> None:
        rule = content["rules"][wanted.category.value]
        rule |= {"rank": wanted.rank, "days_ahead": wanted.days_ahead, "longest_hours": wanted.longest_hours}
        rule["confidential"] = wanted.confidential and wanted.category is not Category.GUEST
        rule["approval"] = sorted(wanted.approval)
        rule.pop("most_ahead", None)
        if wanted.most_ahead is not None:
            rule["most_ahead"] = wanted.most_ahead
        if wanted.hours in (ALL, OPENING):
            rule["hours"] = wanted.hours

    change_definition(viewer, place, change, now, "rules")


def _out_of_bounds(wanted: Ruling) -> list[Refusal]:
    wrong = []
    for field, (least, most) in BOUNDS.items():
        value = getattr(wanted, field)
        if field == "most_ahead" and value is None:
            continue
        if not isinstance(value, int) or not least <= value <= most:
            wrong.append(Refusal(Reason.NOT_A_NUMBER, field, f"{least}–{most}"))
    return wrong


# --- what there is ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Adding:
    """A desk in a zone, or a piece of equipment; `kind` is None where it could not be read."""

    kind: Kind | None
    name: str
    name_en: str
    zone: str


def add(viewer: Viewer, premises: str, wanted: Adding, now: datetime) -> None:
    """One more desk or piece of equipment, to be had from now on but where all desks are cleared or its zone is closed.

    Refused for what is no name, kind or zone.
    """
    place = furnished(viewer, premises)
    names = {"name": wanted.name.strip(), "name_en": wanted.name_en.strip() or wanted.name.strip()}
    refuse_names(names)
    if wanted.kind not in ADDED:
        raise Refused((Refusal(Reason.NOT_A_CHOICE, "kind"),))
    if wanted.kind is Kind.DESK and wanted.zone not in [each.key for each in place.premises.zones]:
        raise Refused((Refusal(Reason.NOT_A_CHOICE, "zone"),))
    added: dict[str, Any] = {
        "key": new_key(names["name"], wanted.kind.value),
        "kind": wanted.kind.value,
        **names,
    }
    if wanted.kind is Kind.DESK:
        added |= {"zone": wanted.zone, "undrawn": True}  # where it stands on the floor is for the file to say

    def change(content: dict[str, Any]) -> None:
        content["resources"].append(added)

    change_definition(viewer, place, change, now, "places")
