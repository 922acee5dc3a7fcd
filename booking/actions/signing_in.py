"""Signing in: by a password and, for those who have one, a second factor; or by a passkey alone.

A session that waits for its second factor lets nobody in. Each step that is taken gives the session a new secret.
Imports storage and the domain.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from booking.actions import codes, limiting, passkeys
from booking.actions.limiting import Limit
from booking.actions.passkeys import Site
from booking.actions.sessions import LONGEST, standing
from booking.domain.people import PersonId
from booking.storage import directory, factors, journal, sessions
from booking.storage.database import Touches, transaction
from booking.storage.directory import Person
from booking.storage.journal import Action
from booking.storage.passwords import right_password

PENDING_KEPT = timedelta(minutes=10)


@dataclass(frozen=True)
class Browser:
    """What somebody signs in with: from which address, what it is in a few words, whether several people use it."""

    address: str
    program: str = ""
    shared: bool = False


@dataclass(frozen=True)
class Entered:
    """A new session's secret; `pending` while its second factor is still to come."""

    secret: str
    pending: bool


@dataclass(frozen=True)
class Waiting:
    """Somebody before the second step, with what they may take it by."""

    person: PersonId
    email: str
    shared: bool
    passkeys: bool
    app: bool


def sign_in(email: str, password: str, browser: Browser, now: datetime) -> Entered | None:
    """A new session, or None when address and password do not belong together.

    TooMany after ten failures for an account from one address, or a hundred from the address, in fifteen
    minutes: nobody's attempts elsewhere shut a person out. An account that does not exist costs the same
    work and is counted the same.
    """
    tried = limiting.of_account(email, browser.address)
    limiting.refuse(tried, now)
    found = directory.person_by_email(email)
    right = right_password(found.password_hash if found else None, password)
    with transaction(touches=Touches.NOTHING):
        if found is None or not right or found.ended(now):
            limiting.count(tried, now)
            journal.record(Action.PERSON_SIGN_IN_FAIL, f"person {found.id if found else '?'}", now)
            return None
        sessions.forget(now - LONGEST)
        pending = factors.has_any(found.id)
        if not pending:
            journal.record(Action.PERSON_SIGN_IN, f"person {found.id}", now, found.id, ["password"])
        return Entered(_begun(found, browser, now, pending=pending), pending)


def _begun(person: Person, browser: Browser, now: datetime, **how: bool) -> str:
    return sessions.begin(person.id, browser.shared, now, program=browser.program, **how)


# --- the second step --------------------------------------------------------------------------


def waiting(secret: str, now: datetime) -> Waiting | None:
    """Who is to give, or may give again, their second factor in a session; None when nobody is, or it took too long."""
    session = sessions.find(secret)
    if session is None:
        return None
    fresh = session.pending and now - session.created_at <= PENDING_KEPT
    found = directory.person(session.person) if fresh or standing(secret, now) else None
    if found is None or found.ended(now) or not factors.has_any(found.id):
        return None
    app = factors.authenticator(found.id)
    return Waiting(
        found.id,
        found.email,
        session.shared,
        bool(factors.passkeys_of(found.id)),
        app is not None and app.confirmed_at is not None,
    )


def prove_by_code(secret: str, code: str, address: str, now: datetime) -> str | None:
    """The session's new secret, for a code of the app or a recovery code; None when it is wrong.

    Wrong codes count as wrong passwords do: TooMany after ten, and after twenty from anywhere; passkeys still do.
    """

    def right(waits: Waiting) -> bool:
        if waits.app and codes.takes_app_code(waits.person, code, now):
            return True
        if not codes.takes_recovery_code(waits.person, code):
            return False
        journal.record(Action.PERSON_RECOVERY_USE, f"person {waits.person}", now, waits.person)
        return True

    return _prove(secret, address, now, right, lambda waits: (limiting.of_codes(waits.person),))


def prove_by_passkey(secret: str, answer: str, site: Site, address: str, now: datetime) -> str | None:
    """The session's new secret, for what a passkey of its person signed; None when that does not hold."""
    return _prove(
        secret, address, now, lambda waits: passkeys.used(waits.person, answer, site, now) is not None
    )


def _prove(
    secret: str,
    address: str,
    now: datetime,
    right: Callable[[Waiting], bool],
    more: Callable[[Waiting], tuple[Limit, ...]] = lambda _: (),
) -> str | None:
    with transaction(touches=Touches.NOTHING):
        waits = waiting(secret, now)
        if waits is None:
            return None
        tried = (*limiting.of_account(waits.email, address), *more(waits))
        limiting.refuse(tried, now)
        if right(waits):
            journal.record(Action.PERSON_SIGN_IN, f"person {waits.person}", now, waits.person, ["proved"])
            return sessions.prove(secret, now)
        limiting.count(tried, now)
        journal.record(Action.PERSON_SIGN_IN_FAIL, f"person {waits.person}", now)
    return None


def passkey_to_prove(secret: str, site: Site, now: datetime) -> dict[str, Any] | None:
    """What the browser is to have signed for the second step; None when nobody waits."""
    with transaction(touches=Touches.NOTHING):
        waits = waiting(secret, now)
        return passkeys.options_to_sign(waits.person, site, now) if waits else None


# --- by a passkey alone -----------------------------------------------------------------------


def passkey_to_enter(site: Site, address: str, now: datetime) -> dict[str, Any]:
    """What the browser is to have signed for signing in, whoever it is. TooMany after a hundred from an address."""
    asked = limiting.of_address("challenges", address)
    limiting.refuse((asked,), now)
    with transaction(touches=Touches.NOTHING):
        limiting.count((asked,), now)
        return passkeys.options_to_sign(None, site, now)


def enter_by_passkey(answer: str, site: Site, browser: Browser, now: datetime) -> Entered | None:
    """A new session, proved by a passkey that verified its user; None when what it signed does not hold."""
    tried = (limiting.of_address("address", browser.address),)
    limiting.refuse(tried, now)
    with transaction(touches=Touches.NOTHING):
        passkey = passkeys.used(None, answer, site, now)
        found = directory.person(passkey.person) if passkey else None
        if found is None or found.ended(now):
            limiting.count(tried, now)
            journal.record(Action.PERSON_SIGN_IN_FAIL, f"person {found.id if found else '?'}", now)
            return None
        sessions.forget(now - LONGEST)
        journal.record(Action.PERSON_SIGN_IN, f"person {found.id}", now, found.id, ["passkey"])
        return Entered(_begun(found, browser, now, proved=True), False)
