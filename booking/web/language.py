"""Which language a page is in, and what every template may use. Swedish first, English by a switch."""

from __future__ import annotations

from collections.abc import Hashable
from functools import cached_property
from typing import Any, cast

from flask import Flask, g, request
from flask_babel import Babel, get_locale, lazy_gettext, pgettext
from flask_wtf.csrf import generate_csrf

from booking.actions import looking, noticing, reviewing
from booking.domain.people import Viewer
from booking.domain.permissions import Deed, may
from booking.web.clock import now
from booking.web.viewer import current_viewer

LANGUAGES = ("sv", "en")
LANGUAGE_COOKIE = "sprak"
THEME_COOKIE = "tema"


def lazily(text: str) -> str:
    """A text of a form, put into the page's language when it is shown."""
    return cast(str, lazy_gettext(text))


def chosen_language() -> str:
    """The cookie's choice, else Swedish."""
    wanted = request.cookies.get(LANGUAGE_COOKIE, "")
    return wanted if wanted in LANGUAGES else LANGUAGES[0]


def language() -> str:
    """The language of this answer: sv or en."""
    return str(get_locale())


def install(app: Flask) -> None:
    """Flask-Babel, and the context of every template."""
    Babel(app, locale_selector=chosen_language)
    app.jinja_env.globals["pgettext"] = pgettext
    app.context_processor(everywhere)


class Shown:
    """The viewer as the frame of a page shows them; what is looked up for it, once in an answer and when asked for."""

    @property
    def _viewer(self) -> Viewer:
        return current_viewer()

    @property
    def signed_in(self) -> bool:
        """Whether somebody is signed in."""
        return self._viewer.signed_in

    @property
    def coordinates(self) -> bool:
        """Whether they are a coordinator, with pages of their own."""
        return may(self._viewer, Deed.APPROVAL_GIVE)

    @property
    def runs_organisation(self) -> bool:
        """Whether the people of their organisation are theirs to admit and release."""
        return may(self._viewer, Deed.ORGANISATION_RUN)

    @property
    def has_circles(self) -> bool:
        """Whether their organisation can be in circles: guests' cannot."""
        return may(self._viewer, Deed.CIRCLE_SEE)

    @property
    def follows_up(self) -> bool:
        """Whether the follow-up report is for them to read."""
        return may(self._viewer, Deed.REPORT_READ)

    @property
    def administers(self) -> bool:
        """Whether the accounts of the system are theirs to look for."""
        return may(self._viewer, Deed.ACCOUNT_RESET)

    @cached_property
    def review_is_overdue(self) -> bool:
        """Whether a review of the access log that is theirs has been waited for too long."""
        return reviewing.is_overdue(self._viewer, now())

    @property
    def name(self) -> str:
        """What they are called."""
        return self._viewer.name

    @property
    def email(self) -> str:
        """Their address."""
        return self._viewer.email

    @property
    def role(self) -> str:
        """Their role."""
        return self._viewer.role.value

    @cached_property
    def unread(self) -> int:
        """How many notices they have not read."""
        return noticing.unread(self._viewer)

    @cached_property
    def organisation(self) -> Any:
        """Their organisation, or None."""
        return looking.organisation_of(self._viewer)


def everywhere() -> dict[str, Any]:
    """What every template may use."""
    return {
        "viewer": _shown(),
        "premises": None,
        "locale": language(),
        "theme": _theme(),
        "csrf_token": generate_csrf,
    }


def framed() -> Hashable:
    """All that the frame of a page (`base.html`) depends on, beside whose the page is and what its address is."""
    shown = _shown()
    return language(), _theme(), shown.unread, shown.review_is_overdue


def _shown() -> Shown:
    if "shown" not in g:
        g.shown = Shown()
    return cast(Shown, g.shown)


def _theme() -> str:
    """Light or dark, as somebody chose; empty where the system says which."""
    theme = request.cookies.get(THEME_COOKIE, "")
    return theme if theme in ("light", "dark") else ""
