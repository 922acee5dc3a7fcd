"""What is handed out of the house as a document: everything of one person, or of one organisation over a time.

Numbers of occurrences, which are shown through somebody's eyes, and rows about people. Imports domain and tables.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, or_, select

from booking.domain.people import OrganisationId, PersonId
from booking.domain.spans import Span
from booking.storage.database import run
from booking.storage.denials import DENIALS
from booking.storage.places import Place
from booking.storage.tables import (
    attendees,
    authenticators,
    bookings,
    journal,
    occurrences,
    openings,
    organisations,
    passkeys,
    people,
    sessions,
)


@dataclass(frozen=True)
class Act:
    """Something a person did, as the journal has it; UTC."""

    at: datetime
    action: str
    subject: str
    fields: str


@dataclass(frozen=True)
class Opening:
    """A row of the access log: which booking, when, by which channel, and who opened it for whom; UTC."""

    booking: str
    at: datetime
    channel: str
    reader: str
    organisation: str


@dataclass(frozen=True)
class Browser:
    """A signed-in browser, without what it is signed in by; UTC."""

    program: str
    shared: bool
    created: datetime
    seen: datetime


@dataclass(frozen=True)
class Passkey:
    """A passkey, without what it signs by; UTC."""

    name: str
    created: datetime
    used: datetime | None


def occurrences_of(place: Place, person: PersonId) -> list[int]:
    """The occurrences a person made or is invited to by name, cancelled ones too, by start."""
    invited = select(attendees.c.terms_id).where(attendees.c.person_id == person)
    whose = or_(bookings.c.organiser_id == person, occurrences.c.terms_id.in_(invited))
    return _numbers(place, select(occurrences.c.id).join(bookings).where(whose))


def occurrences_by(place: Place, organisation: OrganisationId, period: Span) -> list[int]:
    """The occurrences of an organisation that overlap a period, cancelled ones too, by start."""
    inside = occurrences.c.starts < period.end, occurrences.c.ends > period.start
    theirs = occurrences.c.organisation_id == organisation
    return _numbers(place, select(occurrences.c.id).where(theirs, *inside))


def _numbers(place: Place, query: Select[Any]) -> list[int]:
    here = query.where(occurrences.c.premises_id == place.id)
    return list(run(here.order_by(occurrences.c.starts, occurrences.c.id)).scalars())


def acts_of(person: PersonId) -> list[Act]:
    """What the journal says a person did, oldest first; what they were refused is not theirs to read."""
    columns = (journal.c.at, journal.c.action, journal.c.subject, journal.c.fields)
    refused = [each.value for each in DENIALS]
    mine = journal.c.actor_id == person, journal.c.action.not_in(refused)
    return [Act(*row) for row in run(select(*columns).where(*mine).order_by(journal.c.id))]


def opened_by(person: PersonId) -> list[Opening]:
    """What a person opened, oldest first."""
    return _openings(_opened().where(openings.c.person_id == person))


def opened_of(person: PersonId) -> list[Opening]:
    """When others opened what a person booked, oldest first."""
    theirs = bookings.c.organiser_id == person, openings.c.person_id != person
    return _openings(_opened().where(*theirs))


def opened_of_organisation(organisation: OrganisationId, period: Span) -> list[Opening]:
    """What anybody opened of an organisation's bookings in a period, oldest first."""
    inside = openings.c.at >= period.start, openings.c.at < period.end
    return _openings(_opened().where(bookings.c.organisation_id == organisation, *inside))


def _opened() -> Select[Any]:
    return (
        select(
            openings.c.booking_id,
            openings.c.at,
            openings.c.channel,
            people.c.name,
            organisations.c.name.label("organisation"),
        )
        .select_from(openings)
        .join(bookings, bookings.c.id == openings.c.booking_id)
        .join(people, people.c.id == openings.c.person_id)
        .join(organisations, organisations.c.id == openings.c.organisation_id)
    )


def _openings(query: Select[Any]) -> list[Opening]:
    return [Opening(*row) for row in run(query.order_by(openings.c.at, openings.c.id))]


def browsers_of(person: PersonId) -> list[Browser]:
    """The browsers a person is signed in by, oldest first."""
    columns = (sessions.c.program, sessions.c.shared, sessions.c.created_at, sessions.c.seen_at)
    mine = select(*columns).where(sessions.c.person_id == person)
    return [Browser(*row) for row in run(mine.order_by(sessions.c.created_at, sessions.c.id))]


def passkeys_of(person: PersonId) -> list[Passkey]:
    """A person's passkeys, oldest first."""
    columns = (passkeys.c.name, passkeys.c.created_at, passkeys.c.used_at)
    mine = select(*columns).where(passkeys.c.person_id == person)
    return [Passkey(*row) for row in run(mine.order_by(passkeys.c.created_at, passkeys.c.id))]


def authenticator_since(person: PersonId) -> datetime | None:
    """Since when a person has an authenticator app; None without one."""
    mine = select(authenticators.c.confirmed_at).where(authenticators.c.person_id == person)
    since: datetime | None = run(mine).scalar()
    return since


def account_since(person: PersonId) -> datetime:
    """When a person's account was made; they must exist."""
    made: datetime = run(select(people.c.created_at).where(people.c.id == person)).scalar_one()
    return made
