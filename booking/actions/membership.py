"""Accounts, one-time links and personal tokens. Imports storage and the domain."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from booking.actions.errors import NotFound, Refused
from booking.domain.notices import News
from booking.domain.passwords import guessable
from booking.domain.people import OrganisationId, PersonId, Role, Viewer
from booking.domain.permissions import Deed, require
from booking.domain.premises import Category
from booking.domain.refusals import Reason, Refusal
from booking.storage import access, directory, factors, journal, organisations, sessions
from booking.storage.access import Token
from booking.storage.database import transaction
from booking.storage.directory import Person
from booking.storage.journal import Action
from booking.storage.notices import tell
from booking.storage.passwords import LEAST_LENGTH, hash_password

LINK_KEPT = timedelta(days=7)
NEW_LINK_KEPT = timedelta(days=1)
FIRST_PASSWORD, NEW_PASSWORD = "password", "reset"
TOKEN_NAME_LENGTH = 80


# --- one-time links ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Choosing:
    """Whose password a link is for."""

    name: str
    email: str


def look_at_link(secret: str, now: datetime) -> Choosing:
    """Whom a link for a password belongs to; NotFound when unknown, used or too old."""
    owner, _ = _owner(secret, now)
    found = directory.person(owner) if owner else None
    if found is None:
        raise NotFound
    return Choosing(found.name, found.email)


def choose_password(secret: str, password: str, now: datetime) -> None:
    """Set the password a person chose by their link, which then is used up; every session of theirs ends.

    Refused when it is too short, or among the first that anybody would try.
    """
    if len(password) < LEAST_LENGTH:
        raise Refused((Refusal(Reason.PASSWORD_TOO_SHORT, "password", LEAST_LENGTH),))
    with transaction():
        owner, purpose = _owner(secret, now)
        if owner is None:
            raise NotFound
        _refuse_what_is_tried_first(password, owner)
        directory.set_password_hash(owner, hash_password(password))
        access.use_link(secret)
        sessions.end_all(owner)
        if purpose == NEW_PASSWORD:
            access.revoke_entries(owner)
            tell(owner, News.PASSWORD, now, always=True)
        journal.record(Action.PERSON_PASSWORD, f"person {owner}", now, owner)


def _refuse_what_is_tried_first(password: str, owner: PersonId) -> None:
    found = directory.person(owner)
    assert found is not None
    if guessable(password, (found.name, found.email)):
        raise Refused((Refusal(Reason.PASSWORD_GUESSABLE, "password"),))


def _owner(secret: str, now: datetime) -> tuple[PersonId | None, str]:
    """Whose link it is, and whether for a first password or a new one."""
    for purpose in (FIRST_PASSWORD, NEW_PASSWORD):
        owner = access.link_owner(secret, purpose, now)
        if owner is not None:
            return owner, purpose
    return None, ""


def add_person(
    email: str, name: str, role: Role, organisation: str | None, now: datetime, first: bool = False
) -> str:
    """Add an account and give the secret of its one-time link; the account has no password until it is used.

    `first`: as the administrator of their organisation. Refused when it has one already: nobody but its own make
    others. NotFound when there is no such organisation; ValueError when a guest's is not one of guests, or the
    reverse: only guests stand outside every circle.
    """
    belongs_to = organisations.by_key(organisation) if organisation else None
    if organisation and belongs_to is None:
        raise NotFound
    hosts = belongs_to is not None and belongs_to.category is Category.GUEST
    if (role is Role.GUEST) != hosts:
        raise ValueError(role)
    with transaction():
        if first and (belongs_to is None or hosts or _administered(belongs_to.id, now)):
            raise Refused((Refusal(Reason.LAST_ADMINISTRATOR, "organisation"),))
        number = directory.add_person(
            email, name, role, belongs_to.id if belongs_to else None, now, organisation_admin=first
        )
        secret = access.issue_link(number, FIRST_PASSWORD, now + LINK_KEPT)
        journal.record(
            Action.PERSON_ADD, f"person {number}", now, fields=["organisation_admin"] if first else ()
        )
    return secret


def _administered(organisation: OrganisationId, now: datetime) -> bool:
    return any(not each.ended(now) for each in directory.administrators_of(organisation))


def told_of(added: Person, now: datetime) -> list[Person]:
    """Who of an organisation is told that somebody was put into it: its administrators, or else all its people."""
    assert added.organisation is not None
    others = [
        each
        for each in directory.people_of(added.organisation)
        if each.id != added.id and not each.ended(now)
    ]
    return [each for each in others if each.organisation_admin] or others


def renew_link(email: str, now: datetime) -> str | None:
    """The secret of a new one-time link in place of the earlier; None when the password is chosen already.

    NotFound when nobody has the address, or the account has ended.
    """
    with transaction():
        found = directory.person_by_email(email)
        if found is None or found.ended(now):
            raise NotFound
        if found.password_hash is not None:
            return None
        secret = access.issue_link(found.id, FIRST_PASSWORD, now + LINK_KEPT)
        journal.record(Action.PERSON_LINK, f"person {found.id}", now)
    return secret


# --- tokens -----------------------------------------------------------------------------------


def issue_token(viewer: Viewer, name: str, confidential: bool, now: datetime) -> tuple[Token, str]:
    """A new personal token and its secret, shown once. Refused when its name is too long.

    One that may open confidential bookings is made in a session that gave the second factor, by those who have one;
    it never opens what a circle demands one for.
    """
    require(viewer, Deed.TOKEN_KEEP)
    assert viewer.person is not None
    if len(name) > TOKEN_NAME_LENGTH or not name.isprintable():
        raise Refused((Refusal(Reason.TITLE_TOO_LONG, "name", TOKEN_NAME_LENGTH),))
    with transaction():
        if confidential and not viewer.proved and factors.has_any(viewer.person):
            raise Refused((Refusal(Reason.PROVE_FIRST, "confidential"),))
        token, secret = access.issue_token(viewer.person, name, confidential, now)
        journal.record(Action.TOKEN_ISSUE, f"token {token.id}", now, viewer.person)
    return token, secret


def tokens_of(viewer: Viewer) -> list[Token]:
    """The viewer's own tokens."""
    require(viewer, Deed.TOKEN_KEEP)
    assert viewer.person is not None
    return access.tokens_of(viewer.person)


def revoke_token(viewer: Viewer, number: str, now: datetime) -> None:
    """Remove one of the viewer's own tokens; NotFound when they have no such one."""
    require(viewer, Deed.TOKEN_KEEP)
    assert viewer.person is not None
    with transaction():
        if not access.revoke_token(viewer.person, number):
            raise NotFound
        journal.record(Action.TOKEN_REVOKE, f"token {number}", now, viewer.person)


def viewer_of_token(secret: str, now: datetime) -> Viewer | None:
    """The eyes behind a token: an outsider's to everything confidential, unless its owner allowed more."""
    known = access.token(secret)
    if known is None:
        return None
    token, found = known
    if found.ended(now):
        return None
    viewer = directory.viewer_of(found)
    return viewer if token.confidential else viewer.as_outsider()
