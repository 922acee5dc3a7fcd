"""What is said in confidential bookings, encrypted. Nothing that answers outsiders may read it.

AES-256-GCM (NIST SP 800-38D) by the cryptography library, a fresh nonce for each box, the id of the
booking's terms as associated data so that no box opens under others. Boxes are padded to whole steps, so that
their length tells only how many steps there are. Imports the domain, the tables and cryptography.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import secrets
from collections.abc import Iterable, Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import current_app
from sqlalchemy import delete, select

from booking.storage.database import run
from booking.storage.tables import sealed

STEP = 1024
KEY_BYTES = 32
MARK_BYTES = 4
NONCE_BYTES = 12
AT_ONCE = 500


class SealBroken(RuntimeError):
    """A box could not be opened: its key is not among the keys, or it was tampered with."""


class Seals:
    """The sealing keys; the first one seals, all of them open."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._keys = {_mark(key): AESGCM(key) for key in keys}
        self._first = _mark(keys[0])

    @property
    def marks(self) -> tuple[str, ...]:
        """The marks of the keys, the one that seals first: a mark names a key and tells nothing of it."""
        return tuple(mark.hex() for mark in self._keys)

    def is_newest(self, box: bytes) -> bool:
        """Whether a box is under the key that seals now."""
        return box[:MARK_BYTES] == self._first

    def seal(self, terms: str, content: dict[str, object]) -> bytes:
        """A box of the content, bound to the id of its terms."""
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
        framed = len(text).to_bytes(4, "big") + text
        padded = framed + bytes(-len(framed) % STEP)
        nonce = secrets.token_bytes(NONCE_BYTES)
        return self._first + nonce + self._keys[self._first].encrypt(nonce, padded, terms.encode())

    def open(self, terms: str, box: bytes) -> dict[str, object]:
        """The content of a box; SealBroken when it is not to be opened."""
        mark, nonce, cipher = (
            box[:MARK_BYTES],
            box[MARK_BYTES : MARK_BYTES + NONCE_BYTES],
            box[MARK_BYTES + NONCE_BYTES :],
        )
        key = self._keys.get(mark)
        if key is None:
            raise SealBroken("no sealing key for this box")
        try:
            padded = key.decrypt(nonce, cipher, terms.encode())
        except (InvalidTag, ValueError):  # ValueError: what was cut short has no whole nonce
            raise SealBroken("the box does not open") from None
        content: dict[str, object] = json.loads(padded[4 : 4 + int.from_bytes(padded[:4], "big")])
        return content


def read_keys(setting: str) -> list[bytes]:
    """Keys from a setting: base64url of 32 bytes each, comma between; ValueError when one is not."""
    try:
        keys = [base64.urlsafe_b64decode(part.strip()) for part in setting.split(",")]
    except (binascii.Error, ValueError):
        raise ValueError("a sealing key is 32 bytes in base64url") from None
    if not keys or any(len(key) != KEY_BYTES for key in keys):
        raise ValueError("a sealing key is 32 bytes in base64url")
    return keys


def new_key() -> str:
    """A fresh sealing key, as the setting writes it."""
    return base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def mark_of(box: bytes) -> str:
    """The mark of the key that a box says it is under."""
    return box[:MARK_BYTES].hex()


def _mark(key: bytes) -> bytes:
    return hashlib.sha256(b"samlokal sealing key mark" + key).digest()[:MARK_BYTES]


def seals() -> Seals:
    """The sealing keys of this installation."""
    found: Seals = current_app.extensions["samlokal.seals"]
    return found


def put(terms: str, content: dict[str, object]) -> None:
    """Seal the content of some terms, in place of what was sealed before."""
    forget(terms)
    add(terms, content)


def add(terms: str, content: dict[str, object]) -> None:
    """Seal the content of new terms."""
    run(sealed.insert(), {"terms_id": terms, "box": seals().seal(terms, content)})


def get(terms: str) -> dict[str, object] | None:
    """The opened content of some terms; None when nothing is sealed. SealBroken without its key."""
    box = run(select(sealed.c.box).where(sealed.c.terms_id == terms)).scalar()
    return None if box is None else seals().open(terms, box)


def get_many(terms: Iterable[str]) -> dict[str, dict[str, object] | None]:
    """The opened content of several terms; None for a box that does not open, and nothing where nothing is sealed."""
    wanted, found = sorted(set(terms)), {}
    for start in range(0, len(wanted), AT_ONCE):
        some = sealed.c.terms_id.in_(wanted[start : start + AT_ONCE])
        for row in run(select(sealed).where(some)):
            found[row.terms_id] = _opened(row.terms_id, row.box)
    return found


def _opened(terms: str, box: bytes) -> dict[str, object] | None:
    try:
        return seals().open(terms, box)
    except SealBroken:
        return None


def forget(terms: str) -> None:
    """Remove what is sealed of some terms."""
    run(delete(sealed).where(sealed.c.terms_id == terms))
