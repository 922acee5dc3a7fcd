"""What a premises consists of, changed while bookings stand: places retired and renamed, hours changed.

The coordinator does it from a page and the operator by a changed file, by one mechanism: the old definition is
compared with the new one, and what follows for what is booked is done. Nothing of it is answered on a page: what is
hidden must not be heard of. Imports storage and the domain.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from booking.actions import telling
from booking.actions.errors import Refused
from booking.actions.giving_back import give_back
from booking.actions.looking import place_for
from booking.actions.refitting import refit
from booking.domain.bookings import Booking, Purpose
from booking.domain.definition import DefinitionError, read_definition
from booking.domain.notices import News
from booking.domain.people import PersonId, Viewer
from booking.domain.permissions import Deed, require
from booking.domain.premises import Hours, Premises, Resource
from booking.domain.refusals import TITLE_LENGTH, Reason, Refusal, unprintable
from booking.domain.spans import day_of, day_start, without
from booking.storage import journal, ledger, places, recording
from booking.storage.database import transaction
from booking.storage.journal import Action
from booking.storage.places import Place

Content = Mapping[str, Any]
Change = Callable[[dict[str, Any]], object]


# --- by the coordinator -----------------------------------------------------------------------


def retire(viewer: Viewer, premises: str, resource: str, day: date, now: datetime) -> None:
    """A place is not to be had from a local day on; who has it then is told. Refused for a day that has passed."""
    place = furnished(viewer, premises)
    key = _known(place, resource)
    if day < day_of(now, place.premises.zone):
        raise Refused((Refusal(Reason.IN_THE_PAST, "day"),))

    def change(content: dict[str, Any]) -> None:
        _table(content, key)["retired"] = day.isoformat()

    change_definition(viewer, place, change, now, "places")


def rename(viewer: Viewer, premises: str, resource: str, name: str, name_en: str, now: datetime) -> None:
    """A place is called otherwise from now on, everywhere; its English name is the Swedish one where none is given."""
    place = furnished(viewer, premises)
    key = _known(place, resource)
    names = {"name": name.strip(), "name_en": name_en.strip() or name.strip()}
    refuse_names(names)

    def change(content: dict[str, Any]) -> None:
        _table(content, key).update(names)

    change_definition(viewer, place, change, now, "places")


def set_hours(viewer: Viewer, premises: str, hours: Content, now: datetime) -> None:
    """Other opening hours, as the definition writes them. What is booked outside them stands, and is told of it.

    Refused where they cannot be read.
    """
    place = furnished(viewer, premises)

    def change(content: dict[str, Any]) -> None:
        content["hours"] = dict(hours)

    try:
        change_definition(viewer, place, change, now, "hours")
    except DefinitionError:
        raise Refused((Refusal(Reason.HOURS_UNREADABLE, "hours"),)) from None


def set_day(viewer: Viewer, premises: str, day: date, hours: str, reason: str, now: datetime) -> None:
    """Other hours on one local day, as the definition writes them, with what everybody may read of why, or nothing.

    Refused where either cannot be read.
    """
    place = furnished(viewer, premises)
    if len(reason) > TITLE_LENGTH:
        raise Refused((Refusal(Reason.TITLE_TOO_LONG, "reason", TITLE_LENGTH),))
    if unprintable(reason):
        raise Refused((Refusal(Reason.UNPRINTABLE, "reason"),))
    own: object = {"hours": hours, "reason": reason} if reason else hours
    set_hours(viewer, premises, {**hours_of(viewer, place), day.isoformat(): own}, now)


def hours_of(viewer: Viewer, place: Place) -> Content:
    """The opening hours as the definition writes them."""
    require(viewer, Deed.PREMISES_FURNISH)
    written: Content = places.definition(place.id).get("hours", {})
    return written


def furnished(viewer: Viewer, premises: str) -> Place:
    """The premises, to who may change it; NotFound where they do not use it."""
    require(viewer, Deed.PREMISES_FURNISH)
    return place_for(viewer, premises)


def _known(place: Place, name: str) -> str:
    key = place.resource_key(name)
    if key is None:
        raise Refused((Refusal(Reason.UNKNOWN_RESOURCE, "resource"),))
    return key


def refuse_names(names: Mapping[str, str]) -> None:
    """Refused for what cannot be the name of a place."""
    if not names["name"]:
        raise Refused((Refusal(Reason.NAME_MISSING, "name"),))
    for field, name in names.items():
        if len(name) > TITLE_LENGTH:
            raise Refused((Refusal(Reason.TITLE_TOO_LONG, field, TITLE_LENGTH),))
        if unprintable(name):
            raise Refused((Refusal(Reason.UNPRINTABLE, field),))


def _table(content: dict[str, Any], key: str) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in content["resources"] if each["key"] == key)
    return found


def change_definition(viewer: Viewer, place: Place, change: Change, now: datetime, part: str) -> None:
    """Store the definition as changed, with what follows; `part` is what the journal says was changed.

    DefinitionError when what comes of it cannot be used.
    """
    with transaction(place.id):
        content = places.definition(place.id)
        change(content)
        furnish(content, now, viewer.person)
        journal.record(Action.PREMISES_FURNISH, f"premises {place.premises.key}", now, viewer.person, [part])


# --- the one mechanism ------------------------------------------------------------------------


def furnish(content: Content, now: datetime, actor: PersonId | None = None) -> int:
    """Store a premises' definition, and do what differs from the one before to what is booked; its number.

    In a transaction that holds the premises' lock, where there is one before. DefinitionError when it cannot be used.
    """
    premises = read_definition(content).premises
    before = places.find(premises.key)
    if before is None:
        return places.store(content)
    earlier = places.definition(before.id)
    number = places.store(_with_what_left(earlier, content, day_of(now, premises.zone)))
    after = places.get(number)
    coming = ledger.ahead(after, now)
    _tell_renamed(before.premises, after, coming, now)
    _tell_hours(before.premises, after, coming, now)
    for resource in after.premises.resources:
        if resource.retired is not None and resource.retired != _retired(before.premises, resource.key):
            _retire(after, resource, coming, now, actor)
    refit(before.premises, after, now)
    return number


def _retired(premises: Premises, key: str) -> date | None:
    known = premises.by_key.get(key)
    return known.retired if known else None


def _with_what_left(earlier: Content, content: Content, today: date) -> dict[str, Any]:
    """The new definition with what has left the file: its places retired today at the latest, for history's sake."""
    found = dict(content)
    for kind in ("zones", "resources"):
        kept = [dict(each) for each in content.get(kind, [])]
        keys = {each["key"] for each in kept}
        gone = [dict(each) for each in earlier.get(kind, []) if each["key"] not in keys]
        if kind == "resources":
            gone = [{**each, "retired": _earliest(each.get("retired"), today)} for each in gone]
        found[kind] = [*kept, *gone]
    return found


