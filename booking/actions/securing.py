"""How one signs in: one's passkeys, authenticator app and recovery codes. Imports storage and the domain.

Changing any of it needs the password or the second factor given in the last ten minutes, in this session; who has a
second factor must have given it. Every change is journalled, and its person told.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from booking.actions import codes, passkeys
from booking.actions.errors import NotFound, Refused
from booking.actions.passkeys import Site
from booking.actions.sessions import confirmed, owes_proof, standing
from booking.domain.notices import News
from booking.domain.people import PersonId, Viewer
from booking.domain.permissions import Deed, require
from booking.domain.refusals import Reason, Refusal, unprintable
from booking.storage import directory, factors, journal, sessions
from booking.storage.circles import circles_of
from booking.storage.database import transaction
from booking.storage.factors import Passkey
from booking.storage.journal import Action
from booking.storage.notices import tell
from booking.storage.sessions import Session

NAME_LENGTH = 80


@dataclass(frozen=True)
class Ways:
    """How somebody signs in beside their password. `confirmed`: they may change it now, in this session.

    `owes_proof`: they have a second factor, and this session has not given it.
    """

    passkeys: tuple[Passkey, ...]
    app: bool
    recovery_codes: int
    confirmed: bool
    owes_proof: bool

    @property
    def any(self) -> bool:
        """Whether there is a second factor."""
        return bool(self.passkeys) or self.app


@dataclass(frozen=True)
class Setting:
    """An app that is being set up: its secret, and the address that holds it for a camera."""

    secret: str
    address: str


def ways(viewer: Viewer, secret: str, now: datetime) -> Ways:
    """How the viewer signs in."""
    person, session = _whose(viewer), standing(secret, now)
    app = factors.authenticator(person)
    owes = session is None or owes_proof(session)
    return Ways(
        tuple(factors.passkeys_of(person)),
        app is not None and app.confirmed_at is not None,
        factors.recovery_codes_left(person),
        session is not None and not owes and confirmed(session, now),
        owes,
    )


def is_missed(viewer: Viewer) -> bool:
    """Whether a second factor would open more: the viewer's organisation is asked for one, and gave none here."""
    return not viewer.proved and viewer.of_an_organisation and bool(circles_of(viewer.organisation).demanding)


# --- passkeys ---------------------------------------------------------------------------------


def passkey_to_add(viewer: Viewer, secret: str, name: str, site: Site, now: datetime) -> dict[str, Any]:
    """What the browser needs to make a passkey. Refused when its name will not do, or who one is is not confirmed."""
    with transaction():
        person = _guarded(viewer, secret, now).person
        _refuse_name(name)
        found = directory.person(person)
        assert found is not None
        return passkeys.options_to_add(found, site, now)


def add_passkey(viewer: Viewer, secret: str, name: str, answer: str, site: Site, now: datetime) -> str:
    """Store the passkey that the browser made; the session is proved, and has the new secret given here.

    Refused when it was not made as asked, or its name will not do.
    """
    with transaction():
        person = _guarded(viewer, secret, now).person
        _refuse_name(name)
        new = passkeys.made(person, answer, site, now)
        if new is not None:
            number = factors.add_passkey(person, *new, name, now)
            _note(Action.PERSON_PASSKEY_ADD, person, now, number)
            return sessions.prove(secret, now)
    raise Refused((Refusal(Reason.PASSKEY_NOT_TAKEN, "credential"),))  # the challenge is used up all the same


def remove_passkey(viewer: Viewer, secret: str, number: str, now: datetime) -> None:
    """Remove one of the viewer's own passkeys; NotFound when they have no such one."""
    with transaction():
        person = _guarded(viewer, secret, now).person
        if not factors.remove_passkey(person, number):
            raise NotFound
        _note(Action.PERSON_PASSKEY_REMOVE, person, now, number)
        _tidy(person)


def _refuse_name(name: str) -> None:
    if not name.strip():
        raise Refused((Refusal(Reason.NAME_MISSING, "name"),))
    if len(name) > NAME_LENGTH:
        raise Refused((Refusal(Reason.TITLE_TOO_LONG, "name", NAME_LENGTH),))
    if unprintable(name):
        raise Refused((Refusal(Reason.UNPRINTABLE, "name"),))


