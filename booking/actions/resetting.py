"""What the system's administrator does for an account: find it by its address, and start a new password for it.

Imports storage and the domain. The link goes to the person alone and is shown to nobody; their organisation is told.
Nothing here chooses a password, gives a role or an organisation, or takes a second factor away.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from booking.actions import telling
from booking.actions.errors import Refused
from booking.domain.notices import News
from booking.domain.people import Role, Viewer
from booking.domain.permissions import Deed, Forbidden, require
from booking.domain.refusals import Reason, Refusal
from booking.storage import directory, journal, organisations, outbox
from booking.storage.database import transaction
from booking.storage.directory import Person
from booking.storage.journal import Action
from booking.storage.outbox import Kind
from booking.storage.post import office


@dataclass(frozen=True)
class Account:
    """An account as the system's administrator sees it; `organisation` is empty where it has none.

    `arrived`: its password has been chosen, so that there is one to be made anew.
    """

    email: str
    name: str
    role: Role
    organisation: str
    administrator: bool
    ended: bool
    arrived: bool


def find(viewer: Viewer, email: str, now: datetime) -> Account | None:
    """The account with exactly this address; None when there is none."""
    require(viewer, Deed.ACCOUNT_RESET)
    found = directory.person_by_email(email)
    if found is None:
        return None
    named = organisations.get(found.organisation).name if found.organisation is not None else ""
    return Account(
        found.email, found.name, found.role, named, found.organisation_admin, found.ended(now), found.arrived
    )


def mails() -> bool:
    """Whether a link can be sent at all."""
    return office().works


def start(viewer: Viewer, email: str, now: datetime) -> None:
    """Have a link for a new password sent to a person, and tell their organisation's administrators.

    Refused without mail, and where there is no account in use with that address.
    """
    require(viewer, Deed.ACCOUNT_RESET)
    if not office().works:
        raise Refused((Refusal(Reason.NO_MAIL, "email"),))
    with transaction():
        _require_still(viewer, now)
        found = _in_use(email, now)
        outbox.take_back(found.id, Kind.RESET)
        outbox.put(found.id, Kind.RESET, now)
        journal.record(Action.PERSON_RESET, f"person {found.id}", now, viewer.person)
        if found.organisation is not None:
            telling.administrators(found.organisation, News.RESET, now, but=found.id, about=found.id)


def _require_still(viewer: Viewer, now: datetime) -> None:
    """Forbidden when whoever acts is the system's administrator no longer."""
    found = directory.person(viewer.person) if viewer.person is not None else None
    if found is None or found.ended(now) or found.role is not Role.ADMINISTRATOR:
        raise Forbidden(Deed.ACCOUNT_RESET.value)


def _in_use(email: str, now: datetime) -> Person:
    found = directory.person_by_email(email)
    if found is None or found.ended(now) or not found.arrived:
        raise Refused((Refusal(Reason.NO_SUCH_ACCOUNT, "email"),))
    return found