def _earliest(written: object, today: date) -> str:
    """Days as ISO 8601 writes them are in order."""
    return min(str(written), today.isoformat()) if written else today.isoformat()


# --- what follows -----------------------------------------------------------------------------


def _retire(
    place: Place, resource: Resource, coming: Iterable[Booking], now: datetime, actor: PersonId | None
) -> None:
    """Cancel what is booked there from its last day on; who only brings it along keeps the rest, and is told.

    What is for circles alone stands: its zone stays barred as it was, or whoever retires a place would learn by it
    that this is where it was. Its people are told as the others are, and move or cancel it themselves.
    """
    assert resource.retired is not None
    gone_at = max(day_start(resource.retired, place.premises.zone), now)
    met = [each for each in coming if each.span.end > gone_at and each.purpose is Purpose.USE]
    reached: dict[str, list[Booking]] = {}
    for each in met:
        if each.resource == resource.key and not each.confidential:
            reached.setdefault(each.id, []).append(each)
    for booking_id, occurrences in reached.items():
        recording.cancel(occurrences, now)
        telling.gone(occurrences, now)
        journal.record(Action.BOOKING_CANCEL, booking_id, now, actor)
    give_back(place, [each.span for some in reached.values() for each in some], now)
    there = [each for each in met if resource.key in (each.resource, *each.equipment)]
    telling.furnished(place, there, News.RETIRED, now, resource.key)


def _tell_renamed(before: Premises, after: Place, coming: Sequence[Booking], now: datetime) -> None:
    for resource in after.premises.resources:
        known = before.by_key.get(resource.key)
        if known is not None and known.name != resource.name:
            there = [each for each in coming if resource.key in (each.resource, *each.equipment)]
            telling.furnished(after, there, News.RENAMED, now, resource.key)


def _tell_hours(before: Premises, after: Place, coming: Sequence[Booking], now: datetime) -> None:
    """Who has booked time that lies outside their hours, and did not before."""
    outside = [
        each
        for each in coming
        if each.purpose is Purpose.USE and _outside(after.premises, each) and not _outside(before, each)
    ]
    telling.furnished(after, outside, News.HOURS, now)


def _outside(premises: Premises, booking: Booking) -> bool:
    rule = premises.rule_for(booking.category)
    hours: Hours | None = rule.hours if rule else None
    return hours is not None and bool(without([booking.span], hours.open_spans(booking.span, premises.zone)))
