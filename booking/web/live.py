"""What an open page asks for again by itself, with an entity tag. Flask only."""

from __future__ import annotations

import hashlib

from flask import make_response, request
from werkzeug.wrappers import Response


def tag_of(body: bytes | str) -> str:
    """A strong entity tag of exactly these bytes (RFC 9110 section 8.8.3)."""
    written = body.encode() if isinstance(body, str) else body
    return f'"{hashlib.sha256(written).hexdigest()[:32]}"'


def part(body: str, tag: str) -> Response:
    """A part of a page, or 304 for whoever has it already."""
    response = make_response(body)
    response.headers["ETag"] = tag
    return response.make_conditional(request)
