"""Addresses of bookings: the booking's number, and which occurrence of it is meant. Imports actions and views.

Every address of ours names the occurrence, of single bookings too: whether one repeats is not told to all who know it.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from flask import request, url_for

from booking.actions.errors import NotFound
from booking.domain.views import Full
from booking.web.pieces import read_occurrence, write_occurrence

NUMBER = re.compile(r"[\w-]{1,64}", re.ASCII)


def checked(number: str) -> str:
    """The number, if it can be one of a booking; else NotFound."""
    if not NUMBER.fullmatch(number):
        raise NotFound
    return number


def named_occurrence() -> datetime | None:
    """The occurrence that the request names, None when it names none; NotFound for what cannot be one."""
    text = request.values.get("tillfalle")
    if not text:
        return None
    found = read_occurrence(text)
    if found is None:
        raise NotFound
    return found


def address(view: Full, endpoint: str = "bookings.show", **more: Any) -> str:
    """Where one occurrence is shown, or something is done to it."""
    return url_for(endpoint, number=view.id, tillfalle=write_occurrence(view.occurrence), **more)
