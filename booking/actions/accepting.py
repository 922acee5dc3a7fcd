"""A guest accepts an invitation: by its link, which opens once, they make the account that was meant for them.

Imports storage and the domain. A guest is an organisation of one, called as the coordinator wrote.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from booking.actions.admitting import refuse_what_is_no_person
from booking.actions.errors import NotFound, Refused
from booking.actions.inviting import subject_of
from booking.domain.badges import free_code, quiet_colour
from booking.domain.passwords import guessable
from booking.domain.people import OrganisationId, Role
from booking.domain.premises import Category
from booking.domain.refusals import Reason, Refusal
from booking.domain.spans import last_day
from booking.storage import directory, invitations, journal, organisations, places
from booking.storage.database import transaction
from booking.storage.invitations import Invitation
from booking.storage.journal import Action
from booking.storage.organisations import Newcomer
from booking.storage.passwords import LEAST_LENGTH, hash_password
from booking.storage.tokens import new_key


@dataclass(frozen=True)
class Offer:
    """What an invitation is to: its premises, the address and name it was made for, and the account's last day."""

    premises: str
    email: str
    name: str
    until: date


def look_at_invitation(secret: str, now: datetime) -> Offer:
    """What a link offers; NotFound when it is unknown, used, taken back or too old."""
    found = _of_link(secret, now)
    premises = places.get(found.premises).premises
    return Offer(premises.name, found.email, found.name, last_day(found.ends, premises.zone))


def _of_link(secret: str, now: datetime) -> Invitation:
    found = invitations.of_link(secret, now)
    if found is None or found.ends <= now:
        raise NotFound
    return found


def accept(secret: str, name: str, password: str, language: str, now: datetime) -> None:
    """Make the account: the guest's own name, password and language; whoever accepts has accepted the terms.

    NotFound as in `look_at_invitation`. Refused for what is no name, a password that is too short or among the first
    that anybody would try, and for an address that has an account: that is told to nobody but who has the link.
    """
    offered = _of_link(secret, now)
    name = " ".join(name.split())
    refuse_what_is_no_person(offered.email, name, _wrong_password(password, offered, name))
    kept = hash_password(password)
    with transaction(offered.premises):
        offered = _of_link(secret, now)
        if directory.person_by_email(offered.email) is not None:
            raise Refused((Refusal(Reason.ADDRESS_IN_USE, "email"),))
        number = _organisation(offered, now)
        own = {"password_hash": kept, "ends_at": offered.ends, "language": language}
        person = directory.add_person(offered.email, name, Role.GUEST, number, now, **own)
        invitations.remove(offered.number)
        journal.record(Action.PERSON_ADD, f"person {person}", now, person, ["terms"])
        place = places.get(offered.premises)
        fields = [f"organisation {number}"]
        journal.record(Action.GUEST_ARRIVE, subject_of(place), now, person, fields)


def _wrong_password(password: str, offered: Invitation, name: str) -> list[Refusal]:
    if len(password) < LEAST_LENGTH:
        return [Refusal(Reason.PASSWORD_TOO_SHORT, "password", LEAST_LENGTH)]
    if guessable(password, (name, offered.name, offered.email)):
        return [Refusal(Reason.PASSWORD_GUESSABLE, "password")]
    return []


def _organisation(offered: Invitation, now: datetime) -> OrganisationId:
    """A guest's organisation, with a code and a colour of its own choosing; under the lock of the premises."""
    there = [each.organisation for each in organisations.using(offered.premises, now)]
    return organisations.add(
        Newcomer(
            key=new_key(offered.name, "gast"),
            name=offered.name,
            code=free_code(offered.name, {each.code for each in there}),
            colour=quiet_colour(each for each in there if each.category is Category.GUEST),
            category=Category.GUEST,
        ),
        offered.premises,
    )
