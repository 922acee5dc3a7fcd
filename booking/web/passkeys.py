"""What the pages with passkeys share: the answer their script reads, and two sentences. Imports Flask."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _
from werkzeug.wrappers import Response

from booking.actions.errors import TooMany


def asked(options: Callable[[], dict[str, Any] | None]) -> Response:
    """What the browser needs as JSON; a sentence where that is refused."""
    try:
        found = options()
    except TooMany:
        return said(too_many(), 429)
    return said(unused(), 422) if found is None else _json(found, 200)


def said(sentence: str, status: int) -> Response:
    """Why not, to be shown beside the button."""
    return _json({"sentence": sentence}, status)


def _json(body: dict[str, Any], status: int) -> Response:
    return Response(json.dumps(body, ensure_ascii=False), status, content_type="application/json")


def too_many() -> str:
    """One has to wait."""
    return _("Too many attempts. Wait a quarter of an hour and try again.")


def unused() -> str:
    """What was signed does not hold, or nobody waits for it."""
    return _("The passkey could not be used. Try again.")
