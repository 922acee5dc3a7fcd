"""What passkeys are asked to sign, and whether they did (WebAuthn level 3). Imports storage and webauthn.

A challenge is taken once, within five minutes, for what and whom it was made. The user is always verified by the
device, and a signature counter that goes backwards is refused. Called in the transaction that stores what follows.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

import webauthn
from webauthn.helpers import (
    options_to_json_dict,
    parse_authentication_credential_json,
    parse_client_data_json,
    parse_registration_credential_json,
)
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from booking.domain.people import PersonId
from booking.storage import factors
from booking.storage.directory import Person
from booking.storage.factors import Passkey

NAME = "Samlokal"
CHALLENGE_KEPT = timedelta(minutes=5)
PATIENCE = CHALLENGE_KEPT // timedelta(milliseconds=1)
VERIFIED = UserVerificationRequirement.REQUIRED


class Purpose(StrEnum):
    """What a challenge is for."""

    ADD = "passkey-add"
    PROVE = "passkey-prove"
    SIGN_IN = "passkey-sign-in"


class Site(NamedTuple):
    """Where passkeys belong: the host they are bound to, and the origin of the pages that use them."""

    host: str
    origin: str


class Read(NamedTuple):
    """What a browser sent, and the challenge it says was signed."""

    credential: Any
    challenge: bytes


class New(NamedTuple):
    """A passkey as its device made it."""

    credential: bytes
    public_key: bytes
    sign_count: int


# --- adding -----------------------------------------------------------------------------------


def options_to_add(person: Person, site: Site, now: datetime) -> dict[str, Any]:
    """What a browser needs to make a passkey that signs in alone; those there already are left out."""
    challenge = factors.challenge(Purpose.ADD, person.id, now, now + CHALLENGE_KEPT)
    options = webauthn.generate_registration_options(
        rp_id=site.host,
        rp_name=NAME,
        user_name=person.email,
        user_id=factors.handle_of(person.id),
        user_display_name=person.name,
        challenge=challenge,
        timeout=PATIENCE,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=VERIFIED
        ),
        exclude_credentials=_descriptors(person.id),
    )
    return options_to_json_dict(options)


def made(person: PersonId, answer: str, site: Site, now: datetime) -> New | None:
    """The passkey that a browser made as it was asked to; None when it is not one, or known already."""
    read = _read(parse_registration_credential_json, answer)
    if read is None or not factors.take_challenge(read.challenge, Purpose.ADD, person, now):
        return None
    try:
        verified = webauthn.verify_registration_response(
            credential=read.credential,
            expected_challenge=read.challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except Exception:  # noqa: BLE001 - whatever is wrong with what was sent, it is no passkey
        return None
    if factors.passkey(verified.credential_id) is not None:
        return None
    return New(verified.credential_id, verified.credential_public_key, verified.sign_count)


# --- signing ----------------------------------------------------------------------------------


def options_to_sign(person: PersonId | None, site: Site, now: datetime) -> dict[str, Any]:
    """What a browser needs to use a passkey: one of the person's, or any that it knows here when nobody is named."""
    purpose = Purpose.SIGN_IN if person is None else Purpose.PROVE
    options = webauthn.generate_authentication_options(
        rp_id=site.host,
        challenge=factors.challenge(purpose, person, now, now + CHALLENGE_KEPT),
        timeout=PATIENCE,
        allow_credentials=_descriptors(person) if person is not None else None,
        user_verification=VERIFIED,
    )
    return options_to_json_dict(options)


def used(person: PersonId | None, answer: str, site: Site, now: datetime) -> Passkey | None:
    """The passkey that signed what was asked, noted as used; None when nothing that holds was signed."""
    purpose = Purpose.SIGN_IN if person is None else Purpose.PROVE
    read = _read(parse_authentication_credential_json, answer)
    if read is None or not factors.take_challenge(read.challenge, purpose, person, now):
        return None
    passkey = factors.passkey(read.credential.raw_id)
    if passkey is None or not _is_theirs(passkey, person, read.credential.response.user_handle):
        return None
    try:
        verified = webauthn.verify_authentication_response(
            credential=read.credential,
            expected_challenge=read.challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except Exception:  # noqa: BLE001 - whatever is wrong with what was sent, it proves nothing
        return None
    noted = factors.use_passkey(passkey.id, passkey.sign_count, verified.new_sign_count, now)
    return passkey if noted else None


def _is_theirs(passkey: Passkey, person: PersonId | None, handle: bytes | None) -> bool:
    """Whether it is the passkey of whoever is meant: the one named, else the one its device names itself."""
    if person is not None and (passkey.person != person or handle is None):
        return passkey.person == person
    return handle == factors.handle_of(passkey.person)


def _read(parse: Callable[[str], Any], answer: str) -> Read | None:
    """What a browser sent, and the challenge it says was signed; None when it cannot be read."""
    try:
        credential = parse(answer)
        return Read(credential, parse_client_data_json(credential.response.client_data_json).challenge)
    except Exception:  # noqa: BLE001 - what a stranger sends may be wrong in any way
        return None


def _descriptors(person: PersonId) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=each.credential) for each in factors.passkeys_of(person)]
