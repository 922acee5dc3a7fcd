"""Handing over what a colleague has booked to another of the same organisation. Imports storage and the domain.

It is for the administrator of that organisation. What it does and answers is the same whatever the bookings
are: nothing is opened, listed or counted. Bookings that are all past keep who booked them; one with times to
come, a series under way too, goes whole to the other, and the journal remembers.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from booking.actions import telling
from booking.actions.errors import NotFound, Refused
from booking.domain.people import OrganisationId, PersonId, Viewer
from booking.domain.permissions import Deed, Forbidden, require
from booking.domain.refusals import Reason, Refusal
from booking.storage import directory, journal, naming, places, recording, to_come
from booking.storage.database import transaction
from booking.storage.directory import Person
from booking.storage.journal import Action
from booking.storage.places import Place


def hand_over(viewer: Viewer, who: str, to: str, now: datetime) -> None:
    """All that a colleague has ahead becomes another colleague's; both by their addresses, and both are told.

    NotFound when the first is not of one's own organisation; Refused when the other is not, or has left it.
    """
    require(viewer, Deed.ORGANISATION_RUN)
    everywhere = places.used_by(None)
    with transaction(*(place.id for place in everywhere)):
        administrator = present_administrator(viewer, now)
        leaver = one_of(administrator, who)
        heir = colleague(administrator, leaver, to, now)
        move_all(everywhere, leaver, heir, now, administrator.person, (leaver.id, heir.id))


def move_all(
    everywhere: list[Place],
    leaver: Person,
    heir: Person,
    now: datetime,
    actor: PersonId | None,
    whom: Iterable[PersonId],
) -> None:
    """Give the bookings with times to come another organiser, and tell those whom it concerns.

    Called in the transaction that holds the lock of every premises.
    """
    told = list(whom)
    for place in everywhere:
        for booking, ahead in to_come.ahead_of(place, leaver.id, organisation_of(leaver), now).items():
            names = naming.numbers_of(booking)
            recording.hand_over(booking, heir.id, [names[each.occurrence] for each in ahead], now)
            telling.handed_over(place, ahead, told, heir.id, actor, now)
            journal.record(Action.BOOKING_HAND_OVER, booking, now, actor, ["organiser"])


# --- whom it concerns -------------------------------------------------------------------------


def present_administrator(viewer: Viewer, now: datetime) -> Viewer:
    """The viewer as they are under the lock; Forbidden when they administer the organisation no longer."""
    found = directory.person(viewer.person) if viewer.person is not None else None
    if found is None or found.ended(now):
        raise Forbidden(Deed.ORGANISATION_RUN.value)
    there = directory.viewer_of(found, viewer.proved)
    require(there, Deed.ORGANISATION_RUN)
    return there


def one_of(administrator: Viewer, email: str) -> Person:
    """Somebody of the administrator's organisation, by address; else NotFound."""
    found = next(iter(directory.people_by_email([email]).values()), None)
    if found is None or found.organisation != administrator.organisation or not found.arrived:
        raise NotFound
    return found


def colleague(administrator: Viewer, leaver: Person, email: str, now: datetime) -> Person:
    """Another of the same organisation, who is still there; else Refused."""
    found = next(iter(directory.people_by_email([email]).values()), None)
    if (
        found is None
        or found.organisation != administrator.organisation
        or not found.arrived
        or found.id == leaver.id
        or found.ended(now)
    ):
        raise Refused((Refusal(Reason.UNKNOWN_COLLEAGUE, "to"),))
    return found


def organisation_of(person: Person) -> OrganisationId:
    """The organisation of somebody who has one."""
    assert person.organisation is not None
    return person.organisation


def refuse_the_last(leaver: Person, now: datetime) -> None:
    """Refused where nobody would be left who administers the organisation of whoever goes or gives it up."""
    there = directory.administrators_of(organisation_of(leaver))
    if all(each.id == leaver.id or each.ended(now) for each in there):
        raise Refused((Refusal(Reason.LAST_ADMINISTRATOR, "who"),))
