"""Guests, for the coordinator: inviting them until a day, giving them more time, ending their account.

Imports storage and the domain. An invitation is to an address; whether that has an account elsewhere is not told.
A guest's account ends by itself at the end of its last day; what they have booked after it is cancelled then.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from booking.actions.admitting import refuse_what_is_no_person
from booking.actions.cancelling import call_off_ahead
from booking.actions.errors import NotFound, Refused
from booking.actions.looking import Place, place_for, zone_of
from booking.domain.notices import News
from booking.domain.people import Organisation, Viewer
from booking.domain.permissions import Deed, require
from booking.domain.refusals import Reason, Refusal
from booking.domain.spans import day_of, day_start, last_day
from booking.storage import access, directory, invitations, journal, organisations, outbox, places
from booking.storage.database import transaction
from booking.storage.directory import Person
from booking.storage.journal import Action
from booking.storage.notices import tell
from booking.storage.post import office

LINK_KEPT = timedelta(days=14)
SOON = timedelta(days=7)
USUAL_DAYS, MOST_DAYS = 30, 365


@dataclass(frozen=True)
class Inviting:
    """Whom to invite, and the last local day of the account; None for a day that could not be read."""

    email: str
    name: str
    until: date | None


@dataclass(frozen=True)
class Invited:
    """An address that was invited. `until` is the last local day of the account; `lapsed`: its link opens no more."""

    email: str
    name: str
    until: date
    made: datetime
    lapsed: bool


@dataclass(frozen=True)
class Guest:
    """A guest who has made their account. `until` None: it has no end yet."""

    email: str
    name: str
    organisation: Organisation
    until: date | None
    ended: bool


def invited(viewer: Viewer, place: Place, now: datetime) -> tuple[Invited, ...]:
    """Those who were invited to a premises and have not come, the latest first."""
    require(viewer, Deed.GUEST_KEEP)
    zone = place.premises.zone
    return tuple(
        Invited(each.email, each.name, last_day(each.ends, zone), each.made, each.expires <= now)
        for each in invitations.waiting(place.id)
    )


def guests(viewer: Viewer, place: Place, now: datetime) -> tuple[Guest, ...]:
    """The guests of a premises: those whose account ends first come first, and last those who have left."""
    require(viewer, Deed.GUEST_KEEP)
    found = [
        _guest(person, organisation, place.premises.zone, now)
        for person, organisation in organisations.guests_of(place.id)
    ]
    return tuple(sorted(found, key=lambda each: (each.ended, each.until or date.max)))


def _guest(person: Person, organisation: Organisation, zone: ZoneInfo, now: datetime) -> Guest:
    until = last_day(person.ends_at, zone) if person.ends_at else None
    return Guest(person.email, person.name, organisation, until, person.ended(now))


def ending_soon(viewer: Viewer, place: Place, now: datetime) -> int:
    """How many guests' accounts end within a week."""
    horizon = day_of(now, place.premises.zone) + SOON
    return sum(
        not each.ended and each.until is not None and each.until <= horizon
        for each in guests(viewer, place, now)
    )


def usual_end(place: Place, now: datetime) -> date:
    """The last day that is proposed for a new guest."""
    return day_of(now, place.premises.zone) + timedelta(days=USUAL_DAYS)


def latest_end(place: Place, now: datetime) -> date:
    """The last day that a guest can be given."""
    return day_of(now, place.premises.zone) + timedelta(days=MOST_DAYS)


def own_end(viewer: Viewer) -> date | None:
    """The last local day of the viewer's own account, where it has one."""
    found = directory.person(viewer.person) if viewer.person is not None else None
    return last_day(found.ends_at, zone_of(viewer)) if found is not None and found.ends_at else None


# --- inviting ---------------------------------------------------------------------------------


