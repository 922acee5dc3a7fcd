"""Whole pages out of memory: all that a page is made of, in the key that it is remembered by. Imports the actions."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass

from flask import request, session
from flask_wtf.csrf import generate_csrf

from booking.actions.looking import Place
from booking.web.headers import csp_nonce
from booking.web.language import framed
from booking.web.memory import remembered
from booking.web.viewer import current_viewer

WEIGHT = 2  # beside its letters, what they are kept in
MESSAGES = "_flashes"  # where Flask keeps what the step before had to say


@dataclass(frozen=True)
class Page:
    """A page as it was written for one answer, and what in it was of that answer alone."""

    text: str
    nonce: str
    token: str


def whole(place: Place, about: Hashable, make: Callable[[], str]) -> str:
    """A page about a premises, made anew only when something has changed that it shows.

    `about` is what it depends on beside the premises, its viewer, its address and its frame. The nonce and the form's
    token are of each answer alone and are put in; nothing else is ever like them, for both are random. A page that
    passes on what the step before had to say is of one answer, too.
    """
    if MESSAGES in session:
        return make()
    key = ("page", request.full_path, current_viewer(), framed(), about)
    page = remembered(
        place, key, lambda: Page(make(), csp_nonce(), generate_csrf()), lambda made: WEIGHT * len(made.text)
    )
    return page.text.replace(page.nonce, csp_nonce()).replace(page.token, generate_csrf())
