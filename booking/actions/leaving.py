"""The people of one's own organisation, and letting one of them go. Imports storage and the domain.

It is for the administrator of that organisation. An account that is ended is dead at once, and with it every
way in that it had.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from booking.actions.cancelling import call_off_ahead
from booking.actions.handing_over import (
    colleague,
    move_all,
    one_of,
    organisation_of,
    present_administrator,
    refuse_the_last,
)
from booking.domain.people import Viewer
from booking.domain.permissions import Deed, require
from booking.storage import access, directory, journal, places
from booking.storage.database import transaction
from booking.storage.journal import Action


@dataclass(frozen=True)
class Colleague:
    """Somebody of one's own organisation, as its administrator sees them."""

    name: str
    email: str
    administrator: bool
    ended: bool
    you: bool


def people_of(viewer: Viewer, now: datetime) -> tuple[Colleague, ...]:
    """Everybody of one's own organisation, by name; those who have left come last.

    Whoever has not yet chosen a password is not there: else it would show which addresses have accounts elsewhere.
    """
    require(viewer, Deed.ORGANISATION_RUN)
    assert viewer.organisation is not None
    found = [
        Colleague(
            each.name, each.email, each.organisation_admin, each.ended(now), you=each.id == viewer.person
        )
        for each in directory.people_of(viewer.organisation)
        if each.arrived
    ]
    return tuple(sorted(found, key=lambda each: each.ended))


def deactivate(viewer: Viewer, who: str, now: datetime, to: str | None = None) -> None:
    """End a colleague's account: what they have ahead goes to another colleague, or is cancelled without one.

    NotFound when they are not of one's own organisation. Refused when the other is not, or has left it, and
    when it would leave the organisation without an administrator.
    """
    require(viewer, Deed.ORGANISATION_RUN)
    everywhere = places.used_by(None)
    with transaction(*(place.id for place in everywhere)):
        administrator = present_administrator(viewer, now)
        leaver = one_of(administrator, who)
        if leaver.id == administrator.person:  # of others one always stays: the one who acts
            refuse_the_last(leaver, now)
        heir = None if to is None else colleague(administrator, leaver, to, now)
        access.revoke_all(leaver.id)
        if not leaver.ended(now):
            directory.end_person(leaver.id, now)  # first of all: no letter goes to who has left
        if heir is None:
            call_off_ahead(everywhere, leaver.id, organisation_of(leaver), now, administrator.person)
        else:
            move_all(everywhere, leaver, heir, now, administrator.person, [heir.id])
        journal.record(Action.PERSON_DEACTIVATE, f"person {leaver.id}", now, administrator.person)
