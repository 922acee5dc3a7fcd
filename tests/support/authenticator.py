"""A security key in software: makes passkeys and signs with them, as a browser would hand it on (WebAuthn level 3).

Imports cryptography and cbor2; nothing of the application.
"""

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def text(raw: bytes) -> str:
    """Bytes as they stand in JSON: base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def raw(text: str) -> bytes:
    """The bytes that stand in JSON."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Key:
    """A key with one passkey. `origin` is what the browser says of the page; `verifies` whether it knows its user."""

    origin: str = "http://localhost"
    verifies: bool = True
    count: int = 1
    credential: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    handle: bytes | None = None
    _private: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def create(self, options: dict[str, Any]) -> str:
        """What navigator.credentials.create gives for these options, as JSON."""
        self.handle = raw(options["user"]["id"])
        data = self._data(options["rp"]["id"], ATTESTED) + bytes(16) + len(self.credential).to_bytes(2, "big")
        data += self.credential + self._public()
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", options["challenge"])
        return self._json({"clientDataJSON": text(client), "attestationObject": text(attestation)})

    def get(self, options: dict[str, Any], **instead: Any) -> str:
        """What navigator.credentials.get gives for these options, as JSON; `instead` replaces parts of the answer."""
        self.count += 1
        data = self._data(options["rpId"])
        client = self._client("webauthn.get", options["challenge"])
        signature = self._private.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        answer = {
            "clientDataJSON": text(client),
            "authenticatorData": text(data),
            "signature": text(signature),
            "userHandle": text(self.handle or b""),
        }
        return self._json({**answer, **instead})

    def _json(self, response: dict[str, Any]) -> str:
        number = text(self.credential)
        return json.dumps({"id": number, "rawId": number, "type": "public-key", "response": response})

    def _client(self, deed: str, challenge: str) -> bytes:
        return json.dumps({"type": deed, "challenge": challenge, "origin": self.origin}).encode()

    def _data(self, host: str, flags: int = 0) -> bytes:
        flags |= PRESENT | (VERIFIED if self.verifies else 0)
        return hashlib.sha256(host.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _public(self) -> bytes:
        point = self._private.public_key().public_numbers()
        x, y = (each.to_bytes(32, "big") for each in (point.x, point.y))
        return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})