def invite(viewer: Viewer, premises: str, wanted: Inviting, now: datetime) -> str | None:
    """Invite somebody, anew if they were invited before: the link goes to them by mail, and an earlier one is dead.

    Without mail its secret is given, to be handed over. Refused for what is no address or name, for a last day out
    of reach, and for somebody who is a guest here already.
    """
    require(viewer, Deed.GUEST_KEEP)
    place = place_for(viewer, premises)
    email, name = wanted.email.strip().lower(), " ".join(wanted.name.split())
    refuse_what_is_no_person(email, name, _wrong_end(place, wanted.until, now))
    assert wanted.until is not None
    with transaction(place.id):
        if any(person.email == email for person, _ in organisations.guests_of(place.id)):
            raise Refused((Refusal(Reason.ALREADY_A_GUEST, "email"),))
        expires = now + LINK_KEPT
        number = invitations.store(place.id, email, name, end_of(place, wanted.until), now, expires)
        journal.record(Action.GUEST_INVITE, subject_of(place), now, viewer.person)
        if office().works:
            outbox.put_invitation(number, now)
            return None
        return invitations.issue_link(number, expires)


def invite_anew(viewer: Viewer, premises: str, email: str, now: datetime) -> str | None:
    """A new link in place of an earlier one, for the same name and day; NotFound when they were not invited."""
    require(viewer, Deed.GUEST_KEEP)
    place = place_for(viewer, premises)
    found = invitations.to(place.id, email.strip().lower())
    if found is None:
        raise NotFound
    until = max(last_day(found.ends, place.premises.zone), day_of(now, place.premises.zone))
    return invite(viewer, premises, Inviting(found.email, found.name, until), now)


def withdraw(viewer: Viewer, premises: str, email: str, now: datetime) -> None:
    """An invitation is taken back: its link opens nothing. NotFound when they were not invited."""
    require(viewer, Deed.GUEST_KEEP)
    place = place_for(viewer, premises)
    with transaction(place.id):
        found = invitations.to(place.id, email.strip().lower())
        if found is None:
            raise NotFound
        invitations.remove(found.number)
        journal.record(Action.GUEST_WITHDRAW, subject_of(place), now, viewer.person)


def _wrong_end(place: Place, until: date | None, now: datetime) -> list[Refusal]:
    today, latest = day_of(now, place.premises.zone), latest_end(place, now)
    if until is not None and today <= until <= latest:
        return []
    return [Refusal(Reason.END_OUT_OF_REACH, "until", day_start(latest, place.premises.zone))]


def end_of(place: Place, until: date) -> datetime:
    """The end of a last local day, UTC."""
    return day_start(until + timedelta(days=1), place.premises.zone)


def subject_of(place: Place) -> str:
    """What the journal calls a premises."""
    return f"premises {place.premises.key}"


# --- guests who are there ---------------------------------------------------------------------


def extend(viewer: Viewer, premises: str, email: str, until: date | None, now: datetime) -> None:
    """A guest's account ends on another day; one that has ended is opened again. They are told.

    NotFound when they are no guest of this premises; Refused for a day out of reach.
    """
    require(viewer, Deed.GUEST_KEEP)
    place = place_for(viewer, premises)
    if wrong := _wrong_end(place, until, now):
        raise Refused(tuple(wrong))
    assert until is not None
    with transaction(place.id):
        person, organisation = _one(place, email)
        directory.set_end(person.id, end_of(place, until))
        fields = [f"organisation {organisation.id}"]
        journal.record(Action.GUEST_EXTEND, subject_of(place), now, viewer.person, fields)
        tell(person.id, News.PROLONGED, now)


def end(viewer: Viewer, premises: str, email: str, now: datetime) -> None:
    """A guest's account ends now: they are signed out, their feeds and tokens are dead, what is ahead is cancelled.

    NotFound when they are no guest of this premises.
    """
    require(viewer, Deed.GUEST_KEEP)
    place = place_for(viewer, premises)
    everywhere = places.used_by(None)
    with transaction(*(each.id for each in everywhere)):
        person, organisation = _one(place, email)
        if person.ended(now):
            return
        access.revoke_all(person.id)
        directory.end_person(person.id, now)
        call_off_ahead(everywhere, person.id, organisation.id, now, viewer.person)
        fields = [f"organisation {organisation.id}"]
        journal.record(Action.GUEST_END, subject_of(place), now, viewer.person, fields)
        journal.record(Action.PERSON_DEACTIVATE, f"person {person.id}", now, viewer.person)


def _one(place: Place, email: str) -> tuple[Person, Organisation]:
    wanted = email.strip().lower()
    for person, organisation in organisations.guests_of(place.id):
        if person.email == wanted:
            return person, organisation
    raise NotFound