# --- the authenticator app --------------------------------------------------------------------


def begin_app(viewer: Viewer, secret: str, now: datetime) -> Setting:
    """A new secret for an app, which counts once a first code is right. Refused while another app is in use."""
    with transaction():
        person = _guarded(viewer, secret, now).person
        app = factors.authenticator(person)
        if app is not None and app.confirmed_at is not None:
            raise Refused((Refusal(Reason.APP_IN_USE, "code"),))
        fresh = codes.new_secret()
        factors.put_authenticator(person, fresh, now)
    return Setting(fresh, codes.address_of(fresh, viewer.email))


def setting_up(viewer: Viewer, secret: str, now: datetime) -> Setting | None:
    """The app that is being set up, to show it again after a wrong code."""
    person = _guarded(viewer, secret, now).person
    app = factors.authenticator(person)
    if app is None or app.confirmed_at is not None:
        return None
    return Setting(app.secret, codes.address_of(app.secret, viewer.email))


def confirm_app(viewer: Viewer, secret: str, code: str, now: datetime) -> str:
    """Take the app's first code; the session is proved, and has the new secret given here. Refused when it is wrong."""
    with transaction():
        person = _guarded(viewer, secret, now).person
        app = factors.authenticator(person)
        if app is None or app.confirmed_at is not None or not codes.takes_app_code(person, code, now):
            raise Refused((Refusal(Reason.WRONG_CODE, "code"),))
        _note(Action.PERSON_AUTHENTICATOR_ADD, person, now)
        return sessions.prove(secret, now)


def remove_app(viewer: Viewer, secret: str, now: datetime) -> None:
    """Remove the viewer's app; NotFound when they have none."""
    with transaction():
        person = _guarded(viewer, secret, now).person
        if not factors.remove_authenticator(person):
            raise NotFound
        _note(Action.PERSON_AUTHENTICATOR_REMOVE, person, now)
        _tidy(person)


# --- recovery codes ---------------------------------------------------------------------------


def make_recovery_codes(viewer: Viewer, secret: str, now: datetime) -> tuple[str, ...]:
    """Ten new codes, shown once, in place of all before them. Refused for those who have no second factor."""
    fresh = codes.new_recovery_codes()
    with transaction():
        person = _guarded(viewer, secret, now).person
        if not factors.has_any(person):
            raise Refused((Refusal(Reason.FACTOR_FIRST, "codes"),))
        factors.put_recovery_codes(person, map(codes.as_kept, fresh), now)
        _note(Action.PERSON_RECOVERY_CODES, person, now)
    return fresh


# --- losing them ------------------------------------------------------------------------------


def forget_factors(person: PersonId, now: datetime, actor: PersonId | None = None) -> None:
    """Take every second factor from somebody who has lost theirs, and end their sessions; they are told.

    Called in the transaction of whoever may do that.
    """
    factors.forget_all(person)
    sessions.end_all(person)
    journal.record(Action.PERSON_FACTORS_FORGET, f"person {person}", now, actor)
    tell(person, News.FACTORS_GONE, now)


def _tidy(person: PersonId) -> None:
    """With the last factor go the codes that stood in for it, and the proof that was given by it."""
    if not factors.has_any(person):
        factors.forget_all(person)
        sessions.unprove(person)


def _note(action: Action, person: PersonId, now: datetime, number: str | None = None) -> None:
    journal.record(action, f"person {person}", now, person, [f"passkey {number}"] if number else ())
    tell(person, News.SIGN_IN_CHANGED, now)


def _whose(viewer: Viewer) -> PersonId:
    require(viewer, Deed.FACTOR_KEEP)
    assert viewer.person is not None
    return viewer.person


def _guarded(viewer: Viewer, secret: str, now: datetime) -> Session:
    """The viewer's session, in which they may change how they sign in; else Refused."""
    person, session = _whose(viewer), standing(secret, now)
    if session is None or session.person != person:
        raise NotFound
    if owes_proof(session):
        raise Refused((Refusal(Reason.PROVE_FIRST, "proof"),))
    if not confirmed(session, now):
        raise Refused((Refusal(Reason.CONFIRM_FIRST, "password"),))
    return session
