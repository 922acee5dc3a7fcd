"""Codes one writes: those of an authenticator app (RFC 6238), and recovery codes. Imports storage and pyotp.

Called in the transaction that stores what follows.
"""

from __future__ import annotations

import re
import secrets
from datetime import datetime

import pyotp
from pyotp.exceptions import OTPVerificationError

from booking.domain.people import PersonId
from booking.storage import factors

ISSUER = "Samlokal"
DRIFT = 1  # steps of 30 seconds that the clock of a telephone may be off
RECOVERY_CODES = 10
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # 5 bits to a character, none easily taken for another
CHARACTERS, GROUP = 24, 4  # 120 bits: a secret that is kept as a plain hash needs 112
APP_CODE = re.compile(r"[0-9]{6}", re.ASCII)
MISREAD = str.maketrans("oil", "011")


def new_secret() -> str:
    """A secret for an app, 160 bits in base32."""
    return pyotp.random_base32(32)


def address_of(secret: str, email: str) -> str:
    """The address that an app takes the secret from, by its camera."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER)


def new_recovery_codes() -> tuple[str, ...]:
    """Ten new codes, as they are written down."""
    return tuple(_grouped(_random()) for _ in range(RECOVERY_CODES))


def _random() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(CHARACTERS))


def _grouped(code: str) -> str:
    return "-".join(code[start : start + GROUP] for start in range(0, CHARACTERS, GROUP))


def as_kept(recovery_code: str) -> str:
    """A recovery code without what people add to it or misread in it."""
    return re.sub(r"[\s-]", "", recovery_code.lower()).translate(MISREAD)


def takes_app_code(person: PersonId, code: str, now: datetime) -> bool:
    """Whether it is the app's code now, give or take a step; none is taken twice. The first one confirms the app."""
    app = factors.authenticator(person)
    digits = re.sub(r"\s", "", code)
    if app is None or not APP_CODE.fullmatch(digits):
        return False
    try:
        step = pyotp.TOTP(app.secret).verify_and_get_timecode(digits, for_time=now, valid_window=DRIFT)
    except OTPVerificationError:
        return False
    return factors.use_code(person, step, now)


def takes_recovery_code(person: PersonId, code: str) -> bool:
    """Whether it is an unused recovery code of theirs; it is used up."""
    return factors.use_recovery_code(person, as_kept(code))
