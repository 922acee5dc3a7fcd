"""What has happened, as far as whoever asks may read it in the journal. Imports storage and the domain.

Of a booking only its place and time are added, through the reader's own eyes as they are now.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from booking.actions.errors import NotFound
from booking.actions.looking import Opened
from booking.actions.noticing import views_of
from booking.domain import history as reading
from booking.domain import reviewing
from booking.domain.history import OF_BOOKINGS, Reach
from booking.domain.history import Side as Side  # as what pages ask with it
from booking.domain.people import Organisation, OrganisationId, PersonId, Viewer
from booking.domain.reviewing import Watch
from booking.domain.views import Full
from booking.storage import history, organisations, reviews
from booking.storage.history import Entry
from booking.storage.places import Place

AT_ONCE = 50
PERSON, ORGANISATION = "person ", "organisation "


@dataclass(frozen=True)
class Happening:
    """One thing that happened, UTC. `by` is "" where that is not told; `itself`: nobody did it.

    `about` is the person it was done to; `place` and `view` are those of the booking, as its reader may know it now.
    """

    at: datetime
    action: str
    fields: tuple[str, ...]
    by: str
    itself: bool
    about: str = ""
    place: Place | None = None
    view: Full | None = None


@dataclass(frozen=True)
class Happenings:
    """Some of what happened, the latest first, and before which instant there is more."""

    shown: tuple[Happening, ...]
    older: datetime | None


def of_booking(viewer: Viewer, opened: Opened) -> Happenings:
    """What happened to a booking, for those of its own organisation who may know it."""
    reach = reading.reach(viewer, opened.view)
    entries, older = history.latest(reach, None, AT_ONCE)
    return Happenings(tuple(_happening(each, reach, {}, {}) for each in entries), older)


def of_side(viewer: Viewer, side: Side, before: datetime | None, now: datetime) -> Happenings:
    """A part of the journal. Forbidden for those whose role has no such page."""
    return _happenings(viewer, reading.reach(viewer, side), before, now)


def of_circle(viewer: Viewer, key: str, before: datetime | None, now: datetime) -> tuple[Watch, Happenings]:
    """What was done to a circle, for the people of its steward; NotFound for all others."""
    ages = reviews.ages(viewer.circles)
    origins = {age.origin for age in ages if age.key == key}
    watch = next((each for each in reviewing.kept_by(viewer, ages) if each.origin in origins), None)
    if watch is None:
        raise NotFound
    return watch, _happenings(viewer, reading.reach(viewer, watch), before, now)


def _happenings(viewer: Viewer, reach: Reach, before: datetime | None, now: datetime) -> Happenings:
    """However many they are, as many questions are asked."""
    entries, older = history.latest(reach, before, AT_ONCE)
    names = history.people_named(_persons(entries))
    named = organisations.by_id(_organisations(entries))
    said = [(each.subject, None) for each in entries if _kind(each) in OF_BOOKINGS]
    found = views_of(viewer, said, now)
    views = {booking: about for (booking, _), about in found.items()}
    shown = (_happening(each, reach, names, views) for each in entries)
    return Happenings(tuple(_with_organisation(each, named) for each in shown), older)


def _with_organisation(each: Happening, known: Mapping[OrganisationId, Organisation]) -> Happening:
    """Which organisation was taken into a circle or out of it."""
    named = [known[number].name for field in each.fields if (number := _organisation(field)) in known]
    return replace(each, about=", ".join(named)) if named else each


def _organisations(entries: Iterable[Entry]) -> list[OrganisationId]:
    return [number for each in entries for field in each.fields if (number := _organisation(field))]


def _organisation(field: str) -> OrganisationId:
    number = field.removeprefix(ORGANISATION)
    return int(number) if number != field and number.isdecimal() else 0


def _happening(
    entry: Entry, reach: Reach, names: dict[PersonId, str], views: dict[str, tuple[Place, Full]]
) -> Happening:
    told = reach.names_actor(entry.action, entry.actor_organisation)
    number = _person(entry)
    about = names.get(number, "") if number is not None and number != entry.actor else ""
    place, view = views.get(entry.subject, (None, None))
    return Happening(
        entry.at,
        entry.action,
        entry.fields,
        entry.actor_name if told else "",
        entry.actor is None,
        about,
        place,
        view,
    )


def _kind(entry: Entry) -> str:
    return entry.action.partition(":")[0]


def _persons(entries: Iterable[Entry]) -> list[PersonId]:
    return [number for each in entries if (number := _person(each)) is not None]


def _person(entry: Entry) -> PersonId | None:
    number = entry.subject.removeprefix(PERSON) if _kind(entry) == "person" else ""
    return int(number) if number.isdecimal() else None
