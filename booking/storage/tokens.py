"""Random ids and secret tokens. A token is kept only as its hash and is looked up by it.

Imports the standard library only.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import string
import unicodedata

ALPHABET = string.digits + string.ascii_lowercase
ID_LENGTH = 22  # 113 bits
TOKEN_BYTES = 32
WORDS_LENGTH, TAIL_LENGTH = 40, 8


def new_id() -> str:
    """An opaque, random, unguessable id."""
    return "".join(secrets.choice(ALPHABET) for _ in range(ID_LENGTH))


def new_key(name: str, otherwise: str) -> str:
    """A key that says something of a name, with a random tail: no two names ever contend for one."""
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:WORDS_LENGTH].strip("-")
    return f"{words or otherwise}-{new_id()[:TAIL_LENGTH]}"


def new_token() -> str:
    """A secret of 32 random bytes, for an address or a header."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def hashed(token: str) -> str:
    """How a token is stored; it has 256 bits of its own, so no salt is needed."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
