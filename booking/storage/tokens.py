"""Random ids and secret tokens. A token is kept only as its hash and is looked up by it.

Imports the standard library only.
"""

from __future__ import annotations

import hashlib
import secrets
import string

ALPHABET = string.digits + string.ascii_lowercase
ID_LENGTH = 22  # 113 bits
TOKEN_BYTES = 32


def new_id() -> str:
    """An opaque, random, unguessable id."""
    return "".join(secrets.choice(ALPHABET) for _ in range(ID_LENGTH))


def new_token() -> str:
    """A secret of 32 random bytes, for an address or a header."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def hashed(token: str) -> str:
    """How a token is stored; it has 256 bits of its own, so no salt is needed."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
