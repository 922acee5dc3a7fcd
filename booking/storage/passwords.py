"""Passwords, hashed with argon2id at the library's own recommended cost (RFC 9106). Imports argon2 only."""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

LEAST_LENGTH = 12
LONGEST = 1024
_hasher = PasswordHasher()
_NOBODYS = _hasher.hash("a hash to spend the same work on when there is no account")


def hash_password(password: str) -> str:
    """The hash to store."""
    return _hasher.hash(password)


def right_password(password_hash: str | None, password: str) -> bool:
    """Whether the password is right; the work is the same when there is no account."""
    try:
        _hasher.verify(password_hash or _NOBODYS, password[:LONGEST])
    except (Argon2Error, InvalidHashError):
        return False
    return password_hash is not None
